"""Who is acting: an account with its roles and the tasks that a conflict keeps it away from; and accounts as a list."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.domain.accounts import pending_step
from evalhub.domain.errors import NotFound
from evalhub.domain.permissions import BUREAU, Actor, Role
from evalhub.models.accounts import Account
from evalhub.models.plans import BureauConflict
from evalhub.queries.scope import visible_accounts


def find_actor(session: Session, account_id: str, epoch: int, now: datetime) -> Actor | None:
    """The actor of a session, or None where the account is gone, disabled or has moved to a later epoch."""
    account = session.get(Account, account_id)
    if account is None or account.epoch != epoch or account.state != "active":
        return None
    return actor_of(session, account, now)


def actor_of(session: Session, account: Account, now: datetime) -> Actor:
    """The account as an actor, with all that decides what it may see."""
    roles = frozenset(Role(granted.role) for granted in account.roles)
    return Actor(
        account_id=account.id,
        display_name=account.display_name,
        roles=roles,
        expert_id=account.expert_id,
        agency_id=account.agency_id,
        department_id=account.department_id,
        locked_task_ids=_locked_tasks(session, account.id) if roles & BUREAU else frozenset(),
        pending=pending_step(
            roles=roles,
            must_change_password=account.must_change_password,
            password_set_at=account.password_set_at,
            has_second_factor=account.totp_confirmed_at is not None,
            is_demo=account.is_demo,
            now=now,
        ),
    )


def _locked_tasks(session: Session, account_id: str) -> frozenset[str]:
    rows = select(BureauConflict.task_id).where(
        BureauConflict.account_id == account_id, BureauConflict.lifted_at.is_(None)
    )
    return frozenset(session.scalars(rows))


@dataclass(frozen=True)
class AccountRow:
    """An account as administrators see it: no business, no contact data but the name."""

    id: str
    username: str
    display_name: str
    state: str
    roles: tuple[str, ...]
    stands_for: str | None
    has_second_factor: bool
    last_sign_in_at: datetime | None
    locked_until: datetime | None
    version: int


def list_accounts(session: Session, actor: Actor) -> list[AccountRow]:
    """Every account that the actor may see, by name."""
    return [_row(account) for account in session.scalars(visible_accounts(actor).order_by(Account.username))]


def get_account(session: Session, actor: Actor, account_id: str) -> AccountRow:
    """One account that the actor may see; raises NotFound."""
    account = session.scalar(visible_accounts(actor).where(Account.id == account_id))
    if account is None:
        raise NotFound("account")
    return _row(account)


def _row(account: Account) -> AccountRow:
    outside = (("expert", account.expert_id), ("agency", account.agency_id), ("department", account.department_id))
    return AccountRow(
        id=account.id,
        username=account.username,
        display_name=account.display_name,
        state=account.state,
        roles=tuple(sorted(granted.role for granted in account.roles)),
        stands_for=next((noun for noun, held in outside if held), None),
        has_second_factor=account.totp_confirmed_at is not None,
        last_sign_in_at=account.last_sign_in_at,
        locked_until=account.locked_until,
        version=account.version,
    )
