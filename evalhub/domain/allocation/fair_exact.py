"""The exact steps of `fair` on the full model: spreading empty seats and raising the worst."""

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evalhub.domain.allocation.control import Control
from evalhub.domain.allocation.full_model import FullModel, open_pairs
from evalhub.domain.allocation.gains import Seats
from evalhub.domain.allocation.model import INFEASIBLE, OPTIMAL
from evalhub.domain.allocation.problem import Problem
from evalhub.domain.allocation.rounding import MOST_PAIRS, add_floors
from evalhub.domain.allocation.settling import Settled


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
    return np.bincount(np.array([task for task, _ in seats], dtype=np.int64), minlength=len(problem.tasks))


class ExactFairness:
    """The aims of `fair` one after the other; each step says whether it was settled, `best` holds the best seats."""

    def __init__(self, problem: Problem, control: Control, settled: Settled, best: Seats) -> None:
        self.problem, self.control, self.settled, self.best = problem, control, settled, best
        self.left = settled.empty
        self._model: FullModel | None = None

    def _full(self) -> FullModel | None:
        """The full model at the settled counts, made when first needed; None where it would be too large."""
        if self._model is None:
            pairs = open_pairs(self.problem)
            if len(pairs) > MOST_PAIRS:
                return None
            self._model = model = FullModel(self.problem, pairs)
            for slacks, most in ((model.empty, self.settled.empty), (model.missing, self.settled.missing)):
                model.program.add(list(slacks.values()), "<=", most)
            self._hold_empty_seats(model)
        return self._model

    def _hold_empty_seats(self, model: FullModel) -> None:
        """Without empty seats there is nothing to spread: every task is full."""
        if not self.settled.empty:
            for empty in model.empty.values():
                empty.upBound = 0

    def spread_empty_seats(self) -> bool:
        """Settle the empty seats of each task and write them into the model."""
        if not self.left:
            return True
        model = self._full()
        if model is None:
            return False
        self.control.tell("empty_seats", columns=len(model.pairs))
        if self.left > 1:
            most = model.program.number("most_empty", self._greatest_empty())
            for empty in model.empty.values():
                model.program.add({empty: 1, most: -1}, "<=", 0)
            if not self._improve(model, {most: 1}):
                return False
            most.upBound = self._greatest_empty()
        for task, empty in model.empty.items():
            if self._empty(task) and self.left and not self._improve(model, {empty: 1}):
                return False
            empty.lowBound = empty.upBound = self._empty(task)
            self.left -= self._empty(task)
        return True

    def raise_worst(self) -> bool:
        """Strict improvements of the worst until the solver finds that none exists."""
        model = self._full()
        if model is None:
            return False
        while True:
            worst = worst_mean(self.problem, self.best) or Fraction(0)
            self.control.tell("worst", columns=len(model.pairs), best=int(worst))
            self._demand(model, strictly=True)
            found = model.minimise({}, self.control)
            if found.outcome == INFEASIBLE:
                return True
            if found.outcome != OPTIMAL:
                return False
            self.best = found.seats

    def _improve(self, model: FullModel, costs: dict[Any, float]) -> bool:
        found = model.minimise(costs, self.control)
        if found.seats:
            self.best = found.seats
        return found.outcome == OPTIMAL

    def _empty(self, task: int) -> int:
        return int(self.problem.seats[task]) - sum(seated == task for seated, _ in self.best)

    def _greatest_empty(self) -> int:
        return int((self.problem.seats - filled_seats(self.problem, self.best)).max())

    def _demand(self, model: FullModel, strictly: bool) -> None:
        """Every filled task reaches the present worst (or more than it); half a millionth of slack absorbs rounding."""
        model.program.drop_passing()
        worst = worst_mean(self.problem, self.best) or Fraction(0)
        filled = filled_seats(self.problem, self.best)
        wanted = [worst * int(count) for count in filled]
        needs = [int(need) + 1 if strictly else -int(-need // 1) for need in wanted]
        add_floors(self.problem, model, np.where(filled > 0, needs, 0), passing=True)
