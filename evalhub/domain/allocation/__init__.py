"""Who sits on which panel: allocation without ever seating a conflict of interest.

`build_problem` (validation) -> `solve` (here) -> `Allocation` (result). Around it: `exchange` reads the file format,
`recount` checks any seats, `reserves` orders substitutes, `verify` is the stand-alone judge of a result file.
Inside: `total` and `fairness` are the objectives; `relaxation` with `pricing` and `rules_rows` solves the linear
program, `rounding` finds whole seats, `certificate` proves the bound; `model` alone touches PuLP and HiGHS.
"""

from collections.abc import Callable

from evalhub.domain.allocation.archive import instance_bytes
from evalhub.domain.allocation.control import Control, Progress
from evalhub.domain.allocation.draw import solve_draw
from evalhub.domain.allocation.exchange import read_instance
from evalhub.domain.allocation.explain import WhyNot, why_not
from evalhub.domain.allocation.fair_exact import worst_mean
from evalhub.domain.allocation.fairness import solve_fair
from evalhub.domain.allocation.faults import InvalidInstance, NothingFound
from evalhub.domain.allocation.gains import dropped_cost, seats_total
from evalhub.domain.allocation.lottery import solve_lottery
from evalhub.domain.allocation.model import versions
from evalhub.domain.allocation.problem import Evaluator, Limit, Policy, Problem, Quota, Task
from evalhub.domain.allocation.recount import Fault, check
from evalhub.domain.allocation.repair import Repair, repair
from evalhub.domain.allocation.reserves import check_substitute, reserves
from evalhub.domain.allocation.result import (
    BOUNDED,
    PROVEN,
    SOLVED,
    Allocation,
    Shortfall,
    SolverFacts,
    result_document,
    write_result,
)
from evalhub.domain.allocation.shortfalls import find_shortfalls
from evalhub.domain.allocation.total import Outcome, solve_total
from evalhub.domain.allocation.validation import build_problem

__all__ = [
    "Allocation", "Evaluator", "Fault", "InvalidInstance", "Limit", "NothingFound", "Policy", "Problem", "Progress",
    "Quota", "Repair", "Shortfall", "Task", "WhyNot", "build_problem", "check", "check_substitute", "instance_bytes",
    "read_instance", "repair", "reserves", "result_document", "solve", "why_not", "write_result",
]  # fmt: skip

SOLVERS = {"total": solve_total, "fair": solve_fair, "draw": solve_draw, "lottery": solve_lottery}


def solve(
    problem: Problem,
    *,
    time_limit_seconds: float | None = None,
    should_stop: Callable[[], bool] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Allocation:
    """The best allocation under the problem's policy: aims in the order of the exchange format.

    Args:
        problem: from `build_problem` or `read_instance`.
        time_limit_seconds: the best found by then is returned as `bounded`.
        should_stop: asked up to fifty times a second, from the solving thread; true ends the run like a time limit.
        on_progress: told of each phase and round.

    Returns:
        Seats that break no rule; `short` with counted reasons where seats stay empty.

    Raises:
        NothingFound: stopped before any allocation was known.
        InvalidInstance: a lottery with `max_probability` 0 although seats are wanted.
    """
    control = Control(time_limit_seconds, should_stop, on_progress)
    outcome = SOLVERS[problem.policy.objective](problem, control)
    highs, pulp = versions()
    facts = SolverFacts("HiGHS", highs, pulp, control.seconds(), outcome.columns, outcome.rounds)
    return _allocation(problem, outcome, facts)


def _allocation(problem: Problem, outcome: Outcome, facts: SolverFacts) -> Allocation:
    pairs = sorted(outcome.seats)
    total = seats_total(problem, outcome.seats)
    value = total - dropped_cost(problem, outcome.seats)
    worst = worst_mean(problem, outcome.seats)
    proven = outcome.optimal and outcome.settled.proven and outcome.bound == value
    if problem.policy.objective == "fair":
        proven = proven and not outcome.settled.empty and outcome.worst_bound == int(worst or 0)
    return Allocation(
        status=PROVEN if proven else SOLVED if outcome.optimal else BOUNDED,
        assignments=tuple((problem.tasks[task].id, problem.evaluators[one].id) for task, one in pairs),
        empty_seats=outcome.settled.empty,
        empty_seats_bound=outcome.settled.bounds[0],
        total=total,
        worst=None if worst is None else int(worst),
        objective_value=value,
        bound=outcome.bound,
        worst_bound=outcome.worst_bound,
        solver_bound=outcome.solver_bound,
        shortfalls=find_shortfalls(problem, outcome.seats),
        certificate=outcome.certificate,
        solver=facts,
        marginals=None
        if outcome.marginals is None
        else tuple(
            (problem.tasks[task].id, problem.evaluators[one].id, share) for task, one, share in outcome.marginals
        ),
    )
