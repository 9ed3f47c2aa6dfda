"""The expert roster: its columns and conditions, its rows, and the same for an export."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, or_, select
from sqlalchemy.orm import Session

from evalhub.domain.masking import mask_name
from evalhub.domain.names import fold_name
from evalhub.domain.permissions import Actor
from evalhub.models.experts import (
    POOL_STATES,
    SERVICE_STATES,
    EmploymentSpell,
    Expert,
    ExpertField,
    ExpertLicence,
    Field,
)
from evalhub.models.organisations import Organisation
from evalhub.queries.eligibility import ExpertCheck, check_experts
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
    count_rows,
    equal_to,
    fetch_all,
    fetch_page,
    find_neighbours,
)
from evalhub.queries.scope import visible_experts

TITLE_GROUPS = {
    "full": ("full",),
    "associate_up": ("full", "associate"),
    "middle_up": ("full", "associate", "middle"),
    "none": ("none",),
}
STATE_GROUPS = {"in_service": ("active", "expiring", "renewed"), "applying": POOL_STATES[:5]} | {
    state: (state,) for state in POOL_STATES
}


@dataclass(frozen=True)
class ExpertRow:
    """One line of the roster, for the bureau: names masked, no numbers."""

    id: str
    code: str
    name: str
    employer: str | None
    position: str | None
    left_on: date | None
    fields: tuple[str, ...]
    title_level: str
    load: int
    capacity: int
    term_until_on: date | None
    region: str
    state: str
    check: ExpertCheck


def _named(text: str) -> ColumnElement[bool]:
    key = fold_name(text)
    by_name = any_of(Expert.name_key, key) if key else Expert.name == text
    return or_(by_name, any_of(Expert.code, text.upper()))


def _of_field(text: str) -> ColumnElement[bool]:
    """Of the field or of any below it; codes of a field begin with the code of the one above."""
    below = ExpertField.field_code.between(text, f"{text}:")
    return exists().where(ExpertField.expert_id == Expert.id, below)


def _employed_by(text: str) -> ColumnElement[bool]:
    return exists().where(
        EmploymentSpell.expert_id == Expert.id,
        EmploymentSpell.organisation_id == Organisation.id,
        or_(any_of(Organisation.name, text), Organisation.credit_code == text.upper()),
    )


def _licensed(text: str) -> ColumnElement[bool]:
    return exists().where(ExpertLicence.expert_id == Expert.id, any_of(ExpertLicence.kind, text))


def _term_before(text: str) -> ColumnElement[bool] | None:
    try:
        return Expert.term_until_on <= date.fromisoformat(text)
    except ValueError:
        return None


LISTING = Listing(
    noun="experts",
    columns=(
        Column("code", N_("Code"), "code", sort=Expert.code),
        Column("name", N_("Name"), sort=(Expert.sort_key,)),
        Column("employer", N_("Employer and position")),
        Column("fields", N_("Fields (main / further)")),
        Column("title_level", N_("Title level"), "badge"),
        Column("load", N_("This year / limit"), "number"),
        Column("term_until_on", N_("Term until"), "date", priority=3, sort=(Expert.term_until_on,)),
        Column("check", N_("Available"), "verdict"),
    ),
    filters=(
        Filter("q", N_("Name or code"), "text", _named),
        Filter("field", N_("Field"), "code", _of_field),
        Filter("title", N_("Title level"), "choice", among(Expert.title_level, TITLE_GROUPS), tuple(TITLE_GROUPS)),
        Filter("on", N_("Available on"), "day", lambda text: None),
        Filter("state", N_("State"), "choice", among(Expert.state, STATE_GROUPS), tuple(STATE_GROUPS), is_extra=True),
        Filter("region", N_("Region"), "text", equal_to(Expert.region), is_extra=True),
        Filter("employer", N_("Employer (name or credit code)"), "text", _employed_by, is_extra=True),
        Filter("licence", N_("Licence"), "text", _licensed, is_extra=True),
        Filter("service", N_("Service"), "choice", equal_to(Expert.service_state), SERVICE_STATES, is_extra=True),
        Filter("term", N_("Term ends by"), "day", _term_before, is_extra=True),
    ),
    sort="name",
    tie=Expert.code,
)

_COLUMNS = (
    Expert.id, Expert.code, Expert.name, Expert.title_level, Expert.capacity_year, Expert.term_until_on,
    Expert.region, Expert.state,
)  # fmt: skip


def list_experts(session: Session, actor: Actor, request: ListRequest, day: date) -> Page[ExpertRow]:
    """One page of the roster; each person's availability is checked for the given day."""
    return fetch_page(session, LISTING, visible_experts(actor), _COLUMNS, request, _maker(session, actor, day))


