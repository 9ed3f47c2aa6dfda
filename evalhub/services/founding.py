"""The first act in an empty production database: three administrators, each with a password that works once."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from evalhub.config import UnsafeSettings
from evalhub.domain.permissions import Role, system_actor
from evalhub.infra import passwords
from evalhub.models.accounts import Account, AccountRole
from evalhub.models.settings import DatabaseMark
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.marks import PURPOSE

ADMINISTRATORS = (
    ("sysadmin", "系统管理员", Role.SYSTEM_ADMIN),
    ("secadmin", "安全管理员", Role.SECURITY_ADMIN),
    ("auditadmin", "审计管理员", Role.AUDIT_ADMIN),
)


@dataclass(frozen=True)
class Founded:
    username: str
    role: str
    one_time_password: str


def found_house(house: Any) -> list[Founded]:
    """Make the three administrators and mark the database as a production one.

    Raises:
        UnsafeSettings: the database already has accounts.
    """
    founded = [Founded(name, str(role), passwords.new_code()) for name, _, role in ADMINISTRATORS]
    hashes = [passwords.hash_password(each.one_time_password) for each in founded]

    def found(session: Any) -> None:
        if session.scalar(select(func.count()).select_from(Account)):
            raise UnsafeSettings("This database already has accounts; init is for an empty one.")
        change = Change(session, system_actor(), house.now(), house.tools)
        session.add(DatabaseMark(name=PURPOSE, content="production"))
        for (name, title, role), password_hash in zip(ADMINISTRATORS, hashes, strict=True):
            session.add(_administrator(change, name, title, role, password_hash))
        journal.record(change, "house.founded", "house", "house", "evalhub init")
        change.close()

    house.database.apply(found)
    return founded


def _administrator(change: Change, name: str, title: str, role: Role, password_hash: str) -> Account:
    account = Account(
        username=name,
        display_name=title,
        state="active",
        password_hash=password_hash,
        password_set_at=change.now,
        must_change_password=True,
        created_by_id="system",
        created_at=change.now,
    )
    account.roles.append(AccountRole(role=str(role), granted_by_id="system", granted_at=change.now))
    return account
