"""What the engine is measured against: naive PuLP, HiGHS on whole arrays, OR-tools' flow, itself without PuLP."""

from typing import Any

import highspy
import numpy as np
import pulp

from evalhub.domain.allocation import Problem, relaxation, solve
from evalhub.domain.allocation.control import Control
from evalhub.domain.allocation.full_model import FullModel
from evalhub.domain.allocation.gains import Objective, closed_mask, seats_total
from evalhub.domain.allocation.model import Master
from evalhub.domain.allocation.rounding import GAP, costs_of


def open_pairs(problem: Problem) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tasks, evaluators and millionths of every pair that may sit."""
    everyone = np.arange(len(problem.tasks), dtype=np.int32)
    rows, columns = np.nonzero(~closed_mask(problem, everyone))
    return rows, columns, problem.scores.take(everyone)[rows, columns]


def naive_pulp(problem: Problem) -> float:
    """One variable per pair, one constraint per task and evaluator, as a tutorial writes it; total in points."""
    rows, columns, scores = open_pairs(problem)
    model = pulp.LpProblem("naive", pulp.LpMaximize)
    seats = [model.add_variable(f"x_{t}_{e}", 0, 1) for t, e in zip(rows.tolist(), columns.tolist(), strict=True)]
    model += pulp.lpSum(score / 1e6 * seat for score, seat in zip(scores.tolist(), seats, strict=True))
    by_task: list[list[Any]] = [[] for _ in problem.tasks]
    by_evaluator: list[list[Any]] = [[] for _ in problem.evaluators]
    for task, one, seat in zip(rows.tolist(), columns.tolist(), seats, strict=True):
        by_task[task].append(seat)
        by_evaluator[one].append(seat)
    for count, taken in zip(problem.seats.tolist(), by_task, strict=True):
        model += pulp.lpSum(taken) == count
    for most, taken in zip(problem.capacity.tolist(), by_evaluator, strict=True):
        model += pulp.lpSum(taken) <= most
    model.solve(pulp.HiGHS(msg=False, threads=1))
    return float(pulp.value(model.objective))


def full_arrays(problem: Problem) -> float:
    """The whole linear program handed to HiGHS in arrays; total in points."""
    rows, columns, scores = open_pairs(problem)
    count, height, width = len(rows), len(problem.tasks), len(problem.evaluators)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    seats, places = problem.seats.astype(float), problem.capacity.astype(float)
    nothing = np.zeros(0, np.int32)
    lower, upper = np.concatenate([seats, np.full(width, -np.inf)]), np.concatenate([seats, places])
    solver.addRows(height + width, lower, upper, 0, np.zeros(height + width, np.int32), nothing, np.zeros(0))
    entries = np.stack([rows, columns + height], axis=1).ravel().astype(np.int32)
    starts = np.arange(0, 2 * count, 2, dtype=np.int32)
    solver.addCols(
        count, -scores / 1e6, np.zeros(count), np.ones(count), 2 * count, starts, entries, np.ones(2 * count)
    )
    solver.run()
    return float(-solver.getInfo().objective_function_value)


def full_model(problem: Problem) -> float:
    """The engine's readable full model on stock HiGHS, quotas and all; total in points."""
    model = FullModel(problem)
    found = model.minimise(costs_of(problem, model, Objective(1)), Control(), GAP)
    return seats_total(problem, found.seats) / 1e6


def flow(problem: Problem) -> float:
    """OR-tools' minimum-cost flow over every pair; total in points."""
    from ortools.graph.python import min_cost_flow  # a yardstick only: no part of the product

    rows, columns, scores = open_pairs(problem)
    height, width = len(problem.tasks), len(problem.evaluators)
    network = min_cost_flow.SimpleMinCostFlow()
    network.add_arcs_with_capacity_and_unit_cost(rows, columns + height, np.ones(len(rows), np.int64), -scores)
    people = np.arange(width) + height
    network.add_arcs_with_capacity_and_unit_cost(
        people, np.full(width, height + width), problem.capacity.astype(np.int64), np.zeros(width, np.int64)
    )
    supplies = np.concatenate([problem.seats, np.zeros(width, np.int32), [-int(problem.seats.sum())]])
    network.set_nodes_supplies(np.arange(height + width + 1), supplies)
    if network.solve() != network.OPTIMAL:
        raise RuntimeError("the flow found no optimum")
    return -network.optimal_cost() / 1e6


class BareMaster(Master):
    """The same master without its PuLP problem: arrays go to HiGHS alone."""

    def __init__(self, control: Any) -> None:
        super().__init__(control)
        self.counts = [0, 0]

    def add_rows(self, lower, upper, starts=None, columns=None, values=None) -> int:
        first, count = self.counts[0], len(lower)
        self.counts[0] += count
        self.rows = range(self.counts[0])
        starts = np.zeros(count, dtype=np.int32) if starts is None else starts
        columns = np.zeros(0, dtype=np.int32) if columns is None else columns
        values = np.ones(len(columns)) if values is None else values
        self.highs.addRows(count, lower, upper, len(columns), starts, columns, values)
        return first

    def add_columns(self, costs, upper, starts, rows, values=None) -> int:
        first, count = self.counts[1], len(costs)
        self.counts[1] += count
        values = np.ones(len(rows)) if values is None else values
        self.highs.addCols(count, costs, np.zeros(count), upper, len(rows), starts, rows, values)
        return first

    def change_costs(self, columns, costs) -> None:
        self.highs.changeColsCost(len(columns), columns, costs)

    def solve(self) -> bool:
        self.highs.setOptionValue("simplex_strategy", 1)
        self.highs.run()
        return self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal


def bare_loop(problem: Problem) -> float:
    """The engine's own loop on highspy; total in points."""
    relaxation.Master = BareMaster
    return solve(problem).total / 1e6
