"""A round of tasks: each task's result, and how each rater scored over all his tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evalhub.domain.rounding import round_half_up_div
from evalhub.domain.scoring.aggregate import TaskResult, aggregate_task
from evalhub.domain.scoring.panel import Panel
from evalhub.domain.scoring.severity import Rating, Severity, corrected_totals, rater_severity


@dataclass(frozen=True)
class RaterInRound:
    """One rater over the round, in hundredths. mean_deviation: mean of (own total - mean of the others on the task).

    compared: sheets on tasks that somebody else scored too; mean_deviation is None without any. severity: points of 100
    taken off beyond the others, where the round bears it.
    """

    sheets: int
    mean_total: int
    compared: int
    mean_deviation: int | None
    severity: Severity


@dataclass(frozen=True)
class RoundResult:
    """Results in the order of the panels, and rater id -> his figures over the round.

    corrected: task -> mean total (points of 100) with each rater's severity put back; shown beside the result, never
    instead of it.
    """

    tasks: tuple[TaskResult, ...]
    raters: Mapping[str, RaterInRound]
    corrected: Mapping[str, float]


def aggregate_round(panels: Sequence[Panel]) -> RoundResult:
    """Every task's result and the raters' figures; totals are compared as points of 100 (framework's full points)."""
    results = tuple(aggregate_task(panel) for panel in panels)
    ratings = [
        Rating(panel.task, rater, found.total * 100 / panel.framework.full_points)
        for panel, result in zip(panels, results, strict=True)
        for rater, found in result.raters.items()
    ]
    severities = rater_severity(ratings)
    return RoundResult(results, _raters(panels, results, severities), corrected_totals(ratings, severities))


def _raters(
    panels: Sequence[Panel], results: Sequence[TaskResult], severities: Mapping[str, Severity]
) -> dict[str, RaterInRound]:
    totals: dict[str, list[int]] = {}
    deviations: dict[str, list[int]] = {}
    for panel, result in zip(panels, results, strict=True):
        scale = panel.framework.full_points
        percents = {rater: round_half_up_div(found.total * 10_000, scale) for rater, found in result.raters.items()}
        others = len(percents) - 1
        for rater, percent in percents.items():
            totals.setdefault(rater, []).append(percent)
            if others:
                rest = sum(percents.values()) - percent
                deviations.setdefault(rater, []).append(round_half_up_div(percent * others - rest, others))
    return {
        rater: _rater(found, deviations.get(rater, []), severities[rater]) for rater, found in sorted(totals.items())
    }


def _rater(totals: list[int], deviations: list[int], severity: Severity) -> RaterInRound:
    return RaterInRound(
        sheets=len(totals),
        mean_total=round_half_up_div(sum(totals), len(totals)),
        compared=len(deviations),
        mean_deviation=round_half_up_div(sum(deviations), len(deviations)) if deviations else None,
        severity=severity,
    )
