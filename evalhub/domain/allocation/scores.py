"""Suitability of every pair in whole millionths, as a dense table or as the product of two factors.

Both answer the same two questions: a block of whole rows (for pricing, m x n read block by block) and single pairs.
`NOT_LISTED` marks a pair that may not be seated although no conflict forbids it.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

NOT_LISTED = -1


class Scores(Protocol):
    """m tasks x n evaluators, millionths of a point, 0 to 1,000,000, or NOT_LISTED."""

    @property
    def shape(self) -> tuple[int, int]: ...

    def rows(self, start: int, stop: int) -> NDArray[np.int32]:
        """Rows start to stop (excluded), (stop - start) x n; the caller must not write into it."""
        ...

    def take(self, tasks: NDArray[np.int32]) -> NDArray[np.int32]:
        """Rows of k tasks, k x n; the caller must not write into it."""
        ...

    def at(self, tasks: NDArray[np.int32], evaluators: NDArray[np.int32]) -> NDArray[np.int32]:
        """Suitability of k pairs given by two arrays of k positions."""
        ...


@dataclass(frozen=True, eq=False)
class DenseScores:
    """Every pair written out: int32, m x n."""

    table: NDArray[np.int32]

    @property
    def shape(self) -> tuple[int, int]:
        return self.table.shape[0], self.table.shape[1]

    def rows(self, start: int, stop: int) -> NDArray[np.int32]:
        return self.table[start:stop]

    def take(self, tasks: NDArray[np.int32]) -> NDArray[np.int32]:
        return self.table[slice_of(tasks)]

    def at(self, tasks: NDArray[np.int32], evaluators: NDArray[np.int32]) -> NDArray[np.int32]:
        return self.table[tasks, evaluators]


@dataclass(frozen=True, eq=False)
class FactorScores:
    """score = tasks x evaluators: two integer tables m x k and n x k in thousandths, for sizes where m x n has no room.

    With entries 0 to 1000 whose rows sum to at most 1000 per task, every product stays within 0 to 1,000,000 and is
    exact in float32 sums below 2^24, so that every machine reads the same number.
    """

    task_factors: NDArray[np.float32]
    evaluator_factors: NDArray[np.float32]

    @property
    def shape(self) -> tuple[int, int]:
        return self.task_factors.shape[0], self.evaluator_factors.shape[0]

    def rows(self, start: int, stop: int) -> NDArray[np.int32]:
        return (self.task_factors[start:stop] @ self.evaluator_factors.T).astype(np.int32)

    def take(self, tasks: NDArray[np.int32]) -> NDArray[np.int32]:
        return (self.task_factors[slice_of(tasks)] @ self.evaluator_factors.T).astype(np.int32)

    def at(self, tasks: NDArray[np.int32], evaluators: NDArray[np.int32]) -> NDArray[np.int32]:
        left, right = self.task_factors[tasks], self.evaluator_factors[evaluators]
        return np.einsum("ik,ik->i", left, right).astype(np.int32)


def slice_of(positions: NDArray[np.int32]) -> slice | NDArray[np.int32]:
    """Consecutive positions as a slice, which reads without copying; others as they are."""
    if len(positions) and positions[-1] - positions[0] == len(positions) - 1 and (np.diff(positions) == 1).all():
        return slice(int(positions[0]), int(positions[-1]) + 1)
    return positions
