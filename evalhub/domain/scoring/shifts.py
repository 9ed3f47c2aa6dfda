"""Weights a tenth higher and lower: the result if one branch or one source had weighed more or less."""

from collections.abc import Sequence
from dataclasses import dataclass

from evalhub.domain.rounding import round_half_up_div
from evalhub.domain.scoring.framework import Framework
from evalhub.domain.scoring.panel import WEIGHT_UNITS, Panel, RaterSheet
from evalhub.domain.scoring.totals import Mark, Outcome, outcome

PERCENT = 10


@dataclass(frozen=True)
class WeightShift:
    """The result with one weight 10 % higher or lower, the other weights of its kind scaled so that they still close.

    kind: `indicator` (a first-level branch) or `source`; percent: +10 or -10; total: hundredths.
    """

    kind: str
    code: str
    percent: int
    total: int
    grade: str


def indicator_shifts(panel: Panel) -> list[WeightShift]:
    """Each first-level branch at 110 % and 90 % of its points, the others scaled to close.

    Args:
        panel: one that reaches its quorum.
    """
    framework = panel.framework
    full = framework.full_points
    sums = [_branch_sums(framework, sheet) for sheet in panel.sheets]
    shifts = []
    for index, root in enumerate(framework.indicators):
        for percent in (PERCENT, -PERCENT):
            own = (100 + percent) * (full - root.points)
            rest = 100 * full - (100 + percent) * root.points
            if own <= 0 or rest <= 0:
                continue
            factors = [own if other == index else rest for other in range(len(framework.indicators))]
            marks = [
                Mark(sheet.rater, sheet.source, sheet.weight, _weighted_total(full, branches, factors))
                for sheet, branches in zip(panel.sheets, sums, strict=True)
            ]
            shifts.append(_shift("indicator", root.code, percent, outcome(framework, panel.method, marks)))
    return shifts


def _branch_sums(framework: Framework, sheet: RaterSheet) -> list[tuple[int, int]]:
    """Per root: points entered, and full points of the leaves that apply."""
    sums = []
    for root in framework.indicators:
        scored = [(points, leaf.points) for leaf in root.leaves if (points := sheet.scores[leaf.code]) is not None]
        sums.append((sum(points for points, _ in scored), sum(full for _, full in scored)))
    return sums


def _weighted_total(full: int, branches: Sequence[tuple[int, int]], factors: Sequence[int]) -> int:
    points = sum(branch[0] * factor for branch, factor in zip(branches, factors, strict=True))
    applicable = sum(branch[1] * factor for branch, factor in zip(branches, factors, strict=True))
    return round_half_up_div(points * full, applicable)


def source_shifts(panel: Panel, reached: Outcome) -> list[WeightShift]:
    """Each source at 110 % and 90 % of its weight, the others scaled to close; none where one source is the whole."""
    totals = {source: found.total for source, found in reached.sources.items()}
    shifts = []
    for source, weight in panel.method.source_weights.items():
        for percent in (PERCENT, -PERCENT):
            own = (100 + percent) * (WEIGHT_UNITS - weight)
            rest = 100 * WEIGHT_UNITS - (100 + percent) * weight
            if weight == 0 or own <= 0 or rest <= 0:
                continue
            factors = {other: own if other == source else rest for other in totals}
            numerator = sum(
                panel.method.source_weights[other] * factors[other] * total for other, total in totals.items()
            )
            total = round_half_up_div(numerator, WEIGHT_UNITS * 100 * (WEIGHT_UNITS - weight))
            shifts.append(WeightShift("source", source, percent, total, panel.framework.grade_of(total)))
    return shifts


def _shift(kind: str, code: str, percent: int, found: Outcome) -> WeightShift:
    assert found.total is not None  # a panel that reached its quorum reaches it whatever the weights
    assert found.grade is not None
    return WeightShift(kind, code, percent, found.total, found.grade)
