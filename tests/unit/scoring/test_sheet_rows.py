import hmac

import pytest

from evalhub.domain.scoring.cells import column_name
from evalhub.domain.scoring.sheet import Evidence, Line, ScoreSheet
from evalhub.domain.scoring.sheet_rows import COLUMNS, read_sheet_rows, sheet_rows
from tests.unit.scoring.panels import make_framework

TREE = make_framework([1000, 2000, 7000], na=True)
DRAFT = ScoreSheet(
    {
        "L1": Line(950, reason="略晚", reason_code="late", evidence=Evidence("report", 3, "第二章")),
        "L2": Line(not_applicable=True, reason="不涉及"),
        "L3": Line(),
    },
    framework_hash=TREE.content_hash,
)


def keyed(fixed: bytes) -> str:
    return hmac.new(b"secret", fixed, "sha256").hexdigest()


def rows(**cells: str) -> list[list[str]]:
    """The draft as rows, with cells changed by name: E3="..."."""
    found = sheet_rows(TREE, DRAFT, "T001", "E01", COLUMNS, keyed)
    for name, text in cells.items():
        found[int(name[1:]) - 1][ord(name[0]) - ord("A")] = text
    return found


def read(table, task="T001", seat="E01", tree=TREE):
    return read_sheet_rows(tree, table, task, seat, keyed)


def test_a_draft_written_and_read_back_is_the_same():
    assert read(rows()) == (DRAFT, [])


def test_what_the_rater_fills_in_comes_back_and_blank_rows_do_not_matter():
    table = [*rows(D4="12.5", D5="７０", F5="全部完成"), ["", " "]]
    sheet, faults = read(table)
    assert faults == []
    assert (sheet.line("L2").points, sheet.line("L3").points, sheet.line("L3").reason) == (1250, 7000, "全部完成")


@pytest.mark.parametrize(
    ("cell", "text", "code"),
    [
        ("D3", "10.01", "out_of_range"),
        ("D3", "7.505", "too_many_decimals"),
        ("D3", "-1", "negative"),
        ("D3", "good", "not_a_number"),
        ("A3", "L9", "unknown_leaf"),
        ("A4", "L1", "repeated_code"),
        ("C3", "11", "full_points_changed"),
        ("H3", "0", "not_a_page"),
        ("H3", "three", "not_a_page"),
        ("G3", "", "document_missing"),
        ("A1", "x", "not_a_sheet"),
        ("B1", "T002", "other_task"),
        ("C1", "E02", "other_seat"),
        ("D1", "sha256:0", "framework_changed"),
        ("E1", "0", "checksum_wrong"),
    ],
)
def test_each_wrong_cell_is_named_and_nothing_is_taken(cell, text, code):
    sheet, faults = read(rows(**{cell: text}))
    assert sheet is None
    assert (faults[0].path, faults[0].code) == (cell, code)


def test_not_applicable_is_refused_where_the_framework_does_not_say_so():
    tree = make_framework([10000])
    table = sheet_rows(tree, ScoreSheet({"L1": Line(9000)}), "T001", "E01", COLUMNS, keyed)
    table[2][3] = "不适用"
    sheet, faults = read(table, tree=tree)
    assert (sheet, faults[0].path, faults[0].code) == (None, "D3", "not_applicable_refused")


def test_a_missing_line_a_short_row_and_an_empty_file_are_told():
    table = rows()
    assert [(fault.path, fault.code) for fault in read(table[:-1])[1]] == [("A5", "line_missing")]
    assert [fault.code for fault in read([*table[:2], ["L1"], *table[3:]])[1]] == ["not_a_number"]
    assert [(fault.path, fault.code) for fault in read([])[1]] == [("A1", "not_a_sheet")]


def test_every_fault_of_a_sheet_is_told_at_once():
    faults = read(rows(D3="x", D4="y"))[1]
    assert [fault.path for fault in faults] == ["D3", "D4"]


def test_the_sheet_of_another_framework_version_is_refused():
    other = make_framework([1000, 2000, 7000])
    assert [fault.code for fault in read(rows(), tree=other)[1]] == ["framework_changed"]


def test_columns_are_named_as_spreadsheets_do():
    assert [column_name(column) for column in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]
