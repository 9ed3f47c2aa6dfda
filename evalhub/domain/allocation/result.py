"""What an allocation run answers, and its document in the exchange format `evalhub.allocation.result/1`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evalhub.domain.allocation.problem import MICRO, Problem

FORMAT = "evalhub.allocation.result/1"
PROVEN, SOLVED, BOUNDED = "proven", "solved", "bounded"


@dataclass(frozen=True)
class Shortfall:
    """Empty seats of a `task`, or seats an `evaluator` lacks to his minimum (`missing`), with counted reasons."""

    task: str | None = None
    evaluator: str | None = None
    empty_seats: int = 0
    missing: int = 0
    because: tuple[Mapping[str, Any], ...] = ()
    remedies: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class SolverFacts:
    """What computed the answer and how much work it was."""

    name: str
    version: str
    pulp: str
    seconds: float
    columns: int
    rounds: int


@dataclass(frozen=True)
class Allocation:
    """An allocation that breaks no rule. All points in millionths; `worst` rounded down; None where nothing is known.

    `status`: `proven` (objective_value equals the certified bound), `solved` (the solver claims the optimum),
    `bounded` (stopped early, best found). `assignments` are sorted pairs (task id, evaluator id).
    """

    status: str
    assignments: tuple[tuple[str, str], ...]
    empty_seats: int
    empty_seats_bound: int
    total: int
    worst: int | None
    objective_value: int
    bound: int | None = None
    worst_bound: int | None = None
    solver_bound: int | None = None
    shortfalls: tuple[Shortfall, ...] = ()
    certificate: Mapping[str, Any] = field(default_factory=dict)
    solver: SolverFacts = SolverFacts("", "", "", 0.0, 0, 0)
    marginals: tuple[tuple[str, str, float], ...] | None = None

    @property
    def short(self) -> bool:
        """Whether seats stay empty."""
        return self.empty_seats > 0

    @property
    def gap(self) -> float | None:
        """(bound - objective_value) / max(1, |bound|), in points; None without a bound."""
        if self.bound is None:
            return None
        return (self.bound - self.objective_value) / max(MICRO, abs(self.bound))

    def panel(self, task: str) -> tuple[str, ...]:
        """Evaluator ids seated in a task, sorted."""
        return tuple(evaluator for seated, evaluator in self.assignments if seated == task)


def result_document(
    problem: Problem, allocation: Allocation, words: Mapping[int, list[str]] | None = None
) -> dict[str, Any]:
    """The result as the exchange format has it; `words` gives the sentences of each shortfall by its number."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "instance_sha256": problem.sha256,
        "array_sha256": problem.array_sha256,
        "status": allocation.status,
        "short": allocation.short,
        "assignments": [list(pair) for pair in allocation.assignments],
        "empty_seats": allocation.empty_seats,
        "empty_seats_bound": allocation.empty_seats_bound,
    }
    for name in ("total", "worst", "objective_value", "bound", "worst_bound", "solver_bound"):
        document[name] = points(getattr(allocation, name))
    document["gap"] = allocation.gap
    document["shortfalls"] = [
        _shortfall(one, (words or {}).get(number)) for number, one in enumerate(allocation.shortfalls)
    ]
    document["certificate"] = allocation.certificate
    document["solver"] = vars(allocation.solver) | {"seconds": round(allocation.solver.seconds, 3)}
    if allocation.marginals is not None:
        document["marginals"] = [[task, evaluator, share] for task, evaluator, share in allocation.marginals]
    return document


def points(millionths: int | None) -> float | None:
    """Millionths as a number whose shortest decimal form has at most six places."""
    return None if millionths is None else millionths / MICRO


def _shortfall(shortfall: Shortfall, words: list[str] | None) -> dict[str, Any]:
    if shortfall.task is None:
        return {"evaluator": shortfall.evaluator, "missing": shortfall.missing}
    entry: dict[str, Any] = {
        "task": shortfall.task,
        "empty_seats": shortfall.empty_seats,
        "because": [dict(reason) for reason in shortfall.because],
        "remedies": [dict(remedy) for remedy in shortfall.remedies],
    }
    return entry | ({"text": words} if words is not None else {})


def write_result(path: Path, document: Mapping[str, Any]) -> None:
    """Write a result document; the file appears whole or not at all."""
    content = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    beside = path.with_name(path.name + ".part")
    beside.write_text(content, encoding="utf-8")
    beside.replace(path)
