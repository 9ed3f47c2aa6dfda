"""What is entered about a person, a body or a project: plain values as a form or a sheet yields them, and their faults.

Amounts are fen, days are dates. `None` for a sealed number means "as it is stored": it is typed only to be replaced.
"""

from dataclasses import dataclass
from datetime import date

from evalhub.domain.identity import card_number_fault, fold_number, identity_number_fault, mobile_fault
from evalhub.domain.people import name_fault


@dataclass(frozen=True)
class BodyRef:
    """An organisation as it is named by who enters it: by code where known, else by name alone."""

    name: str
    credit_code: str | None = None


@dataclass(frozen=True)
class SpellValues:
    body: BodyRef
    position: str | None
    from_on: date
    until_on: date | None
    precision: str = "month"
    is_part_time: bool = False


@dataclass(frozen=True)
class PostValues:
    body: BodyRef
    kind: str
    from_on: date
    until_on: date | None
    precision: str = "month"


@dataclass(frozen=True)
class KinValues:
    body: BodyRef
    relation: str
    is_leader: bool = False


@dataclass(frozen=True)
class FieldChoice:
    code: str
    rank: int = 1
    skill: int = 2


@dataclass(frozen=True)
class LicenceValues:
    kind: str
    number: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True)
class DayOffValues:
    from_on: date
    until_on: date
    note: str | None = None


@dataclass(frozen=True)
class ExpertValues:
    name: str
    region: str
    code: str | None = None
    gender: str | None = None
    born_on: date | None = None
    identity_number: str | None = None
    mobile: str | None = None
    email: str | None = None
    education: str | None = None
    speciality: str | None = None
    title: str | None = None
    title_level: str = "none"
    titled_on: date | None = None
    service_state: str = "serving"
    capacity_year: int = 6
    capacity_at_once: int = 3
    admitted_on: date | None = None
    term_until_on: date | None = None
    source: str | None = None
    spells: tuple[SpellValues, ...] = ()
    posts: tuple[PostValues, ...] = ()
    kin: tuple[KinValues, ...] = ()
    fields: tuple[FieldChoice, ...] = ()
    licences: tuple[LicenceValues, ...] = ()
    days_off: tuple[DayOffValues, ...] = ()


@dataclass(frozen=True)
class CardValues:
    """Where fees are paid."""

    bank: str
    holder: str
    number: str


@dataclass(frozen=True)
class StaffValues:
    name: str
    staff_id: str | None = None
    identity_number: str | None = None
    position: str | None = None
    title_level: str = "none"
    licence: str | None = None
    is_lead_evaluator: bool = False
    joined_on: date | None = None
    left_on: date | None = None


@dataclass(frozen=True)
class BusinessValues:
    body: BodyRef
    subject: str
    amount_fen: int | None
    from_on: date
    until_on: date | None


@dataclass(frozen=True)
class HolderValues:
    """A body that owns a share, in ten-thousandths."""

    body: BodyRef
    share_weight: int
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True)
class AgencyValues:
    body: BodyRef
    nature: str
    region: str
    code: str | None = None
    founded_on: date | None = None
    legal_representative: str | None = None
    contact_name: str | None = None
    contact_mobile: str | None = None
    email: str | None = None
    capacity_year: int = 10
    capacity_at_once: int = 3
    on_credit_platform: bool = False
    admitted_on: date | None = None
    term_until_on: date | None = None
    staff: tuple[StaffValues, ...] = ()
    fields: tuple[FieldChoice, ...] = ()
    licences: tuple[LicenceValues, ...] = ()
    business: tuple[BusinessValues, ...] = ()
    holders: tuple[HolderValues, ...] = ()


@dataclass(frozen=True)
class UnitValues:
    body: BodyRef
    budget_code: str
    unit_id: str | None = None
    contact_name: str | None = None


@dataclass(frozen=True)
class DepartmentValues:
    body: BodyRef
    budget_code: str
    kind: str = "department"
    line_section: str | None = None
    contact_name: str | None = None
    email: str | None = None
    is_active: bool = True
    units: tuple[UnitValues, ...] = ()


@dataclass(frozen=True)
class ContractorValues:
    body: BodyRef
    role: str
    amount_fen: int | None = None


@dataclass(frozen=True)
class ParticipationValues:
    """Who took part before: an expert's or an agency's code."""

    participant_code: str
    role: str
    took_part_on: date | None = None
    note: str | None = None


