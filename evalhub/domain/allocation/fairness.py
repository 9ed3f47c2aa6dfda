"""The objective `fair`: how well the worst-served task is served, exactly.

Empty seats per task are settled first: fewest in all, then the smallest greatest number in one task, then in the
order of task ids. With those given, worst = min over tasks of (sum of suitability / filled seats); a better worst than
w exists exactly when every task can reach floor(w x filled) + 1 millionths, so the search ends with an exact answer.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evalhub.domain.allocation.control import Control
from evalhub.domain.allocation.full_model import FullModel
from evalhub.domain.allocation.gains import Seats, kept_constant, objective_of
from evalhub.domain.allocation.model import FEASIBLE, INFEASIBLE, OPTIMAL, SCALE
from evalhub.domain.allocation.problem import MICRO, Problem
from evalhub.domain.allocation.rounding import GAP, costs_of
from evalhub.domain.allocation.total import Outcome, solve_total


def worst_mean(problem: Problem, seats: Seats) -> Fraction | None:
    """Least over tasks of sum of suitability / filled seats, in millionths; None when nobody is seated."""
    if not seats:
        return None
    sums = np.zeros(len(problem.tasks), dtype=np.int64)
    pairs = np.array(sorted(seats), dtype=np.int32)
    np.add.at(sums, pairs[:, 0], problem.scores.at(pairs[:, 0], pairs[:, 1]))
    filled = filled_seats(problem, seats)
    return min(Fraction(int(sums[task]), int(filled[task])) for task in np.flatnonzero(filled).tolist())


def filled_seats(problem: Problem, seats: Seats) -> NDArray[np.int64]:
    """Seats taken in each task."""
    return np.bincount([task for task, _ in seats], minlength=len(problem.tasks))


def solve_fair(problem: Problem, control: Control) -> Outcome:
    """Greatest worst, then greatest total, at the settled empty seats.

    Raises:
        NothingFound: stopped before it began.
    """
    outcome = solve_total(problem, control)
    if not outcome.settled.optimal or not outcome.seats:
        return replace(
            outcome,
            optimal=outcome.optimal and not outcome.seats,
            bound=None,
            solver_bound=None,
            certificate=outcome.settled.certificate,
        )
    search = _Search(problem, control, outcome)
    done = search.spread_empty_seats() and search.raise_worst() and search.raise_total()
    return replace(
        outcome,
        seats=search.best,
        optimal=done,
        bound=None,
        solver_bound=search.solver_bound,
        certificate=outcome.settled.certificate,
    )


class _Search:
    """The aims of `fair` one after the other on the full model; each step says whether it was settled."""

    def __init__(self, problem: Problem, control: Control, outcome: Outcome) -> None:
        self.problem, self.control, self.best = problem, control, outcome.seats
        self.left = outcome.settled.empty
        self.solver_bound: int | None = None
        self.model = FullModel(problem)
        for slacks, most in (
            (self.model.empty.values(), outcome.settled.empty),
            (self.model.missing.values(), outcome.settled.missing),
        ):
            self.model.program.add(list(slacks), "<=", most)

    def spread_empty_seats(self) -> bool:
        """Settle the empty seats of each task and write them into the model."""
        self.control.tell("empty_seats", columns=len(self.model.pairs))
        if self.left > 1:
            most = self.model.program.number("most_empty", self._greatest_empty())
            for empty in self.model.empty.values():
                self.model.program.add({empty: 1, most: -1}, "<=", 0)
            if not self._improve({most: 1}):
                return False
            most.upBound = self._greatest_empty()
        for task, empty in self.model.empty.items():
            if self._empty(task) and self.left and not self._improve({empty: 1}):
                return False
            empty.lowBound = empty.upBound = self._empty(task)
            self.left -= self._empty(task)
        return True

    def raise_worst(self) -> bool:
        """First a solve with the worst as a variable, then strict improvements until none exists."""
        filled = filled_seats(self.problem, self.best)
        worst = self.model.program.number("worst", MICRO / SCALE, whole=False)
        for task, terms in self._sums().items():
            if filled[task]:
                self.model.program.add(terms | {worst: -int(filled[task])}, ">=", 0)
        self.control.tell("worst", columns=len(self.model.pairs))
        if not self._improve({worst: -1}, gap=0.1 / SCALE):
            return False
        while True:
            self._demand(strictly=True)
            found = self.model.minimise({}, self.control)
            if found.outcome == INFEASIBLE:
                return True
            if found.outcome != OPTIMAL:
                return False
            self.best = found.seats

    def raise_total(self) -> bool:
        """The greatest total among seats that reach the worst."""
        self._demand(strictly=False)
        self.control.tell("total", columns=len(self.model.pairs))
        objective = objective_of(self.problem)
        costs = costs_of(self.problem, self.model, objective)
        costs = {variable: costs[variable] for variable in self.model.seat.values()}
        found = self.model.minimise(costs, self.control, GAP, start=self.best)
        if found.outcome in (OPTIMAL, FEASIBLE):
            self.best = found.seats
            self.solver_bound = round(-(found.bound or 0) * SCALE) - kept_constant(self.problem)
        return found.outcome == OPTIMAL

    def _improve(self, costs: dict[Any, float], gap: float = 0.5) -> bool:
        found = self.model.minimise(costs, self.control, gap)
        if found.seats:
            self.best = found.seats
        return found.outcome == OPTIMAL

    def _empty(self, task: int) -> int:
        return int(self.problem.seats[task]) - sum(seated == task for seated, _ in self.best)

    def _greatest_empty(self) -> int:
        return int((self.problem.seats - filled_seats(self.problem, self.best)).max())

    def _sums(self) -> dict[int, dict[Any, float]]:
        """Per task: suitability x seat, in thousandths of a point."""
        pairs = np.array(self.model.pairs, dtype=np.int32).reshape(-1, 2)
        terms: dict[int, dict[Any, float]] = {task: {} for task in self.model.tasks}
        scores = self.problem.scores.at(pairs[:, 0], pairs[:, 1]).tolist()
        for pair, score in zip(self.model.pairs, scores, strict=True):
            terms[pair[0]][self.model.seat[pair]] = score / SCALE
        return terms

    def _demand(self, strictly: bool) -> None:
        """Every filled task reaches the present worst (or more than it); half a millionth of slack absorbs rounding."""
        self.model.program.drop_passing()
        worst = worst_mean(self.problem, self.best)
        filled = filled_seats(self.problem, self.best)
        for task, terms in self._sums().items():
            if filled[task]:
                need = (worst or 0) * int(filled[task])
                least = int(need) + 1 if strictly else -int(-need // 1)
                self.model.program.add(terms, ">=", (least - 0.5) / SCALE, passing=True)
