"""Agencies in a run's instance: who may be seated at all, who leads, and whose experts sit on the panel already."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evalhub.domain import conflicts as rules
from evalhub.domain.eligibility import Candidate, EligibilitySettings, Failure, HeldLicence, eligibility
from evalhub.domain.periods import Period
from evalhub.models.agencies import Agency, AgencyStaff
from evalhub.models.conflicts import ConflictHit
from evalhub.models.plans import Task
from evalhub.models.seats import ENDED, Seat
from evalhub.queries.blocked import Triple, rule_book, team_blocked
from evalhub.queries.facts import Facts

NO_LEAD = "no_lead"


def agency_failures(session: Session, agencies: Sequence[Agency], today: date) -> dict[str, list[Failure]]:
    """Agency id -> every rule that keeps it out of all tasks today."""
    busy, leads = _open_seats(session), _leads(session)
    found = {}
    for agency in agencies:
        failures = eligibility(
            candidate_of(agency, busy[agency.id]), today, EligibilitySettings(needs_undertaking=False)
        )
        if not failures and len(leads[agency.id]) <= busy[agency.id]:
            failures = [Failure("no_free_lead", {"count": len(leads[agency.id]), "limit": busy[agency.id]})]
        found[agency.id] = failures
    return found


def agency_capacities(session: Session, agencies: Sequence[Agency]) -> dict[str, int]:
    """Agency id -> tasks it may still take: of the year, at once, and as many as it has free lead evaluators."""
    busy, leads = _open_seats(session), _leads(session)
    return {
        agency.id: max(
            0,
            min(
                agency.capacity_year, agency.capacity_at_once - busy[agency.id], len(leads[agency.id]) - busy[agency.id]
            ),
        )
        for agency in agencies
    }


def leaderless(session: Session, tasks: Sequence[Task]) -> list[Triple]:
    """(task, agency, `no_lead`) where every lead evaluator of the agency must stay away from the task."""
    leads = _leads(session)
    out: dict[str, set[str]] = defaultdict(set)
    for task_id, staff_id, _ in team_blocked(session, [task.id for task in tasks]):
        out[task_id].add(staff_id)
    return [
        (task.id, agency_id, NO_LEAD)
        for task in tasks
        for agency_id, staff in sorted(leads.items())
        if staff and staff <= out[task.id]
    ]


def employers_of_panels(session: Session, facts: Facts, seated: Mapping[str, set[str]], today: date) -> list[Triple]:
    """(task, agency, R7 or `doubt`): agencies for which a member of the task's panel works.

    Rule R7 is between an expert and an agency of one task. Detection sees it from the expert's side once the agency
    has its seat; this looks from the other side, before the agency is seated.

    Args:
        facts: of these tasks and of all agencies.
        seated: task id -> ids of the experts who sit on its panel, or are planned to.
    """
    book = rule_book(session)
    if "R7" not in book.rules:
        return []
    bodies = tuple(rules.TaskAgency(agency.evaluator_id, agency.organisation) for agency in facts.agencies)
    tasks = [
        rules.TaskFacts(task.task_id, task.project_id, (), task.year, agencies=bodies)
        for task in facts.tasks
        if seated.get(task.task_id)
    ]
    wanted = set().union(*seated.values()) if seated else set()
    people = [person for person in facts.people if person.evaluator_id in wanted]
    lifted = _lifted(session, [task.task_id for task in tasks])
    return sorted(
        {
            (hit.task_id, hit.fact.record_id, rules.DOUBT if hit.is_doubt else hit.rule)
            for hit in rules.detect_all(people, [], tasks, book, today, facts.organisations)
            if hit.rule == "R7" and hit.evaluator_id in seated[hit.task_id] and hit.evidence_key not in lifted
        }
    )


def seated_experts(session: Session, task_ids: Sequence[str]) -> dict[str, set[str]]:
    """Task id -> experts who hold a seat of its panel today, reserves not yet called left out."""
    query = select(Seat).where(Seat.task_id.in_(task_ids), Seat.kind == "expert", Seat.state.not_in(ENDED))
    found: dict[str, set[str]] = defaultdict(set)
    for seat in session.scalars(query):
        if not (seat.is_reserve and seat.state == "proposed"):
            found[seat.task_id].add(seat.expert_id or "")
    return found


def candidate_of(agency: Agency, busy: int) -> Candidate:
    """The agency as the rules of eligibility see it."""
    has_term = agency.admitted_on or agency.term_until_on
    return Candidate(
        evaluator_id=agency.id,
        kind="agency",
        state=agency.state,
        term=Period(agency.admitted_on, agency.term_until_on) if has_term else None,
        licences=(HeldLicence(agency.nature),),
        capacity_year=agency.capacity_year,
        capacity_at_once=agency.capacity_at_once,
        seats_now=busy,
    )


def _lifted(session: Session, task_ids: Sequence[str]) -> set[str]:
    query = select(ConflictHit.evidence_key).where(
        ConflictHit.task_id.in_(task_ids), ConflictHit.rule == "R7", ConflictHit.state.in_(("dismissed", "waived"))
    )
    return set(session.scalars(query))


def _leads(session: Session) -> dict[str, set[str]]:
    query = select(AgencyStaff.agency_id, AgencyStaff.id).where(
        AgencyStaff.is_lead_evaluator, AgencyStaff.left_on.is_(None)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for agency_id, staff_id in session.execute(query):
        found[agency_id].add(staff_id)
    return found


def _open_seats(session: Session) -> Counter[str]:
    query = select(Seat.agency_id, func.count()).where(
        Seat.kind == "agency", Seat.state.not_in((*ENDED, "done", "appraised", "paid", "proposed"))
    )
    return Counter({row[0]: row[1] for row in session.execute(query.group_by(Seat.agency_id))})
