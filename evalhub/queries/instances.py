"""The instance of an allocation run: a round's tasks and a pool, as the exchange format `evalhub.allocation/1` has them.

Whoever may not be seated at all is left out and named with every rule that fails; whoever may not sit on one task
stands among the conflicts with the rule's code. Suitability is computed for every other pair.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from evalhub.domain.allocation.problem import MICRO
from evalhub.domain.conflicts import apart_pairs, employer_groups
from evalhub.domain.eligibility import (
    ADMITTED_STATES,
    Candidate,
    EligibilitySettings,
    Failure,
    HeldLicence,
    eligibility,
)
from evalhub.domain.panels import FINANCE_TAG, SENIOR_TAG, PanelRule, field_tag
from evalhub.domain.periods import Period
from evalhub.domain.permissions import system_actor
from evalhub.domain.suitability import FieldSkill, Needs, Profile, SuitabilitySettings, WantedField, suitability
from evalhub.models.agencies import Agency, AgencyStaff
from evalhub.models.experts import DayOff, Expert, Field
from evalhub.models.plans import Round, Task
from evalhub.models.seats import ENDED, Seat
from evalhub.queries.eligibility import current_pool_text, find_candidates
from evalhub.queries.facts import Facts

SENIOR_LEVELS = ("full", "associate")
DAY_OFF = "day_off"
FORMAT = "evalhub.allocation/1"
Triples = Sequence[tuple[str, str, str]]


@dataclass
class Draft:
    """An instance in the making, and what it leaves out."""

    evaluators: list[dict[str, Any]] = field(default_factory=list)
    profiles: dict[str, Profile] = field(default_factory=dict)
    ineligible: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    conflicts: list[tuple[str, str, str]] = field(default_factory=list)

    def leave_out(self, evaluator_id: str, failures: Sequence[Failure]) -> None:
        self.ineligible[evaluator_id] = [
            {"code": failure.code, "figures": {name: _plain(value) for name, value in failure.figures.items()}}
            for failure in failures
        ]


def round_tasks(session: Session, round_id: str, kind: str) -> list[Task]:
    """The tasks of a round that a run of this kind is about, by code: not stopped, and for agencies those that want one."""
    query = select(Task).where(Task.round_id == round_id, Task.state.in_(("planned", "resourcing", "assigned")))
    if kind == "agencies":
        query = query.where(Task.wants_agency)
    return list(session.scalars(query.order_by(Task.code)).unique())


def build_instance(
    session: Session, round_: Round, kind: str, facts: Facts, blocked: Triples, today: date
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The instance document and what was left out of it.

    Args:
        facts: of the round's tasks, as conflicts were found from.
        blocked: (task, evaluator, rule code or `doubt`) as rulings stand now.

    Returns:
        The document, and `{"ineligible": evaluator id -> failing rules}`.
    """
    tasks = round_tasks(session, round_.id, kind)
    policy = round_.policy or {}
    draft = _experts(session, tasks, facts, today) if kind == "experts" else _agencies(session, tasks, today)
    known = {evaluator["id"] for evaluator in draft.evaluators}
    wanted = {task.id for task in tasks}
    conflicts = {triple for triple in blocked if triple[0] in wanted and triple[1] in known} | set(draft.conflicts)
    settings = settings_of(policy)
    document = {
        "format": FORMAT,
        "evaluators": draft.evaluators,
        "tasks": [_task(task, kind) for task in tasks],
        "suitability": {"pairs": _pairs(tasks, draft.profiles, conflicts, settings, today), "default": None},
        "conflicts": [list(triple) for triple in sorted(conflicts)],
        "policy": {"objective": policy.get("objective", "total"), "seed": policy.get("seed", "00ff")},
    }
    if kind == "experts":
        people = [person for person in facts.people if person.evaluator_id in known]
        document["apart"] = [[pair.first_id, pair.second_id, pair.rule] for pair in apart_pairs(people)]
    return document, {"ineligible": draft.ineligible}


def settings_of(policy: Mapping[str, Any]) -> SuitabilitySettings:
    """The weights of suitability that the round's policy fixes, in 1/10,000."""
    return SuitabilitySettings(**{f"{name}_weight": weight for name, weight in policy.get("weights", {}).items()})


