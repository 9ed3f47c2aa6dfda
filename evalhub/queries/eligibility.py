"""Experts as the rules of eligibility see them on a day, gathered for many at once with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.domain.eligibility import Candidate, EligibilitySettings, Failure, HeldLicence, age_on, eligibility
from evalhub.domain.periods import Period
from evalhub.domain.permissions import Actor
from evalhub.infra.clock import office_date
from evalhub.models.experts import DayOff, Expert, ExpertLicence, PersonUndertaking, UndertakingText
from evalhub.models.plans import Task
from evalhub.models.seats import ENDED, Seat
from evalhub.queries.scope import without_locked_tasks

SOON_DAYS = 30
_REFUSED = ("declined", "no_reply")
_NOT_BEGUN = ("proposed", "notified")


@dataclass(frozen=True)
class ExpertCheck:
    """What the rules say of one person on one day: who he is to them, and every rule that fails, the gravest first."""

    day: date
    candidate: Candidate
    failures: tuple[Failure, ...]
    settings: EligibilitySettings

    @property
    def is_available(self) -> bool:
        return not self.failures

    @property
    def age(self) -> int | None:
        return age_on(self.candidate.born_on, self.day) if self.candidate.born_on else None

    @property
    def ends_soon(self) -> bool:
        """Whether the term ends within a month although he may still be seated."""
        last = self.candidate.term.last_day if self.candidate.term else None
        return last is not None and self.day <= last <= self.day + timedelta(days=SOON_DAYS)


def check_experts(session: Session, actor: Actor, expert_ids: Sequence[str], day: date) -> dict[str, ExpertCheck]:
    """Each person's check for a day; seats of tasks that do not exist for the actor are not counted."""
    text_id = current_pool_text(session)
    settings = EligibilitySettings(work_days=(Period(day, day),), needs_undertaking=text_id is not None)
    candidates = find_candidates(session, actor, expert_ids, day, text_id)
    return {
        expert_id: ExpertCheck(day, candidate, _failures(candidate, day, settings), settings)
        for expert_id, candidate in candidates.items()
    }


def _failures(candidate: Candidate, day: date, settings: EligibilitySettings) -> tuple[Failure, ...]:
    """What fails; days off are told as they were entered, not only the part that meets the day."""
    away = candidate.days_off[0] if candidate.days_off else None
    whole = Failure("day_off", {"from_on": away.from_on, "until_on": away.until_on}) if away else None
    found = eligibility(candidate, day, settings)
    return tuple(whole if whole and failure.code == "day_off" else failure for failure in found)


def find_candidates(
    session: Session, actor: Actor, expert_ids: Sequence[str], day: date, text_id: str | None
) -> dict[str, Candidate]:
    """Facts of each person that the rules need, in five queries however many there are."""
    columns = (
        Expert.id, Expert.state, Expert.born_on, Expert.admitted_on, Expert.term_until_on, Expert.capacity_year,
        Expert.capacity_at_once,
    )  # fmt: skip
    licences = _licences(session, expert_ids)
    days_off = _days_off(session, expert_ids, day)
    seats = _seats(session, actor, expert_ids)
    signed = _signed(session, expert_ids, text_id)
    return {
        row.id: Candidate(
            evaluator_id=row.id,
            state=row.state,
            born_on=row.born_on,
            term=Period(row.admitted_on, row.term_until_on) if row.admitted_on or row.term_until_on else None,
            has_undertaking=row.id in signed,
            licences=licences[row.id],
            days_off=days_off[row.id],
            capacity_year=row.capacity_year,
            capacity_at_once=row.capacity_at_once,
            **_loads(seats[row.id], day),
        )
        for row in session.execute(select(*columns).where(Expert.id.in_(expert_ids)))
    }


def current_pool_text(session: Session) -> str | None:
    """The undertaking that members of the pool sign now; None where the bureau has set none."""
    query = select(UndertakingText.id).where(UndertakingText.kind == "pool").order_by(UndertakingText.edition.desc())
    return session.scalar(query.limit(1))


def _licences(session: Session, expert_ids: Sequence[str]) -> dict[str, tuple[HeldLicence, ...]]:
    query = select(ExpertLicence.expert_id, ExpertLicence.kind, ExpertLicence.expires_on).where(
        ExpertLicence.expert_id.in_(expert_ids)
    )
    found: dict[str, tuple[HeldLicence, ...]] = defaultdict(tuple)
    for expert_id, kind, expires_on in session.execute(query):
        found[expert_id] += (HeldLicence(kind, expires_on),)
    return found


def _days_off(session: Session, expert_ids: Sequence[str], day: date) -> dict[str, tuple[Period, ...]]:
    query = select(DayOff.expert_id, DayOff.from_on, DayOff.until_on).where(
        DayOff.expert_id.in_(expert_ids), DayOff.from_on <= day, DayOff.until_on >= day
    )
    found: dict[str, tuple[Period, ...]] = defaultdict(tuple)
    for expert_id, from_on, until_on in session.execute(query):
        found[expert_id] += (Period(from_on, until_on),)
    return found


def _seats(session: Session, actor: Actor, expert_ids: Sequence[str]) -> dict[str, list[Any]]:
    query = (
        select(Seat.expert_id, Seat.state, Seat.ended_at, Task.work_from_on, Task.work_until_on)
        .join(Task, Task.id == Seat.task_id)
        .where(Seat.expert_id.in_(expert_ids))
    )
    found: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(without_locked_tasks(query, Seat.task_id, actor)):
        found[row.expert_id].append(row)
    return found


def _loads(seats: list[Any], day: date) -> dict[str, int]:
    """Seats of the day's year, seats open on the day, and invitations of that year refused or left unanswered."""
    taken = [seat for seat in seats if seat.state not in ENDED and seat.state not in _NOT_BEGUN]
    refused = [seat for seat in seats if seat.state in _REFUSED and _year_of(seat.ended_at) == day.year]
    return {
        "seats_this_year": sum(seat.work_from_on.year == day.year for seat in taken),
        "seats_now": sum(seat.work_from_on <= day <= seat.work_until_on for seat in taken),
        "refusals_this_year": len(refused),
    }


def _year_of(instant: datetime | None) -> int | None:
    return office_date(instant).year if instant else None


def _signed(session: Session, expert_ids: Sequence[str], text_id: str | None) -> set[str | None]:
    if text_id is None:
        return set()
    query = select(PersonUndertaking.expert_id).where(
        PersonUndertaking.expert_id.in_(expert_ids), PersonUndertaking.text_id == text_id
    )
    return set(session.scalars(query))
