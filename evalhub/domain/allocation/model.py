"""The one module that touches the names of PuLP and HiGHS: an integer program, and a master that stays warm.

Everything is minimised: with a maximum, HiGHS and CBC return duals of opposite sign. On a time limit HiGHS reports
status "Optimal"; only `sol_status` tells the truth. Integer solves return no duals: they come from the master.
"""

import contextlib
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import highspy
import numpy as np
import pulp
from numpy.typing import NDArray

from evalhub.domain.allocation.control import Control

SCALE = 1000
"""Millionths per unit of cost in the solver: costs of 0 to 1,000 suit its tolerances of 1e-7."""

OPTIMAL, FEASIBLE, INFEASIBLE, NOTHING = "optimal", "feasible", "infeasible", "nothing"
INFINITE = highspy.kHighsInf
Floats, Integers = NDArray[np.float64], NDArray[np.int32]
_banner_lock = threading.Lock()


def versions() -> tuple[str, str]:
    """Versions of HiGHS and PuLP."""
    return version("highspy"), version("pulp")


@dataclass(frozen=True)
class Answer:
    """What one integer solve found: variables set to one (in order), and the solver's bound in units of cost."""

    outcome: str
    chosen: tuple[Any, ...] = ()
    bound: float | None = None


class QuietHiGHS(pulp.HiGHS):  # type: ignore[misc]
    """HiGHS on one thread without its banner, stopped through `control`, the model handed over in one piece."""

    def __init__(self, control: Control, gap: float, start: Floats | None = None) -> None:
        super().__init__(
            msg=False, threads=1, gapAbs=gap, gapRel=0.0, timeLimit=control.remaining(), random_seed=0,
            mip_feasibility_tolerance=1e-9, primal_feasibility_tolerance=1e-9,
            callbackTuple=(_interrupt, control),
            callbacksToActivate=[
                highspy.cb.HighsCallbackType.kCallbackMipInterrupt,
                highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt,
            ],
        )  # fmt: skip
        self._start = start

    def createAndConfigureSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802
        with _without_banner():
            super().createAndConfigureSolver(lp)

    def buildSolverModel(self, lp: pulp.LpProblem) -> None:  # noqa: N802
        columns = lp.variables()
        for number, column in enumerate(columns):
            column.index = number
        rows = list(lp._constraints.values())
        for number, row in enumerate(rows):
            row.index = number
        count = len(columns)
        costs = np.array([lp.objective.get(column, 0.0) for column in columns], dtype=np.float64)
        lower = np.array([column.lowBound for column in columns], dtype=np.float64)
        upper = np.array([column.upBound for column in columns], dtype=np.float64)
        nothing = np.zeros(0, dtype=np.int32)
        lp.solverModel.addCols(count, costs, lower, upper, 0, np.zeros(count, dtype=np.int32), nothing, np.zeros(0))
        whole = np.array([column.cat == pulp.LpInteger for column in columns])
        kinds = np.where(whole, int(highspy.HighsVarType.kInteger), int(highspy.HighsVarType.kContinuous))
        lp.solverModel.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kinds.astype(np.uint8))
        index = np.array([column.index for row in rows for column in row], dtype=np.int32)
        values = np.array([value for row in rows for value in row.values()], dtype=np.float64)
        starts = np.cumsum([0] + [len(row) for row in rows])[:-1].astype(np.int32)
        low = np.array([row.getLb() if row.getLb() is not None else -INFINITE for row in rows], dtype=np.float64)
        high = np.array([row.getUb() if row.getUb() is not None else INFINITE for row in rows], dtype=np.float64)
        lp.solverModel.addRows(len(rows), low, high, len(index), starts, index, values)
        if self._start is not None:
            lp.solverModel.setSolution(count, np.arange(count, dtype=np.int32), self._start)


def _interrupt(kind: Any, message: Any, given: Any, wanted: Any, control: Control) -> None:
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


