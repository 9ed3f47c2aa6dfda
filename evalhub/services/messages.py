"""Messages: marked as read by their reader."""

from sqlalchemy import select

from evalhub.domain.errors import NotFound
from evalhub.models.journal import Notification
from evalhub.services import journal
from evalhub.services.change import Change


def mark_read(change: Change, message_id: str | None) -> int:
    """Mark one of one's own messages, or all of them, as read; returns how many."""
    query = select(Notification).where(
        Notification.account_id == change.actor.account_id, Notification.read_at.is_(None)
    )
    if message_id is not None:
        query = query.where(Notification.id == message_id)
    unread = list(change.session.scalars(query))
    if message_id is not None and not unread:
        raise NotFound("message")
    for message in unread:
        message.read_at = change.now
    journal.record(
        change, "messages.read", "account", change.actor.account_id, change.actor.display_name,
        detail={"messages": len(unread)},
    )  # fmt: skip
    return len(unread)
