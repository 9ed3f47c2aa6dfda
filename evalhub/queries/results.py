"""Results: the list of a round or year, one with its findings and workings, and what the heard unit may read of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from evalhub.domain.errors import NotFound
from evalhub.domain.permissions import Actor
from evalhub.domain.scoring.framework import Framework
from evalhub.models.papers import StoredFile
from evalhub.models.plans import Round, Task
from evalhub.models.projects import Project
from evalhub.models.results import Finding, Result
from evalhub.queries.people import names_of
from evalhub.queries.scope import visible_results


@dataclass(frozen=True)
class ResultRow:
    """A line of the list."""

    id: str
    task_id: str
    task_code: str
    project: str
    department: str
    category: str
    adjusted_fen: int
    round_name: str
    state: str
    number: int
    total_points: int | None
    grade: str | None
    one_rater_decides: bool
    hearing_due_on: date | None
    signed_at: datetime | None


@dataclass(frozen=True)
class FindingView:
    id: str
    position: int
    indicator_code: str | None
    title: str
    text: str
    points_lost: int | None
    place: str | None
    reply: str | None
    reply_text: str | None
    reply_file_id: str | None
    reply_file_name: str | None
    decision: str | None
    decision_text: str | None
    version: int


@dataclass(frozen=True)
class ResultView:
    """One version of a result with all the page shows; `outcome` is the stored document of the exchange format."""

    id: str
    task_id: str
    task_code: str
    project: str
    department_id: str
    department: str
    unit: str
    year: int
    state: str
    status: str
    number: int
    versions: tuple[tuple[int, str, str], ...]
    total_points: int | None
    grade: str | None
    one_rater_decides: bool
    outcome: Mapping[str, Any]
    content_hash: str
    input_hash: str
    correction_reason: str | None
    hearing_opened_at: datetime | None
    hearing_due_on: date | None
    hearing_answered_at: datetime | None
    hearing_receipt: str | None
    submitted_by_id: str | None
    made_by_id: str
    signed_at: datetime | None
    signed_by: str | None
    made_by: str | None
    opinion: str | None
    approver_id: str
    deputy_approver_id: str
    framework: Framework
    findings: tuple[FindingView, ...]
    version: int

    @property
    def undecided(self) -> int:
        return sum(finding.reply == "disputed" and finding.decision is None for finding in self.findings)


@dataclass(frozen=True)
class HeardResult:
    """What the unit reads: totals, findings, days; no rater, no sheet, no stability."""

    id: str
    task_code: str
    project: str
    unit: str
    state: str
    total_points: int | None
    grade: str | None
    hearing_due_on: date | None
    hearing_opened_at: datetime | None
    hearing_answered_at: datetime | None
    hearing_receipt: str | None
    signed_at: datetime | None
    findings: tuple[FindingView, ...]
    version: int

    @property
    def may_answer(self) -> bool:
        return self.state == "hearing" and self.hearing_answered_at is None


def _newest(actor: Actor) -> Select[Any]:
    """The newest visible version of each task's result."""
    visible = visible_results(actor).subquery()
    last = select(visible.c.task_id, func.max(visible.c.number).label("number")).group_by(visible.c.task_id).subquery()
    return (
        select(Result, Task)
        .join(last, (last.c.task_id == Result.task_id) & (last.c.number == Result.number))
        .join(Task, Task.id == Result.task_id)
    )


def list_results(
    session: Session, actor: Actor, *, round_id: str | None = None, year: int | None = None
) -> list[ResultRow]:
    """Newest versions, by task code; of one round or one year where asked."""
    query = _newest(actor).order_by(Task.code)
    if round_id:
        query = query.where(Task.round_id == round_id)
    if year:
        query = query.join(Project, Project.id == Task.project_id).where(Project.year == year)
    return [_row(result, task) for result, task in session.execute(query).unique()]


def find_result_of_task(session: Session, actor: Actor, task_id: str) -> str | None:
    """The id of the newest visible version of one task's result."""
    query = visible_results(actor).where(Result.task_id == task_id).order_by(Result.number.desc()).limit(1)
    return session.scalar(query.with_only_columns(Result.id))


