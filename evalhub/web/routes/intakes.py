"""Bringing a sheet: template, upload and reading, the check row by row, mending in place, writing all or nothing."""

from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from evalhub.domain.errors import InvalidInput
from evalhub.domain.intake.columns import SHEETS, IntakeColumn
from evalhub.domain.intake.marks import SheetCell
from evalhub.domain.intake.verdict import JudgedRow
from evalhub.infra.spreadsheets import Cell, SpreadsheetRefused, read_records, read_table, write_template
from evalhub.infra.spreadsheets import Column as SheetColumn
from evalhub.queries.intakes import get_intake, judge_rows
from evalhub.services import intakes as service
from evalhub.services.change import Change
from evalhub.services.intakes import SheetRows
from evalhub.web.forms.intakes import CheckForm, UploadForm
from evalhub.web.intake_view import annotated_workbook, column_label, view_check
from evalhub.web.listing import XLSX
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("intakes", __name__)
LIMIT_BYTES = 20 * 1024 * 1024
MOST_ROWS = 5000
SHOWN_ROWS = 200
TITLES = {
    "experts": _l("Experts"),
    "agencies": _l("Agencies"),
    "departments": _l("Departments and units"),
    "projects": _l("Projects"),
}
_TEMPLATE_KINDS = {"day": "date", "past_day": "date"}


def _columns(noun: str) -> tuple[IntakeColumn, ...]:
    if noun not in SHEETS:
        abort(404)
    return SHEETS[noun]


@section.page("/imports/<noun>/new", permission="pools:import")
def new_page(visit: Visit, noun: str, form: UploadForm | None = None) -> Any:
    columns = [(column, column_label(column)) for column in _columns(noun)]
    return visit.render("intakes/new.html", noun=noun, title=TITLES[noun], form=form or UploadForm(), columns=columns)


@section.page("/imports/<noun>/template.xlsx", permission="pools:import")
def template(visit: Visit, noun: str) -> Any:
    columns = _columns(noun)
    is_chinese = visit.language == "zh"
    sheet = [
        SheetColumn(
            column_label(column),
            width=max(12, 2 * len(column_label(column)) + 4),
            choices=tuple(column.choices if is_chinese else column.choices_en),
            hint=column.hint_zh if is_chinese else column.hint_en,
            is_required=column.is_required,
        )
        for column in columns
    ]
    example = [_example(column, is_chinese) for column in columns]
    words = {"column": _("Column"), "required": _("Required"), "hint": _("Notes"), "choices": _("Choices"), "yes": "*"}
    notes = [
        _("Fill in from row 2; the example row is left out as long as it stands unchanged."),
        _("One row is one record. All cells are text, so that long numbers keep their digits."),
        _("Nothing is written before every row has been checked."),
    ]
    title = str(TITLES[noun])
    content = write_template(sheet, example, sheet=title, notes_sheet=_("Notes"), notes=notes, words=words)
    return visit.download(content, f"{title}-{_('template')}.xlsx", XLSX)


def _example(column: IntakeColumn, is_chinese: bool) -> str:
    if column.kind != "choice" or is_chinese or not column.example:
        return column.example
    key = column.choices[column.example]
    return next(word for word, found in column.choices_en.items() if found == key)


def _read_file(visit: Visit, form: UploadForm, noun: str) -> SheetRows:
    """The rows of the uploaded workbook, read in the limited child with no transaction open."""
    file = form.file.data
    if not file or not getattr(file, "filename", ""):
        raise InvalidInput("intake.file_missing", {"file": "intake.file_missing"})
    columns = _columns(noun)
    try:
        table = read_table(file.stream, most_rows=MOST_ROWS + 20, most_columns=120)
        return _rows_of(table, columns, file.filename)
    except SpreadsheetRefused as refused:
        figures = refused.figures | {
            "missing": "、".join(refused.figures.get("missing", ())[:6]),
            "most_rows": MOST_ROWS,
        }
        code = f"intake.{refused.reason}"
        raise InvalidInput(code, {"file": code}, **figures) from None


