"""Evaluation reports: one with its versions and notes, and the lists of the bureau and of an agency."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.domain.permissions import Actor
from evalhub.models.agencies import Agency
from evalhub.models.organisations import Organisation
from evalhub.models.papers import Report
from evalhub.models.plans import Round, Task
from evalhub.models.projects import Project
from evalhub.models.seats import ENDED, Seat
from evalhub.queries.papers import FileLine, file_line
from evalhub.queries.people import names_of
from evalhub.queries.scope import visible_tasks


@dataclass(frozen=True)
class VersionLine:
    number: int
    what_changed: str
    uploaded_by: str
    uploaded_at: datetime
    file: FileLine


@dataclass(frozen=True)
class NoteLine:
    id: str
    version_number: int
    place: str | None
    text: str
    by: str
    at: datetime
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None
    is_settled: bool


@dataclass(frozen=True)
class ReportView:
    """A report; before its first version `state` is `not_due` and `version` 0."""

    task_id: str
    state: str
    version: int
    agency: str | None
    due_on: date | None
    current_version: int
    signed_off_by_id: str | None
    signed_off_by: str | None
    signed_off_at: datetime | None
    accepted_by: str | None
    accepted_at: datetime | None
    lead_staff_id: str | None
    versions: tuple[VersionLine, ...]
    notes: tuple[NoteLine, ...]

    @property
    def unanswered(self) -> int:
        return sum(note.answer is None for note in self.notes)


@dataclass(frozen=True)
class ReportLine:
    task_id: str
    code: str
    name: str
    round_name: str
    agency: str | None
    state: str
    due_on: date | None
    current_version: int
    uploaded_at: datetime | None


def find_report(session: Session, actor: Actor, task_id: str) -> ReportView | None:
    """The report of a task that wants an agency, or None; an agency reads its own versions and their notes alone."""
    task = session.scalar(visible_tasks(actor).where(Task.id == task_id, Task.wants_agency))
    if task is None or not (actor.is_bureau or actor.agency_id):
        return None
    report = session.scalar(select(Report).where(Report.task_id == task_id))
    seat = _live_seat(session, task_id)
    own = seat.id if actor.agency_id and seat else None
    versions = [version for version in report.versions if own in (None, version.seat_id)] if report else []
    numbers = {version.number for version in versions}
    notes = [note for note in report.notes if note.version_number in numbers] if report else []
    people = {version.uploaded_by_id for version in versions}
    people |= {person for note in notes for person in (note.by_id, note.answered_by_id) if person}
    people |= {report.signed_off_by_id, report.accepted_by_id} - {None} if report else set()  # type: ignore[arg-type]
    names = names_of(session, people)
    return ReportView(
        task_id=task_id,
        state=report.state if report else "not_due",
        version=report.version if report else 0,
        agency=_agency_name(session, seat),
        due_on=report.due_on if report else task.round.report_due_on,
        current_version=report.current_version if report else 0,
        signed_off_by_id=report.signed_off_by_id if report else None,
        signed_off_by=names.get(report.signed_off_by_id or "") if report else None,
        signed_off_at=report.signed_off_at if report else None,
        accepted_by=names.get(report.accepted_by_id or "") if report else None,
        accepted_at=report.accepted_at if report else None,
        lead_staff_id=seat.lead_staff_id if seat else None,
        versions=tuple(
            VersionLine(
                version.number, version.what_changed, names.get(version.uploaded_by_id, ""), version.uploaded_at,
                file_line(version.file),  # type: ignore[arg-type]
            )
            for version in reversed(versions)
        ),
        notes=tuple(
            NoteLine(
                note.id, note.version_number, note.place, note.text, names.get(note.by_id, ""), note.at, note.answer,
                names.get(note.answered_by_id or ""), note.answered_at, note.is_settled,
            )
            for note in notes
        ),
    )  # fmt: skip


def list_reports(session: Session, actor: Actor) -> list[ReportLine]:
    """Reports of the tasks that the asker may see and that want an agency: the bureau's, or an agency's own."""
    if not (actor.is_bureau or actor.agency_id):
        return []
    query = (
        visible_tasks(actor)
        .join(Project, Project.id == Task.project_id)
        .join(Round, Round.id == Task.round_id)
        .outerjoin(Report, Report.task_id == Task.id)
        .where(Task.wants_agency, Task.state.not_in(("planned", "candidate", "resourcing", "cancelled")))
        .with_only_columns(
            Task.id, Task.code, Project.name, Round.name.label("round_name"), Round.report_due_on, Report.state,
            Report.current_version, Report.due_on, Report.id.label("report_id"),
        )
        .order_by(Round.report_due_on, Task.code)
    )  # fmt: skip
    rows = session.execute(query).all()
    agencies = _agencies_of(session, [row.id for row in rows])
    return [
        ReportLine(
            task_id=row.id, code=row.code, name=row.name, round_name=row.round_name, agency=agencies.get(row.id),
            state=row.state or "not_due", due_on=row.due_on or row.report_due_on,
            current_version=row.current_version or 0, uploaded_at=None,
        )
        for row in rows
    ]  # fmt: skip


def _live_seat(session: Session, task_id: str) -> Seat | None:
    query = select(Seat).where(
        Seat.task_id == task_id, Seat.kind == "agency", Seat.ended_at.is_(None), Seat.state.not_in((*ENDED, "proposed"))
    )
    return session.scalar(query.order_by(Seat.is_reserve, Seat.position).limit(1))


def _agency_name(session: Session, seat: Seat | None) -> str | None:
    if seat is None:
        return None
    query = select(Organisation.name).join(Agency, Agency.organisation_id == Organisation.id)
    return session.scalar(query.where(Agency.id == seat.agency_id))


def _agencies_of(session: Session, task_ids: list[str]) -> dict[str, str]:
    query = (
        select(Seat.task_id, Organisation.name)
        .join(Agency, Agency.id == Seat.agency_id)
        .join(Organisation, Organisation.id == Agency.organisation_id)
        .where(Seat.task_id.in_(task_ids), Seat.ended_at.is_(None), Seat.state.not_in((*ENDED, "proposed")))
    )
    return {row.task_id: row.name for row in session.execute(query)}
