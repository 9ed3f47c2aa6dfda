"""The agency pool: bodies, their people, their fields, their paid business."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalhub.models.base import Base, Flag, Id, Versioned, one_of, sealed
from evalhub.models.experts import POOL_STATES
from evalhub.models.organisations import Organisation

NATURES = ("consulting", "accounting", "appraisal", "law", "institute", "university")


class Agency(Versioned, Base):
    __tablename__ = "agencies"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), unique=True)
    sort_key: Mapped[str]
    nature: Mapped[str]
    founded_on: Mapped[date | None]
    legal_representative: Mapped[str | None]
    contact_name: Mapped[str | None]
    contact_mobile_sealed: Mapped[bytes | None] = sealed()
    contact_mobile_masked: Mapped[str | None]
    email: Mapped[str | None]
    region: Mapped[str]
    capacity_year: Mapped[int] = mapped_column(default=10)
    capacity_at_once: Mapped[int] = mapped_column(default=3)
    quality_points: Mapped[int | None]
    on_credit_platform: Mapped[Flag]
    state: Mapped[str] = mapped_column(default="applied")
    state_reason: Mapped[str | None]
    admitted_on: Mapped[date | None]
    term_until_on: Mapped[date | None]
    submitted_by_id: Mapped[str | None]
    checked_by_id: Mapped[str | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[str | None]

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    staff: Mapped[list["AgencyStaff"]] = relationship(cascade="all, delete-orphan")
    fields: Mapped[list["AgencyField"]] = relationship(cascade="all, delete-orphan")
    licences: Mapped[list["AgencyLicence"]] = relationship(cascade="all, delete-orphan")
    business: Mapped[list["PaidBusiness"]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        one_of("state", POOL_STATES),
        one_of("nature", NATURES),
        CheckConstraint("capacity_year >= 0 AND capacity_at_once >= 0", name="capacity_not_negative"),
        Index(None, "sort_key", "code"),
        Index(None, "state", "sort_key", "code"),
    )


class AgencyStaff(Base):
    """A person of an agency; a lead evaluator signs its reports. `expert_id` where the same person is in the pool."""

    __tablename__ = "agency_staff"

    id: Mapped[Id]
    agency_id: Mapped[str] = mapped_column(ForeignKey("agencies.id"), index=True)
    name: Mapped[str]
    identity_index: Mapped[str | None]
    position: Mapped[str | None]
    title_level: Mapped[str] = mapped_column(default="none")
    licence: Mapped[str | None]
    is_lead_evaluator: Mapped[Flag]
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    expert_id: Mapped[str | None] = mapped_column(ForeignKey("experts.id"))

    spells: Mapped[list["StaffSpell"]] = relationship(cascade="all, delete-orphan")


class StaffSpell(Base):
    """Where a person of an agency worked or held a post before."""

    __tablename__ = "staff_spells"

    id: Mapped[Id]
    staff_id: Mapped[str] = mapped_column(ForeignKey("agency_staff.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str] = mapped_column(default="employment")
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    precision: Mapped[str] = mapped_column(default="month")

    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        one_of("kind", ("employment", "director", "supervisor", "controller", "head")),
        one_of("precision", ("day", "month")),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="order_of_days"),
    )


class AgencyField(Base):
    __tablename__ = "agency_fields"

    agency_id: Mapped[str] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    field_code: Mapped[str] = mapped_column(ForeignKey("fields.code"), primary_key=True)
    rank: Mapped[int] = mapped_column(default=1)
    skill: Mapped[int] = mapped_column(default=2)


class AgencyLicence(Base):
    __tablename__ = "agency_licences"

    id: Mapped[Id]
    agency_id: Mapped[str] = mapped_column(ForeignKey("agencies.id"), index=True)
    kind: Mapped[str]
    number: Mapped[str | None]
    expires_on: Mapped[date | None]

    __table_args__ = (UniqueConstraint("agency_id", "kind"),)


class PaidBusiness(Base):
    """A contract under which an organisation paid the agency."""

    __tablename__ = "paid_business"

    id: Mapped[Id]
    agency_id: Mapped[str] = mapped_column(ForeignKey("agencies.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    subject: Mapped[str]
    amount_fen: Mapped[int | None]
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    organisation: Mapped[Organisation] = relationship()
