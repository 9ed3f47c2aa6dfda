"""Results: list, one with its spread and workings, findings and hearing, signature, exports; the unit's own page."""

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from evalhub.domain.permissions import Actor
from evalhub.queries.results import (
    ResultView,
    find_result_of_task,
    get_heard_result,
    get_result,
    list_results,
    list_rounds_with_results,
)
from evalhub.queries.spreads import list_spreads
from evalhub.queries.tasks import get_task
from evalhub.services import panels as panel_service
from evalhub.services import results as service
from evalhub.services.change import Change
from evalhub.web.exports.results import result_letter, round_workbook
from evalhub.web.forms.results import DecisionForm, FindingForm, HearingForm, ReasonForm, SignForm
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("results", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@section.page("/results", permission="results:read")
def index(visit: Visit) -> Any:
    round_id = request.args.get("round") or None
    return visit.render(
        "results/index.html",
        rows=list_results(visit.session, visit.actor, round_id=round_id),
        rounds=list_rounds_with_results(visit.session, visit.actor),
        round_id=round_id,
    )


@section.page("/results/export", permission="results:read", access="export")
def export_round(visit: Visit) -> Any:
    round_id = request.args.get("round") or None
    rows = list_results(visit.session, visit.actor, round_id=round_id)
    return visit.download(round_workbook(rows, visit.today), f"results-{visit.today}.xlsx", XLSX)


@section.page("/results/<result_id>", permission="results:read")
def show(visit: Visit, result_id: str, form: Any = None) -> Any:
    result = get_result(visit.session, visit.actor, result_id)
    return visit.render(
        "results/show.html",
        result=result,
        spreads=list_spreads(result, visit.language),
        is_signer=visit.actor.account_id in (result.approver_id, result.deputy_approver_id),
        finding_form=form if isinstance(form, FindingForm) else FindingForm(),
        reason_form=form if isinstance(form, ReasonForm) else ReasonForm(),
        decision_form=form if isinstance(form, DecisionForm) else DecisionForm(),
        form=form,
    )


@section.page("/results/<result_id>/how", permission="results:read")
def how(visit: Visit, result_id: str) -> Any:
    return visit.render("results/how.html", result=get_result(visit.session, visit.actor, result_id))


@section.page("/results/<result_id>/letter", permission="results:read", access="export")
def letter(visit: Visit, result_id: str) -> Any:
    result = get_result(visit.session, visit.actor, result_id)
    content = result_letter(result, visit.settings.bureau_name, visit.today)
    return visit.download(content, f"{result.task_code}-v{result.number}.docx", DOCX)


@section.action(
    "/results/<result_id>/findings", permission="results:edit", form=FindingForm, page=show, record=get_result
)
def add_finding(change: Change, form: FindingForm, result_id: str) -> SeeOther:
    service.add_finding(change, result_id, form.title.data, form.text.data)
    return SeeOther("results.show", _("Finding added."), result_id=result_id)


def _of_result(session: Any, actor: Actor, result_id: str, finding_id: str) -> ResultView:
    return get_result(session, actor, result_id)


@section.action(
    "/results/<result_id>/findings/<finding_id>", permission="results:edit", form=FindingForm, page=lambda visit, result_id,
    finding_id, form=None: show(visit, result_id, form), record=_of_result,
)  # fmt: skip
def edit_finding(change: Change, form: FindingForm, result_id: str, finding_id: str) -> SeeOther:
    service.edit_finding(change, result_id, finding_id, form.title.data, form.text.data, form.version_read)
    return SeeOther("results.show", _("Finding saved."), result_id=result_id)


@section.action(
    "/results/<result_id>/findings/<finding_id>/drop", permission="results:edit", form=ReasonForm,
    page=lambda visit, result_id, finding_id, form=None: show(visit, result_id, form), record=_of_result,
)  # fmt: skip
def drop_finding(change: Change, form: ReasonForm, result_id: str, finding_id: str) -> SeeOther:
    service.drop_finding(change, result_id, finding_id, form.reason.data)
    return SeeOther("results.show", _("Left out of the letter; the deduction stands."), result_id=result_id)


@section.action(
    "/results/<result_id>/findings/<finding_id>/decide", permission="results:edit", form=DecisionForm,
    page=lambda visit, result_id, finding_id, form=None: show(visit, result_id, form), record=_of_result,
)  # fmt: skip
def decide(change: Change, form: DecisionForm, result_id: str, finding_id: str) -> SeeOther:
    service.decide_dispute(change, result_id, finding_id, form.decision.data, form.text.data)
    return SeeOther("results.show", _("The dispute is answered."), result_id=result_id)


@section.action("/results/<result_id>/hearing/open", permission="results:edit", page=show, record=get_result)
def open_hearing(change: Change, form: Any, result_id: str) -> SeeOther:
    service.open_hearing(change, result_id)
    return SeeOther("results.show", _("Put to the unit; its days have begun."), result_id=result_id)


@section.action("/results/<result_id>/hearing/close", permission="results:edit", page=show, record=get_result)
def close_hearing(change: Change, form: Any, result_id: str) -> SeeOther:
    service.close_hearing(change, result_id)
    return SeeOther("results.show", _("The hearing is closed."), result_id=result_id)


@section.action("/results/<result_id>/submit", permission="results:edit", page=show, record=get_result)
def submit(change: Change, form: Any, result_id: str) -> SeeOther:
    service.submit_result(change, result_id)
    return SeeOther("results.show", _("Handed to the approver."), result_id=result_id)


@section.action("/results/<result_id>/return", permission="results:sign", form=ReasonForm, page=show, record=get_result)
def return_result(change: Change, form: ReasonForm, result_id: str) -> SeeOther:
    service.return_result(change, result_id, form.reason.data)
    return SeeOther("results.show", _("Returned to the officer."), result_id=result_id)


@section.action("/results/<result_id>/sign", permission="results:sign", form=SignForm, page=show, record=get_result)
def sign(change: Change, form: SignForm, result_id: str) -> SeeOther:
    service.sign_result(change, result_id, form.content_hash.data)
    return SeeOther("results.show", _("Signed. The unit sees its result now."), result_id=result_id)


@section.action(
    "/tasks/<task_id>/sheets/<sheet_id>/reopen", permission="results:edit", form=ReasonForm,
    record=lambda session, actor, task_id, sheet_id: get_task(session, actor, task_id),
)  # fmt: skip
def reopen_sheet(change: Change, form: ReasonForm, task_id: str, sheet_id: str) -> SeeOther:
    panel_service.reopen_sheet(change, task_id, sheet_id, form.reason.data)
    return SeeOther(
        "sheets.progress", _("The sheet is with its rater again; the first score stays kept."), task_id=task_id
    )


@section.action(
    "/results/<result_id>/correct", permission="results:edit", form=ReasonForm, page=show, record=get_result
)
def correct(change: Change, form: ReasonForm, result_id: str) -> SeeOther:
    result = panel_service.correct_result(change, result_id, form.reason.data)
    return SeeOther("results.show", _("A new version stands; the earlier one is kept."), result_id=result.id)


@section.page("/tasks/<task_id>/result", permission="results:read", record=get_task)
def of_task(visit: Visit, task_id: str) -> Any:
    result_id = find_result_of_task(visit.session, visit.actor, task_id)
    if result_id is not None:
        return redirect(url_for("results.show", result_id=result_id), 303)
    return visit.render("results/none.html", task=get_task(visit.session, visit.actor, task_id))


@section.page("/own-results", permission="results:own")
def own(visit: Visit) -> Any:
    return visit.render("results/own.html", rows=list_results(visit.session, visit.actor))


@section.page("/own-results/<result_id>", permission="results:own")
def hearing(visit: Visit, result_id: str, form: HearingForm | None = None) -> Any:
    return visit.render(
        "results/hearing.html",
        result=get_heard_result(visit.session, visit.actor, result_id),
        form=form or HearingForm(),
    )


@section.action(
    "/own-results/<result_id>", permission="results:own", form=HearingForm, page=hearing, record=get_heard_result
)
def answer(change: Change, form: HearingForm, result_id: str) -> SeeOther:
    service.answer_hearing(change, result_id, form.replies())
    return SeeOther("results.hearing", _("Your answers are in. Keep the receipt below."), result_id=result_id)