class Program:
    """An integer program in PuLP: rows can be added and taken back between solves, each solve is given its costs."""

    def __init__(self) -> None:
        self.lp = pulp.LpProblem("allocation", pulp.LpMinimize)
        self._rows = 0
        self._passing: list[str] = []

    def number(self, name: str, most: float, whole: bool = True) -> Any:
        """One more variable, 0 to `most`."""
        return self.lp.add_variable(name, 0, most, pulp.LpInteger if whole else pulp.LpContinuous)

    def add(self, terms: list[Any] | Mapping[Any, float], sense: str, right: float, passing: bool = False) -> None:
        """A sum of variables (or of coefficient x variable) against a number; `passing` rows can be taken back."""
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

    def minimise(
        self,
        costs: Mapping[Any, float],
        control: Control,
        gap: float,
        start: Mapping[Any, float] | None = None,
    ) -> Answer:
        """Solve for the least sum of costs, OPTIMAL when proved by the solver to within `gap` units of cost."""
        self.lp.setObjective(pulp.LpAffineExpression(costs))
        if control.stopped():
            return Answer(NOTHING)
        values = None
        if start is not None:
            values = np.array([start.get(column, 0.0) for column in self.lp.variables()])
        self.lp.solve(QuietHiGHS(control, gap, values))
        info = self.lp.solverModel.getInfo()
        bound = info.mip_dual_bound if np.isfinite(info.mip_dual_bound) else None
        if self.lp.sol_status == pulp.LpSolutionInfeasible:
            return Answer(INFEASIBLE)
        chosen = tuple(column for column in self.lp.variables() if (column.varValue or 0) > 0.5)
        if self.lp.sol_status == pulp.LpSolutionOptimal:
            return Answer(OPTIMAL, chosen, bound)
        if info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible):
            return Answer(FEASIBLE, chosen, bound)
        return Answer(NOTHING, bound=bound)


class WarmHiGHS(pulp.HiGHS):  # type: ignore[misc]
    """One HiGHS that lives as long as its master: each solve hands over only what is new and starts where it ended.

    It is called directly, not through `LpProblem.solve`, which would walk over every variable and row each time.
    """

    def __init__(self, master: "Master") -> None:
        super().__init__(msg=False, threads=1)
        self.master = master

    def actualSolve(self, lp: pulp.LpProblem, **kwargs: Any) -> int:  # noqa: N802
        lp.solverModel = self.master.highs
        self.master.hand_over()
        self.callSolver(lp)
        optimal = lp.solverModel.getModelStatus() == highspy.HighsModelStatus.kOptimal
        status = pulp.LpStatusOptimal if optimal else pulp.LpStatusNotSolved
        lp.assignStatus(status, pulp.LpSolutionOptimal if optimal else pulp.LpSolutionNoSolutionFound)
        return status


