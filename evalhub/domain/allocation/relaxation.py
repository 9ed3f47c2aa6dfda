"""The linear relaxation by column generation: few pairs in a warm master, all pairs priced until none improves.

Rows of panel rules enter once broken. Empty seats and missing minimums cost a small penalty, raised only while they
stay; their sums are rows of their own, so that they can be settled as equations once known.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from evalhub.domain.allocation.control import Control
from evalhub.domain.allocation.gains import Objective, gains_at
from evalhub.domain.allocation.model import INFINITE, SCALE, Master
from evalhub.domain.allocation.pricing import Pricer, Prices
from evalhub.domain.allocation.problem import MICRO, Problem
from evalhub.domain.allocation.rules_rows import RuleFinder, RuleRow

Floats, Integers = NDArray[np.float64], NDArray[np.int32]
PENALTIES = (1.5, 20.0, 1000.0)
"""Points an empty seat or a missing minimum costs, in turn while any stays."""
PER_TASK = 6
SPARE = 3
FEW_ROWS = 0.005
SAMPLE_SHARE, SAMPLE_LEAST = 0.12, 300


@dataclass(frozen=True)
class Point:
    """A solution: seats as a sparse table (task numbers x evaluators), empty seats, missing minimums."""

    seats: sparse.csr_matrix
    empty: Floats
    missing: Floats
    value: float
    bound: float


@dataclass(frozen=True)
class FloorRows:
    """What `fair` asks of each task: `needs` millionths over its `filled` seats; a slack shared by all costs `slack_cost`."""

    filled: NDArray[np.int64]
    needs: NDArray[np.int64]
    slack_cost: float


class Relaxation:
    """The master over `tasks` (positions, all by default) under an objective; see `solve`.

    Args:
        capacity: seats per evaluator; the problem's own by default, scaled ones for a sample.
        most: greatest value of a pair: 1, or the greatest probability of a lottery.
        floors: rows on the sum of suitability of each task, for the objective `fair`.
    """

    def __init__(
        self,
        problem: Problem,
        control: Control,
        objective: Objective,
        tasks: Integers | None = None,
        capacity: Floats | None = None,
        most: float = 1.0,
        floors: "FloorRows | None" = None,
    ) -> None:
        self.problem, self.control, self.objective, self.most = problem, control, objective, most
        self.tasks = np.arange(len(problem.tasks), dtype=np.int32) if tasks is None else tasks
        self.whole = tasks is None
        self.pricer = Pricer(problem, objective, self.tasks)
        self.finder = RuleFinder(problem, self.tasks)
        self.master = Master(control)
        self.column_tasks: list[Integers] = []
        self.column_evaluators: list[Integers] = []
        self.known = np.zeros(0, dtype=np.int64)
        self.active: dict[RuleRow, int] = {}
        self.rules_of_task: dict[int, list[tuple[int, set[int]]]] = defaultdict(list)
        self.limits_of: dict[int, list[tuple[int, set[int]]]] = defaultdict(list)
        self.rounds = 0
        self.floors, self.floor_start = floors, None if floors is None else 0
        self._build(problem.capacity.astype(np.float64) if capacity is None else capacity)

    @property
    def columns(self) -> int:
        """Pairs in the master."""
        return len(self.known)

    def _build(self, capacity: Floats) -> None:
        height, width = len(self.tasks), len(capacity)
        seats = self.problem.seats[self.tasks].astype(np.float64)
        self.master.add_rows(seats, seats)
        self.master.add_rows(np.full(width, -INFINITE), capacity)
        self.wishing = np.flatnonzero(self.problem.minimum).astype(np.int32) if self.whole else np.zeros(0, np.int32)
        wishes = self.problem.minimum[self.wishing].astype(np.float64)
        self.minimum_start = self.master.add_rows(wishes, np.full(len(wishes), INFINITE))
        self.minimum_row = dict(zip(self.wishing.tolist(), range(self.minimum_start, 10**9), strict=False))
        self.empty_total = self.master.add_rows(np.zeros(2), np.full(2, INFINITE))
        self.load_start = height
        self.penalties = (PENALTIES[0] * MICRO / SCALE,) * 2
        self._slack_columns(np.arange(height, dtype=np.int32), seats, 0)
        wished = np.arange(self.minimum_start, self.minimum_start + len(wishes), dtype=np.int32)
        self._slack_columns(wished, wishes, 1)
        self.slack_end = self.pair_start = height + len(wishes)
        if self.floors is not None:
            self._floor_rows(self.floors)

    def _floor_rows(self, floors: "FloorRows") -> None:
        """sum of suitability + filled x shared slack >= need, and the empty seats of each task as they are settled."""
        height = len(self.tasks)
        self.floor_start = self.master.add_rows(floors.needs / SCALE, np.full(height, INFINITE))
        rows = np.flatnonzero(floors.filled).astype(np.int32) + self.floor_start
        weights = floors.filled[floors.filled > 0].astype(np.float64)
        most = np.array([MICRO / SCALE * 2.0])
        self.master.add_columns(np.array([floors.slack_cost]), most, np.zeros(1, np.int32), rows, weights)
        empty = (self.problem.seats - floors.filled).astype(np.float64)
        self.master.change_bounds(np.arange(height, dtype=np.int32), empty, empty)
        self.pair_start += 1

    def _slack_columns(self, rows: Integers, most: Floats, kind: int) -> None:
        total = np.full(len(rows), self.empty_total + kind)
        entries = np.stack([rows, total], axis=1).ravel().astype(np.int32)
        starts = np.arange(0, 2 * len(rows), 2, dtype=np.int32)
        self.master.add_columns(np.full(len(rows), self.penalties[kind]), most, starts, entries)

    def add_pairs(self, tasks: Integers, evaluators: Integers) -> None:
        """Put pairs (task numbers, evaluators) into the master; those already there are left out."""
        keys = tasks.astype(np.int64) * len(self.problem.evaluators) + evaluators
        keys, first = np.unique(keys, return_index=True)
        new = first[~np.isin(keys, self.known, assume_unique=True)]
        tasks, evaluators = tasks[new], evaluators[new]
        if not len(tasks):
            return
        self.known = np.union1d(self.known, keys)
        gains = gains_at(self.problem, self.objective, self.tasks[tasks], evaluators)
        rows, starts = self._entries(tasks, evaluators)
        values = None
        if self.floor_start is not None:
            values = np.ones(len(rows))
            scores = self.problem.scores.at(self.tasks[tasks], evaluators) / SCALE
            values[starts + 2] = scores
        self.master.add_columns(-gains / SCALE, np.full(len(tasks), self.most), starts, rows, values)
        self.column_tasks.append(tasks)
        self.column_evaluators.append(evaluators)

    def add_seats(self, seats: Iterable[tuple[int, int]]) -> None:
        """Put seats (positions; every task is here) into the master as pairs."""
        both = np.array(sorted(seats), dtype=np.int32).reshape(-1, 2)
        self.add_pairs(both[:, 0], both[:, 1])

    def _entries(self, tasks: Integers, evaluators: Integers) -> tuple[Integers, Integers]:
        """Rows of each new column in compressed form; the floor row, where there is one, stands third."""
        entries: list[int] = []
        starts: list[int] = []
        plain = not self.rules_of_task and not self.limits_of and not self.minimum_row and self.floor_start is None
        if plain:
            both = np.stack([tasks, evaluators + self.load_start], axis=1).ravel()
            return both.astype(np.int32), np.arange(0, len(both), 2, dtype=np.int32)
        for task, evaluator in zip(tasks.tolist(), evaluators.tolist(), strict=True):
            starts.append(len(entries))
            entries += (task, evaluator + self.load_start)
            if self.floor_start is not None:
                entries.append(self.floor_start + task)
            if evaluator in self.minimum_row:
                entries.append(self.minimum_row[evaluator])
            entries += [row for row, members in self.rules_of_task.get(task, ()) if evaluator in members]
            entries += [row for row, members in self.limits_of.get(evaluator, ()) if task in members]
        return np.array(entries, dtype=np.int32), np.array(starts, dtype=np.int32)

    def add_rules(self, rules: list[RuleRow]) -> None:
        """Put broken rules into the master as rows over the columns there are."""
        tasks, evaluators = self.pairs()
        order = np.lexsort((evaluators, tasks))
        bounds = np.searchsorted(tasks[order], np.arange(len(self.tasks) + 1))
        lower, upper, starts, columns = [], [], [], []
        row = len(self.master.rows)
        for rule in rules:
            starts.append(len(columns))
            members = rule.members(self.problem)
            if rule.kind == "limit":
                numbers = self.finder.limit_tasks[rule.place]
                places = np.concatenate([order[bounds[task] : bounds[task + 1]] for task in numbers.tolist()])
                for evaluator in members.tolist():
                    self.limits_of[evaluator].append((row, set(numbers.tolist())))
            else:
                places = order[bounds[rule.task] : bounds[rule.task + 1]]
                self.rules_of_task[rule.task].append((row, set(members.tolist())))
            columns += (places[np.isin(evaluators[places], members)] + self.pair_start).tolist()
            if rule.kind == "low":
                columns.append(rule.task)
            lower.append(float(rule.bound) if rule.kind == "low" else -INFINITE)
            upper.append(INFINITE if rule.kind == "low" else float(rule.bound))
            self.active[rule] = row
            row += 1
        self.master.add_rows(np.array(lower), np.array(upper), np.array(starts, np.int32), np.array(columns, np.int32))

    def pairs(self) -> tuple[Integers, Integers]:
        """Pairs of the master in the order of their columns."""
        nothing = np.zeros(0, dtype=np.int32)
        self.column_tasks = [np.concatenate([nothing, *self.column_tasks])]
        self.column_evaluators = [np.concatenate([nothing, *self.column_evaluators])]
        return self.column_tasks[0], self.column_evaluators[0]

    def prices(self) -> Prices:
        """Duals of the last solve."""
        _, row_prices, _ = self.master.solution()
        height, width = len(self.tasks), len(self.problem.evaluators)
        loads = row_prices[height : height + width].copy()
        if len(self.wishing):
            loads[self.wishing] += row_prices[self.minimum_start : self.minimum_start + len(self.wishing)]
        rows, limits = [], []
        for rule, row in self.active.items():
            if row < len(row_prices) and abs(row_prices[row]) > 1e-9:
                if rule.kind == "limit":
                    limits.append((self.finder.limit_tasks[rule.place], rule.members(self.problem), row_prices[row]))
                else:
                    rows.append((rule.task, rule.members(self.problem), row_prices[row]))
        rows.sort(key=lambda one: one[0])
        floors = None if self.floor_start is None else row_prices[self.floor_start : self.floor_start + height]
        return Prices(row_prices[:height], loads, floors, rows, limits)

    def start(self, loads: Floats) -> None:
        """First columns at given load prices: the best of each task, and carriers of every tag it must seat."""
        height = len(self.tasks)
        prices = Prices(np.zeros(height), loads, None, [], [])
        wanted = np.ceil(self.problem.seats[self.tasks] / self.most).astype(np.int32)
        tasks, evaluators = self.pricer.best(prices, wanted, SPARE)
        parts = [(tasks, evaluators), self._fixed_pairs()]
        for numbers, rules in self.finder.by_template:
            parts += [self._carriers(numbers, rule.family, loads) for rule in rules if rule.low]
        self.add_pairs(np.concatenate([one for one, _ in parts]), np.concatenate([one for _, one in parts]))
        self._fix()

    def _carriers(self, numbers: Integers, family: int, loads: Floats) -> tuple[Integers, Integers]:
        """The three best carriers of one tag for each of some tasks."""
        members = self.problem.members[family]
        if not len(members):
            return np.zeros(0, np.int32), np.zeros(0, np.int32)
        part = Pricer(self.problem, self.objective, self.tasks[numbers])
        best = np.full(len(self.problem.evaluators), INFINITE)
        best[members] = loads[members]
        empty = Prices(np.zeros(len(numbers)), best, None, [], [])
        rows, evaluators = part.best(empty, np.zeros(len(numbers), np.int32), 3)
        return numbers[rows].astype(np.int32), evaluators

    def best_pairs(self, numbers: Integers, count: int) -> list[tuple[int, int]]:
        """The `count` pairs of greatest reduced gain of each of some tasks (numbers), at the present duals."""
        prices = self.prices()
        part = Pricer(self.problem, self.objective, self.tasks[numbers])
        place = {number: row for row, number in enumerate(numbers.tolist())}
        rows = [(place[task], members, price) for task, members, price in prices.rows if task in place]
        floors = None if prices.floors is None else prices.floors[numbers]
        local = Prices(prices.seats[numbers], prices.loads, floors, rows, [])
        chosen, evaluators = part.best(local, np.zeros(len(numbers), np.int32), count)
        return list(zip(numbers[chosen].tolist(), evaluators.tolist(), strict=True))

    def _fixed_pairs(self) -> tuple[Integers, Integers]:
        number = {task: place for place, task in enumerate(self.tasks.tolist())}
        pairs = [(number[task], one) for task, one in sorted(self.problem.fixed) if task in number]
        both = np.array(pairs, dtype=np.int32).reshape(-1, 2)
        return both[:, 0], both[:, 1]

    def _fix(self) -> None:
        """Fixed seats are columns that cannot leave 1: whatever their reduced gain, it counts."""
        tasks, evaluators = self._fixed_pairs()
        if not len(tasks):
            return
        all_tasks, all_evaluators = self.pairs()
        place = {pair: n for n, pair in enumerate(zip(all_tasks.tolist(), all_evaluators.tolist(), strict=True))}
        columns = [place[pair] + self.pair_start for pair in zip(tasks.tolist(), evaluators.tolist(), strict=True)]
        self.master.change_bounds(np.array(columns, np.int32), np.ones(len(columns)), np.ones(len(columns)))

    def sampled_loads(self) -> Floats:
        """Load prices from a sample of the tasks with capacities scaled to it: what makes the first columns good."""
        height = len(self.tasks)
        count = max(SAMPLE_LEAST, round(height * SAMPLE_SHARE))
        if count * 2 >= height:
            return np.zeros(len(self.problem.evaluators))
        places = np.sort(np.random.default_rng(0).choice(height, count, replace=False)).astype(np.int32)
        tasks = self.tasks[places]
        share = self.problem.seats[tasks].sum() / max(1, self.problem.seats[self.tasks].sum())
        sample = Relaxation(self.problem, self.control, self.objective, tasks, self.problem.capacity * share)
        sample.start(sample.sampled_loads())
        sample.converge()
        return np.maximum(sample.prices().loads, 0.0)

    def solve(self) -> Point | None:
        """The optimum over all pairs, penalties raised while slack stays; None when stopped before."""
        point = None
        for penalty in PENALTIES:
            self.set_penalties(penalty, penalty)
            point = self.converge()
            if point is None or (point.empty.sum() < 1e-6 and point.missing.sum() < 1e-6):
                break
        return point

    def set_penalties(self, empty: float, missing: float) -> None:
        """Costs of an empty seat and of a missing minimum, in points."""
        self.penalties = empty * MICRO / SCALE, missing * MICRO / SCALE
        costs = np.full(self.slack_end, self.penalties[0])
        costs[len(self.tasks) :] = self.penalties[1]
        self.master.change_costs(np.arange(self.slack_end, dtype=np.int32), costs)

    def settle(self, empty: int | None = None, missing: int | None = None) -> None:
        """Make the sums of empty seats and of missing minimums equations."""
        for kind, count in enumerate((empty, missing)):
            if count is not None:
                self.master.fix_row(self.empty_total + kind, count)

    def converge(self) -> Point | None:
        while True:
            if self.control.stopped() or not self.master.solve():
                return None
            self.rounds += 1
            point = self.point(0.0)
            broken = self.finder.broken(point.seats, point.empty, set(self.active))
            if broken:
                self.add_rules(broken)
                if len(broken) > FEW_ROWS * len(self.tasks):
                    continue
            priced = self.pricer.price(self.prices(), self.known, PER_TASK)
            self.control.tell(
                "relaxation", self.rounds, self.columns, None, round((point.value + priced.excess) * SCALE)
            )
            if len(priced.tasks):
                self.add_pairs(priced.tasks, priced.evaluators)
            elif not broken:
                return self.point(priced.excess)

    def point(self, excess: float) -> Point:
        """The master's present solution; its value plus `excess` bounds every allocation's gain less penalties."""
        values, _, cost = self.master.solution()
        tasks, evaluators = self.pairs()
        pairs = values[self.pair_start : self.pair_start + len(tasks)]
        used = pairs > 1e-9
        shape = len(self.tasks), len(self.problem.evaluators)
        seats = sparse.csr_matrix((pairs[used], (tasks[used], evaluators[used])), shape=shape)
        height = len(self.tasks)
        return Point(seats, values[:height], values[height : self.slack_end], -cost, -cost + excess)
