"""Does one rater decide the grade: the result without each sheet, and the least change of one that flips it."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evalhub.domain.scoring.framework import Framework
from evalhub.domain.scoring.panel import Method
from evalhub.domain.scoring.totals import Mark, Outcome, combined, outcome, source_total


@dataclass(frozen=True)
class Stability:
    """without: rater -> outcome as if his sheet were absent; a rater whose absence would empty a source is not in it.

    one_rater_decides: some outcome in `without` has another grade (an outcome below quorum has none and does not
    count); None where there is nothing to compare. least_change: hundredths, None if no single sheet can flip it.
    """

    without: Mapping[str, Outcome]
    one_rater_decides: bool | None
    least_change: int | None


def assess_stability(framework: Framework, method: Method, marks: Sequence[Mark], reached: Outcome) -> Stability:
    """How far the grade rests on one sheet, for a panel with its outcome."""
    without = {
        mark.rater: outcome(framework, method, [other for other in marks if other is not mark])
        for mark in marks
        if sum(other.source == mark.source for other in marks) > 1
    }
    if reached.grade is None:
        return Stability(without, None, None)
    grades = [found.grade for found in without.values() if found.grade is not None]
    decides = any(grade != reached.grade for grade in grades) if grades else None
    return Stability(without, decides, least_change_to_flip(framework, method, marks, reached))


def least_change_to_flip(framework: Framework, method: Method, marks: Sequence[Mark], reached: Outcome) -> int | None:
    """Least hundredths by which one sheet's total, others fixed, must move (within 0 and full) for another grade."""
    changes = [_least_change_of(mark, framework, method, marks, reached) for mark in marks]
    return min((change for change in changes if change is not None), default=None)


def _least_change_of(
    moved: Mark, framework: Framework, method: Method, marks: Sequence[Mark], reached: Outcome
) -> int | None:
    others = [mark for mark in marks if mark.source == moved.source and mark is not moved]
    fixed = {source: found.total for source, found in reached.sources.items()}

    def flips(total: int) -> bool:
        trial = Mark(moved.rater, moved.source, moved.weight, total)
        found = source_total(method.statistics[moved.source], [*others, trial])
        return framework.grade_of(combined(method, fixed | {moved.source: found.total})) != reached.grade

    edges = sorted({mark.total for mark in others})
    up = _first_flip(_stretches(moved.total, framework.full_points, edges), flips)
    down = _first_flip(_stretches(moved.total, 0, edges), flips)
    return min((abs(total - moved.total) for total in (up, down) if total is not None), default=None)


def _stretches(start: int, end: int, edges: list[int]) -> Iterator[tuple[int, int]]:
    """The way from start to end (both included) cut at the other sheets' totals, each of them a stretch of its own.

    Within a stretch the order of the sheets does not change, so the total is monotone there. Across one it need not
    be: with unequal weights, a sheet that overtakes another can change which weight a trimmed mean drops.
    """
    step = 1 if end >= start else -1
    at = bisect_left(edges, start) if step > 0 else bisect_left(edges, start + 1) - 1
    while 0 <= at < len(edges) and (end - edges[at]) * step >= 0:
        if edges[at] != start:
            yield start, edges[at] - step
        yield edges[at], edges[at]
        start = edges[at] + step
        at += step
    if (end - start) * step >= 0:
        yield start, end


def _first_flip(stretches: Iterator[tuple[int, int]], flips: Callable[[int], bool]) -> int | None:
    for first, last in stretches:
        if flips(first):
            return first
        if flips(last):
            return _bisect(first, last, flips)
    return None


def _bisect(steady: int, flipped: int, flips: Callable[[int], bool]) -> int:
    """The flipped total nearest to the steady one, between two totals where the grade changes once."""
    while abs(flipped - steady) > 1:
        middle = (steady + flipped) // 2
        steady, flipped = (steady, middle) if flips(middle) else (middle, flipped)
    return flipped
