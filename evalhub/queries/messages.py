"""One's own messages: what was done that concerns the reader."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evalhub.domain.errors import NotFound
from evalhub.domain.permissions import Actor
from evalhub.models.journal import Notification
from evalhub.models.plans import Task
from evalhub.models.projects import Project
from evalhub.queries.journal import PAGE_SIZE, Page
from evalhub.queries.scope import visible_notifications, visible_tasks


@dataclass(frozen=True)
class MessageRow:
    id: str
    event: str
    noun: str
    record_id: str
    task_id: str | None
    subject: str | None
    detail: dict[str, Any]
    created_at: datetime
    read_at: datetime | None


def list_messages(session: Session, actor: Actor, number: int, *, unread_only: bool) -> Page:
    """Newest first, each with its project where the reader may know it."""
    query = visible_notifications(actor)
    if unread_only:
        query = query.where(Notification.read_at.is_(None))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.order_by(Notification.created_at.desc(), Notification.id)
    found = list(session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)))
    subjects = _subjects(session, actor, {row.task_id for row in found if row.task_id})
    return Page(tuple(_row(row, subjects) for row in found), number, total)


def _subjects(session: Session, actor: Actor, task_ids: set[str]) -> dict[str, str]:
    """Task id -> project, only of tasks that exist for the actor: an invitation names none before its undertaking."""
    query = visible_tasks(actor).where(Task.id.in_(task_ids)).join(Project, Project.id == Task.project_id)
    return {row[0]: row[1] for row in session.execute(query.with_only_columns(Task.id, Project.name))}


def get_message(session: Session, actor: Actor, message_id: str) -> MessageRow:
    row = session.scalar(visible_notifications(actor).where(Notification.id == message_id))
    if row is None:
        raise NotFound("message")
    return _row(row, {})


def _row(row: Notification, subjects: dict[str, str]) -> MessageRow:
    return MessageRow(
        id=row.id,
        event=row.event,
        noun=row.noun,
        record_id=row.record_id,
        task_id=row.task_id,
        subject=subjects.get(row.task_id or ""),
        detail=dict(row.detail),
        created_at=row.created_at,
        read_at=row.read_at,
    )
