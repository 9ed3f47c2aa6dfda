"""What waits for an actor: one table of kinds, each a select; the number in the bar counts the same selects.

Every kind yields the columns of `Todo`. Which of them an actor has follows from his roles; which rows, from the scope.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, literal, null, or_, select
from sqlalchemy.orm import Session

from evalhub.domain.permissions import AGENCY, APPROVER, DEPARTMENT, EXPERT, OFFICER, SECURITY_ADMIN, Actor, Role
from evalhub.infra.clock import end_of_office_day, office_date
from evalhub.models.accounts import Account, AccountRole
from evalhub.models.allocation import AllocationRun, SeatPlan
from evalhub.models.conflicts import ConflictHit
from evalhub.models.papers import DocumentItem, EvaluationNotice, Report
from evalhub.models.plans import Plan, Round, Task
from evalhub.models.projects import Project
from evalhub.models.results import Finding, Result
from evalhub.models.seats import ENDED, Seat
from evalhub.models.sheets import Sheet
from evalhub.queries.scope import (
    visible_hits,
    visible_plans,
    visible_results,
    visible_rounds,
    visible_runs,
    visible_seat_plans,
    visible_seats,
    visible_sheets,
    visible_tasks,
)

HANDED_IN = ("submitted", "locked", "aggregated")


@dataclass(frozen=True)
class Todo:
    """One thing to do. `kind` names the sentence and the page; `count` how many records it stands for."""

    kind: str
    record_id: str
    title: str
    count: int
    due_at: datetime | None
    since_at: datetime | None

    def days_left(self, today: date) -> int | None:
        return None if self.due_at is None else (office_date(self.due_at) - today).days


@dataclass(frozen=True)
class Kind:
    """A kind of work: who has it, and the select of (record id, title, count, due, since)."""

    name: str
    roles: frozenset[Role]
    find: Callable[[Actor, datetime], Select[Any]]


def list_todo(session: Session, actor: Actor, now: datetime) -> list[Todo]:
    """Everything that waits for the actor, the most pressing first; what has no date comes last."""
    found = [
        Todo(kind.name, record_id, title, count, _instant(due), since)
        for kind in kinds_of(actor)
        for record_id, title, count, due, since in session.execute(kind.find(actor, now))
    ]
    return sorted(found, key=lambda todo: (todo.due_at is None, todo.due_at or now, todo.title, todo.record_id))


def count_todo(session: Session, actor: Actor, now: datetime) -> int:
    """How many lines `list_todo` has, in one statement."""
    kinds = kinds_of(actor)
    if not kinds:
        return 0
    counts = [select(func.count()).select_from(kind.find(actor, now).subquery()).scalar_subquery() for kind in kinds]
    return sum(session.execute(select(*counts)).one())


def kinds_of(actor: Actor) -> list[Kind]:
    return [kind for kind in KINDS if actor.has_any(kind.roles)]


def _instant(due: Any) -> datetime | None:
    """A day is due until its end."""
    if isinstance(due, date) and not isinstance(due, datetime):
        return end_of_office_day(due)
    return due


def _tasks(actor: Actor, *columns: Any) -> Select[Any]:
    return visible_tasks(actor).join(Project, Project.id == Task.project_id).with_only_columns(*columns)


def _plans_to_decide(actor: Actor, now: datetime) -> Select[Any]:
    query = visible_plans(actor).where(Plan.state == "submitted", Plan.submitted_by_id != actor.account_id)
    return query.with_only_columns(Plan.id, Plan.name, literal(1), null(), Plan.submitted_at)


def _rounds_to_decide(actor: Actor, now: datetime) -> Select[Any]:
    query = visible_rounds(actor).where(Round.state == "submitted", Round.submitted_by_id != actor.account_id)
    return query.with_only_columns(Round.id, Round.name, literal(1), null(), Round.submitted_at)


def _policies_to_fix(actor: Actor, now: datetime) -> Select[Any]:
    query = visible_rounds(actor).where(
        Round.policy_proposed_by_id.is_not(None),
        Round.policy_proposed_by_id != actor.account_id,
        Round.policy_fixed_at.is_(None),
    )
    return query.with_only_columns(Round.id, Round.name, literal(1), null(), Round.created_at)


def _seat_plans_to_decide(actor: Actor, now: datetime) -> Select[Any]:
    query = visible_seat_plans(actor).where(SeatPlan.state == "submitted", SeatPlan.submitted_by_id != actor.account_id)
    query = query.join(Round, Round.id == SeatPlan.round_id)
    return query.with_only_columns(SeatPlan.id, Round.name, literal(1), null(), SeatPlan.submitted_at)


def _waivers_to_decide(actor: Actor, now: datetime) -> Select[Any]:
    query = visible_hits(actor).where(
        ConflictHit.state == "waiver_asked", ConflictHit.waiver_asked_by_id != actor.account_id
    )
    query = query.join(Task, Task.id == ConflictHit.task_id).join(Project, Project.id == Task.project_id)
    return query.with_only_columns(Task.id, Project.name, func.count(), null(), null()).group_by(Task.id, Project.name)


def _results_to_sign(actor: Actor, now: datetime) -> Select[Any]:
    query = visible_results(actor).where(Result.state == "submitted", Result.submitted_by_id != actor.account_id)
    query = query.join(Task, Task.id == Result.task_id).join(Project, Project.id == Task.project_id)
    query = query.where(or_(Task.approver_id == actor.account_id, Task.deputy_approver_id == actor.account_id))
    return query.with_only_columns(Result.id, Project.name, literal(1), null(), Result.submitted_at)


def _doubts_to_decide(actor: Actor, now: datetime) -> Select[Any]:
    query = visible_hits(actor).where(
        ConflictHit.state.in_(("open", "asked")), ConflictHit.is_current, ConflictHit.certainty != "coded"
    )
    query = query.join(Task, Task.id == ConflictHit.task_id).join(Project, Project.id == Task.project_id)
    return query.with_only_columns(Task.id, Project.name, func.count(), null(), null()).group_by(Task.id, Project.name)


def _short_runs(actor: Actor, now: datetime) -> Select[Any]:
    """The newest finished run of a round and kind, where it leaves seats empty and no plan was drawn from it."""
    later = AllocationRun.__table__.alias("later")
    has_later = exists().where(
        later.c.round_id == AllocationRun.round_id,
        later.c.kind == AllocationRun.kind,
        later.c.number > AllocationRun.number,
    )
    has_plan = exists().where(SeatPlan.run_id == AllocationRun.id)
    query = visible_runs(actor).where(AllocationRun.state == "done", ~has_later, ~has_plan)
    query = query.join(Round, Round.id == AllocationRun.round_id)
    missing = AllocationRun.seats_wanted - AllocationRun.seats_filled
    return query.with_only_columns(AllocationRun.id, Round.name, missing, null(), AllocationRun.finished_at)


def _panels_to_invite(actor: Actor, now: datetime) -> Select[Any]:
    waiting = and_(Seat.task_id == Task.id, Seat.state == "proposed", Seat.is_reserve.is_(False))
    query = _tasks(actor, Task.id, Project.name, literal(1), Task.work_from_on, null())
    return query.where(Task.officer_id == actor.account_id, Task.state == "assigned", exists().where(waiting))


def _notices_to_issue(actor: Actor, now: datetime) -> Select[Any]:
    query = _tasks(actor, Task.id, Project.name, literal(1), Task.work_from_on, null())
    return query.where(Task.officer_id == actor.account_id, Task.state == "accepted")


def _papers_to_check(actor: Actor, now: datetime) -> Select[Any]:
    query = _tasks(actor, Task.id, Project.name, func.count(), null(), func.min(DocumentItem.handed_in_at))
    query = query.join(DocumentItem, DocumentItem.task_id == Task.id)
    query = query.where(Task.officer_id == actor.account_id, DocumentItem.state == "handed_in")
    return query.group_by(Task.id, Project.name)


def _panels_to_close(actor: Actor, now: datetime) -> Select[Any]:
    """All sheets are in, or the deadline is over."""
    open_sheet = exists().where(Sheet.task_id == Task.id, Sheet.is_void.is_(False), Sheet.state.not_in(HANDED_IN))
    query = _tasks(actor, Task.id, Project.name, literal(1), Task.scoring_due_at, null())
    return query.where(
        Task.officer_id == actor.account_id, Task.state == "executing", or_(~open_sheet, Task.scoring_due_at <= now)
    )


def _results_to_move(actor: Actor, now: datetime) -> Select[Any]:
    """Drafts to put to the unit, heard ones to hand on, returned ones to look at again."""
    query = visible_results(actor).where(Result.state.in_(("draft", "heard", "returned")), Result.status == "final")
    query = query.join(Task, Task.id == Result.task_id).join(Project, Project.id == Task.project_id)
    query = query.where(Task.officer_id == actor.account_id)
    return query.with_only_columns(Result.id, Project.name, literal(1), null(), Result.made_at)


def _disputes_to_answer(actor: Actor, now: datetime) -> Select[Any]:
    query = visible_results(actor).where(Result.state == "hearing")
    query = query.join(Finding, Finding.result_id == Result.id).join(Task, Task.id == Result.task_id)
    query = query.join(Project, Project.id == Task.project_id)
    query = query.where(Task.officer_id == actor.account_id, Finding.reply == "disputed", Finding.decision.is_(None))
    columns = (Result.id, Project.name, func.count(), Result.hearing_due_on, Result.hearing_answered_at)
    return query.with_only_columns(*columns).group_by(
        Result.id, Project.name, Result.hearing_due_on, Result.hearing_answered_at
    )


def _hearings_to_close(actor: Actor, now: datetime) -> Select[Any]:
    query = visible_results(actor).where(Result.state == "hearing")
    undecided = exists().where(Finding.result_id == Result.id, Finding.reply == "disputed", Finding.decision.is_(None))
    query = query.join(Task, Task.id == Result.task_id).join(Project, Project.id == Task.project_id)
    is_over = or_(Result.hearing_answered_at.is_not(None), Result.hearing_due_on < office_date(now))
    query = query.where(Task.officer_id == actor.account_id, is_over, ~undecided)
    return query.with_only_columns(
        Result.id, Project.name, literal(1), Result.hearing_due_on, Result.hearing_answered_at
    )


def _reports_to_check(actor: Actor, now: datetime) -> Select[Any]:
    query = _tasks(actor, Task.id, Project.name, literal(1), Report.due_on, null())
    query = query.join(Report, Report.task_id == Task.id)
    return query.where(
        Task.officer_id == actor.account_id, Report.state.in_(("uploaded", "form_checked", "signed_off"))
    )


def _invitations(actor: Actor, now: datetime) -> Select[Any]:
    query = visible_seats(actor).where(Seat.state == "notified", Seat.is_suspended.is_(False))
    return query.with_only_columns(Seat.id, literal(""), literal(1), Seat.reply_due_at, Seat.invited_at)


def _declarations(actor: Actor, now: datetime) -> Select[Any]:
    query = visible_seats(actor).where(Seat.state == "accepted", Seat.is_suspended.is_(False))
    return query.with_only_columns(Seat.id, literal(""), literal(1), null(), Seat.accepted_at)


def _sheets_to_fill(actor: Actor, now: datetime) -> Select[Any]:
    query = visible_sheets(actor).where(Sheet.state.in_(("issued", "draft", "returned", "reopened")))
    query = query.join(Task, Task.id == Sheet.task_id).join(Project, Project.id == Task.project_id)
    query = query.where(or_(Task.state == "executing", Sheet.state == "reopened"))
    return query.with_only_columns(Sheet.id, Project.name, literal(1), Task.scoring_due_at, null())


def _reports_to_write(actor: Actor, now: datetime) -> Select[Any]:
    """The agency's report: to upload, to revise, or for the lead evaluator to sign off."""
    own = visible_seats(actor).where(
        Seat.kind == "agency", Seat.state.not_in((*ENDED, "proposed", "notified", "accepted"))
    )
    seats = own.with_only_columns(Seat.task_id).scalar_subquery()
    query = select(Task.id, Project.name, literal(1), Report.due_on, null()).join(Report, Report.task_id == Task.id)
    query = query.join(Project, Project.id == Task.project_id)
    return query.where(Task.id.in_(seats), Report.state.in_(("not_due", "revise")))


