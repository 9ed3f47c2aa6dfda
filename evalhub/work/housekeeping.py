"""What is no longer needed goes: keys of forms long answered, and files that a killed process left half written."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from evalhub.models.journal import IdempotencyKey

KEYS_KEPT = timedelta(days=7)
"""Far longer than a session lives, and a form is sent again within its session only."""

STAGED_KEPT = timedelta(days=1)


def clear_away(house: Any) -> None:
    """Delete old idempotency keys and stale staged files."""
    oldest = house.now() - KEYS_KEPT
    house.database.apply(
        lambda session: session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < oldest))
    )
    house.tools.files.sweep_staging((house.now() - STAGED_KEPT).timestamp())
