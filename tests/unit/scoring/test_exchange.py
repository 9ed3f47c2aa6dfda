import copy
import json
from decimal import Decimal

import pytest

from evalhub.domain.document import FaultyDocument, canonical_json, printed_json, read_json
from evalhub.domain.scoring.aggregate import aggregate_task
from evalhub.domain.scoring.exchange import input_hash, panel_document, read_scoring, round_document
from evalhub.domain.scoring.exchange_result import result_document

TASK = {
    "format": "evalhub.scoring/1",
    "task": "T001",
    "framework": {
        "full_points": 20,
        "indicators": [
            {
                "code": "A",
                "name": "决策",
                "points": 20,
                "children": [
                    {"code": "A1", "name": "立项依据充分性", "points": 8, "children": []},
                    {"code": "A2", "name": "预算编制科学性", "points": 12, "may_be_na": True, "children": []},
                ],
            }
        ],
        "grades": [{"grade": "good", "from": 16}, {"grade": "fair", "from": 12}, {"grade": "poor", "from": 0}],
    },
    "method": {
        "statistic": {"experts": "trimmed", "agency": "mean"},
        "quorum": {"experts": 2},
        "source_weights": {"experts": 0.7, "agency": 0.3},
    },
    "sheets": [
        {"rater": "E1", "source": "experts", "weight": 1, "scores": {"A1": 7.5, "A2": "n/a"}},
        {"rater": "E2", "source": "experts", "weight": 1, "scores": {"A1": 6, "A2": 9.25}},
        {"rater": "G1", "source": "agency", "weight": 1, "scores": {"A1": 7, "A2": 10}},
    ],
}


def changed(*steps, to) -> bytes:
    """The task above with the value at the steps replaced, or removed where `to` is the class `Gone`."""
    document = copy.deepcopy(TASK)
    place = document
    for step in steps[:-1]:
        place = place[step]
    if to is Gone:
        del place[steps[-1]]
    else:
        place[steps[-1]] = to
    return json.dumps(document).encode()


class Gone:
    """Stands for a value that is taken away."""


TREE = ("framework", "indicators", 0)
ROOT = "framework.indicators[0]"


def test_a_task_is_read_and_totalled_to_the_hundredth():
    result = aggregate_task(read_scoring(json.dumps(TASK).encode()))
    assert {rater: found.total for rater, found in result.raters.items()} == {"E1": 1875, "E2": 1525, "G1": 1700}
    assert result.outcome.sources["experts"].total == 1700
    assert (result.total, result.grade) == (1700, "good")


