"""The readable full model in PuLP: one binary per pair that may sit, one integer per task for its empty seats.

This is the one module that touches the names of PuLP and HiGHS. Everything is minimised: with a maximum, HiGHS and CBC
return duals of opposite sign. On a time limit HiGHS reports status "Optimal"; only `sol_status` tells the truth.

    (seat)   sum_e x[t,e] + empty[t] = seats[t]
    (load)   sum_t x[t,e] <= capacity[e];  sum_t x[t,e] + missing[e] >= minimum[e]
    (low)    carriers in t + empty[t] >= min;   (high) sharers in t <= max
    (apart)  x[t,a] + x[t,b] <= 1;              (limit) seats in the rectangle <= max
"""

import contextlib
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version

import highspy
import numpy as np
import pulp

from evalhub.domain.allocation.control import Control
from evalhub.domain.allocation.problem import Problem
from evalhub.domain.allocation.scores import NOT_LISTED

SCALE = 1000
"""Millionths per unit of cost in the solver: costs of 0 to 1,000 suit its tolerances of 1e-7."""

OPTIMAL, FEASIBLE, INFEASIBLE, NOTHING = "optimal", "feasible", "infeasible", "nothing"
_banner_lock = threading.Lock()


def versions() -> tuple[str, str]:
    """Versions of HiGHS and PuLP."""
    return version("highspy"), version("pulp")


@dataclass(frozen=True)
class Answer:
    """What one solve found: seats (positions), empty seats per task, the solver's bound in units of cost."""

    outcome: str
    seats: frozenset[tuple[int, int]] = frozenset()
    bound: float | None = None


class QuietHiGHS(pulp.HiGHS):
    """HiGHS on one thread without its banner, stopped through `control`."""

    def __init__(self, control: Control, gap: float) -> None:
        super().__init__(
            msg=False, threads=1, gapAbs=gap, gapRel=0.0, timeLimit=control.remaining(), random_seed=0,
            mip_feasibility_tolerance=1e-9, primal_feasibility_tolerance=1e-9,
            callbackTuple=(_interrupt, control),
            callbacksToActivate=[
                highspy.cb.HighsCallbackType.kCallbackMipInterrupt,
                highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt,
            ],
        )  # fmt: skip

    def createAndConfigureSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802
        with _without_banner():
            super().createAndConfigureSolver(lp)


def _interrupt(kind, message, given, wanted, control: Control) -> None:
    if control.stopped():
        wanted.user_interrupt = True


@contextlib.contextmanager
def _without_banner() -> Iterator[None]:
    """HiGHS prints two lines on creation, whatever its options say."""
    with _banner_lock, open(os.devnull, "w") as nowhere:
        kept = os.dup(1)
        try:
            os.dup2(nowhere.fileno(), 1)
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)


