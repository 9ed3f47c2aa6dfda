"""The arithmetic of `totals` for many panels or many draws at once: whole numbers in 64 bits, the same half up.

Used where thousands of totals are wanted together (resampling, simulations); `totals` gives the workings as well.
"""

import numpy as np
from numpy.typing import NDArray

from evalhub.domain.scoring.panel import LEAST_SHEETS_TO_TRIM

Whole = NDArray[np.int64]

NOT_APPLICABLE = -1


def half_up(numerator: Whole, denominator: Whole | int) -> Whole:
    """`round_half_up_div` for arrays of numbers that are not negative."""
    found: Whole = (2 * numerator + denominator) // (2 * denominator)
    return found


def sheet_totals(scores: Whole, leaf_points: Whole, full_points: int) -> Whole:
    """Totals of many sheets of one framework.

    Args:
        scores: ... x leaves, hundredths, NOT_APPLICABLE (-1) where a leaf does not apply; some leaf applies everywhere.
        leaf_points: full points per leaf, in hundredths; full_points: those of the whole.
    """
    # einsum adds along the short last axis several times faster than sum
    totals: Whole = np.einsum("...l->...", scores)
    if scores.min(initial=0) >= 0:
        return totals
    leaves = scores.shape[-1]
    gapped = np.unique(np.flatnonzero(scores < 0) // leaves)
    rows = scores.reshape(-1, leaves)[gapped]
    applies = rows >= 0
    points = np.where(applies, rows, 0).sum(axis=1)
    totals.reshape(-1)[gapped] = half_up(points * full_points, applies @ leaf_points)
    return totals


def source_totals(statistic: str, totals: Whole, weights: Whole, tie: Whole) -> Whole:
    """`totals.source_total` of m panels with n sheets each.

    Args:
        totals: m x n, hundredths; weights: m x n, positive, products with totals below 2^60; tie: m x n, the place of
            each sheet (0 to n - 1) when its panel is sorted by weight, then rater.
    """
    count = totals.shape[1]
    if statistic == "median":
        middle = np.sort(totals, axis=1)
        return half_up(middle[:, (count - 1) // 2] + middle[:, count // 2], 2)
    if statistic == "trimmed" and count >= LEAST_SHEETS_TO_TRIM:
        weights = _trimmed(totals, weights, tie)
    return half_up(np.einsum("ij,ij->i", totals, weights), np.einsum("ij->i", weights))


def _trimmed(totals: Whole, weights: Whole, tie: Whole) -> Whole:
    """The weights with those of the highest and the lowest total set to 0; of equal totals the lower `tie` goes."""
    count = totals.shape[1]
    rows = np.arange(len(totals))
    highest = (totals * count - tie).argmax(axis=1)
    low_first = totals * count + tie
    low_first[rows, highest] = np.iinfo(np.int64).max
    kept = weights.copy()
    kept[rows, highest] = 0
    kept[rows, low_first.argmin(axis=1)] = 0
    return kept
