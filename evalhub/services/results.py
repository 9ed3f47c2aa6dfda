"""From a result to a signature: findings put to the unit, its replies, the bureau's answers, the approver's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evalhub.domain.errors import InvalidInput, InvalidMove, NotFound, RuleBroken, Stale
from evalhub.domain.panel_states import RESULT_LIFECYCLE
from evalhub.domain.states import TASK_LIFECYCLE
from evalhub.domain.workdays import OFFICIAL, add_workdays
from evalhub.models.accounts import Account
from evalhub.models.plans import Task
from evalhub.models.results import Finding, Result
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.journal import Notice


@dataclass(frozen=True)
class Reply:
    """The unit's answer to one finding: accepted, or disputed with words and perhaps a file."""

    is_accepted: bool
    text: str | None = None
    file_id: str | None = None


def edit_finding(change: Change, result_id: str, finding_id: str, title: str, text: str, version: int) -> Finding:
    """The officer words a finding before it is put to the unit."""
    finding, result, task = _finding(change.session, result_id, finding_id)
    _refuse_after_draft(result)
    if finding.version != version:
        raise Stale(noun="finding", record_id=finding.id)
    finding.title, finding.text = title, text
    journal.record(change, "finding.edited", "finding", finding.id, task.code, task_id=task.id)
    return finding


def add_finding(change: Change, result_id: str, title: str, text: str) -> Finding:
    result, task = _result(change.session, result_id)
    _refuse_after_draft(result)
    last = change.session.scalar(select(func.max(Finding.position)).where(Finding.result_id == result.id)) or 0
    finding = Finding(result_id=result.id, position=last + 1, title=title, text=text)
    change.session.add(finding)
    change.session.flush()
    journal.record(change, "finding.added", "finding", finding.id, task.code, task_id=task.id)
    return finding


def drop_finding(change: Change, result_id: str, finding_id: str, reason: str) -> Result:
    """Leave a finding out of the letter; its deduction stands in the sheets all the same."""
    finding, result, task = _finding(change.session, result_id, finding_id)
    _refuse_after_draft(result)
    change.session.delete(finding)
    journal.record(change, "finding.dropped", "finding", finding.id, task.code, task_id=task.id, reason=reason)
    return result


def open_hearing(change: Change, result_id: str) -> Result:
    """Put the result and its findings to the unit; it has the round's working days to answer.

    Raises:
        RuleBroken: too few sheets for a result.
    """
    result, task = _result(change.session, result_id)
    if result.status != "final":
        raise RuleBroken("result.below_quorum")
    RESULT_LIFECYCLE.apply(result, "open_hearing", change.actor)
    if task.state in ("scored", "draft_report"):
        TASK_LIFECYCLE.apply(task, "consult", change.actor)
    result.hearing_opened_by_id, result.hearing_opened_at = change.actor.account_id, change.now
    result.hearing_due_on = add_workdays(change.today, task.round.hearing_workdays, OFFICIAL)
    journal.record(
        change, "hearing.opened", "result", result.id, task.code, task_id=task.id,
        detail={"due_on": result.hearing_due_on.isoformat()}, notify=_unit(change.session, task),
    )  # fmt: skip
    return result


def answer_hearing(change: Change, result_id: str, replies: Mapping[str, Reply]) -> Result:
    """The unit answers every finding at once and keeps a receipt; nothing is assumed for it.

    Raises:
        InvalidInput: a finding has no answer, or a dispute no words.
        InvalidMove: the hearing is not open, was answered before, or its days are over.
    """
    result, task = _result(change.session, result_id)
    if result.state != "hearing" or result.hearing_answered_at is not None:
        raise InvalidMove("hearing.not_open")
    if result.hearing_due_on is not None and change.today > result.hearing_due_on:
        raise InvalidMove("hearing.days_over")
    faults = {}
    for finding in result.findings:
        reply = replies.get(finding.id)
        if reply is None:
            faults[f"reply_{finding.id}"] = "field.required"
        elif not reply.is_accepted and not (reply.text or "").strip():
            faults[f"text_{finding.id}"] = "field.required"
    if faults:
        raise InvalidInput("hearing.unanswered", fields=faults, left=len(faults))
    for finding in result.findings:
        reply = replies[finding.id]
        finding.reply = "accepted" if reply.is_accepted else "disputed"
        finding.reply_text, finding.reply_file_id = reply.text, reply.file_id
        finding.replied_by_id, finding.replied_at = change.actor.account_id, change.now
    result.hearing_answered_by_id, result.hearing_answered_at = change.actor.account_id, change.now
    result.hearing_receipt = change.tools.vault.make_receipt("hearing", result.id, result.content_hash).text
    disputed = sum(finding.reply == "disputed" for finding in result.findings)
    journal.record(
        change, "hearing.answered", "result", result.id, task.code, task_id=task.id,
        detail={"disputed": disputed, "receipt": result.hearing_receipt}, notify=[Notice(task.officer_id)],
    )  # fmt: skip
    return result


