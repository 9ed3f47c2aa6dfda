"""Who is out of a task and why: every expert and agency of the pool with each rule that keeps it out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.domain.eligibility import ADMITTED_STATES, EligibilitySettings, Failure, eligibility
from evalhub.domain.masking import mask_name
from evalhub.domain.periods import Period
from evalhub.domain.permissions import Actor
from evalhub.models.agencies import Agency
from evalhub.models.experts import DayOff, Expert
from evalhub.models.organisations import Organisation
from evalhub.queries.agency_instances import agency_failures
from evalhub.queries.conflicts import HitRow, list_hits
from evalhub.queries.eligibility import current_pool_text, find_candidates
from evalhub.queries.tasks import TaskView


@dataclass(frozen=True)
class OutRow:
    """One evaluator who is out: hits that keep him out, and rules of the pool that fail on the task's days."""

    kind: str
    evaluator_id: str
    code: str
    name: str
    hits: tuple[HitRow, ...]
    failures: tuple[Failure, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Rule codes and codes of failures, each once."""
        return tuple(dict.fromkeys([*(hit.rule for hit in self.hits), *(failure.code for failure in self.failures)]))


def list_out(session: Session, actor: Actor, task: TaskView, today: date) -> list[OutRow]:
    """Members of both pools who may not be seated on this task today; agencies only where the task wants one."""
    hits: dict[str, list[HitRow]] = defaultdict(list)
    for hit in list_hits(session, actor, task.id):
        if hit.blocks and hit.kind != "staff":
            hits[hit.evaluator_id].append(hit)
    rows = _experts(session, actor, task, hits, today)
    if task.wants_agency:
        rows += _agencies(session, hits, today)
    return [row for row in rows if row.hits or row.failures]


def _experts(
    session: Session, actor: Actor, task: TaskView, hits: dict[str, list[HitRow]], today: date
) -> list[OutRow]:
    query = select(Expert.id, Expert.code, Expert.name).where(Expert.state.in_(ADMITTED_STATES))
    people = session.execute(query.order_by(Expert.code)).all()
    failures = _failures(session, actor, [row.id for row in people], task, today)
    return [
        OutRow("expert", row.id, row.code, mask_name(row.name), tuple(hits.get(row.id, ())), tuple(failures[row.id]))
        for row in people
    ]


def _failures(
    session: Session, actor: Actor, expert_ids: Sequence[str], task: TaskView, today: date
) -> dict[str, list[Failure]]:
    text_id = current_pool_text(session)
    away: dict[str, tuple[Period, ...]] = defaultdict(tuple)
    days = select(DayOff).where(DayOff.from_on <= task.work_until_on, DayOff.until_on >= task.work_from_on)
    for off in session.scalars(days):
        away[off.expert_id] += (Period(off.from_on, off.until_on),)
    work = (Period(task.work_from_on, task.work_until_on),)
    settings = EligibilitySettings(work_days=work, needs_undertaking=text_id is not None)
    candidates = find_candidates(session, actor, expert_ids, today, text_id)
    return {
        one: eligibility(replace(candidate, days_off=away[one]), today, settings)
        for one, candidate in candidates.items()
    }


def _agencies(session: Session, hits: dict[str, list[HitRow]], today: date) -> list[OutRow]:
    query = select(Agency, Organisation.name).join(Organisation, Organisation.id == Agency.organisation_id)
    found = session.execute(query.where(Agency.state.in_(ADMITTED_STATES)).order_by(Agency.code)).unique().all()
    failures = agency_failures(session, [row[0] for row in found], today)
    return [
        OutRow("agency", agency.id, agency.code, name, tuple(hits.get(agency.id, ())), tuple(failures[agency.id]))
        for agency, name in found
    ]
