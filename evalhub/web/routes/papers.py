"""Notice and documents of a task: issued and checked by the officer, read by the evaluators."""

from typing import Any

from flask_babel import gettext as _

from evalhub.queries.papers import find_notice, list_actuals, list_documents, wanted_papers
from evalhub.queries.tasks import get_task
from evalhub.services import actuals, documents, notices
from evalhub.services.change import Change
from evalhub.web.forms.papers import CheckForm, CodesForm, NoticeForm, WantedForm
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("papers", __name__)
SPARE_ROWS = 3


@section.page("/tasks/<task_id>/notice", permission="notices:issue")
def notice_page(visit: Visit, task_id: str, form: NoticeForm | None = None) -> Any:
    task = get_task(visit.session, visit.actor, task_id)
    if form is None:
        titles = wanted_papers(visit.session, visit.actor, task_id)
        rows = [{"title": title, "is_required": True} for title in titles] + [{}] * SPARE_ROWS
        form = NoticeForm(data={"documents": rows, "body": _default_words(task.name)})
    return visit.render("papers/notice.html", task=task, form=form)


def _default_words(project: str) -> str:
    return _(
        "The performance of “%(project)s” is evaluated under the yearly plan. Please hand in the documents listed below "
        "in time and fill in the actual value of each indicator.",
        project=project,
    )


@section.action(
    "/tasks/<task_id>/notice", permission="notices:issue", form=NoticeForm, page=notice_page, record=get_task
)
def issue(change: Change, form: NoticeForm, task_id: str) -> SeeOther:
    notices.issue_notice(change, task_id, form.to_values(), form.version_read)
    return SeeOther("papers.show", _("The notice is issued; the unit is told"), task_id=task_id)


@section.page("/tasks/<task_id>/documents", permission="documents:read")
def show(visit: Visit, task_id: str, form: Any = None) -> Any:
    return visit.render(
        "papers/show.html",
        task=get_task(visit.session, visit.actor, task_id),
        notice=find_notice(visit.session, visit.actor, task_id),
        documents=list_documents(visit.session, visit.actor, task_id),
        wanted_form=form if isinstance(form, WantedForm) else WantedForm(),
        refusal=form,
    )


@section.page("/tasks/<task_id>/actuals", permission="documents:read")
def actual_values(visit: Visit, task_id: str, form: Any = None) -> Any:
    return visit.render(
        "papers/actuals.html",
        task=get_task(visit.session, visit.actor, task_id),
        lines=list_actuals(visit.session, visit.actor, task_id),
        refusal=form,
    )


@section.action(
    "/tasks/<task_id>/documents/ask", permission="documents:check", form=WantedForm, page=show, record=get_task
)
def ask(change: Change, form: WantedForm, task_id: str) -> SeeOther:
    notices.ask_for_document(change, task_id, form.to_values())
    return SeeOther("papers.show", _("Asked; the unit is told"), task_id=task_id)


@section.action(
    "/tasks/<task_id>/documents/<item_id>",
    permission="documents:check",
    form=CheckForm,
    page=lambda visit, task_id, item_id, form: show(visit, task_id, form),
    record=get_task,
)
def check(change: Change, form: CheckForm, task_id: str, item_id: str) -> SeeOther:
    note = (form.note.data or "").strip()
    documents.check_document(change, task_id, item_id, form.decision.data, note, form.version_read)
    return SeeOther("papers.show", _("Saved"), task_id=task_id)


@section.action(
    "/tasks/<task_id>/actuals/accept",
    permission="documents:check",
    form=CodesForm,
    page=actual_values,
    record=get_task,
)
def accept_actuals(change: Change, form: CodesForm, task_id: str) -> SeeOther:
    count = actuals.accept_actuals(change, task_id, form.to_codes())
    return SeeOther("papers.actual_values", _("%(count)s lines ticked", count=count), task_id=task_id)


@section.action(
    "/tasks/<task_id>/actuals/<code>",
    permission="documents:check",
    form=CheckForm,
    page=lambda visit, task_id, code, form: actual_values(visit, task_id, form),
    record=get_task,
)
def return_actual(change: Change, form: CheckForm, task_id: str, code: str) -> SeeOther:
    actuals.return_actual(change, task_id, code, (form.note.data or "").strip(), form.version_read)
    return SeeOther("papers.actual_values", _("Returned to the unit"), task_id=task_id)
