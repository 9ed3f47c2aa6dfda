"""Every malformed instance is refused by the path of its key."""

import copy
import json

import numpy as np
import pytest

from evalhub.domain.allocation import InvalidInstance, read_instance
from tests.allocation_cases import make_instance

DELETE = object()


def changed(*path, to):
    def change(document):
        place = document
        for step in path[:-1]:
            place = place[step]
        if to is DELETE:
            del place[path[-1]]
        elif isinstance(place, list) and path[-1] == "+":
            place.append(to)
        else:
            place[path[-1]] = to
        return document

    return change


def limit(evaluators, most):
    return {"evaluators": evaluators, "tasks": ["T1"], "max": most}


FIXED_OVER_CAPACITY = {
    "evaluators": [{"id": "E1", "capacity": 1}],
    "tasks": [{"id": "T1", "seats": 1}, {"id": "T2", "seats": 1}],
    "suitability": {"pairs": [], "default": 0},
    "fixed": [["T1", "E1"], ["T2", "E1"]],
}
MALFORMED = [
    (changed("format", to="evalhub.allocation/2"), "format", "unknown_format"),
    (changed("format", to=DELETE), "format", "missing_key"),
    (changed("extra", to=1), "extra", "unknown_key"),
    (changed("evaluators", to={}), "evaluators", "not_a_list"),
    (changed("evaluators", 0, to=7), "evaluators[0]", "not_an_object"),
    (changed("evaluators", 1, "id", to="E1"), "evaluators[1].id", "duplicate_id"),
    (changed("evaluators", 1, "id", to=""), "evaluators[1].id", "empty_id"),
    (changed("evaluators", 1, "id", to=3), "evaluators[1].id", "not_text"),
    (changed("evaluators", 0, "capacity", to=-1), "evaluators[0].capacity", "negative"),
    (changed("evaluators", 0, "capacity", to=1.5), "evaluators[0].capacity", "not_an_integer"),
    (changed("evaluators", 0, "capacity", to=True), "evaluators[0].capacity", "not_an_integer"),
    (changed("evaluators", 0, "capacity", to=10**12), "evaluators[0].capacity", "too_large"),
    (changed("evaluators", 0, "capacity", to=DELETE), "evaluators[0].capacity", "missing_key"),
    (changed("evaluators", 0, "minimum", to=3), "evaluators[0].minimum", "above_capacity"),
    (changed("evaluators", 0, "minimum", to=-2), "evaluators[0].minimum", "negative"),
    (changed("evaluators", 0, "tags", to="senior"), "evaluators[0].tags", "not_a_list"),
    (changed("evaluators", 0, "tags", to=[None]), "evaluators[0].tags[0]", "not_text"),
    (changed("evaluators", 0, "groups", to=[]), "evaluators[0].groups", "not_an_object"),
    (changed("evaluators", 0, "groups", "region", to=5), "evaluators[0].groups.region", "not_text"),
    (changed("evaluators", 0, "rank", to=5), "evaluators[0].rank", "unknown_key"),
    (changed("tasks", 1, "seats", to="two"), "tasks[1].seats", "not_an_integer"),
    (changed("tasks", 1, "seats", to=-3), "tasks[1].seats", "negative"),
    (changed("tasks", 1, "id", to="T1"), "tasks[1].id", "duplicate_id"),
    (changed("tasks", 0, "quotas", 0, "min", to=3), "tasks[0].quotas[0].min", "above_seats"),
    (changed("tasks", 0, "quotas", 0, "max", to=0), "tasks[0].quotas[0].max", "below_min"),
    (changed("tasks", 0, "quotas", 0, "max", to=-1), "tasks[0].quotas[0].max", "negative"),
    (changed("tasks", 0, "quotas", 1, "min", to=1), "tasks[0].quotas[1].min", "group_with_min"),
    (changed("tasks", 0, "quotas", 1, "tag", to="senior"), "tasks[0].quotas[1]", "tag_or_group"),
    (changed("tasks", 0, "quotas", 0, to={"tag": "senior"}), "tasks[0].quotas[0]", "min_or_max"),
    (changed("tasks", 0, "quotas", 0, to={"min": 1}), "tasks[0].quotas[0]", "tag_or_group"),
    (changed("tasks", 0, "quotas", 0, "least", to=1), "tasks[0].quotas[0].least", "unknown_key"),
    (changed("suitability", to=[]), "suitability", "not_an_object"),
    (changed("suitability", "default", to=DELETE), "suitability.default", "missing_key"),
    (changed("suitability", "default", to=2), "suitability.default", "out_of_range"),
    (changed("suitability", "pairs", 0, to=["T1", "E1"]), "suitability.pairs[0]", "not_a_list_of"),
    (changed("suitability", "pairs", 0, 2, to=1.1), "suitability.pairs[0][2]", "out_of_range"),
    (changed("suitability", "pairs", 0, 2, to=-0.1), "suitability.pairs[0][2]", "negative"),
    (changed("suitability", "pairs", 0, 2, to=0.1234567), "suitability.pairs[0][2]", "too_many_decimals"),
    (changed("suitability", "pairs", 0, 2, to="0.5"), "suitability.pairs[0][2]", "not_a_number"),
    (changed("suitability", "pairs", 0, 0, to="T9"), "suitability.pairs[0][0]", "unknown_task"),
    (changed("suitability", "pairs", 0, 1, to="E9"), "suitability.pairs[0][1]", "unknown_evaluator"),
    (changed("suitability", "pairs", "+", to=["T1", "E1", 0.2]), "suitability.pairs[4]", "duplicate_pair"),
    (changed("suitability", to={"matrix": "none.npz", "array": "s"}), "suitability.matrix", "no_such_file"),
    (changed("suitability", to={"matrix": "../s.npz", "array": "s"}), "suitability.matrix", "outside_folder"),
    (changed("conflicts", to=[["T1", "E9", "R1"]]), "conflicts[0][1]", "unknown_evaluator"),
    (changed("conflicts", to=[["T1", "E1", "R1"], ["T1", "E1", "R1"]]), "conflicts[1]", "duplicate_pair"),
    (changed("conflicts", to=[["T1", "E1"]]), "conflicts[0]", "not_a_list_of"),
    (changed("apart", to=[["E1", "E1", "R12"]]), "apart[0]", "same_evaluator"),
    (changed("apart", to=[["E1", "E2", "R12"], ["E2", "E1", "R12"]]), "apart[1]", "duplicate_pair"),
    (changed("limits", to=[limit(["E7"], 1)]), "limits[0].evaluators[0]", "unknown_evaluator"),
    (changed("limits", to=[limit(["E1"], -1)]), "limits[0].max", "negative"),
    (changed("limits", to=[limit(["E1", "E1"], 1)]), "limits[0].evaluators", "duplicate_id"),
    (changed("current", to=[["T1", "E1"], ["T1", "E1"]]), "current[1]", "duplicate_pair"),
    (changed("policy", to={"objective": "best"}), "policy.objective", "unknown_objective"),
    (changed("policy", to={"seed": "xyz"}), "policy.seed", "not_hexadecimal"),
    (changed("policy", to={"tolerance": 1.5}), "policy.tolerance", "out_of_range"),
    (changed("policy", to={"max_probability": -1}), "policy.max_probability", "negative"),
    (changed("policy", to={"change_cost": -1}), "policy.change_cost", "negative"),
    (changed("policy", to={"sead": "00"}), "policy.sead", "unknown_key"),
    (changed("fixed", to=[["T2", "E1"], ["T2", "E2"]]), "fixed[1]", "fixed_over_seats"),
    (changed("fixed", to=[["T1", "E1"], ["T1", "E3"]]), "fixed[1]", "fixed_over_max"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "code"), MALFORMED, ids=[f"{p}-{c}" for _, p, c in MALFORMED])
