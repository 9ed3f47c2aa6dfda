"""One rater's leanings over a round, branch by branch: what his own page shows him, and nobody's scores but his."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from evalhub.domain.scoring.framework import Indicator
from evalhub.domain.scoring.panel import Panel, RaterSheet


@dataclass(frozen=True)
class BranchLeaning:
    """How a rater scores one kind of branch against the others on the same tasks.

    head: of the framework's roots (`decision`, `output`, ...); tasks: on which somebody else of his source scored the
    branch too; deviation: mean of (own rate - mean rate of the others), in percentage points, below 0 for a harsh one.
    """

    head: str
    tasks: int
    deviation: float


def branch_leanings(panels: Sequence[Panel], rater: str) -> list[BranchLeaning]:
    """Leanings of one rater by head, in the order in which heads first occur; heads never shared are left out."""
    deviations: dict[str, list[Fraction]] = {}
    for panel in panels:
        own = next((sheet for sheet in panel.sheets if sheet.rater == rater), None)
        if own is None:
            continue
        others = [sheet for sheet in panel.sheets_of(own.source) if sheet is not own]
        for root in panel.framework.indicators:
            deviation = _deviation(root, own, others)
            if deviation is not None:
                deviations.setdefault(root.head or "other", []).append(deviation)
    return [BranchLeaning(head, len(found), float(sum(found) * 100 / len(found))) for head, found in deviations.items()]


def _deviation(root: Indicator, own: RaterSheet, others: Sequence[RaterSheet]) -> Fraction | None:
    mine = branch_rate(root, own)
    rates = [rate for sheet in others if (rate := branch_rate(root, sheet)) is not None]
    return None if mine is None or not rates else mine - sum(rates, Fraction(0)) / len(rates)


def branch_rate(root: Indicator, sheet: RaterSheet) -> Fraction | None:
    """Points earned of those that apply in a branch, exactly; None where nothing applies."""
    scored = [(points, leaf.points) for leaf in root.leaves if (points := sheet.scores[leaf.code]) is not None]
    return Fraction(sum(points for points, _ in scored), sum(full for _, full in scored)) if scored else None
