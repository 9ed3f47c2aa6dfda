"""Tables through real workbooks: what goes out comes back, nothing is live, what is damaged is told."""

import datetime
import io
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter

from evalhub.infra.spreadsheets import (
    Column,
    SpreadsheetRefused,
    code_of,
    date_of,
    money_fen_of,
    read_records,
    read_table,
    text_of,
    write_table,
    write_template,
)
from evalhub.infra.uploads import receive
from tests.integration.infra import hostile

DAY = datetime.date(2026, 11, 23)
MOMENT = datetime.datetime(2026, 11, 23, 10, 42)  # noqa: DTZ001 - a sheet knows no zone
COLUMNS = (
    Column("姓名"),
    Column("证件号码", width=22, is_required=True, hint="18 位，文本格式"),
    Column("出生日期", "date"),
    Column("预算（元）", "money"),
    Column("人数", "number"),
    Column("等级", choices=("优", "良", "中", "差")),
)


def book(*rows, merge=None) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as opened:
        sheet = opened.add_worksheet()
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write_number(at, column, value) if isinstance(value, int) else sheet.write_string(
                    at, column, value
                )
        if merge:
            sheet.merge_range(merge, "合并")
    return out.getvalue()


def test_table_goes_out_and_comes_back():
    rows = [["𠮷㛃\uf900", "011010519491231002", DAY, 126_000_000_05, 3, "优"], ["王某", None, None, None, None, None]]
    table = read_table(write_table(COLUMNS, rows, sheet="专家", note="状态：在库；截至 2026-11-23"))
    records = read_records(table, [column.heading for column in COLUMNS])
    (first, cells), (second, others) = records.rows

    assert table.sheet == "专家"
    assert table.rows[0].cells[0].text == "状态：在库；截至 2026-11-23"
    assert (records.heading_row, records.missing, records.unknown) == (2, (), ())
    assert records.columns["证件号码"] == "B"
    assert (first, second) == (3, 4)
    assert text_of(cells["姓名"]).value == "𠮷㛃\uf900"
    assert code_of(cells["证件号码"]).value == "011010519491231002"
    assert date_of(cells["出生日期"]).value == DAY
    assert money_fen_of(cells["预算（元）"]).value == 126_000_000_05
    assert cells["人数"].text == "3"
    assert others["证件号码"].kind == "empty"


LIVE = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "＋1", "－1", "＠a", '=HYPERLINK("x")']


@pytest.mark.parametrize("text", LIVE)
def test_text_that_looks_like_a_formula_stays_text(text):
    out = write_table([Column("备注")], [[text]], note=text)
    sheet = openpyxl.load_workbook(io.BytesIO(out)).active
    cell = sheet["A3"]

    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert sheet["A1"].data_type == "s"
    assert read_table(out).rows[2].cells[0].text == text.replace("\0", "\ufffd")
    assert b"<f>" not in b"".join(part for _, part in hostile.entries_of(out))


def test_numbers_stay_numbers_in_their_units():
    columns = [Column(kind, kind) for kind in ("number", "money", "money_wan", "points", "share", "datetime")]
    row = [Decimal("12.5"), 1234, 126_000_000_00, 8265, 9024, MOMENT]
    cells = openpyxl.load_workbook(io.BytesIO(write_table(columns, [row]))).active[2]

    assert [cell.value for cell in cells] == [12.5, 12.34, 12_600, 82.65, 0.9024, row[-1]]
    assert [cell.number_format for cell in cells[1:5]] == ["#,##0.00", "#,##0.00####", "0.00", "0.00%"]


@pytest.mark.parametrize(
    ("kind", "value"), [("number", 1.5), ("money", "12"), ("date", "2026-11-23"), ("number", True)]
)
def test_value_of_another_kind_is_refused(kind, value):
    with pytest.raises(TypeError):
        write_table([Column("x", kind)], [[value]])


def test_table_freezes_filters_and_prints_its_head():
    sheet = openpyxl.load_workbook(io.BytesIO(write_table(COLUMNS, [["王某"] + [None] * 5], note="n"))).active

    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("B3", "A2:F3", "$2:$2")


def test_equal_tables_are_equal_files():
    assert write_table(COLUMNS, []) == write_table(COLUMNS, [])


