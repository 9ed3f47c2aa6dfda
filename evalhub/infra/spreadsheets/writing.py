"""Writes Excel workbooks: lists as exported, and templates to be filled in. No cell is ever a formula.

Text is written as text whatever it begins with and marked with Excel's own text prefix, so neither opening nor editing
turns "=1+1" into a formula, and 18-digit numbers and leading zeros come back as they went out.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

_MADE_AT = datetime(2000, 1, 1)  # noqa: DTZ001 - a constant: the file tells nothing of when and where it was made
_LONGEST_TEXT = 32_767
_TEMPLATE_ROWS = 5_000
_FONT = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_SCALES = {"money": (100, "#,##0.00"), "money_wan": (1_000_000, "#,##0.00####"), "points": (100, "0.00")}
_SCALES |= {"share": (10_000, "0.00%")}
_DATES = {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm"}


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        heading: what stands above it.
        kind: "text"; "number" (int or Decimal); "money" and "money_wan" (int, fen, shown in yuan or 10,000 yuan);
            "points" (int, hundredths); "share" (int, 1/10,000, shown in per cent); "date"; "datetime" (local, naive).
        width: in characters.
        choices: a template lets one be picked.
        hint: a template's notes sheet explains the column by it.
        is_required: a template marks it.
    """

    heading: str
    kind: str = "text"
    width: int = 14
    choices: tuple[str, ...] = ()
    hint: str = ""
    is_required: bool = False


def write_table(
    columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, sheet: str = "Sheet1", note: str = ""
) -> bytes:
    """A list as a workbook; None is an empty cell.

    Args:
        note: a line above the headings, such as the filter and the day the list speaks of.
    """
    out = io.BytesIO()
    with _workbook(out) as book:
        formats = _Formats(book)
        page = book.add_worksheet(sheet)
        top = 0
        if note:
            page.write_string(0, 0, _clean(note), formats.note)
            top = 1
        last = _write_grid(page, formats, columns, rows, top)
        page.freeze_panes(top + 1, 1)
        page.autofilter(top, 0, max(last, top + 1), len(columns) - 1)
        _set_print(page, top)
    return out.getvalue()


def write_template(
    columns: Sequence[Column],
    example: Sequence[Any],
    *,
    sheet: str,
    notes_sheet: str,
    notes: Sequence[str] = (),
    words: Mapping[str, str] | None = None,
) -> bytes:
    """A workbook to be filled in: headings (required ones with *), an example row, lists to pick from, a notes sheet.

    Args:
        example: one value per column; whoever imports leaves out a row equal to it.
        notes: lines at the head of the notes sheet.
        words: headings of the notes sheet: "column", "required", "hint", "choices", "yes".
    """
    said = {"column": "Column", "required": "Required", "hint": "Notes", "choices": "Choices", "yes": "*"} | {
        **(words or {})
    }
    out = io.BytesIO()
    with _workbook(out) as book:
        formats = _Formats(book)
        page, notes_page = book.add_worksheet(sheet), book.add_worksheet(notes_sheet)
        _write_grid(page, formats, columns, [example], 0, is_template=True)
        page.freeze_panes(1, 1)
        first = _write_notes(notes_page, formats, columns, notes, said)
        _offer_choices(page, notes_page, formats, columns, notes_sheet, first)
    return out.getvalue()


class _Formats:
    """The formats of one workbook, made once each."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._kept: dict[str, Format] = {}
        self.heading = self._add(bold=True, bg_color="#EDF0F3", border=1, text_wrap=True, align="center")
        self.note = self._add(font_color="#5A6572", quote_prefix=True)
        self.live_text = self._add(num_format="@", quote_prefix=True)

    def of(self, kind: str) -> Format:
        """The format of a column's kind."""
        if kind not in self._kept:
            picture = {"text": "@", "number": "General"} | _DATES | {name: scale[1] for name, scale in _SCALES.items()}
            self._kept[kind] = self._add(num_format=picture[kind])
        return self._kept[kind]

    def _add(self, **properties: Any) -> Format:
        return self._book.add_format(_FONT | properties)


def _workbook(out: io.BytesIO) -> xlsxwriter.Workbook:
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": _MADE_AT})
    return book


def _write_grid(
    page: Worksheet,
    formats: _Formats,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    top: int,
    *,
    is_template: bool = False,
) -> int:
    """Headings in row `top` and the rows below; the last row written."""
    for index, column in enumerate(columns):
        page.set_column(index, index, column.width, formats.of(column.kind))
        mark = "*" if is_template and column.is_required else ""
        page.write_string(top, index, _clean(column.heading) + mark, formats.heading)
    last = top
    for last, values in enumerate(rows, start=top + 1):
        for index, (column, value) in enumerate(zip(columns, values, strict=True)):
            _write_cell(page, formats, last, index, column.kind, value)
    return last


def _write_cell(page: Worksheet, formats: _Formats, row: int, column: int, kind: str, value: Any) -> None:
    if value is None or value == "":
        return
    if kind == "text":
        text = _clean(str(value))
        page.write_string(row, column, text, formats.live_text if str(value).startswith(_LIVE) else formats.of("text"))
    elif kind in _DATES and isinstance(value, date):
        page.write_datetime(row, column, value, formats.of(kind))
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        scale = _SCALES[kind][0] if kind in _SCALES else 1
        page.write_number(row, column, float(Decimal(value) / scale), formats.of(kind))
    else:
        raise TypeError(f"a {type(value).__name__} in a column of {kind}")


def _write_notes(
    page: Worksheet, formats: _Formats, columns: Sequence[Column], notes: Sequence[str], said: Mapping[str, str]
) -> int:
    """The notes sheet; the row of its first column's explanation."""
    for row, line in enumerate(notes):
        page.write_string(row, 0, _clean(line), formats.note)
    top = len(notes) + (1 if notes else 0)
    for index, key in enumerate(("column", "required", "hint", "choices")):
        page.set_column(index, index, (18, 8, 60, 20)[index])
        page.write_string(top, index, said[key], formats.heading)
    for row, column in enumerate(columns, start=top + 1):
        cells = (column.heading, said["yes"] if column.is_required else "", column.hint)
        for index, text in enumerate(cells):
            _write_cell(page, formats, row, index, "text", text)
    return top + 1


def _offer_choices(
    page: Worksheet, notes_page: Worksheet, formats: _Formats, columns: Sequence[Column], notes_sheet: str, first: int
) -> None:
    """Lists to pick from stand in the notes sheet, to the right of each column's explanation, and are referred to."""
    quoted = notes_sheet.replace("'", "''")
    for index, column in enumerate(columns):
        row = first + index
        for at, choice in enumerate(column.choices, start=3):
            _write_cell(notes_page, formats, row, at, "text", choice)
        if column.choices:
            end = xlsxwriter.utility.xl_rowcol_to_cell(row, 2 + len(column.choices), row_abs=True, col_abs=True)
            source = f"='{quoted}'!$D${row + 1}:{end}"
            page.data_validation(1, index, _TEMPLATE_ROWS, index, {"validate": "list", "source": source})
        elif column.kind == "date":
            rule = {"validate": "date", "criteria": ">", "value": date(1930, 1, 1), "error_type": "warning"}
            page.data_validation(1, index, _TEMPLATE_ROWS, index, rule)


def _set_print(page: Worksheet, top: int) -> None:
    page.set_paper(9)  # A4
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)


def _clean(text: str) -> str:
    """Without NUL, which no workbook can hold, and no longer than a cell."""
    return text.replace("\0", "\ufffd")[:_LONGEST_TEXT]
