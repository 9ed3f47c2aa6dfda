"""How every evaluator stands towards one panel as it is: free to join it, or kept out by which rule first."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from evalhub.domain.allocation.problem import Problem
from evalhub.domain.allocation.scores import NOT_LISTED

FREE, SEATED, IN_CONFLICT, NOT_LISTED_HERE, AT_LIMIT, APART, OVER_MAX, BELOW_MIN = range(8)
CODES = {
    SEATED: "seated",
    IN_CONFLICT: "in_conflict",
    NOT_LISTED_HERE: "not_listed",
    AT_LIMIT: "at_limit",
    APART: "apart",
    OVER_MAX: "over_max",
    BELOW_MIN: "below_min",
}


class Seating:
    """Seats as they are, with what the rules count about them.

    Attributes:
        panels: task -> evaluators seated (positions).
        loads: seats per evaluator, n.
    """

    def __init__(self, problem: Problem, seats: Iterable[tuple[int, int]]) -> None:
        self.problem = problem
        self.panels: Mapping[int, list[int]] = defaultdict(list)
        for task, evaluator in sorted(seats):
            self.panels[task].append(evaluator)
        members = [one for panel in self.panels.values() for one in panel]
        self.loads = np.bincount(np.array(members, dtype=np.int64), minlength=len(problem.evaluators))
        self._carries = np.zeros((len(problem.members), len(problem.evaluators)), dtype=bool)
        for family, evaluators in enumerate(problem.members):
            self._carries[family, evaluators] = True
        self._templates: dict[int, tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]] = {}
        self._limits_of: dict[int, list[int]] = defaultdict(list)
        self._used: Counter[int] = Counter()
        for number, limit in enumerate(problem.limits):
            inside = set(limit.evaluators.tolist())
            for task in limit.tasks.tolist():
                self._limits_of[task].append(number)
                self._used[number] += sum(one in inside for one in self.panels.get(task, ()))
        self._apart: dict[int, list[int]] = defaultdict(list)
        for pair in problem.apart:
            self._apart[pair.first].append(pair.second)
            self._apart[pair.second].append(pair.first)

    def towards(self, task: int, leaving: int | None = None) -> NDArray[np.int8]:
        """What keeps each evaluator out of a task, FREE or the first rule in the order of the codes, n.

        Args:
            task: position.
            leaving: a seated evaluator whose place is to be taken; an empty seat when None.
        """
        problem, panel = self.problem, [one for one in self.panels.get(task, ()) if one != leaving]
        state = np.zeros(len(problem.evaluators), dtype=np.int8)
        self._mark_rules(state, task, panel)
        for one in panel:
            self._mark(state, self._apart.get(one, []), APART)
        for number in self._limits_of.get(task, ()):
            limit = problem.limits[number]
            freed = leaving is not None and leaving in limit.evaluators
            if self._used[number] - freed >= limit.maximum:
                self._mark(state, limit.evaluators, AT_LIMIT)
        state[problem.scores.rows(task, task + 1)[0] == NOT_LISTED] = NOT_LISTED_HERE
        self._mark(state, problem.conflicts.of_task(task), IN_CONFLICT)
        self._mark(state, self.panels.get(task, []), SEATED)
        return state

    def _mark_rules(self, state: NDArray[np.int8], task: int, panel: list[int]) -> None:
        left = self.problem.tasks[task].seats - len(panel) - 1
        families, low, high = self._rules(int(self.problem.template_of[task]))
        counts = self._carries[np.ix_(families, panel)].sum(axis=1)
        for family in families[counts + left < low].tolist():
            state[~self._carries[family]] = BELOW_MIN
        over = families[counts >= high]
        if len(over):
            state[self._carries[over].any(axis=0)] = OVER_MAX

    def _rules(self, template: int) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        """Families, minimums and maximums of one template's rules."""
        if template not in self._templates:
            rules = self.problem.templates[template]
            columns = [(rule.family, rule.low, rule.high) for rule in rules]
            table = np.array(columns, dtype=np.int32).reshape(-1, 3)
            self._templates[template] = table[:, 0], table[:, 1], table[:, 2]
        return self._templates[template]

    @staticmethod
    def _mark(state: NDArray[np.int8], evaluators: Sequence[int] | NDArray[np.int32], code: int) -> None:
        if len(evaluators):
            state[np.asarray(evaluators)] = code