def export_experts(session: Session, actor: Actor, request: ListRequest, day: date) -> Iterator[ExpertRow]:
    """All rows that the request's conditions leave."""
    return fetch_all(session, LISTING, visible_experts(actor), _COLUMNS, request, _maker(session, actor, day))


def find_expert_neighbours(
    session: Session, actor: Actor, expert_id: str, args: Mapping[str, str]
) -> Neighbours | None:
    return find_neighbours(session, LISTING, visible_experts(actor), Expert.id, expert_id, args)


def day_of(request: ListRequest, today: date) -> date:
    """The day for which availability is asked; today where the address names none."""
    try:
        return date.fromisoformat(request.conditions.get("on", ""))
    except ValueError:
        return today


def _maker(session: Session, actor: Actor, day: date) -> Callable[[list[Row[Any]]], list[ExpertRow]]:
    def make(found: list[Row[Any]]) -> list[ExpertRow]:
        ids = [row.id for row in found]
        employers = current_employers(session, ids, day)
        fields = field_names(session, ids)
        checks = check_experts(session, actor, ids, day)
        return [_row(row, employers.get(row.id), fields.get(row.id, ()), checks[row.id]) for row in found]

    return make


def _row(row: Row[Any], employer: "Employer | None", fields: tuple[str, ...], check: ExpertCheck) -> ExpertRow:
    return ExpertRow(
        id=row.id,
        code=row.code,
        name=mask_name(row.name),
        employer=employer.name if employer else None,
        position=employer.position if employer else None,
        left_on=employer.left_on if employer else None,
        fields=fields,
        title_level=row.title_level,
        load=check.candidate.seats_this_year,
        capacity=row.capacity_year,
        term_until_on=row.term_until_on,
        region=row.region,
        state=row.state,
        check=check,
    )


@dataclass(frozen=True)
class Employer:
    """Where a person works on a day, or worked last: `left_on` says until when."""

    name: str
    position: str | None
    left_on: date | None


def current_employers(session: Session, expert_ids: Sequence[str], day: date) -> dict[str, Employer]:
    """The main employer of each person: the spell that lasts, else the one that ended last; part-time comes after."""
    query = (
        select(
            EmploymentSpell.expert_id,
            Organisation.name,
            EmploymentSpell.position,
            EmploymentSpell.until_on,
            EmploymentSpell.from_on,
            EmploymentSpell.is_part_time,
        )
        .join(Organisation, Organisation.id == EmploymentSpell.organisation_id)
        .where(EmploymentSpell.expert_id.in_(expert_ids))
    )
    best: dict[str, tuple[Any, Employer]] = {}
    for expert_id, name, position, until_on, from_on, is_part_time in session.execute(query):
        left_on = until_on if until_on is not None and until_on < day else None
        rank = (not is_part_time, left_on is None, left_on or date.max, from_on)
        if expert_id not in best or rank > best[expert_id][0]:
            best[expert_id] = (rank, Employer(name, position, left_on))
    return {expert_id: employer for expert_id, (_, employer) in best.items()}


def field_names(session: Session, expert_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Names of each person's fields, the main one first."""
    query = (
        select(ExpertField.expert_id, Field.name)
        .join(Field, Field.code == ExpertField.field_code)
        .where(ExpertField.expert_id.in_(expert_ids))
        .order_by(ExpertField.rank, ExpertField.field_code)
    )
    names: dict[str, list[str]] = defaultdict(list)
    for expert_id, name in session.execute(query):
        names[expert_id].append(name)
    return {expert_id: tuple(found) for expert_id, found in names.items()}


def count_in_service(session: Session, actor: Actor) -> int:
    """How many are in the pool and may be seated."""
    return count_rows(session, visible_experts(actor).where(Expert.state.in_(STATE_GROUPS["in_service"])))
