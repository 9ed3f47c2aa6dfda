"""The recusal rules as this bureau sets them: look-back, use, source. Law is only lengthened, never switched off."""

from sqlalchemy import select

from evalhub.domain import conflicts as rules
from evalhub.domain.errors import InvalidInput
from evalhub.domain.states import TASK_UNDER_WAY
from evalhub.models.conflicts import ConflictRule
from evalhub.models.journal import Job
from evalhub.models.plans import Task
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.versions import refuse_stale

JOB_KIND = "detection"


def set_rule(
    change: Change, code: str, window_months: int | None, is_on: bool, source: str, version: int
) -> ConflictRule:
    """Set window and use of a rule, with its source; the conflicts of tasks under way are then found anew.

    Raises:
        InvalidInput: unknown rule, no source, or a rule of law shortened or switched off.
    """
    if not source.strip():
        raise InvalidInput(fields={"source": "field.required"})
    rules.set_rules({code: window_months} if is_on else {}, [] if is_on else [code])
    row = change.session.get(ConflictRule, code)
    before = {"window_months": row.window_months, "is_on": row.is_on} if row else None
    if row is None:
        row = ConflictRule(code=code, source=source)
        change.session.add(row)
    else:
        refuse_stale(change, "conflict_rule", row, version, {"window_months": window_months, "source": source})
    row.window_months, row.is_on, row.source = window_months, is_on, source
    row.changed_by_id, row.changed_at = change.actor.account_id, change.now
    after = {"window_months": window_months, "is_on": is_on}
    _detect_later(change, code)
    journal.record(change, "conflict_rule.set", "conflict_rule", code, code, before=before, after=after, detail=after)
    return row


def open_task_ids(change: Change) -> list[str]:
    """Tasks whose conflicts matter now: planned, and not yet over."""
    return list(change.session.scalars(select(Task.id).where(Task.state.in_(TASK_UNDER_WAY)).order_by(Task.code)))


def _detect_later(change: Change, code: str) -> None:
    if not open_task_ids(change):
        return
    job = Job(
        kind=JOB_KIND, record_id=code, requested_by=change.actor.account_id, created_at=change.now, progress={}
    )  # fmt: skip
    change.session.add(job)
    change.session.flush()
    change.jobs.append(job.id)
