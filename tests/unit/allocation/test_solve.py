"""Worked allocations whose answers were found by hand."""

import pytest

from evalhub.domain.allocation import (
    Evaluator,
    InvalidInstance,
    Limit,
    NothingFound,
    Policy,
    Quota,
    Task,
    build_problem,
    check,
    read_instance,
    solve,
)
from tests.allocation_cases import make_instance


def test_total_worked_case_seats_the_best_pairs():
    allocation = solve(read_instance(make_instance()))
    assert allocation.assignments == (("T1", "E1"), ("T1", "E2"), ("T2", "E2"))
    assert (allocation.total, allocation.objective_value, allocation.worst) == (1_650_000, 1_650_000, 250_000)
    assert (allocation.status, allocation.bound, allocation.gap) == ("proven", 1_650_000, 0.0)
    assert allocation.empty_seats == 0
    assert not allocation.short


def test_fair_worked_case_gives_up_total_for_the_worst():
    document = {
        "format": "evalhub.allocation/1",
        "evaluators": [{"id": "E1", "capacity": 1}, {"id": "E2", "capacity": 1}],
        "tasks": [{"id": "T1", "seats": 1}, {"id": "T2", "seats": 1}],
        "suitability": {
            "pairs": [["T1", "E1", 0.9], ["T1", "E2", 0.4], ["T2", "E1", 0.4], ["T2", "E2", 0.1]],
            "default": None,
        },
    }
    assert solve(read_instance(document)).worst == 100_000
    fair = solve(read_instance(document | {"policy": {"objective": "fair"}}))
    assert (fair.worst, fair.total) == (400_000, 800_000)


def test_short_task_names_counted_carriers_and_what_would_help():
    problem = build_problem(
        evaluators=[
            Evaluator("E1", 1, tags=frozenset({"water"})),
            Evaluator("E2", 1, tags=frozenset({"water"})),
            Evaluator("E3", 1, tags=frozenset({"water"})),
            Evaluator("E4", 5),
        ],
        tasks=[Task("T1", 1, (Quota(tag="water", minimum=1),)), Task("T2", 1, (Quota(tag="water", minimum=1),))],
        suitability={("T1", "E3"): 900_000, ("T2", "E3"): 100_000},
        conflicts=[("T1", "E1", "R1"), ("T1", "E2", "R4"), ("T2", "E1", "R1"), ("T2", "E2", "R1")],
    )
    allocation = solve(problem)
    assert allocation.assignments == (("T1", "E3"),)
    (shortfall,) = allocation.shortfalls
    assert (shortfall.task, shortfall.empty_seats) == ("T2", 1)
    assert shortfall.because == (
        {
            "code": "too_few_carriers",
            "tag": "water",
            "needed": 1,
            "carriers": 3,
            "in_conflict": 2,
            "rules": ["R1"],
            "at_capacity": 1,
            "not_a_carrier": 1,
        },
    )
    assert shortfall.remedies == (
        {"code": "raise_capacity", "evaluator": "E3", "from": 1, "to": 2},
        {"code": "add_evaluators", "count": 1, "tag": "water"},
        {"code": "lower_minimum", "tag": "water", "from": 1, "to": 0},
    )


def test_minimum_comes_before_total():
    problem = build_problem(
        evaluators=[Evaluator("E1", 2), Evaluator("E2", 2, minimum=1), Evaluator("E3", 2, minimum=2)],
        tasks=[Task("T1", 1), Task("T2", 1)],
        suitability={("T1", "E1"): 900_000, ("T2", "E1"): 900_000},
    )
    allocation = solve(problem)
    assert sum(one.missing for one in allocation.shortfalls) == 1
    assert allocation.total == 0


def test_limit_and_apart_hold():
    problem = build_problem(
        evaluators=[Evaluator("E1", 2), Evaluator("E2", 2), Evaluator("E3", 2)],
        tasks=[Task("T1", 2), Task("T2", 2)],
        suitability={("T1", "E1"): 900_000, ("T2", "E1"): 900_000, ("T1", "E2"): 800_000, ("T2", "E2"): 800_000},
        apart=[("E1", "E2", "R12")],
        limits=[Limit(("E3",), ("T1", "T2"), 1)],
    )
    allocation = solve(problem)
    assert allocation.empty_seats == 1
    assert allocation.total == 1_800_000
    assert check(problem, allocation.assignments) == []


def test_change_cost_keeps_current_seats_unless_in_conflict():
    evaluators = [Evaluator("E1", 1), Evaluator("E2", 1)]
    tasks, scores = [Task("T1", 1)], {("T1", "E1"): 500_000, ("T1", "E2"): 600_000}
    costly = Policy(change_cost=200_000)
    kept = solve(build_problem(evaluators, tasks, scores, current=[("T1", "E1")], policy=costly))
    assert (kept.assignments, kept.objective_value) == ((("T1", "E1"),), 500_000)
    left = solve(
        build_problem(evaluators, tasks, scores, current=[("T1", "E1")], conflicts=[("T1", "E1", "R1")], policy=costly)
    )
    assert (left.assignments, left.objective_value) == ((("T1", "E2"),), 600_000)


@pytest.mark.parametrize("objective", ["total", "fair"])
def test_empty_lists_and_empty_seats_give_an_empty_allocation(objective):
    policy = Policy(objective=objective)
    for problem in (
        build_problem([], [], {}, policy=policy),
        build_problem([Evaluator("E1", 0)], [Task("T1", 0)], {}, policy=policy),
    ):
        allocation = solve(problem)
        assert (allocation.assignments, allocation.empty_seats, allocation.worst) == ((), 0, None)
    nobody = solve(build_problem([], [Task("T1", 2)], {}, policy=policy))
    assert (nobody.assignments, nobody.empty_seats) == ((), 2)


def test_stopped_before_anything_is_found_says_so():
    with pytest.raises(NothingFound):
        solve(read_instance(make_instance()), should_stop=lambda: True)


def test_progress_is_told_with_rising_seconds():
    told = []
    solve(read_instance(make_instance()), on_progress=told.append)
    assert told
    assert [one.seconds for one in told] == sorted(one.seconds for one in told)


def test_problem_built_from_values_refuses_unknown_ids():
    with pytest.raises(InvalidInstance, match="unknown_evaluator"):
        build_problem([Evaluator("E1", 1)], [Task("T1", 1)], {}, conflicts=[("T1", "E2", "R1")])