def test_instance_malformed_is_refused_by_path(change, path, code, tmp_path):
    document = change(copy.deepcopy(make_instance()))
    with pytest.raises(InvalidInstance) as refusal:
        read_instance(json.dumps(document).encode(), tmp_path)
    assert (refusal.value.path, refusal.value.code) == (path, code)


@pytest.mark.parametrize(
    ("content", "path", "code"),
    [
        (b'{"format": 1,\n "tasks" 3}', "line 2, column 10", "not_json"),
        (b"\xff\xfe", "byte 0", "not_utf8"),
        (b"[]", "document", "not_an_object"),
        (b'{"a": NaN}', "document", "not_finite"),
        (b'{"a": 1, "a": 2}', "document", "duplicate_key"),
        (b"[" * 100_000, "document", "nested_too_deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "document", "number_too_long"),
    ],
)
def test_text_not_json_is_refused_with_its_place(content, path, code):
    with pytest.raises(InvalidInstance) as refusal:
        read_instance(content)
    assert (refusal.value.path, refusal.value.code) == (path, code)


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        (FIXED_OVER_CAPACITY, "fixed[1]", "fixed_over_capacity"),
        ({"fixed": [["T1", "E1"]], "conflicts": [["T1", "E1", "R1"]]}, "fixed[0]", "fixed_in_conflict"),
        ({"fixed": [["T2", "E1"]], "suitability": {"pairs": [], "default": None}}, "fixed[0]", "fixed_not_listed"),
        ({"fixed": [["T1", "E1"], ["T1", "E2"]], "apart": [["E1", "E2", "R12"]]}, "fixed[1]", "fixed_apart"),
        (
            {"fixed": [["T1", "E1"]], "limits": [{"evaluators": ["E1"], "tasks": ["T1"], "max": 0}]},
            "fixed[0]",
            "fixed_over_limit",
        ),
        (
            {
                "fixed": [["T1", "E2"]],
                "tasks": [{"id": "T0", "seats": 0}, {"id": "T1", "seats": 1, "quotas": [{"tag": "senior", "min": 1}]}],
                "suitability": {"pairs": [], "default": 0},
            },
            "tasks[1].quotas[0].min",
            "fixed_below_min",
        ),
    ],
)
def test_fixed_seat_against_a_rule_is_refused(changes, path, code):
    with pytest.raises(InvalidInstance) as refusal:
        read_instance(make_instance(**changes))
    assert (refusal.value.path, refusal.value.code) == (path, code)


