"""Says why seats stay empty, in counted sets, and what would surely fill one.

Each short task is asked what its empty seats stand for: carriers of a tag whose minimum is not seated, or anybody. The
candidates are then counted once each, under the first thing that keeps them out. A remedy is offered only where it
alone lets a named candidate sit down.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evalhub.domain.allocation.problem import PanelRule, Problem
from evalhub.domain.allocation.recount import family_count
from evalhub.domain.allocation.result import Shortfall
from evalhub.domain.allocation.standing import BELOW_MIN, CODES, FREE, IN_CONFLICT, Seating

REMEDIES_SHOWN = 5


def find_shortfalls(problem: Problem, seats: frozenset[tuple[int, int]]) -> tuple[Shortfall, ...]:
    """Shortfalls of an allocation (positions): short tasks in order, then evaluators below their minimum."""
    seating = Seating(problem, seats)
    filled = np.bincount(np.array([task for task, _ in seats], dtype=np.int64), minlength=len(problem.tasks))
    found = [_of_task(seating, task) for task in np.flatnonzero(filled < problem.seats).tolist()]
    missing = problem.minimum - seating.loads
    found += [
        Shortfall(evaluator=problem.evaluators[one].id, missing=int(missing[one]))
        for one in np.flatnonzero(missing > 0).tolist()
    ]
    return tuple(found)


def _of_task(seating: Seating, task: int) -> Shortfall:
    problem, panel = seating.problem, seating.panels.get(task, [])
    empty = problem.tasks[task].seats - len(panel)
    state = seating.towards(task)
    lacking = [rule for rule in problem.rules_of(task) if rule.low and family_count(problem, rule, panel) < rule.low]
    because, remedies = [], []
    for rule in lacking or [None]:
        reason = _reason(seating, task, rule, state, empty)
        because.append(reason)
        remedies += _raised_capacities(seating, task, rule, state)
        remedies.append({"code": "add_evaluators", "count": reason["needed"]} | _tag(problem, rule))
    if lacking and because[0].get("not_a_carrier"):
        remedies += [
            {"code": "lower_minimum", **_tag(problem, rule), "from": rule.low, "to": family_count(problem, rule, panel)}
            for rule in lacking
        ]
    return Shortfall(task=problem.tasks[task].id, empty_seats=empty, because=tuple(because), remedies=tuple(remedies))


def _tag(problem: Problem, rule: PanelRule | None) -> dict[str, Any]:
    return {} if rule is None else {"tag": problem.families[rule.family][1]}


def _candidates(problem: Problem, rule: PanelRule | None) -> NDArray[np.int32]:
    return np.arange(len(problem.evaluators), dtype=np.int32) if rule is None else problem.members[rule.family]


def _reason(seating: Seating, task: int, rule: PanelRule | None, state: NDArray[np.int8], empty: int) -> dict[str, Any]:
    """Counts of one set of candidates under the first thing that keeps each out."""
    problem = seating.problem
    candidates = _candidates(problem, rule)
    panel = seating.panels.get(task, [])
    needed = empty if rule is None else min(empty, rule.low - family_count(problem, rule, panel))
    reason: dict[str, Any] = {"code": "too_few_evaluators" if rule is None else "too_few_carriers"}
    reason |= _tag(problem, rule) | {"needed": needed, "evaluators" if rule is None else "carriers": len(candidates)}
    for code, name in CODES.items():
        count = int((state[candidates] == code).sum())
        if count:
            reason[name] = count
        if code == IN_CONFLICT and count:
            out = candidates[state[candidates] == IN_CONFLICT].tolist()
            reason["rules"] = sorted({rule for one in out for rule in problem.conflicts.reasons(task, one)})
    free = candidates[state[candidates] == FREE]
    full = int((seating.loads[free] >= problem.capacity[free]).sum())
    reason |= {"at_capacity": full} if full else {}
    reason |= {"in_exchange": len(free) - full} if len(free) > full else {}
    if rule is not None:
        outsiders = int(((state == BELOW_MIN) & (seating.loads < problem.capacity)).sum())
        reason |= {"not_a_carrier": outsiders} if outsiders else {}
    return reason


def _raised_capacities(
    seating: Seating, task: int, rule: PanelRule | None, state: NDArray[np.int8]
) -> list[dict[str, Any]]:
    """One place more for somebody whom nothing but his load keeps out, the most suitable first."""
    problem = seating.problem
    candidates = _candidates(problem, rule)
    full = candidates[(state[candidates] == FREE) & (seating.loads[candidates] >= problem.capacity[candidates])]
    row = problem.scores.rows(task, task + 1)[0]
    best = sorted(full.tolist(), key=lambda one: (-row[one], one))[:REMEDIES_SHOWN]
    return [
        {
            "code": "raise_capacity",
            "evaluator": problem.evaluators[one].id,
            "from": problem.evaluators[one].capacity,
            "to": problem.evaluators[one].capacity + 1,
        }
        for one in best
    ]
