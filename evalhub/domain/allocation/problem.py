"""The allocation problem as one frozen value: who may evaluate what, how well, and under which rules.

Evaluators and tasks are kept in the order of their ids, so the order in which a caller lists them can never change
an answer. Build one with `validation.build_problem`; everything below trusts what it holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evalhub.domain.allocation.scores import Scores

MICRO = 1_000_000
"""Units in one point of suitability: all suitability is held as whole millionths."""


@dataclass(frozen=True)
class Evaluator:
    """One who evaluates: an expert or an agency.

    `capacity` and `minimum` count seats; `tags` are what quotas ask for; `groups` maps a group name (employer, region)
    to the values this evaluator has in it (nobody is counted under a value he does not have).
    """

    id: str
    capacity: int
    minimum: int = 0
    tags: frozenset[str] = frozenset()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Quota:
    """A rule on a panel: carriers of a `tag` (at least, at most) or sharers of one value of a `group` (at most)."""

    tag: str | None = None
    group: str | None = None
    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True)
class Task:
    """A task that wants `seats` different evaluators, under `quotas`."""

    id: str
    seats: int
    quotas: tuple[Quota, ...] = ()


@dataclass(frozen=True)
class Limit:
    """At most `maximum` seats of these evaluators in these tasks together (ids, as the caller names them)."""

    evaluators: tuple[str, ...]
    tasks: tuple[str, ...]
    maximum: int


@dataclass(frozen=True)
class Policy:
    """What is aimed at once seats and minimums are settled.

    `objective` is `total`, `fair`, `draw` or `lottery`; `tolerance` and `max_probability` are exact shares 0 to 1;
    `seed` is hexadecimal; `change_cost` is in millionths of a point per dropped current seat.
    """

    objective: str = "total"
    tolerance: Fraction = Fraction(0)
    max_probability: Fraction = Fraction(1)
    seed: str = "00ff"
    change_cost: int = 0


@dataclass(frozen=True)
class Conflicts:
    """Pairs that may never sit, sorted by task and evaluator; a pair with several reasons stands once per reason."""

    tasks: NDArray[np.int32]
    evaluators: NDArray[np.int32]
    rules: NDArray[np.int32]
    rule_names: tuple[str, ...]
    starts: NDArray[np.int64]

    def of_task(self, task: int) -> NDArray[np.int32]:
        """Evaluators in conflict with the task; one who has several reasons appears several times."""
        return self.evaluators[self.starts[task] : self.starts[task + 1]]

    def reasons(self, task: int, evaluator: int) -> tuple[str, ...]:
        """Reason codes of one pair, sorted; empty when the pair is free of conflict."""
        span = slice(self.starts[task], self.starts[task + 1])
        hits = self.rules[span][self.evaluators[span] == evaluator]
        return tuple(sorted({self.rule_names[rule] for rule in hits}))


@dataclass(frozen=True)
class Apart:
    """Two evaluators (positions) who never share a panel, and the rule that says so."""

    first: int
    second: int
    rule: str


@dataclass(frozen=True)
class Bound:
    """One limit by position: at most `maximum` seats in the rectangle `tasks` x `evaluators`."""

    evaluators: NDArray[np.int32]
    tasks: NDArray[np.int32]
    maximum: int


@dataclass(frozen=True)
class PanelRule:
    """Seats of one family of evaluators in one panel: `low` <= seats (+ empty seats for `low`) <= `high`."""

    quota: int
    family: int
    low: int
    high: int


@dataclass(frozen=True)
class Problem:
    """m tasks x n evaluators, both sorted by id; positions everywhere below are positions in these two tuples.

    `sha256` names the bytes of the instance this was read from (a draw is keyed by it), `array_sha256` its matrix.
    """

    evaluators: tuple[Evaluator, ...]
    tasks: tuple[Task, ...]
    scores: Scores
    conflicts: Conflicts
    apart: tuple[Apart, ...] = ()
    limits: tuple[Bound, ...] = ()
    fixed: tuple[tuple[int, int], ...] = ()
    current: tuple[tuple[int, int], ...] = ()
    policy: Policy = Policy()
    sha256: str = ""
    array_sha256: str | None = None

    @cached_property
    def seats(self) -> NDArray[np.int32]:
        """Seats wanted, one per task."""
        return np.array([task.seats for task in self.tasks], dtype=np.int32)

    @cached_property
    def capacity(self) -> NDArray[np.int32]:
        """Most seats, one per evaluator."""
        return np.array([evaluator.capacity for evaluator in self.evaluators], dtype=np.int32)

    @cached_property
    def minimum(self) -> NDArray[np.int32]:
        """Least seats wished for, one per evaluator."""
        return np.array([evaluator.minimum for evaluator in self.evaluators], dtype=np.int32)

    @cached_property
    def task_position(self) -> dict[str, int]:
        """Task id -> position."""
        return {task.id: position for position, task in enumerate(self.tasks)}

    @cached_property
    def evaluator_position(self) -> dict[str, int]:
        """Evaluator id -> position."""
        return {evaluator.id: position for position, evaluator in enumerate(self.evaluators)}

    @cached_property
    def families(self) -> tuple[tuple[str, str], ...]:
        """Every set of evaluators a quota can count: ("tag", tag) or (group name, value), sorted."""
        return tuple(sorted(self._members))

    @cached_property
    def members(self) -> tuple[NDArray[np.int32], ...]:
        """Positions of the evaluators of each family, ascending; same order as `families`."""
        return tuple(np.array(self._members[family], dtype=np.int32) for family in self.families)

    @cached_property
    def _members(self) -> dict[tuple[str, str], list[int]]:
        quotas = {quota for task in self.tasks for quota in task.quotas}
        tags = {quota.tag for quota in quotas if quota.tag is not None}
        groups = {quota.group for quota in quotas if quota.group is not None}
        found: dict[tuple[str, str], list[int]] = {("tag", tag): [] for tag in tags}
        for position, evaluator in enumerate(self.evaluators):
            for tag in tags & evaluator.tags:
                found["tag", tag].append(position)
            for group in groups & evaluator.groups.keys():
                for label in evaluator.groups[group]:
                    found.setdefault(("group " + group, label), []).append(position)
        return found

    @cached_property
    def templates(self) -> tuple[tuple[PanelRule, ...], ...]:
        """The different sets of panel rules; tasks share a template when their quotas and seats are equal."""
        return tuple(self._expand(seats, quotas) for seats, quotas in self._template_keys)

    @cached_property
    def template_of(self) -> NDArray[np.int32]:
        """Position of each task's template."""
        return np.array([self._template_keys[task.seats, task.quotas] for task in self.tasks], dtype=np.int32)

    @cached_property
    def _template_keys(self) -> dict[tuple[int, tuple[Quota, ...]], int]:
        keys: dict[tuple[int, tuple[Quota, ...]], int] = {}
        for task in self.tasks:
            keys.setdefault((task.seats, task.quotas), len(keys))
        return keys

    @cached_property
    def _families_of_group(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for position, (kind, _) in enumerate(self.families):
            found.setdefault(kind, []).append(position)
        return found

    def _expand(self, seats: int, quotas: tuple[Quota, ...]) -> tuple[PanelRule, ...]:
        """Rules of one panel per family; those that can never bite (max not below seats or carriers) are left out."""
        rules = []
        for number, quota in enumerate(quotas):
            if quota.tag is not None:
                family = self.families.index(("tag", quota.tag))
                choices = [family]
            else:
                choices = self._families_of_group.get(f"group {quota.group}", [])
            for family in choices:
                ceiling = min(seats, len(self.members[family]))
                high = ceiling if quota.maximum is None else min(ceiling, quota.maximum)
                if quota.minimum > 0 or high < ceiling:
                    rules.append(PanelRule(number, family, quota.minimum, high))
        return tuple(rules)

    def rules_of(self, task: int) -> tuple[PanelRule, ...]:
        """Panel rules of one task."""
        return self.templates[self.template_of[task]]

    def pair(self, task: str, evaluator: str) -> tuple[int, int]:
        """Positions of a pair named by ids. Raises KeyError for an unknown id."""
        return self.task_position[task], self.evaluator_position[evaluator]
