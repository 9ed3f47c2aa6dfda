"""What a cell means in its column: every mending is told, every loss is a fault."""

from datetime import date

import pytest

from evalhub.infra.spreadsheets.cells import EMPTY, Cell, Reading, code_of, date_of, integer_of, money_fen_of, text_of


def text(content: str) -> Cell:
    return Cell("text", content)


def number(content: str, *, is_exact: bool = True) -> Cell:
    return Cell("number", content, is_exact)


@pytest.mark.parametrize("read", [text_of, code_of, date_of, integer_of, money_fen_of])
def test_empty_cell_reads_as_nothing(read):
    assert read(EMPTY) == Reading(None)
    assert read(text(" \u3000\n")).value is None
    assert read(text(" \u3000\n")).fault is None


@pytest.mark.parametrize("read", [text_of, code_of, date_of, integer_of, money_fen_of])
def test_cell_under_a_merged_one_is_a_fault(read):
    assert read(Cell("empty", is_covered=True)) == Reading(None, "merged")


@pytest.mark.parametrize("read", [text_of, code_of, integer_of])
def test_number_that_lost_digits_is_a_fault(read):
    assert read(number("110105194912310020", is_exact=False)) == Reading(None, "lost_digits")


@pytest.mark.parametrize("name", ["𠮷野", "㛃", "\uf900", "\u2f2d", "葛\U000e0100", "阿依古丽·买买提", "ＡＢ１２"])
def test_words_stay_byte_for_byte(name):
    assert text_of(text(name)) == Reading(name)


def test_words_lose_only_the_spaces_around_them():
    assert text_of(text("\u3000王 某\xa0")) == Reading("王 某", notes=("trimmed",))


def test_code_is_folded_and_told():
    assert code_of(text("１１０１０５ 19491231002x\n")) == Reading("11010519491231002X", notes=("trimmed", "folded"))
    assert code_of(text("91370800MA3C0000XX")) == Reading("91370800MA3C0000XX")
    assert code_of(number("13800000000")) == Reading("13800000000", notes=("was_number",))
    assert code_of(Cell("date", "2026-11-23")) == Reading(None, "not_text")


@pytest.mark.parametrize(
    ("cell", "notes"),
    [
        (text("2026-11-23"), ()),
        (text("2026/11/23"), ()),
        (text("2026.11.23"), ()),
        (text("2026年11月23日"), ()),
        (text("2026 年 11 月 23 日"), ("folded",)),
        (text("２０２６－１１－２３"), ("folded",)),
        (Cell("date", "2026-11-23"), ()),
        (Cell("date", "2026-11-23 10:42"), ("had_time",)),
        (number("46349"), ("was_serial",)),
        (text("46349"), ("was_serial",)),
    ],
)
def test_date_forms_mean_one_day(cell, notes):
    assert date_of(cell) == Reading(date(2026, 11, 23), notes=notes)


@pytest.mark.parametrize(
    "content", ["2026-02-30", "2026-13-01", "23/11/2026", "2026-11", "2026", "20261123", "明天", "5"]
)
def test_date_that_is_none_is_a_fault(content):
    assert date_of(text(content)) == Reading(None, "not_a_date")


@pytest.mark.parametrize(
    ("cell", "reading"),
    [
        (number("5"), Reading(5)),
        (text("1,260"), Reading(1260, notes=("had_separators",))),
        (text("５ "), Reading(5, notes=("trimmed", "folded"))),
        (text("-3"), Reading(-3)),
        (text("5.5"), Reading(None, "not_whole")),
        (text("12,60"), Reading(None, "not_a_number")),
        (text("1e5"), Reading(None, "not_a_number")),
        (text("五"), Reading(None, "not_a_number")),
        (text("1.2.3"), Reading(None, "not_a_number")),
        (text("1" * 19), Reading(None, "too_large")),
        (Cell("truth", "true"), Reading(None, "not_a_number")),
    ],
)
def test_whole_number(cell, reading):
    assert integer_of(cell) == reading


@pytest.mark.parametrize(
    ("content", "unit", "reading"),
    [
        ("1260", "wan", Reading(1_260_000_000)),
        ("189.00", "wan", Reading(189_000_000)),
        ("0.000001", "wan", Reading(1)),
        ("0.0000001", "wan", Reading(None, "too_precise")),
        ("12.34", "yuan", Reading(1234)),
        ("12.345", "yuan", Reading(None, "too_precise")),
        ("1,234,567.89", "yuan", Reading(123_456_789, notes=("had_separators",))),
    ],
)
def test_money_is_exact_in_fen(content, unit, reading):
    assert money_fen_of(text(content), unit) == reading
