"""Before a record is changed: was it read in the version that still stands, and what did it look like?"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import inspect, select

from evalhub.domain.errors import Stale
from evalhub.models.accounts import Account
from evalhub.services.change import Change


def snapshot(row: Any) -> dict[str, Any]:
    """Column -> value of a row as it is loaded; sealed columns are not."""
    state = inspect(row)
    columns = state.mapper.column_attrs
    return {column.key: getattr(row, column.key) for column in columns if column.key not in state.unloaded}


def refuse_stale(change: Change, noun: str, row: Any, version: int, yours: Mapping[str, Any]) -> None:
    """Refuse an edit of an older version and say what differs.

    Args:
        yours: column -> value that the editor wants; only columns of the row are compared.

    Raises:
        Stale: `yours` and `stored` hold the columns that differ.
    """
    if row.version == version:
        return
    stored = snapshot(row)
    differing = {name: value for name, value in yours.items() if name in stored and stored[name] != value}
    raise Stale(
        noun=noun,
        record_id=row.id,
        yours=differing,
        stored={name: stored[name] for name in differing},
        changed_by=_name_of(change, getattr(row, "changed_by_id", None)),
        changed_at=getattr(row, "changed_at", None),
    )


def _name_of(change: Change, account_id: str | None) -> str | None:
    if account_id is None:
        return None
    return change.session.scalar(select(Account.display_name).where(Account.id == account_id))
