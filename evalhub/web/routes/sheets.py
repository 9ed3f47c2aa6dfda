"""Score sheets: the rater's own page with its saving and handing in, and the bureau's view of who has handed in."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from evalhub.domain.errors import InvalidInput, Stale
from evalhub.domain.rounding import format_points
from evalhub.infra.chance import new_id
from evalhub.queries.sheets import (
    SheetView,
    get_my_sheet_head,
    list_papers,
    list_progress,
    open_my_sheet,
    view_of,
)
from evalhub.queries.tasks import get_task
from evalhub.services import panels as panel_service
from evalhub.services import sheets as service
from evalhub.services.change import Change
from evalhub.web.filters import clock_time, days_left, until
from evalhub.web.forms.sheets import ReturnSheetForm, SheetForm
from evalhub.web.labels import grade_label
from evalhub.web.section import Answer, Section, SeeOther
from evalhub.web.sentences import sentence
from evalhub.web.visit import Visit

section = Section("sheets", __name__)
LIMIT_BYTES = 1024 * 1024


@section.page("/sheets/<sheet_id>", permission="sheets:own")
def edit(visit: Visit, sheet_id: str, form: SheetForm | None = None) -> Any:
    view = open_my_sheet(visit.session, visit.actor, visit.tools.vault, sheet_id, visit.language)
    if form is not None:
        papers = list_papers(visit.session, view.head.task_id)
        view = view_of(view.head, view.framework, form.content, papers, visit.language)
    return visit.render(
        "sheets/edit.html",
        sheet=_page_of(visit, view),
        totals=view.totals,
        documents=[
            {"id": paper.id, "name": paper.name, "media_type": paper.media_type, "url": _file_url(paper.file_id)}
            for paper in view.papers
        ],
        grades=[(from_points, grade_label(grade)) for from_points, grade in view.grades],
        form=form,
    )


def _file_url(file_id: str) -> str:
    return url_for("files.download", file_id=file_id)


def _page_of(visit: Visit, view: SheetView) -> dict[str, Any]:
    head = view.head
    return {
        "task_name": head.task_name,
        "state": head.state,
        "deadline": until(head.scoring_due_at),
        "days_left": days_left(head.scoring_due_at, visit.now),
        "version": head.version,
        "is_editable": head.is_editable,
        "saved_at": clock_time(head.saved_at) if head.saved_at else "",
        "receipt": head.receipt if head.state in ("submitted", "locked", "aggregated") else None,
        "returned_reason": head.returned_reason if head.state in ("returned", "reopened") else None,
        "back_url": url_for("seats.show", seat_id=head.seat_id),
        "save_url": url_for("sheets.save", sheet_id=head.id),
        "submit_url": url_for("sheets.submit", sheet_id=head.id),
        "branches": view.branches,
    }


@section.action(
    "/sheets/<sheet_id>/save", permission="sheets:own", form=SheetForm, page=edit, record=get_my_sheet_head,
    limit_bytes=LIMIT_BYTES,
)  # fmt: skip
def save(change: Change, form: SheetForm, sheet_id: str) -> Any:
    try:
        saved = service.save(change, sheet_id, form.content, form.version_read)
    except Stale as stale:
        raise _with_both_versions(change, sheet_id, form, stale) from stale
    if request.accept_mimetypes.best != "application/json":
        return SeeOther("sheets.edit", _("Saved."), sheet_id=sheet_id)
    return Answer(
        {
            "saved_at": clock_time(change.now),
            "version": saved.version,
            "idempotency_key": new_id(),
            "totals": service.totals_document(saved.totals),
        }
    )


def _with_both_versions(change: Change, sheet_id: str, form: SheetForm, stale: Stale) -> Stale:
    """The two versions of each line that differs, for its author's eyes alone."""
    stored = service.read_own(change, sheet_id)
    codes = sorted(set(stored.lines) | set(form.content.lines))
    differing = [code for code in codes if stored.line(code) != form.content.line(code)]
    return Stale(
        noun="sheet",
        record_id=sheet_id,
        yours={code: _shown(form.content.line(code)) for code in differing},
        stored={code: _shown(stored.line(code)) for code in differing},
        changed_at=stale.figures.get("changed_at"),
    )


def _shown(line: Any) -> str:
    points = _("n/a") if line.not_applicable else "—" if line.points is None else format_points(line.points)
    return f"{points} {line.reason}".strip()


@section.action(
    "/sheets/<sheet_id>/submit", permission="sheets:own", form=SheetForm, page=edit, record=get_my_sheet_head,
    limit_bytes=LIMIT_BYTES,
)  # fmt: skip
def submit(change: Change, form: SheetForm, sheet_id: str) -> SeeOther:
    try:
        service.submit(change, sheet_id, form.content, form.version_read)
    except InvalidInput as refused:
        for path, code in refused.figures.pop("faults", ())[:8]:
            form.form_errors.append(f"{path.removeprefix('lines.')}: {sentence('line.' + code)}")
        raise
    return SeeOther("sheets.edit", _("Handed in. Keep the receipt shown above the lines."), sheet_id=sheet_id)


@section.page("/tasks/<task_id>/progress", permission="sheets:progress")
def progress(visit: Visit, task_id: str, form: ReturnSheetForm | None = None) -> Any:
    return visit.render(
        "sheets/progress.html",
        task=get_task(visit.session, visit.actor, task_id),
        rows=list_progress(visit.session, visit.actor, task_id),
        return_form=form if isinstance(form, ReturnSheetForm) else ReturnSheetForm(),
        errors=form.form_errors if form is not None else [],
    )


def _sheet_of_task(session: Any, actor: Any, task_id: str, sheet_id: str) -> Any:
    return get_task(session, actor, task_id)


@section.action(
    "/tasks/<task_id>/sheets/<sheet_id>/return", permission="sheets:return", form=ReturnSheetForm, page=progress,
    record=_sheet_of_task,
)  # fmt: skip
def return_sheet(change: Change, form: ReturnSheetForm, task_id: str, sheet_id: str) -> SeeOther:
    service.return_sheet(change, task_id, sheet_id, form.reason.data)
    return SeeOther("sheets.progress", _("Returned to its rater."), task_id=task_id)


@section.action("/tasks/<task_id>/close-panel", permission="panels:close", page=progress, record=get_task)
def close_panel(change: Change, form: Any, task_id: str) -> SeeOther:
    result = panel_service.close_panel(change, task_id)
    return SeeOther("results.show", _("All sheets were opened together."), result_id=result.id)
