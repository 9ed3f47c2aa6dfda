"""The sets of seats the rules count, and whether they are nested or disjoint, as dependent rounding needs them."""

from evalhub.domain.allocation.faults import InvalidInstance
from evalhub.domain.allocation.problem import Problem


def nested_sets(problem: Problem, task: int) -> list[frozenset[int]]:
    """The different sets of evaluators the rules of one task count, the largest first."""
    sets = {frozenset(problem.members[rule.family].tolist()) for rule in problem.rules_of(task)}
    sets |= {frozenset((pair.first, pair.second)) for pair in problem.apart}
    sets |= {frozenset(one.evaluators.tolist()) for one in problem.limits if one.tasks.tolist() == [task]}
    return sorted(sets, key=lambda members: (-len(members), sorted(members)))


def own_limits(problem: Problem) -> dict[int, list[tuple[int, frozenset[int]]]]:
    """Limits on one evaluator alone over several tasks: (number, tasks), the fewest tasks first."""
    found: dict[int, list[tuple[int, frozenset[int]]]] = {}
    for number, limit in enumerate(problem.limits):
        if len(limit.evaluators) == 1 and len(limit.tasks) > 1:
            found.setdefault(int(limit.evaluators[0]), []).append((number, frozenset(limit.tasks.tolist())))
    for limits in found.values():
        limits.sort(key=lambda one: (len(one[1]), one[0]))
    return found


def check_lottery(problem: Problem, task_order: list[int]) -> None:
    """Refuse by path what dependent rounding cannot keep: fixed seats, and sets neither nested nor disjoint.

    Args:
        task_order: the caller's number of the task at each position.
    """
    if problem.fixed:
        raise InvalidInstance("fixed", "not_in_a_lottery")
    for task in range(len(problem.tasks)):
        rules = problem.rules_of(task)
        for place, rule in enumerate(rules):
            one = set(problem.members[rule.family].tolist())
            for other in rules[:place]:
                if _cross(one, set(problem.members[other.family].tolist())):
                    path = f"tasks[{task_order[task]}].quotas[{rule.quota}]"
                    raise InvalidInstance(path, "not_nested_or_disjoint", with_quota=other.quota)
        _check_apart(problem, task)
    _check_limits(problem)


def _check_apart(problem: Problem, task: int) -> None:
    pairs = [{pair.first, pair.second} for pair in problem.apart]
    sets = [set(problem.members[rule.family].tolist()) for rule in problem.rules_of(task)]
    for number, pair in enumerate(pairs):
        if any(_cross(pair, other) for other in sets + pairs[:number]):
            raise InvalidInstance(f"apart[{number}]", "not_nested_or_disjoint")


def _check_limits(problem: Problem) -> None:
    for number, limit in enumerate(problem.limits):
        tasks, evaluators = set(limit.tasks.tolist()), set(limit.evaluators.tolist())
        if len(tasks) > 1 and len(evaluators) > 1:
            raise InvalidInstance(f"limits[{number}]", "several_tasks_and_evaluators_in_a_lottery")
        if len(tasks) == 1 and any(_cross(evaluators, set(other)) for other in nested_sets(problem, min(tasks))):
            raise InvalidInstance(f"limits[{number}]", "not_nested_or_disjoint")
        if len(evaluators) == 1 and len(tasks) > 1:
            others = own_limits(problem)[min(evaluators)]
            if any(_cross(tasks, set(other)) for _, other in others):
                raise InvalidInstance(f"limits[{number}]", "not_nested_or_disjoint")


def _cross(one: set[int], other: set[int]) -> bool:
    return bool(one & other) and bool(one - other) and bool(other - one)
