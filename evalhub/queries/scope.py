"""Which rows of a table an actor may see. Every query that feeds a page starts from one of these functions."""

from sqlalchemy import ColumnElement, Exists, Select, exists, false, select

from evalhub.domain.permissions import ADMINISTRATORS, SYSTEM_ACCOUNT_ID, Actor
from evalhub.models.accounts import Account
from evalhub.models.agencies import Agency
from evalhub.models.allocation import AllocationRun, SeatPlan
from evalhub.models.conflicts import ConflictHit
from evalhub.models.experts import Expert
from evalhub.models.frameworks import FrameworkEdition
from evalhub.models.intakes import Intake
from evalhub.models.journal import Notification
from evalhub.models.organisations import Organisation
from evalhub.models.papers import EvaluationNotice
from evalhub.models.plans import Plan, Round, Task
from evalhub.models.projects import Department, Project
from evalhub.models.results import Result
from evalhub.models.seats import ENDED, Seat
from evalhub.models.sheets import Sheet

STOPPED = ("suspended", "cancelled")


def visible_accounts(actor: Actor) -> Select[Account]:
    """Administrators see every account, everybody else his own."""
    query = select(Account)
    return query if actor.has_any(ADMINISTRATORS) else query.where(Account.id == actor.account_id)


def visible_notifications(actor: Actor) -> Select[Notification]:
    """One's own messages, without those of tasks that a conflict keeps one away from."""
    query = select(Notification).where(Notification.account_id == actor.account_id)
    return without_locked_tasks(query, Notification.task_id, actor)


def visible_plans(actor: Actor) -> Select[Plan]:
    """Plans are the bureau's own business."""
    return _for_bureau(select(Plan), actor)


def visible_rounds(actor: Actor) -> Select[Round]:
    """Rounds too; evaluators and units know their tasks only."""
    return _for_bureau(select(Round), actor)


def visible_editions(actor: Actor) -> Select[FrameworkEdition]:
    """Indicator frameworks are the bureau's; others read the tree of their task."""
    return _for_bureau(select(FrameworkEdition), actor)


def visible_tasks(actor: Actor) -> Select[Task]:
    """The bureau sees all tasks but those that a conflict keeps its user away from.

    An evaluator sees a task while it is not stopped and he holds a seat on it that he accepted, undertook and declared
    himself free for; a department sees the tasks of its projects from the evaluation notice on; administrators none.
    """
    query = select(Task)
    if actor.is_bureau or actor.account_id == SYSTEM_ACCOUNT_ID:
        return without_locked_tasks(query, Task.id, actor)
    if actor.expert_id:
        return query.where(Task.state.not_in(STOPPED), _holds_open_seat(Seat.expert_id == actor.expert_id))
    if actor.agency_id:
        return query.where(Task.state.not_in(STOPPED), _holds_open_seat(Seat.agency_id == actor.agency_id))
    if actor.department_id:
        own = select(Project.id).where(Project.department_id == actor.department_id)
        notified = exists().where(EvaluationNotice.task_id == Task.id).correlate(Task)
        return query.where(Task.project_id.in_(own), notified)
    return nothing(query)


def visible_experts(actor: Actor) -> Select[tuple[Expert]]:
    """The bureau sees the pool, an expert himself."""
    return _for_bureau_or(select(Expert), actor, Expert.id, actor.expert_id)


def visible_agencies(actor: Actor) -> Select[tuple[Agency]]:
    """The bureau sees the pool, an agency itself."""
    return _for_bureau_or(select(Agency), actor, Agency.id, actor.agency_id)


def visible_departments(actor: Actor) -> Select[tuple[Department]]:
    return _for_bureau_or(select(Department), actor, Department.id, actor.department_id)


def visible_projects(actor: Actor) -> Select[tuple[Project]]:
    """The bureau sees all projects, a department its own."""
    return _for_bureau_or(select(Project), actor, Project.department_id, actor.department_id)


def visible_organisations(actor: Actor) -> Select[tuple[Organisation]]:
    """The register of bodies is a tool of the bureau."""
    return _for_bureau(select(Organisation), actor)


def visible_intakes(actor: Actor) -> Select[tuple[Intake]]:
    """A sheet under check belongs to the one who brought it."""
    return _for_bureau(select(Intake), actor).where(Intake.account_id == actor.account_id)


