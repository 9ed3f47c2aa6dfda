"""Reads one sheet of an Excel file, through the sandbox's child, into rows of cells and records under headings."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from evalhub.infra.sandbox import Limits, SandboxFailed, run_limited
from evalhub.infra.spreadsheets.cells import EMPTY, Cell

_LIMITS = Limits(answer_bytes=64 * 1024 * 1024)
_HEADING_ROWS = 10  # a note, a title or a line of filters may stand above the headings


class SpreadsheetRefused(Exception):
    """The file gave no table. `reason`: "no_table", "no_sheet", "rows", "columns", "headings", "too_heavy"."""

    def __init__(self, reason: str, **figures: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.figures = figures


@dataclass(frozen=True)
class Row:
    """One row; `number` as Excel shows it, from 1."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return all(not cell.text.strip() for cell in self.cells)


@dataclass(frozen=True)
class Table:
    """A sheet: its rows, all of one length, and the merged ranges as Excel names them ("B4:C5")."""

    sheet: str
    sheets: tuple[str, ...]
    rows: tuple[Row, ...]
    merged: tuple[str, ...]


@dataclass(frozen=True)
class Records:
    """The rows under the headings.

    Attributes:
        heading_row: number of the row of headings.
        columns: heading -> the letters of its column.
        rows: (row number, heading -> cell); empty rows left out.
        unknown: headings of the sheet that nobody asked for.
        missing: headings asked for that the sheet lacks.
    """

    heading_row: int
    columns: Mapping[str, str]
    rows: tuple[tuple[int, Mapping[str, Cell]], ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


def read_table(
    source: bytes | Path | BinaryIO, *, sheet: int | str = 0, most_rows: int = 20_000, most_columns: int = 100
) -> Table:
    """The cells of one sheet, by number or name.

    Raises:
        SpreadsheetRefused: no Excel file, no such sheet, or larger than allowed.
    """
    if isinstance(source, Path):
        with source.open("rb") as opened:
            return read_table(opened, sheet=sheet, most_rows=most_rows, most_columns=most_columns)
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    options = {"sheet": sheet, "most_rows": most_rows, "most_columns": most_columns}
    try:
        found = run_limited("evalhub.infra.inspection.tables:read_cells", file, options, limits=_LIMITS)
    except SandboxFailed as failure:
        raise SpreadsheetRefused("no_table" if failure.cause == "crash" else "too_heavy") from None
    if "refused" in found:
        raise SpreadsheetRefused(found["refused"], most_rows=most_rows, most_columns=most_columns)
    covered = _covered(found["merged"])
    rows = tuple(
        Row(row + 1, tuple(_cell(value, (row, column) in covered) for column, value in enumerate(values)))
        for row, values in enumerate(found["rows"])
    )
    merged = tuple(f"{_place(top, left)}:{_place(bottom, right)}" for top, left, bottom, right in found["merged"])
    return Table(found["sheet"], tuple(found["sheets"]), rows, merged)


def read_records(table: Table, headings: Sequence[str], *, required: Sequence[str] = ()) -> Records:
    """The rows below the first row that holds most of the headings; a heading's asterisk and spaces do not count.

    Raises:
        SpreadsheetRefused: "headings" when none of the first rows holds a required heading (or any, if none is
            required), or one stands twice.
    """
    wanted = {_bare(heading): heading for heading in headings}
    counted = [(sum(_bare(cell.text) in wanted for cell in row.cells), -row.number, row) for row in table.rows]
    best, _, top = max(counted[:_HEADING_ROWS], default=(0, 0, Row(0, ())))
    names = [wanted.get(_bare(cell.text), cell.text.strip()) for cell in top.cells]
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    missing = tuple(heading for heading in headings if heading not in names)
    if not best or doubled or set(required) & set(missing):
        raise SpreadsheetRefused("headings", missing=missing, doubled=tuple(doubled))
    columns = {name: index for index, name in enumerate(names) if name in headings}
    rows = tuple(
        (row.number, {name: row.cells[index] for name, index in columns.items()})
        for row in table.rows[top.number :]
        if not row.is_empty
    )
    unknown = tuple(name for name in names if name and name not in headings)
    return Records(top.number, {name: _letters(index) for name, index in columns.items()}, rows, unknown, missing)


def _cell(value: Any, is_covered: bool) -> Cell:
    if value is None:
        cell = EMPTY
    elif isinstance(value, str):
        cell = Cell("text", value)
    else:
        cell = Cell(*value)
    return replace(cell, is_covered=True) if is_covered else cell


def _covered(merged: list[list[int]]) -> set[tuple[int, int]]:
    """Cells under a merged one, its first cell apart; a range beyond the rows read is cut off by its users."""
    covered = set()
    for top, left, bottom, right in merged:
        covered |= {
            (r, c) for r in range(top, min(bottom, top + 20_000) + 1) for c in range(left, min(right, left + 100) + 1)
        }
        covered.discard((top, left))
    return covered


def _bare(heading: str) -> str:
    return "".join(heading.replace("*", "").replace("＊", "").split())


def _place(row: int, column: int) -> str:
    return f"{_letters(column)}{row + 1}"


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
