"""Laws of the allocation engine, against an exhaustive search and an independent verifier."""

import copy
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalhub.domain.allocation import check, read_instance, solve
from evalhub.domain.allocation.result import result_document
from evalhub.domain.allocation.verify import Instance, judge_rules
from tests.allocation_cases import Exhaustive, random_instance


def small_instance(seed: int, tasks: int = 6, evaluators: int = 9):
    chance = random.Random(seed)
    return random_instance(chance, chance.randint(1, tasks), chance.randint(1, evaluators))


def judged(document, allocation) -> list[str]:
    plain = json.loads(json.dumps(document))
    return judge_rules(Instance(plain, "", None), set(allocation.assignments))


@pytest.mark.parametrize("block", range(10))
def test_random_instances_five_hundred_seat_no_conflict_and_break_no_rule(block):
    for seed in range(1000 + block * 50, 1050 + block * 50):
        document = small_instance(seed, tasks=8, evaluators=14)
        allocation = solve(read_instance(document))
        out = {(task, evaluator) for task, evaluator, _ in document["conflicts"]}
        assert out.isdisjoint(allocation.assignments), seed
        assert judged(document, allocation) == [], seed


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_total_small_instance_equals_exhaustive_search(seed):
    document = small_instance(seed)
    allocation = solve(read_instance(document))
    missing = sum(one.missing for one in allocation.shortfalls)
    assert (allocation.empty_seats, missing, allocation.objective_value) == Exhaustive(document).total()


def test_total_twelve_evaluators_six_tasks_equals_exhaustive_search():
    for seed in range(4):
        document = random_instance(random.Random(seed), 6, 12)
        allocation = solve(read_instance(document))
        missing = sum(one.missing for one in allocation.shortfalls)
        assert (allocation.empty_seats, missing, allocation.objective_value) == Exhaustive(document).total()


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_fair_small_instance_equals_exhaustive_search(seed):
    document = small_instance(seed, evaluators=7)
    document["policy"]["objective"] = "fair"
    problem = read_instance(document)
    allocation = solve(problem)
    empty, missing, empties, worst, value = Exhaustive(document).fair()
    assert allocation.empty_seats == empty
    assert sum(one.missing for one in allocation.shortfalls) == missing
    assert tuple(task.seats - len(allocation.panel(task.id)) for task in problem.tasks) == empties
    assert allocation.worst == (None if worst is None else int(worst))
    assert allocation.objective_value == value


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_solve_shuffled_input_gives_the_same_seats(seed):
    document = small_instance(seed)
    shuffled = copy.deepcopy(document)
    for key in ("evaluators", "tasks", "conflicts", "apart", "limits", "current"):
        random.Random(seed + 1).shuffle(shuffled[key])
    random.Random(seed + 2).shuffle(shuffled["suitability"]["pairs"])
    first, second = solve(read_instance(document)), solve(read_instance(shuffled))
    assert first.assignments == second.assignments


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_further_conflict_never_raises_the_optimum(seed):
    document = small_instance(seed)
    document["policy"]["change_cost"] = 0
    before = solve(read_instance(document))
    if not before.assignments:
        return
    seat = random.Random(seed).choice(before.assignments)
    document["conflicts"].append([*seat, "late"])
    after = solve(read_instance(document))
    assert seat not in after.assignments
    assert rank(after) <= rank(before)


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_relaxed_rule_never_lowers_the_optimum(seed):
    document = small_instance(seed)
    document["policy"]["change_cost"] = 0
    before = solve(read_instance(document))
    chance = random.Random(seed)
    kind = chance.choice(["conflicts", "apart", "limits"])
    if document[kind]:
        document[kind].pop(chance.randrange(len(document[kind])))
    else:
        chance.choice(document["evaluators"])["capacity"] += 1
    assert rank(solve(read_instance(document))) >= rank(before)


def rank(allocation) -> tuple[int, int, int]:
    return -allocation.empty_seats, -sum(one.missing for one in allocation.shortfalls), allocation.objective_value


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_fixed_seats_of_an_optimum_stay_and_change_nothing(seed):
    document = small_instance(seed)
    free = solve(read_instance(document))
    if not free.assignments:
        return
    document["fixed"] = [list(random.Random(seed).choice(free.assignments))]
    bound = solve(read_instance(document))
    assert tuple(document["fixed"][0]) in bound.assignments
    assert rank(bound) == rank(free)


def test_two_runs_give_equal_documents():
    problem = read_instance(random_instance(random.Random(3), 8, 14))
    first, second = (result_document(problem, solve(problem)) for _ in range(2))
    for document in (first, second):
        document["solver"].pop("seconds")
    assert json.dumps(first) == json.dumps(second)


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_check_and_verifier_agree_on_random_seats(seed):
    chance = random.Random(seed)
    document = small_instance(seed)
    pairs = [(task["id"], one["id"]) for task in document["tasks"] for one in document["evaluators"]]
    seats = chance.sample(pairs, min(len(pairs), chance.randint(0, 8)))
    plain = json.loads(json.dumps(document))
    by_verifier = judge_rules(Instance(plain, "", None), set(seats))
    assert bool(check(read_instance(document), seats)) == bool(by_verifier)
