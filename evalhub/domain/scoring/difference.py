"""What changed between two versions of a framework, by indicator code: added, removed, moved, edited field by field."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from evalhub.domain.scoring.framework import Framework, Indicator

_FIELDS = (
    "points",
    "may_be_na",
    "kind",
    "core",
    "head",
    "operator",
    "target",
    "unit",
    "explanation",
    "evidence",
    "standard",
    "rule",
)


@dataclass(frozen=True)
class Difference:
    """One change. kind: `added`, `removed`, `moved` (other parent or other place among its siblings) or `edited`.

    code: of the indicator, "" for the framework itself; field: what was edited; before, after: plain values as the
    storage form shows them, points in hundredths.
    """

    kind: str
    code: str
    field: str = ""
    before: Any = None
    after: Any = None


def differences(old: Framework, new: Framework) -> list[Difference]:
    """Every change in the order of the new tree, removed indicators after it; empty for versions of equal content."""
    return [*_whole(old, new), *_nodes(old, new)]


def _whole(old: Framework, new: Framework) -> Iterator[Difference]:
    before, after = _settings(old), _settings(new)
    for field, content in after.items():
        if before[field] != content:
            yield Difference("edited", "", field, before[field], content)


def _settings(framework: Framework) -> dict[str, Any]:
    return {
        "title": framework.title.zh,
        "title_en": framework.title.en,
        "full_points": framework.full_points,
        "grades": [(grade.code, grade.from_points) for grade in framework.grades],
    }


def _nodes(old: Framework, new: Framework) -> Iterator[Difference]:
    before, after = _placed(old), _placed(new)
    kept = {code for code in after if code in before}
    for code, (node, parent) in after.items():
        if code not in before:
            yield Difference("added", code, after=_shown(node))
            continue
        earlier, earlier_parent = before[code]
        if parent != earlier_parent:
            yield Difference("moved", code, "parent", earlier_parent, parent)
        elif _place(code, parent, before, kept) != _place(code, parent, after, kept):
            yield Difference("moved", code, "place")
        yield from _edits(earlier, node)
    for code, (node, _) in before.items():
        if code not in after:
            yield Difference("removed", code, before=_shown(node))


def _placed(framework: Framework) -> dict[str, tuple[Indicator, str]]:
    """Code -> node and the code of its parent ("" for a root), in the order of the tree."""
    parents = {child.code: node.code for node in framework.walk() for child in node.children}
    return {node.code: (node, parents.get(node.code, "")) for node in framework.walk()}


def _place(code: str, parent: str, placed: dict[str, tuple[Indicator, str]], kept: set[str]) -> int:
    """Place among those siblings that both versions have, so that an added neighbour moves nobody."""
    siblings = [other for other, (_, its_parent) in placed.items() if its_parent == parent and other in kept]
    return siblings.index(code)


def _edits(old: Indicator, new: Indicator) -> Iterator[Difference]:
    before, after = _shown(old), _shown(new)
    for field, content in after.items():
        if before[field] != content:
            yield Difference("edited", new.code, field, before[field], content)


def _shown(node: Indicator) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": node.name.zh, "name_en": node.name.en}
    for field in _FIELDS:
        content = getattr(node, field)
        if field == "standard" and content is not None:
            content = {"kind": content.kind, "figure": content.figure, "source": content.source}
        shown[field] = list(content) if isinstance(content, tuple) else content
    return shown
