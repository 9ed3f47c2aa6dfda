"""The yearly plan: made by an officer, its projects picked with a reason, decided by another person."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from evalhub.domain.errors import InvalidInput, NotFound, RuleBroken
from evalhub.domain.permissions import Role
from evalhub.domain.states import PLAN_LIFECYCLE
from evalhub.models.plans import Plan, PlanPick, Task
from evalhub.models.projects import Project
from evalhub.queries.audience import list_role_holders
from evalhub.queries.scope import visible_plans
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.journal import Notice
from evalhub.services.versions import refuse_stale

EDITABLE = ("draft", "returned")


@dataclass(frozen=True)
class PlanValues:
    """What an officer enters: all spending of the year in fen, the share aimed at in 1/10,000."""

    year: int
    name: str
    spending_fen: int
    target_weight: int


def create_plan(change: Change, values: PlanValues) -> Plan:
    """Begin the plan of a year.

    Raises:
        InvalidInput: the year has a plan.
    """
    if change.session.scalar(select(Plan.id).where(Plan.year == values.year)):
        raise InvalidInput(fields={"year": "plan.year_taken"})
    plan = Plan(**asdict(values), created_by_id=change.actor.account_id, created_at=change.now)
    change.session.add(plan)
    change.session.flush()
    journal.record(change, "plan.created", "plan", plan.id, plan.name, after=asdict(values))
    return plan


def edit_plan(change: Change, plan_id: str, values: PlanValues, version: int) -> Plan:
    """Change name, spending or target of a plan that is not yet decided; the year stays."""
    plan = _load_editable(change, plan_id)
    refuse_stale(change, "plan", plan, version, asdict(values))
    before = {name: getattr(plan, name) for name in asdict(values)}
    plan.name, plan.spending_fen, plan.target_weight = values.name, values.spending_fen, values.target_weight
    journal.record(change, "plan.edited", "plan", plan.id, plan.name, before=before, after=asdict(values))
    return plan


def pick_projects(change: Change, plan_id: str, project_ids: Sequence[str], reason: str, version: int) -> int:
    """Take projects of the plan's year into the plan, each under its own category; those in it already stay.

    Returns:
        How many were added.

    Raises:
        InvalidInput: nothing ticked, or a project that is not of this year.
    """
    plan = _load_editable(change, plan_id)
    refuse_stale(change, "plan", plan, version, {})
    picked = {pick.project_id for pick in plan.picks}
    projects = _projects_of_year(change, plan, project_ids)
    added = [project for project in projects if project.id not in picked]
    for project in added:
        plan.picks.append(PlanPick(project_id=project.id, category=project.category, reason=reason))
    _touch(plan)
    codes = sorted(project.code for project in added)
    journal.record(
        change, "plan.projects_picked", "plan", plan.id, plan.name, reason=reason, detail={"projects": codes}
    )
    return len(added)


def edit_pick(change: Change, plan_id: str, pick_id: str, category: str, reason: str, version: int) -> None:
    """Change the category or the reason of one pick."""
    plan = _load_editable(change, plan_id)
    pick = _find_pick(plan, pick_id)
    refuse_stale(change, "plan", plan, version, {})
    before = {"category": pick.category, "reason": pick.reason}
    pick.category, pick.reason = category, reason
    _touch(plan)
    after = {"category": category, "reason": reason}
    detail = {"project": pick.project.code}
    journal.record(change, "plan.pick_edited", "plan", plan.id, plan.name, before=before, after=after, detail=detail)


def drop_pick(change: Change, plan_id: str, pick_id: str, version: int) -> None:
    """Take a project out of the plan.

    Raises:
        RuleBroken: a task of this plan's rounds evaluates it.
    """
    plan = _load_editable(change, plan_id)
    pick = _find_pick(plan, pick_id)
    refuse_stale(change, "plan", plan, version, {})
    if change.session.scalar(select(Task.id).where(Task.project_id == pick.project_id)):
        raise RuleBroken("plan.pick_has_task")
    plan.picks.remove(pick)
    _touch(plan)
    detail = {"project": pick.project.code}
    journal.record(change, "plan.pick_dropped", "plan", plan.id, plan.name, detail=detail)


def submit_plan(change: Change, plan_id: str, version: int) -> Plan:
    """Send the plan to the approvers.

    Raises:
        RuleBroken: no project is picked.
    """
    plan = _load(change, plan_id)
    refuse_stale(change, "plan", plan, version, {})
    if not plan.picks:
        raise RuleBroken("plan.no_projects")
    PLAN_LIFECYCLE.apply(plan, "submit", change.actor)
    plan.submitted_by_id, plan.submitted_at = change.actor.account_id, change.now
    told = [Notice(account_id) for account_id in list_role_holders(change.session, Role.APPROVER)]
    journal.record(change, "plan.submitted", "plan", plan.id, plan.name, notify=told)
    return plan


def withdraw_plan(change: Change, plan_id: str, version: int) -> Plan:
    """Take a submitted plan back before it is decided."""
    plan = _load(change, plan_id)
    refuse_stale(change, "plan", plan, version, {})
    PLAN_LIFECYCLE.apply(plan, "withdraw", change.actor)
    journal.record(change, "plan.withdrawn", "plan", plan.id, plan.name)
    return plan


def decide_plan(change: Change, plan_id: str, action: str, opinion: str, version: int) -> Plan:
    """Approve or return a submitted plan; its maker cannot.

    Args:
        action: `approve` or `return`; a return needs an opinion.

    Raises:
        InvalidInput: returned without an opinion.
        Refused: the actor made or submitted the plan.
    """
    plan = _load(change, plan_id)
    refuse_stale(change, "plan", plan, version, {})
    if action == "return" and not opinion:
        raise InvalidInput(fields={"opinion": "field.required"})
    PLAN_LIFECYCLE.apply(plan, action, change.actor)
    plan.decided_by_id, plan.decided_at, plan.opinion = change.actor.account_id, change.now, opinion or None
    told = [Notice(plan.submitted_by_id)] if plan.submitted_by_id else []
    event = "plan.approved" if action == "approve" else "plan.returned"
    journal.record(change, event, "plan", plan.id, plan.name, reason=opinion or None, notify=told)
    return plan


def _load(change: Change, plan_id: str) -> Plan:
    plan = change.session.scalar(visible_plans(change.actor).where(Plan.id == plan_id))
    if plan is None:
        raise NotFound("plan")
    return plan


def _load_editable(change: Change, plan_id: str) -> Plan:
    plan = _load(change, plan_id)
    if plan.state not in EDITABLE:
        raise RuleBroken("plan.not_editable")
    return plan


def _find_pick(plan: Plan, pick_id: str) -> PlanPick:
    pick = next((pick for pick in plan.picks if pick.id == pick_id), None)
    if pick is None:
        raise NotFound("plan_pick")
    return pick


def _projects_of_year(change: Change, plan: Plan, project_ids: Sequence[str]) -> list[Project]:
    wanted = set(project_ids)
    if not wanted:
        raise InvalidInput(fields={"project_ids": "plan.nothing_ticked"})
    found = change.session.scalars(select(Project).where(Project.id.in_(wanted), Project.year == plan.year)).all()
    if len(found) != len(wanted):
        raise InvalidInput(fields={"project_ids": "plan.project_of_other_year"})
    return sorted(found, key=lambda project: project.code)


def _touch(plan: Plan) -> None:
    """A pick belongs to the plan: whoever decides on the plan must have seen the same picks."""
    flag_modified(plan, "state")
