"""Says why seats stay empty, in counted sets, and what would surely fill one.

Each short task is asked what its empty seats stand for: carriers of a tag whose minimum is not seated, or anybody. The
candidates are then counted once each, under the first thing that keeps them out. A remedy is offered only where it
alone lets a named candidate sit down.
"""

from collections import Counter, defaultdict
from typing import Any

import numpy as np

from evalhub.domain.allocation.problem import PanelRule, Problem
from evalhub.domain.allocation.recount import family_count, panel_faults
from evalhub.domain.allocation.result import Shortfall
from evalhub.domain.allocation.scores import NOT_LISTED

REMEDIES_SHOWN = 5


def find_shortfalls(problem: Problem, seats: frozenset[tuple[int, int]]) -> tuple[Shortfall, ...]:
    """Shortfalls of an allocation (positions): short tasks in order, then evaluators below their minimum."""
    panels: dict[int, list[int]] = defaultdict(list)
    for task, evaluator in sorted(seats):
        panels[task].append(evaluator)
    loads = Counter(evaluator for _, evaluator in seats)
    found = [
        _of_task(problem, task, panels, loads)
        for task in range(len(problem.tasks))
        if len(panels[task]) < problem.tasks[task].seats
    ]
    for position, evaluator in enumerate(problem.evaluators):
        if loads[position] < evaluator.minimum:
            found.append(Shortfall(evaluator=evaluator.id, missing=evaluator.minimum - loads[position]))
    return tuple(found)


def _of_task(problem: Problem, task: int, panels: dict[int, list[int]], loads: Counter[int]) -> Shortfall:
    panel = panels[task]
    empty = problem.tasks[task].seats - len(panel)
    because, remedies = [], []
    needed_tags = [rule for rule in problem.rules_of(task) if family_count(problem, rule, panel) < rule.low]
    for rule in needed_tags or [None]:
        reason, raisable = _reason(problem, task, rule, panels, loads, empty)
        because.append(reason)
        remedies += [
            {
                "code": "raise_capacity",
                "evaluator": problem.evaluators[one].id,
                "from": problem.evaluators[one].capacity,
                "to": problem.evaluators[one].capacity + 1,
            }
            for one in raisable[:REMEDIES_SHOWN]
        ]
        remedies.append({"code": "add_evaluators", "count": reason["needed"]} | _tag(problem, rule))
    if needed_tags and because[0].get("not_a_carrier"):
        remedies += [
            {"code": "lower_minimum", **_tag(problem, rule), "from": rule.low, "to": family_count(problem, rule, panel)}
            for rule in needed_tags
        ]
    return Shortfall(task=problem.tasks[task].id, empty_seats=empty, because=tuple(because), remedies=tuple(remedies))


def _tag(problem: Problem, rule: PanelRule | None) -> dict[str, Any]:
    return {} if rule is None else {"tag": problem.families[rule.family][1]}


def _reason(
    problem: Problem,
    task: int,
    rule: PanelRule | None,
    panels: dict[int, list[int]],
    loads: Counter[int],
    empty: int,
) -> tuple[dict[str, Any], list[int]]:
    """Counts of one set of candidates, and those whom one more seat of capacity would let in, the best first."""
    panel = panels[task]
    everyone = range(len(problem.evaluators)) if rule is None else problem.members[rule.family].tolist()
    needed = empty if rule is None else min(empty, rule.low - family_count(problem, rule, panel))
    reason: dict[str, Any] = {"code": "too_few_evaluators" if rule is None else "too_few_carriers"}
    reason |= _tag(problem, rule) | {"needed": needed, "carriers" if rule else "evaluators": len(everyone)}
    counts: Counter[str] = Counter()
    rules: set[str] = set()
    raisable = []
    for candidate in everyone:
        kept_out = _kept_out(problem, task, candidate, panels)
        if kept_out is None:
            kept_out = "at_capacity" if loads[candidate] >= problem.evaluators[candidate].capacity else "in_exchange"
            if kept_out == "at_capacity":
                raisable.append(candidate)
        if kept_out == "in_conflict":
            rules.update(problem.conflicts.reasons(task, candidate))
        counts[kept_out] += 1
    for code in ("seated", "in_conflict", "not_listed", "at_limit", "apart", "over_max", "at_capacity", "in_exchange"):
        if counts[code]:
            reason[code] = counts[code]
        if code == "in_conflict" and rules:
            reason["rules"] = sorted(rules)
    if rule is not None:
        outsiders = _welcome_outsiders(problem, task, panels, loads)
        reason |= {"not_a_carrier": outsiders} if outsiders else {}
    row = problem.scores.rows(task, task + 1)[0]
    return reason, sorted(raisable, key=lambda one: (-row[one], one))


def _kept_out(problem: Problem, task: int, candidate: int, panels: dict[int, list[int]]) -> str | None:
    """The first rule of the task that keeps a candidate out; None when only his own load does."""
    if candidate in panels[task]:
        return "seated"
    if problem.conflicts.reasons(task, candidate):
        return "in_conflict"
    if problem.scores.at(np.array([task]), np.array([candidate]))[0] == NOT_LISTED:
        return "not_listed"
    if _at_limit(problem, task, candidate, panels):
        return "at_limit"
    before = {fault.code for fault in panel_faults(problem, task, panels[task])}
    new = {fault.code for fault in panel_faults(problem, task, [*panels[task], candidate])} - before
    return next((code for code in ("apart", "over_max", "below_min") if code in new), None)


def _at_limit(problem: Problem, task: int, candidate: int, panels: dict[int, list[int]]) -> bool:
    for limit in problem.limits:
        if task in limit.tasks and candidate in limit.evaluators:
            used = sum(len(np.intersect1d(panels[other], limit.evaluators)) for other in limit.tasks.tolist())
            if used >= limit.maximum:
                return True
    return False


def _welcome_outsiders(problem: Problem, task: int, panels: dict[int, list[int]], loads: Counter[int]) -> int:
    """Evaluators with room whom nothing but the minimum of a tag keeps out."""
    return sum(
        loads[candidate] < problem.evaluators[candidate].capacity
        and _kept_out(problem, task, candidate, panels) == "below_min"
        for candidate in range(len(problem.evaluators))
    )
