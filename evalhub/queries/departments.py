"""Budget departments and street offices with their units."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from evalhub.domain.errors import NotFound
from evalhub.domain.names import organisation_key
from evalhub.domain.permissions import Actor
from evalhub.models.organisations import Organisation
from evalhub.models.projects import Department, Project, Unit
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
from evalhub.queries.scope import visible_departments

KINDS = ("department", "street_office")


@dataclass(frozen=True)
class DepartmentRow:
    id: str
    budget_code: str
    name: str
    credit_code: str | None
    kind: str
    line_section: str | None
    units: int
    projects: int
    is_active: bool


def _named(text: str) -> ColumnElement[bool]:
    key = organisation_key(text)
    by_name = any_of(Organisation.name_key, key) if key else Organisation.name == text
    return or_(by_name, any_of(Department.budget_code, text), Organisation.credit_code == text.upper())


def _active(text: str) -> ColumnElement[bool]:
    return Department.is_active.is_(text == "yes")


LISTING = Listing(
    noun="departments",
    columns=(
        Column("budget_code", N_("Budget code"), "code", sort=(Department.budget_code,)),
        Column("name", N_("Name"), sort=(Organisation.name_key,)),
        Column("credit_code", N_("Credit code"), "code", priority=3),
        Column("kind", N_("Kind"), "badge"),
        Column("line_section", N_("Line section"), sort=(Department.line_section,)),
        Column("units", N_("Units"), "number"),
        Column("projects", N_("Projects"), "number"),
        Column("is_active", N_("In use"), "badge"),
    ),
    filters=(
        Filter("q", N_("Name or code"), "text", _named),
        Filter("kind", N_("Kind"), "choice", equal_to(Department.kind), KINDS),
        Filter("section", N_("Line section"), "text", equal_to(Department.line_section)),
        Filter("active", N_("In use"), "choice", _active, ("yes", "no"), is_extra=True),
    ),
    sort="budget_code",
    tie=Department.budget_code,
    size=50,
)

_COLUMNS = (
    Department.id, Department.budget_code, Organisation.name, Organisation.credit_code, Department.kind,
    Department.line_section, Department.is_active,
)  # fmt: skip


def _scoped(actor: Actor) -> Select[Any]:
    return visible_departments(actor).join(Organisation, Organisation.id == Department.organisation_id)


def list_departments(session: Session, actor: Actor, request: ListRequest) -> Page[DepartmentRow]:
    """One page of departments."""
    return fetch_page(session, LISTING, _scoped(actor), _COLUMNS, request, _maker(session))


def export_departments(session: Session, actor: Actor, request: ListRequest) -> Iterator[DepartmentRow]:
    """All rows that the request's conditions leave."""
    return fetch_all(session, LISTING, _scoped(actor), _COLUMNS, request, _maker(session))


def _maker(session: Session) -> Callable[[list[Row[Any]]], list[DepartmentRow]]:
    def make(found: list[Row[Any]]) -> list[DepartmentRow]:
        ids = [row.id for row in found]
        units = _count_by(session, Unit.department_id, ids)
        projects = _count_by(session, Project.department_id, ids)
        return [
            DepartmentRow(
                row.id, row.budget_code, row.name, row.credit_code, row.kind, row.line_section,
                units.get(row.id, 0), projects.get(row.id, 0), row.is_active,
            )
            for row in found
        ]  # fmt: skip

    return make


def _count_by(session: Session, column: Any, department_ids: list[str]) -> dict[str, int]:
    query = select(column, func.count()).where(column.in_(department_ids)).group_by(column)
    return dict(session.execute(query).all())


@dataclass(frozen=True)
class UnitLine:
    id: str
    budget_code: str
    name: str
    credit_code: str | None
    contact_name: str | None
    organisation_id: str


@dataclass(frozen=True)
class DepartmentProfile:
    id: str
    version: int
    organisation_id: str
    budget_code: str
    name: str
    credit_code: str | None
    kind: str
    line_section: str | None
    contact_name: str | None
    email: str | None
    is_active: bool
    units: tuple[UnitLine, ...]


def load_department(session: Session, actor: Actor, department_id: str) -> Department:
    """The row itself, for the gate. Raises `NotFound`."""
    department = session.scalar(visible_departments(actor).where(Department.id == department_id))
    if department is None:
        raise NotFound("department")
    return department


def get_department(session: Session, actor: Actor, department_id: str) -> DepartmentProfile:
    """One department with its units. Raises `NotFound`."""
    department = load_department(session, actor, department_id)
    body = department.organisation
    query = (
        select(
            Unit.id, Unit.budget_code, Organisation.name, Organisation.credit_code, Unit.contact_name, Organisation.id
        )
        .join(Organisation, Organisation.id == Unit.organisation_id)
        .where(Unit.department_id == department.id)
        .order_by(Unit.budget_code)
    )
    return DepartmentProfile(
        id=department.id,
        version=department.version,
        organisation_id=body.id,
        budget_code=department.budget_code,
        name=body.name,
        credit_code=body.credit_code,
        kind=department.kind,
        line_section=department.line_section,
        contact_name=department.contact_name,
        email=department.email,
        is_active=department.is_active,
        units=tuple(UnitLine(*row) for row in session.execute(query)),
    )


def department_choices(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(id, name) of the departments that an actor may choose from, in the order of their budget codes."""
    query = _scoped(actor).with_only_columns(Department.id, Organisation.name, maintain_column_froms=True)
    return [(row.id, row.name) for row in session.execute(query.order_by(Department.budget_code))]
