"""The figures beside the to-do list: how much of the year's money is evaluated, what is covered, where rounds stand."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evalhub.domain.permissions import Actor
from evalhub.domain.round_course import current_step
from evalhub.models.plans import Plan, PlanPick, Round, Task
from evalhub.models.projects import CATEGORIES, Department, Project
from evalhub.models.seats import ENDED, Seat
from evalhub.models.sheets import Sheet
from evalhub.queries.scope import visible_plans, visible_rounds, visible_tasks

HANDED_IN = ("submitted", "locked", "aggregated")
DONE_STATES = (
    "scored", "draft_report", "consulting", "expert_review", "revising", "final", "approved", "fed_back", "applying",
    "archived",
)  # fmt: skip


@dataclass(frozen=True)
class YearFigures:
    """Money in fen; shares in 1/10,000 of all spending of the year."""

    year: int
    spending_fen: int
    picked_fen: int
    picked_share: int
    target_share: int
    category_shares: tuple[tuple[str, int], ...]
    projects_done: int
    projects_picked: int
    departments_covered: int
    departments: int


@dataclass(frozen=True)
class RoundLine:
    """A round of the year: its step, its seats and its sheets."""

    id: str
    name: str
    english_name: str | None
    step: int
    seats_wanted: int
    seats_filled: int
    sheets_in: int
    sheets_wanted: int


def find_year_figures(session: Session, actor: Actor, year: int) -> YearFigures | None:
    """The year's plan in figures, for the bureau; None where there is no plan to see."""
    plan = session.scalar(visible_plans(actor).where(Plan.year == year))
    if plan is None:
        return None
    picks = select(PlanPick.category, func.sum(Project.adjusted_fen), func.count()).join(
        Project, Project.id == PlanPick.project_id
    )
    rows = session.execute(picks.where(PlanPick.plan_id == plan.id).group_by(PlanPick.category))
    by_category = {category: (int(fen), count) for category, fen, count in rows}
    picked = sum(fen for fen, _ in by_category.values())
    done = (
        visible_tasks(actor)
        .join(Round, Round.id == Task.round_id)
        .where(Round.plan_id == plan.id, Task.state.in_(DONE_STATES))
    )
    covered = select(func.count(func.distinct(Project.department_id))).join(PlanPick, PlanPick.project_id == Project.id)
    return YearFigures(
        year=year,
        spending_fen=plan.spending_fen,
        picked_fen=picked,
        picked_share=_share(picked, plan.spending_fen),
        target_share=plan.target_weight,
        category_shares=tuple(
            (category, _share(by_category.get(category, (0, 0))[0], plan.spending_fen)) for category in CATEGORIES
        ),
        projects_done=session.scalar(done.with_only_columns(func.count(func.distinct(Task.project_id)))) or 0,
        projects_picked=sum(count for _, count in by_category.values()),
        departments_covered=session.scalar(covered.where(PlanPick.plan_id == plan.id)) or 0,
        departments=session.scalar(select(func.count()).select_from(Department).where(Department.is_active)) or 0,
    )


def _share(part: int, whole: int) -> int:
    return part * 10_000 // whole if whole else 0


def list_round_lines(session: Session, actor: Actor, year: int) -> list[RoundLine]:
    """The rounds of the year that are not closed, newest first."""
    query = visible_rounds(actor).join(Plan, Plan.id == Round.plan_id).where(Plan.year == year, Round.state != "closed")
    return [_line(session, actor, round_) for round_ in session.scalars(query.order_by(Round.from_on.desc())).unique()]


def _line(session: Session, actor: Actor, round_: Round) -> RoundLine:
    tasks = list(session.scalars(visible_tasks(actor).where(Task.round_id == round_.id)).unique())
    ids = [task.id for task in tasks]
    held = select(func.count()).where(
        Seat.task_id.in_(ids), Seat.kind == "expert", Seat.state.not_in(ENDED), Seat.is_reserve.is_(False)
    )
    called = select(func.count()).where(
        Seat.task_id.in_(ids), Seat.kind == "expert", Seat.state.not_in((*ENDED, "proposed")), Seat.is_reserve.is_(True)
    )
    sheets = select(Sheet.state, func.count()).where(Sheet.task_id.in_(ids), Sheet.is_void.is_(False))
    by_state = {row[0]: row[1] for row in session.execute(sheets.group_by(Sheet.state))}
    return RoundLine(
        id=round_.id,
        name=round_.name,
        english_name=round_.english_name,
        step=current_step(round_.state == "approved", [task.state for task in tasks]),
        seats_wanted=sum(task.panel_template.seats for task in tasks),
        seats_filled=(session.scalar(held) or 0) + (session.scalar(called) or 0),
        sheets_in=sum(count for state, count in by_state.items() if state in HANDED_IN),
        sheets_wanted=sum(by_state.values()),
    )
