"""Plans as their pages show them: picks, share of all spending, rounds, and the projects that may still be picked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evalhub.domain.coverage import Coverage, coverage_of
from evalhub.domain.errors import NotFound
from evalhub.domain.permissions import Actor
from evalhub.models.organisations import Organisation
from evalhub.models.plans import Plan, PlanPick, Round, Task
from evalhub.models.projects import CATEGORIES, Department, Project
from evalhub.queries.people import names_of
from evalhub.queries.scope import visible_plans

PICKABLE_AT_MOST = 200


@dataclass(frozen=True)
class PlanLine:
    id: str
    year: int
    name: str
    state: str
    coverage: Coverage
    rounds: int


@dataclass(frozen=True)
class PickLine:
    """One picked project; `adjusted_fen` is the money that counts, `tasks` how many evaluations it has."""

    id: str
    project_id: str
    code: str
    name: str
    department: str
    category: str
    reason: str
    adjusted_fen: int
    tasks: int


@dataclass(frozen=True)
class RoundLine:
    id: str
    name: str
    english_name: str | None
    state: str
    from_on: object
    until_on: object
    tasks: int


@dataclass(frozen=True)
class PlanView:
    """The record that a plan's page, its gate and its buttons read."""

    id: str
    year: int
    name: str
    state: str
    spending_fen: int
    target_weight: int
    version: int
    created_by_id: str
    submitted_by_id: str | None
    made_by: str
    submitted_by: str | None
    submitted_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    opinion: str | None
    coverage: Coverage
    picks: tuple[PickLine, ...]
    rounds: tuple[RoundLine, ...]


@dataclass(frozen=True)
class PickableProject:
    id: str
    code: str
    name: str
    department: str
    category: str
    adjusted_fen: int
    is_new: bool


def list_plans(session: Session, actor: Actor) -> list[PlanLine]:
    """All years, newest first."""
    plans = session.scalars(visible_plans(actor).order_by(Plan.year.desc())).all()
    ids = [plan.id for plan in plans]
    money = _money_of(session, ids)
    rounds = dict(
        session.execute(select(Round.plan_id, func.count()).where(Round.plan_id.in_(ids)).group_by(Round.plan_id)).all()
    )
    return [
        PlanLine(
            id=plan.id,
            year=plan.year,
            name=plan.name,
            state=plan.state,
            coverage=coverage_of(money.get(plan.id, []), CATEGORIES, plan.spending_fen, plan.target_weight),
            rounds=rounds.get(plan.id, 0),
        )
        for plan in plans
    ]


def get_plan(session: Session, actor: Actor, plan_id: str) -> PlanView:
    """One plan with all that stands in it."""
    plan = session.scalar(visible_plans(actor).where(Plan.id == plan_id))
    if plan is None:
        raise NotFound("plan")
    picks = _picks(session, actor, plan.id)
    names = names_of(session, (plan.created_by_id, plan.submitted_by_id, plan.decided_by_id))
    money = [(pick.category, pick.adjusted_fen) for pick in picks]
    return PlanView(
        id=plan.id,
        year=plan.year,
        name=plan.name,
        state=plan.state,
        spending_fen=plan.spending_fen,
        target_weight=plan.target_weight,
        version=plan.version,
        created_by_id=plan.created_by_id,
        submitted_by_id=plan.submitted_by_id,
        made_by=names.get(plan.created_by_id, ""),
        submitted_by=names.get(plan.submitted_by_id or ""),
        submitted_at=plan.submitted_at,
        decided_by=names.get(plan.decided_by_id or ""),
        decided_at=plan.decided_at,
        opinion=plan.opinion,
        coverage=coverage_of(money, CATEGORIES, plan.spending_fen, plan.target_weight),
        picks=picks,
        rounds=_rounds(session, actor, plan.id),
    )


def list_pickable(
    session: Session, actor: Actor, plan_id: str, *, text: str = "", category: str = "", department_id: str = ""
) -> list[PickableProject]:
    """Projects of the plan's year that are not in it yet, the costliest first; at most 200 at a time."""
    plan = session.scalar(visible_plans(actor).where(Plan.id == plan_id))
    if plan is None:
        raise NotFound("plan")
    picked = select(PlanPick.project_id).where(PlanPick.plan_id == plan.id)
    query = (
        select(Project.id, Project.code, Project.name, Organisation.name.label("department"), Project.category,
               Project.adjusted_fen, Project.is_new)
        .join(Department, Department.id == Project.department_id)
        .join(Organisation, Organisation.id == Department.organisation_id)
        .where(Project.year == plan.year, Project.id.not_in(picked))
        .order_by(Project.adjusted_fen.desc(), Project.code)
        .limit(PICKABLE_AT_MOST)
    )  # fmt: skip
    if text:
        found = Project.name.contains(text, autoescape=True) | Project.code.contains(text, autoescape=True)
        query = query.where(found)
    if category in CATEGORIES:
        query = query.where(Project.category == category)
    if department_id:
        query = query.where(Project.department_id == department_id)
    return [PickableProject(**row._mapping) for row in session.execute(query)]


def list_plan_departments(session: Session, actor: Actor, plan_id: str) -> list[tuple[str, str]]:
    """(id, name) of the departments that have projects in the plan's year."""
    year = session.scalar(visible_plans(actor).where(Plan.id == plan_id).with_only_columns(Plan.year))
    query = (
        select(Department.id, Organisation.name)
        .join(Organisation, Organisation.id == Department.organisation_id)
        .where(Department.id.in_(select(Project.department_id).where(Project.year == year)))
        .order_by(Department.budget_code)
    )
    return [(row.id, row.name) for row in session.execute(query)]


def _money_of(session: Session, plan_ids: list[str]) -> dict[str, list[tuple[str, int]]]:
    query = (
        select(PlanPick.plan_id, PlanPick.category, Project.adjusted_fen)
        .join(Project, Project.id == PlanPick.project_id)
        .where(PlanPick.plan_id.in_(plan_ids))
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for row in session.execute(query):
        found.setdefault(row.plan_id, []).append((row.category, row.adjusted_fen))
    return found


def _picks(session: Session, actor: Actor, plan_id: str) -> tuple[PickLine, ...]:
    tasks = (
        select(func.count())
        .where(Task.project_id == PlanPick.project_id, Task.id.not_in(actor.locked_task_ids))
        .correlate(PlanPick)
        .scalar_subquery()
    )
    query = (
        select(PlanPick.id, PlanPick.project_id, Project.code, Project.name, Organisation.name.label("department"),
               PlanPick.category, PlanPick.reason, Project.adjusted_fen, tasks.label("tasks"))
        .join(Project, Project.id == PlanPick.project_id)
        .join(Department, Department.id == Project.department_id)
        .join(Organisation, Organisation.id == Department.organisation_id)
        .where(PlanPick.plan_id == plan_id)
        .order_by(PlanPick.category, Project.adjusted_fen.desc(), Project.code)
    )  # fmt: skip
    return tuple(PickLine(**row._mapping) for row in session.execute(query))


def _rounds(session: Session, actor: Actor, plan_id: str) -> tuple[RoundLine, ...]:
    tasks = (
        select(func.count())
        .where(Task.round_id == Round.id, Task.id.not_in(actor.locked_task_ids))
        .correlate(Round)
        .scalar_subquery()
    )
    query = (
        select(
            Round.id, Round.name, Round.english_name, Round.state, Round.from_on, Round.until_on, tasks.label("tasks")
        )
        .where(Round.plan_id == plan_id)
        .order_by(Round.from_on, Round.id)
    )
    return tuple(RoundLine(**row._mapping) for row in session.execute(query))
