"""Conflicts of interest between an evaluator and a task: found, declared, ruled on, waived."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evalhub.models.base import Base, Flag, Id, Versioned, one_of

RULE_CODES = tuple(f"R{number}" for number in range(1, 14))


class ConflictRule(Versioned, Base):
    """The window and force of a rule as this bureau has set it; law may only be lengthened, never waived."""

    __tablename__ = "conflict_rules"

    code: Mapped[str] = mapped_column(primary_key=True)
    window_months: Mapped[int | None]
    is_on: Mapped[bool] = mapped_column(default=True)
    source: Mapped[str]
    changed_by_id: Mapped[str | None]
    changed_at: Mapped[datetime | None]

    __table_args__ = (one_of("code", RULE_CODES),)


class ConflictHit(Versioned, Base):
    """One finding: this evaluator, this task, this rule, this record. The key survives a new detection.

    With a `staff_id` it keeps that person off the team of `agency_id`, not the agency off the task.
    """

    __tablename__ = "conflict_hits"

    id: Mapped[Id]
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"))
    expert_id: Mapped[str | None] = mapped_column(ForeignKey("experts.id"), index=True)
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("agency_staff.id"), index=True)
    rule: Mapped[str]
    certainty: Mapped[str]
    evidence: Mapped[dict[str, Any]]
    evidence_key: Mapped[str]
    found_on: Mapped[date]
    is_current: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(default="open")
    reason: Mapped[str | None]
    decided_by_id: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    waiver_asked_by_id: Mapped[str | None]
    waiver_reason: Mapped[str | None]
    waived_by_id: Mapped[str | None]
    waived_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("task_id", "evidence_key"),
        one_of("rule", RULE_CODES),
        one_of("certainty", ("coded", "named", "unclear", "declared")),
        one_of("state", ("open", "asked", "confirmed", "dismissed", "waiver_asked", "waived")),
        CheckConstraint("(expert_id IS NULL) <> (agency_id IS NULL)", name="one_evaluator"),
        CheckConstraint("staff_id IS NULL OR agency_id IS NOT NULL", name="staff_of_agency"),
        Index(None, "task_id", "state"),
    )


class Declaration(Base):
    """What an invited evaluator declared after seeing unit, project and contractors."""

    __tablename__ = "declarations"

    id: Mapped[Id]
    seat_id: Mapped[str] = mapped_column(ForeignKey("seats.id"), index=True)
    has_conflict: Mapped[Flag]
    text: Mapped[str | None]
    account_id: Mapped[str]
    declared_at: Mapped[datetime]