@pytest.fixture
def template() -> bytes:
    example = ["张三", "11010519491231002X", DAY, 100, 1, "优"]
    return write_template(COLUMNS, example, sheet="专家", notes_sheet="填写说明", notes=["每行一人。"])


def test_template_marks_required_columns_and_offers_choices(template):
    opened = openpyxl.load_workbook(io.BytesIO(template))
    rules = {rule.type: rule for rule in opened["专家"].data_validations.dataValidation}

    assert [cell.value for cell in opened["专家"][1]][:3] == ["姓名", "证件号码*", "出生日期"]
    assert rules["list"].formula1 == "'填写说明'!$D$9:$G$9"
    assert [cell.value for cell in opened["填写说明"][9]][3:] == ["优", "良", "中", "差"]
    assert str(rules["list"].sqref) == "F2:F5001"


def test_template_read_back_has_its_headings_and_example(template):
    records = read_records(read_table(template), [column.heading for column in COLUMNS])

    assert (records.missing, records.unknown) == ((), ())
    assert code_of(records.rows[0][1]["证件号码"]).value == "11010519491231002X"


def test_our_own_workbooks_pass_the_upload_inspection(template):
    for content in (template, write_table(COLUMNS, [], note="=1")):
        with receive(io.BytesIO(content), "a.xlsx", limit_bytes=2**20) as upload:
            assert upload.notices == ()


def test_long_numbers_typed_as_numbers_are_told():
    cells = read_table(book(["证件号码"], [110105194912310021], [123456789012345])).rows

    assert (cells[1].cells[0].kind, cells[1].cells[0].is_exact) == ("number", False)
    assert code_of(cells[1].cells[0]).fault == "lost_digits"
    assert code_of(cells[2].cells[0]).value == "123456789012345"


def test_merged_cells_are_told():
    table = read_table(book(["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"], merge="A2:B3"))

    assert table.merged == ("A2:B3",)
    assert [[cell.is_covered for cell in row.cells] for row in table.rows[1:]] == [
        [False, True, False],
        [True, True, False],
    ]


def test_records_tell_missing_unknown_and_doubled_headings():
    table = read_table(book(["2026 年专家库"], ["姓 名*", "电话"], ["王某", "1"], ["", " "], ["李某", "2"]))
    records = read_records(table, ["姓名", "单位"])

    assert (records.heading_row, records.missing, records.unknown) == (2, ("单位",), ("电话",))
    assert [number for number, _ in records.rows] == [3, 5]
    with pytest.raises(SpreadsheetRefused) as raised:
        read_records(table, ["姓名", "单位"], required=["单位"])
    assert (raised.value.reason, raised.value.figures["missing"]) == ("headings", ("单位",))
    with pytest.raises(SpreadsheetRefused) as raised:
        read_records(read_table(book(["姓名", "姓名"])), ["姓名"])
    assert raised.value.figures["doubled"] == ("姓名",)


def reason_of(source, **options) -> str:
    with pytest.raises(SpreadsheetRefused) as raised:
        read_table(source, **options)
    return raised.value.reason


def far_cell() -> bytes:
    return hostile.changed(hostile.excel_file(), "xl/worksheets/sheet1.xml", 'r="A3"', 'r="XFD1048576"')


@pytest.mark.parametrize(
    ("build", "options", "reason"),
    [
        (lambda: b"", {}, "no_table"),
        (lambda: b"no workbook", {}, "no_table"),
        (hostile.word_file, {}, "no_table"),
        (lambda: hostile.excel_file()[:2000], {}, "no_table"),
        (hostile.excel_file, {"sheet": "专家"}, "no_sheet"),
        (hostile.excel_file, {"sheet": 5}, "no_sheet"),
        (lambda: hostile.excel_file(50), {"most_rows": 49}, "rows"),
        (hostile.excel_file, {"most_columns": 2}, "columns"),
        (far_cell, {}, "too_heavy"),
        (hostile.huge_sheet, {}, "columns"),
    ],
)
def test_file_that_is_no_table_is_refused(build, options, reason):
    assert reason_of(build(), **options) == reason


def test_table_reads_from_path_and_open_file(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(book(["姓名"]))

    assert read_table(path).rows == read_table(path.read_bytes()).rows
    with path.open("rb") as file:
        assert read_table(file).rows[0].cells[0].text == "姓名"
