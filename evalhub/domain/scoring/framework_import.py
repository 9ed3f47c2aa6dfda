"""Importing trees written down as worked examples: weights as numbers, rules and expected scores on the leaves."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from evalhub.domain.document import Place, canonical_json
from evalhub.domain.scoring.framework import MINISTRY_GRADES, Framework, Indicator, Name
from evalhub.domain.scoring.framework_check import framework_faults

_SIGNS = {"≥": "at_least", ">=": "at_least", "≤": "at_most", "<=": "at_most", "=": "equal"}
_HEADS = {
    "决策": "decision",
    "投入": "decision",
    "过程": "process",
    "成本": "cost",
    "产出": "output",
    "效益": "benefit",
    "满意度": "satisfaction",
    "预算执行": "execution",
}
_NODE = ("code", "zh", "weight")
_NODE_MORE = (
    "level",
    "en",
    "children",
    "kind",
    "rule",
    "sample",
    "unit",
    "target_text",
    "evidence",
    "expected_score",
    "core",
    "may_be_na",
)


def import_example_project(document: Mapping[str, Any], path: str = "") -> Framework:
    """The frozen tree of one project entry (its keys `name` and `tree`); sample inputs and expected scores stay behind.

    Args:
        document: numbers as int, Decimal or float; a float counts as the shortest decimal that prints it.

    Raises:
        FaultyDocument: a node lacks a key, or points do not close; `path` names it ("tree[0].children[1].weight").
    """
    place = Place(_exact(document), path)
    roots = tuple(_node(item, is_root=True) for item in place.at("tree").items())
    name = place.at("name").fields(("zh",), ("en",))
    framework = Framework(
        full_points=sum(root.points for root in roots),
        indicators=roots,
        grades=MINISTRY_GRADES,
        title=Name(name["zh"].text(), name["en"].text(empty=True) if "en" in name else ""),
    )
    for fault in framework_faults(framework):
        raise fault
    return framework


def expected_scores(document: Mapping[str, Any]) -> dict[str, int]:
    """Code of each leaf -> the expected score of the example, in hundredths."""
    scores: dict[str, int] = {}
    waiting = Place(_exact(document), "").at("tree").items()
    while waiting:
        place = waiting.pop(0)
        if place.value.get("children"):
            waiting = place.at("children").items() + waiting
        else:
            scores[place.at("code").text()] = place.at("expected_score").units(2)
    return scores


def _exact(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        return {key: _exact(item) for key, item in value.items()}
    return [_exact(item) for item in value] if isinstance(value, list | tuple) else value


def _written(value: Any) -> Any:
    """Rule parameters as the storage form keeps them: every number as text."""
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    if isinstance(value, Mapping):
        return {key: _written(item) for key, item in value.items()}
    return [_written(item) for item in value] if isinstance(value, list) else value


def _node(place: Place, *, is_root: bool = False) -> Indicator:
    fields = place.fields(_NODE, _NODE_MORE)
    zh = fields["zh"].text()
    operator, target = _aim(fields)
    return Indicator(
        code=fields["code"].text(),
        name=Name(zh, fields["en"].text(empty=True) if "en" in fields else ""),
        points=fields["weight"].units(2),
        children=tuple(_node(item) for item in fields["children"].items()) if "children" in fields else (),
        may_be_na="may_be_na" in fields and fields["may_be_na"].flag(),
        kind=fields["kind"].text() if "kind" in fields else "common",
        core="core" in fields and fields["core"].flag(),
        operator=operator,
        target=target,
        unit=fields["unit"].text(empty=True) if "unit" in fields else "",
        evidence=tuple(item.text() for item in fields["evidence"].items()) if "evidence" in fields else (),
        rule_text=canonical_json(_written(fields["rule"].value)) if "rule" in fields else "",
        head=_HEADS.get(zh, "other") if is_root else "",
    )


def _aim(fields: dict[str, Place]) -> tuple[str, str]:
    """Operator and target of a leaf: from its text ("≥120"), else from its rule."""
    text = fields["target_text"].text() if "target_text" in fields else ""
    for sign, operator in _SIGNS.items():
        if text.startswith(sign):
            return operator, text.removeprefix(sign)
    rule = fields["rule"].value if "rule" in fields else None
    if not isinstance(rule, Mapping):
        return "", text
    target = rule.get("target", rule.get("full_at"))
    if target is None:
        return "qualitative", text
    is_lower_better = rule.get("type") == "ratio_lower" or rule.get("zero_at", target) > target
    return ("at_most" if is_lower_better else "at_least"), _written(target)