def _notices_to_receive(actor: Actor, now: datetime) -> Select[Any]:
    query = _tasks(
        actor, Task.id, Project.name, literal(1), EvaluationNotice.documents_due_on, EvaluationNotice.issued_at
    )
    query = query.join(EvaluationNotice, EvaluationNotice.task_id == Task.id)
    return query.where(EvaluationNotice.received_at.is_(None))


def _papers_to_hand_in(actor: Actor, now: datetime) -> Select[Any]:
    query = _tasks(actor, Task.id, Project.name, func.count(), EvaluationNotice.documents_due_on, null())
    query = query.join(EvaluationNotice, EvaluationNotice.task_id == Task.id)
    query = query.join(DocumentItem, DocumentItem.task_id == Task.id)
    query = query.where(
        EvaluationNotice.received_at.is_not(None),
        Task.state.in_(("preparing", "executing")),
        or_(DocumentItem.state == "returned", and_(DocumentItem.state == "wanted", DocumentItem.is_required)),
    )
    return query.group_by(Task.id, Project.name, EvaluationNotice.documents_due_on)


def _hearings_to_answer(actor: Actor, now: datetime) -> Select[Any]:
    query = visible_results(actor).where(
        Result.state == "hearing",
        Result.hearing_answered_at.is_(None),
        Result.hearing_due_on >= office_date(now),
    )
    query = query.join(Task, Task.id == Result.task_id).join(Project, Project.id == Task.project_id)
    return query.with_only_columns(Result.id, Project.name, literal(1), Result.hearing_due_on, Result.hearing_opened_at)


