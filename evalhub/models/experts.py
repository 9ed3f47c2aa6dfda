"""The expert pool: who a person is, where he worked, what he knows, when he is free."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalhub.models.base import Base, Flag, Id, Versioned, one_of, sealed
from evalhub.models.organisations import Organisation

POOL_STATES = (
    "applied", "first_check", "supplement", "second_check", "public_notice",
    "active", "suspended", "expiring", "renewed", "removed", "blacklisted",
)  # fmt: skip
TITLE_LEVELS = ("full", "associate", "middle", "none")
SERVICE_STATES = ("serving", "retired", "civil_servant")


class Expert(Versioned, Base):
    __tablename__ = "experts"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(index=True)
    sort_key: Mapped[str]
    gender: Mapped[str | None]
    born_on: Mapped[date | None]
    identity_number_sealed: Mapped[bytes | None] = sealed()
    identity_index: Mapped[str | None] = mapped_column(unique=True)
    identity_masked: Mapped[str | None]
    mobile_sealed: Mapped[bytes | None] = sealed()
    mobile_index: Mapped[str | None] = mapped_column(index=True)
    mobile_masked: Mapped[str | None]
    email: Mapped[str | None]
    education: Mapped[str | None]
    speciality: Mapped[str | None]
    title: Mapped[str | None]
    title_level: Mapped[str] = mapped_column(default="none")
    titled_on: Mapped[date | None]
    service_state: Mapped[str] = mapped_column(default="serving")
    supervises_pool: Mapped[Flag]
    region: Mapped[str]
    capacity_year: Mapped[int] = mapped_column(default=6)
    capacity_at_once: Mapped[int] = mapped_column(default=3)
    state: Mapped[str] = mapped_column(default="applied")
    state_reason: Mapped[str | None]
    admitted_on: Mapped[date | None]
    term_until_on: Mapped[date | None]
    source: Mapped[str | None]
    submitted_by_id: Mapped[str | None]
    checked_by_id: Mapped[str | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[str | None]

    spells: Mapped[list["EmploymentSpell"]] = relationship(
        cascade="all, delete-orphan", order_by="EmploymentSpell.from_on.desc()"
    )
    posts: Mapped[list["Post"]] = relationship(cascade="all, delete-orphan")
    kin: Mapped[list["Kin"]] = relationship(cascade="all, delete-orphan", foreign_keys="Kin.expert_id")
    fields: Mapped[list["ExpertField"]] = relationship(cascade="all, delete-orphan")
    licences: Mapped[list["ExpertLicence"]] = relationship(cascade="all, delete-orphan")
    days_off: Mapped[list["DayOff"]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        one_of("state", POOL_STATES),
        one_of("title_level", TITLE_LEVELS),
        one_of("service_state", SERVICE_STATES),
        CheckConstraint("capacity_year >= 0 AND capacity_at_once >= 0", name="capacity_not_negative"),
        Index(None, "sort_key", "code"),
        Index(None, "state", "sort_key", "code"),
        Index(None, "region", "sort_key"),
        Index(None, "term_until_on", "code"),
    )


class EmploymentSpell(Base):
    """A time at one employer. `precision` says whether the days were known or only the months."""

    __tablename__ = "employment_spells"

    id: Mapped[Id]
    expert_id: Mapped[str] = mapped_column(ForeignKey("experts.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    position: Mapped[str | None]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    precision: Mapped[str] = mapped_column(default="month")
    is_part_time: Mapped[Flag]

    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        one_of("precision", ("day", "month")),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="order_of_days"),
    )


class Post(Base):
    """A seat as director, supervisor or controller of a body."""

    __tablename__ = "posts"

    id: Mapped[Id]
    expert_id: Mapped[str] = mapped_column(ForeignKey("experts.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    precision: Mapped[str] = mapped_column(default="month")

    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        one_of("kind", ("director", "supervisor", "controller", "head", "adviser")),
        one_of("precision", ("day", "month")),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="order_of_days"),
    )


class Kin(Base):
    """A relative's unit and the relation; the relative's name is not collected."""

    __tablename__ = "kin"

    id: Mapped[Id]
    expert_id: Mapped[str] = mapped_column(ForeignKey("experts.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    relation: Mapped[str]
    is_leader: Mapped[Flag]
    relative_expert_id: Mapped[str | None] = mapped_column(ForeignKey("experts.id"))

    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (one_of("relation", ("spouse", "lineal", "collateral", "in_law")),)


class Field(Base):
    """A node of the three-level field tree: codes of 2, 4 and 6 digits."""

    __tablename__ = "fields"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    english_name: Mapped[str]
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("fields.code"))
    kind: Mapped[str] = mapped_column(default="subject")

    __table_args__ = (
        one_of("kind", ("subject", "finance")),
        CheckConstraint("length(code) IN (2, 4, 6)", name="code_length"),
    )


class ExpertField(Base):
    __tablename__ = "expert_fields"

    expert_id: Mapped[str] = mapped_column(ForeignKey("experts.id"), primary_key=True)
    field_code: Mapped[str] = mapped_column(ForeignKey("fields.code"), primary_key=True)
    rank: Mapped[int] = mapped_column(default=1)
    skill: Mapped[int] = mapped_column(default=2)

    __table_args__ = (
        CheckConstraint("rank >= 1 AND rank <= 9", name="rank_range"),
        CheckConstraint("skill >= 1 AND skill <= 3", name="skill_range"),
        Index(None, "field_code"),
    )


class ExpertLicence(Base):
    __tablename__ = "expert_licences"

    id: Mapped[Id]
    expert_id: Mapped[str] = mapped_column(ForeignKey("experts.id"), index=True)
    kind: Mapped[str]
    number: Mapped[str | None]
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("expert_id", "kind"),)


class DayOff(Base):
    """Days on which a person cannot come, both ends inside."""

    __tablename__ = "days_off"

    id: Mapped[Id]
    expert_id: Mapped[str] = mapped_column(ForeignKey("experts.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    note: Mapped[str | None]

    __table_args__ = (CheckConstraint("until_on >= from_on", name="order_of_days"),)


class ExpertAccount(Base):
    """Where fees are paid; apart from the person's row, for the payer alone."""

    __tablename__ = "expert_bank_accounts"

    expert_id: Mapped[str] = mapped_column(ForeignKey("experts.id"), primary_key=True)
    bank: Mapped[str]
    holder: Mapped[str]
    card_number_sealed: Mapped[bytes | None] = sealed()
    card_masked: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[str]


class PersonUndertaking(Base):
    """That a person accepted a text of undertaking, in the version whose hash stands here."""

    __tablename__ = "person_undertakings"

    id: Mapped[Id]
    expert_id: Mapped[str | None] = mapped_column(ForeignKey("experts.id"), index=True)
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    text_id: Mapped[str] = mapped_column(ForeignKey("undertaking_texts.id"))
    text_hash: Mapped[str]
    task_id: Mapped[str | None]
    account_id: Mapped[str]
    signed_at: Mapped[datetime]


class UndertakingText(Base):
    """One version of the words that a person undertakes; never changed once used."""

    __tablename__ = "undertaking_texts"

    id: Mapped[Id]
    kind: Mapped[str]
    edition: Mapped[int]
    body: Mapped[str]
    english_body: Mapped[str]
    text_hash: Mapped[str]
    valid_from_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("kind", "edition"), one_of("kind", ("pool", "seat", "agency")))
