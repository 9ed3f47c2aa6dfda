"""Refuses fixed seats that no allocation could contain, naming the first that breaks a rule."""

from collections import Counter

import numpy as np

from evalhub.domain.allocation.faults import InvalidInstance
from evalhub.domain.allocation.problem import Problem
from evalhub.domain.allocation.scores import NOT_LISTED


def check_fixed(problem: Problem, task_order: list[int]) -> None:
    """Raise InvalidInstance at `fixed[k]` for the first fixed seat that breaks a rule with those before it.

    Args:
        problem: as built; `fixed` still in the caller's order.
        task_order: caller's number of the task at each position, for the path of a minimum that fixed seats rule out.
    """
    if not problem.fixed:
        return
    seated: dict[int, set[int]] = {}
    loads: Counter[int] = Counter()
    used: Counter[int] = Counter()
    for number, (task, evaluator) in enumerate(problem.fixed):
        code = _fault(problem, task, evaluator, seated.setdefault(task, set()), loads) or _limit_fault(
            problem, task, evaluator, used
        )
        if code:
            names = {"task": problem.tasks[task].id, "evaluator": problem.evaluators[evaluator].id}
            raise InvalidInstance(f"fixed[{number}]", code, **names)
        seated[task].add(evaluator)
        loads[evaluator] += 1
    _check_minimums(problem, seated, task_order)


def _fault(problem: Problem, task: int, evaluator: int, panel: set[int], loads: Counter[int]) -> str | None:
    if evaluator in problem.conflicts.of_task(task):
        return "fixed_in_conflict"
    if problem.scores.at(np.array([task]), np.array([evaluator]))[0] == NOT_LISTED:
        return "fixed_not_listed"
    if len(panel) >= problem.tasks[task].seats:
        return "fixed_over_seats"
    if loads[evaluator] >= problem.evaluators[evaluator].capacity:
        return "fixed_over_capacity"
    for rule in problem.rules_of(task):
        members = problem.members[rule.family]
        if evaluator in members and len(panel.intersection(members.tolist())) >= rule.high:
            return "fixed_over_max"
    for pair in problem.apart:
        if evaluator in (pair.first, pair.second) and (pair.first + pair.second - evaluator) in panel:
            return "fixed_apart"
    return None


def _limit_fault(problem: Problem, task: int, evaluator: int, used: Counter[int]) -> str | None:
    for number, limit in enumerate(problem.limits):
        if task in limit.tasks and evaluator in limit.evaluators:
            used[number] += 1
            if used[number] > limit.maximum:
                return "fixed_over_limit"
    return None


def _check_minimums(problem: Problem, seated: dict[int, set[int]], task_order: list[int]) -> None:
    """A minimum that fails although every free seat counts for it can never hold again."""
    for task, panel in seated.items():
        free = problem.tasks[task].seats - len(panel)
        for rule in problem.rules_of(task):
            carriers = len(panel.intersection(problem.members[rule.family].tolist()))
            if carriers + free < rule.low:
                path = f"tasks[{task_order[task]}].quotas[{rule.quota}].min"
                raise InvalidInstance(path, "fixed_below_min", carriers=carriers, free=free, min=rule.low)
