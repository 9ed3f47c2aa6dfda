"""Builds a `Problem` from ids and plain values, and refuses what contradicts itself, by the path of the key.

problem = build_problem(
    evaluators=[Evaluator("E1", capacity=2, tags=frozenset({"senior"})), Evaluator("E2", capacity=1)],
    tasks=[Task("T1", seats=1, quotas=(Quota(tag="senior", minimum=1),))],
    suitability={("T1", "E1"): 830_000, ("T1", "E2"): 410_000},
    conflicts=[("T1", "E2", "R1")],
)
allocation = solve(problem)
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from evalhub.domain.allocation.faults import InvalidInstance
from evalhub.domain.allocation.fixed_seats import check_fixed
from evalhub.domain.allocation.nested_rules import check_lottery
from evalhub.domain.allocation.problem import (
    MICRO,
    Apart,
    Bound,
    Conflicts,
    Evaluator,
    Limit,
    Policy,
    Problem,
    Quota,
    Task,
)
from evalhub.domain.allocation.scores import NOT_LISTED, DenseScores, Scores

PLAIN = Policy()
OBJECTIVES = ("total", "fair", "draw", "lottery")


def build_problem(
    evaluators: Sequence[Evaluator],
    tasks: Sequence[Task],
    suitability: Mapping[tuple[str, str], int] | NDArray[np.int32] | Scores,
    *,
    default: int | None = 0,
    conflicts: Iterable[tuple[str, str, str]] = (),
    apart: Iterable[tuple[str, str, str]] = (),
    limits: Iterable[Limit] = (),
    fixed: Iterable[tuple[str, str]] = (),
    current: Iterable[tuple[str, str]] = (),
    policy: Policy = PLAIN,
    sha256: str = "",
    array_sha256: str | None = None,
) -> Problem:
    """A checked problem, evaluators and tasks sorted by id.

    Args:
        evaluators: n evaluators, in any order, ids unique.
        tasks: m tasks, in any order, ids unique.
        suitability: millionths of a point, either (task id, evaluator id) -> 0 to 1,000,000, or an m x n table in the
            order of the two lists with NOT_LISTED for pairs that may not sit (one already sorted, as Scores, is kept).
        default: suitability of pairs the mapping leaves out; None: they may not sit.
        conflicts: (task id, evaluator id, rule code); several codes per pair are kept.
        apart: (evaluator id, evaluator id, rule code) of two who never share a panel.
        limits: at most so many seats of these evaluators in these tasks together.
        fixed: seats settled beforehand; they must keep every rule.
        current: seats as they stand, for `policy.change_cost` and repair.
        policy: what is aimed at.
        sha256: of the instance file's bytes, hexadecimal; "" when there is none.
        array_sha256: of the matrix, where suitability came as one.

    Returns:
        The problem.

    Raises:
        InvalidInstance: with the path of the key in the exchange format.
    """
    task_order = _sorted_unique([task.id for task in tasks], "tasks")
    evaluator_order = _sorted_unique([evaluator.id for evaluator in evaluators], "evaluators")
    _check_evaluators(evaluators)
    _check_tasks(tasks)
    _check_policy(policy)
    task_at = {tasks[old].id: new for new, old in enumerate(task_order)}
    evaluator_at = {evaluators[old].id: new for new, old in enumerate(evaluator_order)}
    look_up = _LookUp(task_at, evaluator_at)
    problem = Problem(
        evaluators=tuple(evaluators[old] for old in evaluator_order),
        tasks=tuple(tasks[old] for old in task_order),
        scores=_scores(suitability, default, look_up, task_order, evaluator_order),
        conflicts=_conflicts(conflicts, look_up),
        apart=_apart(apart, look_up),
        limits=tuple(_limit(f"limits[{number}]", limit, look_up) for number, limit in enumerate(limits)),
        fixed=look_up.pairs("fixed", fixed),
        current=tuple(sorted(look_up.pairs("current", current))),
        policy=policy,
        sha256=sha256,
        array_sha256=array_sha256,
    )
    check_fixed(problem, task_order)
    if policy.objective == "lottery":
        check_lottery(problem, task_order)
    return problem


class _LookUp:
    """Ids to positions; an unknown id is refused under the path at which it stands."""

    def __init__(self, tasks: Mapping[str, int], evaluators: Mapping[str, int]) -> None:
        self.tasks, self.evaluators = tasks, evaluators

    def task(self, path: str, task: str) -> int:
        if task not in self.tasks:
            raise InvalidInstance(path, "unknown_task", id=task)
        return self.tasks[task]

    def evaluator(self, path: str, evaluator: str) -> int:
        if evaluator not in self.evaluators:
            raise InvalidInstance(path, "unknown_evaluator", id=evaluator)
        return self.evaluators[evaluator]

    def pairs(self, key: str, pairs: Iterable[tuple[str, str]]) -> tuple[tuple[int, int], ...]:
        found: dict[tuple[int, int], None] = {}
        for number, (task, evaluator) in enumerate(pairs):
            path = f"{key}[{number}]"
            pair = self.task(f"{path}[0]", task), self.evaluator(f"{path}[1]", evaluator)
            if pair in found:
                raise InvalidInstance(path, "duplicate_pair", task=task, evaluator=evaluator)
            found[pair] = None
        return tuple(found)


def _sorted_unique(ids: Sequence[str], key: str) -> list[int]:
    seen: set[str] = set()
    for number, one in enumerate(ids):
        if not one:
            raise InvalidInstance(f"{key}[{number}].id", "empty_id")
        if one in seen:
            raise InvalidInstance(f"{key}[{number}].id", "duplicate_id", id=one)
        seen.add(one)
    return sorted(range(len(ids)), key=ids.__getitem__)


def _check_evaluators(evaluators: Sequence[Evaluator]) -> None:
    for number, evaluator in enumerate(evaluators):
        path = f"evaluators[{number}]"
        _not_negative(f"{path}.capacity", evaluator.capacity)
        _not_negative(f"{path}.minimum", evaluator.minimum)
        if evaluator.minimum > evaluator.capacity:
            raise InvalidInstance(
                f"{path}.minimum", "above_capacity", minimum=evaluator.minimum, capacity=evaluator.capacity
            )


def _check_tasks(tasks: Sequence[Task]) -> None:
    for number, task in enumerate(tasks):
        _not_negative(f"tasks[{number}].seats", task.seats)
        for place, quota in enumerate(task.quotas):
            _check_quota(f"tasks[{number}].quotas[{place}]", quota, task.seats)


def _check_quota(path: str, quota: Quota, seats: int) -> None:
    if (quota.tag is None) == (quota.group is None):
        raise InvalidInstance(path, "tag_or_group")
    if quota.group is not None and quota.minimum:
        raise InvalidInstance(f"{path}.min", "group_with_min")
    _not_negative(f"{path}.min", quota.minimum)
    if quota.maximum is not None:
        _not_negative(f"{path}.max", quota.maximum)
        if quota.maximum < quota.minimum:
            raise InvalidInstance(f"{path}.max", "below_min", max=quota.maximum, min=quota.minimum)
    if quota.minimum > seats:
        raise InvalidInstance(f"{path}.min", "above_seats", min=quota.minimum, seats=seats)


def _check_policy(policy: Policy) -> None:
    if policy.objective not in OBJECTIVES:
        raise InvalidInstance("policy.objective", "unknown_objective", objective=policy.objective)
    for name, share in (("tolerance", policy.tolerance), ("max_probability", policy.max_probability)):
        if not 0 <= share <= 1:
            raise InvalidInstance(f"policy.{name}", "out_of_range", least=0, most=1)
    _not_negative("policy.change_cost", policy.change_cost)
    try:
        bytes.fromhex(policy.seed)
    except ValueError:
        raise InvalidInstance("policy.seed", "not_hexadecimal") from None


def _not_negative(path: str, number: int) -> None:
    if number < 0:
        raise InvalidInstance(path, "negative", number=number)


def _scores(
    suitability: Mapping[tuple[str, str], int] | NDArray[np.int32] | Scores,
    default: int | None,
    look_up: _LookUp,
    task_order: list[int],
    evaluator_order: list[int],
) -> Scores:
    shape = len(task_order), len(evaluator_order)
    if isinstance(suitability, Mapping):
        table = np.full(shape, NOT_LISTED if default is None else default, dtype=np.int32)
        for number, ((task, evaluator), score) in enumerate(suitability.items()):
            path = f"suitability.pairs[{number}]"
            if not 0 <= score <= MICRO:
                raise InvalidInstance(f"{path}[2]", "out_of_range", least=0, most=1)
            table[look_up.task(f"{path}[0]", task), look_up.evaluator(f"{path}[1]", evaluator)] = score
        return DenseScores(table)
    if suitability.shape != shape:
        raise InvalidInstance("suitability", "wrong_shape", expected=list(shape), found=list(suitability.shape))
    if isinstance(suitability, np.ndarray):
        return DenseScores(np.ascontiguousarray(suitability[np.ix_(task_order, evaluator_order)], dtype=np.int32))
    if task_order != sorted(task_order) or evaluator_order != sorted(evaluator_order):
        raise InvalidInstance("suitability", "not_sorted")
    return suitability


def _conflicts(conflicts: Iterable[tuple[str, str, str]], look_up: _LookUp) -> Conflicts:
    found: dict[tuple[int, int, str], None] = {}
    for number, (task, evaluator, rule) in enumerate(conflicts):
        path = f"conflicts[{number}]"
        entry = look_up.task(f"{path}[0]", task), look_up.evaluator(f"{path}[1]", evaluator), rule
        if entry in found:
            raise InvalidInstance(path, "duplicate_pair", task=task, evaluator=evaluator, rule=rule)
        found[entry] = None
    entries = sorted(found)
    names = tuple(sorted({rule for _, _, rule in entries}))
    code = {name: position for position, name in enumerate(names)}
    return conflicts_from_arrays(
        len(look_up.tasks),
        np.array([task for task, _, _ in entries], dtype=np.int32),
        np.array([evaluator for _, evaluator, _ in entries], dtype=np.int32),
        np.array([code[rule] for _, _, rule in entries], dtype=np.int32),
        names,
    )


def conflicts_from_arrays(
    task_count: int,
    tasks: NDArray[np.int32],
    evaluators: NDArray[np.int32],
    rules: NDArray[np.int32],
    rule_names: tuple[str, ...],
) -> Conflicts:
    """Conflicts from three arrays of k positions (task, evaluator, rule) in any order, without repeats."""
    order = np.lexsort((rules, evaluators, tasks))
    starts = np.searchsorted(tasks[order], np.arange(task_count + 1))
    return Conflicts(tasks[order], evaluators[order], rules[order], rule_names, starts)


def _apart(apart: Iterable[tuple[str, str, str]], look_up: _LookUp) -> tuple[Apart, ...]:
    found: dict[tuple[int, int, str], None] = {}
    for number, (one, other, rule) in enumerate(apart):
        path = f"apart[{number}]"
        first, second = look_up.evaluator(f"{path}[0]", one), look_up.evaluator(f"{path}[1]", other)
        if first == second:
            raise InvalidInstance(path, "same_evaluator", evaluator=one)
        entry = min(first, second), max(first, second), rule
        if entry in found:
            raise InvalidInstance(path, "duplicate_pair", first=one, second=other, rule=rule)
        found[entry] = None
    return tuple(Apart(*entry) for entry in sorted(found))


def _limit(path: str, limit: Limit, look_up: _LookUp) -> Bound:
    evaluators = [look_up.evaluator(f"{path}.evaluators[{n}]", one) for n, one in enumerate(limit.evaluators)]
    tasks = [look_up.task(f"{path}.tasks[{n}]", one) for n, one in enumerate(limit.tasks)]
    for key, positions in (("evaluators", evaluators), ("tasks", tasks)):
        if len(set(positions)) < len(positions):
            raise InvalidInstance(f"{path}.{key}", "duplicate_id")
    _not_negative(f"{path}.max", limit.maximum)
    return Bound(np.array(sorted(evaluators), dtype=np.int32), np.array(sorted(tasks), dtype=np.int32), limit.maximum)
