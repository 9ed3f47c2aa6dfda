"""Turns the relaxation's duals into whole numbers, and computes in integers the bound they prove.

With prices of the right sign every allocation keeps: gain <= sum price x right side + sum max(0, reduced gain).
`Leaf` holds such prices in 1/scale millionths; whoever adds them up again gets the same bound (see `verify`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evalhub.domain.allocation.gains import Objective, closed_mask, current_keys, pair_keys
from evalhub.domain.allocation.model import SCALE
from evalhub.domain.allocation.pricing import CELLS
from evalhub.domain.allocation.problem import Problem
from evalhub.domain.allocation.relaxation import Relaxation
from evalhub.domain.allocation.rules_rows import RuleRow

Counts = NDArray[np.int64]
SCALES = (1, 1000)
FLOOR_SCALES = (10**6, 10**9)


@dataclass(frozen=True)
class Leaf:
    """Whole prices in 1/`scale` millionths: tasks, evaluators, minimums (<= 0), rules (low <= 0, else >= 0), sums.

    `floors` (<= 0, in units of 1/scale per unit of suitability) belongs to the rows "sum of suitability >= need".
    """

    scale: int
    tasks: Counts
    evaluators: Counts
    minimums: Counts
    rules: tuple[tuple[RuleRow, int], ...]
    empty: int
    missing: int
    floors: Counts | None = None
    needs: Counts | None = None


def leaf_of(relaxation: Relaxation, scale: int) -> Leaf:
    """Prices of the relaxation's last solve, rounded, signs made right."""
    problem = relaxation.problem
    _, prices, _ = relaxation.master.solution()
    height, width = len(problem.tasks), len(problem.evaluators)
    whole = np.rint(prices * SCALE * scale).astype(np.int64)
    minimums = np.zeros(width, dtype=np.int64)
    minimums[relaxation.wishing] = np.minimum(0, whole[relaxation.minimum_start :][: len(relaxation.wishing)])
    rules = []
    for rule, row in relaxation.active.items():
        price = min(0, int(whole[row])) if rule.kind == "low" else max(0, int(whole[row]))
        if price:
            rules.append((rule, price))
    rules.sort(key=lambda one: (one[0].task, one[0].kind, one[0].place, one[0].quota))
    empty_penalty, missing_penalty = (round(penalty * SCALE * scale) for penalty in relaxation.penalties)
    floors = None
    if relaxation.floor_start is not None:
        floors = np.minimum(0, np.rint(prices[relaxation.floor_start :][:height] * scale).astype(np.int64))
    needs = None if relaxation.floors is None else relaxation.floors.needs
    return Leaf(
        scale,
        whole[:height],
        np.maximum(0, whole[height : height + width]),
        minimums,
        tuple(rules),
        int(whole[relaxation.empty_total]) + empty_penalty,
        int(whole[relaxation.empty_total + 1]) + missing_penalty,
        floors,
        needs,
    )


def bound_of(
    problem: Problem,
    leaf: Leaf,
    objective: Objective,
    empty: int,
    missing: int,
    open_aim: str = "",
    per_task: Counts | None = None,
) -> int:
    """Greatest gain any allocation with these counts can have, as the leaf proves it, in 1/scale millionths.

    Args:
        empty: empty seats in all.
        missing: missing minimums in all.
        open_aim: "empty_seats" or "minimum" where that count (and every one after it) is not known yet: its price is
            left out, and 0 <= result + count x price bounds the count from below.
        per_task: empty seats of each task, where those are known.
    """
    empty_most = problem.seats if open_aim == "empty_seats" else np.minimum(problem.seats, empty)
    missing_most = problem.minimum if open_aim else np.minimum(problem.minimum, missing)
    low = np.zeros(len(problem.tasks), dtype=np.int64)
    result = _sum(leaf.tasks * problem.seats) + _sum(leaf.evaluators * problem.capacity)
    result += _sum(leaf.minimums * problem.minimum)
    result += 0 if open_aim == "empty_seats" else leaf.empty * empty
    result += 0 if open_aim else leaf.missing * missing
    for rule, price in leaf.rules:
        result += price * rule.bound
        if rule.kind == "low":
            low[rule.task] += price
    per_empty = -leaf.tasks - leaf.empty - low
    result += _sum(np.maximum(0, per_empty) * empty_most if per_task is None else per_empty * per_task)
    result += _sum(np.maximum(0, -leaf.minimums - leaf.missing) * missing_most)
    if leaf.floors is not None and leaf.needs is not None:
        result += _sum(leaf.floors * leaf.needs)
    return result + _excess(problem, leaf, objective)


def _sum(numbers: Counts) -> int:
    """The sum in Python's integers: sixty-four bits hold every term, but not every sum."""
    return sum(numbers.tolist())


def _excess(problem: Problem, leaf: Leaf, objective: Objective) -> int:
    """Sum over pairs that may sit of max(0, reduced gain); a fixed pair counts whatever its sign."""
    fixed: dict[int, list[int]] = {}
    for task, evaluator in problem.fixed:
        fixed.setdefault(task, []).append(evaluator)
    total = 0
    for tasks, reduced, closed in whole_reduced(problem, leaf, objective):
        for row, task in enumerate(tasks.tolist()):
            for evaluator in fixed.get(task, ()):
                total += min(0, int(reduced[row, evaluator]))
        reduced[closed] = 0
        total += _sum(np.maximum(reduced, 0).sum(axis=1))
    return total


