"""The objective `fair`: how well the worst-served task is served, then the total.

Empty seats per task are settled first: fewest in all, then the smallest greatest number in one task, then in the
order of task ids. With those given, worst = min over tasks of (sum of suitability / filled seats). The relaxation
bounds it; seats that reach a wished worst are looked for between the best known and the bound; where the two do not
meet, the full model searches on: a better worst than w exists exactly when every task can reach
floor(w x filled) + 1 millionths.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evalhub.domain.allocation.certificate import best_leaf, leaf_document, worst_leaf
from evalhub.domain.allocation.control import Control
from evalhub.domain.allocation.fair_exact import ExactFairness, filled_seats, worst_mean
from evalhub.domain.allocation.gains import Objective, Seats, kept_constant, objective_of
from evalhub.domain.allocation.model import OPTIMAL, SCALE
from evalhub.domain.allocation.problem import MICRO, Problem
from evalhub.domain.allocation.relaxation import FloorRows, Relaxation
from evalhub.domain.allocation.rounding import round_point, solve_window
from evalhub.domain.allocation.settling import Settled, counts_of
from evalhub.domain.allocation.total import MARGIN, Outcome, find_optimum, value_of

COUNTED = Objective(weight=0)
SLACK_COST = 100.0 * MICRO / SCALE
TRIES = 12


def solve_fair(problem: Problem, control: Control) -> Outcome:
    """Greatest worst, then greatest total, at the settled empty seats.

    Raises:
        NothingFound: stopped before it began.
    """
    outcome = find_optimum(problem, control, objective_of(problem)).outcome
    plain = replace(outcome, optimal=False, bound=None, solver_bound=None, certificate=outcome.settled.certificate)
    if not outcome.settled.optimal:
        return plain
    if not outcome.seats:
        return outcome
    exact = ExactFairness(problem, control, outcome.settled, outcome.seats)
    if not exact.spread_empty_seats():
        return replace(plain, seats=exact.best)
    search = _Search(problem, control, outcome.settled, exact.best)
    if not search.bound_worst():
        return replace(plain, seats=search.best)
    search.raise_worst()
    exact.best = search.best
    certain = search.reached_bound() or exact.raise_worst()
    search.best = exact.best
    return _finish(problem, search, certain, plain)


def _finish(problem: Problem, search: "_Search", certain: bool, plain: Outcome) -> Outcome:
    """The greatest total at the worst reached, with both bounds."""
    relaxation = search.relax_total()
    plain = replace(plain, seats=search.best, worst_bound=search.worst_bound)
    if relaxation is None:
        return replace(plain, certificate={**plain.certificate, **search.certificate})
    leaf, bound = best_leaf(
        relaxation, relaxation.objective, search.settled.empty, search.settled.missing, search.per_task
    )
    bound -= kept_constant(problem)
    done, solver_bound = bound == value_of(problem, search.best), bound
    if not done:
        window = (bound - value_of(problem, search.best)) / SCALE + MARGIN
        counts = search.settled.empty, search.settled.missing
        found = solve_window(relaxation, search.best, window, counts, search.control)
        if found and found.seats:
            search.best, done = found.seats, found.outcome == OPTIMAL
            claimed = bound if found.bound is None else round(-found.bound * SCALE) - kept_constant(problem)
            solver_bound = min(bound, claimed)
    certificate = {**plain.certificate, **search.certificate, "objective": leaf_document(problem, leaf)}
    return replace(
        plain,
        seats=search.best,
        optimal=certain and done,
        bound=bound,
        solver_bound=solver_bound,
        certificate=certificate,
    )


def _grid(problem: Problem) -> NDArray[np.int64]:
    """Per task the greatest number that divides every score of it, at least 1."""
    numbers = [int(np.gcd.reduce(np.maximum(problem.scores.rows(t, t + 1)[0], 0))) for t in range(len(problem.tasks))]
    return np.maximum(np.array(numbers, dtype=np.int64), 1)


class _Search:
    """Bounds and rounded relaxations at the empty seats the seats `best` leave in each task."""

    def __init__(self, problem: Problem, control: Control, settled: Settled, best: Seats) -> None:
        self.problem, self.control, self.settled, self.best = problem, control, settled, best
        self.filled = filled_seats(problem, best)
        self.per_task: NDArray[np.int64] = problem.seats - self.filled
        self.grid = _grid(problem)
        self.worst_bound: int | None = None
        self.certificate: dict[str, Any] = {}
        self.known: tuple[Any, Any] = (np.zeros(0, np.int32), np.zeros(0, np.int32))

    def _relaxation(self, objective: Objective, needs: NDArray[np.int64], slack_cost: float) -> Relaxation:
        relaxation = Relaxation(self.problem, self.control, objective, floors=FloorRows(self.filled, needs, slack_cost))
        relaxation.start(np.zeros(len(self.problem.evaluators)))
        relaxation.add_seats(self.best)
        relaxation.add_pairs(*self.known)
        relaxation.settle(self.settled.empty, self.settled.missing)
        relaxation.set_penalties(0.0, 0.0)
        return relaxation

    def bound_worst(self) -> bool:
        """The greatest worst of the relaxation, certified; False when stopped before."""
        relaxation = self._relaxation(COUNTED, self.filled * 2 * MICRO, 1.0)
        self.control.tell("worst", relaxation.rounds, relaxation.columns)
        if relaxation.converge() is None:
            return False
        self.known = relaxation.pairs()
        found = worst_leaf(relaxation, self.settled.empty, self.settled.missing)
        if found is not None:
            self.worst_bound = found[1]
            self.certificate = {"worst": leaf_document(self.problem, found[0])}
        return found is not None

    def reached_bound(self) -> bool:
        """Whether no worst can be greater by a whole millionth."""
        return self.worst_bound == int(worst_mean(self.problem, self.best) or 0)

    def raise_worst(self) -> None:
        """Try the bound itself, then halve what lies between it and the best reached."""
        high = self.worst_bound or 0
        wish = high
        for _ in range(TRIES):
            low = int(worst_mean(self.problem, self.best) or 0)
            needs = self._needs(Fraction(wish))
            if low >= high or (needs <= self._sums()).all() or self.control.stopped():
                return
            self.control.tell("worst", best=low, bound=self.worst_bound)
            if not self._reach(needs):
                high = wish
            wish = (int(worst_mean(self.problem, self.best) or 0) + high) // 2

    def _sums(self) -> NDArray[np.int64]:
        sums = np.zeros(len(self.problem.tasks), dtype=np.int64)
        pairs = np.array(sorted(self.best), dtype=np.int32)
        np.add.at(sums, pairs[:, 0], self.problem.scores.at(pairs[:, 0], pairs[:, 1]))
        return sums

    def _needs(self, worst: Fraction) -> NDArray[np.int64]:
        """Least sum of each task for a worst: whole millionths, and a multiple of what all scores of the task share."""
        needs = np.array([-(-worst * int(count) // 1) for count in self.filled], dtype=np.int64)
        return -(-needs // self.grid) * self.grid

    def _reach(self, needs: NDArray[np.int64]) -> bool:
        """Look for seats that meet the needs, keeping the best worst met on the way."""
        relaxation = self._relaxation(objective_of(self.problem), needs, SLACK_COST)
        point = relaxation.converge()
        if point is None:
            return False
        self.known = relaxation.pairs()
        seats = round_point(relaxation, point, self.control)
        if not self._same_counts(seats):
            return False
        if (worst_mean(self.problem, seats) or 0) > (worst_mean(self.problem, self.best) or 0):
            self.best = seats
        return bool((needs <= self._sums()).all())

    def _same_counts(self, seats: Seats) -> bool:
        if counts_of(self.problem, seats) != (self.settled.empty, self.settled.missing):
            return False
        return bool((filled_seats(self.problem, seats) == self.filled).all())

    def relax_total(self) -> Relaxation | None:
        """The relaxation of the total at the worst reached, and seats rounded from it; None when stopped before."""
        worst = worst_mean(self.problem, self.best) or Fraction(0)
        needs = np.array([-(-worst * int(count) // 1) for count in self.filled], dtype=np.int64)
        relaxation = self._relaxation(objective_of(self.problem), needs, SLACK_COST)
        self.control.tell("total", relaxation.rounds, relaxation.columns)
        point = relaxation.converge()
        if point is None:
            return None
        seats = round_point(relaxation, point, self.control)
        better = self._same_counts(seats) and value_of(self.problem, seats) > value_of(self.problem, self.best)
        if better and (worst_mean(self.problem, seats) or 0) >= worst:
            self.best = seats
        return relaxation
