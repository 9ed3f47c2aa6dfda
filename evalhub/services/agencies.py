"""Agencies: entered, changed, moved through the pool, with their people, fields, licences, paid business and owners."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from evalhub.domain.errors import InvalidInput, NotFound, RuleBroken
from evalhub.domain.identity import fold_number
from evalhub.domain.masking import mask_mobile
from evalhub.domain.pool_states import AGENCY_LIFECYCLE
from evalhub.domain.records import AgencyValues, StaffValues, agency_faults
from evalhub.infra.pinyin import body_sort_key
from evalhub.models.accounts import Account
from evalhub.models.agencies import Agency, AgencyField, AgencyLicence, AgencyStaff, PaidBusiness
from evalhub.models.experts import Expert
from evalhub.models.seats import Seat
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.organisations import resolve, set_holders
from evalhub.services.pools import merge_rows, next_code, refuse_taken, refuse_unknown_fields, refuse_used, take_step
from evalhub.services.versions import refuse_stale, snapshot

CODE_PREFIX = "JG"
CONTACT_MOBILE_PLACE = "agencies.contact_mobile_sealed"
_PLAIN = (
    "nature", "region", "founded_on", "legal_representative", "contact_name", "email", "capacity_year",
    "capacity_at_once", "on_credit_platform", "admitted_on", "term_until_on",
)  # fmt: skip


def create_agency(change: Change, values: AgencyValues) -> Agency:
    """Enter an agency into the pool, in the state of an applicant.

    Raises:
        InvalidInput: a field cannot be taken, or the body is in the pool already (`agency.known`).
    """
    agency = add_agency(change, values)
    journal.record(change, "agency.created", "agency", agency.id, agency.code, after=snapshot(agency))
    return agency


def add_agency(change: Change, values: AgencyValues) -> Agency:
    """The same without a journal entry, for services that enter many and record once."""
    _refuse_faults(change, values)
    organisation = resolve(change.session, values.body, kind="agency", field="credit_code")
    refuse_taken(change.session, Agency.organisation_id, Agency.id, organisation.id, None, "name:agency.known")
    code = values.code or next_code(change.session, Agency.code, CODE_PREFIX)
    refuse_taken(change.session, Agency.code, Agency.id, code, None, "code:code.taken")
    agency = Agency(
        code=code,
        organisation=organisation,
        sort_key="",
        nature=values.nature,
        region=values.region,
        submitted_by_id=change.actor.account_id,
        created_at=change.now,
        changed_at=change.now,
    )
    change.session.add(agency)
    change.session.flush()
    _fill(change, agency, values)
    change.session.flush()
    return agency


def edit_agency(change: Change, agency_id: str, values: AgencyValues, version: int) -> Agency:
    """Replace what is known of an agency. Numbers that are not typed stay.

    Raises:
        NotFound, Stale, InvalidInput.
    """
    agency = _load(change, agency_id)
    refuse_stale(change, "agency", agency, version, {name: getattr(values, name) for name in _PLAIN})
    _refuse_faults(change, values)
    before = snapshot(agency)
    organisation = resolve(change.session, values.body, kind="agency", field="credit_code")
    refuse_taken(change.session, Agency.organisation_id, Agency.id, organisation.id, agency.id, "name:agency.known")
    agency.organisation = organisation
    if values.code and values.code != agency.code:
        refuse_taken(change.session, Agency.code, Agency.id, values.code, agency.id, "code:code.taken")
        agency.code = values.code
    _fill(change, agency, values)
    agency.changed_at, agency.changed_by_id = change.now, change.actor.account_id
    change.session.flush()
    journal.record(change, "agency.edited", "agency", agency.id, agency.code, before=before, after=snapshot(agency))
    return agency


def move_agency(change: Change, agency_id: str, action: str, reason: str | None, version: int) -> Agency:
    """Take one step of the pool's life cycle.

    Raises:
        NotFound, Stale, InvalidMove, Refused, RuleBroken.
    """
    agency = _load(change, agency_id)
    refuse_stale(change, "agency", agency, version, {})
    state = agency.state
    take_step(change, AGENCY_LIFECYCLE, agency, action, reason)
    journal.record(
        change,
        f"agency.{action}",
        "agency",
        agency.id,
        agency.code,
        before={"state": state},
        after={"state": agency.state},
        detail={"from": state, "to": agency.state},
        reason=reason,
    )
    return agency


def move_agencies(change: Change, agency_ids: Sequence[str], action: str, reason: str | None) -> int:
    """Take the same step for several agencies, all or none; how many.

    Raises:
        NotFound, InvalidMove, Refused, RuleBroken: for the first one that cannot take it.
    """
    wanted = list(dict.fromkeys(agency_ids))
    if not wanted:
        raise RuleBroken("selection.empty")
    agencies = list(change.session.scalars(select(Agency).where(Agency.id.in_(wanted)).order_by(Agency.code)))
    if len(agencies) < len(wanted):
        raise NotFound("agency")
    for agency in agencies:
        take_step(change, AGENCY_LIFECYCLE, agency, action, reason)
    codes = [agency.code for agency in agencies]
    label = f"{codes[0]} +{len(codes) - 1}" if len(codes) > 1 else codes[0]
    journal.record(
        change, f"agencies.{action}", "agency", agencies[0].id, label, detail={"codes": codes}, reason=reason
    )
    return len(agencies)


def _load(change: Change, agency_id: str) -> Agency:
    agency = change.session.get(Agency, agency_id)
    if agency is None:
        raise NotFound("agency")
    return agency


def _refuse_faults(change: Change, values: AgencyValues) -> None:
    faults = agency_faults(values, change.today)
    if faults:
        raise InvalidInput("invalid", faults)
    refuse_unknown_fields(change.session, values.fields)


def _fill(change: Change, agency: Agency, values: AgencyValues) -> None:
    session = change.session
    for name in _PLAIN:
        setattr(agency, name, getattr(values, name))
    agency.sort_key = body_sort_key(agency.organisation.name)
    if values.contact_mobile:
        number = fold_number(values.contact_mobile)
        agency.contact_mobile_sealed = change.tools.vault.seal_field(
            number, place=CONTACT_MOBILE_PLACE, record_id=agency.id
        )
        agency.contact_mobile_masked = mask_mobile(number)
    fields = [AgencyField(field_code=row.code, rank=row.rank, skill=row.skill) for row in values.fields]
    merge_rows(session, agency.fields, fields, "field_code", "rank", "skill")
    licences = [AgencyLicence(kind=row.kind, number=row.number, expires_on=row.expires_on) for row in values.licences]
    merge_rows(session, agency.licences, licences, "kind", "number", "expires_on")
    business = [PaidBusiness(**_with_body(change, row)) for row in values.business]
    merge_rows(session, agency.business, business, "organisation_id", "subject", "amount_fen", "from_on", "until_on")
    set_holders(session, agency.organisation, values.holders)
    _fill_staff(change, agency, values.staff)


def _with_body(change: Change, row: Any) -> dict[str, Any]:
    columns = {name: value for name, value in asdict(row).items() if name != "body"}
    return columns | {"organisation_id": resolve(change.session, row.body, field="business").id}


def _fill_staff(change: Change, agency: Agency, people: tuple[StaffValues, ...]) -> None:
    """People keep their rows: their former employers hang on them, and seats and accounts point at them."""
    present = {person.id: person for person in agency.staff}
    wanted = {values.staff_id for values in people if values.staff_id}
    if wanted - present.keys():
        raise InvalidInput("invalid", {"staff": "staff.unknown"})
    for staff_id, person in present.items():
        if staff_id not in wanted:
            refuse_used(change.session, person.id, (Seat.lead_staff_id, Account.agency_staff_id), "staff", "staff.used")
            agency.staff.remove(person)
    for values in people:
        person = present.get(values.staff_id or "") or AgencyStaff(name=values.name)
        if person not in agency.staff:
            agency.staff.append(person)
        columns = {n: v for n, v in asdict(values).items() if n not in ("staff_id", "identity_number")}
        for name, value in columns.items():
            setattr(person, name, value)
        if values.identity_number:
            _link_person(change, person, fold_number(values.identity_number))


def _link_person(change: Change, person: AgencyStaff, number: str) -> None:
    """The blind index alone is kept; it finds the same person in the expert pool."""
    person.identity_index = change.tools.vault.blind_index("person.id_number", number)
    person.expert_id = change.session.scalar(select(Expert.id).where(Expert.identity_index == person.identity_index))
