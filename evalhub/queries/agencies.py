"""The agency roster, and one agency in full."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from evalhub.domain.errors import NotFound
from evalhub.domain.names import organisation_key
from evalhub.domain.permissions import Actor
from evalhub.models.agencies import NATURES, Agency, AgencyField, AgencyLicence, AgencyStaff, PaidBusiness
from evalhub.models.experts import POOL_STATES, Field
from evalhub.models.organisations import FormerName, Organisation
from evalhub.models.seats import ENDED, Seat
from evalhub.queries.listing import (
    N_,
    Column,
    Filter,
    Listing,
    ListRequest,
    Neighbours,
    Page,
    among,
    any_of,
    equal_to,
    fetch_all,
    fetch_page,
    find_neighbours,
)
from evalhub.queries.organisations import HolderLine, list_holders
from evalhub.queries.scope import visible_agencies, without_locked_tasks

STATE_GROUPS = {"in_service": ("active", "expiring", "renewed"), "applying": POOL_STATES[:5]} | {
    state: (state,) for state in POOL_STATES
}


@dataclass(frozen=True)
class AgencyRow:
    """One line of the agency roster; firms are public, so nothing but numbers of people is masked."""

    id: str
    code: str
    name: str
    credit_code: str | None
    nature: str
    fields: tuple[str, ...]
    lead_evaluators: int
    load: int
    capacity: int
    quality_points: int | None
    term_until_on: date | None
    region: str
    state: str


def _named(text: str) -> ColumnElement[bool]:
    key = organisation_key(text)
    former = select(FormerName.organisation_id).where(any_of(FormerName.name_key, key))
    by_name = or_(any_of(Organisation.name_key, key), Organisation.id.in_(former)) if key else Organisation.name == text
    return or_(by_name, Organisation.credit_code == text.upper(), any_of(Agency.code, text.upper()))


def _of_field(text: str) -> ColumnElement[bool]:
    return exists().where(AgencyField.agency_id == Agency.id, AgencyField.field_code.startswith(text, autoescape=True))


LISTING = Listing(
    noun="agencies",
    columns=(
        Column("code", N_("Code"), "code", sort=Agency.code),
        Column("name", N_("Name"), sort=(Agency.sort_key,)),
        Column("credit_code", N_("Credit code"), "code", priority=3),
        Column("nature", N_("Nature"), "badge"),
        Column("fields", N_("Fields (main / further)")),
        Column("lead_evaluators", N_("Lead evaluators"), "number"),
        Column("load", N_("In hand / limit"), "number"),
        Column("term_until_on", N_("Term until"), "date", priority=3, sort=(Agency.term_until_on,)),
        Column("state", N_("State"), "badge"),
    ),
    filters=(
        Filter("q", N_("Name or credit code"), "text", _named),
        Filter("nature", N_("Nature"), "choice", equal_to(Agency.nature), NATURES),
        Filter("state", N_("State"), "choice", among(Agency.state, STATE_GROUPS), tuple(STATE_GROUPS)),
        Filter("field", N_("Field"), "code", _of_field, is_extra=True),
        Filter("region", N_("Region"), "text", equal_to(Agency.region), is_extra=True),
    ),
    sort="name",
    tie=Agency.code,
)

_COLUMNS = (
    Agency.id, Agency.code, Organisation.name, Organisation.credit_code, Agency.nature, Agency.capacity_at_once,
    Agency.quality_points, Agency.term_until_on, Agency.region, Agency.state,
)  # fmt: skip


def _scoped(actor: Actor) -> Select[Any]:
    return visible_agencies(actor).join(Organisation, Organisation.id == Agency.organisation_id)


def list_agencies(session: Session, actor: Actor, request: ListRequest) -> Page[AgencyRow]:
    """One page of the roster."""
    return fetch_page(session, LISTING, _scoped(actor), _COLUMNS, request, _maker(session, actor))


def export_agencies(session: Session, actor: Actor, request: ListRequest) -> Iterator[AgencyRow]:
    """All rows that the request's conditions leave."""
    return fetch_all(session, LISTING, _scoped(actor), _COLUMNS, request, _maker(session, actor))


def find_agency_neighbours(
    session: Session, actor: Actor, agency_id: str, args: Mapping[str, str]
) -> Neighbours | None:
    return find_neighbours(session, LISTING, _scoped(actor), Agency.id, agency_id, args)


def _maker(session: Session, actor: Actor) -> Callable[[list[Row[Any]]], list[AgencyRow]]:
    def make(found: list[Row[Any]]) -> list[AgencyRow]:
        ids = [row.id for row in found]
        fields = _field_names(session, ids)
        leads = _count_leads(session, ids)
        loads = count_in_hand(session, actor, ids)
        return [
            AgencyRow(
                row.id, row.code, row.name, row.credit_code, row.nature, fields.get(row.id, ()), leads.get(row.id, 0),
                loads.get(row.id, 0), row.capacity_at_once, row.quality_points, row.term_until_on, row.region,
                row.state,
            )
            for row in found
        ]  # fmt: skip

    return make