def _accounts_without_role(actor: Actor, now: datetime) -> Select[Any]:
    has_role = exists().where(AccountRole.account_id == Account.id)
    query = select(Account.id, Account.username, literal(1), null(), Account.created_at)
    return query.where(Account.state != "disabled", ~has_role)


OFFICERS, APPROVERS, EXPERTS = frozenset({OFFICER}), frozenset({APPROVER}), frozenset({EXPERT})
EVALUATORS = AGENCY | EXPERTS

KINDS: tuple[Kind, ...] = (
    Kind("plan_to_decide", APPROVERS, _plans_to_decide),
    Kind("round_to_decide", APPROVERS, _rounds_to_decide),
    Kind("policy_to_fix", APPROVERS, _policies_to_fix),
    Kind("seat_plan_to_decide", APPROVERS, _seat_plans_to_decide),
    Kind("waiver_to_decide", APPROVERS, _waivers_to_decide),
    Kind("result_to_sign", APPROVERS, _results_to_sign),
    Kind("doubt_to_decide", OFFICERS, _doubts_to_decide),
    Kind("run_to_plan", OFFICERS, _short_runs),
    Kind("panel_to_invite", OFFICERS, _panels_to_invite),
    Kind("notice_to_issue", OFFICERS, _notices_to_issue),
    Kind("papers_to_check", OFFICERS, _papers_to_check),
    Kind("panel_to_close", OFFICERS, _panels_to_close),
    Kind("result_to_move", OFFICERS, _results_to_move),
    Kind("dispute_to_answer", OFFICERS, _disputes_to_answer),
    Kind("hearing_to_close", OFFICERS, _hearings_to_close),
    Kind("report_to_check", OFFICERS, _reports_to_check),
    Kind("invitation", EVALUATORS, _invitations),
    Kind("declaration", EVALUATORS, _declarations),
    Kind("sheet_to_fill", EVALUATORS, _sheets_to_fill),
    Kind("report_to_write", AGENCY, _reports_to_write),
    Kind("notice_to_receive", DEPARTMENT, _notices_to_receive),
    Kind("papers_to_hand_in", DEPARTMENT, _papers_to_hand_in),
    Kind("hearing_to_answer", DEPARTMENT, _hearings_to_answer),
    Kind("account_without_role", frozenset({SECURITY_ADMIN}), _accounts_without_role),
)
