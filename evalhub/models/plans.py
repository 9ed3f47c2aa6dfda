"""The yearly plan: which projects are evaluated and why, in which rounds, with which panels."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalhub.models.base import Base, Flag, Id, Versioned, one_of
from evalhub.models.projects import CATEGORIES, Project

TASK_KINDS = ("finance", "re_evaluation", "department_whole", "policy", "ex_ante", "mid_term")
TASK_STATES = (
    "candidate", "planned", "resourcing", "assigned", "accepted", "notified", "preparing", "plan_approved",
    "executing", "scored", "draft_report", "consulting", "expert_review", "revising", "final", "approved",
    "fed_back", "applying", "archived", "suspended", "cancelled", "redo",
)  # fmt: skip


class Plan(Versioned, Base):
    """One year's plan; total spending stands here so that the share of money evaluated is in sight."""

    __tablename__ = "plans"

    id: Mapped[Id]
    year: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    spending_fen: Mapped[int]
    target_weight: Mapped[int] = mapped_column(default=6000)
    submitted_by_id: Mapped[str | None]
    submitted_at: Mapped[datetime | None]
    decided_by_id: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    opinion: Mapped[str | None]
    created_by_id: Mapped[str]
    created_at: Mapped[datetime]

    picks: Mapped[list["PlanPick"]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (one_of("state", ("draft", "submitted", "returned", "approved")),)


class PlanPick(Base):
    """A project picked for evaluation, with the reason."""

    __tablename__ = "plan_picks"

    id: Mapped[Id]
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"))
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"), index=True)
    category: Mapped[str]
    reason: Mapped[str]

    project: Mapped[Project] = relationship(lazy="joined")

    __table_args__ = (UniqueConstraint("plan_id", "project_id"), one_of("category", CATEGORIES))


class PanelTemplate(Versioned, Base):
    """How a panel is made up: seats and quotas; `quotas` is the list of `allocation` quota objects."""

    __tablename__ = "panel_templates"

    id: Mapped[Id]
    name: Mapped[str]
    english_name: Mapped[str | None]
    seats: Mapped[int]
    wants_field: Mapped[int] = mapped_column(default=1)
    wants_finance: Mapped[int] = mapped_column(default=1)
    wants_senior: Mapped[int] = mapped_column(default=1)
    employer_max: Mapped[int] = mapped_column(default=1)
    region_max: Mapped[int | None]
    reserves: Mapped[int] = mapped_column(default=2)
    is_active: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (
        CheckConstraint("seats IN (3, 5, 7)", name="seats_odd"),
        CheckConstraint("wants_field <= seats AND wants_finance <= seats AND wants_senior <= seats", name="quotas_fit"),
    )


class Round(Versioned, Base):
    """A round of evaluations in a year: its dates, and the allocation policy fixed before the first run."""

    __tablename__ = "rounds"

    id: Mapped[Id]
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    name: Mapped[str]
    english_name: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="draft")
    from_on: Mapped[date]
    until_on: Mapped[date]
    reply_hours: Mapped[int] = mapped_column(default=24)
    scoring_due_at: Mapped[datetime | None]
    documents_due_on: Mapped[date | None]
    report_due_on: Mapped[date | None]
    hearing_workdays: Mapped[int] = mapped_column(default=5)
    submitted_by_id: Mapped[str | None]
    submitted_at: Mapped[datetime | None]
    decided_by_id: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    opinion: Mapped[str | None]
    policy: Mapped[dict[str, Any] | None]
    policy_hash: Mapped[str | None]
    policy_fixed_at: Mapped[datetime | None]
    policy_proposed: Mapped[dict[str, Any] | None]
    policy_proposed_by_id: Mapped[str | None]
    created_by_id: Mapped[str]
    created_at: Mapped[datetime]

    plan: Mapped[Plan] = relationship(lazy="joined")

    __table_args__ = (
        one_of("state", ("draft", "submitted", "returned", "approved", "closed")),
        CheckConstraint("until_on >= from_on", name="order_of_days"),
    )


class Task(Versioned, Base):
    """One evaluation: a project, a framework edition, a panel template, a fixed way of adding up."""

    __tablename__ = "tasks"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"), index=True)
    kind: Mapped[str] = mapped_column(default="finance")
    state: Mapped[str] = mapped_column(default="planned")
    framework_edition_id: Mapped[str] = mapped_column(ForeignKey("framework_editions.id"))
    panel_template_id: Mapped[str] = mapped_column(ForeignKey("panel_templates.id"))
    reserves: Mapped[int] = mapped_column(default=2)
    wants_agency: Mapped[Flag]
    method: Mapped[dict[str, Any]]
    field_code: Mapped[str] = mapped_column(ForeignKey("fields.code"))
    work_from_on: Mapped[date]
    work_until_on: Mapped[date]
    scoring_due_at: Mapped[datetime]
    officer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    approver_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    deputy_approver_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    first_evaluation_id: Mapped[str | None] = mapped_column(ForeignKey("tasks.id"))
    key_sealed: Mapped[bytes] = mapped_column(deferred=True)
    panel_closed_at: Mapped[datetime | None]
    state_before: Mapped[str | None]
    state_reason: Mapped[str | None]
    created_by_id: Mapped[str]
    created_at: Mapped[datetime]

    round: Mapped[Round] = relationship(lazy="joined")
    project: Mapped[Project] = relationship(lazy="joined")
    framework_edition: Mapped["FrameworkEdition"] = relationship()  # noqa: F821
    panel_template: Mapped[PanelTemplate] = relationship(lazy="joined")

    __table_args__ = (
        UniqueConstraint("round_id", "project_id", "kind"),
        one_of("kind", TASK_KINDS),
        one_of("state", TASK_STATES),
        CheckConstraint("approver_id <> deputy_approver_id", name="deputy_is_another"),
        CheckConstraint("officer_id <> approver_id", name="approver_is_another"),
        CheckConstraint("work_until_on >= work_from_on", name="order_of_days"),
        Index(None, "round_id", "state"),
    )


class BureauConflict(Versioned, Base):
    """A bureau user whom a conflict of interest keeps out of a task: for him it does not exist.

    It is lifted by two others: one asks with a reason, another agrees.
    """

    __tablename__ = "bureau_conflicts"

    id: Mapped[Id]
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    reason: Mapped[str]
    recorded_by_id: Mapped[str]
    recorded_at: Mapped[datetime]
    lift_reason: Mapped[str | None]
    lift_asked_by_id: Mapped[str | None]
    lift_asked_at: Mapped[datetime | None]
    lifted_by_id: Mapped[str | None]
    lifted_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_bureau_conflicts_open",
            "task_id",
            "account_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
        CheckConstraint(
            "lifted_by_id IS NULL OR (lifted_by_id <> lift_asked_by_id AND lifted_by_id <> account_id)",
            name="lifted_by_two_others",
        ),
    )
