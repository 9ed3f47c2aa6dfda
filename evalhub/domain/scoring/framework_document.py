"""Reading an indicator tree from its storage form; writing it is `Framework.to_document`."""

from collections.abc import Mapping
from typing import Any

from evalhub.domain.document import FaultyDocument, Place, canonical_json
from evalhub.domain.scoring.framework import (
    FORMAT,
    HEADS,
    KINDS,
    OPERATORS,
    STANDARDS,
    Framework,
    Grade,
    Indicator,
    Name,
    Standard,
)
from evalhub.domain.scoring.framework_check import framework_faults

DEEPEST = 12
"""Levels a tree may have: far above the usual three, low enough that no document exhausts the stack."""

_REQUIRED = ("code", "name", "points")
_OPTIONAL = (
    "children",
    "may_be_na",
    "kind",
    "core",
    "head",
    "operator",
    "target",
    "unit",
    "standard",
    "explanation",
    "evidence",
    "rule",
)


def from_document(document: Mapping[str, Any]) -> Framework:
    """The framework that `Framework.to_document` wrote.

    Raises:
        FaultyDocument: a key, number or sum is wrong; `path` names it ("indicators[0].children[1].points").
    """
    place = Place(document, "")
    fields = place.fields(("format", "full_points", "indicators", "grades"), ("title",))
    fields["format"].choice((FORMAT,))
    framework = Framework(
        full_points=fields["full_points"].units(2, written=True),
        indicators=tuple(_indicator(item, 1) for item in fields["indicators"].items()),
        grades=read_grades(fields["grades"], written=True),
        title=_name(fields["title"]) if "title" in fields else Name(""),
    )
    for fault in framework_faults(framework):
        raise fault
    return framework


def read_grades(place: Place, *, written: bool = False) -> tuple[Grade, ...]:
    """Grade lines in any order, returned from the highest down."""
    grades = []
    for item in place.items():
        fields = item.fields(("grade", "from"))
        grades.append(Grade(fields["grade"].text(), fields["from"].units(2, written=written)))
    return tuple(sorted(grades, key=lambda grade: -grade.from_points))


def _indicator(place: Place, level: int) -> Indicator:
    if level > DEEPEST:
        raise place.fault("too_deep", deepest=DEEPEST)
    fields = place.fields(_REQUIRED, _OPTIONAL)

    def text_of(key: str, allowed: tuple[str, ...] | None = None) -> str:
        if key not in fields:
            return ""
        return fields[key].choice(allowed) if allowed else fields[key].text(empty=True)

    return Indicator(
        code=fields["code"].text(),
        name=_name(fields["name"]),
        points=fields["points"].units(2, written=True),
        children=tuple(_indicator(item, level + 1) for item in fields["children"].items())
        if "children" in fields
        else (),
        may_be_na="may_be_na" in fields and fields["may_be_na"].flag(),
        kind=text_of("kind", KINDS) or "specific",
        core="core" in fields and fields["core"].flag(),
        operator=text_of("operator", OPERATORS),
        target=text_of("target"),
        unit=text_of("unit"),
        standard=_standard(fields["standard"]) if "standard" in fields else None,
        explanation=text_of("explanation"),
        evidence=tuple(item.text() for item in fields["evidence"].items()) if "evidence" in fields else (),
        rule_text=_rule_text(fields["rule"]) if "rule" in fields else "",
        head=text_of("head", HEADS),
    )


def _name(place: Place) -> Name:
    fields = place.fields(("zh",), ("en",))
    return Name(fields["zh"].text(), fields["en"].text(empty=True) if "en" in fields else "")


def _standard(place: Place) -> Standard:
    fields = place.fields(("kind",), ("figure", "source"))
    texts = {key: fields[key].text(empty=True) for key in ("figure", "source") if key in fields}
    return Standard(fields["kind"].choice(STANDARDS), **texts)


def _rule_text(place: Place) -> str:
    place.entries()
    try:
        return canonical_json(place.value)
    except (TypeError, ValueError):
        raise FaultyDocument(place.path, "not_plain_data") from None