def _field_names(session: Session, agency_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    query = (
        select(AgencyField.agency_id, Field.name)
        .join(Field, Field.code == AgencyField.field_code)
        .where(AgencyField.agency_id.in_(agency_ids))
        .order_by(AgencyField.rank, AgencyField.field_code)
    )
    names: dict[str, list[str]] = defaultdict(list)
    for agency_id, name in session.execute(query):
        names[agency_id].append(name)
    return {agency_id: tuple(found) for agency_id, found in names.items()}


def _count_leads(session: Session, agency_ids: Sequence[str]) -> dict[str, int]:
    query = (
        select(AgencyStaff.agency_id, func.count())
        .where(
            AgencyStaff.agency_id.in_(agency_ids),
            AgencyStaff.is_lead_evaluator.is_(True),
            AgencyStaff.left_on.is_(None),
        )
        .group_by(AgencyStaff.agency_id)
    )
    return dict(session.execute(query).all())


def count_in_hand(session: Session, actor: Actor, agency_ids: Sequence[str]) -> dict[str, int]:
    """Tasks that each agency has under way, without those that do not exist for the actor."""
    query = select(Seat.agency_id, func.count()).where(
        Seat.agency_id.in_(agency_ids),
        Seat.is_reserve.is_(False),
        Seat.state.not_in((*ENDED, "proposed", "done", "appraised", "paid")),
    )
    query = without_locked_tasks(query, Seat.task_id, actor).group_by(Seat.agency_id)
    return dict(session.execute(query).all())


@dataclass(frozen=True)
class StaffLine:
    id: str
    name: str
    position: str | None
    title_level: str
    licence: str | None
    is_lead_evaluator: bool
    joined_on: date | None
    left_on: date | None
    expert_id: str | None


@dataclass(frozen=True)
class FieldLine:
    code: str
    name: str
    english_name: str
    rank: int
    skill: int


@dataclass(frozen=True)
class LicenceLine:
    kind: str
    number: str | None
    expires_on: date | None


@dataclass(frozen=True)
class BusinessLine:
    organisation_id: str
    organisation: str
    credit_code: str | None
    subject: str
    amount_fen: int | None
    from_on: date
    until_on: date | None


@dataclass(frozen=True)
class AgencyProfile:
    """One agency: the contact's number masked."""

    id: str
    code: str
    version: int
    organisation_id: str
    name: str
    credit_code: str | None
    former_names: tuple[str, ...]
    nature: str
    founded_on: date | None
    legal_representative: str | None
    contact_name: str | None
    contact_mobile_masked: str | None
    email: str | None
    region: str
    capacity_year: int
    capacity_at_once: int
    quality_points: int | None
    on_credit_platform: bool
    state: str
    state_reason: str | None
    admitted_on: date | None
    term_until_on: date | None
    submitted_by_id: str | None
    checked_by_id: str | None
    changed_at: datetime
    load: int
    staff: tuple[StaffLine, ...]
    fields: tuple[FieldLine, ...]
    licences: tuple[LicenceLine, ...]
    business: tuple[BusinessLine, ...]
    holders: tuple[HolderLine, ...]


_PLAIN = (
    "id", "code", "version", "organisation_id", "nature", "founded_on", "legal_representative", "contact_name",
    "contact_mobile_masked", "email", "region", "capacity_year", "capacity_at_once", "quality_points",
    "on_credit_platform", "state", "state_reason", "admitted_on", "term_until_on", "submitted_by_id",
    "checked_by_id", "changed_at",
)  # fmt: skip


def load_agency(session: Session, actor: Actor, agency_id: str) -> Agency:
    """The row itself, for the gate and for services. Raises `NotFound`."""
    agency = session.scalar(visible_agencies(actor).where(Agency.id == agency_id))
    if agency is None:
        raise NotFound("agency")
    return agency


def get_agency(session: Session, actor: Actor, agency_id: str) -> AgencyProfile:
    """One agency in full. Raises `NotFound`."""
    agency = load_agency(session, actor, agency_id)
    body = agency.organisation
    former = select(FormerName.name).where(FormerName.organisation_id == body.id).order_by(FormerName.until_on.desc())
    return AgencyProfile(
        **{name: getattr(agency, name) for name in _PLAIN},
        name=body.name,
        credit_code=body.credit_code,
        former_names=tuple(session.scalars(former)),
        load=count_in_hand(session, actor, [agency.id]).get(agency.id, 0),
        staff=_staff(session, agency.id),
        fields=_fields(session, agency.id),
        licences=_licences(session, agency.id),
        business=_business(session, agency.id),
        holders=list_holders(session, body.id),
    )


def _staff(session: Session, agency_id: str) -> tuple[StaffLine, ...]:
    columns = tuple(getattr(AgencyStaff, name) for name in StaffLine.__dataclass_fields__)
    query = select(*columns).where(AgencyStaff.agency_id == agency_id)
    found = session.execute(query.order_by(AgencyStaff.is_lead_evaluator.desc(), AgencyStaff.name, AgencyStaff.id))
    return tuple(StaffLine(*row) for row in found)


def _fields(session: Session, agency_id: str) -> tuple[FieldLine, ...]:
    query = (
        select(Field.code, Field.name, Field.english_name, AgencyField.rank, AgencyField.skill)
        .join(Field, Field.code == AgencyField.field_code)
        .where(AgencyField.agency_id == agency_id)
        .order_by(AgencyField.rank, Field.code)
    )
    return tuple(FieldLine(*row) for row in session.execute(query))


def _licences(session: Session, agency_id: str) -> tuple[LicenceLine, ...]:
    query = select(AgencyLicence.kind, AgencyLicence.number, AgencyLicence.expires_on).where(
        AgencyLicence.agency_id == agency_id
    )
    return tuple(LicenceLine(*row) for row in session.execute(query.order_by(AgencyLicence.kind)))


def _business(session: Session, agency_id: str) -> tuple[BusinessLine, ...]:
    query = (
        select(
            Organisation.id, Organisation.name, Organisation.credit_code, PaidBusiness.subject,
            PaidBusiness.amount_fen, PaidBusiness.from_on, PaidBusiness.until_on,
        )
        .join(Organisation, Organisation.id == PaidBusiness.organisation_id)
        .where(PaidBusiness.agency_id == agency_id)
        .order_by(PaidBusiness.from_on.desc(), PaidBusiness.id)
    )  # fmt: skip
    return tuple(BusinessLine(*row) for row in session.execute(query))
