"""Rows of text cells, as a spreadsheet brings them, read with every fault named by its cell ("E7")."""

from collections.abc import Sequence
from typing import Any

from evalhub.domain.document import FaultyDocument

Row = Sequence[str]


def column_name(column: int) -> str:
    """0 -> "A", 25 -> "Z", 26 -> "AA"."""
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def cell_fault(row: int, column: int, code: str, **figures: Any) -> FaultyDocument:
    """A fault at a cell. row: counted from 1, as spreadsheets do; column: from 0."""
    return FaultyDocument(f"{column_name(column)}{row}", code, **figures)


def cell_text(row: Row, column: int) -> str:
    """The cell without blanks at its ends; a missing one is empty."""
    return row[column].strip() if column < len(row) else ""


def is_blank(row: Row) -> bool:
    return not any(cell.strip() for cell in row)
