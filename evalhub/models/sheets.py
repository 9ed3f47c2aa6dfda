"""Score sheets: one encrypted document each until the panel closes, rows only afterwards."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evalhub.models.base import Base, Flag, Id, Versioned, one_of

SHEET_STATES = ("issued", "draft", "submitted", "returned", "locked", "reopened", "aggregated")


class Sheet(Versioned, Base):
    """The sheet of one seat. `content_sealed` is the whole sheet under the task's key, shown to its author alone."""

    __tablename__ = "sheets"

    id: Mapped[Id]
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"))
    seat_id: Mapped[str] = mapped_column(ForeignKey("seats.id"), unique=True)
    source: Mapped[str]
    weight: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="issued")
    content_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    saved_at: Mapped[datetime | None]
    saved_lines: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[datetime | None]
    receipt: Mapped[str | None] = mapped_column(unique=True)
    receipt_hmac: Mapped[str | None]
    returned_reason: Mapped[str | None]
    is_void: Mapped[Flag]
    total_points: Mapped[int | None]

    __table_args__ = (
        one_of("source", ("experts", "agency")),
        one_of("state", SHEET_STATES),
        CheckConstraint(
            "state NOT IN ('submitted', 'locked', 'aggregated') OR receipt IS NOT NULL",
            name="receipt_given",
        ),
        Index(None, "task_id", "state"),
    )


class SheetEdition(Base):
    """Every submitted content of a sheet, sealed as it was, so that a reopened one keeps its first score."""

    __tablename__ = "sheet_editions"

    id: Mapped[Id]
    sheet_id: Mapped[str] = mapped_column(ForeignKey("sheets.id"))
    number: Mapped[int]
    content_sealed: Mapped[bytes] = mapped_column(deferred=True)
    receipt: Mapped[str] = mapped_column(unique=True)
    submitted_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("sheet_id", "number"),)


class SheetLine(Base):
    """One scored leaf, written when the panel is opened. Points in hundredths; empty points mean not applicable."""

    __tablename__ = "sheet_lines"

    sheet_id: Mapped[str] = mapped_column(ForeignKey("sheets.id"), primary_key=True)
    indicator_code: Mapped[str] = mapped_column(primary_key=True)
    points: Mapped[int | None]
    full_points: Mapped[int]
    reason: Mapped[str | None]
    document_item_id: Mapped[str | None]
    page: Mapped[int | None]
    quote: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("points IS NULL OR (points >= 0 AND points <= full_points)", name="points_range"),
    )
