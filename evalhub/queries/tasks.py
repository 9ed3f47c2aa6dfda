"""Tasks: one with all its facts for the tabs of its page, its log, its locks, and the key that uploads need."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from evalhub.domain.errors import NotFound
from evalhub.domain.panels import PanelRule
from evalhub.domain.permissions import Actor
from evalhub.models.experts import Field
from evalhub.models.journal import JournalEntry
from evalhub.models.plans import BureauConflict, Task
from evalhub.queries.people import names_of
from evalhub.queries.scope import visible_tasks

LOG_LINES = 20


@dataclass(frozen=True)
class TaskView:
    """The facts of one task; also the record of its gate and its buttons."""

    id: str
    code: str
    name: str
    kind: str
    state: str
    version: int
    state_before: str | None
    state_reason: str | None
    round_id: str
    round_name: str
    round_english_name: str | None
    round_state: str
    plan_id: str
    project_id: str
    project_code: str
    category: str
    adjusted_fen: int
    spent_fen: int
    goal: str | None
    department_id: str
    department: str
    unit: str | None
    edition_id: str
    framework: str
    framework_english: str | None
    edition: int
    edition_hash: str
    leaf_count: int
    template_id: str
    template: str
    template_english: str | None
    rule: PanelRule
    reserves: int
    wants_agency: bool
    method: dict[str, Any]
    field_code: str
    field: str
    english_field: str
    work_from_on: date
    work_until_on: date
    scoring_due_at: datetime
    officer_id: str
    approver_id: str
    deputy_approver_id: str
    officer: str
    approver: str
    deputy_approver: str
    first_evaluation_id: str | None
    first_evaluation: str | None


@dataclass(frozen=True)
class LockLine:
    """A bureau user who is kept away from the task."""

    id: str
    name: str
    account_id: str
    reason: str
    recorded_by: str
    recorded_at: datetime
    lift_reason: str | None
    lift_asked_by_id: str | None
    lift_asked_by: str | None
    lift_asked_at: datetime | None
    version: int


@dataclass(frozen=True)
class LogLine:
    at: datetime
    who: str
    roles: tuple[str, ...]
    event: str
    label: str
    reason: str | None


@dataclass(frozen=True)
class UploadPlace:
    """What taking in a file for a task needs before any transaction: the wrapped key is worth nothing without the vault."""

    id: str
    state: str
    key_sealed: bytes


def get_task(session: Session, actor: Actor, task_id: str, **_more: str) -> TaskView:
    """One task. Raises `NotFound` where it does not exist for the asker."""
    task = session.scalar(visible_tasks(actor).where(Task.id == task_id))
    if task is None:
        raise NotFound("task")
    project, edition, template = task.project, task.framework_edition, task.panel_template
    names = names_of(session, (task.officer_id, task.approver_id, task.deputy_approver_id))
    field = session.get_one(Field, task.field_code)
    return TaskView(
        id=task.id,
        code=task.code,
        name=project.name,
        kind=task.kind,
        state=task.state,
        version=task.version,
        state_before=task.state_before,
        state_reason=task.state_reason,
        round_id=task.round_id,
        round_name=task.round.name,
        round_english_name=task.round.english_name,
        round_state=task.round.state,
        plan_id=task.round.plan_id,
        project_id=project.id,
        project_code=project.code,
        category=project.category,
        adjusted_fen=project.adjusted_fen,
        spent_fen=project.spent_fen,
        goal=project.goal,
        department_id=project.department_id,
        department=project.department.organisation.name,
        unit=project.unit.organisation.name if project.unit else None,
        edition_id=edition.id,
        framework=edition.framework.name,
        framework_english=edition.framework.english_name,
        edition=edition.edition,
        edition_hash=edition.content_hash,
        leaf_count=edition.leaf_count,
        template_id=template.id,
        template=template.name,
        template_english=template.english_name,
        rule=PanelRule(
            template.seats, template.wants_field, template.wants_finance, template.wants_senior,
            template.employer_max, template.region_max, template.reserves,
        ),
        reserves=task.reserves,
        wants_agency=task.wants_agency,
        method=task.method,
        field_code=task.field_code,
        field=field.name,
        english_field=field.english_name,
        work_from_on=task.work_from_on,
        work_until_on=task.work_until_on,
        scoring_due_at=task.scoring_due_at,
        officer_id=task.officer_id,
        approver_id=task.approver_id,
        deputy_approver_id=task.deputy_approver_id,
        officer=names.get(task.officer_id, ""),
        approver=names.get(task.approver_id, ""),
        deputy_approver=names.get(task.deputy_approver_id, ""),
        first_evaluation_id=task.first_evaluation_id,
        first_evaluation=_code_of(session, actor, task.first_evaluation_id),
    )  # fmt: skip


def get_upload_place(session: Session, actor: Actor, task_id: str, **_more: str) -> UploadPlace:
    """The task as an upload needs it. Raises `NotFound` as `get_task` does."""
    task = session.scalar(visible_tasks(actor).where(Task.id == task_id).options(undefer(Task.key_sealed)))
    if task is None:
        raise NotFound("task")
    return UploadPlace(task.id, task.state, task.key_sealed)


def list_locks(session: Session, actor: Actor, task_id: str) -> list[LockLine]:
    """Locks in force on a task that the asker may see."""
    if not actor.is_bureau or task_id in actor.locked_task_ids:
        return []
    query = select(BureauConflict).where(BureauConflict.task_id == task_id, BureauConflict.lifted_at.is_(None))
    locks = session.scalars(query.order_by(BureauConflict.recorded_at)).all()
    people = {person for lock in locks for person in (lock.account_id, lock.recorded_by_id, lock.lift_asked_by_id)}
    names = names_of(session, people)
    return [
        LockLine(
            id=lock.id, name=names.get(lock.account_id, ""), account_id=lock.account_id, reason=lock.reason,
            recorded_by=names.get(lock.recorded_by_id, ""), recorded_at=lock.recorded_at,
            lift_reason=lock.lift_reason, lift_asked_by_id=lock.lift_asked_by_id,
            lift_asked_by=names.get(lock.lift_asked_by_id or ""), lift_asked_at=lock.lift_asked_at,
            version=lock.version,
        )
        for lock in locks
    ]  # fmt: skip


def list_task_log(session: Session, actor: Actor, task_id: str, before: int | None = None) -> list[LogLine]:
    """What was done to the task, newest first; the bureau's to read, without the sheets that stay sealed.

    Args:
        before: only entries older than this number of entries counted from the newest.
    """
    if not actor.is_bureau or task_id in actor.locked_task_ids:
        return []
    query = (
        select(JournalEntry)
        .where(JournalEntry.task_id == task_id, JournalEntry.noun != "sheet")
        .order_by(JournalEntry.sequence.desc())
        .offset(before or 0)
        .limit(LOG_LINES)
    )
    return [
        LogLine(
            entry.at, entry.actor_name, tuple(entry.actor_roles.split()), entry.event, entry.record_label, entry.reason
        )
        for entry in session.scalars(query)
    ]


def _code_of(session: Session, actor: Actor, task_id: str | None) -> str | None:
    if task_id is None:
        return None
    return session.scalar(visible_tasks(actor).where(Task.id == task_id).with_only_columns(Task.code))
