"""Ordered reserves of each panel, and the check of a substitution before it is made."""

from collections.abc import Iterable

import numpy as np

from evalhub.domain.allocation.problem import Problem
from evalhub.domain.allocation.recount import Fault, check
from evalhub.domain.allocation.result import Allocation
from evalhub.domain.allocation.standing import FREE, Seating


def reserves(problem: Problem, allocation: Allocation, count: int) -> dict[str, tuple[str, ...]]:
    """Per task up to `count` reserves, the most suitable first, equal ones by id.

    A reserve has capacity left and keeps every rule in place of at least one of those seated. The first places go to
    whoever lets the most seats be replaced, so that no seat stays without a reserve while one exists. One evaluator
    may be a reserve of several tasks: `check_substitute` looks again when he is called.

    Returns:
        Task id -> evaluator ids, for every task of the problem.
    """
    seating = Seating(problem, (problem.pair(*pair) for pair in allocation.assignments))
    found = {}
    for task, named in enumerate(problem.tasks):
        chosen = _choose(problem, task, _covers(seating, task), count)
        found[named.id] = tuple(problem.evaluators[evaluator].id for evaluator in chosen)
    return found


def _covers(seating: Seating, task: int) -> dict[int, frozenset[int]]:
    """Candidate -> the seated evaluators he can replace; candidates who can replace nobody are left out."""
    covers: dict[int, set[int]] = {}
    room = seating.loads < seating.problem.capacity
    for leaving in seating.panels.get(task, []):
        for candidate in np.flatnonzero((seating.towards(task, leaving) == FREE) & room).tolist():
            covers.setdefault(candidate, set()).add(leaving)
    return {candidate: frozenset(replaced) for candidate, replaced in covers.items()}


def _choose(problem: Problem, task: int, covers: dict[int, frozenset[int]], count: int) -> list[int]:
    row = problem.scores.rows(task, task + 1)[0]
    by_rank = sorted(covers, key=lambda candidate: (-row[candidate], candidate))
    rank = {candidate: place for place, candidate in enumerate(by_rank)}
    chosen: list[int] = []
    bare = set().union(*covers.values())
    while bare and len(chosen) < count:
        best = max(by_rank, key=lambda candidate: (len(bare & covers[candidate]), -rank[candidate]))
        chosen.append(best)
        bare -= covers[best]
    chosen += [candidate for candidate in by_rank if candidate not in chosen][: max(0, count - len(chosen))]
    return sorted(chosen, key=rank.__getitem__)


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
