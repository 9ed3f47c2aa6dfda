"""The order of aims on the full model: fewest empty seats, fewest missing minimums, then the objective.

When every seat and minimum can be had, one solve says so and gives the objective at once; only a short instance is
settled aim by aim.
"""

from dataclasses import dataclass

import numpy as np

from evalhub.domain.allocation.control import Control
from evalhub.domain.allocation.faults import NothingFound
from evalhub.domain.allocation.model import FEASIBLE, INFEASIBLE, NOTHING, OPTIMAL, SCALE, Answer, FullModel
from evalhub.domain.allocation.problem import Problem

Seats = frozenset[tuple[int, int]]
GAP = 0.5 / SCALE
"""Half a millionth in units of cost: closer than two different totals can be."""


@dataclass(frozen=True)
class Found:
    """Seats (positions), whether the solver claims them optimal, and its bound on the objective in millionths."""

    seats: Seats
    optimal: bool
    solver_bound: int | None = None


def gains(problem: Problem, pairs: list[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Millionths each pair adds to the objective: its suitability, and the change cost it saves if seated today."""
    tasks = np.array([task for task, _ in pairs], dtype=np.int32)
    evaluators = np.array([evaluator for _, evaluator in pairs], dtype=np.int32)
    kept = set(problem.current) if problem.policy.change_cost else set()
    scores = problem.scores.at(tasks, evaluators).tolist()
    return {
        pair: score + (problem.policy.change_cost if pair in kept else 0)
        for pair, score in zip(pairs, scores, strict=True)
    }


def dropped_cost(problem: Problem, seats: Seats) -> int:
    """Millionths lost for current seats given up; one that is in conflict today costs nothing."""
    dropped = [pair for pair in problem.current if pair not in seats]
    return problem.policy.change_cost * sum(not problem.conflicts.reasons(*pair) for pair in dropped)


def kept_constant(problem: Problem) -> int:
    """What `gains` counts too much: objective = sum of gains - this."""
    return dropped_cost(problem, frozenset())


def solve_total(problem: Problem, model: FullModel, control: Control) -> Found:
    """Greatest total at the settled higher aims.

    Raises:
        NothingFound: stopped before any allocation was known.
    """
    costs = {model.seat[pair]: -gain / SCALE for pair, gain in gains(problem, model.pairs).items()}
    control.tell("total", columns=len(model.pairs))
    full = _all_seated(model, costs, control)
    if full.outcome in (OPTIMAL, FEASIBLE):
        return _found(problem, full)
    best = settle(problem, model, control)
    control.tell("total", columns=len(model.pairs))
    answer = model.minimise(costs, control, GAP) if best.optimal else Answer(NOTHING)
    if answer.outcome == NOTHING:
        return Found(best.seats, optimal=False)
    return best if answer.outcome == INFEASIBLE else _found(problem, answer)


def _all_seated(model: FullModel, costs: dict, control: Control) -> Answer:
    """The objective with every seat and minimum demanded; INFEASIBLE when they cannot all be had."""
    slacks = [*model.empty, *model.missing.values()]
    most = [slack.upBound for slack in slacks]
    for slack in slacks:
        slack.upBound = 0
    answer = model.minimise(costs, control, GAP)
    for slack, bound in zip(slacks, most, strict=True):
        slack.upBound = bound
    return answer


def settle(problem: Problem, model: FullModel, control: Control) -> Found:
    """Fix the fewest empty seats and the fewest missing minimums as rows of the model; the seats that reach them."""
    best: Found | None = None
    for phase, slacks in (("seats", model.empty), ("minimum", list(model.missing.values()))):
        if not slacks:
            continue
        control.tell(phase, columns=len(model.pairs))
        answer = model.minimise(dict.fromkeys(slacks, 1), control)
        if answer.outcome in (NOTHING, INFEASIBLE):
            return _stopped(best)
        best = Found(answer.seats, answer.outcome == OPTIMAL)
        if not best.optimal:
            return best
        least = _empty(problem, best.seats) if phase == "seats" else _missing(problem, best.seats)
        model.add(slacks, "<=", least)
    return best or Found(frozenset(problem.fixed), optimal=True)


def _stopped(best: Found | None) -> Found:
    if best is None:
        raise NothingFound
    return Found(best.seats, optimal=False)


def _empty(problem: Problem, seats: Seats) -> int:
    return int(problem.seats.sum()) - len(seats)


def _missing(problem: Problem, seats: Seats) -> int:
    loads = np.bincount([evaluator for _, evaluator in seats], minlength=len(problem.evaluators))
    return int(np.maximum(problem.minimum - loads, 0).sum())


def _found(problem: Problem, answer: Answer) -> Found:
    bound = None if answer.bound is None else round(-answer.bound * SCALE) - kept_constant(problem)
    return Found(answer.seats, answer.outcome == OPTIMAL, bound)
