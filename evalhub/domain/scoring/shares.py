"""Shares of a leaf's points: exact fractions between 0 and 1, with the steps that led to them."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evalhub.domain.document import Place

ONE = Fraction(1)
ZERO = Fraction(0)

NOTES = ("formula", "note_zh", "note_en", "method_zh", "method_en")
"""Words that any rule may carry for its readers; they change no score."""


@dataclass(frozen=True)
class Share:
    """A share of the points, and how it came about: steps with a `code` and figures as text."""

    value: Fraction
    steps: tuple[dict[str, Any], ...]


def rule_fields(place: Place, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, Place]:
    """The members of a rule, which may carry words for its readers beside its parameters."""
    fields = place.fields(required, (*optional, *NOTES))
    for key in NOTES:
        if key in fields:
            fields[key].text(empty=True)
    return fields


def number_at(place: Place) -> Fraction:
    """A number kept as text ("0.6")."""
    return Fraction(place.decimal(written=True))


def share_at(place: Place) -> Fraction:
    """A number kept as text, between 0 and 1."""
    share = number_at(place)
    if not 0 <= share <= 1:
        raise place.fault("out_of_range", number=shown(share), least="0", most="1")
    return share


def positive_at(place: Place) -> Fraction:
    number = number_at(place)
    if number <= 0:
        raise place.fault("not_positive")
    return number


def shown(number: Fraction) -> str:
    """A figure for the reader: exact where it ends within six decimals, else cut there with a mark of more."""
    scaled = number * 10**6
    whole = scaled.numerator // scaled.denominator
    text = f"{whole // 10**6}.{whole % 10**6:06d}".rstrip("0").rstrip(".")
    return text if scaled.denominator == 1 else text + "…"


def limited(share: Fraction, *, cap: Fraction = ONE) -> Fraction:
    return max(ZERO, min(cap, share))
