"""Reading one cell: numbers that a spreadsheet damaged, days in three forms, amounts, choices, field codes.

A cell that cannot be read is told with its reason; nothing is guessed silently, and no character of a name is changed.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from evalhub.domain.identity import fold_number, identity_number_fault, mobile_fault
from evalhub.domain.intake.marks import Reading, SheetCell, error, note, unreadable, warning
from evalhub.domain.money import parse_wan
from evalhub.domain.organisations import credit_code_fault, normalise_credit_code

LONGEST_TEXT = 2000
_SERIAL_ORIGIN = date(1899, 12, 30)
_SERIAL_RANGE = range(3654, 73051)
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_SEPARATORS = re.compile(r"[;；,，、|/\n]+")
_FULL_WIDTH_DIGITS = {ord("０") + digit: str(digit) for digit in range(10)}
_NOISE = Decimal("1e-9")


def read_text(cell: SheetCell) -> Reading:
    """A text with its own characters; only blanks at its ends go."""
    text = cell.text.strip()
    if len(text) > LONGEST_TEXT:
        return unreadable("text.too_long", longest=LONGEST_TEXT)
    return Reading(text or None)


def read_identity(cell: SheetCell) -> Reading:
    """An 18-character identity number. A number cell has lost its last digits for ever: it keeps fifteen."""
    if cell.kind == "number":
        return unreadable("identity.became_figure")
    number = fold_number(cell.text)
    fault = identity_number_fault(number)
    return unreadable(fault, length=len(number)) if fault else Reading(number)


def read_mobile(cell: SheetCell) -> Reading:
    """Eleven digits; a number cell holds them all and is taken."""
    number = fold_number(cell.text)
    fault = mobile_fault(number)
    return unreadable(fault, length=len(number)) if fault else Reading(number)


def read_credit_code(cell: SheetCell) -> Reading:
    """A unified social credit code of 18 characters with its check character."""
    if cell.kind == "number":
        return unreadable("credit_code.became_figure")
    code = normalise_credit_code(cell.text)
    fault = credit_code_fault(code)
    if fault == "length":
        told = "credit_code.short" if len(code) < 18 else "credit_code.long"
        return unreadable(told, length=len(code), off=abs(18 - len(code)))
    return unreadable(f"credit_code.{fault}") if fault else Reading(code)


def read_code(cell: SheetCell) -> Reading:
    """A code of digits or letters; a number cell has lost leading zeros, which is told."""
    text = cell.text.strip()
    marks = (warning("code.was_number", text=text),) if cell.kind == "number" else ()
    return Reading(text or None, marks)


def read_day(cell: SheetCell) -> Reading:
    """A day as a date cell, as text, or as the spreadsheet's serial number; a month alone is read to the month.

    Read as text: 2012-07-01, 2012/7/1, 2012.7.1, 2012年7月1日, 20120701; 2012-07, 2012年7月, 201207. A month above 12
    is taken as December and must be confirmed.
    """
    text = cell.text.strip().translate(_FULL_WIDTH_DIGITS)
    if cell.kind == "number" and re.fullmatch(r"\d{4,5}", text):
        return _read_serial(int(text))
    found = _DAY.fullmatch(text) or _MONTH.fullmatch(text) or _COMPACT.fullmatch(text)
    if found is None:
        return unreadable("day.unreadable")
    numbers = [int(part) for part in found.groups() if part is not None]
    return _from_numbers(*numbers)


def _from_numbers(year: int, month: int, day: int | None = None) -> Reading:
    marks = ()
    if month > 12 and month <= 31 and day is None:
        month, marks = 12, (warning("day.month_over", month=12),)
    precision = "month" if day is None else "day"
    try:
        read = date(year, month, day or 1)
    except ValueError:
        return unreadable("day.no_such_day")
    checked = _likely(read)
    return Reading(checked.value, checked.marks + marks, precision)


def _read_serial(serial: int) -> Reading:
    if serial not in _SERIAL_RANGE:
        return unreadable("day.unreadable")
    read = _SERIAL_ORIGIN + timedelta(days=serial)
    return Reading(read, (note("day.from_serial", day=read.isoformat()),))


def _likely(read: date) -> Reading:
    return Reading(read) if 1900 <= read.year <= 2100 else unreadable("day.unlikely_year", year=read.year)


def read_wan(cell: SheetCell) -> Reading:
    """An amount in 万元 as fen. A number cell's binary noise below a thousandth of a fen is not an amount."""
    text = cell.text
    if cell.kind == "number":
        exact = Decimal(text)
        rounded = exact.quantize(Decimal("0.000001"))
        text = f"{rounded if abs(exact - rounded) < _NOISE else exact:f}"
    try:
        return Reading(parse_wan(text))
    except ValueError as fault:
        return unreadable(str(fault))


def read_whole(cell: SheetCell) -> Reading:
    text = cell.text.strip()
    if not re.fullmatch(r"\d{1,6}", text):
        return unreadable("number.not_whole")
    return Reading(int(text))


def read_percent(cell: SheetCell) -> Reading:
    """A share in per cent (35, 35.5, 35%) as ten-thousandths."""
    text = cell.text.strip().removesuffix("%").removesuffix("％")
    if not re.fullmatch(r"\d{1,3}(\.\d{1,2}0*)?", text) or Decimal(text) > 100:
        return unreadable("share.unreadable")
    return Reading(int(Decimal(text) * 100))


def read_choice(cell: SheetCell, choices: Mapping[str, str]) -> Reading:
    """One of the listed words, in either language or as the key itself."""
    text = cell.text.strip()
    folded = {label.casefold(): key for label, key in choices.items()}
    folded |= {key.casefold(): key for key in choices.values()}
    found = folded.get(text.casefold())
    return Reading(found) if found is not None else unreadable("choice.unknown", choices="、".join(choices))


def read_flag(cell: SheetCell) -> Reading:
    words = {"是": "yes", "否": "no", "Yes": "yes", "No": "no", "1": "yes", "0": "no", "TRUE": "yes", "FALSE": "no"}
    found = read_choice(cell, words)
    return Reading(found.value == "yes") if found.value else unreadable("choice.unknown", choices="是、否")


def read_fields(cell: SheetCell, fields: Mapping[str, str]) -> Reading:
    """Fields by code or name, several parted by semicolons or commas; unknown ones are told with the nearest names.

    Args:
        fields: code -> name of all fields.
    """
    by_name = {name: code for code, name in fields.items()}
    codes, marks = [], []
    for part in _SEPARATORS.split(cell.text):
        text = part.strip()
        if not text:
            continue
        code = _field_code(text, fields, by_name)
        if code is None:
            nearest = nearest_names(text, list(by_name))
            told = "field_code.unknown_near" if nearest else "field_code.unknown"
            marks.append(error(told, text=text, nearest="、".join(nearest)))
        elif code not in codes:
            codes.append(code)
    return Reading(tuple(codes) if not marks else None, tuple(marks))


def _field_code(text: str, fields: Mapping[str, str], by_name: Mapping[str, str]) -> str | None:
    leading = text.split("-", 1)[0].split(" ", 1)[0]
    padded = leading.zfill(len(leading) + len(leading) % 2) if leading.isascii() and leading.isdigit() else leading
    return next((code for code in (leading, padded) if code in fields), by_name.get(text))


def nearest_names(text: str, names: Sequence[str]) -> list[str]:
    """Up to three names that stand inside the text or hold it, else the likest ones."""
    inside = [name for name in names if len(name) > 1 and (name in text or text in name)]
    return (inside or difflib.get_close_matches(text, names, 3, 0.5))[:3]