def suitability_terms(
    session: Session, round_: Round, kind: str, pairs: Sequence[tuple[str, str]], today: date
) -> dict[str, Any]:
    """`"task evaluator"` -> each term of the pair's suitability, for the pairs that are shown to people."""
    tasks = {task.id: task for task in round_tasks(session, round_.id, kind)}
    wanted = {evaluator for _, evaluator in pairs}
    profiles = (
        _expert_profiles(session, wanted, today) if kind == "experts" else _agency_profiles(session, wanted, today)
    )
    settings = settings_of(round_.policy or {})
    return {
        f"{task} {evaluator}": [
            {**asdict(term), "figures": {name: _plain(value) for name, value in term.figures.items()}}
            for term in suitability(profiles[evaluator], _needs(tasks[task]), today, settings).terms
        ]
        for task, evaluator in pairs
    }


def _task(task: Task, kind: str) -> dict[str, Any]:
    if kind == "agencies":
        return {"id": task.id, "seats": 1, "quotas": []}
    template = task.panel_template
    rule = PanelRule(
        template.seats, template.wants_field, template.wants_finance, template.wants_senior, template.employer_max,
        template.region_max, template.reserves,
    )  # fmt: skip
    return {"id": task.id, "seats": template.seats, "quotas": rule.quotas(task.field_code)}


def _needs(task: Task) -> Needs:
    return Needs(task.id, (WantedField(task.field_code),))


def _pairs(
    tasks: Sequence[Task], profiles: Mapping[str, Profile], conflicts: set, settings: SuitabilitySettings, today: date
) -> list[list[Any]]:
    out = {(task, evaluator) for task, evaluator, _ in conflicts}
    return [
        [task.id, evaluator, suitability(profile, _needs(task), today, settings).units / MICRO]
        for task in tasks
        for evaluator, profile in sorted(profiles.items())
        if (task.id, evaluator) not in out
    ]


def _experts(session: Session, tasks: Sequence[Task], facts: Facts, today: date) -> Draft:
    draft = Draft()
    text_id = current_pool_text(session)
    experts = _load_experts(session)
    candidates = find_candidates(session, system_actor(), [expert.id for expert in experts], today, text_id)
    settings = EligibilitySettings(needs_undertaking=text_id is not None)
    employers = employer_groups(facts.people, today)
    finance = set(session.scalars(select(Field.code).where(Field.kind == "finance")))
    profiles = _profiles_of(session, experts, today)
    for expert in experts:
        candidate = candidates[expert.id]
        failures = eligibility(candidate, today, settings)
        if failures:
            draft.leave_out(expert.id, failures)
            continue
        codes = [skill.field_code for skill in expert.fields]
        tags = {field_tag(code) for code in codes}
        tags |= {FINANCE_TAG} if any(code[:2] in finance or code in finance for code in codes) else set()
        tags |= {SENIOR_TAG} if expert.title_level in SENIOR_LEVELS else set()
        draft.evaluators.append(
            {
                "id": expert.id,
                "capacity": _capacity(candidate),
                "tags": sorted(tags),
                "groups": {"employer": list(employers.get(expert.id, ())), "region": expert.region},
            }
        )
        draft.profiles[expert.id] = profiles[expert.id]
    draft.conflicts = _days_off(session, tasks, {evaluator["id"] for evaluator in draft.evaluators})
    return draft


def _capacity(candidate: Candidate) -> int:
    """Seats that a member may still take: of the year and at once, whichever is less."""
    return max(
        0,
        min(candidate.capacity_year - candidate.seats_this_year, candidate.capacity_at_once - candidate.seats_now),
    )


def _days_off(session: Session, tasks: Sequence[Task], known: set[str]) -> list[tuple[str, str, str]]:
    """Who is away on a work day of a task cannot sit on it."""
    return [
        (task.id, off.expert_id, DAY_OFF)
        for off in session.scalars(select(DayOff))
        if off.expert_id in known
        for task in tasks
        if off.from_on <= task.work_until_on and off.until_on >= task.work_from_on
    ]


def _load_experts(session: Session) -> list[Expert]:
    return list(session.scalars(select(Expert).options(selectinload(Expert.fields)).order_by(Expert.id)))