MATRIX_FAULTS = [
    (np.zeros((2, 3)), "s", "suitability.array", "not_float32"),
    (np.zeros(3, np.float32), "s", "suitability.array", "not_two_dimensional"),
    (np.full((2, 3), np.nan, np.float32), "s", "suitability.array", "not_finite"),
    (np.full((2, 3), 2, np.float32), "s", "suitability.array", "out_of_range"),
    (np.zeros((3, 2), np.float32), "s", "suitability", "wrong_shape"),
    (np.zeros((2, 3), np.float32), "t", "suitability.array", "no_such_array"),
]


@pytest.mark.parametrize(("table", "name", "path", "code"), MATRIX_FAULTS)
def test_matrix_malformed_is_refused_by_path(table, name, path, code, tmp_path):
    np.savez(tmp_path / "scores.npz", s=table)
    document = make_instance(suitability={"matrix": "scores.npz", "array": name})
    with pytest.raises(InvalidInstance) as refusal:
        read_instance(document, tmp_path)
    assert (refusal.value.path, refusal.value.code) == (path, code)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 torn"])
def test_matrix_file_damaged_is_refused(content, tmp_path):
    (tmp_path / "scores.npz").write_bytes(content)
    with pytest.raises(InvalidInstance, match="unreadable_file"):
        read_instance(make_instance(suitability={"matrix": "scores.npz", "array": "s"}), tmp_path)


def test_matrix_single_array_file_is_refused(tmp_path):
    with (tmp_path / "scores.npz").open("wb") as file:
        np.save(file, np.zeros((2, 3), np.float32))
    with pytest.raises(InvalidInstance, match="not_an_archive"):
        read_instance(make_instance(suitability={"matrix": "scores.npz", "array": "s"}), tmp_path)


def test_matrix_rows_follow_the_lists_and_round_half_up(tmp_path):
    table = np.array([[0.83, 0.0000005, 1.0], [0.1, 0.2, 0.3]], np.float32)
    np.savez(tmp_path / "scores.npz", s=table)
    document = make_instance(suitability={"matrix": "scores.npz", "array": "s"})
    document["evaluators"].reverse()
    problem = read_instance(document, tmp_path)
    assert [one.id for one in problem.evaluators] == ["E1", "E2", "E3"]
    assert problem.scores.rows(0, 2).tolist() == [[1_000_000, 0, 830_000], [300_000, 200_000, 100_000]]


def test_default_is_rounded_half_up_to_a_millionth():
    problem = read_instance(
        b'{"format": "evalhub.allocation/1", "evaluators": [{"id": "E1", "capacity": 1}],'
        b' "tasks": [{"id": "T1", "seats": 1}],'
        b' "suitability": {"pairs": [], "default": 0.1234565}}'
    )
    assert problem.scores.rows(0, 1).tolist() == [[123_457]]
    assert len(problem.sha256) == 64
