"""Draw and lottery: what the seed decides, and what it must never touch."""

import hashlib
import hmac
import json
import math
import random
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalhub.domain.allocation import InvalidInstance, check, read_instance, result_document, solve
from evalhub.domain.allocation.verify import Instance, judge
from tests.allocation_cases import Exhaustive, make_instance, random_instance


def lots_of(document, sha256: str) -> dict[tuple[str, str], int]:
    """u(t, e) as the exchange format defines it."""
    seed = bytes.fromhex(document["policy"].get("seed", "00ff"))
    pairs = [(task["id"], one["id"]) for task in document["tasks"] for one in document["evaluators"]]
    return {
        (task, one): int.from_bytes(
            hmac.new(seed, f"{sha256}|{task}|{one}".encode(), hashlib.sha256).digest()[:8], "big"
        )
        for task, one in pairs
    }


@settings(max_examples=50)
@given(st.integers(0, 10**6), st.sampled_from([0, 0.05, 0.3]))
def test_draw_small_instance_is_the_one_the_definition_names(seed, tolerance):
    chance = random.Random(seed)
    document = random_instance(chance, chance.randint(1, 5), chance.randint(1, 8))
    document["policy"] = {"objective": "draw", "tolerance": tolerance, "seed": f"{seed:08x}"}
    content = json.dumps(document).encode()
    allocation = solve(read_instance(content))
    lots = lots_of(document, hashlib.sha256(content).hexdigest())
    total, luck = Exhaustive(document).drawn(lots, Fraction(str(tolerance)))
    assert (allocation.total, sum(lots[pair] for pair in allocation.assignments)) == (total, luck)


def test_draw_lot_matches_a_value_computed_by_hand():
    document = make_instance(policy={"objective": "draw", "seed": "0102"})
    problem = replace(read_instance(document), sha256="ab" * 32)
    message = ("ab" * 32 + "|T1|E2").encode()
    assert lots_of(document, "ab" * 32)["T1", "E2"] == int.from_bytes(
        hmac.new(b"\x01\x02", message, hashlib.sha256).digest()[:8], "big"
    )
    assert solve(problem).total == 1_650_000


def tied_instance():
    return {
        "format": "evalhub.allocation/1",
        "evaluators": [{"id": f"E{n}", "capacity": 1} for n in range(6)],
        "tasks": [{"id": "T0", "seats": 2}, {"id": "T1", "seats": 1}],
        "suitability": {"pairs": [], "default": 0.5},
        "policy": {"objective": "draw"},
    }


def test_draw_many_seeds_keep_the_total_and_seat_everybody_equally_often():
    problem = read_instance(tied_instance())
    counts: Counter[str] = Counter()
    for seed in range(600):
        allocation = solve(replace(problem, policy=replace(problem.policy, seed=f"{seed:04x}")))
        assert allocation.total == 1_500_000
        counts.update(evaluator for _, evaluator in allocation.assignments)
    chi_square = sum((counts[f"E{n}"] - 300) ** 2 / 300 for n in range(6))
    assert chi_square < 20.5  # 5 degrees of freedom, p = 0.001


def lottery(document, cap=0.5, seed="00ff"):
    document["policy"] = {"objective": "lottery", "max_probability": cap, "seed": seed}
    for key in ("fixed", "apart", "limits", "conflicts", "current"):
        document.pop(key, None)
    return document


def nested(document):
    """Quotas on one tag per task: always nested."""
    for task in document["tasks"]:
        task["quotas"] = [quota for quota in task["quotas"] if "tag" in quota][:1]
    return document


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_lottery_random_instance_keeps_every_rule_and_the_cap(seed):
    chance = random.Random(seed)
    document = nested(lottery(random_instance(chance, chance.randint(1, 6), chance.randint(1, 9), plenty=True)))
    problem = read_instance(document)
    allocation = solve(problem)
    assert check(problem, allocation.assignments) == []
    assert all(0 < share <= 0.5 for _, _, share in allocation.marginals)
    result = json.loads(json.dumps(result_document(problem, allocation)), parse_float=Decimal)
    plain = json.loads(json.dumps(document), parse_float=Decimal)
    assert judge(Instance(plain, "", None), result) == []


def test_lottery_frequencies_follow_the_marginals():
    document = nested(lottery(random_instance(random.Random(4), 9, 14, plenty=True), cap=0.6))
    problem = read_instance(document)
    seen: Counter[tuple[str, str]] = Counter()
    for seed in range(800):
        allocation = solve(replace(problem, policy=replace(problem.policy, seed=f"{seed:04x}")))
        seen.update(allocation.assignments)
    inner = [(task, one, share) for task, one, share in allocation.marginals if share < 1]
    assert len(inner) >= 10
    for task, one, share in inner:
        assert abs(seen[task, one] / 800 - share) < 4.5 * math.sqrt(share * (1 - share) / 800)


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"fixed": [["T2", "E1"]]}, "fixed", "not_in_a_lottery"),
        (
            {
                "tasks": [
                    {"id": "T1", "seats": 2, "quotas": [{"tag": "senior", "min": 1}, {"tag": "finance", "min": 1}]}
                ]
            },
            "tasks[0].quotas[1]",
            "not_nested_or_disjoint",
        ),
        ({"apart": [["E1", "E2", "R1"], ["E2", "E3", "R1"]]}, "apart[1]", "not_nested_or_disjoint"),
        (
            {"limits": [{"evaluators": ["E1", "E2"], "tasks": ["T1", "T2"], "max": 1}]},
            "limits[0]",
            "several_tasks_and_evaluators_in_a_lottery",
        ),
    ],
)
def test_lottery_rules_that_cross_are_refused_by_path(changes, path, code):
    document = make_instance(policy={"objective": "lottery", "max_probability": 0.5})
    document["tasks"] = [{"id": "T1", "seats": 2}, {"id": "T2", "seats": 1}]
    document["suitability"] = {"pairs": [], "default": 0.5}
    with pytest.raises(InvalidInstance) as refusal:
        read_instance(document | changes)
    assert (refusal.value.path, refusal.value.code) == (path, code)
