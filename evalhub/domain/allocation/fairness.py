"""The objective `fair`: how well the worst-served task is served, exactly.

Empty seats per task are settled first: fewest in all, then the smallest greatest number in one task, then in the
order of task ids. With those given, worst = min over tasks of (sum of suitability / filled seats); a better worst than
w exists exactly when every task can reach floor(w x filled) + 1 millionths, so the search ends with an exact answer.
"""

from fractions import Fraction

import numpy as np

from evalhub.domain.allocation.aims import GAP, Found, Seats, gains, kept_constant, settle
from evalhub.domain.allocation.control import Control
from evalhub.domain.allocation.model import FEASIBLE, INFEASIBLE, OPTIMAL, SCALE, FullModel
from evalhub.domain.allocation.problem import MICRO, Problem

TASK_SCALE = 1000


def worst_mean(problem: Problem, seats: Seats) -> Fraction | None:
    """Least over tasks of sum of suitability / filled seats, in millionths; None when nobody is seated."""
    sums = np.zeros(len(problem.tasks), dtype=np.int64)
    filled = np.zeros(len(problem.tasks), dtype=np.int64)
    if not seats:
        return None
    tasks, evaluators = (np.array(side, dtype=np.int32) for side in zip(*sorted(seats), strict=True))
    np.add.at(sums, tasks, problem.scores.at(tasks, evaluators))
    np.add.at(filled, tasks, 1)
    return min(Fraction(int(sums[task]), int(filled[task])) for task in np.flatnonzero(filled))


def solve_fair(problem: Problem, model: FullModel, control: Control) -> Found:
    """Greatest worst, then greatest total, at the settled empty seats.

    Raises:
        NothingFound: stopped before any allocation was known.
    """
    best = settle(problem, model, control)
    if best.optimal:
        best = _spread_empty_seats(problem, model, control, best)
    if best.optimal:
        best = _raise_worst(problem, model, control, best)
    if not best.optimal or not best.seats:
        return best
    _demand(problem, model, best.seats, worst_mean(problem, best.seats), strictly=False)
    control.tell("total", columns=len(model.pairs))
    costs = {model.seat[pair]: -gain / SCALE for pair, gain in gains(problem, model.pairs).items()}
    answer = model.minimise(costs, control, GAP)
    if answer.outcome not in (OPTIMAL, FEASIBLE):
        return Found(best.seats, optimal=False)
    bound = None if answer.bound is None else round(-answer.bound * SCALE) - kept_constant(problem)
    return Found(answer.seats, answer.outcome == OPTIMAL, bound)


def _empty_seats(problem: Problem, seats: Seats) -> list[int]:
    filled = np.bincount([task for task, _ in seats], minlength=len(problem.tasks))
    return (problem.seats - filled).tolist()


def _spread_empty_seats(problem: Problem, model: FullModel, control: Control, best: Found) -> Found:
    """Settle the empty seats of each task and write them into the model."""
    control.tell("empty_seats", columns=len(model.pairs))
    left = sum(_empty_seats(problem, best.seats))
    if left > 1:
        most = model.new_number("most_empty", max(_empty_seats(problem, best.seats)))
        for empty in model.empty:
            model.add({empty: 1, most: -1}, "<=", 0)
        answer = model.minimise({most: 1}, control)
        if answer.outcome != OPTIMAL:
            return Found(answer.seats or best.seats, optimal=False)
        best = Found(answer.seats, optimal=True)
        most.upBound = max(_empty_seats(problem, best.seats))
    for task, empty in enumerate(model.empty):
        if _empty_seats(problem, best.seats)[task] and left:
            answer = model.minimise({empty: 1}, control)
            if answer.outcome != OPTIMAL:
                return Found(answer.seats or best.seats, optimal=False)
            best = Found(answer.seats, optimal=True)
        settled = _empty_seats(problem, best.seats)[task]
        empty.lowBound = empty.upBound = settled
        left -= settled
    return best


def _raise_worst(problem: Problem, model: FullModel, control: Control, best: Found) -> Found:
    """First a solve with the worst as a variable, then strict improvements until none exists."""
    if not best.seats:
        return best
    worst = model.new_number("worst", MICRO / TASK_SCALE, whole=False)
    filled = problem.seats - np.array(_empty_seats(problem, best.seats))
    for task, terms in enumerate(_sums(problem, model)):
        if filled[task]:
            model.add(terms | {worst: -int(filled[task])}, ">=", 0)
    control.tell("worst", columns=len(model.pairs))
    answer = model.minimise({worst: -1}, control, gap=0.1 / TASK_SCALE)
    if answer.outcome in (OPTIMAL, FEASIBLE):
        best = Found(answer.seats, answer.outcome == OPTIMAL)
    while best.optimal:
        reached = worst_mean(problem, best.seats)
        control.tell("worst", columns=len(model.pairs), best=int(reached))
        _demand(problem, model, best.seats, reached, strictly=True)
        answer = model.minimise({}, control)
        if answer.outcome == INFEASIBLE:
            model.drop_passing()
            break
        best = Found(answer.seats or best.seats, answer.outcome == OPTIMAL)
    return best


def _sums(problem: Problem, model: FullModel) -> list[dict]:
    """Per task: suitability x seat, in thousandths of a point."""
    tasks, evaluators = (np.array(side, dtype=np.int32) for side in zip(*model.pairs, strict=True))
    terms: list[dict] = [{} for _ in problem.tasks]
    for pair, score in zip(model.pairs, problem.scores.at(tasks, evaluators).tolist(), strict=True):
        terms[pair[0]][model.seat[pair]] = score / TASK_SCALE
    return terms


def _demand(problem: Problem, model: FullModel, seats: Seats, worst: Fraction, strictly: bool) -> None:
    """Every task with filled seats reaches `worst` (or more than it); half a millionth of slack absorbs rounding."""
    model.drop_passing()
    filled = np.bincount([task for task, _ in seats], minlength=len(problem.tasks)).tolist()
    for task, terms in enumerate(_sums(problem, model)):
        if filled[task]:
            need = worst * filled[task]
            least = int(need) + 1 if strictly else -int(-need // 1)
            model.add(terms, ">=", (least - 0.5) / TASK_SCALE, passing=True)
