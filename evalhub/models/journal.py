"""The journal of what was done, its seals, and the notices that follow from it.

Entries name what they describe by text, without foreign keys: they outlive it. Triggers refuse to change them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from evalhub.models.base import Base, Flag, Id


class JournalEntry(Base):
    __tablename__ = "journal_entries"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    actor_id: Mapped[str]
    actor_name: Mapped[str]
    actor_roles: Mapped[str]
    on_behalf_of: Mapped[str | None]
    event: Mapped[str]
    noun: Mapped[str]
    record_id: Mapped[str]
    record_label: Mapped[str]
    task_id: Mapped[str | None]
    salt: Mapped[str]
    before_digest: Mapped[str | None]
    after_digest: Mapped[str | None]
    detail: Mapped[dict[str, Any]]
    reason: Mapped[str | None]
    request_id: Mapped[str]

    __table_args__ = (
        Index(None, "noun", "record_id"),
        Index(None, "task_id"),
        Index(None, "actor_id"),
        Index(None, "event"),
    )


class JournalSeal(Base):
    __tablename__ = "journal_seals"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_sequence: Mapped[int] = mapped_column(unique=True)
    previous_hash: Mapped[str]
    hash: Mapped[str]
    sealed_at: Mapped[datetime]


class Notification(Base):
    """One message to one account; `outbox_state` says whether it also left by mail."""

    __tablename__ = "notifications"

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    event: Mapped[str]
    noun: Mapped[str]
    record_id: Mapped[str]
    task_id: Mapped[str | None]
    detail: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    wants_mail: Mapped[Flag]
    mailed_at: Mapped[datetime | None]
    mail_attempts: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index(None, "account_id", "read_at"), Index(None, "wants_mail", "mailed_at"))


class IdempotencyKey(Base):
    """A mutating form that has been applied: the same key and body get the same answer, another body a 409."""

    __tablename__ = "idempotency_keys"

    key: Mapped[str] = mapped_column(primary_key=True)
    actor_id: Mapped[str] = mapped_column(primary_key=True)
    endpoint: Mapped[str] = mapped_column(primary_key=True)
    body_digest: Mapped[str]
    status: Mapped[int]
    location: Mapped[str | None]
    record_id: Mapped[str | None]
    created_at: Mapped[datetime]

    __table_args__ = (Index(None, "created_at"),)


class Job(Base):
    """Background work: one row, one service call; the queue only wakes the worker."""

    __tablename__ = "jobs"

    id: Mapped[Id]
    kind: Mapped[str]
    record_id: Mapped[str]
    state: Mapped[str] = mapped_column(default="queued")
    requested_by: Mapped[str]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    cancel_requested: Mapped[Flag]
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str | None]

    __table_args__ = (Index(None, "state", "heartbeat_at"), Index(None, "record_id"))
