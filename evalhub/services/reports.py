"""The agency's evaluation report: versions that never change, notes of the officer, answers, signature, acceptance."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from evalhub.domain.errors import InvalidInput, NotFound, Refused, RuleBroken
from evalhub.domain.states import REPORT_LIFECYCLE
from evalhub.models.accounts import Account
from evalhub.models.papers import Report, ReportNote, ReportVersion
from evalhub.models.plans import Task
from evalhub.models.seats import ENDED, Seat
from evalhub.queries.audience import list_agency_accounts
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.files import KeptFile, add_file
from evalhub.services.journal import Notice
from evalhub.services.tasks import load_task, task_label
from evalhub.services.versions import refuse_stale

UPLOADING = (
    "notified", "preparing", "plan_approved", "executing", "scored", "draft_report", "consulting", "expert_review",
    "revising",
)  # fmt: skip


@dataclass(frozen=True)
class NoteValues:
    """One remark of the officer: where in the report, and what."""

    place: str | None
    text: str


def upload_report(change: Change, task_id: str, kept: KeptFile, what_changed: str, version: int) -> Report:
    """Add a version of the report; the first one begins it. Earlier versions stay as they are.

    Args:
        version: of the report row; 0 where there is none yet.

    Raises:
        InvalidInput: a later version without saying what changed.
        RuleBroken: the task has not begun or is over, notes wait for an answer, or the file equals the last version.
        Refused: the actor's agency holds no seat on the task.
    """
    task = load_task(change, task_id)
    seat = _agency_seat(change, task)
    if task.state not in UPLOADING:
        raise RuleBroken("report.not_open")
    report = _find(change, task) or _begin(change, task, seat)
    if report.current_version:
        refuse_stale(change, "report", report, version, {})
    _refuse_version(report, seat, kept, what_changed)
    REPORT_LIFECYCLE.apply(report, "upload", change.actor)
    report.seat_id = seat.id
    file = add_file(change, task.id, kept)
    report.current_version += 1
    report.signed_off_by_id = report.signed_off_at = None
    change.session.add(
        ReportVersion(
            report_id=report.id,
            seat_id=seat.id,
            number=report.current_version,
            file_id=file.id,
            what_changed=what_changed,
            uploaded_by_id=change.actor.account_id,
            uploaded_at=change.now,
        )
    )
    detail = {"number": report.current_version, "sha256": kept.sha256, "size_bytes": kept.size_bytes}
    _record(change, "report.uploaded", task, report, [task.officer_id], detail=detail, reason=what_changed)
    return report


def return_report(change: Change, task_id: str, notes: list[NoteValues], version: int) -> Report:
    """Give the present version back with at least one note; the agency answers each.

    Raises:
        InvalidInput: no note.
    """
    task, report = _load(change, task_id)
    refuse_stale(change, "report", report, version, {})
    if not notes:
        raise InvalidInput(fields={"notes": "report.note_needed"})
    REPORT_LIFECYCLE.apply(report, "return", change.actor)
    for note in notes:
        change.session.add(
            ReportNote(
                report_id=report.id,
                version_number=report.current_version,
                place=note.place,
                text=note.text,
                by_id=change.actor.account_id,
                at=change.now,
            )
        )
    detail = {"number": report.current_version, "notes": len(notes)}
    _record(change, "report.returned", task, report, _agency_accounts(change, report), detail=detail)
    return report


def answer_note(change: Change, task_id: str, note_id: str, answer: str) -> ReportNote:
    """The agency answers one note, or words its answer anew until the note is settled."""
    task, report = _load(change, task_id)
    _refuse_other_agency(change, report)
    note = next((note for note in report.notes if note.id == note_id), None)
    if note is None:
        raise NotFound("report_note")
    if note.is_settled:
        raise RuleBroken("report.note_settled")
    if not answer:
        raise InvalidInput(fields={"answer": "field.required"})
    note.answer, note.answered_by_id, note.answered_at = answer, change.actor.account_id, change.now
    _record(change, "report.note_answered", task, report, [task.officer_id], detail={"place": note.place})
    return note


def sign_off_report(change: Change, task_id: str, version: int) -> Report:
    """The lead evaluator named on the seat signs the present version; the agency answers for it (财监〔2021〕4号).

    Raises:
        Refused: somebody else than the lead evaluator of this task.
        RuleBroken: a note waits for its answer.
    """
    task, report = _load(change, task_id)
    refuse_stale(change, "report", report, version, {})
    _refuse_other_lead(change, report)
    _refuse_unanswered(report, report.seat_id)
    REPORT_LIFECYCLE.apply(report, "sign_off", change.actor)
    report.signed_off_by_id, report.signed_off_at = change.actor.account_id, change.now
    _record(change, "report.signed_off", task, report, [task.officer_id], detail={"number": report.current_version})
    return report


def accept_report(change: Change, task_id: str, version: int) -> Report:
    """Accept the signed version; its notes are settled with it."""
    task, report = _load(change, task_id)
    refuse_stale(change, "report", report, version, {})
    REPORT_LIFECYCLE.apply(report, "accept", change.actor)
    report.accepted_by_id, report.accepted_at = change.actor.account_id, change.now
    for note in report.notes:
        note.is_settled = True
    detail = {"number": report.current_version}
    _record(change, "report.accepted", task, report, _agency_accounts(change, report), detail=detail)
    return report


def reject_report(change: Change, task_id: str, reason: str, version: int) -> Report:
    """The approver refuses the report for good; it can take no further version."""
    task, report = _load(change, task_id)
    refuse_stale(change, "report", report, version, {})
    if not reason:
        raise InvalidInput(fields={"reason": "field.required"})
    REPORT_LIFECYCLE.apply(report, "reject", change.actor)
    told = [*_agency_accounts(change, report), task.officer_id]
    _record(change, "report.rejected", task, report, told, reason=reason)
    return report


def _find(change: Change, task: Task) -> Report | None:
    return change.session.scalar(select(Report).where(Report.task_id == task.id))


def _load(change: Change, task_id: str) -> tuple[Task, Report]:
    task = load_task(change, task_id)
    report = _find(change, task)
    if report is None:
        raise NotFound("report")
    return task, report


def _begin(change: Change, task: Task, seat: Seat) -> Report:
    report = Report(task_id=task.id, seat_id=seat.id, due_on=task.round.report_due_on)
    change.session.add(report)
    change.session.flush()
    return report


def _agency_seat(change: Change, task: Task) -> Seat:
    """The live seat of the actor's agency on the task."""
    query = select(Seat).where(
        Seat.task_id == task.id, Seat.agency_id == change.actor.agency_id, Seat.ended_at.is_(None),
        Seat.state.not_in(ENDED), Seat.is_suspended.is_(False),
    )  # fmt: skip
    seat = change.session.scalar(query) if change.actor.agency_id else None
    if seat is None:
        raise Refused("report.no_seat", noun="report")
    return seat


