"""Keeps what the rules find: one row per evidence key, whose verdict outlives every new detection."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.domain import conflicts as rules
from evalhub.infra.chance import new_id
from evalhub.models.conflicts import ConflictHit
from evalhub.models.plans import Task
from evalhub.queries.blocked import rule_book
from evalhub.queries.facts import Facts, gather
from evalhub.services.change import Change

DECLARED_RULE = "R10"


def detect(
    session: Session,
    tasks: Sequence[Task],
    change: Change,
    facts: Facts | None = None,
    expert_ids: Iterable[str] | None = None,
) -> int:
    """Write what the rules find now; part of the change that asked for it.

    Args:
        facts: as `queries.facts.gather` made them, where the caller has them at hand.
        expert_ids: look at these experts alone (and at all agencies); hits of others stay as they are.

    Returns:
        How many hits are current. A hit that records no longer bear out stays kept, and no longer counts.
    """
    wanted = None if expert_ids is None else set(expert_ids)
    facts = facts or gather(session, tasks, wanted)
    found = rules.detect_all(
        facts.people, facts.agencies, facts.tasks, rule_book(session), change.today, facts.organisations
    )
    kept = {(row.task_id, row.evidence_key): row for row in session.scalars(_hits_of(tasks))}
    for hit in found:
        row = kept.pop((hit.task_id, hit.evidence_key), None)
        if row is None:
            session.add(_new_row(hit, change))
        else:
            row.is_current, row.certainty, row.evidence = True, hit.certainty, hit.as_evidence()
    for row in kept.values():
        is_looked_at = wanted is None or row.expert_id is None or row.expert_id in wanted
        if is_looked_at and not _is_reported(row):
            row.is_current = False
    session.flush()
    return len(found)


def keep_declared(
    change: Change, task: Task, evaluator: dict[str, str], source: str, reason: str, record_id: str = ""
) -> ConflictHit:
    """Write a conflict that somebody spoke of, as a hard hit from this moment on.

    Args:
        evaluator: `expert_id` or `agency_id`, and `staff_id` for one person of an agency.
        source: who spoke: `self`, `unit` or `bureau`.
        reason: what was said; the person may read it.
        record_id: of the declaration, where there is one.
    """
    who = evaluator.get("staff_id") or evaluator.get("expert_id") or evaluator["agency_id"]
    record = rules.Record("declaration", from_on=change.today, detail=source, record_id=record_id or new_id())
    hit = rules.Hit(
        DECLARED_RULE, who, "expert" if "expert_id" in evaluator else "agency", task.id, rules.DECLARED, record,
        rules.Fact("task", task.id),
    )  # fmt: skip
    row = ConflictHit(
        task_id=task.id,
        rule=DECLARED_RULE,
        certainty=rules.DECLARED,
        evidence=hit.as_evidence(),
        evidence_key=f"{source}-{record.record_id}",
        found_on=change.today,
        state="confirmed",
        reason=reason,
        decided_by_id=change.actor.account_id,
        decided_at=change.now,
        **evaluator,
    )
    change.session.add(row)
    change.session.flush()
    return row


def _hits_of(tasks: Sequence[Task]) -> Any:
    return select(ConflictHit).where(ConflictHit.task_id.in_([task.id for task in tasks]))


def _is_reported(row: ConflictHit) -> bool:
    """Written because somebody spoke, not found by a rule: no detection takes it away."""
    return row.certainty == rules.DECLARED and row.evidence["record"]["detail"] != "self"


def _new_row(hit: rules.Hit, change: Change) -> ConflictHit:
    who: dict[str, str | None] = {"expert_id": hit.evaluator_id}
    if hit.evaluator_kind == "agency":
        who = {"agency_id": hit.evaluator_id}
    elif hit.evaluator_kind == "staff":
        who = {"agency_id": hit.agency_id, "staff_id": hit.evaluator_id}
    return ConflictHit(
        task_id=hit.task_id,
        rule=hit.rule,
        certainty=hit.certainty,
        evidence=hit.as_evidence(),
        evidence_key=hit.evidence_key,
        found_on=change.today,
        **who,
    )
