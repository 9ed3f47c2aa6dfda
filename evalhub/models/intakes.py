"""Sheets that were read and checked but not yet written into a pool.

The rows wait encrypted under a key of their own between the check and the writing, so that ticks, corrections in place
and the annotated workbook all speak of one reading of one file; both go when the rows are written or their day is over.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from evalhub.models.base import Base, Id, Versioned, one_of

NOUNS = ("experts", "agencies", "departments", "projects")
STATES = ("open", "written", "discarded")


class Intake(Versioned, Base):
    __tablename__ = "intakes"

    id: Mapped[Id]
    noun: Mapped[str]
    file_name: Mapped[str]
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    state: Mapped[str] = mapped_column(default="open")
    row_count: Mapped[int]
    ticked: Mapped[list[Any]] = mapped_column(default=list)
    wrapped_key: Mapped[bytes | None]
    sealed_rows: Mapped[bytes | None] = mapped_column(deferred=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        one_of("noun", NOUNS),
        one_of("state", STATES),
        CheckConstraint("state <> 'open' OR sealed_rows IS NOT NULL", name="open_has_rows"),
        CheckConstraint("state = 'open' OR (sealed_rows IS NULL AND wrapped_key IS NULL)", name="ended_has_none"),
        Index(None, "state", "expires_at"),
    )