def _refuse_version(report: Report, seat: Seat, kept: KeptFile, what_changed: str) -> None:
    """An agency that came in for another one begins afresh: it answers for its own versions alone."""
    own = [version for version in report.versions if version.seat_id == seat.id]
    if own and not what_changed:
        raise InvalidInput(fields={"what_changed": "field.required"})
    _refuse_unanswered(report, seat.id)
    if own and own[-1].file.sha256 == kept.sha256:
        raise InvalidInput(fields={"file": "report.same_file"})


def _refuse_unanswered(report: Report, seat_id: str) -> None:
    own = {version.number for version in report.versions if version.seat_id == seat_id}
    waiting = sum(note.answer is None for note in report.notes if note.version_number in own)
    if waiting:
        raise RuleBroken("report.notes_unanswered", count=waiting)


def _refuse_other_agency(change: Change, report: Report) -> None:
    seat = change.session.get_one(Seat, report.seat_id)
    if seat.agency_id != change.actor.agency_id or seat.ended_at is not None:
        raise Refused("report.no_seat", noun="report")


def _refuse_other_lead(change: Change, report: Report) -> None:
    """Where the seat names its lead evaluator, only he signs; else any lead evaluator of the agency does."""
    _refuse_other_agency(change, report)
    lead = change.session.get_one(Seat, report.seat_id).lead_staff_id
    account = change.session.get_one(Account, change.actor.account_id)
    if lead is not None and account.agency_staff_id != lead:
        raise Refused("report.other_lead", noun="report")


def _agency_accounts(change: Change, report: Report) -> list[str]:
    seat = change.session.get_one(Seat, report.seat_id)
    return list_agency_accounts(change.session, seat.agency_id) if seat.agency_id else []


def _record(
    change: Change,
    event: str,
    task: Task,
    report: Report,
    told: list[str],
    detail: Mapping[str, object] | None = None,
    reason: str | None = None,
) -> None:
    journal.record(
        change, event, "report", report.id, task_label(task), task_id=task.id, detail=detail, reason=reason or None,
        after={"state": report.state, "version": report.current_version},
        notify=[Notice(account_id) for account_id in told],
    )  # fmt: skip
