"""Papers of a task: stored files, the document list of the unit, actual values, the agency's report."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalhub.models.base import Base, Flag, Id, Versioned, one_of


class StoredFile(Base):
    """A file in the encrypted store. `storage_name` is an HMAC under the task's key: it betrays no content."""

    __tablename__ = "stored_files"

    id: Mapped[Id]
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), index=True)
    storage_name: Mapped[str]
    original_name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    pages: Mapped[int | None]
    uploaded_by_id: Mapped[str]
    uploaded_at: Mapped[datetime]


class EvaluationNotice(Versioned, Base):
    """The notice to the evaluated unit, with the date by which its documents are due."""

    __tablename__ = "evaluation_notices"

    id: Mapped[Id]
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), unique=True)
    number: Mapped[str]
    body: Mapped[str]
    documents_due_on: Mapped[date]
    issued_by_id: Mapped[str]
    issued_at: Mapped[datetime]
    received_by_id: Mapped[str | None]
    received_at: Mapped[datetime | None]


class DocumentItem(Versioned, Base):
    """One line of the document list: what is wanted, what was handed in, whether it will do."""

    __tablename__ = "document_items"

    id: Mapped[Id]
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"))
    position: Mapped[int]
    title: Mapped[str]
    hint: Mapped[str | None]
    is_required: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(default="wanted")
    file_id: Mapped[str | None] = mapped_column(ForeignKey("stored_files.id"))
    handed_in_by_id: Mapped[str | None]
    handed_in_at: Mapped[datetime | None]
    checked_by_id: Mapped[str | None]
    checked_at: Mapped[datetime | None]
    note: Mapped[str | None]

    file: Mapped[StoredFile | None] = relationship(lazy="joined")

    __table_args__ = (
        UniqueConstraint("task_id", "position"),
        one_of("state", ("wanted", "handed_in", "accepted", "returned", "not_applicable")),
    )


class IndicatorActual(Versioned, Base):
    """What the unit reports for one indicator: actual value, money spent, explanation."""

    __tablename__ = "indicator_actuals"

    id: Mapped[Id]
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"))
    indicator_code: Mapped[str]
    actual: Mapped[str | None]
    spent_fen: Mapped[int | None]
    explanation: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="filled")
    filled_by_id: Mapped[str]
    filled_at: Mapped[datetime]
    note: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("task_id", "indicator_code"),
        one_of("state", ("filled", "accepted", "returned")),
    )


class Report(Versioned, Base):
    """The agency's evaluation report of a task; its versions never change."""

    __tablename__ = "reports"

    id: Mapped[Id]
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), unique=True)
    seat_id: Mapped[str] = mapped_column(ForeignKey("seats.id"))
    state: Mapped[str] = mapped_column(default="not_due")
    due_on: Mapped[date | None]
    current_version: Mapped[int] = mapped_column(default=0)
    signed_off_by_id: Mapped[str | None]
    signed_off_at: Mapped[datetime | None]
    accepted_by_id: Mapped[str | None]
    accepted_at: Mapped[datetime | None]

    versions: Mapped[list["ReportVersion"]] = relationship(order_by="ReportVersion.number")
    notes: Mapped[list["ReportNote"]] = relationship(order_by="ReportNote.at")

    __table_args__ = (
        one_of(
            "state",
            (
                "not_due",
                "uploaded",
                "form_checked",
                "consulting",
                "reviewing",
                "revise",
                "signed_off",
                "accepted",
                "rejected",
            ),
        ),
    )


class ReportVersion(Base):
    __tablename__ = "report_versions"

    id: Mapped[Id]
    report_id: Mapped[str] = mapped_column(ForeignKey("reports.id"))
    seat_id: Mapped[str] = mapped_column(ForeignKey("seats.id"))
    number: Mapped[int]
    file_id: Mapped[str] = mapped_column(ForeignKey("stored_files.id"))
    what_changed: Mapped[str]
    uploaded_by_id: Mapped[str]
    uploaded_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship(lazy="joined")

    __table_args__ = (UniqueConstraint("report_id", "number"),)


class ReportNote(Base):
    """A note of the bureau on a version, and the agency's answer to it."""

    __tablename__ = "report_notes"

    id: Mapped[Id]
    report_id: Mapped[str] = mapped_column(ForeignKey("reports.id"), index=True)
    version_number: Mapped[int]
    place: Mapped[str | None]
    text: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_by_id: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    is_settled: Mapped[Flag]
