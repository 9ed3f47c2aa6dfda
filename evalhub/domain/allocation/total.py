"""The objective `total`: relaxation, whole seats, certificate, and the exact step where a gap stays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evalhub.domain.allocation.certificate import Leaf, best_leaf, bound_of, leaf_document
from evalhub.domain.allocation.control import Control
from evalhub.domain.allocation.faults import NothingFound
from evalhub.domain.allocation.gains import Objective, Seats, dropped_cost, kept_constant, objective_of, seats_total
from evalhub.domain.allocation.greedy import greedy_seats
from evalhub.domain.allocation.model import FEASIBLE, OPTIMAL, SCALE
from evalhub.domain.allocation.problem import Problem
from evalhub.domain.allocation.relaxation import Relaxation
from evalhub.domain.allocation.rounding import round_point, solve_window
from evalhub.domain.allocation.settling import Settled, counts_of, settle

MARGIN = 0.01
"""Units of cost added to a window, so that rounding in floats cannot shut out a pair on its edge."""


@dataclass(frozen=True)
class Outcome:
    """What an objective found: seats (positions), whether the solver claims the optimum, bounds in millionths."""

    seats: Seats
    optimal: bool
    settled: Settled
    bound: int | None = None
    solver_bound: int | None = None
    worst_bound: int | None = None
    certificate: Mapping[str, Any] = field(default_factory=dict)
    columns: int = 0
    rounds: int = 0
    marginals: tuple[tuple[int, int, float], ...] | None = None


def value_of(problem: Problem, seats: Seats) -> int:
    """Objective value of seats, millionths: suitability less what dropped seats cost."""
    return seats_total(problem, seats) - dropped_cost(problem, seats)


@dataclass(frozen=True)
class Optimum:
    """An outcome together with the relaxation and the leaf that prove it; None where the run stopped before."""

    outcome: Outcome
    relaxation: Relaxation | None = None
    leaf: Leaf | None = None


def solve_total(problem: Problem, control: Control) -> Outcome:
    """Greatest total at the settled higher aims.

    Raises:
        NothingFound: stopped before it began.
    """
    return find_optimum(problem, control, objective_of(problem)).outcome


def find_optimum(problem: Problem, control: Control, objective: Objective) -> Optimum:
    """Greatest sum of gains at the settled higher aims; the bound is of the policy's objective whatever was maximised."""
    if control.stopped():
        raise NothingFound
    relaxation = Relaxation(problem, control, objective)
    relaxation.start(relaxation.sampled_loads())
    point = relaxation.converge()
    if point is None:
        return Optimum(stopped(problem, greedy_seats(problem)))
    best = round_point(relaxation, point, control)
    settled = Settled(best, *counts_of(problem, best), (0, 0), optimal=True)
    if not settled.proven:
        settled = settle(problem, control, relaxation.pairs(), _better(problem, best, greedy_seats(problem)))
        best = settled.seats
        if not settled.optimal:
            return Optimum(stopped(problem, best, settled))
        relaxation.add_seats(best)
        relaxation.settle(settled.empty, settled.missing)
        relaxation.set_penalties(0.0, 0.0)
        point = relaxation.converge()
        if point is None:
            return Optimum(stopped(problem, best, settled))
        best = _better(problem, best, round_point(relaxation, point, control))
    return _finish(problem, control, relaxation, settled, best)


def stopped(problem: Problem, seats: Seats, settled: Settled | None = None) -> Outcome:
    """The outcome of a run that ended early with these seats."""
    return Outcome(seats, False, settled or Settled(seats, *counts_of(problem, seats), (0, 0), optimal=False))


def _better(problem: Problem, one: Seats, other: Seats) -> Seats:
    return min(one, other, key=lambda seats: (*counts_of(problem, seats), -value_of(problem, seats)))


def _finish(problem: Problem, control: Control, relaxation: Relaxation, settled: Settled, best: Seats) -> Optimum:
    """Certificate, and the exact step unless the bound is reached already."""
    objective = relaxation.objective
    leaf, bound = best_leaf(relaxation, objective, settled.empty, settled.missing)
    constant = kept_constant(problem) if objective.change_cost else 0
    bound -= constant
    value = seats_total(problem, best) - (dropped_cost(problem, best) if objective.change_cost else 0)
    control.tell("certificate", relaxation.rounds, relaxation.columns, value, bound)
    optimal, solver_bound = value == bound, bound
    if not optimal:
        window = (bound - value) / SCALE + MARGIN
        found = solve_window(relaxation, best, window, (settled.empty, settled.missing), control)
        if found and found.outcome in (OPTIMAL, FEASIBLE) and found.seats:
            best = found.seats if found.outcome == OPTIMAL else _better(problem, best, found.seats)
            optimal = found.outcome == OPTIMAL
            solver_bound = bound if found.bound is None else min(bound, round(-found.bound * SCALE) - constant)
    certificate = {**settled.certificate, "objective": leaf_document(problem, leaf)}
    if objective != objective_of(problem):
        policy_bound = bound_of(problem, leaf, objective_of(problem), settled.empty, settled.missing) // leaf.scale
        bound = policy_bound - kept_constant(problem)
        solver_bound = None
    outcome = Outcome(
        best, optimal, settled, bound, solver_bound, None, certificate, relaxation.columns, relaxation.rounds
    )
    return Optimum(outcome, relaxation, leaf)
