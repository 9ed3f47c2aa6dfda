"""The readable full model: one binary per pair that may sit, one integer per task for its empty seats.

    (seat)   sum_e x[t,e] + empty[t] = seats[t]
    (load)   sum_t x[t,e] <= capacity[e];  sum_t x[t,e] + missing[e] >= minimum[e]
    (low)    carriers in t + empty[t] >= min;   (high) sharers in t <= max
    (apart)  x[t,a] + x[t,b] <= 1;              (limit) seats in the rectangle <= max

The whole problem is the reference for small instances; over some tasks and pairs, with the rest of the seats given, it
is the integer step of the large ones.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from evalhub.domain.allocation.control import Control
from evalhub.domain.allocation.model import Program
from evalhub.domain.allocation.problem import Problem
from evalhub.domain.allocation.scores import NOT_LISTED

Pair = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """Outcome of one solve (see `model`), the seats it chose (positions), and the bound in units of cost."""

    outcome: str
    seats: frozenset[Pair] = frozenset()
    bound: float | None = None


class FullModel:
    """The problem over some tasks and pairs, everybody else's seats given.

    Args:
        problem: the rules.
        pairs: positions that may be seated; all that may sit when None.
        seated: seats outside `tasks` that stay as they are and count for loads and limits.
        tasks: tasks to decide; all when None.
    """

    def __init__(
        self,
        problem: Problem,
        pairs: list[Pair] | None = None,
        seated: Iterable[Pair] = (),
        tasks: Iterable[int] | None = None,
    ) -> None:
        self.problem = problem
        self.program = Program()
        self.seated = list(seated)
        self.tasks = sorted(range(len(problem.tasks)) if tasks is None else tasks)
        self.pairs = open_pairs(problem) if pairs is None else sorted(pairs)
        self.seat = {pair: self.program.number(f"x_{pair[0]}_{pair[1]}", 1) for pair in self.pairs}
        self.empty = {task: self.program.number(f"empty_{task}", int(problem.seats[task])) for task in self.tasks}
        self._pair_of = {variable: pair for pair, variable in self.seat.items()}
        self._by_task: dict[int, dict[int, Any]] = {task: {} for task in self.tasks}
        for (task, evaluator), variable in self.seat.items():
            self._by_task[task][evaluator] = variable
        for pair in problem.fixed:
            if pair in self.seat:
                self.seat[pair].lowBound = 1
        self._add_seats_and_loads()
        self._add_panel_rules()
        self._add_limits()

    def _add_seats_and_loads(self) -> None:
        loads = Counter(evaluator for _, evaluator in self.seated)
        columns: dict[int, list[Any]] = {}
        for (_, evaluator), variable in self.seat.items():
            columns.setdefault(evaluator, []).append(variable)
        for task in self.tasks:
            self.program.add([*self._by_task[task].values(), self.empty[task]], "==", int(self.problem.seats[task]))
        for evaluator, variables in columns.items():
            room = int(self.problem.capacity[evaluator]) - loads[evaluator]
            if len(variables) > room:
                self.program.add(variables, "<=", room)
        self.missing = {}
        for evaluator in np.flatnonzero(self.problem.minimum).tolist():
            wish = int(self.problem.minimum[evaluator]) - loads[evaluator]
            if wish > 0:
                self.missing[evaluator] = self.program.number(f"missing_{evaluator}", wish)
                self.program.add([*columns.get(evaluator, []), self.missing[evaluator]], ">=", wish)

    def _add_panel_rules(self) -> None:
        members = [set(one.tolist()) for one in self.problem.members]
        for task, seats in self._by_task.items():
            for rule in self.problem.rules_of(task):
                counted = [variable for one, variable in seats.items() if one in members[rule.family]]
                if rule.low:
                    self.program.add([*counted, self.empty[task]], ">=", rule.low)
                if len(counted) > rule.high:
                    self.program.add(counted, "<=", rule.high)
            for pair in self.problem.apart:
                if pair.first in seats and pair.second in seats:
                    self.program.add([seats[pair.first], seats[pair.second]], "<=", 1)

    def _add_limits(self) -> None:
        for limit in self.problem.limits:
            evaluators, tasks = set(limit.evaluators.tolist()), set(limit.tasks.tolist())
            counted = [self.seat[pair] for pair in self.pairs if pair[0] in tasks and pair[1] in evaluators]
            used = sum(task in tasks and evaluator in evaluators for task, evaluator in self.seated)
            if len(counted) + used > limit.maximum:
                self.program.add(counted, "<=", limit.maximum - used)

    def minimise(
        self, costs: Mapping[Any, float], control: Control, gap: float = 0.5, start: Iterable[Pair] | None = None
    ) -> Found:
        """Least sum of costs; the seats found include the given ones."""
        answer = self.program.minimise(costs, control, gap, None if start is None else self._values(start))
        chosen = {self._pair_of[variable] for variable in answer.chosen if variable in self._pair_of}
        return Found(
            answer.outcome, frozenset(chosen.union(self.seated)) if answer.chosen else frozenset(), answer.bound
        )

    def _values(self, seats: Iterable[Pair]) -> dict[Any, float]:
        """Values of the variables at given seats, as a start for the solver."""
        chosen = [pair for pair in seats if pair in self.seat]
        values = {self.seat[pair]: 1.0 for pair in chosen}
        filled = Counter(task for task, _ in chosen)
        values |= {empty: float(self.problem.seats[task] - filled[task]) for task, empty in self.empty.items()}
        loads = Counter(evaluator for _, evaluator in chosen)
        return values | {
            variable: max(0.0, float(variable.upBound - loads[evaluator]))
            for evaluator, variable in self.missing.items()
        }


def open_pairs(problem: Problem, tasks: Iterable[int] | None = None) -> list[Pair]:
    """Pairs that may sit: listed, free of conflict, task with seats, evaluator with capacity."""
    pairs: list[Pair] = []
    for task in np.flatnonzero(problem.seats).tolist() if tasks is None else tasks:
        allowed = (problem.scores.rows(task, task + 1)[0] != NOT_LISTED) & (problem.capacity > 0)
        allowed[problem.conflicts.of_task(task)] = False
        pairs += [(task, evaluator) for evaluator in np.flatnonzero(allowed).tolist()]
    return pairs
