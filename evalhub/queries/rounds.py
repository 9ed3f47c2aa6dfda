"""Rounds as their pages show them, and what the form of a new task offers."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.domain.errors import NotFound
from evalhub.domain.permissions import Actor
from evalhub.domain.round_course import current_step
from evalhub.models.experts import Field
from evalhub.models.organisations import Organisation
from evalhub.models.plans import PanelTemplate, PlanPick, Round, Task
from evalhub.models.projects import Department, Project
from evalhub.queries.people import names_of
from evalhub.queries.scope import visible_rounds, visible_tasks


@dataclass(frozen=True)
class RoundView:
    """The record that a round's page, its gate and its buttons read."""

    id: str
    plan_id: str
    plan_name: str
    year: int
    name: str
    english_name: str | None
    state: str
    version: int
    from_on: date
    until_on: date
    reply_hours: int
    documents_due_on: date | None
    report_due_on: date | None
    hearing_workdays: int
    created_by_id: str
    submitted_by_id: str | None
    made_by: str
    submitted_by: str | None
    submitted_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    opinion: str | None
    policy_fixed_at: datetime | None


@dataclass(frozen=True)
class RoundItem:
    id: str
    name: str
    english_name: str | None
    year: int
    state: str
    from_on: date
    until_on: date
    tasks: int
    step: int


@dataclass(frozen=True)
class UnpickedTask:
    """A picked project without a task of its kind in the round."""

    project_id: str
    code: str
    name: str
    department: str
    category: str
    adjusted_fen: int
    field: str | None


@dataclass(frozen=True)
class TemplateLine:
    id: str
    name: str
    english_name: str | None
    seats: int
    wants_field: int
    wants_finance: int
    wants_senior: int
    employer_max: int
    region_max: int | None
    reserves: int
    is_active: bool
    version: int
    is_used: bool


def list_rounds(session: Session, actor: Actor) -> list[RoundItem]:
    """All rounds, newest first, each with the step it stands at; see `round_course.STEPS`."""
    rounds = session.scalars(visible_rounds(actor).order_by(Round.from_on.desc(), Round.id)).all()
    states: dict[str, list[str]] = {}
    for row in session.execute(visible_tasks(actor).with_only_columns(Task.round_id, Task.state)):
        states.setdefault(row.round_id, []).append(row.state)
    return [_round_item(round_, states.get(round_.id, [])) for round_ in rounds]


def _round_item(round_: Round, states: list[str]) -> RoundItem:
    return RoundItem(
        id=round_.id,
        name=round_.name,
        english_name=round_.english_name,
        year=round_.plan.year,
        state=round_.state,
        from_on=round_.from_on,
        until_on=round_.until_on,
        tasks=len(states),
        step=current_step(round_.state in ("approved", "closed"), states),
    )


def get_round(session: Session, actor: Actor, round_id: str) -> RoundView:
    """One round without its tasks, which the board lists."""
    round_ = session.scalar(visible_rounds(actor).where(Round.id == round_id))
    if round_ is None:
        raise NotFound("round")
    names = names_of(session, (round_.created_by_id, round_.submitted_by_id, round_.decided_by_id))
    return RoundView(
        id=round_.id,
        plan_id=round_.plan_id,
        plan_name=round_.plan.name,
        year=round_.plan.year,
        name=round_.name,
        english_name=round_.english_name,
        state=round_.state,
        version=round_.version,
        from_on=round_.from_on,
        until_on=round_.until_on,
        reply_hours=round_.reply_hours,
        documents_due_on=round_.documents_due_on,
        report_due_on=round_.report_due_on,
        hearing_workdays=round_.hearing_workdays,
        created_by_id=round_.created_by_id,
        submitted_by_id=round_.submitted_by_id,
        made_by=names.get(round_.created_by_id, ""),
        submitted_by=names.get(round_.submitted_by_id or ""),
        submitted_at=round_.submitted_at,
        decided_by=names.get(round_.decided_by_id or ""),
        decided_at=round_.decided_at,
        opinion=round_.opinion,
        policy_fixed_at=round_.policy_fixed_at,
    )


def list_projects_without_task(session: Session, actor: Actor, round_id: str) -> list[UnpickedTask]:
    """Projects of the round's plan that no task of the round evaluates yet, the costliest first."""
    round_ = get_round(session, actor, round_id)
    taken = select(Task.project_id).where(Task.round_id == round_id)
    query = (
        select(Project.id.label("project_id"), Project.code, Project.name, Organisation.name.label("department"),
               PlanPick.category, Project.adjusted_fen, Field.name.label("field"))
        .join(PlanPick, PlanPick.project_id == Project.id)
        .join(Department, Department.id == Project.department_id)
        .join(Organisation, Organisation.id == Department.organisation_id)
        .outerjoin(Field, Field.code == Project.field_code)
        .where(PlanPick.plan_id == round_.plan_id, Project.id.not_in(taken))
        .order_by(Project.adjusted_fen.desc(), Project.code)
    )  # fmt: skip
    return [UnpickedTask(**row._mapping) for row in session.execute(query)]


def list_templates(session: Session, actor: Actor, *, only_active: bool = False) -> list[TemplateLine]:
    """Panel templates by size; outsiders are shown none."""
    if not actor.is_bureau:
        return []
    used = set(session.scalars(select(Task.panel_template_id).distinct()))
    query = select(PanelTemplate).order_by(PanelTemplate.seats, PanelTemplate.name)
    if only_active:
        query = query.where(PanelTemplate.is_active)
    return [
        TemplateLine(
            id=row.id, name=row.name, english_name=row.english_name, seats=row.seats, wants_field=row.wants_field,
            wants_finance=row.wants_finance, wants_senior=row.wants_senior, employer_max=row.employer_max,
            region_max=row.region_max, reserves=row.reserves, is_active=row.is_active, version=row.version,
            is_used=row.id in used,
        )
        for row in session.scalars(query)
    ]  # fmt: skip


def get_template(session: Session, actor: Actor, template_id: str) -> TemplateLine:
    found = next((line for line in list_templates(session, actor) if line.id == template_id), None)
    if found is None:
        raise NotFound("panel_template")
    return found


def list_field_choices(session: Session, actor: Actor) -> list[Field]:
    """The field tree in the order of its codes."""
    return list(session.scalars(select(Field).order_by(Field.code))) if actor.is_bureau else []


def list_first_evaluations(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(id, code and project) of tasks that a re-evaluation may refer to: those with a signed result."""
    done = ("approved", "fed_back", "applying", "archived")
    query = (
        visible_tasks(actor)
        .join(Project, Project.id == Task.project_id)
        .where(Task.state.in_(done))
        .with_only_columns(Task.id, Task.code, Project.name)
        .order_by(Task.code)
    )
    return [(row.id, f"{row.code} {row.name}") for row in session.execute(query)]
