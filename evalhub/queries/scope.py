"""Which rows of a table an actor may see. Every query that feeds a page starts from one of these functions."""

from sqlalchemy import Select, false, select

from evalhub.domain.permissions import ADMINISTRATORS, Actor
from evalhub.models.accounts import Account
from evalhub.models.journal import Notification


def visible_accounts(actor: Actor) -> Select[tuple[Account]]:
    """Administrators see every account, everybody else his own."""
    query = select(Account)
    return query if actor.has_any(ADMINISTRATORS) else query.where(Account.id == actor.account_id)


def visible_notifications(actor: Actor) -> Select[tuple[Notification]]:
    """One's own messages, without those of tasks that a conflict keeps one away from."""
    query = select(Notification).where(Notification.account_id == actor.account_id)
    return without_locked_tasks(query, Notification.task_id, actor)


def without_locked_tasks(query: Select, task_id_column, actor: Actor) -> Select:  # type: ignore[no-untyped-def]
    """Leave out rows of tasks that do not exist for this actor; rows of no task stay."""
    if not actor.locked_task_ids:
        return query
    return query.where(task_id_column.is_(None) | task_id_column.not_in(actor.locked_task_ids))


def nothing(query: Select) -> Select:
    """The same columns, and never a row."""
    return query.where(false())
