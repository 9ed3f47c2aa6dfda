"""One cell each: numbers that a spreadsheet damaged, days in three forms, amounts, fields."""

from datetime import date

import pytest

from evalhub.domain.intake.cells import (
    read_code,
    read_credit_code,
    read_day,
    read_fields,
    read_identity,
    read_mobile,
    read_text,
    read_wan,
)
from evalhub.domain.intake.marks import SheetCell

FIELDS = {"02": "财务管理", "0201": "税务", "06": "水利", "07": "农业"}


def text(typed: str) -> SheetCell:
    return SheetCell("text", typed)


def number(plain: str, *, is_exact: bool = True) -> SheetCell:
    return SheetCell("number", plain, is_exact)


def codes(reading) -> list[str]:
    return [mark.code for mark in reading.marks]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (number("370802000000000000", is_exact=False), "identity.became_figure"),
        (text("3.70802E+17"), "identity.became_figure"),
        (text("37080219740612"), "identity.length"),
        (text("37080219741312001X"), "identity.birth"),
        (text("11010519491231003X"), "identity.check"),
        (text("110105194912310000"), "identity.rounded"),
        (text("1101051949123100ZZ"), "identity.characters"),
    ],
)
def test_damaged_identity_number_is_told(cell, code):
    reading = read_identity(cell)

    assert (reading.value, codes(reading)) == (None, [code])


@pytest.mark.parametrize(
    "typed",
    ["11010519491231002X", "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", "110105 19491231 002X"],
)
def test_identity_number_is_folded_to_one_spelling(typed):
    assert read_identity(text(typed)).value == "11010519491231002X"


def test_damaged_figure_is_shown_as_the_spreadsheet_shows_it():
    assert number("370802000000000000").shown == "3.70802E+17"


def test_mobile_in_a_number_cell_is_taken():
    assert read_mobile(number("13805355526")).value == "13805355526"


def test_short_mobile_is_told_with_its_length():
    reading = read_mobile(text("1385520"))

    assert (codes(reading), reading.marks[0].figures["length"]) == (["mobile.length"], 7)


def test_credit_code_of_seventeen_characters_is_told():
    reading = read_credit_code(text("51370000MJD612345"))

    assert (codes(reading), dict(reading.marks[0].figures)) == (["credit_code.short"], {"length": 17, "off": 1})


@pytest.mark.parametrize(
    ("cell", "day", "precision", "told"),
    [
        (SheetCell("date", "2012-07-01"), date(2012, 7, 1), "day", []),
        (SheetCell("date", "2012-07-01 00:00"), date(2012, 7, 1), "day", []),
        (text("2012-7-1"), date(2012, 7, 1), "day", []),
        (text("2012/07/01"), date(2012, 7, 1), "day", []),
        (text("2012年7月1日"), date(2012, 7, 1), "day", []),
        (text("20120701"), date(2012, 7, 1), "day", []),
        (number("20120701"), date(2012, 7, 1), "day", []),
        (number("41091"), date(2012, 7, 1), "day", ["day.from_serial"]),
        (text("2012-07"), date(2012, 7, 1), "month", []),
        (text("2012年7月"), date(2012, 7, 1), "month", []),
        (text("1998-13"), date(1998, 12, 1), "month", ["day.month_over"]),
    ],
)
def test_day_is_read_in_every_form(cell, day, precision, told):
    reading = read_day(cell)

    assert (reading.value, reading.precision, codes(reading)) == (day, precision, told)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (text("7/8/2012"), "day.unreadable"),
        (text("2012-02-30"), "day.no_such_day"),
        (number("12"), "day.unreadable"),
        (text("0012-01-01"), "day.unlikely_year"),
        (text("去年"), "day.unreadable"),
    ],
)
def test_unreadable_day_is_told(cell, code):
    assert codes(read_day(cell)) == [code]


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (text("1,260.00"), 1_260_000_000),
        (number("788.1234"), 788_123_400),
        (number("0.30000000000000004"), 300_000),
        (text("0.000001"), 1),
        (text("12万元"), 12_000_000),
    ],
)
def test_amount_is_exact_to_the_fen(cell, fen):
    assert read_wan(cell).value == fen


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0.0000001", "money.below_fen"),
        ("-1", "money.negative"),
        ("约 3 万", "money.not_a_number"),
        ("1e9", "money.not_a_number"),
    ],
)
def test_amount_that_cannot_be_taken_is_told(typed, code):
    assert codes(read_wan(text(typed))) == [code]


def test_fields_are_found_by_code_and_by_name():
    assert read_fields(text("财务管理；06"), FIELDS).value == ("02", "06")


def test_unknown_field_is_told_with_the_nearest():
    reading = read_fields(text("农业水利"), FIELDS)

    assert (codes(reading), reading.marks[0].figures["nearest"]) == (["field_code.unknown_near"], "水利、农业")


def test_code_from_a_number_cell_asks_for_a_look():
    reading = read_code(number("101"))

    assert (reading.value, codes(reading)) == ("101", ["code.was_number"])


@pytest.mark.parametrize("name", ["𠮷野", "㛃", "\uf900", "吉︀"])
def test_text_keeps_rare_characters_byte_for_byte(name):
    assert read_text(text(f" {name} ")).value == name
