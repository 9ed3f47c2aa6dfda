"""How harsh or mild each rater is over a round, from the tasks that raters share: beside the raw totals, never instead.

Two-way additive model: total of a sheet = level of its task + leaning of its rater + rest. Tasks are fixed; raters are
drawn from one population, so that a rater with few sheets is pulled towards the others (shrinkage). Both variances come
from Henderson's method 3, the leanings from the mixed model equations with the tasks absorbed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.linalg.lapack import dpotri
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components
from scipy.special import stdtrit

LEAST_SHEETS = 5
_TAIL = 0.025
_LEAST_REST = 1e-9
"""Squared points; keeps a round without any chance in it, as demos have, from dividing by nothing."""

_LARGE = 500
"""Raters from which the inverse is taken by dpotri."""

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Rating:
    """One sheet's total, in points of 100."""

    task: str
    rater: str
    total: float


@dataclass(frozen=True)
class Severity:
    """Points of 100 that a rater takes off beyond the others, with a 95 % interval; negative: milder than they are.

    reason: why there is no figure, `too_few_sheets`, `not_connected` or `too_little_overlap`; empty with a figure.
    """

    sheets: int
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""


def rater_severity(ratings: Sequence[Rating]) -> dict[str, Severity]:
    """Severity of every rater of a round.

    Args:
        ratings: one per sheet; a rater at most once per task.

    Returns:
        A figure only for raters with five sheets or more in the largest connected part of the graph of raters and tasks
        (two raters in different parts have never been compared, not even through others).

    Source: C. R. Henderson, Estimation of Variance and Covariance Components, Biometrics 9 (1953), method 3; G. K.
    Robinson, That BLUP is a Good Thing, Statistical Science 6 (1991).
    """
    raters = sorted({rating.rater for rating in ratings})
    sheets = dict.fromkeys(raters, 0)
    for rating in ratings:
        sheets[rating.rater] += 1
    connected = _largest_part(ratings)
    fitted = _fit(connected)
    within = {rating.rater for rating in connected}
    found = {}
    for rater in raters:
        reason = _missing(sheets[rater], rater in within, fitted is not None)
        if reason or fitted is None:
            found[rater] = Severity(sheets[rater], reason=reason)
        else:
            estimate, reach = fitted[rater]
            found[rater] = Severity(sheets[rater], estimate, estimate - reach, estimate + reach)
    return found


def _missing(sheets: int, is_within: bool, is_fitted: bool) -> str:
    if sheets < LEAST_SHEETS:
        return "too_few_sheets"
    if not is_within:
        return "not_connected"
    return "" if is_fitted else "too_little_overlap"


def _largest_part(ratings: Sequence[Rating]) -> list[Rating]:
    """Ratings of the connected part with most sheets, of equals the one with the first task; lone sheets left out."""
    by_task: dict[str, int] = {}
    for rating in ratings:
        by_task[rating.task] = by_task.get(rating.task, 0) + 1
    shared = sorted((r for r in ratings if by_task[r.task] > 1), key=lambda rating: (rating.task, rating.rater))
    if not shared:
        return []
    tasks, raters = _index([rating.task for rating in shared]), _index([rating.rater for rating in shared])
    size = int(tasks.max()) + 1
    nodes = size + int(raters.max()) + 1
    graph = coo_array((np.ones(len(shared)), (tasks, raters + size)), shape=(nodes, nodes))
    parts = connected_components(graph, directed=False)[1][tasks]
    largest = int(np.bincount(parts).argmax())
    return [rating for rating, part in zip(shared, parts, strict=True) if part == largest]


def _index(names: list[str]) -> Indices:
    order = {name: index for index, name in enumerate(sorted(set(names)))}
    return np.array([order[name] for name in names], dtype=np.intp)


