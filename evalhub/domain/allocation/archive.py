"""A problem built in Python as an instance of the exchange format, so that it can be archived and computed again."""

import json
from fractions import Fraction
from typing import Any

import numpy as np

from evalhub.domain.allocation.exchange import FORMAT
from evalhub.domain.allocation.problem import Evaluator, Problem, Quota, Task
from evalhub.domain.allocation.result import points
from evalhub.domain.allocation.scores import NOT_LISTED


def instance_bytes(problem: Problem) -> bytes:
    """The instance file of a problem: UTF-8 JSON, the same bytes for the same problem.

    `read_instance(instance_bytes(problem))` is the same problem with the hash that draws are keyed by and results name.
    Every pair that differs from the default is written out: meant for a bureau's sizes, not for millions of pairs.
    """
    return (json.dumps(instance_document(problem), ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def instance_document(problem: Problem) -> dict[str, Any]:
    """The instance as a document of the exchange format."""
    tasks = [task.id for task in problem.tasks]
    people = [evaluator.id for evaluator in problem.evaluators]
    conflicts = problem.conflicts
    named = zip(conflicts.tasks.tolist(), conflicts.evaluators.tolist(), conflicts.rules.tolist(), strict=True)
    return {
        "format": FORMAT,
        "evaluators": [_evaluator(evaluator) for evaluator in problem.evaluators],
        "tasks": [_task(task) for task in problem.tasks],
        "suitability": _suitability(problem),
        "conflicts": [[tasks[task], people[one], conflicts.rule_names[rule]] for task, one, rule in named],
        "apart": [[people[pair.first], people[pair.second], pair.rule] for pair in problem.apart],
        "limits": [
            {
                "evaluators": [people[one] for one in limit.evaluators.tolist()],
                "tasks": [tasks[task] for task in limit.tasks.tolist()],
                "max": limit.maximum,
            }
            for limit in problem.limits
        ],
        "fixed": [[tasks[task], people[one]] for task, one in sorted(problem.fixed)],
        "current": [[tasks[task], people[one]] for task, one in problem.current],
        "policy": {
            "objective": problem.policy.objective,
            "tolerance": _share(problem.policy.tolerance),
            "max_probability": _share(problem.policy.max_probability),
            "seed": problem.policy.seed,
            "change_cost": points(problem.policy.change_cost),
        },
    }


def _evaluator(evaluator: Evaluator) -> dict[str, Any]:
    return {
        "id": evaluator.id,
        "capacity": evaluator.capacity,
        "minimum": evaluator.minimum,
        "tags": sorted(evaluator.tags),
        "groups": {name: list(values) for name, values in sorted(evaluator.groups.items())},
    }


def _task(task: Task) -> dict[str, Any]:
    return {"id": task.id, "seats": task.seats, "quotas": [_quota(quota) for quota in task.quotas]}


def _quota(quota: Quota) -> dict[str, Any]:
    most = {} if quota.maximum is None else {"max": quota.maximum}
    if quota.group is not None:
        return {"group": quota.group} | most
    return {"tag": quota.tag, "min": quota.minimum} | most


def _suitability(problem: Problem) -> dict[str, Any]:
    table = problem.scores.rows(0, len(problem.tasks))
    default = NOT_LISTED if (table == NOT_LISTED).any() else 0
    rows, columns = np.nonzero(table != default)
    scores = table[rows, columns].tolist()
    pairs = [
        [problem.tasks[task].id, problem.evaluators[one].id, points(score)]
        for task, one, score in zip(rows.tolist(), columns.tolist(), scores, strict=True)
    ]
    return {"pairs": pairs, "default": None if default == NOT_LISTED else 0.0}


def _share(share: Fraction) -> float:
    return float(share)