def _expert_profiles(session: Session, wanted: set[str], today: date) -> dict[str, Profile]:
    query = select(Expert).where(Expert.id.in_(wanted)).options(selectinload(Expert.fields))
    return _profiles_of(session, list(session.scalars(query)), today)


def _profiles_of(session: Session, experts: Sequence[Expert], today: date) -> dict[str, Profile]:
    past, lately = _history(session, "expert", today)
    return {
        expert.id: Profile(
            expert.id,
            tuple(FieldSkill(skill.field_code, skill.rank, skill.skill) for skill in expert.fields),
            past_field_codes=tuple(past[expert.id]),
            seats_lately=lately[expert.id],
        )
        for expert in experts
    }


def _history(session: Session, kind: str, today: date) -> tuple[dict[str, list[str]], Counter[str]]:
    """Fields of the tasks each evaluator has done, and how many seats he took in the last twelve months."""
    past: dict[str, list[str]] = defaultdict(list)
    lately: Counter[str] = Counter()
    year_ago = today - timedelta(days=365)
    rows = select(Seat, Task.field_code).join(Task, Task.id == Seat.task_id).where(Seat.kind == kind)
    for seat, code in session.execute(rows):
        evaluator = seat.expert_id or seat.agency_id
        if seat.state in ("done", "appraised", "paid"):
            past[evaluator].append(code)
        if seat.state not in ENDED and seat.accepted_at and seat.accepted_at.date() >= year_ago:
            lately[evaluator] += 1
    return past, lately


def _agencies(session: Session, tasks: Sequence[Task], today: date) -> Draft:
    """Active agencies with a free lead evaluator; each takes as many tasks as it has those, within its own limits."""
    draft = Draft()
    agencies = list(session.scalars(select(Agency).options(selectinload(Agency.fields)).order_by(Agency.id)).unique())
    leads = _lead_evaluators(session)
    busy = _open_agency_seats(session)
    profiles = _agency_profiles(session, {agency.id for agency in agencies}, today)
    for agency in agencies:
        candidate = _agency_candidate(agency, busy[agency.id])
        failures = eligibility(candidate, today, EligibilitySettings(needs_undertaking=False))
        if not failures and leads[agency.id] <= busy[agency.id]:
            failures = [Failure("no_free_lead", {"count": leads[agency.id], "limit": busy[agency.id]})]
        if failures:
            draft.leave_out(agency.id, failures)
            continue
        capacity = min(_capacity(candidate), leads[agency.id] - busy[agency.id])
        draft.evaluators.append(
            {"id": agency.id, "capacity": capacity, "tags": sorted({field_tag(f.field_code) for f in agency.fields})}
        )
        draft.profiles[agency.id] = profiles[agency.id]
    return draft


def _agency_candidate(agency: Agency, busy: int) -> Candidate:
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


def _agency_profiles(session: Session, wanted: set[str], today: date) -> dict[str, Profile]:
    past, lately = _history(session, "agency", today)
    agencies = session.scalars(
        select(Agency).where(Agency.id.in_(wanted)).options(selectinload(Agency.fields))
    ).unique()
    return {
        agency.id: Profile(
            agency.id,
            tuple(FieldSkill(skill.field_code, skill.rank, skill.skill) for skill in agency.fields),
            past_field_codes=tuple(past[agency.id]),
            seats_lately=lately[agency.id],
        )
        for agency in agencies
    }


def _lead_evaluators(session: Session) -> Counter[str]:
    query = select(AgencyStaff.agency_id, func.count()).where(
        AgencyStaff.is_lead_evaluator, AgencyStaff.left_on.is_(None)
    )
    return Counter(dict(session.execute(query.group_by(AgencyStaff.agency_id)).tuples().all()))


def _open_agency_seats(session: Session) -> Counter[str]:
    query = select(Seat.agency_id, func.count()).where(
        Seat.kind == "agency", Seat.state.not_in((*ENDED, "done", "appraised", "paid", "proposed"))
    )
    return Counter(dict(session.execute(query.group_by(Seat.agency_id)).tuples().all()))


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


__all__ = ["ADMITTED_STATES", "build_instance", "round_tasks", "settings_of", "suitability_terms"]
