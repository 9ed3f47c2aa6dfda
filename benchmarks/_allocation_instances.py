"""Instances to measure the allocation engine on: real files by path, and bureaus invented from a seed."""

from pathlib import Path

import numpy as np

from evalhub.domain.allocation import Evaluator, Problem, Quota, Task, build_problem
from evalhub.domain.allocation.matrix import to_micro
from evalhub.domain.allocation.problem import Policy
from evalhub.domain.allocation.scores import DenseScores, FactorScores
from evalhub.domain.allocation.validation import conflicts_from_arrays

SIZES = {
    "district": (300, 60),
    "county": (600, 120),
    "city": (3_000, 500),
    "province": (20_000, 3_000),
    "nation": (100_000, 10_000),
}
FIELDS, NOISE = 20, 12
DENSE_CELLS = 20_000_000
PLAIN = Policy()


def real_instance(path: Path, policy: Policy = PLAIN) -> Problem:
    """A file with S (suitability), C (conflicts), demand, lmax and lmin, as in the field's public data sets."""
    file = np.load(path)
    tasks = [Task(f"T{number:06d}", int(seats)) for number, seats in enumerate(file["demand"])]
    evaluators = [
        Evaluator(f"E{number:06d}", int(most), int(min(least, most)))
        for number, (most, least) in enumerate(zip(file["lmax"], file["lmin"], strict=True))
    ]
    conflicts = [(tasks[task].id, evaluators[one].id, "R1") for task, one in np.argwhere(file["C"]).tolist()]
    return build_problem(evaluators, tasks, to_micro(file["S"]), conflicts=conflicts, policy=policy)


def bureau(size: str, quotas: bool = True, capacity: float = 1.5, seed: int = 1, policy: Policy = PLAIN) -> Problem:
    """An invented bureau: panels of 3, 5 or 7, fields, employers, regions, conflicts.

    Args:
        size: name in SIZES, tasks x evaluators.
        quotas: one of the task's field, one of finance, one senior, one per employer, three per region; or none.
        capacity: places in all, as a multiple of the seats.
        seed: of everything.
    """
    height, width = SIZES[size]
    chance = np.random.default_rng(seed)
    task_fields = chance.integers(0, FIELDS, height)
    own_fields = chance.integers(0, FIELDS, (width, 2))
    seats = chance.choice([3, 5, 7], height, p=[0.5, 0.35, 0.15])
    evaluators = _evaluators(chance, own_fields, _capacities(chance, width, capacity * int(seats.sum())))
    rules = [_quotas(int(field)) if quotas else () for field in range(FIELDS)]
    tasks = [
        Task(f"T{number:06d}", int(count), rules[field])
        for number, (count, field) in enumerate(zip(seats, task_fields, strict=True))
    ]
    problem = build_problem(
        evaluators, tasks, _scores(chance, task_fields, own_fields), policy=policy, sha256=f"{seed:064x}"
    )
    return _with_conflicts(chance, problem)


def _evaluators(chance: np.random.Generator, fields: np.ndarray, capacities: np.ndarray) -> list[Evaluator]:
    width = len(fields)
    employers = chance.integers(0, max(2, width // 3), (width, 2))
    second, regions = chance.random(width) < 0.1, chance.integers(0, 10, width)
    finance, senior = chance.random(width) < 0.3, chance.random(width) < 0.35
    found = []
    for number in range(width):
        tags = {f"field:{field:02d}" for field in fields[number]}
        tags |= ({"finance"} if finance[number] else set()) | ({"senior"} if senior[number] else set())
        places = employers[number][: 2 if second[number] else 1]
        groups = {
            "employer": tuple(sorted({f"U{place:05d}" for place in places})),
            "region": (f"G{regions[number]:02d}",),
        }
        found.append(Evaluator(f"E{number:06d}", int(capacities[number]), 0, frozenset(tags), groups))
    return found


def _capacities(chance: np.random.Generator, width: int, places: float) -> np.ndarray:
    weights = chance.uniform(0.5, 1.5, width)
    return np.maximum(1, np.round(weights / weights.sum() * places)).astype(int)


def _quotas(field: int) -> tuple[Quota, ...]:
    return (
        Quota(tag=f"field:{field:02d}", minimum=1),
        Quota(tag="finance", minimum=1),
        Quota(tag="senior", minimum=1),
        Quota(group="employer", maximum=1),
        Quota(group="region", maximum=3),
    )


def _scores(chance: np.random.Generator, task_fields: np.ndarray, own_fields: np.ndarray) -> DenseScores | FactorScores:
    """Half the score from the task's field, the rest from twelve unnamed traits, in whole thousandths per factor."""
    height, width = len(task_fields), len(own_fields)
    left = np.zeros((height, FIELDS + NOISE), np.float32)
    left[np.arange(height), task_fields] = 450
    traits = chance.random((height, NOISE)) ** 3
    left[:, FIELDS:] = np.floor(traits / traits.sum(axis=1, keepdims=True) * 550)
    right = np.zeros((width, FIELDS + NOISE), np.float32)
    right[:, :FIELDS] = chance.integers(0, 250, (width, FIELDS))
    right[np.arange(width), own_fields[:, 0]] = chance.integers(600, 1001, width)
    right[np.arange(width), own_fields[:, 1]] = chance.integers(400, 1001, width)
    right[:, FIELDS:] = chance.integers(0, 1001, (width, NOISE))
    factors = FactorScores(left, right)
    return factors if height * width > DENSE_CELLS else DenseScores(factors.rows(0, height))


def _with_conflicts(chance: np.random.Generator, problem: Problem) -> Problem:
    height, width = len(problem.tasks), len(problem.evaluators)
    count = max(2, width // 200)
    keys = np.unique(np.repeat(np.arange(height), count) * width + chance.integers(0, width, height * count))
    tasks, evaluators = (keys // width).astype(np.int32), (keys % width).astype(np.int32)
    conflicts = conflicts_from_arrays(height, tasks, evaluators, np.zeros(len(keys), np.int32), ("R1",))
    return Problem(
        problem.evaluators, problem.tasks, problem.scores, conflicts, policy=problem.policy, sha256=problem.sha256
    )
