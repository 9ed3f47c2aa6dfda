"""A checked sheet as its page and its annotated workbook show it: which columns, masked cells, what is told in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import get_locale
from flask_babel import gettext as _

from evalhub.domain.intake.columns import IntakeColumn
from evalhub.domain.intake.marks import ERROR, NOTE, WARNING, Mark, SheetCell
from evalhub.domain.intake.verdict import JudgedRow
from evalhub.domain.masking import mask_identity, mask_mobile, mask_name
from evalhub.infra.spreadsheets import Column as SheetColumn
from evalhub.infra.spreadsheets import write_table
from evalhub.web.sentences import sentence

ALWAYS_SHOWN = {
    "experts": ("name", "identity_number", "spells.1.name", "spells.1.code", "spells.1.from_on", "fields", "mobile"),
    "agencies": ("body.name", "body.code", "nature", "fields", "staff.1.name", "contact_mobile"),
    "departments": ("kind", "budget_code", "department_code", "body.name", "body.code", "line_section"),
    "projects": ("code", "year", "name", "department_code", "adjusted_fen", "spent_fen", "contractors.1.name"),
}
_MASKS = {"name": mask_name, "identity": mask_identity, "mobile": mask_mobile}
_LEVELS = {ERROR: "bad", WARNING: "warn"}


@dataclass(frozen=True)
class Told:
    text: str
    level: str
    tick: str | None


@dataclass(frozen=True)
class CellView:
    """One cell: what is shown (masked), the text to start a correction from, what is told; look "bad", "warn" or ""."""

    key: str
    label: str
    shown: str
    typed: str
    look: str
    told: tuple[Told, ...]


@dataclass(frozen=True)
class RowView:
    number: int
    verdict: str
    errors: int
    warnings: int
    cells: tuple[CellView, ...]


@dataclass(frozen=True)
class CheckView:
    """A page of rows, with counts over the whole sheet and links to the first faults."""

    columns: tuple[IntakeColumn, ...]
    rows: tuple[RowView, ...]
    total: int
    errors: int
    warnings: int
    ready: int
    faults: tuple[tuple[int, str], ...]


def view_check(
    noun: str, columns: Iterable[IntakeColumn], rows: list[JudgedRow], wanted: str, at_most: int
) -> CheckView:
    """The rows of a verdict (`error`, `warning`, `ready`; anything else: rows with either), at most so many.

    Args:
        columns: all columns of the noun's sheet; shown are the usual ones and those of which something is told.
    """
    counts = {verdict: sum(row.verdict == verdict for row in rows) for verdict in ("error", "warning", "ready")}
    matching = [row for row in rows if _is_wanted(row, wanted)][:at_most]
    told = {key for row in matching for level in (ERROR, WARNING) for key, _mark in row.marks(level)}
    shown = tuple(column for column in columns if column.key in told or column.key in ALWAYS_SHOWN[noun])
    labels = {column.key: column_label(column) for column in columns}
    faults = [(row.number, labels[key]) for row in rows for key, _mark in row.marks(ERROR)]
    return CheckView(
        columns=shown,
        rows=tuple(_row(row, shown) for row in matching),
        total=len(rows),
        errors=counts["error"],
        warnings=counts["warning"],
        ready=counts["ready"],
        faults=tuple(faults[:12]),
    )


def column_label(column: IntakeColumn) -> str:
    return column.zh if str(get_locale()).startswith("zh") else column.en


def _is_wanted(row: JudgedRow, wanted: str) -> bool:
    if wanted == "all":
        return True
    return row.verdict == wanted if wanted in ("error", "warning", "ready") else row.verdict != "ready"


def _row(row: JudgedRow, columns: tuple[IntakeColumn, ...]) -> RowView:
    cells = tuple(_cell(row, column) for column in columns)
    return RowView(row.number, row.verdict, len(row.marks(ERROR)), len(row.marks(WARNING)), cells)


def _cell(row: JudgedRow, column: IntakeColumn) -> CellView:
    cell = row.cells.get(column.key, SheetCell())
    reading = row.readings[column.key]
    mask = _MASKS.get(column.kind) if column.is_personal and reading.value is not None else None
    shown = mask(str(reading.value)) if mask else cell.shown
    levels = {mark.level for mark in reading.marks}
    look = next((_LEVELS[level] for level in (ERROR, WARNING) if level in levels), "")
    told = tuple(_told(row.number, column.key, mark) for mark in reading.marks)
    return CellView(column.key, column_label(column), shown, "" if mask else cell.shown, look, told)


def _told(number: int, key: str, mark: Mark) -> Told:
    tick = f"{number}:{key}:{mark.code}" if mark.level == WARNING else None
    return Told(mark_words(mark), "" if mark.level == NOTE else _LEVELS[mark.level], tick)


def mark_words(mark: Mark) -> str:
    return sentence(mark.code, **mark.figures)


def annotated_workbook(columns: tuple[IntakeColumn, ...], rows: list[JudgedRow]) -> bytes:
    """The sheet as it was read, with two columns before it: the verdict, and all that is told, in words.

    It goes back to the one who brought it, so numbers stand in it as they were typed.
    """
    labels = {column.key: column_label(column) for column in columns}
    heads = [
        SheetColumn(_("Row"), "number", 6),
        SheetColumn(_("Verdict"), width=10),
        SheetColumn(_("To mend"), width=60),
    ]
    heads += [SheetColumn(labels[column.key], width=18) for column in columns]
    words = {"error": _("error"), "warning": _("check"), "ready": _("ready")}

    def line(row: JudgedRow) -> list[object]:
        told = [
            f"{labels[key]}: {mark_words(mark)}" for level in (ERROR, WARNING, NOTE) for key, mark in row.marks(level)
        ]
        cells = [row.cells.get(column.key, SheetCell()).shown for column in columns]
        return [row.number, words[row.verdict], "\n".join(told), *cells]

    return write_table(heads, (line(row) for row in rows), sheet=_("Checked"))
