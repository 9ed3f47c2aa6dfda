"""Ordered reserves of each panel, and the check of a substitution before it is made."""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from evalhub.domain.allocation.problem import Problem
from evalhub.domain.allocation.recount import Fault, check, panel_faults
from evalhub.domain.allocation.result import Allocation
from evalhub.domain.allocation.scores import NOT_LISTED


def reserves(problem: Problem, allocation: Allocation, count: int) -> dict[str, tuple[str, ...]]:
    """Per task up to `count` reserves, the most suitable first, equal ones by id.

    A reserve has capacity left and keeps every rule in place of at least one of those seated. The first places go to
    whoever lets the most seats be replaced, so that no seat stays without a reserve while one exists. One evaluator
    may be a reserve of several tasks: `check_substitute` looks again when he is called.

    Returns:
        Task id -> evaluator ids, for every task of the problem.
    """
    panels: dict[int, list[int]] = {task: [] for task in range(len(problem.tasks))}
    loads: Counter[int] = Counter()
    used: Counter[int] = Counter()
    for task, evaluator in (problem.pair(*pair) for pair in allocation.assignments):
        panels[task].append(evaluator)
        loads[evaluator] += 1
    for number, limit in enumerate(problem.limits):
        used[number] = sum(len(np.intersect1d(panels[task], limit.evaluators)) for task in limit.tasks.tolist())
    found = {}
    for task, panel in panels.items():
        covers = _covers(problem, task, panel, loads, used)
        chosen = _choose(problem, task, covers, count)
        found[problem.tasks[task].id] = tuple(problem.evaluators[evaluator].id for evaluator in chosen)
    return found


def _covers(
    problem: Problem, task: int, panel: list[int], loads: Counter[int], used: Counter[int]
) -> dict[int, frozenset[int]]:
    """Candidate -> the seated evaluators he can replace; candidates who can replace nobody are left out."""
    row = problem.scores.rows(task, task + 1)[0]
    out = set(problem.conflicts.of_task(task).tolist()) | set(panel)
    before = len(panel_faults(problem, task, panel))
    covers = {}
    for candidate in np.flatnonzero(row != NOT_LISTED).tolist():
        if candidate in out or loads[candidate] >= problem.evaluators[candidate].capacity:
            continue
        replaced = frozenset(
            leaving
            for leaving in panel
            if _limits_hold(problem, task, leaving, candidate, used)
            and len(panel_faults(problem, task, [one for one in panel if one != leaving] + [candidate])) <= before
        )
        if replaced:
            covers[candidate] = replaced
    return covers


def _limits_hold(problem: Problem, task: int, leaving: int, candidate: int, used: Counter[int]) -> bool:
    for number, limit in enumerate(problem.limits):
        if task in limit.tasks and candidate in limit.evaluators:
            freed = 1 if leaving in limit.evaluators else 0
            if used[number] - freed + 1 > limit.maximum:
                return False
    return True


def _choose(problem: Problem, task: int, covers: dict[int, frozenset[int]], count: int) -> list[int]:
    row = problem.scores.rows(task, task + 1)[0]
    by_rank = sorted(covers, key=lambda candidate: (-row[candidate], candidate))
    chosen: list[int] = []
    bare = set().union(*covers.values())
    while bare and len(chosen) < count:
        best = max(by_rank, key=lambda candidate: (len(bare & covers[candidate]), -by_rank.index(candidate)))
        chosen.append(best)
        bare -= covers[best]
    chosen += [candidate for candidate in by_rank if candidate not in chosen][: max(0, count - len(chosen))]
    return sorted(chosen, key=by_rank.index)


def check_substitute(
    problem: Problem, assignments: Iterable[tuple[str, str]], task: str, leaving: str | None, candidate: str
) -> list[Fault]:
    """Rules that a substitution would newly break; empty when it may be made.

    Args:
        problem: the rules, with the conflicts known today.
        assignments: all seats as they stand today, the leaving one included (pairs of ids).
        task: id of the task.
        leaving: id of the evaluator who leaves; None fills an empty seat.
        candidate: id of the one who would sit down.
    """
    before = list(assignments)
    after = [pair for pair in before if pair != (task, leaving)] + [(task, candidate)]
    known = check(problem, before)
    return [fault for fault in check(problem, after) if fault not in known]