def decide_dispute(change: Change, result_id: str, finding_id: str, decision: str, text: str) -> Finding:
    """The bureau answers a dispute: kept, changed or withdrawn, always with words."""
    finding, result, task = _finding(change.session, result_id, finding_id)
    if result.state != "hearing" or finding.reply != "disputed":
        raise InvalidMove("finding.not_disputed")
    if decision not in ("kept", "changed", "withdrawn") or not text.strip():
        raise InvalidInput(fields={"text": "field.required"})
    finding.decision, finding.decision_text = decision, text
    finding.decided_by_id, finding.decided_at = change.actor.account_id, change.now
    journal.record(
        change, "finding.decided", "finding", finding.id, task.code, task_id=task.id,
        detail={"decision": decision}, notify=_unit(change.session, task),
    )  # fmt: skip
    return finding


def close_hearing(change: Change, result_id: str) -> Result:
    """End a hearing that was answered and decided, or whose days are over without an answer.

    Raises:
        RuleBroken: the unit may still answer, or a dispute has no decision.
    """
    result, task = _result(change.session, result_id)
    undecided = sum(finding.reply == "disputed" and finding.decision is None for finding in result.findings)
    if undecided:
        raise RuleBroken("hearing.disputes_open", undecided=undecided)
    days_over = result.hearing_due_on is not None and change.today > result.hearing_due_on
    if result.hearing_answered_at is None and not days_over:
        raise RuleBroken("hearing.still_open", due_on=str(result.hearing_due_on))
    RESULT_LIFECYCLE.apply(result, "close_hearing", change.actor)
    journal.record(change, "hearing.closed", "result", result.id, task.code, task_id=task.id)
    return result


def submit_result(change: Change, result_id: str) -> Result:
    """The officer hands the heard result to the approver."""
    result, task = _result(change.session, result_id)
    if result.state == "hearing":
        raise RuleBroken("hearing.still_open", due_on=str(result.hearing_due_on))
    RESULT_LIFECYCLE.apply(result, "submit", change.actor)
    result.submitted_by_id, result.submitted_at = change.actor.account_id, change.now
    if task.state in ("consulting", "expert_review", "revising"):
        TASK_LIFECYCLE.apply(task, "finish", change.actor)
    notify = [Notice(task.approver_id), Notice(task.deputy_approver_id)]
    journal.record(change, "result.submitted", "result", result.id, task.code, task_id=task.id, notify=notify)
    return result


def return_result(change: Change, result_id: str, opinion: str) -> Result:
    result, task = _result(change.session, result_id)
    RESULT_LIFECYCLE.apply(result, "return", change.actor)
    result.opinion = opinion
    journal.record(
        change, "result.returned", "result", result.id, task.code, task_id=task.id, reason=opinion,
        notify=[Notice(task.officer_id)],
    )  # fmt: skip
    return result


def sign_result(change: Change, result_id: str, content_hash: str) -> Result:
    """The approver signs exactly what the page showed; the unit then sees its result.

    Raises:
        Stale: the result is not the one whose hash the page showed.
        RuleBroken: its hearing is still open.
        Refused: the signer made or submitted it.
    """
    result, task = _result(change.session, result_id)
    if result.content_hash != content_hash:
        raise Stale(noun="result", record_id=result.id)
    if result.state == "hearing":
        raise RuleBroken("hearing.still_open", due_on=str(result.hearing_due_on))
    if change.actor.account_id not in (task.approver_id, task.deputy_approver_id):
        raise RuleBroken("result.other_approver")
    RESULT_LIFECYCLE.apply(result, "sign", change.actor)
    result.signed_by_id, result.signed_at = change.actor.account_id, change.now
    TASK_LIFECYCLE.apply(task, "approve", change.actor)
    journal.record(
        change, "result.signed", "result", result.id, task.code, task_id=task.id,
        detail={"content_hash": content_hash}, notify=[Notice(task.officer_id), *_unit(change.session, task)],
    )  # fmt: skip
    return result


def _unit(session: Session, task: Task) -> list[Notice]:
    accounts = select(Account.id).where(
        Account.department_id == task.project.department_id, Account.state != "disabled"
    )
    detail: dict[str, Any] = {"project": task.project.name}
    return [Notice(account_id, detail, wants_mail=True) for account_id in session.scalars(accounts)]


def _refuse_after_draft(result: Result) -> None:
    if result.state != "draft":
        raise InvalidMove("finding.letter_out")


def _result(session: Session, result_id: str) -> tuple[Result, Task]:
    result = session.get(Result, result_id)
    if result is None:
        raise NotFound("result")
    return result, session.get_one(Task, result.task_id)


def _finding(session: Session, result_id: str, finding_id: str) -> tuple[Finding, Result, Task]:
    finding = session.get(Finding, finding_id)
    if finding is None or finding.result_id != result_id:
        raise NotFound("finding")
    result, task = _result(session, finding.result_id)
    return finding, result, task
