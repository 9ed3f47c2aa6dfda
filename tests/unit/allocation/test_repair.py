"""Repairs change nobody without need, then keep the best total."""

import random

import pytest

from evalhub.domain.allocation import Evaluator, Quota, Task, build_problem, check, read_instance, repair, solve
from tests.allocation_cases import random_instance

EVALUATORS = [Evaluator("E1", 1), Evaluator("E2", 1), Evaluator("E3", 1), Evaluator("E4", 1)]
TASKS = [Task("T1", 1), Task("T2", 1), Task("T3", 1)]


def test_repair_free_reserve_takes_the_seat_and_nobody_else_moves():
    scores = {("T1", "E1"): 900_000, ("T2", "E2"): 800_000, ("T3", "E3"): 700_000, ("T1", "E4"): 300_000}
    problem = build_problem(EVALUATORS, TASKS, scores)
    told = solve(problem).assignments
    mended = repair(problem, told, leaving=[("T1", "E1")])
    assert mended.assignments == (("T1", "E4"), ("T2", "E2"), ("T3", "E3"))
    assert (mended.forced, mended.added, mended.removed) == ((("T1", "E1"),), (("T1", "E4"),), ())
    assert (mended.changes, mended.empty_seats, mended.proven) == (0, 0, True)
    assert (mended.total_before, mended.total_after) == (2_400_000, 1_800_000)


def test_repair_widens_across_tasks_before_a_seat_stays_empty():
    scores = {("T1", "E1"): 900_000, ("T1", "E2"): 100_000, ("T2", "E2"): 800_000, ("T2", "E4"): 200_000}
    problem = build_problem(EVALUATORS, TASKS[:2], scores, default=None)
    mended = repair(problem, [("T1", "E1"), ("T2", "E2")], leaving=[("T1", "E1")])
    assert mended.assignments == (("T1", "E2"), ("T2", "E4"))
    assert (mended.removed, mended.changes, mended.empty_seats, mended.proven) == ((("T2", "E2"),), 1, 0, True)


def test_repair_late_conflict_frees_the_seat_and_keeps_the_panel_rules():
    senior = frozenset({"senior"})
    evaluators = [
        Evaluator("E1", 1, tags=senior),
        Evaluator("E2", 1),
        Evaluator("E3", 1),
        Evaluator("E4", 1, tags=senior),
    ]
    tasks = [Task("T1", 2, (Quota(tag="senior", minimum=1),))]
    scores = {("T1", "E1"): 900_000, ("T1", "E2"): 800_000, ("T1", "E3"): 700_000, ("T1", "E4"): 100_000}
    problem = build_problem(evaluators, tasks, scores, conflicts=[("T1", "E1", "R8")])
    mended = repair(problem, [("T1", "E1"), ("T1", "E2")])
    assert mended.assignments == (("T1", "E2"), ("T1", "E4"))


def test_repair_nothing_lost_changes_nothing():
    problem = build_problem(EVALUATORS, TASKS, {})
    told = solve(problem).assignments
    assert repair(problem, told).assignments == told


@pytest.mark.parametrize("seed", range(30))
def test_repair_random_withdrawal_breaks_no_rule_and_is_never_shorter_than_a_new_run(seed):
    chance = random.Random(seed)
    problem = read_instance(random_instance(chance, 6, 12, plenty=True))
    told = solve(problem).assignments
    leaving = [pair for pair in told if pair[1] == chance.choice(told)[1]][:2]
    mended = repair(problem, told, leaving=leaving)
    assert check(problem, mended.assignments) == []
    assert not set(leaving) & set(mended.assignments)
    assert set(told) - set(leaving) - set(mended.assignments) == set(mended.removed)
    document_out = [(task, one, "left") for task, one in leaving]
    fresh = random_instance(random.Random(seed), 6, 12, plenty=True)
    fresh["conflicts"] += [list(entry) for entry in document_out]
    assert mended.empty_seats == solve(read_instance(fresh)).empty_seats
