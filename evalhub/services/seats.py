"""Seats from the invitation to the end of the work: reply, undertaking, declaration, and who comes next.

A seat that falls free calls the next reserve in the order fixed when the plan was approved; nobody may re-shuffle.
Each reserve is checked again against conflicts, eligibility and the rules of the panel before he is told.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.domain.errors import InvalidInput, InvalidMove, NotFound, RuleBroken
from evalhub.domain.panel_states import SEAT_LIFECYCLE
from evalhub.domain.states import TASK_LIFECYCLE
from evalhub.models.accounts import Account
from evalhub.models.conflicts import Declaration
from evalhub.models.experts import PersonUndertaking, UndertakingText
from evalhub.models.plans import Task
from evalhub.models.seats import ENDED, REFUSAL_REASONS, Seat, SeatEvent
from evalhub.models.sheets import Sheet
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.hits import detect
from evalhub.services.journal import Notice
from evalhub.services.reserves import first_fitting

OVER = ("done", "appraised", "paid")
SOURCES = {"expert": "experts", "agency": "agency"}


def invite(change: Change, task_id: str) -> list[Seat]:
    """Tell the proposed members of a task's panel, and its agency: field, dates and days, no unit and no project.

    Raises:
        InvalidMove: nobody is left to invite.
    """
    task = change.session.get_one(Task, task_id)
    waiting = [seat for seat in seats_of(change.session, task_id) if seat.state == "proposed" and not seat.is_reserve]
    if not waiting:
        raise InvalidMove("seat.nobody_to_invite")
    notices = []
    for seat in waiting:
        SEAT_LIFECYCLE.apply(seat, "invite", change.actor)
        notices += _tell(change, task, seat)
    journal.record(
        change, "seat.invited", "task", task.id, task.code, task_id=task.id,
        detail={"invited": len(waiting)}, notify=notices,
    )  # fmt: skip
    return waiting


def accept(change: Change, seat_id: str) -> Seat:
    """Accept an invitation blind: the field and the days are known, unit and project are not."""
    seat, task = _own_seat(change, seat_id)
    if seat.reply_due_at is not None and change.now >= seat.reply_due_at:
        raise InvalidMove("seat.reply_too_late")
    SEAT_LIFECYCLE.apply(seat, "accept", change.actor)
    seat.accepted_at = change.now
    _note(change, seat, "accepted")
    journal.record(change, "seat.accepted", "seat", seat.id, task.code, task_id=task.id)
    return seat


def undertake(change: Change, seat_id: str, text_id: str, text_hash: str) -> Seat:
    """Accept the words of the undertaking, in the version whose hash the page showed.

    Raises:
        InvalidMove: the words have changed since, or the seat has not been accepted.
    """
    seat, task = _own_seat(change, seat_id)
    text = change.session.get(UndertakingText, text_id)
    if text is None or text.text_hash != text_hash or seat.state != "accepted":
        raise InvalidMove("seat.undertaking_changed")
    seat.undertaken_at = change.now
    seat.undertaking_hash = text_hash
    change.session.add(
        PersonUndertaking(
            expert_id=seat.expert_id,
            agency_id=seat.agency_id,
            text_id=text.id,
            text_hash=text_hash,
            task_id=task.id,
            account_id=change.actor.account_id,
            signed_at=change.now,
        )
    )
    _note(change, seat, "undertaken", text_hash=text_hash)
    detail = {"text_hash": text_hash}
    journal.record(change, "seat.undertaken", "seat", seat.id, task.code, task_id=task.id, detail=detail)
    return seat


def declare_none(change: Change, seat_id: str) -> Seat:
    """Declare no conflict after seeing unit, project and contractors; the documents open and a sheet is laid out."""
    seat, task = _own_seat(change, seat_id)
    if seat.undertaken_at is None:
        raise InvalidMove("seat.undertaking_first")
    if seat.is_suspended:
        raise RuleBroken("seat.suspended")
    SEAT_LIFECYCLE.apply(seat, "begin", change.actor)
    seat.declared_at = change.now
    change.session.add(
        Declaration(seat_id=seat.id, has_conflict=False, account_id=change.actor.account_id, declared_at=change.now)
    )
    change.session.add(Sheet(task_id=task.id, seat_id=seat.id, source=SOURCES[seat.kind]))
    _note(change, seat, "declared_none")
    _confirm_when_complete(change, task)
    journal.record(change, "seat.declared_none", "seat", seat.id, task.code, task_id=task.id)
    return seat


def declare_conflict(change: Change, seat_id: str, text: str | None) -> Seat:
    """Withdraw because of a conflict: no mark against the person; the next reserve is told."""
    seat, task = _own_seat(change, seat_id)
    SEAT_LIFECYCLE.apply(seat, "recuse", change.actor)
    seat.declared_at = change.now
    change.session.add(
        Declaration(
            seat_id=seat.id, has_conflict=True, text=text, account_id=change.actor.account_id, declared_at=change.now
        )
    )
    change.session.flush()
    detect(change.session, [task], change, expert_ids=[seat.expert_id or ""])
    notices = free_seat(change, task, seat, "declared_conflict")
    journal.record(change, "seat.recused", "seat", seat.id, task.code, task_id=task.id, notify=notices)
    return seat


def decline(change: Change, seat_id: str, reason: str, text: str | None) -> Seat:
    """Refuse with a coded reason; the next reserve is told.

    Raises:
        InvalidInput: the reason is not on the list, or `other` without words.
    """
    if reason not in REFUSAL_REASONS or (reason == "other" and not text):
        raise InvalidInput(fields={"reason": "field.required"})
    seat, task = _own_seat(change, seat_id)
    SEAT_LIFECYCLE.apply(seat, "decline", change.actor)
    seat.refusal_reason, seat.refusal_text = reason, text
    notices = free_seat(change, task, seat, "declined")
    detail = {"reason": reason}
    journal.record(change, "seat.declined", "seat", seat.id, task.code, task_id=task.id, detail=detail, notify=notices)
    return seat


def lapse(change: Change, seat_id: str) -> Seat:
    """The time to answer is over without an answer; the next reserve is told."""
    seat = change.session.get_one(Seat, seat_id)
    task = change.session.get_one(Task, seat.task_id)
    SEAT_LIFECYCLE.apply(seat, "lapse", change.actor)
    notices = free_seat(change, task, seat, "no_reply")
    journal.record(change, "seat.lapsed", "seat", seat.id, task.code, task_id=task.id, notify=notices)
    return seat


def replace(change: Change, task_id: str, seat_id: str, reason: str) -> Seat:
    """The bureau replaces a member of a task: his sheet is void and the next reserve scores afresh."""
    seat = change.session.get(Seat, seat_id)
    if seat is None or seat.task_id != task_id:
        raise NotFound("seat")
    task = change.session.get_one(Task, task_id)
    SEAT_LIFECYCLE.apply(seat, "replace", change.actor)
    notices = free_seat(change, task, seat, "replaced")
    journal.record(change, "seat.replaced", "seat", seat.id, task.code, task_id=task.id, reason=reason, notify=notices)
    return seat


def suspend_conflicted(change: Change, task: Task, evaluators: Sequence[str], cause: str) -> list[Notice]:
    """Suspend these evaluators' live seats on a task and call reserves; part of the change that found the conflict.

    Args:
        evaluators: ids of experts or agencies.
        cause: code of what was found, such as `conflict_confirmed`.

    Returns:
        Whom to tell; the caller's journal entry carries them.
    """
    notices: list[Notice] = []
    for seat in seats_of(change.session, task.id):
        if (seat.expert_id or seat.agency_id) not in evaluators or seat.state in (*ENDED, *OVER):
            continue
        was_live = seat.state != "proposed" or not seat.is_reserve
        seat.is_suspended, seat.suspended_reason = True, cause
        SEAT_LIFECYCLE.apply(seat, "suspend", change.actor)
        seat.ended_at = change.now
        _void_sheet(change.session, seat)
        _note(change, seat, "suspended", cause=cause)
        notices += _accounts_notices(change.session, seat, {"cause": cause})
        if was_live:
            notices += _call_next(change, task, seat)
    return notices


def suspend_lead(change: Change, task: Task, staff_id: str) -> list[Notice]:
    """A conflicted person of an agency stops leading its team on a task; the agency is told to name another."""
    notices: list[Notice] = []
    for seat in seats_of(change.session, task.id):
        if seat.lead_staff_id == staff_id and seat.state not in ENDED:
            seat.lead_staff_id = None
            _note(change, seat, "lead_withdrawn")
            notices += _accounts_notices(change.session, seat, {"cause": "lead_in_conflict"}, wants_mail=True)
    return notices


def free_seat(change: Change, task: Task, seat: Seat, cause: str) -> list[Notice]:
    """A seat falls free: its sheet is void, its access ends, and the next fitting reserve is told."""
    seat.ended_at = change.now
    _void_sheet(change.session, seat)
    _note(change, seat, cause)
    return [Notice(task.officer_id, {"cause": cause}), *_call_next(change, task, seat)]


def _call_next(change: Change, task: Task, leaving: Seat) -> list[Notice]:
    """Tell the first reserve of the fixed order who still fits; those passed over keep the reason on their line."""
    waiting = [
        seat
        for seat in seats_of(change.session, task.id)
        if seat.kind == leaving.kind and seat.is_reserve and seat.state == "proposed"
    ]
    chosen, passed_over = first_fitting(change, task, leaving, waiting)
    for seat, broken in passed_over:
        _note(change, seat, "passed_over", broken=broken)
    if chosen is None:
        _note(change, leaving, "no_reserve_left")
        return [Notice(task.officer_id, {"cause": "no_reserve_left"}, wants_mail=True)]
    chosen.is_leader = leaving.is_leader
    SEAT_LIFECYCLE.apply(chosen, "call_up", change.actor)
    leaving.replaced_by_id = chosen.id
    _note(change, leaving, "next_called", seat_id=chosen.id)
    return _tell(change, task, chosen)


def _tell(change: Change, task: Task, seat: Seat) -> list[Notice]:
    seat.invited_at = change.now
    seat.reply_due_at = change.now + timedelta(hours=task.round.reply_hours)
    _note(change, seat, "invited", reply_due_at=seat.reply_due_at.isoformat())
    return _accounts_notices(change.session, seat, {"field": task.field_code}, wants_mail=True)


def _accounts_notices(
    session: Session, seat: Seat, detail: dict[str, Any], *, wants_mail: bool = False
) -> list[Notice]:
    owner = Account.expert_id == seat.expert_id if seat.expert_id else Account.agency_id == seat.agency_id
    accounts = session.scalars(select(Account.id).where(owner, Account.state != "disabled"))
    return [Notice(account_id, detail, wants_mail) for account_id in accounts]


def _confirm_when_complete(change: Change, task: Task) -> None:
    """The task is confirmed once every place of its panel, and its agency, works."""
    if task.state != "assigned":
        return
    seats = seats_of(change.session, task.id)
    working = [seat for seat in seats if seat.state == "working"]
    experts = sum(seat.kind == "expert" for seat in working)
    has_agency = any(seat.kind == "agency" for seat in working) or not task.wants_agency
    if experts >= task.panel_template.seats and has_agency:
        TASK_LIFECYCLE.apply(task, "accept", change.actor)


def _void_sheet(session: Session, seat: Seat) -> None:
    sheet = session.scalar(select(Sheet).where(Sheet.seat_id == seat.id))
    if sheet is not None:
        sheet.is_void = True


def seats_of(session: Session, task_id: str) -> list[Seat]:
    """Every seat of a task, members before reserves, in the fixed order."""
    order = (Seat.kind.desc(), Seat.is_reserve, Seat.position, Seat.id)
    return list(session.scalars(select(Seat).where(Seat.task_id == task_id).order_by(*order)))


def _own_seat(change: Change, seat_id: str) -> tuple[Seat, Task]:
    seat = change.session.get(Seat, seat_id)
    owner = (change.actor.expert_id or change.actor.agency_id) if seat else None
    if seat is None or owner is None or owner not in (seat.expert_id, seat.agency_id):
        raise NotFound("seat")
    return seat, change.session.get_one(Task, seat.task_id)


def _note(change: Change, seat: Seat, action: str, **detail: Any) -> None:
    change.session.add(
        SeatEvent(seat_id=seat.id, at=change.now, action=action, account_id=change.actor.account_id, detail=detail)
    )
