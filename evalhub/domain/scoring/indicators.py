"""How well each indicator of a framework works over many tasks: does it tell tasks apart, do raters agree on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalhub.domain.scoring.agreement import krippendorff_alpha
from evalhub.domain.scoring.framework import Framework, Indicator
from evalhub.domain.scoring.panel import Panel, RaterSheet

LEAST_TASKS = 5
WEAK_DISCRIMINATION = 0.2
WEAK_AGREEMENT = 0.4
CROWDED_SHARE = 0.9
"""An indicator at which this share of all scores is full, or nothing, says little about any task."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class IndicatorFigures:
    """One leaf over all tasks scored by its framework; shares 0 to 1.

    sheets: scores given; lost_share: mean share of points lost; full_share, zero_share: scores at the leaf's full points
    and at nothing; left_out: sheets on which it did not apply. discrimination: correlation of the leaf's mean share per
    task with the mean share of all other leaves; alpha: agreement of raters over tasks; both None with fewer than five
    tasks or without variation. remarks: `crowded_at_full`, `crowded_at_zero`, `weak_discrimination`, `raters_disagree`.
    """

    tasks: int
    sheets: int
    left_out: int
    lost_share: float | None
    full_share: float | None
    zero_share: float | None
    discrimination: float | None
    alpha: float | None
    remarks: tuple[str, ...]


def indicator_figures(panels: Sequence[Panel]) -> dict[str, IndicatorFigures]:
    """Code of each leaf -> its figures over panels of one framework, on the sheets of each panel's main source.

    Raises:
        ValueError: the panels have different frameworks.
    """
    if not panels:
        return {}
    framework = panels[0].framework
    if any(panel.framework.leaf_points != framework.leaf_points for panel in panels):
        raise ValueError("panels of different frameworks cannot be compared leaf by leaf")
    groups = [panel.sheets_of(panel.main_source) for panel in panels]
    return {leaf.code: _figures(framework, leaf, groups) for leaf in framework.leaves()}


def _figures(framework: Framework, leaf: Indicator, groups: Sequence[tuple[RaterSheet, ...]]) -> IndicatorFigures:
    scores = [[sheet.scores[leaf.code] for sheet in group] for group in groups]
    given = [points for row in scores for points in row if points is not None]
    asked = sum(len(row) for row in scores)
    alpha = _alpha(leaf.points, scores)
    discrimination = _discrimination(framework, leaf, groups)
    full = _share(sum(points == leaf.points for points in given), len(given))
    zero = _share(sum(points == 0 for points in given), len(given))
    remarks = {
        "crowded_at_full": full is not None and full >= CROWDED_SHARE,
        "crowded_at_zero": zero is not None and zero >= CROWDED_SHARE,
        "weak_discrimination": discrimination is not None and discrimination < WEAK_DISCRIMINATION,
        "raters_disagree": alpha is not None and alpha < WEAK_AGREEMENT,
    }
    return IndicatorFigures(
        tasks=sum(any(points is not None for points in row) for row in scores),
        sheets=len(given),
        left_out=asked - len(given),
        lost_share=_share(sum(leaf.points - points for points in given), len(given) * leaf.points),
        full_share=full,
        zero_share=zero,
        discrimination=discrimination,
        alpha=alpha,
        remarks=tuple(code for code, holds in remarks.items() if holds),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _alpha(points: int, scores: Sequence[Sequence[int | None]]) -> float | None:
    """Alpha with tasks as units; which rater sits in which column does not matter to it."""
    width = max(len(row) for row in scores)
    padded = [[*row, *[None] * (width - len(row))] for row in scores]
    ratings = np.array(padded, dtype=float) / points
    return krippendorff_alpha(ratings) if len(scores) >= LEAST_TASKS else None


def _discrimination(framework: Framework, leaf: Indicator, groups: Sequence[tuple[RaterSheet, ...]]) -> float | None:
    pairs = [pair for group in groups if (pair := _own_and_rest(framework, leaf, group)) is not None]
    if len(pairs) < LEAST_TASKS:
        return None
    own, rest = np.array(pairs).T
    spread = float(own.std() * rest.std())
    if spread < 1e-9:
        return None
    return float(((own - own.mean()) * (rest - rest.mean())).mean() / spread)


def _own_and_rest(framework: Framework, leaf: Indicator, group: Sequence[RaterSheet]) -> tuple[float, float] | None:
    """Mean share of the leaf, and share earned of all other points, over the sheets on which the leaf applies."""
    sheets = [sheet for sheet in group if sheet.scores[leaf.code] is not None]
    own = sum(sheet.scores[leaf.code] or 0 for sheet in sheets)
    rest = [
        (points, full)
        for sheet in sheets
        for code, full in framework.leaf_points.items()
        if code != leaf.code and (points := sheet.scores[code]) is not None
    ]
    if not rest:
        return None
    return own / (len(sheets) * leaf.points), sum(points for points, _ in rest) / sum(full for _, full in rest)