@pytest.mark.parametrize(
    ("content", "path", "code"),
    [
        (changed("format", to="evalhub.scoring/2"), "format", "not_one_of"),
        (changed("format", to=Gone), "format", "missing_key"),
        (changed("colour", to=1), "colour", "unknown_key"),
        (changed("task", to=7), "task", "not_text"),
        (changed("framework", "full_points", to=21), "framework.indicators", "roots_do_not_close"),
        (changed("framework", "full_points", to=10001), "framework.full_points", "out_of_range"),
        (changed("sheets", 0, "weight", to=1001), "sheets[0].weight", "out_of_range"),
        (changed("framework", "full_points", to=20.001), "framework.full_points", "too_many_decimals"),
        (changed(*TREE, "points", to=19), "framework.indicators", "roots_do_not_close"),
        (changed(*TREE, "children", 0, "points", to=7), ROOT + ".children", "children_do_not_close"),
        (changed(*TREE, "children", 0, "points", to="8"), ROOT + ".children[0].points", "not_a_number"),
        (changed(*TREE, "children", 0, "points", to=-8), ROOT + ".children[0].points", "out_of_range"),
        (changed(*TREE, "children", 1, "code", to="A1"), ROOT + ".children[1].code", "repeated_code"),
        (changed(*TREE, "may_be_na", to=True), ROOT + ".may_be_na", "only_leaves"),
        (changed("framework", "indicators", to=[]), "framework.indicators", "empty_list"),
        (changed("framework", "grades", 2, "from", to=1), "framework.grades", "no_grade_from_zero"),
        (changed("framework", "grades", 1, "from", to=16), "framework.grades[1].from", "repeated_line"),
        (changed("framework", "grades", 1, "grade", to="good"), "framework.grades[1].grade", "repeated_grade"),
        (changed("method", "statistic", to="mode"), "method.statistic", "not_one_of"),
        (changed("method", "statistic", to={"experts": "mean"}), "method.statistic.agency", "missing_key"),
        (changed("method", "statistic", "staff", to="mean"), "method.statistic.staff", "unknown_source"),
        (changed("method", "source_weights", "agency", to=0.2), "method.source_weights", "weights_do_not_close"),
        (
            changed("method", "source_weights", "agency", to=0.30001),
            "method.source_weights.agency",
            "too_many_decimals",
        ),
        (changed("method", "source_weights", "agency", to="0.3"), "method.source_weights.agency", "not_a_number"),
        (changed("method", "source_weights", to={"experts": 1}), "sheets[2].source", "source_without_weight"),
        (changed("sheets", 2, "source", to="experts"), "method.source_weights.agency", "source_without_sheet"),
        (changed("method", "quorum", to=-1), "method.quorum", "out_of_range"),
        (changed("method", "quorum", to=2.5), "method.quorum", "too_many_decimals"),
        (changed("method", "quorum", "staff", to=2), "method.quorum.staff", "unknown_source"),
        (changed("sheets", to=[]), "method.source_weights.experts", "source_without_sheet"),
        (changed("sheets", 1, "rater", to="E1"), "sheets[1].rater", "repeated_rater"),
        (changed("sheets", 0, "weight", to=0), "sheets[0].weight", "out_of_range"),
        (changed("sheets", 0, "weight", to=-1), "sheets[0].weight", "out_of_range"),
        (changed("sheets", 0, "scores", "A1", to=8.01), "sheets[0].scores.A1", "out_of_range"),
        (changed("sheets", 0, "scores", "A1", to=-0.01), "sheets[0].scores.A1", "out_of_range"),
        (changed("sheets", 0, "scores", "A1", to=7.505), "sheets[0].scores.A1", "too_many_decimals"),
        (changed("sheets", 0, "scores", "A1", to="7.5"), "sheets[0].scores.A1", "not_a_number"),
        (changed("sheets", 0, "scores", "A1", to=None), "sheets[0].scores.A1", "not_a_number"),
        (changed("sheets", 0, "scores", "A1", to=True), "sheets[0].scores.A1", "not_a_number"),
        (changed("sheets", 0, "scores", "A1", to=float("nan")), "sheets[0].scores.A1", "not_finite"),
        (changed("sheets", 0, "scores", "A1", to=float("inf")), "sheets[0].scores.A1", "not_finite"),
        (changed("sheets", 0, "scores", "A1", to="n/a"), "sheets[0].scores.A1", "not_applicable_refused"),
        (changed("sheets", 0, "scores", "A1", to=Gone), "sheets[0].scores.A1", "missing_leaf"),
        (changed("sheets", 0, "scores", "A3", to=1), "sheets[0].scores.A3", "unknown_leaf"),
        (changed("sheets", 0, "scores", "A", to=1), "sheets[0].scores.A", "not_a_leaf"),
        (changed("sheets", 0, "note", to="x"), "sheets[0].note", "unknown_key"),
        (changed("sheets", 0, to=[]), "sheets[0]", "not_an_object"),
        (changed("sheets", to={}), "sheets", "not_a_list"),
        (b"[]", "$", "not_an_object"),
        (b"{", "line 1 column 2", "not_json"),
    ],
)
def test_each_wrong_input_is_refused_by_the_path_of_its_key(content, path, code):
    with pytest.raises(FaultyDocument) as refusal:
        read_scoring(content)
    assert (refusal.value.path, refusal.value.code) == (path, code)


def test_a_sheet_without_any_applicable_leaf_is_refused():
    document = copy.deepcopy(TASK)
    document["framework"]["indicators"][0]["children"][0]["may_be_na"] = True
    document["sheets"][0]["scores"] = {"A1": "n/a", "A2": "n/a"}
    with pytest.raises(FaultyDocument, match=r"sheets\[0\]\.scores: nothing_applicable"):
        read_scoring(json.dumps(document).encode())


