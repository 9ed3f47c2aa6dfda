from dataclasses import replace

import pytest

from evalhub.domain.document import FaultyDocument
from evalhub.domain.scoring.framework import Framework, Indicator, Name
from evalhub.domain.scoring.sheet import (
    BranchTotal,
    Evidence,
    Line,
    ScoreSheet,
    branch_totals,
    check_complete,
    sheet_from_document,
)

PLACE = Evidence("验收单", 3, "缺监理签字")
TREE = Framework(
    10000,
    (
        Indicator(
            "A",
            Name("决策"),
            4000,
            (Indicator("A1", Name("甲"), 1000), Indicator("A2", Name("乙"), 3000, may_be_na=True)),
        ),
        Indicator("B", Name("产出"), 6000),
    ),
)
WHOLE = {
    "A1": Line(1000),
    "A2": Line(not_applicable=True, reason="无此项工作"),
    "B": Line(5550, reason="晚两月", evidence=PLACE),
}


def faults(**changes: Line | None) -> list[tuple[str, str]]:
    lines = {code: line for code, line in (WHOLE | changes).items() if line}
    return [(fault.path, fault.code) for fault in check_complete(TREE, ScoreSheet(lines))]


def test_a_whole_sheet_with_reasons_has_no_faults():
    assert faults() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"A1": None}, [("lines.A1", "missing_leaf")]),
        ({"A1": Line()}, [("lines.A1", "missing_leaf")]),
        ({"A1": Line(1001)}, [("lines.A1.points", "out_of_range")]),
        ({"A1": Line(-1, reason="x", evidence=PLACE)}, [("lines.A1.points", "out_of_range")]),
        ({"A1": Line(not_applicable=True, reason="x")}, [("lines.A1", "not_applicable_refused")]),
        (
            {"A2": Line(100, not_applicable=True, reason="x", evidence=PLACE)},
            [("lines.A2", "score_and_not_applicable")],
        ),
        ({"A2": Line(not_applicable=True)}, [("lines.A2.reason", "reason_missing")]),
        ({"A1": Line(999)}, [("lines.A1.reason", "reason_missing"), ("lines.A1.evidence", "evidence_missing")]),
        ({"A1": Line(999, reason=" ", evidence=PLACE)}, [("lines.A1.reason", "reason_missing")]),
        ({"A1": Line(999, reason="x")}, [("lines.A1.evidence", "evidence_missing")]),
        ({"Z9": Line(1)}, [("lines.Z9", "unknown_leaf")]),
        ({"A": Line(4000)}, [("lines.A", "not_a_leaf")]),
    ],
)
def test_each_fault_of_a_sheet_is_named_by_path(changes, expected):
    assert faults(**changes) == expected


def test_a_sheet_on_which_nothing_applies_cannot_be_submitted():
    tree = Framework(100, (Indicator("A", Name("甲"), 100, may_be_na=True),))
    sheet = ScoreSheet({"A": Line(not_applicable=True, reason="x")})
    assert [fault.code for fault in check_complete(tree, sheet)] == ["nothing_applicable"]


def test_branch_totals_of_half_a_sheet_count_only_what_is_scored():
    totals = branch_totals(TREE, ScoreSheet({"A1": Line(900)}))
    assert totals["A"] == BranchTotal(points=900, full=1000, settled=1, lines=2, missing_reasons=1)
    assert totals["B"] == BranchTotal(points=0, full=0, settled=0, lines=1, missing_reasons=0)
    assert totals[""] == BranchTotal(points=900, full=1000, settled=1, lines=3, missing_reasons=1)
    assert totals[""].projected(TREE.full_points) == 9000
    assert totals["B"].projected(6000) is None


def test_branch_totals_of_a_whole_sheet_project_its_exact_total():
    totals = branch_totals(TREE, ScoreSheet(WHOLE))
    assert totals[""] == BranchTotal(points=6550, full=7000, settled=3, lines=3, missing_reasons=0)
    assert totals[""].projected(TREE.full_points) == 9357


def test_zero_is_a_score_and_not_the_absence_of_one():
    line = Line(0, reason="未做", evidence=PLACE)
    assert line.is_settled
    assert faults(B=line) == []
    assert ScoreSheet({"B": line, "A1": Line(), "A2": Line(not_applicable=True)}).scores() == {"B": 0, "A2": None}


def test_storage_form_read_again_is_the_same_sheet():
    sheet = ScoreSheet(WHOLE, opinion="总体较好", advice="加强管护")
    assert sheet_from_document(sheet.to_document()) == sheet


@pytest.mark.parametrize(
    ("line", "path", "code"),
    [
        ({"points": "7.505"}, "lines.A1.points", "too_many_decimals"),
        ({"points": 7.5}, "lines.A1.points", "not_a_number"),
        ({"points": "seven"}, "lines.A1.points", "not_a_number"),
        ({"points": "-1"}, "lines.A1.points", "out_of_range"),
        ({"note": "x"}, "lines.A1.note", "unknown_key"),
        ({"evidence": {"page": 3}}, "lines.A1.evidence.document", "missing_key"),
        ({"evidence": {"document": "d", "page": 0}}, "lines.A1.evidence.page", "out_of_range"),
        ({"not_applicable": "yes"}, "lines.A1.not_applicable", "not_true_or_false"),
    ],
)
def test_storage_form_with_a_wrong_key_is_refused_by_path(line, path, code):
    document = ScoreSheet(WHOLE).to_document()
    document["lines"]["A1"] = line
    with pytest.raises(FaultyDocument) as refusal:
        sheet_from_document(document)
    assert (refusal.value.path, refusal.value.code) == (path, code)


def test_a_sheet_filled_in_on_another_version_of_the_framework_is_refused_as_a_whole():
    sheet = ScoreSheet(WHOLE, framework_hash=TREE.content_hash)
    assert check_complete(TREE, sheet) == []
    assert sheet_from_document(sheet.to_document()) == sheet
    changed = replace(TREE, title=Name("新版"))
    assert [(fault.path, fault.code) for fault in check_complete(changed, sheet)] == [
        ("framework", "framework_changed")
    ]


def test_lines_are_values_of_their_own():
    assert replace(WHOLE["B"], points=6000).points == 6000
    assert WHOLE["B"].points == 5550
