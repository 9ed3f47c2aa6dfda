"""Allocation runs of a round, kept for ever, and the plan that is submitted from one of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evalhub.models.base import Base, Id, Versioned, one_of


class AllocationRun(Versioned, Base):
    """One run of the model: what went in, what came out, under which fixed policy."""

    __tablename__ = "allocation_runs"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    number: Mapped[int]
    kind: Mapped[str]
    policy_hash: Mapped[str]
    instance: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    instance_hash: Mapped[str | None]
    exclusions: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    result: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    reserves: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    seats_wanted: Mapped[int | None]
    seats_filled: Mapped[int | None]
    total_millionths: Mapped[int | None]
    worst_millionths: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="queued")
    requested_by_id: Mapped[str]
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    job_id: Mapped[str | None]
    error: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("round_id", "kind", "number"),
        one_of("kind", ("experts", "agencies")),
        one_of("state", ("queued", "running", "done", "cancelled", "failed")),
        Index(None, "round_id", "kind", "requested_at"),
    )


class SeatPlan(Versioned, Base):
    """A plan of seats drawn from a run, perhaps changed by hand, submitted and approved by another person."""

    __tablename__ = "seat_plans"

    id: Mapped[Id]
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), index=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("allocation_runs.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    gap_reason: Mapped[str | None]
    named_count: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[str]
    created_at: Mapped[datetime]
    submitted_by_id: Mapped[str | None]
    submitted_at: Mapped[datetime | None]
    decided_by_id: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    opinion: Mapped[str | None]

    __table_args__ = (
        one_of("kind", ("experts", "agencies")),
        one_of("state", ("draft", "submitted", "returned", "approved", "replaced")),
    )


class PlannedSeat(Base):
    """A seat of a plan: by the model, or by hand with a reason (指定)."""

    __tablename__ = "planned_seats"

    id: Mapped[Id]
    plan_id: Mapped[str] = mapped_column(ForeignKey("seat_plans.id"))
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), index=True)
    position: Mapped[int]
    expert_id: Mapped[str | None] = mapped_column(ForeignKey("experts.id"))
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agencies.id"))
    is_leader: Mapped[bool] = mapped_column(default=False)
    is_reserve: Mapped[bool] = mapped_column(default=False)
    by_hand: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None]
    replaces_expert_id: Mapped[str | None]
    suitability_millionths: Mapped[int] = mapped_column(default=0)
    suitability_terms: Mapped[list[Any] | None]

    __table_args__ = (UniqueConstraint("plan_id", "task_id", "is_reserve", "position"),)