def whole_reduced(
    problem: Problem, leaf: Leaf, objective: Objective
) -> Iterator[tuple[NDArray[np.int32], Counts, NDArray[np.bool_]]]:
    """Blocks of (tasks, reduced gains in 1/scale millionths, mask of pairs that may not sit), k tasks x n evaluators."""
    height = max(1, CELLS // max(1, len(problem.evaluators)))
    by_task: dict[int, list[tuple[RuleRow, int]]] = {}
    limits = [(rule, price) for rule, price in leaf.rules if rule.kind == "limit"]
    for rule, price in leaf.rules:
        if rule.kind != "limit":
            by_task.setdefault(rule.task, []).append((rule, price))
    loads = leaf.evaluators + leaf.minimums
    current = current_keys(problem)
    for start in range(0, len(problem.tasks), height):
        tasks = np.arange(start, min(start + height, len(problem.tasks)), dtype=np.int32)
        scores = problem.scores.take(tasks).astype(np.int64)
        reduced = scores * (objective.weight * leaf.scale)
        if objective.change_cost and objective.weight and len(current):
            keys = pair_keys(problem, tasks[:, None], np.arange(scores.shape[1], dtype=np.int32)[None, :])
            reduced += np.isin(keys, current) * (objective.change_cost * leaf.scale)
        if leaf.floors is not None:
            reduced -= leaf.floors[tasks, None] * scores
        reduced -= leaf.tasks[tasks, None] + loads[None, :]
        for row, task in enumerate(tasks.tolist()):
            for rule, price in by_task.get(task, ()):
                reduced[row, rule.members(problem)] -= price
        for rule, price in limits:
            limit = problem.limits[rule.place]
            inside = limit.tasks[(limit.tasks >= start) & (limit.tasks <= tasks[-1])] - start
            reduced[np.ix_(inside, limit.evaluators)] -= price
        yield tasks, reduced, closed_mask(problem, tasks)


def best_leaf(
    relaxation: Relaxation, objective: Objective, empty: int, missing: int, per_task: Counts | None = None
) -> tuple[Leaf, int]:
    """The leaf that proves most, over the scales tried, and its bound in whole millionths (rounded down)."""
    scales = SCALES if relaxation.active or empty or missing else SCALES[:1]
    if relaxation.floors is not None:
        scales = FLOOR_SCALES
    leaves = [leaf_of(relaxation, scale) for scale in _exact_scales(relaxation, scales)]
    bounds = [
        bound_of(relaxation.problem, leaf, objective, empty, missing, per_task=per_task) // leaf.scale
        for leaf in leaves
    ]
    best = int(np.argmin(bounds))
    return leaves[best], bounds[best]


def _exact_scales(relaxation: Relaxation, scales: tuple[int, ...]) -> list[int]:
    """The scales at which every price is a whole number a float holds exactly; 1 where none of them is."""
    greatest = float(np.abs(relaxation.master.solution()[1]).max(initial=0.0))
    return [scale for scale in scales if greatest * SCALE * scale < 2**53] or [1]


def worst_leaf(relaxation: Relaxation, empty: int, missing: int) -> tuple[Leaf, int] | None:
    """The leaf of a relaxation that raises the worst, and the greatest worst it allows, in millionths, rounded down."""
    found: tuple[Leaf, int] | None = None
    assert relaxation.floors is not None
    filled = relaxation.floors.filled
    for scale in _exact_scales(relaxation, FLOOR_SCALES):
        leaf = replace(leaf_of(relaxation, scale), needs=np.zeros_like(filled))
        weight = 0 if leaf.floors is None else -_sum(leaf.floors * filled)
        if weight > 0:
            per_task = relaxation.problem.seats - filled
            bound = bound_of(relaxation.problem, leaf, Objective(0), empty, missing, per_task=per_task) // weight
            found = min(found or (leaf, bound), (leaf, bound), key=lambda one: one[1])
    return found


def leaf_document(problem: Problem, leaf: Leaf) -> dict[str, Any]:
    """The leaf as the certificate of a result has it: tasks and evaluators in the order of their ids."""
    document: dict[str, Any] = {
        "scale": leaf.scale,
        "tasks": leaf.tasks.tolist(),
        "evaluators": leaf.evaluators.tolist(),
        "minimums": [
            [problem.evaluators[one].id, int(leaf.minimums[one])] for one in np.flatnonzero(leaf.minimums).tolist()
        ],
        "quotas": [],
        "apart": [],
        "limits": [],
        "empty": leaf.empty,
        "missing": leaf.missing,
    }
    for rule, price in leaf.rules:
        if rule.kind == "limit":
            document["limits"].append([rule.place, price])
        elif rule.kind == "apart":
            pair = problem.apart[rule.place]
            names = [problem.evaluators[pair.first].id, problem.evaluators[pair.second].id]
            document["apart"].append([problem.tasks[rule.task].id, *names, price])
        else:
            kind, value = problem.families[rule.place]
            document["quotas"].append(
                [problem.tasks[rule.task].id, rule.quota, None if kind == "tag" else value, rule.kind, price]
            )
    if leaf.floors is not None and leaf.needs is not None:
        document["floors"] = leaf.floors.tolist()
    return document
