"""The evaluated unit's pages: its notices, the documents it hands in, the actual values it fills in."""

from typing import Any

from flask_babel import gettext as _

from evalhub.infra.uploads import EVIDENCE
from evalhub.queries.papers import find_notice, list_actuals, list_documents, list_unit_tasks
from evalhub.queries.tasks import get_task, get_upload_place
from evalhub.services import actuals, documents, notices
from evalhub.services.change import Change
from evalhub.services.files import KeptFile
from evalhub.web.forms.papers import ActualsForm, UploadForm
from evalhub.web.section import Section, SeeOther
from evalhub.web.uploading import keep_form_file
from evalhub.web.visit import Visit

section = Section("evaluations", __name__)
UPLOAD_BYTES = 201 * 1024 * 1024


@section.page("/evaluations", permission="documents:own")
def index(visit: Visit) -> Any:
    return visit.render("evaluations/index.html", tasks=list_unit_tasks(visit.session, visit.actor))


@section.page("/evaluations/<task_id>", permission="documents:own")
def show(visit: Visit, task_id: str, form: Any = None, item_id: str | None = None) -> Any:
    return visit.render(
        "evaluations/show.html",
        task=get_task(visit.session, visit.actor, task_id),
        notice=find_notice(visit.session, visit.actor, task_id),
        documents=list_documents(visit.session, visit.actor, task_id),
        kinds=",".join(f".{kind}" for kind in EVIDENCE),
        limit_bytes=visit.settings.upload_limit_bytes,
        is_open=get_task(visit.session, visit.actor, task_id).state in documents.HANDING_IN,
        refusal=form,
        refused_item=item_id,
    )


@section.action("/evaluations/<task_id>/receipt", permission="notices:receive", page=show, record=get_task)
def receive(change: Change, form: Any, task_id: str) -> SeeOther:
    notices.receive_notice(change, task_id, form.version_read)
    return SeeOther("evaluations.show", _("Receipt confirmed; the documents are due from now on"), task_id=task_id)


def _keep_document(visit: Visit, form: UploadForm, **_args: str) -> KeptFile:
    return keep_form_file(visit, form, EVIDENCE)


@section.action(
    "/evaluations/<task_id>/documents/<item_id>",
    permission="documents:hand_in",
    form=UploadForm,
    page=lambda visit, task_id, item_id, form: show(visit, task_id, form, item_id),
    record=get_upload_place,
    receive=_keep_document,
    limit_bytes=UPLOAD_BYTES,
)
def hand_in(change: Change, form: UploadForm, task_id: str, item_id: str, received: KeptFile) -> SeeOther:
    documents.hand_in_document(change, task_id, item_id, received, form.version_read)
    return SeeOther("evaluations.show", _("Handed in"), task_id=task_id)


@section.page("/evaluations/<task_id>/values", permission="documents:own")
def values(visit: Visit, task_id: str, form: ActualsForm | None = None) -> Any:
    lines = list_actuals(visit.session, visit.actor, task_id)
    leaves = [line for line in lines if line.is_leaf]
    task = get_task(visit.session, visit.actor, task_id)
    form = form or ActualsForm(data={"lines": [vars(line) for line in leaves]})
    rows = {entry.form.code.data: entry.form for entry in form.lines}
    return visit.render(
        "evaluations/values.html",
        task=task,
        lines=lines,
        rows=rows,
        form=form,
        is_open=task.state in documents.HANDING_IN,
    )


@section.action(
    "/evaluations/<task_id>/values", permission="documents:hand_in", form=ActualsForm, page=values, record=get_task
)
def fill(change: Change, form: ActualsForm, task_id: str) -> SeeOther:
    count = actuals.fill_actuals(change, task_id, form.to_values())
    return SeeOther("evaluations.values", _("%(count)s lines saved", count=count), task_id=task_id)
