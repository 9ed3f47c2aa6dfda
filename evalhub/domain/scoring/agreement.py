"""How far the raters of one source agree on one task, on shares of each leaf's points: alpha, ICC and Kendall's W.

Raw points would measure how unequal the leaves are, not whether the raters agree; so every score is divided by its
leaf's points.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from evalhub.domain.scoring.framework import Framework
from evalhub.domain.scoring.panel import RaterSheet

Ratings = NDArray[np.float64]


@dataclass(frozen=True)
class Agreement:
    """Agreement within one task over the raters of one source; None where the data does not bear the statistic.

    reasons: name of a missing statistic -> why: `one_rater`, `too_few_leaves`, `no_variation`, or `undefined` where the
    formula has no value for these scores, as ICC(2,k) has none when leaves differ less than chance alone would make them.
    """

    source: str
    krippendorff_alpha: float | None
    icc_2_1: float | None
    icc_2_k: float | None
    kendall_w: float | None
    reasons: dict[str, str]


def task_agreement(framework: Framework, source: str, sheets: Sequence[RaterSheet]) -> Agreement:
    """Agreement of the sheets of one source: alpha over all leaves with gaps, ICC and W over leaves without any n/a."""
    ratings = shares(framework, sheets)
    whole = ratings[~np.isnan(ratings).any(axis=1)]
    single, average = intraclass_2(whole)
    found = {
        "krippendorff_alpha": krippendorff_alpha(ratings),
        "icc_2_1": single,
        "icc_2_k": average,
        "kendall_w": kendall_w(whole),
    }
    reasons = {
        name: _reason(ratings if name == "krippendorff_alpha" else whole)
        for name, figure in found.items()
        if figure is None
    }
    return Agreement(source, **found, reasons=reasons)


def shares(framework: Framework, sheets: Sequence[RaterSheet]) -> Ratings:
    """score / leaf points, n leaves x k raters, NaN where not applicable."""
    rows = [[sheet.scores[leaf.code] for sheet in sheets] for leaf in framework.leaves()]
    points = np.array([leaf.points for leaf in framework.leaves()], dtype=float)
    ratings: Ratings = np.array(rows, dtype=float).reshape(len(rows), len(sheets)) / points[:, None]
    return ratings


def _reason(ratings: Ratings) -> str:
    if ratings.shape[1] < 2:
        return "one_rater"
    pairable = (~np.isnan(ratings)).sum(axis=1) >= 2
    if pairable.sum() < 2:
        return "too_few_leaves"
    return "no_variation" if np.nanstd(ratings) < 1e-9 else "undefined"


def krippendorff_alpha(ratings: Ratings) -> float | None:
    """Krippendorff's alpha for interval data, alpha = 1 - observed / expected disagreement.

    Args:
        ratings: n units x k raters, NaN for a gap; units with fewer than two ratings do not count.

    Returns:
        None if fewer than two units count or nothing varies.

    Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section E, with sums of squared
    differences in closed form: sum over pairs (a - b)^2 = m x sum of squares - (sum)^2.
    """
    rated = ~np.isnan(ratings)
    counts = rated.sum(axis=1)
    used = counts >= 2
    if used.sum() < 2:
        return None
    counts = counts[used]
    values = np.where(rated[used], ratings[used], 0.0)
    values = np.where(rated[used], values - values.sum() / counts.sum(), 0.0)
    total = counts.sum()
    within = counts * (values**2).sum(axis=1) - values.sum(axis=1) ** 2
    observed = (within / (counts - 1)).sum() / total
    expected = (total * (values**2).sum() - values.sum() ** 2) / (total * (total - 1))
    return None if expected <= _NOISE else float(1 - observed / expected)


_NOISE = 1e-18
"""Squared shares below this are the rounding of binary division, not a difference between scores."""


def intraclass_2(ratings: Ratings) -> tuple[float | None, float | None]:
    """ICC(2,1) and ICC(2,k): absolute agreement of one rater and of the mean of k, raters drawn at random.

    Args:
        ratings: n targets x k raters without gaps.

    Source: P. E. Shrout, J. L. Fleiss, Intraclass correlations, Psychological Bulletin 86 (1979), case 2.
    """
    targets, raters, error = mean_squares(ratings) or (0.0, 0.0, 0.0)
    n, k = ratings.shape
    single = targets + (k - 1) * error + k * (raters - error) / max(n, 1)
    average = targets + (raters - error) / max(n, 1)
    return (
        (targets - error) / single if single > _NOISE else None,
        (targets - error) / average if average > _NOISE else None,
    )


def mean_squares(ratings: Ratings) -> tuple[float, float, float] | None:
    """Mean squares of targets, raters and error of the two-way layout without repetition; None below 2 x 2."""
    n, k = ratings.shape
    if n < 2 or k < 2:
        return None
    centred = ratings - ratings.mean()
    by_target = centred.mean(axis=1)
    by_rater = centred.mean(axis=0)
    rest = centred - by_target[:, None] - by_rater[None, :]
    return (
        float(k * (by_target**2).sum() / (n - 1)),
        float(n * (by_rater**2).sum() / (k - 1)),
        float((rest**2).sum() / ((n - 1) * (k - 1))),
    )


def kendall_w(ratings: Ratings) -> float | None:
    """Kendall's W over n leaves ranked by each of k raters, mean ranks for ties, W = 12 S / (k^2 (n^3 - n) - k T).

    Source: M. G. Kendall, Rank Correlation Methods, chapter 6 (correction for ties).
    """
    n, k = ratings.shape
    if n < 2 or k < 2:
        return None
    ranks = rankdata(ratings, axis=0)
    deviation = ((ranks.sum(axis=1) - k * (n + 1) / 2) ** 2).sum()
    ties = sum(float((counts**3 - counts).sum()) for counts in map(_tie_sizes, ratings.T))
    room = k**2 * (n**3 - n) - k * ties
    return float(12 * deviation / room) if room > 0 else None


def _tie_sizes(column: Ratings) -> NDArray[np.int64]:
    return np.unique(column, return_counts=True)[1]
