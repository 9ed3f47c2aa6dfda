"""Seats as their holders see them, stage by stage, and panels as the bureau sees them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.domain.errors import NotFound
from evalhub.domain.masking import mask_name
from evalhub.domain.permissions import Actor
from evalhub.models.agencies import Agency
from evalhub.models.experts import Expert, Field, UndertakingText
from evalhub.models.organisations import Organisation
from evalhub.models.plans import Task
from evalhub.models.projects import Contractor
from evalhub.models.seats import ENDED, Seat, SeatEvent
from evalhub.models.sheets import Sheet
from evalhub.queries.scope import visible_seats, visible_tasks

INVITED, UNDERTAKING, DECLARATION, WORKING, ENDED_STAGE = "invited", "undertaking", "declaration", "working", "ended"


@dataclass(frozen=True)
class Invitation:
    """What an invited evaluator may know before he accepts: field, dates, days; no unit, no project."""

    id: str
    stage: str
    state: str
    field: str
    english_field: str
    work_from_on: date
    work_until_on: date
    scoring_due_at: datetime
    reply_due_at: datetime | None
    is_leader: bool
    is_suspended: bool
    version: int


@dataclass(frozen=True)
class Disclosed:
    """What is shown after the undertaking, for the declaration: the evaluated unit, the project, whom it pays."""

    task_id: str
    task_code: str
    project: str
    unit: str
    department: str
    contractors: tuple[str, ...]
    sheet_id: str | None


@dataclass(frozen=True)
class Undertaking:
    id: str
    body: str
    english_body: str
    text_hash: str


@dataclass(frozen=True)
class PanelSeat:
    """A line of the panel as the bureau sees it."""

    id: str
    kind: str
    position: int
    evaluator_id: str
    code: str
    name: str
    is_leader: bool
    is_reserve: bool
    by_hand: bool
    reason: str | None
    state: str
    invited_at: datetime | None
    reply_due_at: datetime | None
    refusal_reason: str | None
    suspended_reason: str | None
    replaced_by_id: str | None
    events: tuple["SeatStep", ...]


@dataclass(frozen=True)
class SeatStep:
    at: datetime
    action: str
    detail: dict


def list_my_seats(session: Session, actor: Actor) -> list[Invitation]:
    """The invitations and seats of the acting evaluator, newest first."""
    rows = session.execute(
        visible_seats(actor)
        .add_columns(Task, Field)
        .join(Task, Task.id == Seat.task_id)
        .join(Field, Field.code == Task.field_code)
        .order_by(Seat.invited_at.desc())
    ).unique()
    return [_invitation(seat, task, field) for seat, task, field in rows]


def get_my_seat(session: Session, actor: Actor, seat_id: str) -> Invitation:
    """One of the actor's own seats; raises NotFound."""
    row = (
        session.execute(
            visible_seats(actor)
            .add_columns(Task, Field)
            .join(Task, Task.id == Seat.task_id)
            .join(Field, Field.code == Task.field_code)
            .where(Seat.id == seat_id)
        )
        .unique()
        .one_or_none()
    )
    if row is None or actor.is_bureau:
        raise NotFound("seat")
    return _invitation(*row)


def stage_of(seat: Seat) -> str:
    """How far the holder of a seat has come; what he may see follows from it."""
    if seat.state in ENDED or seat.is_suspended:
        return ENDED_STAGE
    if seat.state == "notified":
        return INVITED
    if seat.state == "accepted":
        return DECLARATION if seat.undertaken_at else UNDERTAKING
    return WORKING


def _invitation(seat: Seat, task: Task, field: Field) -> Invitation:
    return Invitation(
        id=seat.id,
        stage=stage_of(seat),
        state=seat.state,
        field=field.name,
        english_field=field.english_name,
        work_from_on=task.work_from_on,
        work_until_on=task.work_until_on,
        scoring_due_at=task.scoring_due_at,
        reply_due_at=seat.reply_due_at,
        is_leader=seat.is_leader,
        is_suspended=seat.is_suspended,
        version=seat.version,
    )


def find_disclosed(session: Session, seat: Invitation) -> Disclosed | None:
    """Unit, project and contractors, from the undertaking on and as long as the seat lives."""
    if seat.stage not in (DECLARATION, WORKING):
        return None
    task = session.scalars(select(Task).join(Seat, Seat.task_id == Task.id).where(Seat.id == seat.id)).unique().one()
    project = task.project
    names = select(Organisation.name).join(Contractor, Contractor.organisation_id == Organisation.id)
    contractors = session.scalars(names.where(Contractor.project_id == project.id).order_by(Organisation.name))
    unit = project.unit or project.department
    return Disclosed(
        task_id=task.id,
        task_code=task.code,
        project=project.name,
        unit=unit.organisation.name,
        department=project.department.organisation.name,
        contractors=tuple(dict.fromkeys(contractors)),
        sheet_id=session.scalar(select(Sheet.id).where(Sheet.seat_id == seat.id)),
    )


def current_undertaking(session: Session, kind: str, now: datetime) -> Undertaking:
    """The words in force today, with their hash."""
    text = session.scalar(
        select(UndertakingText)
        .where(UndertakingText.kind == kind, UndertakingText.valid_from_at <= now)
        .order_by(UndertakingText.edition.desc())
        .limit(1)
    )
    if text is None:
        raise NotFound("undertaking_text")
    return Undertaking(text.id, text.body, text.english_body, text.text_hash)


def list_panel(session: Session, actor: Actor, task_id: str) -> list[PanelSeat]:
    """All seats of one task that the bureau's user may see, members before reserves, with what happened to each."""
    task = session.scalar(visible_tasks(actor).where(Task.id == task_id).with_only_columns(Task.id))
    if task is None:
        raise NotFound("task")
    rows = session.execute(
        visible_seats(actor)
        .add_columns(Expert.code, Expert.name, Agency.code, Organisation.name)
        .outerjoin(Expert, Expert.id == Seat.expert_id)
        .outerjoin(Agency, Agency.id == Seat.agency_id)
        .outerjoin(Organisation, Organisation.id == Agency.organisation_id)
        .where(Seat.task_id == task_id)
        .order_by(Seat.kind.desc(), Seat.is_reserve, Seat.position, Seat.id)
    ).all()
    events: dict[str, list[SeatStep]] = defaultdict(list)
    steps = select(SeatEvent).where(SeatEvent.seat_id.in_([row[0].id for row in rows])).order_by(SeatEvent.at)
    for event in session.scalars(steps):
        events[event.seat_id].append(SeatStep(event.at, event.action, event.detail))
    return [_panel_seat(row, tuple(events[row[0].id])) for row in rows]


def _panel_seat(row: tuple, events: tuple[SeatStep, ...]) -> PanelSeat:
    seat, expert_code, expert_name, agency_code, agency_name = row
    return PanelSeat(
        id=seat.id,
        kind=seat.kind,
        position=seat.position,
        evaluator_id=seat.expert_id or seat.agency_id,
        code=expert_code or agency_code,
        name=mask_name(expert_name) if expert_name else agency_name,
        is_leader=seat.is_leader,
        is_reserve=seat.is_reserve,
        by_hand=seat.by_hand,
        reason=seat.reason,
        state=seat.state,
        invited_at=seat.invited_at,
        reply_due_at=seat.reply_due_at,
        refusal_reason=seat.refusal_reason,
        suspended_reason=seat.suspended_reason,
        replaced_by_id=seat.replaced_by_id,
        events=events,
    )