def list_rounds_with_results(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(id, name) of rounds that have a result the actor sees, newest first."""
    rows = session.execute(_newest(actor)).unique()
    found = {task.round_id: task.round for _, task in rows}
    ordered: list[Round] = sorted(found.values(), key=lambda one: one.from_on, reverse=True)
    return [(one.id, one.name) for one in ordered]


def _row(result: Result, task: Task) -> ResultRow:
    project = task.project
    return ResultRow(
        id=result.id,
        task_id=task.id,
        task_code=task.code,
        project=project.name,
        department=project.department.organisation.name,
        category=project.category,
        adjusted_fen=project.adjusted_fen,
        round_name=task.round.name,
        state=result.state,
        number=result.number,
        total_points=result.total_points,
        grade=result.grade,
        one_rater_decides=result.one_rater_decides,
        hearing_due_on=result.hearing_due_on,
        signed_at=result.signed_at,
    )


def get_result(session: Session, actor: Actor, result_id: str, **_more: str) -> ResultView:
    """One version for the bureau; raises NotFound."""
    result, task = _load(session, actor, result_id)
    if not actor.is_bureau:
        raise NotFound("result")
    project = task.project
    versions = select(Result.number, Result.id, Result.state).where(Result.task_id == task.id).order_by(Result.number)
    people = names_of(session, [result.made_by_id, result.signed_by_id])
    return ResultView(
        id=result.id,
        task_id=task.id,
        task_code=task.code,
        project=project.name,
        department_id=project.department_id,
        department=project.department.organisation.name,
        unit=(project.unit or project.department).organisation.name,
        year=project.year,
        state=result.state,
        status=result.status,
        number=result.number,
        versions=tuple((row.number, row.id, row.state) for row in session.execute(versions)),
        total_points=result.total_points,
        grade=result.grade,
        one_rater_decides=result.one_rater_decides,
        outcome=result.outcome,
        content_hash=result.content_hash,
        input_hash=result.input_hash,
        correction_reason=result.correction_reason,
        hearing_opened_at=result.hearing_opened_at,
        hearing_due_on=result.hearing_due_on,
        hearing_answered_at=result.hearing_answered_at,
        hearing_receipt=result.hearing_receipt,
        submitted_by_id=result.submitted_by_id,
        made_by_id=result.made_by_id,
        signed_at=result.signed_at,
        signed_by=people.get(result.signed_by_id or ""),
        made_by=people.get(result.made_by_id),
        opinion=result.opinion,
        approver_id=task.approver_id,
        deputy_approver_id=task.deputy_approver_id,
        framework=task.framework_edition.indicator_tree,
        findings=_findings(session, result),
        version=result.version,
    )


def get_heard_result(session: Session, actor: Actor, result_id: str) -> HeardResult:
    """The unit's own result, from the hearing on; raises NotFound."""
    result, task = _load(session, actor, result_id)
    if actor.department_id is None:
        raise NotFound("result")
    return HeardResult(
        id=result.id,
        task_code=task.code,
        project=task.project.name,
        unit=(task.project.unit or task.project.department).organisation.name,
        state=result.state,
        total_points=result.total_points,
        grade=result.grade,
        hearing_due_on=result.hearing_due_on,
        hearing_opened_at=result.hearing_opened_at,
        hearing_answered_at=result.hearing_answered_at,
        hearing_receipt=result.hearing_receipt,
        signed_at=result.signed_at,
        findings=_findings(session, result),
        version=result.version,
    )


def _load(session: Session, actor: Actor, result_id: str) -> tuple[Result, Task]:
    row = (
        session.execute(
            visible_results(actor).add_columns(Task).join(Task, Task.id == Result.task_id).where(Result.id == result_id)
        )
        .unique()
        .one_or_none()
    )
    if row is None:
        raise NotFound("result")
    return row[0], row[1]


def _findings(session: Session, result: Result) -> tuple[FindingView, ...]:
    rows = session.execute(
        select(Finding, StoredFile.original_name)
        .outerjoin(StoredFile, StoredFile.id == Finding.reply_file_id)
        .where(Finding.result_id == result.id)
        .order_by(Finding.position)
    )
    return tuple(
        FindingView(
            id=finding.id,
            position=finding.position,
            indicator_code=finding.indicator_code,
            title=finding.title,
            text=finding.text,
            points_lost=finding.points_lost,
            place=finding.place,
            reply=finding.reply,
            reply_text=finding.reply_text,
            reply_file_id=finding.reply_file_id,
            reply_file_name=file_name,
            decision=finding.decision,
            decision_text=finding.decision_text,
            version=finding.version,
        )
        for finding, file_name in rows
    )
