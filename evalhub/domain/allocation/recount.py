"""Counts every rule again on given seats, whoever made them: the engine, a person by hand, or a substitution.

It reads the problem alone and knows nothing of the model, so that a mistake there cannot hide here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from evalhub.domain.allocation.problem import PanelRule, Problem
from evalhub.domain.allocation.scores import NOT_LISTED


@dataclass(frozen=True)
class Fault:
    """One broken rule: a code, where, and the counts or rule codes behind it."""

    code: str
    task: str | None = None
    evaluator: str | None = None
    figures: Mapping[str, Any] = field(default_factory=dict)


def check(problem: Problem, assignments: Iterable[tuple[str, str]]) -> list[Fault]:
    """Every rule the seats break, in a fixed order; empty when they break none.

    Args:
        problem: the rules.
        assignments: pairs (task id, evaluator id).
    """
    seats = sorted(assignments)
    faults = [Fault("duplicate_seat", *pair) for pair, count in Counter(seats).items() if count > 1]
    panels: dict[int, list[int]] = defaultdict(list)
    for task, evaluator in dict.fromkeys(seats):
        if task not in problem.task_position:
            faults.append(Fault("unknown_task", task, evaluator))
        elif evaluator not in problem.evaluator_position:
            faults.append(Fault("unknown_evaluator", task, evaluator))
        else:
            place, position = problem.pair(task, evaluator)
            panels[place].append(position)
    for task, panel in panels.items():
        faults += panel_faults(problem, task, panel)
    for task in set(range(len(problem.tasks))) - panels.keys():
        faults += _minimum_faults(problem, task, [])
    return faults + _load_faults(problem, panels) + _limit_faults(problem, panels) + _fixed_faults(problem, panels)


def panel_faults(problem: Problem, task: int, panel: Sequence[int]) -> list[Fault]:
    """Rules broken inside one panel (positions): conflict, not listed, seats, quotas, apart."""
    faults = []
    name = problem.tasks[task].id
    for evaluator in panel:
        who = problem.evaluators[evaluator].id
        reasons = problem.conflicts.reasons(task, evaluator)
        if reasons:
            faults.append(Fault("conflict", name, who, {"rules": list(reasons)}))
        if problem.scores.at(np.array([task]), np.array([evaluator]))[0] == NOT_LISTED:
            faults.append(Fault("not_listed", name, who))
    if len(panel) > problem.tasks[task].seats:
        faults.append(Fault("over_seats", name, None, {"seated": len(panel), "seats": problem.tasks[task].seats}))
    for rule in problem.rules_of(task):
        carriers = family_count(problem, rule, panel)
        if carriers > rule.high:
            faults.append(Fault("over_max", name, None, _quota(problem, rule) | {"seated": carriers, "max": rule.high}))
    for pair in problem.apart:
        if pair.first in panel and pair.second in panel:
            who = [problem.evaluators[pair.first].id, problem.evaluators[pair.second].id]
            faults.append(Fault("apart", name, None, {"evaluators": who, "rule": pair.rule}))
    return faults + _minimum_faults(problem, task, panel)


def family_count(problem: Problem, rule: PanelRule, panel: Sequence[int]) -> int:
    """How many of the panel the rule counts."""
    return int(np.isin(panel, problem.members[rule.family]).sum())


def _minimum_faults(problem: Problem, task: int, panel: Sequence[int]) -> list[Fault]:
    empty = max(0, problem.tasks[task].seats - len(panel))
    faults = []
    for rule in problem.rules_of(task):
        carriers = family_count(problem, rule, panel)
        if carriers + empty < rule.low:
            figures = _quota(problem, rule) | {"seated": carriers, "empty": empty, "min": rule.low}
            faults.append(Fault("below_min", problem.tasks[task].id, None, figures))
    return faults


def _quota(problem: Problem, rule: PanelRule) -> dict[str, Any]:
    kind, value = problem.families[rule.family]
    return {"tag": value} if kind == "tag" else {"group": kind.removeprefix("group "), "value": value}


def _load_faults(problem: Problem, panels: Mapping[int, list[int]]) -> list[Fault]:
    loads = Counter(evaluator for panel in panels.values() for evaluator in panel)
    return [
        Fault("over_capacity", None, evaluator.id, {"seated": loads[position], "capacity": evaluator.capacity})
        for position, evaluator in enumerate(problem.evaluators)
        if loads[position] > evaluator.capacity
    ]


def _limit_faults(problem: Problem, panels: Mapping[int, list[int]]) -> list[Fault]:
    faults = []
    for number, limit in enumerate(problem.limits):
        members = set(limit.evaluators.tolist())
        used = sum(len(members.intersection(panels.get(task, ()))) for task in limit.tasks.tolist())
        if used > limit.maximum:
            faults.append(Fault("over_limit", None, None, {"limit": number, "seated": used, "max": limit.maximum}))
    return faults


def _fixed_faults(problem: Problem, panels: Mapping[int, list[int]]) -> list[Fault]:
    return [
        Fault("fixed_missing", problem.tasks[task].id, problem.evaluators[evaluator].id)
        for task, evaluator in sorted(problem.fixed)
        if evaluator not in panels.get(task, ())
    ]