def test_a_median_of_unequal_weights_is_refused():
    document = copy.deepcopy(TASK)
    document["method"]["statistic"] = "median"
    document["sheets"][1]["weight"] = 2
    with pytest.raises(FaultyDocument, match=r"sheets\[1\]\.weight: median_needs_equal_weights"):
        read_scoring(json.dumps(document).encode())


def test_one_number_as_quorum_counts_experts():
    panel = read_scoring(changed("method", "quorum", to=3))
    assert aggregate_task(panel).outcome.short == ("experts",)


def test_a_round_is_read_as_its_tasks_and_refuses_one_twice():
    second = TASK | {"task": "T002"}
    panels = read_scoring(json.dumps({"format": "evalhub.scoring.round/1", "tasks": [TASK, second]}).encode())
    assert [panel.task for panel in panels] == ["T001", "T002"]
    for tasks, path in (
        ([TASK, TASK], "tasks[1].task"),
        ([], "tasks"),
        ([TASK, second | {"sheets": 1}], "tasks[1].sheets"),
    ):
        with pytest.raises(FaultyDocument) as refusal:
            read_scoring(json.dumps({"format": "evalhub.scoring.round/1", "tasks": tasks}).encode())
        assert refusal.value.path == path


def test_a_panel_written_and_read_again_is_the_same_and_has_the_same_hash():
    panel = read_scoring(json.dumps(TASK).encode())
    again = read_scoring(printed_json(panel_document(panel)).encode())
    assert again == panel
    assert input_hash(again) == input_hash(panel)
    assert read_scoring(canonical_json(round_document((panel,))).encode()) == (panel,)


def test_input_hash_moves_with_a_single_hundredth():
    before = read_scoring(json.dumps(TASK).encode())
    after = read_scoring(changed("sheets", 1, "scores", "A2", to=9.26))
    assert input_hash(before) != input_hash(after)


def test_result_document_has_the_keys_of_the_format_and_exact_decimals():
    document = result_document(aggregate_task(read_scoring(json.dumps(TASK).encode())))
    assert list(document) == [
        "format",
        "task",
        "status",
        "total",
        "grade",
        "sources",
        "indicators",
        "raters",
        "agreement",
        "stability",
        "workings",
        "notes",
    ]
    text = printed_json(document)
    assert '"total": 17.00,' in text
    assert read_json(text.encode()).value["sources"]["experts"] == document["sources"]["experts"]
    assert document["raters"]["E1"] == {"total": document["raters"]["E1"]["total"], "grade": "good", "severity": None}
    assert str(document["raters"]["E1"]["total"]) == "18.75"
    assert document["sources"]["experts"]["statistic"] == "mean"


def test_workings_lead_from_each_score_to_the_grade():
    steps = result_document(aggregate_task(read_scoring(json.dumps(TASK).encode())))["workings"]
    assert [step["code"] for step in steps] == [
        "sheet_total",
        "sheet_total",
        "sheet_total",
        "source_total",
        "source_total",
        "final_total",
        "grade",
    ]
    assert (
        printed_json(steps[0]).split()
        == printed_json(
            {
                "code": "sheet_total",
                "rater": "E1",
                "source": "experts",
                "lines": [
                    {"indicator": "A1", "full": Decimal("8.00"), "points": Decimal("7.50")},
                    {"indicator": "A2", "full": Decimal("12.00"), "points": None},
                ],
                "points": Decimal("7.50"),
                "applicable": Decimal("8.00"),
                "full_points": Decimal("20.00"),
                "total": Decimal("18.75"),
            }
        ).split()
    )
    assert {key: str(steps[3][key]) for key in ("statistic", "asked", "sum", "divisor", "total")} == {
        "statistic": "mean",
        "asked": "trimmed",
        "sum": "34",
        "divisor": "2",
        "total": "17.00",
    }
    assert [(str(term["weight"]), str(term["total"])) for term in steps[5]["terms"]] == [
        ("0.7", "17.00"),
        ("0.3", "17.00"),
    ]
    assert (str(steps[6]["from"]), steps[6]["grade"]) == ("16.00", "good")
