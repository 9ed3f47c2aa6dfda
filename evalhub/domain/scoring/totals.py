"""The arithmetic of totals in whole hundredths: sheet, source, final, each rounded half up once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from evalhub.domain.rounding import round_half_up_div
from evalhub.domain.scoring.framework import Framework
from evalhub.domain.scoring.panel import LEAST_SHEETS_TO_TRIM, WEIGHT_UNITS, Method, Panel


class Mark(NamedTuple):
    """One sheet reduced to its total. total: hundredths; weight: 1/10,000."""

    rater: str
    source: str
    weight: int
    total: int


@dataclass(frozen=True)
class SheetSum:
    """A sheet's total: points entered, full points of the leaves that apply, and the total scaled to the whole."""

    points: int
    applicable: int
    total: int


@dataclass(frozen=True)
class SourceTotal:
    """A source's total and how it came about. asked: the method's statistic; used: after the fall-back of `trimmed`.

    kept, dropped: marks counted and left out; total = half up of numerator / denominator.
    """

    asked: str
    used: str
    kept: tuple[Mark, ...]
    dropped: tuple[Mark, ...]
    numerator: int
    denominator: int

    @property
    def total(self) -> int:
        return round_half_up_div(self.numerator, self.denominator)

    @property
    def sheets(self) -> int:
        return len(self.kept) + len(self.dropped)


@dataclass(frozen=True)
class Outcome:
    """The final total. total and grade are None below quorum; short names the sources that miss theirs."""

    sources: Mapping[str, SourceTotal]
    total: int | None
    grade: str | None
    short: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        return "below_quorum" if self.short else "final"


def sheet_sum(framework: Framework, scores: Mapping[str, int | None]) -> SheetSum:
    """Total of one complete sheet: sum of scores x full points / points that apply.

    Raises:
        ZeroDivisionError: no leaf applies (such a sheet is refused on reading).
    """
    leaf_points = framework.leaf_points
    applicable = sum(leaf_points[code] for code, points in scores.items() if points is not None)
    points = sum(points for points in scores.values() if points is not None)
    return SheetSum(points, applicable, round_half_up_div(points * framework.full_points, applicable))


def sheet_total(framework: Framework, scores: Mapping[str, int | None]) -> int:
    """The total of `sheet_sum` alone; a sheet on which everything applies needs no more than its sum."""
    given = scores.values()
    if None in given or len(scores) != len(framework.leaf_points):
        return sheet_sum(framework, scores).total
    return sum(given)  # type: ignore[arg-type]  # no None among them


def marks_of(panel: Panel) -> tuple[Mark, ...]:
    """The total of every sheet of the panel."""
    framework = panel.framework
    return tuple(
        Mark(sheet.rater, sheet.source, sheet.weight, sheet_total(framework, sheet.scores)) for sheet in panel.sheets
    )


def source_total(statistic: str, marks: Sequence[Mark]) -> SourceTotal:
    """One source's total by its statistic; `trimmed` of fewer than five sheets falls back to `mean`.

    Args:
        marks: at least one; for `median` all of one weight.
    """
    if statistic == "median":
        return _median(marks)
    if statistic == "trimmed" and len(marks) >= LEAST_SHEETS_TO_TRIM:
        highest = min(marks, key=lambda mark: (-mark.total, mark.weight, mark.rater))
        rest = [mark for mark in marks if mark is not highest]
        lowest = min(rest, key=lambda mark: (mark.total, mark.weight, mark.rater))
        kept = tuple(mark for mark in rest if mark is not lowest)
        return _mean(statistic, statistic, kept, (highest, lowest))
    return _mean(statistic, "mean", tuple(marks), ())


def _mean(asked: str, used: str, kept: tuple[Mark, ...], dropped: tuple[Mark, ...]) -> SourceTotal:
    numerator = sum(mark.total * mark.weight for mark in kept)
    return SourceTotal(asked, used, kept, dropped, numerator, sum(mark.weight for mark in kept))


def _median(marks: Sequence[Mark]) -> SourceTotal:
    ordered = sorted(marks, key=lambda mark: (mark.total, mark.rater))
    count = len(ordered)
    middle = ordered[(count - 1) // 2 : count // 2 + 1]
    dropped = tuple(mark for mark in ordered if mark not in middle)
    return SourceTotal("median", "median", tuple(middle), dropped, sum(mark.total for mark in middle), len(middle))


def combined(method: Method, totals: Mapping[str, int]) -> int:
    """Final total from the sources' totals: sum of weight x total, half up."""
    return round_half_up_div(
        sum(method.source_weights[source] * total for source, total in totals.items()), WEIGHT_UNITS
    )


def outcome(framework: Framework, method: Method, marks: Sequence[Mark]) -> Outcome:
    """The final total and grade of a panel whose every source has a mark."""
    sources = {}
    for source in method.source_weights:
        sources[source] = source_total(method.statistics[source], [mark for mark in marks if mark.source == source])
    short = tuple(source for source, found in sources.items() if found.sheets < method.quorum.get(source, 0))
    if short:
        return Outcome(sources, None, None, short)
    total = combined(method, {source: found.total for source, found in sources.items()})
    return Outcome(sources, total, framework.grade_of(total))
