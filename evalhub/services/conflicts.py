"""Conflicts of a task: found from records and kept, ruled on by officers, waived by approvers, declared by evaluators."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.domain import conflicts as rules
from evalhub.domain.errors import InvalidInput, InvalidMove, NotFound, Refused, RuleBroken, Stale
from evalhub.domain.permissions import APPROVER
from evalhub.models.conflicts import ConflictHit, ConflictRule
from evalhub.models.plans import Task
from evalhub.queries.facts import Facts, gather
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.journal import Notice
from evalhub.services.seats import suspend_conflicted

DECISIONS = {"confirm": "confirmed", "dismiss": "dismissed", "ask": "asked"}


def rule_book(session: Session) -> rules.RuleBook:
    """The rules as this bureau has set them."""
    windows, off = {}, []
    for row in session.scalars(select(ConflictRule)):
        if not row.is_on:
            off.append(row.code)
        elif row.window_months != rules.RULES[row.code].window_months:
            windows[row.code] = row.window_months
    return rules.set_rules(windows, off)


def set_rule(
    change: Change, code: str, window_months: int | None, is_on: bool, source: str, version: int
) -> ConflictRule:
    """Set window and use of a rule, with its source.

    Raises:
        InvalidInput: unknown rule, or a rule of law shortened or switched off.
    """
    if not source.strip():
        raise InvalidInput(fields={"source": "field.required"})
    rules.set_rules({code: window_months} if is_on else {}, [] if is_on else [code])
    row = change.session.get(ConflictRule, code)
    before = {"window_months": row.window_months, "is_on": row.is_on} if row else None
    if row is None:
        row = ConflictRule(code=code)
        change.session.add(row)
    elif row.version != version:
        raise Stale(noun="conflict_rule", record_id=code)
    row.window_months, row.is_on, row.source = window_months, is_on, source
    row.changed_by_id, row.changed_at = change.actor.account_id, change.now
    after = {"window_months": window_months, "is_on": is_on}
    journal.record(change, "conflict_rule.set", "conflict_rule", code, code, before=before, after=after, detail=after)
    return row


def detect_for_tasks(change: Change, task_ids: Sequence[str]) -> int:
    """Find the conflicts of these tasks as records stand today; earlier verdicts stay.

    Returns:
        How many hits are current. A hit that records no longer bear out stays kept, and no longer counts.
    """
    tasks = list(change.session.scalars(select(Task).where(Task.id.in_(list(task_ids)))).unique())
    found = detect(change.session, tasks, change)
    suspended = _suspend_hard(change, tasks)
    label = tasks[0].code if len(tasks) == 1 else f"{len(tasks)} tasks"
    journal.record(
        change, "conflict.detected", "task", tasks[0].id if len(tasks) == 1 else "several", label,
        detail={"tasks": len(tasks), "hits": found}, notify=suspended,
    )  # fmt: skip
    return found


def detect(session: Session, tasks: Sequence[Task], change: Change, facts: Facts | None = None) -> int:
    """Write what the rules find now; part of the change that asked for it.

    Args:
        facts: as `queries.facts.gather` made them, where the caller has them at hand.
    """
    facts = facts or gather(session, tasks)
    hits = rules.detect_all(
        facts.people, facts.agencies, facts.tasks, rule_book(session), change.today, facts.organisations
    )
    kept = {(row.task_id, row.evidence_key): row for row in session.scalars(_hits_of(task.id for task in tasks))}
    seen = set()
    for hit in hits:
        if hit.evaluator_kind == "staff" or hit.certainty == rules.DECLARED:
            continue
        seen.add((hit.task_id, hit.evidence_key))
        row = kept.get((hit.task_id, hit.evidence_key))
        if row is None:
            session.add(_new_row(hit, change))
        else:
            row.is_current, row.certainty, row.evidence = True, _certainty(hit), hit.as_evidence()
    for key, row in kept.items():
        if key not in seen and row.certainty != "declared":
            row.is_current = False
    session.flush()
    return len(seen)


def _hits_of(task_ids: Iterable[str]) -> Any:
    return select(ConflictHit).where(ConflictHit.task_id.in_(list(task_ids)))


def _certainty(hit: rules.Hit) -> str:
    """An unclear tie is kept like a named one: a doubt to rule on."""
    return "coded" if hit.certainty == rules.CODED else "named"


def _new_row(hit: rules.Hit, change: Change) -> ConflictHit:
    is_agency = hit.evaluator_kind == "agency"
    return ConflictHit(
        task_id=hit.task_id,
        expert_id=None if is_agency else hit.evaluator_id,
        agency_id=hit.evaluator_id if is_agency else None,
        rule=hit.rule,
        certainty=_certainty(hit),
        evidence=hit.as_evidence() | {"kind": hit.certainty},
        evidence_key=hit.evidence_key,
        found_on=change.today,
    )


def decide(change: Change, hit_id: str, decision: str, reason: str, version: int) -> ConflictHit:
    """The officer's verdict on a hit: `confirm`, `dismiss` or `ask`, each with a reason that the person may read.

    A confirmed conflict of somebody who already has a seat suspends it in the same transaction.
    """
    hit, task = _get(change.session, hit_id)
    if hit.version != version:
        raise Stale(noun="conflict_hit", record_id=hit.id)
    if decision not in DECISIONS:
        raise InvalidInput(fields={"decision": "field.required"})
    if not reason.strip():
        raise InvalidInput(fields={"reason": "field.required"})
    before = hit.state
    hit.state, hit.reason = DECISIONS[decision], reason
    hit.decided_by_id, hit.decided_at = change.actor.account_id, change.now
    notices = _suspend_hard(change, [task])
    journal.record(
        change, "conflict.decided", "conflict_hit", hit.id, f"{task.code} {hit.rule}", task_id=task.id,
        before={"state": before}, after={"state": hit.state}, reason=reason, notify=notices,
    )  # fmt: skip
    return hit


def ask_waiver(change: Change, hit_id: str, reason: str) -> ConflictHit:
    """The officer asks the approver to lift one hit of a policy rule; law is never lifted."""
    hit, task = _get(change.session, hit_id)
    if rules.RULES[hit.rule].force == "law":
        raise RuleBroken("conflict.law_has_no_waiver", rule=hit.rule)
    if hit.state not in ("open", "asked", "confirmed"):
        raise InvalidMove("move.not_allowed", noun="conflict_hit", state=hit.state, action="ask_waiver")
    hit.state, hit.waiver_reason, hit.waiver_asked_by_id = "waiver_asked", reason, change.actor.account_id
    journal.record(
        change, "conflict.waiver_asked", "conflict_hit", hit.id, f"{task.code} {hit.rule}", task_id=task.id,
        reason=reason, notify=[Notice(task.approver_id), Notice(task.deputy_approver_id)],
    )  # fmt: skip
    return hit


def decide_waiver(change: Change, hit_id: str, is_granted: bool, reason: str) -> ConflictHit:
    """The approver grants or refuses a waiver; the supervisor sees it among the overrides."""
    hit, task = _get(change.session, hit_id)
    if hit.state != "waiver_asked":
        raise InvalidMove("move.not_allowed", noun="conflict_hit", state=hit.state, action="decide_waiver")
    if APPROVER not in change.actor.roles:
        raise Refused("no_role")
    if hit.waiver_asked_by_id == change.actor.account_id:
        raise Refused("same_person")
    if is_granted:
        hit.state, hit.waived_by_id, hit.waived_at = "waived", change.actor.account_id, change.now
    else:
        hit.state, hit.reason = "confirmed", reason
        hit.decided_by_id, hit.decided_at = change.actor.account_id, change.now
    journal.record(
        change, "conflict.waived" if is_granted else "conflict.waiver_refused", "conflict_hit", hit.id,
        f"{task.code} {hit.rule}", task_id=task.id, reason=reason,
    )  # fmt: skip
    return hit


def blocked_pairs(session: Session, task_ids: Iterable[str]) -> list[tuple[str, str, str]]:
    """(task id, evaluator id, rule code or `doubt`) of everybody who may not be seated as rulings stand now."""
    triples = set()
    for hit in session.scalars(_hits_of(task_ids).where(ConflictHit.is_current)):
        code = blocking_code(hit)
        if code is not None:
            triples.add((hit.task_id, hit.expert_id or hit.agency_id or "", code))
    return sorted(triples)


def blocking_code(hit: ConflictHit) -> str | None:
    """Why this hit keeps its evaluator out: its rule, `doubt` while nobody has ruled on a doubt, or None."""
    if rules.RULES[hit.rule].effect == "soft" or hit.state in ("dismissed", "waived"):
        return None
    if hit.certainty == "named" and hit.state in ("open", "asked", "waiver_asked"):
        return rules.DOUBT
    return hit.rule


def _suspend_hard(change: Change, tasks: Sequence[Task]) -> list[Notice]:
    """Nobody with a hard conflict keeps a seat: what is found after seating suspends it at once."""
    notices: list[Notice] = []
    for task in tasks:
        hard = [evaluator for _, evaluator, code in blocked_pairs(change.session, [task.id]) if code != rules.DOUBT]
        if hard:
            notices += suspend_conflicted(change, task, hard, "conflict_found")
    return notices


def _get(session: Session, hit_id: str) -> tuple[ConflictHit, Task]:
    hit = session.get(ConflictHit, hit_id)
    if hit is None:
        raise NotFound("conflict_hit")
    return hit, session.get_one(Task, hit.task_id)
