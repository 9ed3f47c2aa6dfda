"""What evaluators bring to suitability, what tasks ask for, and the terms of each pair that people are shown."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from evalhub.domain.suitability import FieldSkill, Needs, Profile, SuitabilitySettings, WantedField, suitability
from evalhub.models.agencies import Agency
from evalhub.models.experts import Expert
from evalhub.models.plans import Round, Task
from evalhub.models.seats import ENDED, Seat

Years = Mapping[tuple[str, str], int]


def settings_of(policy: Mapping[str, Any]) -> SuitabilitySettings:
    """The weights of suitability that the round's policy fixes, in 1/10,000."""
    return SuitabilitySettings(**{f"{name}_weight": weight for name, weight in policy.get("weights", {}).items()})


def suitability_terms(
    session: Session, round_: Round, kind: str, pairs: Sequence[tuple[str, str]], today: date, years: Years
) -> dict[str, Any]:
    """`"task evaluator"` -> each term of the pair's suitability, for the pairs that are shown to people.

    Args:
        years: (task, evaluator) -> years running at the unit, of whom R11 speaks.
    """
    query = select(Task).where(Task.id.in_({task for task, _ in pairs}))
    tasks = {task.id: task for task in session.scalars(query).unique()}
    wanted = {evaluator for _, evaluator in pairs}
    profiles = expert_profiles(session, wanted, today) if kind == "experts" else agency_profiles(session, wanted, today)
    settings = settings_of(round_.policy or {})
    return {
        f"{task} {evaluator}": [
            {**asdict(term), "figures": {name: plain(value) for name, value in term.figures.items()}}
            for term in suitability(
                profiles[evaluator], needs_of(tasks[task]), today, settings, years.get((task, evaluator), 0)
            ).terms
        ]
        for task, evaluator in pairs
    }


def needs_of(task: Task) -> Needs:
    return Needs(task.id, (WantedField(task.field_code),))


def expert_profiles(session: Session, wanted: set[str], today: date) -> dict[str, Profile]:
    query = select(Expert).where(Expert.id.in_(wanted)).options(selectinload(Expert.fields))
    return profiles_of(session, list(session.scalars(query)), today)


def profiles_of(session: Session, experts: Sequence[Expert], today: date) -> dict[str, Profile]:
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


def agency_profiles(session: Session, wanted: set[str], today: date) -> dict[str, Profile]:
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


def plain(value: Any) -> Any:
    """A figure as JSON has it."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
