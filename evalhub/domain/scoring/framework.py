"""The indicator tree a task is scored by: frozen, of any depth, closing at every level, known by its hash."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from evalhub.domain.document import canonical_json
from evalhub.domain.rounding import format_points

FORMAT = "evalhub.framework/1"
KINDS = ("common", "specific")
OPERATORS = ("at_least", "at_most", "equal", "qualitative")
HEADS = ("decision", "process", "cost", "output", "benefit", "satisfaction", "execution", "other")
STANDARDS = ("plan", "industry", "history", "other")


@dataclass(frozen=True)
class Name:
    """What a thing is called in both languages; `en` may be empty."""

    zh: str
    en: str = ""

    def in_language(self, language: str) -> str:
        return self.en if language.startswith("en") and self.en else self.zh


@dataclass(frozen=True)
class Standard:
    """What a target is measured by: kind of STANDARDS, its figure as text, and where the figure comes from."""

    kind: str
    figure: str = ""
    source: str = ""


@dataclass(frozen=True)
class Indicator:
    """A node of the tree; only leaves are scored.

    points: hundredths. operator, target, unit: what is aimed at ("at_least", "120", "公里"). evidence: papers wanted.
    rule_text: canonical JSON of the scoring rule, empty without one. head: of a root, which part of the frame it is.
    """

    code: str
    name: Name
    points: int
    children: tuple["Indicator", ...] = ()
    may_be_na: bool = False
    kind: str = "specific"
    core: bool = False
    operator: str = ""
    target: str = ""
    unit: str = ""
    standard: Standard | None = None
    explanation: str = ""
    evidence: tuple[str, ...] = ()
    rule_text: str = ""
    head: str = ""

    @property
    def is_leaf(self) -> bool:
        return not self.children

    @property
    def rule(self) -> dict[str, Any] | None:
        """The scoring rule as data (a fresh copy, decimals as text), see `rules`."""
        return json.loads(self.rule_text) if self.rule_text else None

    def walk(self) -> Iterator["Indicator"]:
        """This node and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    @cached_property
    def leaves(self) -> tuple["Indicator", ...]:
        return tuple(node for node in self.walk() if node.is_leaf)


@dataclass(frozen=True)
class Grade:
    """A grade and the total (hundredths) from which it is reached."""

    code: str
    from_points: int


MINISTRY_GRADES = (Grade("excellent", 9000), Grade("good", 8000), Grade("fair", 6000), Grade("poor", 0))
"""Bands of 财预〔2020〕10号: 优 from 90, 良 from 80, 中 from 60, 差 below."""


@dataclass(frozen=True)
class Framework:
    """One version of an indicator tree. full_points: hundredths; grades: highest line first, the last from 0."""

    full_points: int
    indicators: tuple[Indicator, ...]
    grades: tuple[Grade, ...] = MINISTRY_GRADES
    title: Name = Name("")

    @cached_property
    def _leaves(self) -> tuple[Indicator, ...]:
        return tuple(leaf for root in self.indicators for leaf in root.leaves)

    def leaves(self) -> tuple[Indicator, ...]:
        """All leaves in the order of the tree."""
        return self._leaves

    @cached_property
    def leaf_points(self) -> dict[str, int]:
        """Code of each leaf -> its full points in hundredths."""
        return {leaf.code: leaf.points for leaf in self._leaves}

    def walk(self) -> Iterator[Indicator]:
        for root in self.indicators:
            yield from root.walk()

    def find(self, code: str) -> Indicator | None:
        return next((node for node in self.walk() if node.code == code), None)

    def grade_of(self, total: int) -> str:
        """Grade of a rounded total in hundredths."""
        return next(grade.code for grade in self.grades if total >= grade.from_points)

    @cached_property
    def content_hash(self) -> str:
        """ "sha256:" and the digest of the canonical storage form: equal content, equal hash, on every machine."""
        return "sha256:" + hashlib.sha256(canonical_json(self.to_document()).encode()).hexdigest()

    def to_document(self) -> dict[str, Any]:
        """The storage form: plain JSON, every decimal as text, so that no reader can blur it; empty fields left out."""
        return {
            "format": FORMAT,
            "title": _name_document(self.title),
            "full_points": format_points(self.full_points),
            "grades": [{"grade": grade.code, "from": format_points(grade.from_points)} for grade in self.grades],
            "indicators": [_indicator_document(root) for root in self.indicators],
        }


def _name_document(name: Name) -> dict[str, str]:
    return {"zh": name.zh, "en": name.en}


def _indicator_document(node: Indicator) -> dict[str, Any]:
    standard = node.standard
    optional = {
        "may_be_na": node.may_be_na,
        "core": node.core,
        "head": node.head,
        "operator": node.operator,
        "target": node.target,
        "unit": node.unit,
        "standard": {"kind": standard.kind, "figure": standard.figure, "source": standard.source} if standard else None,
        "explanation": node.explanation,
        "evidence": list(node.evidence),
        "rule": node.rule,
        "children": [_indicator_document(child) for child in node.children],
    }
    required = {
        "code": node.code,
        "name": _name_document(node.name),
        "points": format_points(node.points),
        "kind": node.kind,
    }
    return required | {key: content for key, content in optional.items() if content}
