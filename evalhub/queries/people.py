"""Names of accounts for lines such as "approved by", and the people a form offers for a role."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.domain.permissions import BUREAU, Actor, Role
from evalhub.models.accounts import Account, AccountRole


def names_of(session: Session, account_ids: Iterable[str | None]) -> dict[str, str]:
    """Account id -> display name; ids of no account are left out."""
    wanted = {account_id for account_id in account_ids if account_id}
    if not wanted:
        return {}
    rows = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(wanted)))
    return {row.id: row.display_name for row in rows}


def list_role_choices(session: Session, actor: Actor, role: Role) -> list[tuple[str, str]]:
    """(id, name) of the active holders of a bureau role; outsiders are offered none."""
    return _choices(session, actor, (role,))


def list_bureau_choices(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(id, name) of everybody who works in the bureau."""
    return _choices(session, actor, tuple(BUREAU))


def _choices(session: Session, actor: Actor, roles: tuple[Role, ...]) -> list[tuple[str, str]]:
    if not actor.is_bureau:
        return []
    query = (
        select(Account.id, Account.display_name)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(AccountRole.role.in_(roles), Account.state == "active")
        .group_by(Account.id, Account.display_name)
        .order_by(Account.display_name, Account.id)
    )
    return [(row.id, row.display_name) for row in session.execute(query)]
