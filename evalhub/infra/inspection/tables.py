"""Reads the cells of one sheet of an Excel file, in the sandbox's child; see `spreadsheets` for what they mean."""

import datetime
from typing import Any, BinaryIO

import python_calamine

_EXACT_DIGITS = 15  # a number in a workbook is a double: beyond this its last digits are no longer those typed


def read_cells(file: BinaryIO, sheet: int | str, most_rows: int, most_columns: int) -> dict[str, Any]:
    """The used cells of a sheet.

    Returns:
        {"sheet", "sheets", "rows": lists of cells, "merged": [row, column, row, column] from 0, both ends in};
        a cell is None, a text, or [kind, text, exact]. Or {"refused": "no_table", "no_sheet", "rows" or "columns"}.
    """
    try:
        book = python_calamine.load_workbook(file)
    except (python_calamine.CalamineError, OSError, ValueError):
        return {"refused": "no_table"}
    try:
        name = sheet if isinstance(sheet, str) else book.sheet_names[sheet]
        opened = book.get_sheet_by_name(name)
    except (python_calamine.CalamineError, IndexError):
        return {"refused": "no_sheet"}
    last_row, last_column = opened.end or (-1, -1)
    if last_row >= most_rows:
        return {"refused": "rows"}
    if last_column >= most_columns:
        return {"refused": "columns"}
    rows = [[_cell(value) for value in row] for row in opened.to_python(skip_empty_area=False)]
    merged = [[*start, *end] for start, end in opened.merged_cell_ranges or ()]
    return {"sheet": name, "sheets": book.sheet_names, "rows": rows, "merged": merged}


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return ["truth", str(value).lower(), True]
    if isinstance(value, int | float):
        return ["number", _plain(value), abs(value) < 10**_EXACT_DIGITS]
    if isinstance(value, datetime.datetime):
        return ["date", value.isoformat(" ", "minutes"), True]
    if isinstance(value, datetime.date):
        return ["date", value.isoformat(), True]
    return ["other", str(value), True]


def _plain(value: float) -> str:
    """The shortest decimal that means this number, without exponent or trailing point."""
    return str(int(value)) if value == int(value) else format(value, "f") if abs(value) < 1e-4 else repr(value)
