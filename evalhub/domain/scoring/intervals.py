"""95 % intervals of agreement: F limits for the ICC, resampled leaves for alpha, a jackknife for Kendall's W."""

from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtri, stdtrit

from evalhub.domain.scoring.agreement import Ratings, kendall_w, mean_squares, shares
from evalhub.domain.scoring.framework import Framework
from evalhub.domain.scoring.panel import RaterSheet

Interval = tuple[float, float]

RESAMPLES = 1000
_TAIL = 0.025
_LEAST_LEAVES_TO_RESAMPLE = 5


def agreement_intervals(
    framework: Framework, sheets: Sequence[RaterSheet], seed: int, resamples: int = RESAMPLES
) -> dict[str, Interval | None]:
    """95 % intervals by the names of `Agreement`'s figures; None where the data does not bear one.

    Args:
        sheets: those of one source, as given to `task_agreement`.
        seed: of the resampling; the same seed gives the same interval.
    """
    ratings = shares(framework, sheets)
    whole = ratings[~np.isnan(ratings).any(axis=1)]
    single = intraclass_interval(whole)
    k = whole.shape[1]
    return {
        "krippendorff_alpha": alpha_interval(ratings, np.random.default_rng(seed), resamples),
        "icc_2_1": single,
        "icc_2_k": None if single is None else (_stepped_up(single[0], k), _stepped_up(single[1], k)),
        "kendall_w": w_interval(whole),
    }


def intraclass_interval(ratings: Ratings) -> Interval | None:
    """95 % interval of ICC(2,1) for n targets x k raters without gaps.

    Source: K. O. McGraw, S. P. Wong, Forming inferences about some intraclass correlation coefficients, Psychological
    Methods 1 (1996), table 7, case 2A absolute agreement.
    """
    squares = mean_squares(ratings)
    if squares is None or min(squares) <= 0:
        return None
    targets, raters, error = squares
    n, k = ratings.shape
    icc = (targets - error) / (targets + (k - 1) * error + k * (raters - error) / n)
    if icc >= 1:
        return None
    a = k * icc / (n * (1 - icc))
    b = 1 + k * icc * (n - 1) / (n * (1 - icc))
    freedom = (a * raters + b * error) ** 2 / ((a * raters) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1)))
    below = fdtri(n - 1, freedom, 1 - _TAIL)
    above = fdtri(freedom, n - 1, 1 - _TAIL)
    rest = k * raters + (k * n - k - n) * error
    low = n * (targets - below * error) / (below * rest + n * targets)
    high = n * (above * targets - error) / (rest + n * above * targets)
    return float(low), float(high)


def _stepped_up(single: float, k: int) -> float:
    """Reliability of the mean of k raters from that of one (Spearman and Brown)."""
    return k * single / (1 + (k - 1) * single)


def alpha_interval(ratings: Ratings, chance: np.random.Generator, resamples: int = RESAMPLES) -> Interval | None:
    """95 % interval of Krippendorff's alpha from leaves drawn again with replacement; None below five usable leaves.

    A resample in which nothing varies has no alpha and is left out.
    """
    rated = ~np.isnan(ratings)
    used = rated.sum(axis=1) >= 2
    if used.sum() < _LEAST_LEAVES_TO_RESAMPLE:
        return None
    rated, values = rated[used], np.where(rated[used], ratings[used], 0.0)
    counts = rated.sum(axis=1).astype(float)
    values = np.where(rated, values - values.sum() / counts.sum(), 0.0)
    sums, squares = values.sum(axis=1), (values**2).sum(axis=1)
    within = (counts * squares - sums**2) / (counts - 1)
    leaves = len(counts)
    drawn = chance.multinomial(leaves, np.full(leaves, 1 / leaves), size=resamples).astype(float)
    total, within, sums, squares = (drawn @ np.column_stack([counts, within, sums, squares])).T
    expected = (total * squares - sums**2) / (total * (total - 1))
    bearing = expected > 1e-12
    if not bearing.any():
        return None
    alphas = 1 - within[bearing] / total[bearing] / expected[bearing]
    low, high = np.quantile(alphas, [_TAIL, 1 - _TAIL])
    return float(low), float(high)


def w_interval(ratings: Ratings) -> Interval | None:
    """95 % jackknife interval of Kendall's W over the leaves, within 0 and 1; None below five leaves.

    A bootstrap would draw leaves twice and so make ties that no rater gave.
    """
    n, k = ratings.shape
    if n < _LEAST_LEAVES_TO_RESAMPLE or k < 2:
        return None
    whole, without = kendall_w(ratings), w_without_each_leaf(ratings)
    if whole is None or np.isnan(without).any():
        return None
    pseudo = n * whole - (n - 1) * without
    reach = float(stdtrit(n - 1, 1 - _TAIL)) * float(pseudo.std(ddof=1)) / sqrt(n)
    centre = float(pseudo.mean())
    return max(0.0, min(1.0, centre - reach)), max(0.0, min(1.0, centre + reach))


def w_without_each_leaf(ratings: Ratings) -> NDArray[np.float64]:
    """Kendall's W of the n panels that lack one leaf each, NaN where undefined."""
    n, k = ratings.shape
    # beats[r, i, j]: what leaf j adds to the rank of leaf i in rater r's order, 1 if below it, 1/2 if level
    columns = ratings.T
    beats = (columns[:, None, :] < columns[:, :, None]) + 0.5 * (columns[:, None, :] == columns[:, :, None])
    rank_sums = (beats.sum(axis=2) + 0.5).sum(axis=0)
    left = rank_sums[:, None] - beats.sum(axis=0)
    deviation = (left - k * n / 2) ** 2
    np.fill_diagonal(deviation, 0.0)
    level = (columns[:, None, :] == columns[:, :, None]).sum(axis=2).astype(float)
    ties = (level**2 - 1).sum(axis=1)
    # a leaf tied with t - 1 others takes t^3 - t - ((t - 1)^3 - (t - 1)) = 3 t (t - 1) out of the correction
    ties_left = ties[:, None] - 3 * level * (level - 1)
    room = k**2 * ((n - 1) ** 3 - (n - 1)) - k * ties_left.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: NDArray[np.float64] = np.where(room > 0, 12 * deviation.sum(axis=0) / room, np.nan)
    return found
