"""After a refusal or a late conflict: seats filled again with the fewest changes to people already told, then best.

First only the tasks that lost somebody are decided again; where that leaves seats empty or moves more people than
must move, the tasks those people and the candidates sit in are drawn in, and in the end all of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from evalhub.domain.allocation.control import Control
from evalhub.domain.allocation.full_model import FullModel, open_pairs
from evalhub.domain.allocation.gains import Objective, Seats, closed_mask, seats_total
from evalhub.domain.allocation.model import FEASIBLE, OPTIMAL, SCALE
from evalhub.domain.allocation.problem import MICRO, Problem
from evalhub.domain.allocation.recount import panel_faults
from evalhub.domain.allocation.rounding import EMPTY_COST, GAP, MISSING_COST, MOST_PAIRS, costs_of

CHANGE_COST = 20 * MICRO / SCALE
"""Units of cost of one person told who loses his seat: more than any gain in suitability a panel could bring."""
PRUNED = 60
TOTAL = Objective(weight=1)


@dataclass(frozen=True)
class Repair:
    """Seats after a repair and what it took; pairs of ids, sorted.

    `forced` seats were lost beforehand and `changes` told people lose theirs as well; `proven` says that no repair of
    the searched tasks empties fewer seats or changes fewer, `searched` how many tasks were decided again.
    """

    assignments: tuple[tuple[str, str], ...]
    forced: tuple[tuple[str, str], ...]
    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    empty_seats: int
    total_before: int
    total_after: int
    searched: int
    proven: bool

    @property
    def changes(self) -> int:
        """Told people who lose a seat they could have kept."""
        return len(self.removed)


def repair(
    problem: Problem,
    assignments: Iterable[tuple[str, str]],
    *,
    leaving: Iterable[tuple[str, str]] = (),
    time_limit_seconds: float | None = None,
) -> Repair:
    """Fill the seats that were lost.

    Args:
        problem: the rules as they are today, late conflicts among them.
        assignments: seats as people were told (pairs of ids).
        leaving: told seats given up; their holders may not sit in those tasks again.
        time_limit_seconds: the best found by then is returned, not `proven`.
    """
    control = Control(time_limit_seconds)
    gone = {problem.pair(*pair) for pair in leaving}
    told = {problem.pair(*pair) for pair in assignments}
    kept = frozenset(pair for pair in told - gone if not _closed(problem, pair))
    forced = told - kept
    lost = {task for task, _ in forced} | _unsound(problem, kept)
    state = _State(problem, control, kept, gone)
    best, proven, tasks = frozenset(kept), False, set(lost)
    for tasks, few in state.widening(lost):
        found = state.decide(tasks, few)
        if found is None:
            break
        best, solved = found
        filled = len(best) >= min(len(told), int(problem.seats.sum()))
        proven = solved and (len(tasks) == len(problem.tasks) or (filled and kept <= best))
        if proven:
            break
    return _result(problem, told, forced, kept, best, len(tasks), proven)


def _closed(problem: Problem, pair: tuple[int, int]) -> bool:
    return bool(closed_mask(problem, np.array(pair[:1], dtype=np.int32))[0, pair[1]])


def _unsound(problem: Problem, kept: Seats) -> set[int]:
    """Tasks that what is kept makes break a rule of today: in their panel, or by somebody's load or a limit."""
    panels: dict[int, list[int]] = {}
    for task, evaluator in kept:
        panels.setdefault(task, []).append(evaluator)
    broken = {task for task, panel in panels.items() if panel_faults(problem, task, panel)}
    loads = np.bincount(np.array([one for _, one in kept], dtype=np.int64), minlength=len(problem.evaluators))
    overloaded = set(np.flatnonzero(loads > problem.capacity).tolist())
    broken |= {task for task, one in kept if one in overloaded}
    for limit in problem.limits:
        members = set(limit.evaluators.tolist())
        inside = [task for task in limit.tasks.tolist() if members.intersection(panels.get(task, ()))]
        if sum(len(members.intersection(panels[task])) for task in inside) > limit.maximum:
            broken |= set(inside)
    return broken


class _State:
    """What stays fixed during a repair."""

    def __init__(self, problem: Problem, control: Control, kept: Seats, gone: set[tuple[int, int]]) -> None:
        self.problem, self.control, self.kept, self.gone = problem, control, kept, gone

    def widening(self, lost: set[int]) -> Iterable[tuple[set[int], bool]]:
        """Sets of tasks to decide again, with whether only the best candidates are looked at."""
        if not lost:
            return
        yield lost, True
        yield lost, False
        members = {one for task, one in self.kept if task in lost}
        candidates = {one for _, one in self._candidates(lost)}
        near = lost | {task for task, one in self.kept if one in members | candidates}
        if len(near) * len(self.problem.evaluators) <= MOST_PAIRS and near != lost:
            yield near, False
        if len(self.problem.tasks) * len(self.problem.evaluators) <= MOST_PAIRS:
            yield set(range(len(self.problem.tasks))), False

    def _candidates(self, tasks: set[int]) -> list[tuple[int, int]]:
        numbers = np.array(sorted(tasks), dtype=np.int32)
        scores = np.where(closed_mask(self.problem, numbers), -1, self.problem.scores.take(numbers))
        loads = np.bincount([one for _, one in self.kept], minlength=len(self.problem.evaluators))
        scores[:, loads >= self.problem.capacity] -= MICRO
        best = np.argsort(-scores, axis=1, kind="stable")[:, :PRUNED]
        rows = np.repeat(numbers, best.shape[1]).tolist()
        closed = closed_mask(self.problem, numbers)
        return [
            (task, one)
            for task, one, shut in zip(
                rows, best.ravel().tolist(), np.take_along_axis(closed, best, axis=1).ravel().tolist(), strict=True
            )
            if not shut
        ]

    def decide(self, tasks: set[int], few: bool) -> tuple[Seats, bool] | None:
        """The best seats when only `tasks` are decided again, and whether the solver claims them; None when stopped."""
        inside = {pair for pair in self.kept if pair[0] in tasks}
        seated = [pair for pair in self.kept if pair[0] not in tasks]
        pairs = set(self._candidates(tasks) if few else open_pairs(self.problem, sorted(tasks)))
        model = FullModel(self.problem, sorted((pairs | inside) - self.gone), seated, tasks)
        costs = costs_of(self.problem, model, TOTAL)
        for pair in inside:
            costs[model.seat[pair]] -= CHANGE_COST
        costs |= dict.fromkeys(model.empty.values(), EMPTY_COST * 10)
        costs |= dict.fromkeys(model.missing.values(), MISSING_COST * 20)
        found = model.minimise(costs, self.control, GAP)
        if found.outcome not in (OPTIMAL, FEASIBLE):
            return None
        return found.seats or frozenset(seated), found.outcome == OPTIMAL


def _result(
    problem: Problem,
    told: set[tuple[int, int]],
    forced: set[tuple[int, int]],
    kept: Seats,
    best: Seats,
    searched: int,
    proven: bool,
) -> Repair:
    def named(pairs: Iterable[tuple[int, int]]) -> tuple[tuple[str, str], ...]:
        return tuple((problem.tasks[task].id, problem.evaluators[one].id) for task, one in sorted(pairs))

    return Repair(
        assignments=named(best),
        forced=named(forced),
        added=named(best - told),
        removed=named(kept - best),
        empty_seats=int(problem.seats.sum()) - len(best),
        total_before=seats_total(problem, frozenset(told)),
        total_after=seats_total(problem, best),
        searched=searched,
        proven=proven,
    )
