"""The number in the bar that is cheap enough for every page: messages not read. The to-do count comes by script."""

from dataclasses import dataclass

from sqlalchemy import func

from evalhub.models.journal import Notification
from evalhub.queries.scope import visible_notifications
from evalhub.web.visit import Visit


@dataclass(frozen=True)
class Counts:
    messages: int | None


def counts_for(visit: Visit) -> Counts:
    """Counted where a transaction is open; a page made without one shows no numbers."""
    if visit.identity is None or visit.identity.pending or visit.open_session is None:
        return Counts(None)
    unread = visible_notifications(visit.identity).where(Notification.read_at.is_(None))
    return Counts(visit.open_session.scalar(unread.with_only_columns(func.count())))
