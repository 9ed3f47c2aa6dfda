"""What each pair is worth to an objective, in millionths, block by block.

gain(t, e) = weight x (suitability + change cost if seated today) + floor price of t x suitability
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalhub.domain.allocation.problem import Problem
from evalhub.domain.allocation.scores import NOT_LISTED

Seats = frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Objective:
    """Weight 1 for the total, 0 where only seats are counted; `change_cost` in millionths per current seat kept."""

    weight: int = 1
    change_cost: int = 0


def objective_of(problem: Problem) -> Objective:
    """The objective the policy asks for once seats are settled."""
    return Objective(1, problem.policy.change_cost)


def gains_at(
    problem: Problem, objective: Objective, tasks: NDArray[np.int32], evaluators: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Gains of k pairs (without floor prices), millionths."""
    if not objective.weight:
        return np.zeros(len(tasks), dtype=np.int64)
    gains = problem.scores.at(tasks, evaluators).astype(np.int64)
    if objective.change_cost and problem.current:
        gains += objective.change_cost * np.isin(pair_keys(problem, tasks, evaluators), current_keys(problem))
    return gains


def pair_keys(problem: Problem, tasks: NDArray[np.int32], evaluators: NDArray[np.int32]) -> NDArray[np.int64]:
    """One number per pair, ascending by task and evaluator."""
    return tasks.astype(np.int64) * len(problem.evaluators) + evaluators


def current_keys(problem: Problem) -> NDArray[np.int64]:
    """Keys of the current seats."""
    current = np.array(problem.current, dtype=np.int32).reshape(-1, 2)
    return pair_keys(problem, current[:, 0], current[:, 1])


def seats_total(problem: Problem, seats: Seats) -> int:
    """Sum of suitability of seats, millionths."""
    if not seats:
        return 0
    pairs = np.array(sorted(seats), dtype=np.int32)
    return int(problem.scores.at(pairs[:, 0], pairs[:, 1]).astype(np.int64).sum())


def dropped_cost(problem: Problem, seats: Seats) -> int:
    """Millionths lost for current seats given up; one that is in conflict today costs nothing."""
    if not problem.policy.change_cost:
        return 0
    dropped = [pair for pair in problem.current if pair not in seats]
    return problem.policy.change_cost * sum(not problem.conflicts.reasons(*pair) for pair in dropped)


def kept_constant(problem: Problem) -> int:
    """What the gains count too much: objective value = sum of gains - this."""
    return dropped_cost(problem, frozenset())


def closed_mask(problem: Problem, tasks: NDArray[np.int32]) -> NDArray[np.bool_]:
    """k tasks x n evaluators: pairs that may not sit (conflict, not listed, no capacity)."""
    closed = problem.scores.take(tasks) == NOT_LISTED
    closed[:, problem.capacity == 0] = True
    conflicts = problem.conflicts
    counts = conflicts.starts[tasks + 1] - conflicts.starts[tasks]
    if counts.sum():
        rows = np.repeat(np.arange(len(tasks)), counts)
        places = np.concatenate([np.arange(conflicts.starts[t], conflicts.starts[t + 1]) for t in tasks[counts > 0]])
        closed[rows, conflicts.evaluators[places]] = True
    return closed
