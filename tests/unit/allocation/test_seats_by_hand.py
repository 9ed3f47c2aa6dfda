"""Checks on seats made by hand, reserves, and substitutions."""

import random

from evalhub.domain.allocation import (
    Evaluator,
    Fault,
    Limit,
    Quota,
    Task,
    build_problem,
    check,
    check_substitute,
    read_instance,
    reserves,
    solve,
)
from tests.allocation_cases import random_instance

EVALUATORS = [
    Evaluator("E1", 2, tags=frozenset({"senior"}), groups={"employer": ("A",)}),
    Evaluator("E2", 2, groups={"employer": ("B",)}),
    Evaluator("E3", 2, tags=frozenset({"senior"}), groups={"employer": ("B",)}),
    Evaluator("E4", 1, groups={"employer": ("C",)}),
]
TASKS = [Task("T1", 2, (Quota(tag="senior", minimum=1), Quota(group="employer", maximum=1))), Task("T2", 1)]
SCORES = {
    ("T1", "E1"): 900_000,
    ("T1", "E2"): 800_000,
    ("T1", "E3"): 700_000,
    ("T1", "E4"): 600_000,
    ("T2", "E4"): 990_000,
}


def panel_problem(**changes):
    return build_problem(**({"evaluators": EVALUATORS, "tasks": TASKS, "suitability": SCORES} | changes))


def codes(faults: list[Fault]) -> list[str]:
    return [fault.code for fault in faults]


def test_check_names_every_kind_of_fault():
    problem = panel_problem(
        conflicts=[("T1", "E1", "R1"), ("T1", "E1", "R4")],
        apart=[("E1", "E4", "R12")],
        limits=[Limit(("E4",), ("T1", "T2"), 1)],
        fixed=[("T2", "E4")],
        default=None,
    )
    faults = check(problem, [("T1", "E1"), ("T1", "E4"), ("T2", "E4"), ("T2", "E4"), ("T9", "E1"), ("T1", "E9")])
    assert codes(faults) == [
        "duplicate_seat", "unknown_evaluator", "unknown_task", "conflict", "apart", "over_capacity", "over_limit",
    ]  # fmt: skip
    assert faults[3].figures == {"rules": ["R1", "R4"]}
    faults = check(problem, [("T2", "E2"), ("T1", "E2"), ("T1", "E3")])
    assert codes(faults) == ["over_max", "not_listed", "fixed_missing"]


def test_check_minimum_counts_empty_seats_for_it():
    problem = panel_problem()
    assert check(problem, [("T1", "E2")]) == []
    assert codes(check(problem, [("T1", "E2"), ("T1", "E4")])) == ["below_min"]
    assert codes(check(problem, [("T1", "E1"), ("T1", "E2"), ("T1", "E4")])) == ["over_seats"]


def test_reserves_keep_the_panel_rules_of_some_seat_in_order_of_suitability():
    problem = panel_problem()
    allocation = solve(problem)
    assert allocation.panel("T1") == ("E1", "E2")
    assert reserves(problem, allocation, 5) == {"T1": ("E3",), "T2": ("E1", "E2", "E3")}
    roomy = panel_problem(evaluators=[*EVALUATORS[:3], Evaluator("E4", 2, groups={"employer": ("C",)})])
    assert reserves(roomy, solve(roomy), 5)["T1"] == ("E3", "E4")
    assert reserves(roomy, solve(roomy), 1)["T1"] == ("E3",)


def test_substitute_is_checked_against_the_rules_of_today():
    problem = panel_problem()
    seats = [("T1", "E1"), ("T1", "E2"), ("T2", "E4")]
    assert check_substitute(problem, seats, "T1", "E2", "E3") == []
    assert codes(check_substitute(problem, seats, "T1", "E1", "E3")) == ["over_max"]
    assert codes(check_substitute(problem, seats, "T1", "E1", "E4")) == ["below_min", "over_capacity"]
    later = panel_problem(conflicts=[("T1", "E3", "R8"), ("T1", "E2", "R8")])
    assert codes(check_substitute(later, seats, "T1", "E2", "E3")) == ["conflict"]


def test_reserves_of_random_panels_can_each_replace_somebody():
    for seed in range(25):
        problem = read_instance(random_instance(random.Random(seed), 5, 12, plenty=True))
        allocation = solve(problem)
        for task, names in reserves(problem, allocation, 4).items():
            assert len(names) <= 4
            for name in names:
                assert any(
                    check_substitute(problem, allocation.assignments, task, leaving, name) == []
                    for leaving in allocation.panel(task)
                )
