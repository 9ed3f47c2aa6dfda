"""The course of a task once its round is approved: handed to other people, started, suspended, resumed, cancelled."""

from sqlalchemy import func, select

from evalhub.domain.errors import InvalidInput, Refused, RuleBroken
from evalhub.domain.states import TASK_LIFECYCLE
from evalhub.domain.tasks import decider_refusal, people_faults
from evalhub.models.papers import DocumentItem
from evalhub.models.plans import Task
from evalhub.queries.audience import list_evaluator_accounts, list_locked_accounts
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.journal import Notice
from evalhub.services.task_checks import role_faults
from evalhub.services.tasks import load_task, task_label
from evalhub.services.versions import refuse_stale

EVENTS = {"suspend": "suspended", "cancel": "cancelled", "resume": "resumed"}


def reassign_task(
    change: Change, task_id: str, officer_id: str, approver_id: str, deputy_approver_id: str, reason: str, version: int
) -> Task:
    """Hand a task to other people, at any time; who decides on it does so.

    Raises:
        Refused: the actor is neither the task's approver nor his deputy.
        InvalidInput: two of the three are one person, or somebody lacks the role or is kept away by a conflict.
    """
    task = load_task(change, task_id)
    refuse_stale(change, "task", task, version, {})
    _refuse_outsider(change, task)
    people = {"officer_id": officer_id, "approver_id": approver_id, "deputy_approver_id": deputy_approver_id}
    faults = people_faults(**people) | role_faults(change, **people) | _locked_faults(change, task, people)
    if faults:
        raise InvalidInput(fields=faults)
    before = {name: getattr(task, name) for name in people}
    for name, account_id in people.items():
        setattr(task, name, account_id)
    told = [Notice(account_id) for account_id in sorted(set(people.values()) - set(before.values()))]
    journal.record(
        change, "task.reassigned", "task", task.id, task_label(task), task_id=task.id,
        before=before, after=people, reason=reason, notify=told,
    )  # fmt: skip
    return task


def start_evaluation(change: Change, task_id: str, version: int) -> Task:
    """Let the evaluators begin: every required document is in or waived.

    Raises:
        RuleBroken: documents are still missing or unchecked; figures count them.
    """
    task = load_task(change, task_id)
    refuse_stale(change, "task", task, version, {})
    missing = _open_documents(change, task)
    if missing:
        raise RuleBroken("task.documents_missing", count=missing)
    TASK_LIFECYCLE.apply(task, "start", change.actor)
    journal.record(
        change, "task.started", "task", task.id, task_label(task), task_id=task.id,
        notify=[Notice(account_id) for account_id in list_evaluator_accounts(change.session, task.id)],
    )  # fmt: skip
    return task


def stop_task(change: Change, task_id: str, action: str, reason: str, version: int) -> Task:
    """Suspend or cancel a task, or resume a suspended one where it stood.

    Args:
        action: `suspend`, `cancel` or `resume`.
        reason: always needed.

    Raises:
        Refused: the actor is neither the task's approver nor his deputy.
        InvalidMove: the task's state does not allow it.
    """
    task = load_task(change, task_id)
    refuse_stale(change, "task", task, version, {})
    _refuse_outsider(change, task)
    if not reason:
        raise InvalidInput(fields={"reason": "field.required"})
    stood = task.state
    TASK_LIFECYCLE.apply(task, f"resume_{task.state_before}" if action == "resume" else action, change.actor)
    task.state_before, task.state_reason = (None, None) if action == "resume" else (stood, reason)
    journal.record(
        change, f"task.{EVENTS[action]}", "task", task.id, task_label(task), task_id=task.id, reason=reason,
        before={"state": stood}, after={"state": task.state}, notify=[Notice(task.officer_id)],
    )  # fmt: skip
    return task


def _refuse_outsider(change: Change, task: Task) -> None:
    reason = decider_refusal(change.actor, task)
    if reason:
        raise Refused(reason, noun="task")


def _locked_faults(change: Change, task: Task, people: dict[str, str]) -> dict[str, str]:
    locked = list_locked_accounts(change.session, task.id)
    return {name: "people.in_conflict" for name, account_id in people.items() if account_id in locked}


def _open_documents(change: Change, task: Task) -> int:
    """Required documents that are neither accepted nor waived."""
    query = select(func.count()).where(
        DocumentItem.task_id == task.id,
        DocumentItem.is_required,
        DocumentItem.state.not_in(("accepted", "not_applicable")),
    )
    return change.session.scalar(query) or 0
