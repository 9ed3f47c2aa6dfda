"""Seats: the evaluator's way from invitation to declaration, and the bureau's view of a panel."""

from typing import Any

from flask_babel import gettext as _

from evalhub.queries.seats import (
    UNDERTAKING,
    current_undertaking,
    find_disclosed,
    get_my_seat,
    list_my_seats,
    list_panel,
)
from evalhub.queries.tasks import get_task
from evalhub.services import seats as service
from evalhub.services.change import Change
from evalhub.web.forms.seats import REFUSALS, DeclineForm, ReplaceForm, UndertakeForm, WithdrawForm
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("seats", __name__)


@section.page("/seats", permission="seats:own")
def mine(visit: Visit) -> Any:
    return visit.render("seats/mine.html", seats=list_my_seats(visit.session, visit.actor))


@section.page("/seats/<seat_id>", permission="seats:own")
def show(visit: Visit, seat_id: str, form: Any = None) -> Any:
    seat = get_my_seat(visit.session, visit.actor, seat_id)
    kind = "seat" if visit.actor.expert_id else "agency"
    undertaking = current_undertaking(visit.session, kind, visit.now) if seat.stage == UNDERTAKING else None
    return visit.render(
        "seats/show.html",
        seat=seat,
        undertaking=undertaking,
        disclosed=find_disclosed(visit.session, seat),
        decline_form=form if isinstance(form, DeclineForm) else DeclineForm(),
        withdraw_form=form if isinstance(form, WithdrawForm) else WithdrawForm(),
    )


@section.action("/seats/<seat_id>/accept", permission="seats:own", page=show, record=get_my_seat)
def accept(change: Change, form: Any, seat_id: str) -> SeeOther:
    service.accept(change, seat_id)
    return SeeOther("seats.show", _("Accepted. Please read the undertaking next."), seat_id=seat_id)


@section.action("/seats/<seat_id>/decline", permission="seats:own", form=DeclineForm, page=show, record=get_my_seat)
def decline(change: Change, form: DeclineForm, seat_id: str) -> SeeOther:
    service.decline(change, seat_id, form.reason.data, form.text.data or None)
    return SeeOther("seats.show", _("Your refusal has been noted. Thank you for answering."), seat_id=seat_id)


@section.action("/seats/<seat_id>/undertake", permission="seats:own", form=UndertakeForm, page=show, record=get_my_seat)
def undertake(change: Change, form: UndertakeForm, seat_id: str) -> SeeOther:
    service.undertake(change, seat_id, form.text_id.data, form.text_hash.data)
    return SeeOther("seats.show", _("The undertaking is kept. Please declare next."), seat_id=seat_id)


@section.action("/seats/<seat_id>/no-conflict", permission="seats:own", page=show, record=get_my_seat)
def declare_none(change: Change, form: Any, seat_id: str) -> SeeOther:
    service.declare_none(change, seat_id)
    return SeeOther("seats.show", _("Declared. The papers are open to you."), seat_id=seat_id)


@section.action("/seats/<seat_id>/withdraw", permission="seats:own", form=WithdrawForm, page=show, record=get_my_seat)
def declare_conflict(change: Change, form: WithdrawForm, seat_id: str) -> SeeOther:
    service.declare_conflict(change, seat_id, form.text.data or None)
    return SeeOther("seats.show", _("You have withdrawn. This does not count against you."), seat_id=seat_id)


@section.page("/tasks/<task_id>/seats", permission="seats:read")
def panel(visit: Visit, task_id: str, form: Any = None) -> Any:
    return visit.render(
        "seats/panel.html",
        task=get_task(visit.session, visit.actor, task_id),
        seats=list_panel(visit.session, visit.actor, task_id),
        refusals=REFUSALS,
        replace_form=form if isinstance(form, ReplaceForm) else ReplaceForm(),
    )


@section.action("/tasks/<task_id>/seats/invite", permission="seats:invite", page=panel, record=get_task)
def invite(change: Change, form: Any, task_id: str) -> SeeOther:
    invited = service.invite(change, task_id)
    return SeeOther("seats.panel", _("%(n)s invited.", n=len(invited)), task_id=task_id)


@section.action(
    "/tasks/<task_id>/seats/<seat_id>/replace", permission="seats:invite", form=ReplaceForm, page=panel,
    record=lambda session, actor, task_id, seat_id: get_task(session, actor, task_id),
)  # fmt: skip
def replace(change: Change, form: ReplaceForm, task_id: str, seat_id: str) -> SeeOther:
    service.replace(change, task_id, seat_id, form.reason.data)
    return SeeOther("seats.panel", _("Replaced; the next reserve is invited."), task_id=task_id)
