"""Would the grade stand if weights or raters had been a little different: grades by resampling, and a badge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalhub.domain.scoring.framework import Framework
from evalhub.domain.scoring.panel import WEIGHT_UNITS, Method, Panel
from evalhub.domain.scoring.shifts import WeightShift, indicator_shifts, source_shifts
from evalhub.domain.scoring.stability import Stability
from evalhub.domain.scoring.totals import Mark, Outcome
from evalhub.domain.scoring.totals_array import Whole, half_up, source_totals

RESAMPLES = 1000
LEAST_SHEETS_TO_RESAMPLE = 5


@dataclass(frozen=True)
class Limits:
    """What still counts as stable: least probability (percent) of the grade reached, least change (hundredths)."""

    least_probability: int = 80
    least_change: int = 200


@dataclass(frozen=True)
class Robustness:
    """grades: grade -> how many of `resamples` gave it, None with fewer than five sheets in every source.

    badge: `stable`, `fragile`, or None without a grade; reasons: codes why it is fragile (`one_rater_decides`,
    `near_the_line`, `weights`, `resampling`).
    """

    shifts: tuple[WeightShift, ...]
    grades: Mapping[str, int] | None
    resamples: int
    badge: str | None
    reasons: tuple[str, ...]


def assess_robustness(
    panel: Panel,
    marks: Sequence[Mark],
    reached: Outcome,
    stability: Stability,
    seed: int,
    *,
    resamples: int = RESAMPLES,
    limits: Limits = Limits(),
) -> Robustness:
    """Weights +-10 %, probability of each grade, and the badge of a panel whose outcome and stability are known.

    Args:
        seed: of the resampling; the same seed gives the same counts.
    """
    if reached.grade is None:
        return Robustness((), None, resamples, None, ())
    shifts = (*indicator_shifts(panel), *source_shifts(panel, reached))
    grades = resampled_grades(panel.framework, panel.method, marks, np.random.default_rng(seed), resamples)
    reasons = tuple(_reasons(reached.grade, stability, shifts, grades, resamples, limits))
    return Robustness(shifts, grades, resamples, "fragile" if reasons else "stable", reasons)


def _reasons(
    grade: str,
    stability: Stability,
    shifts: Sequence[WeightShift],
    grades: Mapping[str, int] | None,
    resamples: int,
    limits: Limits,
) -> list[str]:
    tests = {
        "one_rater_decides": bool(stability.one_rater_decides),
        "near_the_line": stability.least_change is not None and stability.least_change < limits.least_change,
        "weights": any(shift.grade != grade for shift in shifts),
        "resampling": grades is not None and grades.get(grade, 0) * 100 < limits.least_probability * resamples,
    }
    return [code for code, failed in tests.items() if failed]


def resampled_grades(
    framework: Framework, method: Method, marks: Sequence[Mark], chance: np.random.Generator, resamples: int = RESAMPLES
) -> dict[str, int] | None:
    """Grade -> how often it comes out when the sheets of each source are drawn again with replacement.

    A source with fewer than five sheets stays as it is; None if that holds for all of them.
    """
    by_source = {source: [mark for mark in marks if mark.source == source] for source in method.source_weights}
    if all(len(own) < LEAST_SHEETS_TO_RESAMPLE for own in by_source.values()):
        return None
    weighted = np.zeros(resamples, dtype=np.int64)
    for source, own in by_source.items():
        size = len(own)
        picks = np.broadcast_to(np.arange(size), (resamples, size))
        if size >= LEAST_SHEETS_TO_RESAMPLE:
            picks = chance.integers(0, size, size=(resamples, size))
        weighted += method.source_weights[source] * _drawn_totals(method.statistics[source], own, picks)
    totals = half_up(weighted, WEIGHT_UNITS)
    lines = np.array([grade.from_points for grade in reversed(framework.grades)])
    reached = np.bincount(np.searchsorted(lines, totals, side="right") - 1, minlength=len(lines))
    return {grade.code: int(count) for grade, count in zip(framework.grades, reached[::-1], strict=True)}


def _drawn_totals(statistic: str, marks: Sequence[Mark], picks: NDArray[np.intp]) -> Whole:
    """Totals of one source for many draws. picks: resamples x sheets, indices into marks."""
    totals = np.array([mark.total for mark in marks], dtype=np.int64)
    weights = np.array([mark.weight for mark in marks], dtype=np.int64)
    tie = np.empty(len(marks), dtype=np.int64)
    tie[sorted(range(len(marks)), key=lambda i: (marks[i].weight, marks[i].rater))] = np.arange(len(marks))
    return source_totals(statistic, totals[picks], weights[picks], tie[picks])
