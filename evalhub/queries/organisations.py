"""The register of organisations, and one organisation with its names, owners and what hangs on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from evalhub.domain.errors import NotFound
from evalhub.domain.names import organisation_key
from evalhub.domain.permissions import Actor
from evalhub.models.agencies import Agency, PaidBusiness
from evalhub.models.experts import EmploymentSpell, Kin, Post
from evalhub.models.organisations import KINDS, FormerName, Holding, Organisation
from evalhub.models.projects import Contractor, Department, Unit
from evalhub.queries.listing import (
    N_,
    Column,
    Filter,
    Listing,
    ListRequest,
    Page,
    any_of,
    equal_to,
    fetch_all,
    fetch_page,
)
from evalhub.queries.scope import visible_organisations

_parent = aliased(Organisation)


@dataclass(frozen=True)
class OrganisationRow:
    id: str
    name: str
    credit_code: str | None
    kind: str
    parent: str | None
    former_names: str


def _named(text: str) -> ColumnElement[bool]:
    key = organisation_key(text)
    former = select(FormerName.organisation_id).where(any_of(FormerName.name_key, key))
    by_name = or_(any_of(Organisation.name_key, key), Organisation.id.in_(former)) if key else Organisation.name == text
    return or_(by_name, Organisation.credit_code == text.upper())


def _has_code(text: str) -> ColumnElement[bool]:
    return Organisation.credit_code.is_not(None) if text == "yes" else Organisation.credit_code.is_(None)


LISTING = Listing(
    noun="organisations",
    columns=(
        Column("name", N_("Name"), sort=(Organisation.name_key, Organisation.id)),
        Column("credit_code", N_("Credit code"), "code", sort=(Organisation.credit_code,)),
        Column("kind", N_("Kind"), "badge"),
        Column("parent", N_("Belongs to")),
        Column("former_names", N_("Former names"), priority=3),
    ),
    filters=(
        Filter("q", N_("Name or credit code"), "text", _named),
        Filter("kind", N_("Kind"), "choice", equal_to(Organisation.kind), KINDS),
        Filter("coded", N_("Credit code known"), "choice", _has_code, ("yes", "no")),
    ),
    sort="name",
    tie=Organisation.id,
)

_COLUMNS = (
    Organisation.id, Organisation.name, Organisation.credit_code, Organisation.kind, _parent.name.label("parent"),
)  # fmt: skip


def _scoped(actor: Actor) -> Select[Any]:
    return visible_organisations(actor).outerjoin(_parent, _parent.id == Organisation.parent_id)


def list_organisations(session: Session, actor: Actor, request: ListRequest) -> Page[OrganisationRow]:
    """One page of the register."""
    return fetch_page(session, LISTING, _scoped(actor), _COLUMNS, request, lambda found: _rows(session, found))


def export_organisations(session: Session, actor: Actor, request: ListRequest) -> Iterator[OrganisationRow]:
    """All rows that the request's conditions leave."""
    return fetch_all(session, LISTING, _scoped(actor), _COLUMNS, request, lambda found: _rows(session, found))


def _rows(session: Session, found: list[Row[Any]]) -> list[OrganisationRow]:
    former = _former_names(session, [row.id for row in found])
    return [
        OrganisationRow(row.id, row.name, row.credit_code, row.kind, row.parent, "、".join(former.get(row.id, ())))
        for row in found
    ]


def _former_names(session: Session, organisation_ids: list[str]) -> Mapping[str, list[str]]:
    query = (
        select(FormerName.organisation_id, FormerName.name)
        .where(FormerName.organisation_id.in_(organisation_ids))
        .order_by(FormerName.until_on, FormerName.name)
    )
    names: dict[str, list[str]] = {}
    for organisation_id, name in session.execute(query):
        names.setdefault(organisation_id, []).append(name)
    return names


@dataclass(frozen=True)
class HolderLine:
    """Who owns a share (ten-thousandths), or, seen from the owner, what is owned."""

    organisation_id: str
    name: str
    credit_code: str | None
    share_weight: int
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True)
class FormerNameLine:
    name: str
    until_on: date | None


@dataclass(frozen=True)
class OrganisationProfile:
    """One body; `uses` counts the records that name it, by kind of record."""

    id: str
    version: int
    name: str
    credit_code: str | None
    kind: str
    head_name: str | None
    parent_id: str | None
    parent_name: str | None
    parent_code: str | None
    former_names: tuple[FormerNameLine, ...]
    holders: tuple[HolderLine, ...]
    held: tuple[HolderLine, ...]
    children: tuple[tuple[str, str], ...]
    uses: Mapping[str, int]


def get_organisation(session: Session, actor: Actor, organisation_id: str) -> OrganisationProfile:
    """One body in full. Raises `NotFound`."""
    found = session.execute(
        _scoped(actor).add_columns(_parent).where(Organisation.id == organisation_id)
    ).first()  # fmt: skip
    if found is None:
        raise NotFound("organisation")
    body, parent = found
    former = select(FormerName.name, FormerName.until_on).where(FormerName.organisation_id == body.id)
    children = select(Organisation.id, Organisation.name).where(Organisation.parent_id == body.id).limit(100)
    return OrganisationProfile(
        id=body.id,
        version=body.version,
        name=body.name,
        credit_code=body.credit_code,
        kind=body.kind,
        head_name=body.head_name,
        parent_id=parent.id if parent else None,
        parent_name=parent.name if parent else None,
        parent_code=parent.credit_code if parent else None,
        former_names=tuple(FormerNameLine(*row) for row in session.execute(former.order_by(FormerName.until_on))),
        holders=list_holders(session, body.id),
        held=_list_held(session, body.id),
        children=tuple((row.id, row.name) for row in session.execute(children.order_by(Organisation.name_key))),
        uses=_uses(session, body.id),
    )


def list_holders(session: Session, held_id: str) -> tuple[HolderLine, ...]:
    """Who owns shares of a body, the greatest first."""
    query = _holdings(Holding.holder_id).where(Holding.held_id == held_id)
    return tuple(HolderLine(*row) for row in session.execute(query))


def _list_held(session: Session, holder_id: str) -> tuple[HolderLine, ...]:
    query = _holdings(Holding.held_id).where(Holding.holder_id == holder_id)
    return tuple(HolderLine(*row) for row in session.execute(query))


def _holdings(other_id: Any) -> Select[Any]:
    return (
        select(
            Organisation.id, Organisation.name, Organisation.credit_code, Holding.share_weight, Holding.from_on,
            Holding.until_on,
        )
        .join(Organisation, Organisation.id == other_id)
        .order_by(Holding.share_weight.desc(), Organisation.name_key)
    )  # fmt: skip


def _uses(session: Session, organisation_id: str) -> dict[str, int]:
    tables = {
        "employments": EmploymentSpell, "posts": Post, "kin": Kin, "agencies": Agency, "paid_business": PaidBusiness,
        "departments": Department, "units": Unit, "contractors": Contractor,
    }  # fmt: skip
    counts = [
        select(func.count()).where(table.organisation_id == organisation_id).scalar_subquery().label(name)  # type: ignore[attr-defined]
        for name, table in tables.items()
    ]
    found = session.execute(select(*counts)).one()._mapping
    return {name: count for name, count in found.items() if count}
