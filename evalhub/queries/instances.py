"""The instance of an allocation run: a round's tasks and a pool, as the exchange format `evalhub.allocation/1` has them.

Whoever may not be seated at all is left out and named with every rule that fails; whoever may not sit on one task
stands among the conflicts with the rule's code. Suitability is computed for every other pair.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from evalhub.domain.allocation.problem import MICRO
from evalhub.domain.conflicts import apart_pairs, employer_groups
from evalhub.domain.eligibility import Candidate, EligibilitySettings, Failure, eligibility
from evalhub.domain.panels import FINANCE_TAG, SENIOR_TAG, PanelRule, field_tag
from evalhub.domain.permissions import system_actor
from evalhub.domain.suitability import Profile, SuitabilitySettings, suitability
from evalhub.models.agencies import Agency
from evalhub.models.experts import DayOff, Expert, Field
from evalhub.models.plans import Round, Task
from evalhub.queries.agency_instances import (
    agency_capacities,
    agency_failures,
    employers_of_panels,
    leaderless,
    seated_experts,
)
from evalhub.queries.blocked import Triple, rule_book, years_running
from evalhub.queries.eligibility import current_pool_text, find_candidates
from evalhub.queries.facts import Facts
from evalhub.queries.profiles import Years, agency_profiles, needs_of, plain, profiles_of, settings_of

SENIOR_LEVELS = ("full", "associate")
DAY_OFF = "day_off"
FORMAT = "evalhub.allocation/1"


@dataclass
class Draft:
    """An instance in the making, and what it leaves out."""

    evaluators: list[dict[str, Any]] = field(default_factory=list)
    profiles: dict[str, Profile] = field(default_factory=dict)
    ineligible: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    conflicts: list[Triple] = field(default_factory=list)

    def leave_out(self, evaluator_id: str, failures: Sequence[Failure]) -> None:
        self.ineligible[evaluator_id] = [
            {"code": failure.code, "figures": {name: plain(value) for name, value in failure.figures.items()}}
            for failure in failures
        ]


def round_tasks(session: Session, round_id: str, kind: str) -> list[Task]:
    """The tasks of a round that a run of this kind is about, by code: not stopped, and for agencies those that want one."""
    query = select(Task).where(Task.round_id == round_id, Task.state.in_(("planned", "resourcing", "assigned")))
    if kind == "agencies":
        query = query.where(Task.wants_agency)
    return list(session.scalars(query.order_by(Task.code)).unique())


def build_instance(
    session: Session, round_: Round, kind: str, facts: Facts, blocked: Sequence[Triple], today: date
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
    draft = _experts(session, tasks, facts, today) if kind == "experts" else _agencies(session, tasks, facts, today)
    known = {evaluator["id"] for evaluator in draft.evaluators}
    wanted = {task.id for task in tasks}
    conflicts = {triple for triple in blocked if triple[0] in wanted and triple[1] in known} | set(draft.conflicts)
    settings, years = settings_of(policy), years_running(session, wanted)
    document = {
        "format": FORMAT,
        "evaluators": draft.evaluators,
        "tasks": [_task(task, kind) for task in tasks],
        "suitability": {"pairs": _pairs(tasks, draft.profiles, conflicts, settings, today, years), "default": None},
        "conflicts": [list(triple) for triple in sorted(conflicts)],
        "policy": {"objective": policy.get("objective", "total"), "seed": policy.get("seed", "00ff")},
    }
    if kind == "experts" and "R12" in rule_book(session).rules:
        people = [person for person in facts.people if person.evaluator_id in known]
        document["apart"] = [[pair.first_id, pair.second_id, pair.rule] for pair in apart_pairs(people)]
    return document, {"ineligible": draft.ineligible}


def _task(task: Task, kind: str) -> dict[str, Any]:
    if kind == "agencies":
        return {"id": task.id, "seats": 1, "quotas": []}
    template = task.panel_template
    rule = PanelRule(
        template.seats, template.wants_field, template.wants_finance, template.wants_senior, template.employer_max,
        template.region_max, template.reserves,
    )  # fmt: skip
    return {"id": task.id, "seats": template.seats, "quotas": rule.quotas(task.field_code)}


def _pairs(
    tasks: Sequence[Task],
    profiles: Mapping[str, Profile],
    conflicts: set[Triple],
    settings: SuitabilitySettings,
    today: date,
    years: Years,
) -> list[list[Any]]:
    out = {(task, evaluator) for task, evaluator, _ in conflicts}
    return [
        [
            task.id,
            one,
            suitability(profile, needs_of(task), today, settings, years.get((task.id, one), 0)).units / MICRO,
        ]
        for task in tasks
        for one, profile in sorted(profiles.items())
        if (task.id, one) not in out
    ]


def _experts(session: Session, tasks: Sequence[Task], facts: Facts, today: date) -> Draft:
    draft = Draft()
    text_id = current_pool_text(session)
    experts = _load_experts(session)
    candidates = find_candidates(session, system_actor(), [expert.id for expert in experts], today, text_id)
    settings = EligibilitySettings(needs_undertaking=text_id is not None)
    employers = _numbered(employer_groups(facts.people, today))
    finance = set(session.scalars(select(Field.code).where(Field.kind == "finance")))
    profiles = profiles_of(session, experts, today)
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


def _numbered(employers: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Employers as numbers of this instance: an archived file tells who shares one, and names none."""
    known = sorted({employer for each in employers.values() for employer in each})
    number = {employer: f"employer-{at}" for at, employer in enumerate(known, 1)}
    return {evaluator: sorted(number[employer] for employer in each) for evaluator, each in employers.items()}


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


def _agencies(session: Session, tasks: Sequence[Task], facts: Facts, today: date) -> Draft:
    """Active agencies with a free lead evaluator; each takes as many tasks as it has those, within its own limits."""
    draft = Draft()
    agencies = list(session.scalars(select(Agency).options(selectinload(Agency.fields)).order_by(Agency.id)).unique())
    failures = agency_failures(session, agencies, today)
    capacities = agency_capacities(session, agencies)
    profiles = agency_profiles(session, {agency.id for agency in agencies}, today)
    for agency in agencies:
        if failures[agency.id]:
            draft.leave_out(agency.id, failures[agency.id])
            continue
        tags = sorted({field_tag(skill.field_code) for skill in agency.fields})
        draft.evaluators.append({"id": agency.id, "capacity": capacities[agency.id], "tags": tags})
        draft.profiles[agency.id] = profiles[agency.id]
    task_ids = [task.id for task in tasks]
    clashes = employers_of_panels(session, facts, seated_experts(session, task_ids), today)
    known = {evaluator["id"] for evaluator in draft.evaluators}
    draft.conflicts = [triple for triple in clashes + leaderless(session, tasks) if triple[1] in known]
    return draft
