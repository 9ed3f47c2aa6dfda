"""Rows for tests: valid by default, no surprises, changed by keyword. Each is added to the session and flushed."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from evalhub.domain.permissions import Role
from evalhub.models.accounts import Account, AccountRole
from evalhub.models.base import Base

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
_numbers = count(1)


def add(session: Session, record: Any) -> Any:
    session.add(record)
    session.flush()
    return record


def make_account(session: Session, *roles: Role, **changes: Any) -> Account:
    """An active demonstration account: no second factor is asked of it, and it answers on the loopback address."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "username": f"account{number}",
        "display_name": f"Account {number}",
        "state": "active",
        "created_at": NOW,
        "is_demo": True,
    }
    account = add(session, Account(**(values | changes)))
    for role in roles:
        account.roles.append(AccountRole(role=str(role), granted_by_id="tests", granted_at=NOW))
    session.flush()
    return account


def count_rows(session: Session) -> dict[str, int]:
    """How many rows each business table holds."""
    return {table.name: session.query(table).count() for table in Base.metadata.sorted_tables}
