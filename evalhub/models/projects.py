"""Budget departments, their units, and the projects that spend the money."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalhub.models.base import Base, Flag, Id, Versioned, one_of
from evalhub.models.organisations import Organisation

CATEGORIES = ("livelihood", "engineering", "other")
FUND_KINDS = ("general", "government_fund", "state_capital", "social_insurance")
RECURRENCES = ("standing", "continuing", "one_off")
PARTICIPATIONS = (
    "study", "design", "budget", "supervision", "audit", "ex_ante", "goal_setting", "department_evaluation",
)  # fmt: skip


class Department(Versioned, Base):
    """A budget department, or a street office; `line_section` is the bureau's section in charge of it."""

    __tablename__ = "departments"

    id: Mapped[Id]
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), unique=True)
    budget_code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(default="department")
    line_section: Mapped[str | None]
    contact_name: Mapped[str | None]
    email: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    units: Mapped[list["Unit"]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (one_of("kind", ("department", "street_office")),)


class Unit(Versioned, Base):
    """A budget unit under a department."""

    __tablename__ = "units"

    id: Mapped[Id]
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), unique=True)
    budget_code: Mapped[str] = mapped_column(unique=True)
    contact_name: Mapped[str | None]

    organisation: Mapped[Organisation] = relationship(lazy="joined")


class Project(Versioned, Base):
    """A budgeted project of one year. Amounts in fen."""

    __tablename__ = "projects"

    id: Mapped[Id]
    code: Mapped[str]
    year: Mapped[int]
    name: Mapped[str]
    sort_key: Mapped[str]
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"))
    category: Mapped[str] = mapped_column(default="other")
    field_code: Mapped[str | None] = mapped_column(ForeignKey("fields.code"))
    function_class: Mapped[str | None]
    fund_kind: Mapped[str] = mapped_column(default="general")
    recurrence: Mapped[str] = mapped_column(default="one_off")
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    region: Mapped[str]
    total_fen: Mapped[int | None]
    initial_fen: Mapped[int]
    adjusted_fen: Mapped[int]
    spent_fen: Mapped[int]
    grounds: Mapped[str | None]
    content: Mapped[str | None]
    goal: Mapped[str | None]
    leader_name: Mapped[str | None]
    is_new: Mapped[Flag]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[str | None]

    department: Mapped[Department] = relationship(lazy="joined")
    unit: Mapped[Unit | None] = relationship(lazy="joined")
    contractors: Mapped[list["Contractor"]] = relationship(cascade="all, delete-orphan")
    participations: Mapped[list["Participation"]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        UniqueConstraint("code", "year"),
        one_of("category", CATEGORIES),
        one_of("fund_kind", FUND_KINDS),
        one_of("recurrence", RECURRENCES),
        CheckConstraint("initial_fen >= 0 AND adjusted_fen >= 0 AND spent_fen >= 0", name="amounts_not_negative"),
        Index(None, "year", "sort_key", "code"),
        Index(None, "year", "code"),
        Index(None, "department_id", "year"),
    )


class Contractor(Base):
    """A body that the project pays."""

    __tablename__ = "contractors"

    id: Mapped[Id]
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[str]
    amount_fen: Mapped[int | None]

    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        one_of("role", ("builder", "supplier", "designer", "supervisor", "service")),
        UniqueConstraint("project_id", "organisation_id", "role"),
    )


class Participation(Base):
    """An expert, an agency or a person of it took part in the project before."""

    __tablename__ = "participations"

    id: Mapped[Id]
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"), index=True)
    expert_id: Mapped[str | None] = mapped_column(ForeignKey("experts.id"), index=True)
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    role: Mapped[str]
    took_part_on: Mapped[date | None]
    note: Mapped[str | None]

    __table_args__ = (
        one_of("role", PARTICIPATIONS),
        CheckConstraint("(expert_id IS NULL) <> (agency_id IS NULL)", name="one_participant"),
    )
