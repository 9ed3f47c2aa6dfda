"""Seats: one expert or one agency on one task, from the invitation to the end of the work."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from evalhub.models.base import Base, Flag, Id, Versioned, one_of

SEAT_STATES = (
    "proposed", "notified", "accepted", "declined", "no_reply", "recused", "checked_in", "working", "done",
    "appraised", "paid", "absent", "replaced", "withdrawn",
)  # fmt: skip
ENDED = ("declined", "no_reply", "recused", "absent", "replaced", "withdrawn")
REFUSAL_REASONS = ("no_time", "ill", "outside_field", "too_busy", "travel", "other")


class Seat(Versioned, Base):
    """A place on a panel (or the agency of a task). Reserves wait as `proposed` in their fixed order."""

    __tablename__ = "seats"

    id: Mapped[Id]
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"))
    planned_seat_id: Mapped[str | None] = mapped_column(ForeignKey("planned_seats.id"))
    kind: Mapped[str]
    position: Mapped[int]
    expert_id: Mapped[str | None] = mapped_column(ForeignKey("experts.id"), index=True)
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    is_leader: Mapped[Flag]
    is_reserve: Mapped[Flag]
    by_hand: Mapped[Flag]
    reason: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="proposed")
    is_suspended: Mapped[Flag]
    suspended_reason: Mapped[str | None]
    invited_at: Mapped[datetime | None]
    reply_due_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    undertaken_at: Mapped[datetime | None]
    undertaking_hash: Mapped[str | None]
    declared_at: Mapped[datetime | None]
    refusal_reason: Mapped[str | None]
    refusal_text: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    replaced_by_id: Mapped[str | None] = mapped_column(ForeignKey("seats.id"))
    lead_staff_id: Mapped[str | None] = mapped_column(ForeignKey("agency_staff.id"))

    __table_args__ = (
        one_of("kind", ("expert", "agency")),
        one_of("state", SEAT_STATES),
        CheckConstraint("(expert_id IS NULL) <> (agency_id IS NULL)", name="one_evaluator"),
        CheckConstraint("(kind = 'expert') = (expert_id IS NOT NULL)", name="kind_fits"),
        Index(
            "uq_seats_expert_on_task",
            "task_id",
            "expert_id",
            unique=True,
            sqlite_where=text("expert_id IS NOT NULL"),
            postgresql_where=text("expert_id IS NOT NULL"),
        ),
        Index(None, "task_id", "kind", "state"),
        Index(None, "state", "reply_due_at"),
    )


class SeatEvent(Base):
    """What happened to a seat, in order: who was told, what was answered, who came next."""

    __tablename__ = "seat_events"

    id: Mapped[Id]
    seat_id: Mapped[str] = mapped_column(ForeignKey("seats.id"), index=True)
    at: Mapped[datetime]
    action: Mapped[str]
    account_id: Mapped[str]
    detail: Mapped[dict[str, Any]]
