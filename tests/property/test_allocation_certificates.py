"""Planted faults in results and certificates: the verifier, which shares nothing with the engine, finds each."""

import contextlib
import copy
import json
import random
from collections import Counter
from decimal import Decimal

import pytest

from evalhub.domain.allocation import read_instance, result_document, solve
from evalhub.domain.allocation.verify import Instance, Unreadable, judge
from tests.allocation_cases import random_instance

PER_KIND = 1000
REFUSALS = (Unreadable, KeyError, TypeError, ValueError, IndexError)
"""What `verify` turns into "not of the format"."""


def plain(document):
    return json.loads(json.dumps(document), parse_float=Decimal)


@pytest.fixture(scope="module")
def sound():
    """Results of forty instances, each judged sound first."""
    cases = []
    for seed in range(40):
        document = random_instance(random.Random(seed), 5, 9, plenty=seed % 2 == 0)
        document["policy"]["change_cost"] = 0
        problem = read_instance(document)
        result = result_document(problem, solve(problem))
        instance = Instance(plain(document), "", None)
        assert judge(instance, plain(result)) == []
        cases.append((instance, result))
    assert Counter(result["status"] for _, result in cases)["proven"] >= 35
    return cases


def drop_a_seat(chance, instance, result):
    if not result["assignments"]:
        return None
    result["assignments"].pop(chance.randrange(len(result["assignments"])))
    return result


def seat_a_stranger(chance, instance, result):
    seats = {tuple(pair) for pair in result["assignments"]}
    free = sorted({(task, one) for task in instance.tasks for one in instance.evaluators} - seats)
    if not free:
        return None
    result["assignments"] = sorted([*result["assignments"], list(chance.choice(free))])
    return result


def change_a_figure(chance, instance, result):
    names = [name for name in ("total", "worst", "objective_value", "bound") if result[name] is not None]
    name = chance.choice(names)
    result[name] = round(result[name] + chance.choice([-1, 1]) * chance.randint(1, 10**6) / 10**6, 6)
    return result


def change_a_count(chance, instance, result):
    result[chance.choice(["empty_seats", "empty_seats_bound"])] += chance.choice([-1, 1])
    return result


def change_a_price(chance, instance, result):
    """A price too high for any use proves less; a negative one of an evaluator has the wrong sign."""
    leaf = result["certificate"]["objective"]
    side = chance.choice(["tasks", "evaluators"])
    rows, key = (instance.tasks, "seats") if side == "tasks" else (instance.evaluators, "capacity")
    place = chance.randrange(len(rows))
    if not rows[sorted(rows)[place]][key]:
        return None
    if side == "evaluators" and chance.random() < 0.5:
        leaf[side][place] = -chance.randint(1, 10**6)
    else:
        leaf[side][place] += chance.randint(1, 10**6) * 10**8
    return result


def tear_a_leaf(chance, instance, result):
    leaf = result["certificate"]["objective"]
    name = chance.choice(["scale", "tasks", "evaluators", "quotas", "apart", "limits", "minimums", "empty", "missing"])
    if chance.random() < 0.5 or not isinstance(leaf[name], list):
        leaf.pop(name)
    else:
        leaf[name].append(chance.choice([0, "x", 0.5, ["T0", 99, None, "low", 1], []]))
    return result


def claim_a_proof_without_one(chance, instance, result):
    if result["status"] == "proven":
        result["certificate"].pop("objective")
    else:
        result["status"] = "proven"
    return result


KINDS = [
    drop_a_seat, seat_a_stranger, change_a_figure, change_a_count, change_a_price, tear_a_leaf,
    claim_a_proof_without_one,
]  # fmt: skip


@pytest.mark.parametrize("plant", KINDS, ids=lambda plant: plant.__name__)
def test_verifier_thousand_planted_faults_of_one_kind_are_all_caught(plant, sound):
    chance = random.Random(plant.__name__)
    planted = 0
    for _ in range(PER_KIND * 3):
        instance, result = chance.choice(sound)
        broken = plant(chance, instance, copy.deepcopy(result))
        if broken is None:
            continue
        planted += 1
        with contextlib.suppress(*REFUSALS):
            assert judge(instance, plain(broken)) != [], (plant.__name__, planted)
        if planted == PER_KIND:
            return
    raise AssertionError("too few places to plant a fault")


@pytest.mark.parametrize("seed", range(20))
def test_certificate_of_random_instance_never_proves_less_than_the_seats_have(seed):
    document = random_instance(random.Random(5000 + seed), 7, 12)
    problem = read_instance(document)
    allocation = solve(problem)
    assert allocation.bound is None or allocation.bound >= allocation.objective_value
    assert judge(Instance(plain(document), "", None), plain(result_document(problem, allocation))) == []