def _holds_open_seat(is_his: ColumnElement[bool]) -> Exists:
    """A seat from the declaration to its end; a suspended one opens nothing."""
    open_seat = exists().where(
        Seat.task_id == Task.id,
        is_his,
        Seat.accepted_at.is_not(None),
        Seat.undertaken_at.is_not(None),
        Seat.declared_at.is_not(None),
        Seat.ended_at.is_(None),
        Seat.is_suspended.is_(False),
        Seat.state.not_in(ENDED),
    )
    return open_seat.correlate(Task)


def visible_seats(actor: Actor) -> Select[Seat]:
    """The bureau sees the seats of the tasks it sees; an evaluator his own, once he has been told of it."""
    query = select(Seat)
    if actor.is_bureau or actor.account_id == SYSTEM_ACCOUNT_ID:
        return without_locked_tasks(query, Seat.task_id, actor)
    told = Seat.invited_at.is_not(None)
    if actor.expert_id:
        return query.where(Seat.expert_id == actor.expert_id, told)
    if actor.agency_id:
        return query.where(Seat.agency_id == actor.agency_id, told)
    return nothing(query)


def visible_sheets(actor: Actor) -> Select[Sheet]:
    """An evaluator sees the sheet of his own living seat; the bureau sees that sheets exist, and their lines once opened."""
    query = select(Sheet)
    if actor.is_bureau or actor.account_id == SYSTEM_ACCOUNT_ID:
        return without_locked_tasks(query, Sheet.task_id, actor)
    if actor.expert_id or actor.agency_id:
        living = visible_seats(actor).where(Seat.state.not_in(ENDED), Seat.is_suspended.is_(False))
        return query.where(Sheet.seat_id.in_(living.with_only_columns(Seat.id)), Sheet.is_void.is_(False))
    return nothing(query)


def visible_results(actor: Actor) -> Select[Result]:
    """The bureau sees every version of the results it may know of; the unit its own, from the hearing on.

    The unit of a project sees the version that is being heard or has been signed, never a draft.
    """
    query = select(Result)
    if actor.is_bureau or actor.account_id == SYSTEM_ACCOUNT_ID:
        return without_locked_tasks(query, Result.task_id, actor)
    if actor.department_id:
        own = select(Task.id).join(Project, Project.id == Task.project_id)
        own = own.where(Project.department_id == actor.department_id)
        shown = ("hearing", "heard", "submitted", "returned", "signed")
        return query.where(Result.task_id.in_(own), Result.state.in_(shown))
    return nothing(query)


def visible_runs(actor: Actor) -> Select[AllocationRun]:
    """Allocation runs are the bureau's own business."""
    return _for_bureau(select(AllocationRun), actor)


def visible_seat_plans(actor: Actor) -> Select[SeatPlan]:
    """Plans of seats too."""
    return _for_bureau(select(SeatPlan), actor)


def visible_hits(actor: Actor) -> Select[ConflictHit]:
    """Conflicts of the tasks that the bureau's user may know of."""
    query = _for_bureau(select(ConflictHit), actor)
    return without_locked_tasks(query, ConflictHit.task_id, actor)


def _for_bureau(query: Select, actor: Actor) -> Select:
    return query if actor.is_bureau or actor.account_id == SYSTEM_ACCOUNT_ID else nothing(query)


def _for_bureau_or(query: Select, actor: Actor, column, own_id: str | None) -> Select:  # type: ignore[no-untyped-def]
    """All rows for the bureau, one's own for whom the row speaks of, none for others."""
    if actor.is_bureau or actor.account_id == SYSTEM_ACCOUNT_ID:
        return query
    return query.where(column == own_id) if own_id else nothing(query)


def without_locked_tasks(query: Select, task_id_column, actor: Actor) -> Select:  # type: ignore[no-untyped-def]
    """Leave out rows of tasks that do not exist for this actor; rows of no task stay."""
    if not actor.locked_task_ids:
        return query
    return query.where(task_id_column.is_(None) | task_id_column.not_in(actor.locked_task_ids))


def nothing(query: Select) -> Select:
    """The same columns, and never a row."""
    return query.where(false())
