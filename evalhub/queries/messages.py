"""One's own messages: what was done that concerns the reader."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evalhub.domain.errors import NotFound
from evalhub.domain.permissions import Actor
from evalhub.models.journal import Notification
from evalhub.queries.journal import PAGE_SIZE, Page
from evalhub.queries.scope import visible_notifications


@dataclass(frozen=True)
class MessageRow:
    id: str
    event: str
    noun: str
    record_id: str
    task_id: str | None
    detail: dict[str, Any]
    created_at: datetime
    read_at: datetime | None


def list_messages(session: Session, actor: Actor, number: int, *, unread_only: bool) -> Page:
    """Newest first."""
    query = visible_notifications(actor)
    if unread_only:
        query = query.where(Notification.read_at.is_(None))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.order_by(Notification.created_at.desc(), Notification.id)
    rows = session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page(tuple(_row(row) for row in rows), number, total)


def get_message(session: Session, actor: Actor, message_id: str) -> MessageRow:
    row = session.scalar(visible_notifications(actor).where(Notification.id == message_id))
    if row is None:
        raise NotFound("message")
    return _row(row)


def _row(row: Notification) -> MessageRow:
    return MessageRow(
        row.id, row.event, row.noun, row.record_id, row.task_id, dict(row.detail), row.created_at, row.read_at
    )
