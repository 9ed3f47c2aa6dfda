"""Bureau users whom a conflict of interest keeps out of a task: recorded at once, lifted only by two others."""

from sqlalchemy import select

from evalhub.domain.errors import InvalidInput, NotFound, Refused, RuleBroken
from evalhub.domain.permissions import BUREAU
from evalhub.models.accounts import Account, AccountRole
from evalhub.models.plans import BureauConflict, Task
from evalhub.queries.audience import list_locked_accounts
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.journal import Notice
from evalhub.services.tasks import load_task, task_label
from evalhub.services.versions import refuse_stale


def record_bureau_conflict(change: Change, task_id: str, account_id: str, reason: str) -> BureauConflict:
    """Lock a bureau user out of a task. From the commit on it does not exist for him; the deputy approver is told.

    Raises:
        InvalidInput: no such bureau user, or no reason.
        RuleBroken: he is locked out already, or he is the deputy of a locked-out approver: name another one first.
    """
    task = load_task(change, task_id)
    if not reason:
        raise InvalidInput(fields={"reason": "field.required"})
    _refuse_stranger(change, account_id)
    locked = list_locked_accounts(change.session, task.id)
    if account_id in locked:
        raise RuleBroken("bureau_conflict.exists")
    if {task.approver_id, task.deputy_approver_id} <= locked | {account_id}:
        raise RuleBroken("bureau_conflict.no_approver_left")
    conflict = BureauConflict(
        task_id=task.id,
        account_id=account_id,
        reason=reason,
        recorded_by_id=change.actor.account_id,
        recorded_at=change.now,
    )
    change.session.add(conflict)
    change.session.flush()
    told = {task.officer_id, task.approver_id, task.deputy_approver_id} - locked - {account_id}
    _record(change, "bureau_conflict.recorded", conflict, task, reason, sorted(told))
    return conflict


def ask_lifting(change: Change, conflict_id: str, reason: str, version: int) -> BureauConflict:
    """Ask that a lock be lifted; the locked-out person cannot, nor see it."""
    conflict, task = _load_open(change, conflict_id)
    refuse_stale(change, "bureau_conflict", conflict, version, {})
    if not reason:
        raise InvalidInput(fields={"lift_reason": "field.required"})
    conflict.lift_reason = reason
    conflict.lift_asked_by_id, conflict.lift_asked_at = change.actor.account_id, change.now
    told = {task.officer_id, task.approver_id, task.deputy_approver_id}
    told -= list_locked_accounts(change.session, task.id) | {change.actor.account_id}
    _record(change, "bureau_conflict.lifting_asked", conflict, task, reason, sorted(told))
    return conflict


def lift_bureau_conflict(change: Change, conflict_id: str, version: int) -> BureauConflict:
    """Agree to a lifting that somebody else asked for.

    Raises:
        RuleBroken: nobody asked for it.
        Refused: the actor asked himself; two people lift a lock.
    """
    conflict, task = _load_open(change, conflict_id)
    refuse_stale(change, "bureau_conflict", conflict, version, {})
    if conflict.lift_asked_by_id is None:
        raise RuleBroken("bureau_conflict.not_asked")
    if conflict.lift_asked_by_id == change.actor.account_id:
        raise Refused("same_person", noun="bureau_conflict")
    conflict.lifted_by_id, conflict.lifted_at = change.actor.account_id, change.now
    _record(change, "bureau_conflict.lifted", conflict, task, conflict.lift_reason, [conflict.account_id])
    return conflict


def _load_open(change: Change, conflict_id: str) -> tuple[BureauConflict, Task]:
    """A lock still in force on a task that the actor may know of: so nobody acts on his own."""
    conflict = change.session.get(BureauConflict, conflict_id)
    if conflict is None or conflict.lifted_at is not None:
        raise NotFound("bureau_conflict")
    return conflict, load_task(change, conflict.task_id)


def _refuse_stranger(change: Change, account_id: str) -> None:
    holder = select(AccountRole.account_id).where(AccountRole.account_id == account_id, AccountRole.role.in_(BUREAU))
    if change.session.scalar(holder.limit(1)) is None:
        raise InvalidInput(fields={"account_id": "field.unknown_choice"})


def _record(
    change: Change, event: str, conflict: BureauConflict, task: Task, reason: str | None, told: list[str]
) -> None:
    account = change.session.get_one(Account, conflict.account_id)
    journal.record(
        change, event, "bureau_conflict", conflict.id, task_label(task), task_id=task.id, reason=reason,
        detail={"account": account.username}, notify=[Notice(account_id) for account_id in told],
    )  # fmt: skip
