"""Spread per indicator over the raters of one source: exact mean, sample deviation and share of points lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isqrt

from evalhub.domain.rounding import round_half_up_div
from evalhub.domain.scoring.framework import Framework
from evalhub.domain.scoring.panel import RaterSheet

PLACES = 4
_UNITS = 10**PLACES


@dataclass(frozen=True)
class Spread:
    """One leaf over n sheets that scored it; four decimals, half up. mean and sd in points; lost_share 0 to 1.

    mean is weighted by sheet weight; sd is the sample deviation, unweighted, None for fewer than two scores.
    """

    mean: Decimal | None
    sd: Decimal | None
    n: int
    lost_share: Decimal | None


def indicator_spreads(framework: Framework, sheets: Sequence[RaterSheet]) -> dict[str, Spread]:
    """Code of each leaf -> its spread over the sheets given (those of one source)."""
    return {leaf.code: _spread(leaf.points, leaf.code, sheets) for leaf in framework.leaves()}


def _spread(full: int, code: str, sheets: Sequence[RaterSheet]) -> Spread:
    pairs = [(points, sheet.weight) for sheet in sheets if (points := sheet.scores[code]) is not None]
    if not pairs:
        return Spread(None, None, 0, None)
    weight = sum(weight for _, weight in pairs)
    weighted = sum(points * weight for points, weight in pairs)
    return Spread(
        mean=_decimal(round_half_up_div(weighted * _UNITS, weight * 100)),
        sd=sample_deviation([points for points, _ in pairs]),
        n=len(pairs),
        lost_share=_decimal(round_half_up_div((weight * full - weighted) * _UNITS, weight * full)),
    )


def sample_deviation(hundredths: Sequence[int]) -> Decimal | None:
    """Sample standard deviation in points, four decimals half up, exactly; None for fewer than two numbers."""
    n = len(hundredths)
    if n < 2:
        return None
    # variance x n (n - 1) is a whole number, so the root can be taken and rounded without any float
    sum_of_squares = n * sum(points * points for points in hundredths) - sum(hundredths) ** 2
    return _decimal(_root_half_up(sum_of_squares * (_UNITS // 100) ** 2, n * (n - 1)))


def _root_half_up(numerator: int, denominator: int) -> int:
    """sqrt(numerator / denominator), half up: the largest r with (2r - 1)^2 <= 4 numerator / denominator."""
    return (isqrt(4 * numerator // denominator) + 1) // 2


def _decimal(units: int) -> Decimal:
    return Decimal(units).scaleb(-PLACES)
