"""From the relaxation to whole seats: decide again only what it left in fractions, then, for the optimum, what is open.

A pair whose reduced gain is below -(bound - best) can be in no better allocation, so the exact step keeps only the
pairs inside that window.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evalhub.domain.allocation.control import Control
from evalhub.domain.allocation.full_model import Found, FullModel, Pair, open_pairs
from evalhub.domain.allocation.gains import Objective, Seats, gains_at
from evalhub.domain.allocation.model import FEASIBLE, OPTIMAL, SCALE
from evalhub.domain.allocation.problem import MICRO, Problem
from evalhub.domain.allocation.relaxation import Point, Relaxation

GAP = 0.5 / SCALE
"""Half a millionth in units of cost: closer than two different totals can be."""
EMPTY_COST, MISSING_COST = 100 * MICRO / SCALE, 10 * MICRO / SCALE
WHOLE = 1e-6
MOST_PAIRS = 400_000
EXTRA_PAIRS = 12


def round_point(relaxation: Relaxation, point: Point, control: Control) -> Seats:
    """Whole seats near a fractional point; empty seats and missing minimums cost far more than any suitability."""
    problem = relaxation.problem
    table = point.seats.tocoo()
    broken = (table.data > WHOLE) & (table.data < 1 - WHOLE)
    touched = set(table.row[broken].tolist())
    touched |= set(np.flatnonzero(np.abs(point.empty - np.rint(point.empty)) > WHOLE).tolist())
    certain = table.data >= 1 - WHOLE
    seats = list(zip(table.row[certain].tolist(), table.col[certain].tolist(), strict=True))
    if not touched:
        return frozenset(seats)
    seated = [pair for pair in seats if pair[0] not in touched]
    best: Seats = frozenset(seated)
    for pairs in _candidates(relaxation, touched):
        model = FullModel(problem, pairs, seated, touched)
        if relaxation.floors is not None:
            add_floors(problem, model, relaxation.floors.needs)
        found = model.minimise(costs_of(problem, model, relaxation.objective), control, GAP)
        if found.outcome not in (OPTIMAL, FEASIBLE):
            break
        best = found.seats
        if _empty(problem, best) <= round(float(point.empty.sum())):
            break
    return best


def add_floors(problem: Problem, model: FullModel, needs: NDArray[np.int64], passing: bool = False) -> None:
    """Rows "sum of suitability of a task >= need" (millionths); half a millionth of slack absorbs rounding."""
    pairs = np.array(model.pairs, dtype=np.int32).reshape(-1, 2)
    terms: dict[int, dict[Any, float]] = {task: {} for task in model.tasks}
    scores = problem.scores.at(pairs[:, 0], pairs[:, 1]).tolist()
    for pair, score in zip(model.pairs, scores, strict=True):
        terms[pair[0]][model.seat[pair]] = score / SCALE
    for task, sums in terms.items():
        if needs[task] > 0:
            model.program.add(sums, ">=", (int(needs[task]) - 0.5) / SCALE, passing=passing)


def _candidates(relaxation: Relaxation, touched: set[int]) -> Iterable[list[Pair]]:
    """First the pairs at hand with the best others of each task, then, where there is room, all that may sit."""
    numbers = np.array(sorted(touched), dtype=np.int32)
    tasks, evaluators = relaxation.pairs()
    inside = np.isin(tasks, numbers)
    pairs = set(zip(tasks[inside].tolist(), evaluators[inside].tolist(), strict=True))
    more = relaxation.best_pairs(numbers, EXTRA_PAIRS)
    yield sorted(pairs.union(more))
    if len(touched) * len(relaxation.problem.evaluators) <= MOST_PAIRS:
        yield open_pairs(relaxation.problem, sorted(touched))


def costs_of(problem: Problem, model: FullModel, objective: Objective) -> dict:
    """Costs of every variable: gains negated, empty seats above missing minimums above any gain."""
    pairs = np.array(model.pairs, dtype=np.int32).reshape(-1, 2)
    gains = gains_at(problem, objective, pairs[:, 0], pairs[:, 1]).tolist()
    costs = {model.seat[pair]: -gain / SCALE for pair, gain in zip(model.pairs, gains, strict=True)}
    costs |= dict.fromkeys(model.empty.values(), EMPTY_COST)
    return costs | dict.fromkeys(model.missing.values(), MISSING_COST)


def _empty(problem: Problem, seats: Seats) -> int:
    return int(problem.seats.sum()) - len(seats)


def window_pairs(relaxation: Relaxation, window: float) -> tuple[list[Pair], list[Pair]] | None:
    """Pairs a better allocation may hold, and those it must hold; None when there are too many to decide exactly.

    A reduced gain below -window (units of cost) keeps a pair out, one above the window keeps it in.
    """
    prices = relaxation.prices()
    pairs: list[Pair] = []
    certain: list[Pair] = []
    for block, (start, _) in enumerate(relaxation.pricer.blocks):
        reduced = relaxation.pricer.reduced(block, prices)
        rows, columns = np.nonzero(reduced > -window)
        if len(pairs) + len(rows) > MOST_PAIRS:
            return None
        pairs += zip((rows + start).tolist(), columns.tolist(), strict=True)
        rows, columns = np.nonzero(reduced > window)
        certain += zip((rows + start).tolist(), columns.tolist(), strict=True)
    return sorted({*pairs, *relaxation.problem.fixed}), certain


def solve_window(
    relaxation: Relaxation, best: Seats, window: float, settled: tuple[int, int], control: Control
) -> Found | None:
    """The optimum at the settled aims among the pairs inside the window; None when the window is too wide."""
    problem = relaxation.problem
    inside = window_pairs(relaxation, window)
    if inside is None:
        return None
    model = FullModel(problem, sorted({*inside[0], *best}))
    for pair in inside[1]:
        model.seat[pair].lowBound = 1
    for slacks, most in zip((model.empty.values(), model.missing.values()), settled, strict=True):
        if most:
            model.program.add(list(slacks), "<=", most)
        for slack in slacks:
            slack.upBound = min(slack.upBound, most)
    if relaxation.floors is not None:
        add_floors(problem, model, relaxation.floors.needs)
        for task, empty in model.empty.items():
            empty.lowBound = empty.upBound = int(problem.seats[task] - relaxation.floors.filled[task])
    costs = costs_of(problem, model, relaxation.objective)
    control.tell("optimum", relaxation.rounds, len(model.pairs))
    for slack in (*model.empty.values(), *model.missing.values()):
        del costs[slack]
    return model.minimise(costs, control, GAP, start=best)
