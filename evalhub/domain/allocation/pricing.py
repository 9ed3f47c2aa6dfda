"""Prices every pair of the problem against the master's duals, block by block, and picks the columns worth adding."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evalhub.domain.allocation.gains import Objective, closed_mask
from evalhub.domain.allocation.model import SCALE
from evalhub.domain.allocation.problem import Problem

CELLS = 4_000_000
"""Pairs per block: a few blocks of float32 stay in the cache's reach and far below a gigabyte."""

EXACT_CELLS = 4_000_000
"""Up to so many pairs in all, pricing is done in float64."""

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]


@dataclass(frozen=True)
class Prices:
    """Duals of one solve, in units of cost: per task of the pricer, per evaluator, and per rectangle in `rows`.

    `floors` multiplies suitability (objective `fair`); `rows` holds (number of the task among the pricer's tasks,
    members, price) of every panel rule with a price, ascending by task; `limits` the same with arrays of task numbers.
    """

    seats: Floats
    loads: Floats
    floors: Floats | None
    rows: list[tuple[int, Integers, float]]
    limits: list[tuple[Integers, Integers, float]]

    @cached_property
    def row_tasks(self) -> Integers:
        """Task numbers of `rows`."""
        return np.array([task for task, _, _ in self.rows], dtype=np.int32)


@dataclass(frozen=True)
class Priced:
    """Columns to add (task numbers, evaluators), and the sum of positive reduced gains outside the master."""

    tasks: Integers
    evaluators: Integers
    excess: float


class Pricer:
    """Pricing of `tasks` (positions) x all evaluators."""

    def __init__(self, problem: Problem, objective: Objective, tasks: Integers) -> None:
        self.problem, self.objective, self.tasks = problem, objective, tasks
        self.width = len(problem.evaluators)
        self.exact = len(tasks) * self.width <= EXACT_CELLS
        self.tolerance = 1e-4 if self.exact else 2e-3
        height = max(1, CELLS // max(1, self.width))
        self.blocks = [(start, min(start + height, len(tasks))) for start in range(0, len(tasks), height)]
        self._current = self._current_by_block()

    def _current_by_block(self) -> dict[int, list[tuple[int, int]]]:
        if not self.objective.change_cost:
            return {}
        number = {task: place for place, task in enumerate(self.tasks.tolist())}
        found: dict[int, list[tuple[int, int]]] = {}
        height = self.blocks[0][1] if self.blocks else 1
        for task, evaluator in self.problem.current:
            if task in number:
                found.setdefault(number[task] // height, []).append((number[task] % height, evaluator))
        return found

    def gains(self, block: int, prices: Prices | None = None) -> Floats:
        """Gains of one block in units of cost, -inf for pairs that may not sit."""
        start, stop = self.blocks[block]
        tasks = self.tasks[start:stop]
        kind = np.float64 if self.exact else np.float32
        scores = self.problem.scores.take(tasks).astype(kind)
        scores /= SCALE
        if prices is not None and prices.floors is not None:
            gains = scores * (self.objective.weight - prices.floors[start:stop, None]).astype(kind)
        else:
            gains = scores if self.objective.weight else np.zeros_like(scores)
        for row, evaluator in self._current.get(block, ()):
            gains[row, evaluator] += self.objective.change_cost / SCALE
        gains[closed_mask(self.problem, tasks)] = -np.inf
        return gains

    def reduced(self, block: int, prices: Prices) -> Floats:
        """Gains less the prices of every row the pair is counted in."""
        start, stop = self.blocks[block]
        reduced = self.gains(block, prices)
        reduced -= prices.seats[start:stop, None].astype(reduced.dtype)
        reduced -= prices.loads[None, :].astype(reduced.dtype)
        first, last = np.searchsorted(prices.row_tasks, (start, stop))
        for task, members, price in prices.rows[first:last]:
            reduced[task - start, members] -= price
        for tasks, members, price in prices.limits:
            inside = tasks[(tasks >= start) & (tasks < stop)] - start
            reduced[np.ix_(inside, members)] -= price
        return reduced

    def price(self, prices: Prices, known: NDArray[np.int64], per_task: int) -> Priced:
        """Up to `per_task` best columns of each task not `known` (sorted keys number x width + evaluator)."""
        tasks, evaluators, excess = [], [], 0.0
        for block, (start, stop) in enumerate(self.blocks):
            reduced = self.reduced(block, prices)
            low, high = np.searchsorted(known, (start * self.width, stop * self.width))
            reduced.reshape(-1)[known[low:high] - start * self.width] = -np.inf
            best = reduced.max(axis=1, initial=-np.inf)
            rows = np.flatnonzero(best > self.tolerance)
            if not len(rows):
                continue
            chosen = reduced[rows]
            excess += float(np.maximum(chosen, 0).sum(dtype=np.float64))
            places = top_places(chosen, per_task)
            values = np.take_along_axis(chosen, places, axis=1)
            keep = values > self.tolerance
            tasks.append(np.broadcast_to(rows[:, None] + start, places.shape)[keep])
            evaluators.append(places[keep])
        return Priced(_joined(tasks), _joined(evaluators), excess)

    def best(self, prices: Prices, counts: Integers, per_task: int) -> tuple[Integers, Integers]:
        """The best pairs of each task at given prices: `counts` + `per_task` of them, whatever their sign."""
        tasks, evaluators = [], []
        most = int(counts.max(initial=0)) + per_task
        for block, (start, _) in enumerate(self.blocks):
            reduced = self.reduced(block, prices)
            places = top_places(reduced, most)
            values = np.take_along_axis(reduced, places, axis=1)
            order = np.argsort(-values, axis=1, kind="stable")
            places, values = np.take_along_axis(places, order, axis=1), np.take_along_axis(values, order, axis=1)
            wanted = np.arange(places.shape[1])[None, :] < (counts[start : start + len(places)] + per_task)[:, None]
            rows, columns = np.nonzero(wanted & (values > -np.inf))
            tasks.append(rows + start)
            evaluators.append(places[rows, columns])
        return _joined(tasks), _joined(evaluators)


def top_places(values: Floats, count: int) -> NDArray[np.int64]:
    """Places of the `count` greatest of each row, in no order."""
    if values.shape[1] <= count:
        return np.broadcast_to(np.arange(values.shape[1]), values.shape)
    return np.argpartition(values, values.shape[1] - count, axis=1)[:, -count:]


def _joined(parts: list[NDArray[np.int64]]) -> Integers:
    return np.concatenate(parts).astype(np.int32) if parts else np.zeros(0, dtype=np.int32)