def _rows_of(table: Any, columns: tuple[IntakeColumn, ...], file_name: str) -> SheetRows:
    """Headings may be in either language; of a column given in both the first one counts."""
    by_heading = {heading: column.key for column in columns for heading in column.headings}
    ambiguous = {column.zh for column in columns} & {column.en for column in columns}
    records = read_records(table, [heading for heading in by_heading if heading not in ambiguous])
    present = {by_heading[heading] for heading in records.columns}
    missing = [column_label(column) for column in columns if column.is_required and column.key not in present]
    if missing:
        raise SpreadsheetRefused("headings", missing=tuple(missing))
    rows = []
    for number, cells in records.rows:
        found = {by_heading[heading]: _cell(cell) for heading, cell in cells.items()}
        if not _is_example(found, columns):
            rows.append((number, found))
    return SheetRows(file_name, rows)


def _cell(cell: Cell) -> SheetCell:
    return SheetCell(cell.kind, cell.text, cell.is_exact, cell.is_covered)


def _is_example(found: dict[str, SheetCell], columns: tuple[IntakeColumn, ...]) -> bool:
    """Whether a row is the template's example, unchanged, in either language."""
    return any(
        all(found.get(column.key, SheetCell()).text.strip() == _example(column, is_chinese) for column in columns)
        for is_chinese in (True, False)
    )


@section.action(
    "/imports/<noun>/new",
    permission="pools:import",
    form=UploadForm,
    page=new_page,
    receive=_read_file,
    limit_bytes=LIMIT_BYTES,
)
def upload(change: Change, form: UploadForm, noun: str, received: SheetRows) -> SeeOther:
    intake = service.open_intake(change, noun, received)
    return SeeOther("intakes.show", noun=noun, intake_id=intake.id)


def _judged(visit: Visit, noun: str, intake_id: str) -> tuple[Any, list[JudgedRow]]:
    _columns(noun)
    intake = get_intake(visit.session, visit.actor, intake_id, noun)
    if intake.state != "open" or intake.expires_at <= visit.now:
        return intake, []
    rows = service.read_rows(visit.tools.vault, intake)
    return intake, judge_rows(visit.session, visit.tools.vault, noun, rows, visit.today)


@section.page("/imports/<noun>/<intake_id>", permission="pools:import")
def show(visit: Visit, noun: str, intake_id: str, form: CheckForm | None = None) -> Any:
    intake, rows = _judged(visit, noun, intake_id)
    wanted = request.args.get("show", "faults")
    check = view_check(noun, _columns(noun), rows, wanted, SHOWN_ROWS)
    if not check.errors and not check.warnings and wanted == "faults":
        check = view_check(noun, _columns(noun), rows, "all", SHOWN_ROWS)
    return visit.render(
        "intakes/show.html",
        noun=noun,
        title=TITLES[noun],
        intake=intake,
        check=check,
        wanted=wanted,
        form=form,
        ticked=form.ticks().over(intake.ticked) if form else frozenset(intake.ticked),
        label=column_label,
    )


@section.page("/imports/<noun>/<intake_id>/annotated.xlsx", permission="pools:import", access="export")
def annotated(visit: Visit, noun: str, intake_id: str) -> Any:
    intake, rows = _judged(visit, noun, intake_id)
    if not rows:
        return redirect(url_for("intakes.show", noun=noun, intake_id=intake_id), 303)
    content = annotated_workbook(_columns(noun), rows)
    return visit.download(content, f"{intake.file_name.removesuffix('.xlsx')}-{_('checked')}.xlsx", XLSX)


@section.action("/imports/<noun>/<intake_id>/mend", permission="pools:import", form=CheckForm, page=show)
def mend(change: Change, form: CheckForm, noun: str, intake_id: str) -> SeeOther:
    service.mend_cells(change, intake_id, form.typed, form.ticks())
    return SeeOther("intakes.show", noun=noun, intake_id=intake_id)


@section.action("/imports/<noun>/<intake_id>/write", permission="pools:import", form=CheckForm, page=show)
def write(change: Change, form: CheckForm, noun: str, intake_id: str) -> SeeOther:
    count = service.write_intake(change, intake_id, form.ticks())
    return SeeOther(f"{noun}.index", ngettext("%(num)s row written.", "%(num)s rows written.", count))


@section.action("/imports/<noun>/<intake_id>/discard", permission="pools:import")
def discard(change: Change, form: Any, noun: str, intake_id: str) -> SeeOther:
    service.discard_intake(change, intake_id)
    return SeeOther("intakes.new_page", _("The rows are wiped; nothing was written."), noun=noun)
