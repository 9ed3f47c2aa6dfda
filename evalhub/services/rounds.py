"""Rounds of evaluations: dates, submission, decision by another person. An approved round lets its tasks be staffed."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from evalhub.domain.errors import InvalidInput, NotFound, RuleBroken
from evalhub.domain.permissions import Role
from evalhub.domain.states import ROUND_LIFECYCLE, TASK_LIFECYCLE
from evalhub.models.frameworks import FrameworkEdition
from evalhub.models.plans import Plan, Round, Task
from evalhub.queries.audience import list_role_holders
from evalhub.queries.scope import visible_plans, visible_rounds
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.journal import Notice
from evalhub.services.versions import refuse_stale

EDITABLE = ("draft", "returned")
REPLY_HOURS = (1, 240)
HEARING_WORKDAYS = (5, 30)


@dataclass(frozen=True)
class RoundValues:
    """What an officer enters. Days are office days; the work of all tasks lies within from_on and until_on."""

    name: str
    english_name: str | None
    from_on: date
    until_on: date
    reply_hours: int
    documents_due_on: date | None
    report_due_on: date | None
    hearing_workdays: int

    def faults(self) -> dict[str, str]:
        """Field -> code of what cannot be."""
        found = {}
        if self.until_on < self.from_on:
            found["until_on"] = "dates.reversed"
        for name in ("documents_due_on", "report_due_on"):
            day = getattr(self, name)
            if day is not None and not self.from_on <= day <= self.until_on:
                found[name] = "dates.outside_round"
        if not REPLY_HOURS[0] <= self.reply_hours <= REPLY_HOURS[1]:
            found["reply_hours"] = "round.reply_hours"
        if not HEARING_WORKDAYS[0] <= self.hearing_workdays <= HEARING_WORKDAYS[1]:
            found["hearing_workdays"] = "round.hearing_workdays"
        return found


def create_round(change: Change, plan_id: str, values: RoundValues) -> Round:
    """Open a round under an approved plan.

    Raises:
        RuleBroken: the plan is not approved.
        InvalidInput: dates or hours that cannot be.
    """
    plan = change.session.scalar(visible_plans(change.actor).where(Plan.id == plan_id))
    if plan is None:
        raise NotFound("plan")
    if plan.state != "approved":
        raise RuleBroken("round.plan_not_approved")
    _refuse_faults(values)
    round_ = Round(plan_id=plan.id, created_by_id=change.actor.account_id, created_at=change.now, **asdict(values))
    change.session.add(round_)
    change.session.flush()
    journal.record(change, "round.created", "round", round_.id, round_.name, after=asdict(values))
    return round_


def edit_round(change: Change, round_id: str, values: RoundValues, version: int) -> Round:
    """Change name and dates of a round that is not yet decided.

    Raises:
        RuleBroken: a task's work would lie outside the new dates.
    """
    round_ = load_editable_round(change, round_id)
    refuse_stale(change, "round", round_, version, asdict(values))
    _refuse_faults(values)
    for task in tasks_of(change, round_.id):
        if not (values.from_on <= task.work_from_on and task.work_until_on <= values.until_on):
            raise RuleBroken("round.task_outside", task=task.code)
    before = {name: getattr(round_, name) for name in asdict(values)}
    for name, wanted in asdict(values).items():
        setattr(round_, name, wanted)
    journal.record(change, "round.edited", "round", round_.id, round_.name, before=before, after=asdict(values))
    return round_


def submit_round(change: Change, round_id: str, version: int) -> Round:
    """Send the round with all its tasks to the approvers.

    Raises:
        RuleBroken: no task, or a task with an edition that is not published.
    """
    round_ = load_round(change, round_id)
    refuse_stale(change, "round", round_, version, {})
    _refuse_unready(change, round_)
    ROUND_LIFECYCLE.apply(round_, "submit", change.actor)
    round_.submitted_by_id, round_.submitted_at = change.actor.account_id, change.now
    told = [Notice(account_id) for account_id in list_role_holders(change.session, Role.APPROVER)]
    journal.record(change, "round.submitted", "round", round_.id, round_.name, notify=told)
    return round_


def withdraw_round(change: Change, round_id: str, version: int) -> Round:
    """Take a submitted round back before it is decided."""
    round_ = load_round(change, round_id)
    refuse_stale(change, "round", round_, version, {})
    ROUND_LIFECYCLE.apply(round_, "withdraw", change.actor)
    journal.record(change, "round.withdrawn", "round", round_.id, round_.name)
    return round_


def decide_round(change: Change, round_id: str, action: str, opinion: str, version: int) -> Round:
    """Approve or return a submitted round; its maker cannot. Approval lets all its tasks be staffed.

    Args:
        action: `approve` or `return`; a return needs an opinion.

    Raises:
        RuleBroken: a conflict keeps the actor away from a task of the round; another approver decides.
        Refused: the actor made or submitted the round.
    """
    round_ = load_round(change, round_id)
    refuse_stale(change, "round", round_, version, {})
    if action == "return" and not opinion:
        raise InvalidInput(fields={"opinion": "field.required"})
    tasks = tasks_of(change, round_.id)
    if any(task.id in change.actor.locked_task_ids for task in tasks):
        raise RuleBroken("round.other_approver")
    ROUND_LIFECYCLE.apply(round_, action, change.actor)
    round_.decided_by_id, round_.decided_at, round_.opinion = change.actor.account_id, change.now, opinion or None
    if action == "approve":
        _refuse_unready(change, round_)
        for task in tasks:
            TASK_LIFECYCLE.apply(task, "staff", change.actor)
    told = {task.officer_id for task in tasks} | ({round_.submitted_by_id} if round_.submitted_by_id else set())
    event = "round.approved" if action == "approve" else "round.returned"
    journal.record(
        change, event, "round", round_.id, round_.name, reason=opinion or None,
        notify=[Notice(account_id) for account_id in sorted(told)],
    )  # fmt: skip
    return round_


def close_round(change: Change, round_id: str, version: int) -> Round:
    """End a round whose tasks are all fed back, archived or cancelled.

    Raises:
        RuleBroken: a task is still under way.
    """
    round_ = load_round(change, round_id)
    refuse_stale(change, "round", round_, version, {})
    still = [task for task in tasks_of(change, round_.id) if task.state not in ("fed_back", "archived", "cancelled")]
    if still:
        raise RuleBroken("round.tasks_under_way", count=len(still))
    ROUND_LIFECYCLE.apply(round_, "close", change.actor)
    journal.record(change, "round.closed", "round", round_.id, round_.name)
    return round_


def load_round(change: Change, round_id: str) -> Round:
    """The round, or NotFound."""
    round_ = change.session.scalar(visible_rounds(change.actor).where(Round.id == round_id))
    if round_ is None:
        raise NotFound("round")
    return round_


def load_editable_round(change: Change, round_id: str) -> Round:
    """The round while its tasks may still be set. Raises `RuleBroken` once it is submitted."""
    round_ = load_round(change, round_id)
    if round_.state not in EDITABLE:
        raise RuleBroken("round.not_editable")
    return round_


def tasks_of(change: Change, round_id: str) -> list[Task]:
    """All tasks of a round, also those that the actor may not see: a decision on the round binds them too."""
    return list(change.session.scalars(select(Task).where(Task.round_id == round_id).order_by(Task.code)))


def _refuse_faults(values: RoundValues) -> None:
    faults = values.faults()
    if faults:
        raise InvalidInput(fields=faults)


def _refuse_unready(change: Change, round_: Round) -> None:
    tasks = tasks_of(change, round_.id)
    if not tasks:
        raise RuleBroken("round.no_tasks")
    editions = {task.framework_edition_id for task in tasks}
    unpublished = change.session.scalar(
        select(FrameworkEdition.id).where(FrameworkEdition.id.in_(editions), FrameworkEdition.state != "published")
    )
    if unpublished:
        raise RuleBroken("round.edition_not_published")
