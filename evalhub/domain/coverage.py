"""How much of all spending the year's plan evaluates, in total and by category of project."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evalhub.domain.rounding import round_half_up_div

SHARE_UNITS = 10_000


@dataclass(frozen=True)
class Coverage:
    """Money under evaluation beside all spending.

    Args:
        spending_fen: all spending of the year's budget.
        target_weight: the share aimed at, 1/10,000.
        by_category: category -> money of its projects, fen.
        projects: how many projects are counted.
    """

    spending_fen: int
    target_weight: int
    by_category: Mapping[str, int]
    projects: int

    @property
    def evaluated_fen(self) -> int:
        return sum(self.by_category.values())

    @property
    def weight(self) -> int:
        """The share of all spending, 1/10,000, half up; 0 where no spending is stated."""
        return self._share(self.evaluated_fen)

    @property
    def category_weights(self) -> dict[str, int]:
        return {category: self._share(fen) for category, fen in self.by_category.items()}

    @property
    def missing_fen(self) -> int:
        """Money still to be picked until the target is reached; judged on exact money, not on the rounded share."""
        wanted = -(-self.spending_fen * self.target_weight // SHARE_UNITS)
        return max(0, wanted - self.evaluated_fen)

    def _share(self, fen: int) -> int:
        return round_half_up_div(fen * SHARE_UNITS, self.spending_fen) if self.spending_fen else 0


def coverage_of(
    picks: Iterable[tuple[str, int]], categories: Iterable[str], spending_fen: int, target_weight: int
) -> Coverage:
    """Add up picked projects.

    Args:
        picks: (category, money in fen) of each project.
        categories: all categories, so that an empty one stands with 0.
    """
    totals = dict.fromkeys(categories, 0)
    projects = 0
    for category, fen in picks:
        totals[category] += fen
        projects += 1
    return Coverage(spending_fen, target_weight, totals, projects)
