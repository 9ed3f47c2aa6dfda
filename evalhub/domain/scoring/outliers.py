"""Sheets that lie far from the others of their source: in the total, or in one first-level branch."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

from evalhub.domain.rounding import round_half_up_div
from evalhub.domain.scoring.panel import Panel
from evalhub.domain.scoring.rater_profile import branch_rate
from evalhub.domain.scoring.totals import Mark

FAR_TOTAL_SHARE = Fraction(15, 100)
"""A total further from its source's median than this share of the full points (15 of 100) is pointed out."""

FAR_BRANCH_SHARE = Fraction(25, 100)
"""A rate in a first-level branch further from the median rate than this (25 percentage points) is pointed out."""


def far_totals(panel: Panel, marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """Rater, source and signed deviation in points of every total far from its source's median."""
    far = []
    for source in panel.sources:
        totals = {mark.rater: Fraction(mark.total) for mark in marks if mark.source == source}
        for rater, deviation in _far(totals, FAR_TOTAL_SHARE * panel.framework.full_points):
            far.append({"rater": rater, "source": source, "deviation": _two_decimals(deviation / 100)})
    return far


def far_branches(panel: Panel) -> list[dict[str, Any]]:
    """Rater, source, root indicator, signed deviation in percentage points of every rate far from the median."""
    far = []
    for root in panel.framework.indicators:
        for source in panel.sources:
            found = {sheet.rater: branch_rate(root, sheet) for sheet in panel.sheets_of(source)}
            rates = {rater: rate for rater, rate in found.items() if rate is not None}
            for rater, deviation in _far(rates, FAR_BRANCH_SHARE):
                figures = {"rater": rater, "source": source, "indicator": root.code}
                far.append(figures | {"deviation": _two_decimals(deviation * 100)})
    return far


def _far(figures: dict[str, Fraction], limit: Fraction) -> Iterator[tuple[str, Fraction]]:
    if len(figures) < 2:
        return
    middle = median(figures.values())
    for rater, figure in figures.items():
        if abs(figure - middle) > limit:
            yield rater, figure - middle


def _two_decimals(number: Fraction) -> Decimal:
    return Decimal(round_half_up_div(number.numerator * 100, number.denominator)).scaleb(-2)
