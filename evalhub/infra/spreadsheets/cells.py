"""What one cell means in a column of text, codes, dates, whole numbers or money, with what had to be mended.

Nothing is mended silently: a reading carries a note for each thing put right and a fault for what cannot be. Letters of
names stay byte for byte (normalising would turn U+F900 into another character); only codes and numbers are folded.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar

Value = TypeVar("Value")

_SPACES = " \t\r\n\u00a0\u2002\u2003\u2009\u3000\ufeff"
_FOLDED = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}  # full-width ASCII to ASCII, as typed in an IME
_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)"
)
_FIRST_SERIAL, _LAST_SERIAL = 10_959, 73_050  # 1930-01-01 and 2099-12-31 as Excel counts days
_SERIAL_ZERO = date(1899, 12, 30)
_UNITS_FEN = {"yuan": 100, "wan": 1_000_000}
_MOST_DIGITS = 18


@dataclass(frozen=True)
class Cell:
    """One cell as it stands in the sheet.

    Attributes:
        kind: "empty", "text", "number", "date", "truth" or "other".
        text: as typed; numbers as plain decimals, dates as 2026-11-23 or 2026-11-23 10:42.
        is_exact: False for a number of more than 15 digits, whose last digits Excel has lost.
        is_covered: the cell lies under a merged one and is empty for that reason.
    """

    kind: str
    text: str = ""
    is_exact: bool = True
    is_covered: bool = False


@dataclass(frozen=True)
class Reading(Generic[Value]):
    """A cell read for its column: `value` (None when empty or at fault), `fault` code, `notes` of what was mended.

    Faults: "merged", "lost_digits", "not_text", "not_a_date", "not_a_number", "not_whole", "too_precise", "too_large".
    Notes: "trimmed", "folded", "was_number", "was_serial", "had_time", "had_separators".
    """

    value: Value | None
    fault: str | None = None
    notes: tuple[str, ...] = ()


EMPTY = Cell("empty")


def text_of(cell: Cell) -> Reading[str]:
    """Words: kept byte for byte, but for spaces around them."""
    if fault := _fault(cell):
        return Reading(None, fault)
    if cell.kind in ("truth", "other"):
        return Reading(None, "not_text")
    text = cell.text.strip(_SPACES)
    return Reading(text or None, notes=_notes(trimmed=text != cell.text, was_number=cell.kind == "number"))


def code_of(cell: Cell) -> Reading[str]:
    """A code of ASCII letters and digits (ID number, credit code): spaces out, full-width folded, capitals."""
    if fault := _fault(cell):
        return Reading(None, fault)
    if cell.kind not in ("empty", "text", "number"):
        return Reading(None, "not_text")
    folded = cell.text.translate(_FOLDED)
    text = "".join(char for char in folded if char not in _SPACES)
    notes = _notes(trimmed=text != folded, folded=folded != cell.text, was_number=cell.kind == "number")
    return Reading(text.upper() or None, notes=notes)


def date_of(cell: Cell) -> Reading[date]:
    """A day: 2026-11-23, 2026/11/23, 2026.11.23, 2026年11月23日, a date cell, or Excel's count of days."""
    if fault := _fault(cell):
        return Reading(None, fault)
    text = "".join(char for char in cell.text.translate(_FOLDED) if char not in _SPACES)
    if not text:
        return Reading(None)
    if cell.kind == "date":
        return Reading(date.fromisoformat(cell.text[:10]), notes=_notes(had_time=len(cell.text) > 10))
    if text.isdigit() and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        return Reading(_SERIAL_ZERO + timedelta(days=int(text)), notes=("was_serial",))
    found = _DATE.fullmatch(text)
    try:
        year, month, day = (int(group) for group in found.groups() if group) if found else (0, 0, 0)
        return Reading(date(year, month, day), notes=_notes(folded=text != cell.text))
    except ValueError:
        return Reading(None, "not_a_date")


def integer_of(cell: Cell) -> Reading[int]:
    """A whole number, with or without separators of thousands."""
    reading = _decimal_of(cell)
    if reading.value is None:
        return Reading(None, reading.fault, reading.notes)
    if reading.value != reading.value.to_integral_value():
        return Reading(None, "not_whole")
    return Reading(int(reading.value), notes=reading.notes)


def money_fen_of(cell: Cell, unit: str = "yuan") -> Reading[int]:
    """An amount in fen; `unit` says what the column is in, "yuan" or "wan" (10,000 yuan). Never rounded."""
    reading = _decimal_of(cell)
    if reading.value is None:
        return Reading(None, reading.fault, reading.notes)
    fen = reading.value * _UNITS_FEN[unit]
    if fen != fen.to_integral_value():
        return Reading(None, "too_precise")
    return Reading(int(fen), notes=reading.notes)


def _decimal_of(cell: Cell) -> Reading[Decimal]:
    if fault := _fault(cell):
        return Reading(None, fault)
    folded = cell.text.translate(_FOLDED)
    spaceless = "".join(char for char in folded if char not in _SPACES)
    text = re.sub(r"(?<=\d),(?=\d{3}(\D|$))", "", spaceless)
    if not text:
        return Reading(None)
    try:
        value = Decimal(text) if cell.kind in ("number", "text") and re.fullmatch(r"[-+]?[\d.]+", text) else None
    except InvalidOperation:
        value = None
    if value is None:
        return Reading(None, "not_a_number")
    if len(value.as_tuple().digits) > _MOST_DIGITS:
        return Reading(None, "too_large")
    notes = _notes(trimmed=spaceless != folded, folded=folded != cell.text, had_separators=text != spaceless)
    return Reading(value, notes=notes)


def _fault(cell: Cell) -> str | None:
    if cell.is_covered:
        return "merged"
    return None if cell.is_exact else "lost_digits"


def _notes(**happened: bool) -> tuple[str, ...]:
    return tuple(note for note, did in happened.items() if did)
