"""Results: the total of a task with its workings, the hearing of the unit, the signature."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalhub.models.base import Base, Flag, Id, Versioned, one_of

GRADES = ("excellent", "good", "fair", "poor")


class Result(Versioned, Base):
    """One version of a task's result. A correction is a new version; `input_hash` binds it to what it came from."""

    __tablename__ = "results"

    id: Mapped[Id]
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="draft")
    status: Mapped[str]
    total_points: Mapped[int | None]
    grade: Mapped[str | None]
    one_rater_decides: Mapped[Flag]
    outcome: Mapped[dict[str, Any]]
    input_hash: Mapped[str]
    content_hash: Mapped[str]
    correction_reason: Mapped[str | None]
    made_by_id: Mapped[str]
    made_at: Mapped[datetime]
    hearing_opened_by_id: Mapped[str | None]
    hearing_opened_at: Mapped[datetime | None]
    hearing_due_on: Mapped[date | None]
    hearing_answered_by_id: Mapped[str | None]
    hearing_answered_at: Mapped[datetime | None]
    hearing_receipt: Mapped[str | None]
    submitted_by_id: Mapped[str | None]
    submitted_at: Mapped[datetime | None]
    signed_by_id: Mapped[str | None]
    signed_at: Mapped[datetime | None]
    opinion: Mapped[str | None]

    findings: Mapped[list["Finding"]] = relationship(order_by="Finding.position")

    __table_args__ = (
        UniqueConstraint("task_id", "number"),
        one_of("state", ("draft", "hearing", "heard", "submitted", "returned", "signed", "superseded")),
        one_of("status", ("final", "below_quorum")),
        one_of("grade", GRADES),
        CheckConstraint("total_points IS NULL OR (total_points >= 0 AND total_points <= 10000)", name="total_range"),
        Index(None, "state"),
    )


class Finding(Versioned, Base):
    """A problem put to the unit, its answer, and the bureau's decision on a dispute."""

    __tablename__ = "findings"

    id: Mapped[Id]
    result_id: Mapped[str] = mapped_column(ForeignKey("results.id"))
    position: Mapped[int]
    indicator_code: Mapped[str | None]
    title: Mapped[str]
    text: Mapped[str]
    points_lost: Mapped[int | None]
    place: Mapped[str | None]
    reply: Mapped[str | None]
    reply_text: Mapped[str | None]
    reply_file_id: Mapped[str | None] = mapped_column(ForeignKey("stored_files.id"))
    replied_by_id: Mapped[str | None]
    replied_at: Mapped[datetime | None]
    decision: Mapped[str | None]
    decision_text: Mapped[str | None]
    decided_by_id: Mapped[str | None]
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("result_id", "position"),
        one_of("reply", ("accepted", "disputed")),
        one_of("decision", ("kept", "changed", "withdrawn")),
    )