@dataclass(frozen=True)
class ProjectValues:
    code: str
    year: int
    name: str
    department_code: str
    region: str
    unit_code: str | None = None
    category: str = "other"
    field_code: str | None = None
    function_class: str | None = None
    fund_kind: str = "general"
    recurrence: str = "one_off"
    from_on: date | None = None
    until_on: date | None = None
    total_fen: int | None = None
    initial_fen: int = 0
    adjusted_fen: int = 0
    spent_fen: int = 0
    grounds: str | None = None
    content: str | None = None
    goal: str | None = None
    leader_name: str | None = None
    is_new: bool = False
    contractors: tuple[ContractorValues, ...] = ()
    participations: tuple[ParticipationValues, ...] = ()


@dataclass(frozen=True)
class FormerNameValues:
    name: str
    until_on: date | None = None


@dataclass(frozen=True)
class OrganisationValues:
    name: str
    credit_code: str | None = None
    kind: str = "other"
    parent: BodyRef | None = None
    head_name: str | None = None
    former_names: tuple[FormerNameValues, ...] = ()
    holders: tuple[HolderValues, ...] = ()


def expert_faults(values: ExpertValues, today: date) -> dict[str, str]:
    """Field -> code of what stands against it; empty when the values can be taken."""
    faults = _missing(values, "name", "region")
    unfit = name_fault(values.name) if values.name.strip() else None
    _put(faults, "name", unfit.code if unfit else None)
    if values.identity_number:
        _put(faults, "identity_number", identity_number_fault(fold_number(values.identity_number)))
    if values.mobile:
        _put(faults, "mobile", mobile_fault(fold_number(values.mobile)))
    if values.born_on and values.born_on >= today:
        faults["born_on"] = "day.after_today"
    if any(spell.from_on > today for spell in values.spells):
        faults["spells"] = "day.after_today"
    for name in ("spells", "posts", "days_off"):
        if any(row.until_on is not None and row.until_on < row.from_on for row in getattr(values, name)):
            faults[name] = "day.order"
    return faults | _pool_faults(values)


def agency_faults(values: AgencyValues, today: date) -> dict[str, str]:
    faults = _missing(values, "region")
    if not values.body.name.strip():
        faults["name"] = "field.required"
    if values.contact_mobile:
        _put(faults, "contact_mobile", mobile_fault(fold_number(values.contact_mobile)))
    if values.founded_on and values.founded_on > today:
        faults["founded_on"] = "day.after_today"
    for person in values.staff:
        if person.identity_number:
            _put(faults, "staff", identity_number_fault(fold_number(person.identity_number)))
        if person.joined_on and person.left_on and person.left_on < person.joined_on:
            faults["staff"] = "day.order"
    if any(row.until_on is not None and row.until_on < row.from_on for row in values.business):
        faults["business"] = "day.order"
    if sum(holder.share_weight for holder in values.holders if holder.until_on is None) > 10_000:
        faults["holders"] = "share.over_whole"
    return faults | _pool_faults(values)


def project_faults(values: ProjectValues) -> dict[str, str]:
    faults = _missing(values, "code", "name", "region", "department_code")
    if not 2000 <= values.year <= 2100:
        faults["year"] = "year.unlikely"
    if values.from_on and values.until_on and values.until_on < values.from_on:
        faults["until_on"] = "day.order"
    for name in ("total_fen", "initial_fen", "adjusted_fen", "spent_fen"):
        if (getattr(values, name) or 0) < 0:
            faults[name] = "money.negative"
    roles = [(row.body, row.role) for row in values.contractors]
    if len(set(roles)) < len(roles):
        faults["contractors"] = "row.twice"
    return faults


def card_faults(values: CardValues) -> dict[str, str]:
    faults = _missing(values, "bank", "holder")
    _put(faults, "number", card_number_fault(fold_number(values.number)))
    return faults


def _pool_faults(values: ExpertValues | AgencyValues) -> dict[str, str]:
    faults: dict[str, str] = {}
    codes = [choice.code for choice in values.fields]
    if len(set(codes)) < len(codes):
        faults["fields"] = "row.twice"
    kinds = [licence.kind for licence in values.licences]
    if len(set(kinds)) < len(kinds):
        faults["licences"] = "row.twice"
    if values.capacity_year < 0:
        faults["capacity_year"] = "capacity.negative"
    if values.capacity_at_once < 0:
        faults["capacity_at_once"] = "capacity.negative"
    if values.admitted_on and values.term_until_on and values.term_until_on < values.admitted_on:
        faults["term_until_on"] = "day.order"
    return faults


def _missing(values: object, *names: str) -> dict[str, str]:
    return {name: "field.required" for name in names if not str(getattr(values, name) or "").strip()}


def _put(faults: dict[str, str], name: str, fault: str | None) -> None:
    if fault is not None:
        faults[name] = fault
