"""Plans of seats: drawn from a run, named by hand under every rule, submitted, approved by another person."""

from typing import Any

from flask_babel import gettext as _

from evalhub.domain.errors import InvalidInput
from evalhub.queries.allocation import (
    first_run,
    get_plan,
    get_round_allocation,
    load_run,
    planned_of,
)
from evalhub.queries.panels import differences, panels_of_plan
from evalhub.queries.why_not import find_by_code
from evalhub.services import named_seats
from evalhub.services import seat_plans as service
from evalhub.services.change import Change
from evalhub.web.forms.allocation import NameForm, ReturnForm, SubmitForm
from evalhub.web.forms.base import choices
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("seat_plans", __name__)


@section.page("/allocation/plans/<seat_plan_id>", permission="allocation:read")
def show(visit: Visit, seat_plan_id: str, form: Any = None) -> Any:
    session, plan = visit.session, get_plan(visit.session, visit.actor, seat_plan_id)
    run = load_run(session, visit.actor, plan.run_id)
    first = first_run(session, run)
    panels = panels_of_plan(session, visit.actor, run, planned_of(session, seat_plan_id), first)
    name_form = form if isinstance(form, NameForm) else NameForm()
    name_form.task_id.choices = choices((panel.task_id, f"{panel.code} {panel.name}") for panel in panels)
    return visit.render(
        "allocation/plan.html",
        plan=plan,
        run=run,
        round=get_round_allocation(session, visit.actor, run.round_id),
        panels=panels,
        seats=sum(panel.seats for panel in panels),
        filled=sum(len(panel.members) for panel in panels),
        by_hand=sum(chip.by_hand for panel in panels for chip in panel.members),
        first=first.code if first else run.code,
        differences=differences(session, panels, run, first),
        name_form=name_form,
        submit_form=form if isinstance(form, SubmitForm) else SubmitForm(),
        return_form=form if isinstance(form, ReturnForm) else ReturnForm(),
    )


@section.action("/allocation/plans/<seat_plan_id>/name", permission="allocation:run", form=NameForm, page=show,
                record=get_plan)  # fmt: skip
def name(change: Change, form: NameForm, seat_plan_id: str) -> SeeOther:
    kind = get_plan(change.session, change.actor, seat_plan_id).kind
    candidate = _find(change, kind, "candidate", form.candidate.data)
    leaving = _find(change, kind, "leaving", form.leaving.data) if form.leaving.data else None
    named_seats.name_by_hand(
        change, seat_plan_id, form.task_id.data, leaving, candidate, form.reason.data, form.version_read
    )  # fmt: skip
    return SeeOther("seat_plans.show", _("Named by hand; approver and supervisor see it."), seat_plan_id=seat_plan_id)


def _find(change: Change, kind: str, field: str, code: str) -> str:
    found = find_by_code(change.session, change.actor, kind, code)
    if found is None:
        raise InvalidInput(fields={field: "conflict.nobody_of_code"})
    return found


@section.action("/allocation/plans/<seat_plan_id>/submit", permission="allocation:run", form=SubmitForm, page=show,
                record=get_plan)  # fmt: skip
def submit(change: Change, form: SubmitForm, seat_plan_id: str) -> SeeOther:
    service.submit_plan(change, seat_plan_id, form.gap_reason.data or None, form.version_read)
    return SeeOther("seat_plans.show", _("Submitted to the approver."), seat_plan_id=seat_plan_id)


@section.action("/allocation/plans/<seat_plan_id>/withdraw", permission="allocation:run", page=show, record=get_plan)
def withdraw(change: Change, form: Any, seat_plan_id: str) -> SeeOther:
    service.withdraw_plan(change, seat_plan_id, form.version_read)
    return SeeOther("seat_plans.show", _("Withdrawn; it is a draft again."), seat_plan_id=seat_plan_id)


@section.action("/allocation/plans/<seat_plan_id>/approve", permission="allocation:decide", page=show, record=get_plan)
def approve(change: Change, form: Any, seat_plan_id: str) -> SeeOther:
    service.approve_plan(change, seat_plan_id, form.version_read)
    return SeeOther("seat_plans.show", _("Approved: the seats exist and can be invited."), seat_plan_id=seat_plan_id)


@section.action("/allocation/plans/<seat_plan_id>/return", permission="allocation:decide", form=ReturnForm, page=show,
                record=get_plan)  # fmt: skip
def return_(change: Change, form: ReturnForm, seat_plan_id: str) -> SeeOther:
    service.return_plan(change, seat_plan_id, form.opinion.data, form.version_read)
    return SeeOther("seat_plans.show", _("Returned with what to change."), seat_plan_id=seat_plan_id)
