"""Answers to "why": why somebody is out of a task, why an eligible one was not chosen, what a rule costs.

All in codes and counts; sentences are made by the caller. Why a task is short is told by `shortfalls`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from evalhub.domain.allocation.problem import Problem
from evalhub.domain.allocation.recount import Fault, check, panel_faults
from evalhub.domain.allocation.result import Allocation
from evalhub.domain.allocation.scores import NOT_LISTED
from evalhub.domain.allocation.validation import conflicts_from_arrays


@dataclass(frozen=True)
class WhyNot:
    """Why an evaluator does not sit in a task.

    `state`: `seated`, `barred` (rules that hold whatever the others do, in `barred_by`), `blocked` (rules of the seats
    as they are, for every place he could take), or `outranked` (he may replace somebody, but the whole would lose).
    `best_swap` is the replacement that would cost least: who leaves, the change of total in millionths, and the rules
    it would break; `price` is how much better he would have to be for the whole, as the certificate prices his seat.
    """

    task: str
    evaluator: str
    state: str
    score: int | None
    barred_by: tuple[Fault, ...] = ()
    best_swap: Mapping[str, Any] = field(default_factory=dict)
    price: int | None = None


def why_not(problem: Problem, allocation: Allocation, task: str, evaluator: str) -> WhyNot:
    """Why `evaluator` does not sit in `task` (ids) in an allocation.

    Raises:
        KeyError: an unknown id.
    """
    place, one = problem.pair(task, evaluator)
    listed = int(problem.scores.at(np.array([place]), np.array([one]))[0])
    score = None if listed == NOT_LISTED else listed
    if (task, evaluator) in allocation.assignments:
        return WhyNot(task, evaluator, "seated", score)
    barred = _barred(problem, place, one)
    if barred:
        return WhyNot(task, evaluator, "barred", score, tuple(barred))
    swap = _best_swap(problem, allocation, task, evaluator, listed)
    state = "blocked" if swap.get("rules") else "outranked"
    return WhyNot(task, evaluator, state, score, (), swap, _price(problem, allocation, place, one, listed))


def _barred(problem: Problem, task: int, evaluator: int) -> list[Fault]:
    """Rules that bar the pair whoever else is seated."""
    alone = panel_faults(problem, task, [evaluator])
    faults = [fault for fault in alone if fault.code in ("conflict", "not_listed", "over_max", "over_seats")]
    if not problem.evaluators[evaluator].capacity:
        figures = {"seated": 0, "capacity": 0}
        faults.append(Fault("over_capacity", None, problem.evaluators[evaluator].id, figures))
    for number, limit in enumerate(problem.limits):
        if not limit.maximum and task in limit.tasks and evaluator in limit.evaluators:
            faults.append(Fault("over_limit", problem.tasks[task].id, None, {"limit": number, "max": 0}))
    return faults


def _best_swap(problem: Problem, allocation: Allocation, task: str, evaluator: str, score: int) -> dict[str, Any]:
    """The place he could take at least loss: one that breaks no rule if there is any, else the fewest."""
    panel = allocation.panel(task)
    seats = list(allocation.assignments)
    known = check(problem, seats)
    places: list[str | None] = list(panel)
    if len(panel) < problem.tasks[problem.task_position[task]].seats:
        places.insert(0, None)
    swaps = []
    for leaving in places:
        after = [pair for pair in seats if pair != (task, leaving)] + [(task, evaluator)]
        rules = [fault for fault in check(problem, after) if fault not in known]
        lost = 0 if leaving is None else _score(problem, task, leaving)
        swaps.append({"leaves": leaving, "change": score - lost, "rules": tuple(rules)})
    return min(swaps, key=lambda swap: (len(swap["rules"]), -swap["change"]), default={})


def _score(problem: Problem, task: str, evaluator: str) -> int:
    place, one = problem.pair(task, evaluator)
    return int(problem.scores.at(np.array([place]), np.array([one]))[0])


def _price(problem: Problem, allocation: Allocation, task: int, evaluator: int, score: int) -> int | None:
    """Millionths his suitability lacks to the prices of the task's seat and of his own time; 0 or less: a tie."""
    leaf = allocation.certificate.get("objective")
    if leaf is None or "tasks" not in leaf:
        return None
    who = problem.evaluators[evaluator].id
    asked = leaf["tasks"][task] + leaf["evaluators"][evaluator] + dict(leaf["minimums"]).get(who, 0)
    for name, number, value, _, price in leaf["quotas"]:
        quota = problem.tasks[task].quotas[number] if name == problem.tasks[task].id else None
        if quota is not None:
            family = ("tag", quota.tag) if value is None else (f"group {quota.group}", value)
            asked += price if evaluator in problem.members[problem.families.index(family)] else 0
    for name, one, other, price in leaf["apart"]:
        asked += price if name == problem.tasks[task].id and who in (one, other) else 0
    for number, price in leaf["limits"]:
        limit = problem.limits[number]
        asked += price if task in limit.tasks and evaluator in limit.evaluators else 0
    return int(-(-asked // leaf["scale"]) - score)


def without_rules(problem: Problem, rules: Iterable[str]) -> Problem:
    """The problem without the conflicts and apart pairs of these rule codes: what `price_of_rules` solves again."""
    dropped = set(rules)
    old = problem.conflicts
    keep = np.array([name not in dropped for name in old.rule_names], dtype=bool)
    mask = keep[old.rules] if len(old.rules) else np.zeros(0, dtype=bool)
    conflicts = conflicts_from_arrays(
        len(problem.tasks), old.tasks[mask], old.evaluators[mask], old.rules[mask], old.rule_names
    )
    apart = tuple(pair for pair in problem.apart if pair.rule not in dropped)
    return replace(problem, conflicts=conflicts, apart=apart)


@dataclass(frozen=True)
class RulePrice:
    """What a rule costs: empty seats and total (millionths) with it and without it."""

    rules: tuple[str, ...]
    empty_seats: int
    empty_seats_without: int
    total: int
    total_without: int


def price_of_rules(problem: Problem, allocation: Allocation, rules: Iterable[str]) -> RulePrice:
    """Solve once more without the conflicts and apart pairs of these rule codes and compare."""
    from evalhub.domain.allocation import solve  # the seam imports this module

    names = tuple(sorted(set(rules)))
    free = solve(without_rules(problem, names))
    return RulePrice(names, allocation.empty_seats, free.empty_seats, allocation.total, free.total)
