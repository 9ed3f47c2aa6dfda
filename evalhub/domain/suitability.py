"""How well an evaluator suits a task, in whole millionths, with each term shown to the people it concerns.

suitability = sum of weight x term / sum of weights, over the terms that the task asks for:
field = best over the evaluator's fields of nearness x rank x skill; licence = wanted licences held / wanted;
past_work = like tasks done / cap; rotation = half the rest left from seats lately, half from years running at the unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from evalhub.domain.eligibility import HeldLicence, is_valid
from evalhub.domain.errors import InvalidInput
from evalhub.domain.rounding import round_half_up_div

WHOLE = 1_000_000
TERMS = ("field", "licence", "past_work", "rotation")


@dataclass(frozen=True, slots=True)
class FieldSkill:
    """A field of the evaluator: code of 2, 4 or 6 digits, rank (1 primary), skill 1 (knows), 2 (works in), 3 (leads)."""

    code: str
    rank: int = 1
    skill: int = 2


@dataclass(frozen=True, slots=True)
class WantedField:
    """A field the task asks for; `factor_units` below one whole for a side field (finance on every panel)."""

    code: str
    factor_units: int = WHOLE


@dataclass(frozen=True, slots=True)
class Profile:
    """What an evaluator brings.

    Args:
        past_field_codes: of tasks done, one code per task.
        seats_lately: seats in the last twelve months.
    """

    evaluator_id: str
    fields: tuple[FieldSkill, ...] = ()
    licences: tuple[HeldLicence, ...] = ()
    past_field_codes: tuple[str, ...] = ()
    seats_lately: int = 0


@dataclass(frozen=True, slots=True)
class Needs:
    """What a task asks for: fields (the best counts) and kinds of licences."""

    task_id: str
    fields: tuple[WantedField, ...]
    licences: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class SuitabilitySettings:
    """Weights in 1/10,000, summing to 10,000, and the scales of the terms in millionths.

    Args:
        nearness_units: for 0, 1, 2 levels missing between the shared branch and the wanted field; no shared branch is 0.
        rank_units: for the primary field and any other.
        skill_units: for skill 1, 2, 3.
        past_work_cap, seats_cap, years_cap: counts from which a term changes no more.

    Raises:
        InvalidInput: `suitability.weights` or `suitability.scale`, with the figures.
    """

    field_weight: int = 6000
    licence_weight: int = 1000
    past_work_weight: int = 1500
    rotation_weight: int = 1500
    nearness_units: tuple[int, int, int] = (WHOLE, 600_000, 300_000)
    rank_units: tuple[int, int] = (WHOLE, 800_000)
    skill_units: tuple[int, int, int] = (600_000, 800_000, WHOLE)
    past_work_cap: int = 5
    seats_cap: int = 4
    years_cap: int = 2

    def __post_init__(self) -> None:
        weights = (self.field_weight, self.licence_weight, self.past_work_weight, self.rotation_weight)
        if sum(weights) != 10_000 or min(weights) < 0 or not self.field_weight:
            raise InvalidInput("suitability.weights", weights=weights, total=sum(weights))
        scales = (*self.nearness_units, *self.rank_units, *self.skill_units)
        if min(scales) < 0 or max(scales) > WHOLE or min(self.past_work_cap, self.seats_cap, self.years_cap) < 1:
            raise InvalidInput("suitability.scale", scales=scales)


@dataclass(frozen=True, slots=True)
class Term:
    """One term: its weight in 1/10,000, its value and its share of the sum in millionths.

    `figures` hold what it was computed from: codes, counts, caps.
    """

    code: str
    weight: int
    value_units: int
    contribution_units: int
    figures: dict[str, object]


@dataclass(frozen=True, slots=True)
class Suitability:
    """`units` (0 to 1,000,000) is exactly the sum of the terms' contributions."""

    units: int
    terms: tuple[Term, ...]