def _fit(ratings: Sequence[Rating]) -> dict[str, tuple[float, float]] | None:
    """Rater -> severity and half the width of its interval; None where nothing is left to judge spread by."""
    if not ratings:
        return None
    names = sorted({rating.rater for rating in ratings})
    tasks, raters = _index([rating.task for rating in ratings]), _index([rating.rater for rating in ratings])
    totals = np.array([rating.total for rating in ratings])
    per_task: Indices = np.bincount(tasks)
    from_task = totals - (np.bincount(tasks, totals) / per_task)[tasks]
    overlap = _overlap(tasks, raters, per_task)
    pull: Floats = np.bincount(raters, from_task).astype(float)
    freedom = len(ratings) - len(per_task) - (len(names) - 1)
    if len(names) < 2 or freedom < 1:
        return None
    rest, between = _variances(overlap, pull, float(from_task @ from_task), freedom, len(ratings) - len(per_task))
    inverse = _inverse(overlap + np.eye(len(names)) * (rest / between))
    leaning = inverse @ pull
    spread = rest * np.diagonal(inverse) + _shrinkage_doubt(inverse, overlap, rest, between, freedom)
    reach = float(stdtrit(freedom, 1 - _TAIL)) * np.sqrt(spread)
    return {name: (-float(leaning[i]), float(reach[i])) for i, name in enumerate(names)}


def _inverse(positive: Floats) -> Floats:
    """Inverse of a positive definite matrix from its Cholesky factor.

    dpotri takes half the work of solving for the unit matrix, but wakes all threads, which small rounds pay dearly for.
    """
    factor = cho_factor(positive, lower=True)
    if len(positive) < _LARGE:
        small: Floats = cho_solve(factor, np.eye(len(positive)))
        return small
    lower = np.tril(dpotri(factor[0], lower=1)[0])
    inverse: Floats = lower + np.tril(lower, -1).T
    return inverse


def _overlap(tasks: Indices, raters: Indices, per_task: Indices) -> Floats:
    """Raters x raters: sheets of each less what the task levels take up, counts - B' D^-1 B."""
    count = int(raters.max()) + 1
    seats = csr_array((1 / np.sqrt(per_task[tasks]), (tasks, raters)), shape=(len(per_task), count))
    overlap: Floats = -(seats.T @ seats).toarray()
    overlap[np.diag_indices(count)] += np.bincount(raters)
    return overlap


def _variances(overlap: Floats, pull: Floats, within: float, freedom: int, trace: int) -> tuple[float, float]:
    """Variance of the rest and between raters, by equating sums of squares to their expectations.

    E(rest) = freedom x rest; E(raters after tasks) = trace(overlap) x between + (raters - 1) x rest, and the trace is
    sheets - tasks. Between raters, an estimate below its own standard error at no difference is set to that: raters who
    look equal are not known to be equal, and an interval of no width would say so.
    """
    count = len(pull) - 1
    # one rater is the reference: the equations of a connected part lack exactly one rank
    solved = cho_solve(cho_factor(overlap[:count, :count], lower=True), pull[:count])
    explained = float(solved @ pull[:count])
    rest = max(_LEAST_REST, (within - explained) / freedom)
    least = rest * sqrt(2 * count * (1 + count / freedom)) / trace
    return rest, max((explained - count * rest) / trace, least)


def _shrinkage_doubt(inverse: Floats, overlap: Floats, rest: float, between: float, freedom: int) -> Floats:
    """What the spread of a leaning gains because the variance between raters is itself estimated.

    2 x (d leaning / d between)^2 x variance of between, after N. G. N. Prasad and J. N. K. Rao, The Estimation of the
    Mean Squared Error of Small-Area Estimators, Journal of the American Statistical Association 85 (1990).
    """
    count = len(overlap) - 1
    trace = float(np.trace(overlap))
    squares = between**2 * float((overlap**2).sum()) + 2 * between * rest * trace + count * rest**2
    doubt = 2 * (squares + count**2 * rest**2 / freedom) / trace**2
    once, twice = np.diagonal(inverse), np.einsum("ij,ij->i", inverse, inverse)
    # the diagonal of the inverse's cube is at least twice^2 / once (Cauchy and Schwarz): close, on the wide side, cheap
    slope = between * twice - rest * twice**2 / once
    found: Floats = 2 * (rest / between**2) ** 2 * np.maximum(slope, 0.0) * doubt
    return found


def corrected_totals(ratings: Sequence[Rating], severities: dict[str, Severity]) -> dict[str, float]:
    """Task -> mean total (points of 100, unweighted) with each rater's severity put back; without a figure, none is."""
    sums: dict[str, list[float]] = {}
    for rating in ratings:
        sums.setdefault(rating.task, []).append(rating.total + (severities[rating.rater].estimate or 0.0))
    return {task: min(100.0, max(0.0, sum(totals) / len(totals))) for task, totals in sums.items()}
