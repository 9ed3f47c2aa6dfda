"""Panel rules, apart pairs and limits as rows of the master, added only once a solution breaks them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from evalhub.domain.allocation.problem import Problem

Integers = NDArray[np.int32]
SLACK = 1e-6


@dataclass(frozen=True)
class RuleRow:
    """One broken rule: `kind` high, low, apart or limit; `place` is the family, apart pair or limit it belongs to.

    `task` is the number among the relaxation's tasks (-1 for a limit); `quota` the quota it comes from, -1 for none.
    """

    kind: str
    task: int
    place: int
    bound: int
    quota: int = -1

    def members(self, problem: Problem) -> Integers:
        """Evaluators the row counts, ascending."""
        if self.kind == "apart":
            pair = problem.apart[self.place]
            return np.array([pair.first, pair.second], dtype=np.int32)
        return problem.limits[self.place].evaluators if self.kind == "limit" else problem.members[self.place]


class RuleFinder:
    """Finds the rules a fractional solution over `tasks` (positions) breaks."""

    def __init__(self, problem: Problem, tasks: Integers) -> None:
        self.problem, self.tasks = problem, tasks
        shape = len(problem.evaluators), len(problem.members)
        rows = np.concatenate([*problem.members, np.zeros(0, dtype=np.int32)])
        columns = np.repeat(np.arange(shape[1]), [len(one) for one in problem.members])
        self.carries = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
        template_of = problem.template_of[tasks]
        self.by_template = [
            (np.flatnonzero(template_of == template), problem.templates[template])
            for template in np.unique(template_of).tolist()
            if problem.templates[template]
        ]
        number = {task: place for place, task in enumerate(tasks.tolist())}
        self.limit_tasks = [
            np.array([number[task] for task in limit.tasks.tolist() if task in number], dtype=np.int32)
            for limit in problem.limits
        ]

    def broken(self, solution: sparse.csr_matrix, empty: NDArray[np.float64], known: set[RuleRow]) -> list[RuleRow]:
        """Broken rules not yet `known`; `solution` is tasks x evaluators, `empty` the empty seats per task."""
        found: list[RuleRow] = []
        for numbers, rules in self.by_template:
            counts = solution[numbers] @ self.carries
            families = np.array([rule.family for rule in rules])
            seated = counts[:, families].toarray()
            high = np.array([rule.high for rule in rules])
            low = np.array([rule.low for rule in rules])
            for row, column in np.argwhere(seated > high[None, :] + SLACK).tolist():
                found.append(
                    self._row("high", numbers[row], rules[column].family, rules[column].high, rules[column].quota)
                )
            lacking = seated + empty[numbers, None] < low[None, :] - SLACK
            for row, column in np.argwhere(lacking).tolist():
                found.append(
                    self._row("low", numbers[row], rules[column].family, rules[column].low, rules[column].quota)
                )
        return [row for row in found + self._apart(solution) + self._limits(solution) if row not in known]

    @staticmethod
    def _row(kind: str, task: int, place: int, bound: int, quota: int) -> RuleRow:
        return RuleRow(kind, int(task), place, bound, quota)

    def _apart(self, solution: sparse.csr_matrix) -> list[RuleRow]:
        if not self.problem.apart:
            return []
        by_evaluator = solution.tocsc()
        firsts = [pair.first for pair in self.problem.apart]
        seconds = [pair.second for pair in self.problem.apart]
        together = (by_evaluator[:, firsts] + by_evaluator[:, seconds]).tocoo()
        broken = together.data > 1 + SLACK
        return [
            RuleRow("apart", int(task), int(place), 1)
            for task, place in sorted(zip(together.row[broken], together.col[broken], strict=True))
        ]

    def _limits(self, solution: sparse.csr_matrix) -> list[RuleRow]:
        if not self.problem.limits:
            return []
        by_evaluator = solution.tocsc()
        found = []
        for place, (limit, tasks) in enumerate(zip(self.problem.limits, self.limit_tasks, strict=True)):
            if by_evaluator[:, limit.evaluators][tasks].sum() > limit.maximum + SLACK:
                found.append(RuleRow("limit", -1, place, limit.maximum))
        return found
