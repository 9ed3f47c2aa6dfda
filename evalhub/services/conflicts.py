"""Conflicts of a task: rules set, hits found again on demand, ruled on by officers, waived by approvers, reported."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.domain import conflicts as rules
from evalhub.domain.conflict_states import CONFLICT_LIFECYCLE
from evalhub.domain.errors import InvalidInput, NotFound, RuleBroken
from evalhub.models.agencies import Agency
from evalhub.models.conflicts import ConflictHit
from evalhub.models.experts import Expert
from evalhub.models.plans import Task
from evalhub.queries.blocked import blocked_pairs, team_blocked
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.hits import detect, keep_declared
from evalhub.services.journal import Notice
from evalhub.services.seats import suspend_conflicted, suspend_lead
from evalhub.services.versions import refuse_stale

DECISIONS = ("confirm", "dismiss", "ask")
SOURCES = ("unit", "bureau")
REASON_LENGTHS = (10, 200)


def detect_for_tasks(change: Change, task_ids: Sequence[str]) -> int:
    """Find the conflicts of these tasks as records stand today; earlier verdicts stay.

    Who already has a seat and is found in a hard conflict loses it in the same transaction.

    Returns:
        How many hits are current. A hit that records no longer bear out stays kept, and no longer counts.
    """
    tasks = list(change.session.scalars(select(Task).where(Task.id.in_(list(task_ids)))).unique())
    if not tasks:
        raise NotFound("task")
    found = detect(change.session, tasks, change)
    label = tasks[0].code if len(tasks) == 1 else f"{len(tasks)} tasks"
    journal.record(
        change, "conflict.detected", "task", tasks[0].id if len(tasks) == 1 else "several", label,
        task_id=tasks[0].id if len(tasks) == 1 else None,
        detail={"tasks": len(tasks), "hits": found}, notify=suspend_hard(change, tasks),
    )  # fmt: skip
    return found


def decide(change: Change, hit_id: str, decision: str, reason: str, version: int) -> ConflictHit:
    """The officer's verdict on a hit: `confirm`, `dismiss` or `ask`, each with a reason that the person may read.

    A confirmed conflict of somebody who already has a seat suspends it in the same transaction.

    Raises:
        InvalidInput: no verdict, or a reason outside `REASON_LENGTHS` characters.
    """
    hit, task = _get(change.session, hit_id)
    refuse_stale(change, "conflict_hit", hit, version, {"reason": reason})
    if decision not in DECISIONS:
        raise InvalidInput(fields={"decision": "field.required"})
    _refuse_reason(reason)
    before = hit.state
    CONFLICT_LIFECYCLE.apply(hit, decision, change.actor)
    hit.reason, hit.decided_by_id, hit.decided_at = reason, change.actor.account_id, change.now
    change.session.flush()
    journal.record(
        change, "conflict.decided", "conflict_hit", hit.id, f"{task.code} {hit.rule}", task_id=task.id,
        before={"state": before}, after={"state": hit.state}, reason=reason, notify=suspend_hard(change, [task]),
    )  # fmt: skip
    return hit


def ask_waiver(change: Change, hit_id: str, reason: str, version: int) -> ConflictHit:
    """The officer asks the approver to lift one hit of a policy rule; law is never lifted."""
    hit, task = _get(change.session, hit_id)
    refuse_stale(change, "conflict_hit", hit, version, {"waiver_reason": reason})
    if hit.rule in rules.LAW_RULES:
        raise RuleBroken("conflict.law_has_no_waiver", rule=hit.rule)
    _refuse_reason(reason)
    CONFLICT_LIFECYCLE.apply(hit, "ask_waiver", change.actor)
    hit.waiver_reason, hit.waiver_asked_by_id = reason, change.actor.account_id
    approvers = sorted({task.approver_id, task.deputy_approver_id} - {change.actor.account_id})
    journal.record(
        change, "conflict.waiver_asked", "conflict_hit", hit.id, f"{task.code} {hit.rule}", task_id=task.id,
        reason=reason, notify=[Notice(account_id) for account_id in approvers],
    )  # fmt: skip
    return hit


def decide_waiver(change: Change, hit_id: str, is_granted: bool, reason: str, version: int) -> ConflictHit:
    """The approver grants or refuses a waiver that another person asked for; the supervisor sees it among the overrides.

    Raises:
        Refused: the actor is no approver, or asked for it himself.
    """
    hit, task = _get(change.session, hit_id)
    refuse_stale(change, "conflict_hit", hit, version, {"reason": reason})
    _refuse_reason(reason)
    CONFLICT_LIFECYCLE.apply(hit, "waive" if is_granted else "refuse_waiver", change.actor)
    hit.reason = reason
    if is_granted:
        hit.waived_by_id, hit.waived_at = change.actor.account_id, change.now
    else:
        hit.decided_by_id, hit.decided_at = change.actor.account_id, change.now
    change.session.flush()
    journal.record(
        change, "conflict.waived" if is_granted else "conflict.waiver_refused", "conflict_hit", hit.id,
        f"{task.code} {hit.rule}", task_id=task.id, reason=reason,
        notify=[Notice(hit.waiver_asked_by_id or task.officer_id), *suspend_hard(change, [task])],
    )  # fmt: skip
    return hit


def report(change: Change, task_id: str, kind: str, code: str, source: str, reason: str) -> ConflictHit:
    """Keep a conflict that the evaluated unit or somebody of the bureau has told of, upheld by the officer (R10).

    Who already has a seat loses it in the same transaction, and the next reserve is called.

    Args:
        kind: `expert` or `agency`.
        code: of the expert or agency in its pool.
        source: `unit` or `bureau`.

    Raises:
        InvalidInput: nobody of that code, no source, or a reason of the wrong length.
    """
    task = change.session.get(Task, task_id)
    if task is None:
        raise NotFound("task")
    if source not in SOURCES:
        raise InvalidInput(fields={"source": "field.required"})
    _refuse_reason(reason)
    table = Agency if kind == "agency" else Expert
    evaluator_id = change.session.scalar(select(table.id).where(table.code == code.strip()))
    if evaluator_id is None:
        raise InvalidInput(fields={"code": "conflict.nobody_of_code"})
    hit = keep_declared(change, task, {f"{kind}_id": evaluator_id}, source, reason)
    journal.record(
        change, "conflict.reported", "conflict_hit", hit.id, f"{task.code} {hit.rule}", task_id=task.id,
        reason=reason, detail={"source": source}, notify=suspend_hard(change, [task]),
    )  # fmt: skip
    return hit


def suspend_hard(change: Change, tasks: Sequence[Task]) -> list[Notice]:
    """Nobody with a hard conflict keeps a seat: what is found after seating suspends it at once.

    A person of an agency comes off its team; the agency names another lead evaluator.

    Returns:
        Whom to tell; the caller's journal entry carries them.
    """
    notices: list[Notice] = []
    by_id = {task.id: task for task in tasks}
    hard: dict[str, list[str]] = {}
    for task_id, evaluator, code in blocked_pairs(change.session, by_id):
        if code != rules.DOUBT:
            hard.setdefault(task_id, []).append(evaluator)
    for task_id, evaluators in hard.items():
        notices += suspend_conflicted(change, by_id[task_id], evaluators, "conflict_found")
    for task_id, staff_id, code in team_blocked(change.session, by_id):
        if code != rules.DOUBT:
            notices += suspend_lead(change, by_id[task_id], staff_id)
    return notices


def _refuse_reason(reason: str) -> None:
    least, most = REASON_LENGTHS
    if not least <= len(reason.strip()) <= most:
        raise InvalidInput("reason.length", fields={"reason": "reason.length"}, least=least, most=most)


def _get(session: Session, hit_id: str) -> tuple[ConflictHit, Task]:
    hit = session.get(ConflictHit, hit_id)
    if hit is None:
        raise NotFound("conflict_hit")
    return hit, session.get_one(Task, hit.task_id)
