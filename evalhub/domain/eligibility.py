"""Whether an expert or agency may be seated at all on a day, whatever the task; every rule that fails is named.

Recusal rule R13 and the limits of the pool. Nothing here is read off a flag: a term that ran out yesterday counts today.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from evalhub.domain.periods import Period, add_months

ADMITTED_STATES = frozenset({"active", "expiring", "renewed"})
DEFAULT_AGE_LIMIT = 70
DEFAULT_REFUSAL_CAP = 3


@dataclass(frozen=True, slots=True)
class HeldLicence:
    """A licence by kind; `expires_on` None: without end. The day of expiry still counts."""

    kind: str
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expert or agency as the rules see it on a day.

    Args:
        kind: `expert` or `agency`; the age limit binds experts.
        state: of the pool; `active`, `expiring` and `renewed` are in it.
        term: of appointment, both ends inside; None when there is none to keep to.
        has_undertaking: whether the current undertaking of the pool is signed.
        seats_this_year, seats_now: seats taken in the calendar year, and those open on the day.
        capacity_year, capacity_at_once: most of each.
        refusals_this_year: refused or unanswered invitations that count.
    """

    evaluator_id: str
    kind: str = "expert"
    state: str = "active"
    born_on: date | None = None
    term: Period | None = None
    has_undertaking: bool = True
    licences: tuple[HeldLicence, ...] = ()
    days_off: tuple[Period, ...] = ()
    capacity_year: int = 6
    capacity_at_once: int = 3
    seats_this_year: int = 0
    seats_now: int = 0
    refusals_this_year: int = 0


@dataclass(frozen=True)
class EligibilitySettings:
    """Limits of the bureau; a limit of None is not applied.

    Args:
        age_limit: the first age that is too old. Source: 财库〔2016〕198号 (under 70).
        refusal_cap: this many refusals in a year and nobody asks again.
        wanted_licences: kinds of which at least one must be valid; empty: none is wanted.
        work_days: when the evaluator must be there; any of his days off inside bars him.
    """

    age_limit: int | None = DEFAULT_AGE_LIMIT
    refusal_cap: int | None = DEFAULT_REFUSAL_CAP
    wanted_licences: frozenset[str] = field(default_factory=frozenset)
    work_days: tuple[Period, ...] = ()
    needs_undertaking: bool = True


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that fails: its code and the figures of the sentence that says so."""

    code: str
    figures: dict[str, object]


def eligibility(candidate: Candidate, on: date, settings: EligibilitySettings) -> list[Failure]:
    """All rules that fail on the day, the gravest first; empty when the candidate may be seated.

    Codes in order: `state`, `term_not_begun`, `term_over`, `age_unknown`, `over_age`, `undertaking_missing`,
    `licence_missing`, `licence_expired`, `day_off`, `year_full`, `at_once_full`, `refusals`.
    """
    return [
        *_state_failures(candidate),
        *_term_failures(candidate, on),
        *_age_failures(candidate, on, settings.age_limit),
        *_undertaking_failures(candidate, settings),
        *_licence_failures(candidate.licences, on, settings.wanted_licences),
        *_day_failures(candidate.days_off, settings.work_days),
        *_load_failures(candidate, settings.refusal_cap),
    ]


def is_available(candidate: Candidate, on: date, settings: EligibilitySettings) -> bool:
    return not eligibility(candidate, on, settings)


def age_on(born_on: date, on: date) -> int:
    """Full years; who was born on 29 February is a year older on 1 March of a common year."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def _state_failures(candidate: Candidate) -> list[Failure]:
    return [] if candidate.state in ADMITTED_STATES else [Failure("state", {"state": candidate.state})]


def _term_failures(candidate: Candidate, on: date) -> list[Failure]:
    term = candidate.term
    if term and term.first_day and on < term.first_day:
        return [Failure("term_not_begun", {"from_on": term.first_day})]
    if term and term.last_day and on > term.last_day:
        return [Failure("term_over", {"until_on": term.last_day, "days": (on - term.last_day).days})]
    return []


def _age_failures(candidate: Candidate, on: date, limit: int | None) -> list[Failure]:
    if limit is None or candidate.kind != "expert":
        return []
    if candidate.born_on is None:
        return [Failure("age_unknown", {"limit": limit})]
    age = age_on(candidate.born_on, on)
    if age < limit:
        return []
    return [Failure("over_age", {"age": age, "limit": limit, "since_on": add_months(candidate.born_on, 12 * limit)})]


def _undertaking_failures(candidate: Candidate, settings: EligibilitySettings) -> list[Failure]:
    is_missing = settings.needs_undertaking and not candidate.has_undertaking
    return [Failure("undertaking_missing", {})] if is_missing else []


def _licence_failures(licences: Sequence[HeldLicence], on: date, wanted: frozenset[str]) -> list[Failure]:
    held = [licence for licence in licences if licence.kind in wanted]
    if not wanted or any(is_valid(licence, on) for licence in held):
        return []
    if not held:
        return [Failure("licence_missing", {"wanted": tuple(sorted(wanted))})]
    last = max(held, key=lambda licence: (licence.expires_on or date.max, licence.kind))
    return [Failure("licence_expired", {"licence": last.kind, "expires_on": last.expires_on})]


def is_valid(licence: HeldLicence, on: date) -> bool:
    return licence.expires_on is None or on <= licence.expires_on


def _day_failures(days_off: Sequence[Period], work_days: Sequence[Period]) -> list[Failure]:
    clashes = [common for off in days_off for work in work_days if (common := off.meet(work))]
    if not clashes:
        return []
    first = min(clashes, key=lambda clash: clash.first_day or date.min)
    return [Failure("day_off", {"from_on": first.first_day, "until_on": first.last_day, "clashes": len(clashes)})]


def _load_failures(candidate: Candidate, refusal_cap: int | None) -> list[Failure]:
    counts = [
        ("year_full", candidate.seats_this_year, candidate.capacity_year),
        ("at_once_full", candidate.seats_now, candidate.capacity_at_once),
        ("refusals", candidate.refusals_this_year, refusal_cap),
    ]
    return [
        Failure(code, {"count": count, "limit": limit})
        for code, count, limit in counts
        if limit is not None and count >= limit
    ]
