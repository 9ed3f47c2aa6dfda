"""Who is acting: an account with its roles and the tasks that a conflict keeps it away from."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.domain.accounts import pending_step
from evalhub.domain.permissions import BUREAU, Actor, Role
from evalhub.models.accounts import Account
from evalhub.models.plans import BureauConflict


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
