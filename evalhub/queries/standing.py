"""How somebody stands today towards a run of an earlier day: conflicts and eligibility as they are now."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.domain.eligibility import EligibilitySettings, Failure, eligibility
from evalhub.domain.periods import Period
from evalhub.domain.permissions import system_actor
from evalhub.models.agencies import Agency
from evalhub.models.experts import DayOff
from evalhub.models.plans import Task
from evalhub.queries.agency_instances import agency_failures
from evalhub.queries.blocked import blocked_pairs
from evalhub.queries.eligibility import current_pool_text, find_candidates


def conflicts_today(session: Session, instance: Mapping[str, Any]) -> list[list[str]]:
    """The conflicts of an instance's own day and those known since, of the evaluators in it."""
    known = {each["id"] for each in instance["evaluators"]}
    triples = {tuple(triple) for triple in instance.get("conflicts", ())}
    triples |= {
        triple for triple in blocked_pairs(session, [task["id"] for task in instance["tasks"]]) if triple[1] in known
    }
    return [list(triple) for triple in sorted(triples)]


def failures_today(session: Session, kind: str, evaluator_id: str, task: Task, today: date) -> Sequence[Failure]:
    """Every rule of eligibility that fails for one evaluator today, with the work days of the task in mind."""
    if kind == "agencies":
        agency = session.scalar(select(Agency).where(Agency.id == evaluator_id))
        return agency_failures(session, [agency], today)[evaluator_id] if agency else [Failure("unknown", {})]
    text_id = current_pool_text(session)
    found = find_candidates(session, system_actor(), [evaluator_id], today, text_id)
    if evaluator_id not in found:
        return [Failure("unknown", {})]
    work = Period(task.work_from_on, task.work_until_on)
    away = session.scalars(select(DayOff).where(DayOff.expert_id == evaluator_id))
    candidate = replace(found[evaluator_id], days_off=tuple(Period(off.from_on, off.until_on) for off in away))
    return eligibility(candidate, today, EligibilitySettings(work_days=(work,), needs_undertaking=text_id is not None))


def failing_codes(session: Session, kind: str, evaluator_id: str, task: Task, today: date) -> list[str]:
    """The codes alone: what stands on the line of a reserve who is passed over."""
    return [failure.code for failure in failures_today(session, kind, evaluator_id, task, today)]
