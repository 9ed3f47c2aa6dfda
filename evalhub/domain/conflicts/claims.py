"""Both sides of detection as flat rows: what ties an evaluator to a body (claims), the bodies of a task (targets)."""

from collections.abc import Iterator
from dataclasses import dataclass

from evalhub.domain.conflicts.facts import (
    DEPARTMENT,
    LEADING_POSTS,
    UNIT,
    AgencyFacts,
    PersonFacts,
    TaskFacts,
)
from evalhub.domain.conflicts.hits import Fact, Record
from evalhub.domain.organisations import Organisation, OrganisationRef, OwnershipGraph
from evalhub.domain.periods import ALWAYS, Period


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose hit it is. A head's hit is his own and, through `staff_id`, his agency's."""

    evaluator_id: str
    kind: str
    agency_id: str | None = None
    staff_id: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """`tie` (employment, post, adviser, kin, self, owner, invested, finances, paid) to a body during a period.

    `is_weak`: a holder below control. `is_indirect`: the body is above the evaluator, not itself.
    """

    subject: Subject
    tie: str
    organisation: OrganisationRef
    period: Period
    record: Record
    is_weak: bool = False
    is_indirect: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A body of a task in one `role`; `is_indirect` for an owner of a contractor or of the unit."""

    task_id: str
    role: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    fact: Fact
    period: Period = ALWAYS
    is_weak: bool = False
    is_indirect: bool = False


def subjects_of(person: PersonFacts) -> list[Subject]:
    own = Subject(person.evaluator_id, person.kind, person.agency_id)
    if person.is_head and person.agency_id:
        return [own, Subject(person.agency_id, "agency", person.agency_id, person.evaluator_id)]
    return [own]


def person_claims(person: PersonFacts) -> Iterator[Claim]:
    for subject in subjects_of(person):
        for spell in person.spells:
            tie = "post" if spell.kind in LEADING_POSTS else spell.kind
            record = _record(spell.kind, spell.organisation, spell.period, title=spell.title, record_id=spell.record_id)
            yield Claim(subject, tie, spell.organisation, spell.period, record)
        for kin in person.kin:
            title = "leader" if kin.is_leader else ""
            record = _record("kin", kin.organisation, ALWAYS, kin.relation, title, kin.record_id)
            yield Claim(subject, "kin", kin.organisation, ALWAYS, record)


def agency_claims(agency: AgencyFacts, graph: OwnershipGraph, levels: int) -> Iterator[Claim]:
    subject = Subject(agency.evaluator_id, "agency", agency.evaluator_id)
    for code in agency.organisation.codes or (None,):
        itself = OrganisationRef(code, agency.organisation.name)
        yield Claim(subject, "self", itself, ALWAYS, _record("self", itself, ALWAYS))
    for owner in graph.owners(agency.organisation, levels):
        record = _record(owner.tie, owner.ref, owner.period, record_id=owner.record_id)
        yield Claim(subject, "owner", owner.ref, owner.period, record, not owner.is_controlling, True)
    for held in agency.invested:
        record = _record("invested", held.body, held.period, record_id=held.record_id)
        is_weak = held.share_weight is not None and held.share_weight < graph.control_share_weight
        yield Claim(subject, "invested", held.body, held.period, record, is_weak)
    for body in agency.finances:
        yield Claim(subject, "finances", body, ALWAYS, _record("finances", body, ALWAYS))
    for paid in agency.paid_business:
        record = _record("paid_business", paid.organisation, paid.period, title=paid.subject, record_id=paid.record_id)
        yield Claim(subject, "paid", paid.organisation, paid.period, record)


def targets(task: TaskFacts, graph: OwnershipGraph, levels: int) -> Iterator[Target]:
    """The task's bodies, each in each role; a body evaluated itself is not named again as owner or department."""
    evaluated: set[str] = set()
    for body in sorted(task.evaluated, key=lambda entry: entry.role != UNIT):
        if body.organisation.ref.identity not in evaluated:
            evaluated.add(body.organisation.ref.identity)
            yield _target(task, body.role, body.organisation)
    for body in task.evaluated:
        if body.role != DEPARTMENT:
            yield from _owner_targets(task, "unit_owner", body.organisation, graph, levels, evaluated)
    for contractor in task.contractors:
        yield _target(task, "contractor", contractor)
        yield from _owner_targets(task, "contractor_owner", contractor, graph, levels, set())
    for agency in task.agencies:
        yield _target(task, "agency", agency.organisation, agency.agency_id)


def _target(task: TaskFacts, role: str, body: Organisation, record_id: str = "") -> Target:
    fact = Fact(role, body.code, body.name, record_id=record_id)
    return Target(task.task_id, role, body.codes, body.names, fact)


def _owner_targets(
    task: TaskFacts, role: str, body: Organisation, graph: OwnershipGraph, levels: int, known: set[str]
) -> Iterator[Target]:
    for owner in graph.owners(body, levels):
        if owner.ref.identity in known:
            continue
        whole = graph.find(owner.ref.code) or Organisation(owner.ref.code, owner.ref.name)
        fact = Fact(role, owner.ref.code, owner.ref.name or whole.name, body.code, body.name, owner.record_id)
        yield Target(
            task.task_id, role, whole.codes, whole.names, fact, owner.period, not owner.is_controlling, is_indirect=True
        )


def _record(
    kind: str, organisation: OrganisationRef, period: Period, detail: str = "", title: str = "", record_id: str = ""
) -> Record:
    return Record(
        kind,
        organisation.code,
        organisation.name,
        period.from_on,
        period.until_on,
        period.precision,
        detail,
        title,
        record_id,
    )