class FullModel:
    """The whole problem as one PuLP model; rows can be added between solves, the objective is given to each."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.lp = pulp.LpProblem("allocation", pulp.LpMinimize)
        self._rows = 0
        self._passing: list[str] = []
        self.pairs = _open_pairs(problem)
        self.seat = {pair: self.lp.add_variable(f"x_{pair[0]}_{pair[1]}", 0, 1, "Integer") for pair in self.pairs}
        self.empty = [
            self.lp.add_variable(f"empty_{task}", 0, int(seats), "Integer") for task, seats in enumerate(problem.seats)
        ]
        self.missing = {
            evaluator: self.lp.add_variable(f"missing_{evaluator}", 0, int(wish), "Integer")
            for evaluator, wish in enumerate(problem.minimum)
            if wish
        }
        for pair in problem.fixed:
            self.seat[pair].lowBound = 1
        self._add_seats_and_loads()
        self._add_panel_rules()
        self._add_limits()

    def _add_seats_and_loads(self) -> None:
        rows: dict[int, list] = {task: [] for task in range(len(self.problem.tasks))}
        columns: dict[int, list] = {evaluator: [] for evaluator in range(len(self.problem.evaluators))}
        for (task, evaluator), variable in self.seat.items():
            rows[task].append(variable)
            columns[evaluator].append(variable)
        for task, seats in enumerate(self.problem.seats.tolist()):
            self.add([*rows[task], self.empty[task]], "==", seats)
        for evaluator, capacity in enumerate(self.problem.capacity.tolist()):
            if len(columns[evaluator]) > capacity:
                self.add(columns[evaluator], "<=", capacity)
        for evaluator, variable in self.missing.items():
            self.add([*columns[evaluator], variable], ">=", int(self.problem.minimum[evaluator]))

    def _add_panel_rules(self) -> None:
        for task in range(len(self.problem.tasks)):
            for rule in self.problem.rules_of(task):
                counted = self._seats([task], self.problem.members[rule.family].tolist())
                if rule.low:
                    self.add([*counted, self.empty[task]], ">=", rule.low)
                if len(counted) > rule.high:
                    self.add(counted, "<=", rule.high)
            for pair in self.problem.apart:
                both = self._seats([task], [pair.first, pair.second])
                if len(both) == 2:
                    self.add(both, "<=", 1)

    def _add_limits(self) -> None:
        for limit in self.problem.limits:
            counted = self._seats(limit.tasks.tolist(), limit.evaluators.tolist())
            if len(counted) > limit.maximum:
                self.add(counted, "<=", limit.maximum)

    def _seats(self, tasks: list[int], evaluators: list[int]) -> list:
        return [self.seat[task, one] for task in tasks for one in evaluators if (task, one) in self.seat]

    def add(self, terms: list | Mapping, sense: str, right: float, passing: bool = False) -> None:
        """One row: a sum of variables (or coefficient x variable) against a number; `passing` ones can be taken back."""
        weighted = terms if isinstance(terms, Mapping) else dict.fromkeys(terms, 1)
        name = f"row_{self._rows}"
        self._rows += 1
        left = pulp.LpAffineExpression(weighted)
        self.lp += (left <= right if sense == "<=" else left >= right if sense == ">=" else left == right), name
        if passing:
            self._passing.append(name)

    def drop_passing(self) -> None:
        """Take back the rows added as passing."""
        for name in self._passing:
            del self.lp._constraints[name]
        self._passing.clear()

    def new_number(self, name: str, most: float, whole: bool = True) -> pulp.LpVariable:
        """One more variable, 0 to `most`."""
        return self.lp.add_variable(name, 0, most, "Integer" if whole else "Continuous")

    def minimise(self, costs: Mapping, control: Control, gap: float = 0.5) -> Answer:
        """Solve for the least sum of costs, proved when `outcome` is OPTIMAL to within `gap` units of cost."""
        self.lp.setObjective(pulp.LpAffineExpression(costs))
        if control.stopped():
            return Answer(NOTHING)
        self.lp.solve(QuietHiGHS(control, gap))
        info = self.lp.solverModel.getInfo()
        if self.lp.sol_status == pulp.LpSolutionInfeasible:
            return Answer(INFEASIBLE)
        if self.lp.sol_status == pulp.LpSolutionOptimal:
            return Answer(OPTIMAL, self._found(), info.mip_dual_bound)
        if info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible):
            return Answer(FEASIBLE, self._found(), info.mip_dual_bound)
        return Answer(NOTHING, bound=info.mip_dual_bound)

    def _found(self) -> frozenset[tuple[int, int]]:
        return frozenset(pair for pair, variable in self.seat.items() if (variable.varValue or 0) > 0.5)


def _open_pairs(problem: Problem) -> list[tuple[int, int]]:
    """Pairs that may sit: listed, free of conflict, task with seats, evaluator with capacity."""
    pairs = []
    for task in np.flatnonzero(problem.seats).tolist():
        allowed = (problem.scores.rows(task, task + 1)[0] != NOT_LISTED) & (problem.capacity > 0)
        allowed[problem.conflicts.of_task(task)] = False
        pairs += [(task, evaluator) for evaluator in np.flatnonzero(allowed).tolist()]
    return pairs
