"""What detection is told about evaluators and tasks: frozen values, built in bulk, that know no session and no row.

A `record_id` is carried through to the hit that the record makes, so that a page can link to it; it decides nothing.
"""

from dataclasses import dataclass
from datetime import date

from evalhub.domain.errors import InvalidInput
from evalhub.domain.organisations import Holding, Organisation, OrganisationRef
from evalhub.domain.periods import ALWAYS, Period

EMPLOYMENT = "employment"
LEADING_POSTS = frozenset({"director", "supervisor", "controller", "head"})
SPELL_KINDS = LEADING_POSTS | {EMPLOYMENT, "adviser"}
UNIT, DEPARTMENT = "unit", "department"


@dataclass(frozen=True, slots=True)
class Spell:
    """Work or a post at a body: `kind` is one of `SPELL_KINDS`.

    Raises:
        InvalidInput: another kind, which no rule would look at.
    """

    organisation: OrganisationRef
    period: Period = ALWAYS
    kind: str = EMPLOYMENT
    title: str = ""
    record_id: str = ""

    def __post_init__(self) -> None:
        if self.kind not in SPELL_KINDS:
            raise InvalidInput("spell.kind", kind=self.kind)


@dataclass(frozen=True, slots=True)
class Kin:
    """A relative's body and the relation (spouse, lineal, collateral, in_law).

    The body alone bars (R3), leader or not: no more is collected of a relative, and an officer may dismiss the hit.
    `relative_id` where the relative is an evaluator too.
    """

    organisation: OrganisationRef
    relation: str
    is_leader: bool = False
    relative_id: str | None = None
    record_id: str = ""


@dataclass(frozen=True, slots=True)
class Participation:
    """A part taken in a project before: study, design, budget, supervision, audit, ex_ante, goal_setting, ..."""

    project_id: str | None
    role: str
    took_part_on: date | None = None
    project_name: str = ""
    record_id: str = ""


@dataclass(frozen=True, slots=True)
class BureauPost:
    """A duty at the bureau; `supervises_pool` is the one that R8 bars."""

    duty: str
    period: Period = ALWAYS
    record_id: str = ""


@dataclass(frozen=True, slots=True)
class PastEvaluation:
    """A body evaluated before, in a year."""

    organisation: OrganisationRef
    year: int
    task_id: str = ""


@dataclass(frozen=True, slots=True)
class PaidBusiness:
    organisation: OrganisationRef
    period: Period = ALWAYS
    subject: str = ""
    record_id: str = ""


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person outside the pool: `key` is a blind index of the identity number where it is known."""

    name: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """An expert, or a person of an agency.

    Args:
        kind: `expert` or `staff`.
        agency_id: of staff, the agency.
        is_head: of staff, whether he heads the agency: what bars him bars the agency.
    """

    evaluator_id: str
    kind: str = "expert"
    spells: tuple[Spell, ...] = ()
    kin: tuple[Kin, ...] = ()
    participations: tuple[Participation, ...] = ()
    bureau_posts: tuple[BureauPost, ...] = ()
    evaluations: tuple[PastEvaluation, ...] = ()
    agency_id: str | None = None
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """An agency.

    Args:
        organisation: itself, with parent and holders.
        invested: bodies it holds a share of.
        finances: bodies with which it shares accounts or purse.
        heads: legal representative and head.
        staff: its people, each `kind` staff with this agency's id.
    """

    evaluator_id: str
    organisation: Organisation
    invested: tuple[Holding, ...] = ()
    finances: tuple[OrganisationRef, ...] = ()
    heads: tuple[PersonRef, ...] = ()
    paid_business: tuple[PaidBusiness, ...] = ()
    participations: tuple[Participation, ...] = ()
    evaluations: tuple[PastEvaluation, ...] = ()
    staff: tuple[PersonFacts, ...] = ()
    kind: str = "agency"


@dataclass(frozen=True, slots=True)
class EvaluatedBody:
    """The evaluated unit (`role` unit) or its department; a whole department evaluated stands as the unit."""

    organisation: Organisation
    role: str = UNIT
    leaders: tuple[PersonRef, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskAgency:
    """An agency that takes part in the task or bids for it."""

    agency_id: str
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class Declaration:
    """A word that somebody must withdraw, by himself or by the evaluated unit.

    Args:
        source: `self` or `unit`.
        decision: `upheld`, `rejected`, or None while open. His own word counts until rejected; a unit's request is a
            doubt until upheld.
    """

    evaluator_id: str
    source: str
    decision: str | None = None
    declared_on: date | None = None
    record_id: str = ""


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A task.

    Args:
        year: of the evaluation, for rotation.
        contractors: bodies that the project pays, with parent and holders.
        first_task_id, first_participants: of a re-evaluation, the first evaluation and the ids of all who took part.
    """

    task_id: str
    project_id: str
    evaluated: tuple[EvaluatedBody, ...]
    year: int
    project_name: str = ""
    kind: str = "finance"
    contractors: tuple[Organisation, ...] = ()
    agencies: tuple[TaskAgency, ...] = ()
    first_task_id: str | None = None
    first_participants: frozenset[str] = frozenset()
    declarations: tuple[Declaration, ...] = ()
