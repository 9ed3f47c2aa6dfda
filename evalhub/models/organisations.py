"""Organisations, each known once, by its 18-character credit code where it has one."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalhub.models.base import Base, Id, Versioned, one_of

KINDS = ("government", "institution", "enterprise", "agency", "university", "other")


class Organisation(Versioned, Base):
    __tablename__ = "organisations"

    id: Mapped[Id]
    credit_code: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(default="other")
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    head_name: Mapped[str | None]

    former_names: Mapped[list["FormerName"]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        one_of("kind", KINDS),
        CheckConstraint("credit_code IS NULL OR length(credit_code) = 18", name="credit_code_length"),
    )


class FormerName(Base):
    __tablename__ = "former_names"

    id: Mapped[Id]
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(index=True)
    until_on: Mapped[date | None]


class Holding(Base):
    """One organisation owns a share of another."""

    __tablename__ = "holdings"

    id: Mapped[Id]
    holder_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    held_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    share_weight: Mapped[int]
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("holder_id", "held_id", "from_on"),
        CheckConstraint("share_weight >= 0 AND share_weight <= 10000", name="share_weight_range"),
        CheckConstraint("holder_id <> held_id", name="not_itself"),
    )
