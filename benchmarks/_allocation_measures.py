"""One measurement of the allocation engine per call, run in a process of its own so that memory is its own."""

import resource
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks import _allocation_yardsticks as yardsticks
from benchmarks._allocation_instances import bureau, real_instance
from evalhub.domain.allocation import Allocation, Problem, Progress, check, repair, solve
from evalhub.domain.allocation.problem import Policy
from evalhub.domain.allocation.shortfalls import find_shortfalls

LARGE = ("province", "nation")
CHECKED = 20_000
Measured = dict[str, Any]


def timed(work: Callable[[], Measured]) -> Measured:
    """What the work returns with its wall seconds, processor seconds and the peak memory of the process."""
    wall, processor = time.perf_counter(), time.process_time()
    found = work()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (
        {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - processor}
        | found
        | {"megabytes": usage.ru_maxrss / 1024}
    )


def engine(problem: Problem, gap_only: bool = False) -> Measured:
    """Solve; `gap_seconds` is when the first certified gap stood. `gap_only` stops there, as for the largest sizes."""
    first: list[Progress] = []

    def watch(progress: Progress) -> None:
        if progress.phase == "certificate" and not first:
            first.append(progress)

    allocation = solve(problem, on_progress=watch, should_stop=lambda: gap_only and bool(first))
    return _facts(problem, allocation) | _first_gap(first)


def _first_gap(first: list[Progress]) -> Measured:
    if not first or first[0].bound is None or first[0].best is None:
        return {}
    gap = (first[0].bound - first[0].best) / max(1, abs(first[0].bound))
    return {"gap_seconds": first[0].seconds, "first_gap": gap}


def _facts(problem: Problem, allocation: Allocation) -> Measured:
    faults = len(check(problem, allocation.assignments)) if len(allocation.assignments) < CHECKED else "not counted"
    bound = allocation.worst_bound
    return {
        "status": allocation.status, "total": allocation.total / 1e6, "gap": allocation.gap,
        "worst": (allocation.worst or 0) / 1e6, "worst_bound": None if bound is None else bound / 1e6,
        "empty": allocation.empty_seats, "columns": allocation.solver.columns, "faults": faults,
    }  # fmt: skip


def draws(problem: Problem, count: int) -> Measured:
    """Many seeds: seconds of a draw after the optimum, whether every total is the same."""
    totals, after = set(), []
    for number in range(count):
        seeded = replace(problem, policy=replace(problem.policy, objective="draw", seed=f"{number:08x}"))
        told: list[Progress] = []
        started = time.perf_counter()
        allocation = solve(seeded, on_progress=told.append)
        draw = next(one.seconds for one in told if one.phase == "draw")
        after.append(time.perf_counter() - started - draw)
        totals.add(allocation.total)
    return {"status": f"{len(totals)} total", "total": min(totals) / 1e6, "gap_seconds": sorted(after)[count // 2]}


def mended(problem: Problem) -> Measured:
    """The busiest evaluator leaves everything."""
    first: list[Progress] = []
    allocation = solve(
        problem,
        on_progress=lambda one: first.append(one) if one.phase == "certificate" else None,
        should_stop=lambda: bool(first),
    )
    loads: dict[str, list[tuple[str, str]]] = {}
    for pair in allocation.assignments:
        loads.setdefault(pair[1], []).append(pair)
    leaving = max(loads.values(), key=len)
    started = time.perf_counter()
    found = repair(problem, allocation.assignments, leaving=leaving)
    return {
        "seconds": time.perf_counter() - started,
        "status": f"{len(leaving)} lost, {found.changes} moved, {'proven' if found.proven else 'not proven'}",
        "total": found.total_after / 1e6, "empty": found.empty_seats,
    }  # fmt: skip


def explained(problem: Problem) -> Measured:
    """Places cut to half the seats: how long the reasons of every short task take after the answer."""
    half = tuple(replace(one, capacity=max(0, one.capacity // 3)) for one in problem.evaluators)
    short = replace(problem, evaluators=half)
    allocation = solve(short, time_limit_seconds=120)
    seats = frozenset(short.pair(*pair) for pair in allocation.assignments)
    started = time.perf_counter()
    found = find_shortfalls(short, seats)
    named = sum(one.empty_seats for one in found if one.because)
    return {
        "seconds": time.perf_counter() - started, "status": f"{named} of {allocation.empty_seats} seats named",
        "total": allocation.total / 1e6, "empty": allocation.empty_seats,
    }  # fmt: skip


def measure(what: str, size: str, quotas: bool, capacity: float, data: Path | None) -> Measured:
    """One measurement by name; the instance is made outside the time."""
    objective = "fair" if what == "fair" else "total"
    policy = Policy(objective, tolerance=Fraction(0))
    problem = (
        bureau(size, quotas, capacity, policy=policy) if data is None else real_instance(data / f"{size}.npz", policy)
    )
    works: dict[str, Callable[[], Measured]] = {
        "engine": lambda: engine(problem, gap_only=size in LARGE and quotas),
        "fair": lambda: engine(problem),
        "draw": lambda: draws(problem, 25),
        "repair": lambda: mended(problem),
        "explain": lambda: explained(problem),
        "naive PuLP": lambda: {"total": yardsticks.naive_pulp(problem)},
        "HiGHS arrays": lambda: {"total": yardsticks.full_arrays(problem)},
        "OR-tools flow": lambda: {"total": yardsticks.flow(problem)},
        "same loop on highspy": lambda: {"total": yardsticks.bare_loop(problem)},
        "HiGHS full model": lambda: {"total": yardsticks.full_model(problem)},
    }
    return timed(works[what])
