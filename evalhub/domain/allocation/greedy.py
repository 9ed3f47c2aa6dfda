"""A first allocation at once: task by task the best candidates that keep every rule, for runs stopped early."""

from collections import Counter

import numpy as np

from evalhub.domain.allocation.gains import Seats, closed_mask
from evalhub.domain.allocation.problem import Problem

CANDIDATES = 300


class _Seating:
    """Seats given so far, and whether one more keeps every rule."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.families: list[set[int]] = [set() for _ in problem.evaluators]
        for family, members in enumerate(problem.members):
            for evaluator in members.tolist():
                self.families[evaluator].add(family)
        self.apart: dict[int, set[int]] = {}
        for pair in problem.apart:
            self.apart.setdefault(pair.first, set()).add(pair.second)
            self.apart.setdefault(pair.second, set()).add(pair.first)
        self.limits = [(set(one.tasks.tolist()), set(one.evaluators.tolist()), one.maximum) for one in problem.limits]
        self.loads: Counter[int] = Counter()
        self.used: Counter[int] = Counter()
        self.panels: dict[int, set[int]] = {}

    def may_sit(self, task: int, evaluator: int) -> bool:
        panel = self.panels.setdefault(task, set())
        left = self.problem.tasks[task].seats - len(panel) - 1
        if left < 0 or evaluator in panel or self.loads[evaluator] >= self.problem.evaluators[evaluator].capacity:
            return False
        if panel & self.apart.get(evaluator, set()):
            return False
        for rule in self.problem.rules_of(task):
            counted = sum(rule.family in self.families[one] for one in panel) + (
                rule.family in self.families[evaluator]
            )
            if counted > rule.high or counted + left < rule.low:
                return False
        return all(
            self.used[number] < most
            for number, (tasks, evaluators, most) in enumerate(self.limits)
            if task in tasks and evaluator in evaluators
        )

    def seat(self, task: int, evaluator: int) -> None:
        self.panels.setdefault(task, set()).add(evaluator)
        self.loads[evaluator] += 1
        for number, (tasks, evaluators, _) in enumerate(self.limits):
            self.used[number] += task in tasks and evaluator in evaluators


def greedy_seats(problem: Problem) -> Seats:
    """Seats that break no rule, the fixed ones among them; nothing is claimed of their quality."""
    seating = _Seating(problem)
    for task, evaluator in problem.fixed:
        seating.seat(task, evaluator)
    for task in np.flatnonzero(problem.seats).tolist():
        place = np.array([task], dtype=np.int32)
        row = np.where(closed_mask(problem, place)[0], -1, problem.scores.take(place)[0])
        best = np.argsort(-row, kind="stable")[:CANDIDATES].tolist()
        for evaluator in best:
            if row[evaluator] >= 0 and seating.may_sit(task, evaluator):
                seating.seat(task, evaluator)
    return frozenset((task, one) for task, panel in seating.panels.items() for one in panel)
