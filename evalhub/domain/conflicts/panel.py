"""R12, between members of one panel: kin never together, and who shares an employer falls under one quota."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from evalhub.domain.conflicts.facts import EMPLOYMENT, PersonFacts
from evalhub.domain.names import organisation_key
from evalhub.domain.organisations import OrganisationRef


@dataclass(frozen=True, slots=True)
class ApartPair:
    """Two evaluators who never share a panel, ids in order; `relation` as the first of them to declare it did."""

    first_id: str
    second_id: str
    rule: str
    relation: str
    record_id: str


def apart_pairs(people: Sequence[PersonFacts]) -> list[ApartPair]:
    """Kin among the people, each pair once, sorted by ids; it is enough that one of the two declared it."""
    known = {person.evaluator_id for person in people}
    pairs: dict[tuple[str, str], ApartPair] = {}
    for person in people:
        for kin in person.kin:
            if kin.relative_id in known and kin.relative_id != person.evaluator_id:
                first, second = sorted((person.evaluator_id, kin.relative_id))
                pairs.setdefault((first, second), ApartPair(first, second, "R12", kin.relation, kin.record_id))
    return [pairs[ids] for ids in sorted(pairs)]


def employer_groups(people: Sequence[PersonFacts], on: date) -> dict[str, tuple[str, ...]]:
    """Evaluator id -> employers on the day, sorted, for the allocation's `employer` group.

    An employer is its code; one written without a code takes the code of a body of exactly that folded name among the
    people's employers, else `~` and the folded name. Who has none stands with an empty tuple.
    """
    current = {
        person.evaluator_id: [
            spell.organisation for spell in person.spells if spell.kind == EMPLOYMENT and spell.period.is_on(on)
        ]
        for person in people
    }
    codes: dict[str, set[str]] = {}
    for employers in current.values():
        for employer in employers:
            if employer.code:
                codes.setdefault(organisation_key(employer.name), set()).add(employer.code)
    return {
        evaluator_id: tuple(sorted({mark for employer in employers for mark in _marks(employer, codes)}))
        for evaluator_id, employers in current.items()
    }


def _marks(employer: OrganisationRef, codes: dict[str, set[str]]) -> set[str]:
    if employer.code:
        return {employer.code}
    return codes.get(organisation_key(employer.name)) or {employer.identity}
