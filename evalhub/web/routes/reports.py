"""Evaluation reports of agencies: versions, notes and answers, the lead evaluator's signature, acceptance."""

from typing import Any

from flask_babel import gettext as _

from evalhub.domain.states import REPORT_LIFECYCLE
from evalhub.infra.uploads import DOCUMENTS
from evalhub.queries.reports import find_report, list_reports
from evalhub.queries.tasks import get_task, get_upload_place
from evalhub.services import reports as service
from evalhub.services.change import Change
from evalhub.services.files import KeptFile
from evalhub.web.forms.papers import AnswerForm, NotesForm, RejectForm, ReportUploadForm
from evalhub.web.section import Section, SeeOther
from evalhub.web.uploading import keep_form_file
from evalhub.web.visit import Visit

section = Section("reports", __name__)
UPLOAD_BYTES = 201 * 1024 * 1024


@section.page("/reports", permission="reports:read")
def index(visit: Visit) -> Any:
    return visit.render("reports/index.html", reports=list_reports(visit.session, visit.actor))


@section.page("/tasks/<task_id>/report", permission="reports:read")
def show(visit: Visit, task_id: str, form: Any = None, note_id: str | None = None) -> Any:
    task = get_task(visit.session, visit.actor, task_id)
    report = find_report(visit.session, visit.actor, task_id)
    return visit.render(
        "reports/show.html",
        task=task,
        report=report,
        actions=REPORT_LIFECYCLE.actions(report, visit.actor) if report else [],
        is_open=task.state in service.UPLOADING,
        kinds=",".join(f".{kind}" for kind in DOCUMENTS),
        limit_bytes=visit.settings.upload_limit_bytes,
        upload_form=form if isinstance(form, ReportUploadForm) else ReportUploadForm(),
        notes_form=form if isinstance(form, NotesForm) else NotesForm(),
        answer_form=form if isinstance(form, AnswerForm) else AnswerForm(),
        reject_form=form if isinstance(form, RejectForm) else RejectForm(),
        refused_note=note_id,
        refusal=form,
    )


def _keep_report(visit: Visit, form: ReportUploadForm, **_args: str) -> KeptFile:
    return keep_form_file(visit, form, DOCUMENTS)


@section.action(
    "/tasks/<task_id>/report",
    permission="reports:upload",
    form=ReportUploadForm,
    page=show,
    record=get_upload_place,
    receive=_keep_report,
    limit_bytes=UPLOAD_BYTES,
)
def upload(change: Change, form: ReportUploadForm, task_id: str, received: KeptFile) -> SeeOther:
    what = (form.what_changed.data or "").strip()
    service.upload_report(change, task_id, received, what, form.version_read)
    return SeeOther("reports.show", _("The version is in"), task_id=task_id)


@section.action(
    "/tasks/<task_id>/report/return", permission="reports:check", form=NotesForm, page=show, record=get_task
)
def send_back(change: Change, form: NotesForm, task_id: str) -> SeeOther:
    service.return_report(change, task_id, form.to_values(), form.version_read)
    return SeeOther("reports.show", _("Returned to the agency with notes"), task_id=task_id)


@section.action("/tasks/<task_id>/report/accept", permission="reports:check", page=show, record=get_task)
def accept(change: Change, form: Any, task_id: str) -> SeeOther:
    service.accept_report(change, task_id, form.version_read)
    return SeeOther("reports.show", _("The report is accepted"), task_id=task_id)


@section.action(
    "/tasks/<task_id>/report/reject", permission="reports:reject", form=RejectForm, page=show, record=get_task
)
def reject(change: Change, form: RejectForm, task_id: str) -> SeeOther:
    service.reject_report(change, task_id, form.reason.data.strip(), form.version_read)
    return SeeOther("reports.show", _("The report is rejected"), task_id=task_id)


@section.action("/tasks/<task_id>/report/sign-off", permission="reports:sign_off", page=show, record=get_task)
def sign_off(change: Change, form: Any, task_id: str) -> SeeOther:
    service.sign_off_report(change, task_id, form.version_read)
    return SeeOther("reports.show", _("Signed off; the bureau is told"), task_id=task_id)


@section.action(
    "/tasks/<task_id>/report/notes/<note_id>",
    permission="reports:upload",
    form=AnswerForm,
    page=lambda visit, task_id, note_id, form: show(visit, task_id, form, note_id),
    record=get_task,
)
def answer(change: Change, form: AnswerForm, task_id: str, note_id: str) -> SeeOther:
    service.answer_note(change, task_id, note_id, form.answer.data.strip())
    return SeeOther("reports.show", _("Answered"), task_id=task_id)