def suitability(
    profile: Profile, needs: Needs, on: date, settings: SuitabilitySettings, years_running: int = 0
) -> Suitability:
    """Suitability of one evaluator for one task on a day.

    Args:
        years_running: years up to the last in which he evaluated this unit.

    Returns:
        The sum and its terms, in the order of `TERMS`; the licence term only where the task wants a licence.
    """
    values = [
        ("field", settings.field_weight, *_field(profile.fields, needs.fields, settings)),
        ("past_work", settings.past_work_weight, *_past_work(profile, needs.fields, settings)),
        ("rotation", settings.rotation_weight, *_rotation(profile.seats_lately, years_running, settings)),
    ]
    if needs.licences:
        values.insert(1, ("licence", settings.licence_weight, *_licence(profile.licences, needs.licences, on)))
    whole = sum(weight for _, weight, _, _ in values)
    terms, weighed, units = [], 0, 0
    for code, weight, value, figures in values:
        # The running sum is rounded, not each term, so that the contributions shown add up to the sum shown.
        weighed += weight * value
        contribution = round_half_up_div(weighed, whole) - units
        units += contribution
        terms.append(Term(code, weight, value, contribution, figures))
    return Suitability(units, tuple(terms))


def shared_levels(code: str, other: str) -> int:
    """How many levels of the tree two codes share: 010203 and 010299 share two."""
    levels = 0
    while code[2 * levels : 2 * levels + 2] and code[: 2 * levels + 2] == other[: 2 * levels + 2]:
        levels += 1
    return levels


def nearness_units(code: str, wanted: str, settings: SuitabilitySettings) -> int:
    """Nearness of a field to a wanted one: whole in the wanted field or below it, less per level missing, else 0."""
    shared = shared_levels(code, wanted)
    return settings.nearness_units[len(wanted) // 2 - shared] if shared else 0


Figures = dict[str, object]


def _field(
    fields: Sequence[FieldSkill], wanted: Sequence[WantedField], settings: SuitabilitySettings
) -> tuple[int, Figures]:
    best: tuple[int, Figures] = (0, {"field": None})
    for want in wanted:
        for own in fields:
            near = nearness_units(own.code, want.code, settings)
            if not near:
                continue
            rank = settings.rank_units[min(own.rank, 2) - 1]
            skill = settings.skill_units[own.skill - 1]
            value = round_half_up_div(near * rank * skill * want.factor_units, WHOLE**3)
            if value > best[0]:
                best = (value, {
                    "field": own.code, "wanted": want.code, "shared_levels": shared_levels(own.code, want.code),
                    "nearness_units": near, "rank_units": rank, "skill_units": skill, "factor_units": want.factor_units,
                })  # fmt: skip
    return best


def _licence(licences: Sequence[HeldLicence], wanted: frozenset[str], on: date) -> tuple[int, Figures]:
    held = sorted({licence.kind for licence in licences if licence.kind in wanted and is_valid(licence, on)})
    return round_half_up_div(len(held) * WHOLE, len(wanted)), {"held": tuple(held), "wanted": tuple(sorted(wanted))}


def _past_work(profile: Profile, wanted: Sequence[WantedField], settings: SuitabilitySettings) -> tuple[int, Figures]:
    """A past task is like when it shares two levels with a wanted field, or all that the wanted one has."""
    like = sum(
        any(shared_levels(code, want.code) >= min(2, len(want.code) // 2) for want in wanted)
        for code in profile.past_field_codes
    )
    value = round_half_up_div(min(like, settings.past_work_cap) * WHOLE, settings.past_work_cap)
    return value, {"tasks": like, "cap": settings.past_work_cap}


def _rotation(seats: int, years: int, settings: SuitabilitySettings) -> tuple[int, Figures]:
    rest = round_half_up_div((settings.seats_cap - min(seats, settings.seats_cap)) * WHOLE, 2 * settings.seats_cap)
    fresh = round_half_up_div((settings.years_cap - min(years, settings.years_cap)) * WHOLE, 2 * settings.years_cap)
    return rest + fresh, {
        "seats_lately": seats, "seats_cap": settings.seats_cap, "years_running": years, "years_cap": settings.years_cap,
    }  # fmt: skip