class Master:
    """A linear program that grows by columns and rows, kept as a PuLP problem and warm in one HiGHS.

    Columns and rows are known by their numbers in the order of adding. All coefficients of columns are given as
    (row, value) in compressed form. `self.lp` is the PuLP problem of record: stock PuLP solves it to the same value.
    """

    def __init__(self, control: Control) -> None:
        self.control = control
        self.lp = pulp.LpProblem("master", pulp.LpMinimize)
        self.lp.setObjective(pulp.LpAffineExpression())
        self.columns: list[Any] = []
        self.rows: list[Any] = []
        with _without_banner():
            self.highs = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
            self.highs.setOptionValue(option, value)
        self.highs.setCallback(_interrupt, control)
        self.highs.startCallback(highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt)
        self._pending: list[tuple[str, tuple[Any, ...]]] = []

    def add_rows(
        self,
        lower: Floats,
        upper: Floats,
        starts: Integers | None = None,
        columns: Integers | None = None,
        values: Floats | None = None,
    ) -> int:
        """Add rows over columns already there (none by default); the number of the first."""
        first, count = len(self.rows), len(lower)
        starts = np.zeros(count, dtype=np.int32) if starts is None else starts
        columns = np.zeros(0, dtype=np.int32) if columns is None else columns
        values = np.ones(len(columns)) if values is None else values
        stops = [*starts.tolist()[1:], len(columns)][:count]
        places, weights = columns.tolist(), values.tolist()
        for number, (start, stop, low, high) in enumerate(
            zip(starts.tolist(), stops, lower.tolist(), upper.tolist(), strict=True)
        ):
            terms = {self.columns[place]: weights[at] for at, place in enumerate(places[start:stop], start)}
            sense = (
                pulp.LpConstraintEQ if low == high else pulp.LpConstraintLE if low == -INFINITE else pulp.LpConstraintGE
            )
            row = pulp.LpConstraint(
                pulp.LpAffineExpression(terms),
                sense,
                f"r{first + number}",
                high if sense != pulp.LpConstraintGE else low,
            )
            self.lp._constraints[f"r{first + number}"] = row
            self.rows.append(row)
        self._pending.append(("rows", (count, lower, upper, len(columns), starts, columns, values)))
        return first

    def add_columns(
        self, costs: Floats, upper: Floats, starts: Integers, rows: Integers, values: Floats | None = None
    ) -> int:
        """Add columns from 0 to `upper` with entries in rows already there; the number of the first."""
        first, count = len(self.columns), len(costs)
        values = np.ones(len(rows)) if values is None else values
        stops = [*starts.tolist()[1:], len(rows)][:count]
        places, weights, objective = rows.tolist(), values.tolist(), self.lp.objective
        for number, (start, stop, cost, most) in enumerate(
            zip(starts.tolist(), stops, costs.tolist(), upper.tolist(), strict=True)
        ):
            column = self.lp.add_variable(f"c{first + number}", 0, most)
            objective[column] = cost
            for at in range(start, stop):
                self.rows[places[at]].expr[column] = weights[at]
            self.columns.append(column)
        self._pending.append(("columns", (count, costs, np.zeros(count), upper, len(rows), starts, rows, values)))
        return first

    def change_costs(self, columns: Integers, costs: Floats) -> None:
        """New costs of some columns."""
        for place, cost in zip(columns.tolist(), costs.tolist(), strict=True):
            self.lp.objective[self.columns[place]] = cost
        self._pending.append(("costs", (len(columns), columns, costs)))

    def change_bounds(self, columns: Integers, lower: Floats, upper: Floats) -> None:
        """New bounds of some columns."""
        for place, least, most in zip(columns.tolist(), lower.tolist(), upper.tolist(), strict=True):
            self.columns[place].lowBound, self.columns[place].upBound = least, most
        self._pending.append(("bounds", (len(columns), columns, lower, upper)))

    def fix_row(self, row: int, value: float) -> None:
        """Make one row an equation."""
        constraint = self.rows[row]
        constraint.sense = pulp.LpConstraintEQ
        constraint.changeRHS(value)
        self._pending.append(("row", (row, value, value)))

    def hand_over(self) -> None:
        """Give HiGHS what was added since the last solve."""
        steps = {
            "rows": self.highs.addRows,
            "columns": self.highs.addCols,
            "costs": self.highs.changeColsCost,
            "bounds": self.highs.changeColsBounds,
            "row": self.highs.changeRowBounds,
        }
        for step, arguments in self._pending:
            steps[step](*arguments)
        self._pending.clear()

    def solve(self) -> bool:
        """Solve to optimality by the dual simplex, warm also after columns were added; False when stopped before."""
        WarmHiGHS(self).actualSolve(self.lp)
        return self.lp.sol_status == pulp.LpSolutionOptimal

    def solution(self) -> tuple[Floats, Floats, float]:
        """(value of each column, price of each row, least cost); a price is what one unit more would save."""
        found = self.highs.getSolution()
        return np.array(found.col_value), -np.array(found.row_dual), self.highs.getInfo().objective_function_value
