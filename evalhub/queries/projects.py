"""The project library: its list with sums, and one project in full."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func, or_, select
from sqlalchemy.orm import Session

from evalhub.domain.errors import NotFound
from evalhub.domain.masking import mask_name
from evalhub.domain.permissions import Actor
from evalhub.models.agencies import Agency
from evalhub.models.experts import Expert, Field
from evalhub.models.organisations import Organisation
from evalhub.models.plans import PlanPick
from evalhub.models.projects import (
    CATEGORIES,
    FUND_KINDS,
    RECURRENCES,
    Contractor,
    Department,
    Participation,
    Project,
    Unit,
)
from evalhub.queries.listing import (
    N_,
    Column,
    Filter,
    Listing,
    ListRequest,
    Neighbours,
    Page,
    any_of,
    equal_to,
    fetch_all,
    fetch_page,
    find_neighbours,
)
from evalhub.queries.scope import visible_projects


@dataclass(frozen=True)
class ProjectRow:
    """One line of the library; amounts in fen."""

    id: str
    code: str
    year: int
    name: str
    department: str
    unit: str | None
    category: str
    field: str | None
    fund_kind: str
    adjusted_fen: int
    spent_fen: int
    is_picked: bool


@dataclass(frozen=True)
class Sums:
    """Over all rows that the conditions leave, not the page alone. Fen."""

    adjusted_fen: int
    spent_fen: int


def _named(text: str) -> ColumnElement[bool]:
    return or_(any_of(Project.name, text), any_of(Project.code, text))


def _of_year(text: str) -> ColumnElement[bool] | None:
    return Project.year == int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None


def _of_field(text: str) -> ColumnElement[bool]:
    return Project.field_code.startswith(text, autoescape=True)


def _paying(text: str) -> ColumnElement[bool]:
    return exists().where(
        Contractor.project_id == Project.id,
        Contractor.organisation_id == Organisation.id,
        or_(any_of(Organisation.name, text), Organisation.credit_code == text.upper()),
    )


def _picked(text: str) -> ColumnElement[bool]:
    is_picked = exists().where(PlanPick.project_id == Project.id)
    return is_picked if text == "yes" else ~is_picked


LISTING = Listing(
    noun="projects",
    columns=(
        Column("code", N_("Code"), "code", sort=(Project.code, Project.year)),
        Column("year", N_("Year"), "number", sort=(Project.year,)),
        Column("name", N_("Project"), sort=(Project.sort_key,)),
        Column("department", N_("Department")),
        Column("unit", N_("Unit"), priority=3),
        Column("category", N_("Category"), "badge"),
        Column("field", N_("Field"), priority=3),
        Column("fund_kind", N_("Fund"), "badge", priority=3),
        Column("adjusted_fen", N_("Budget"), "money", sort=(Project.adjusted_fen,)),
        Column("spent_fen", N_("Spent"), "money", sort=(Project.spent_fen,)),
        Column("is_picked", N_("Key project"), "badge"),
    ),
    filters=(
        Filter("q", N_("Name or code"), "text", _named),
        Filter("year", N_("Year"), "text", _of_year),
        Filter("department", N_("Department"), "code", equal_to(Project.department_id)),
        Filter("category", N_("Category"), "choice", equal_to(Project.category), CATEGORIES),
        Filter("field", N_("Field"), "code", _of_field, is_extra=True),
        Filter("fund", N_("Fund"), "choice", equal_to(Project.fund_kind), FUND_KINDS, is_extra=True),
        Filter("recurrence", N_("Recurrence"), "choice", equal_to(Project.recurrence), RECURRENCES, is_extra=True),
        Filter("contractor", N_("Contractor (name or credit code)"), "text", _paying, is_extra=True),
        Filter("picked", N_("Key project"), "choice", _picked, ("yes", "no"), is_extra=True),
    ),
    sort="code",
    tie=Project.year,
)

_COLUMNS = (
    Project.id, Project.code, Project.year, Project.name, Project.category, Project.fund_kind, Project.adjusted_fen,
    Project.spent_fen, Project.department_id, Project.unit_id, Project.field_code,
)  # fmt: skip


def list_projects(session: Session, actor: Actor, request: ListRequest) -> Page[ProjectRow]:
    """One page of the library."""
    return fetch_page(session, LISTING, visible_projects(actor), _COLUMNS, request, _maker(session))


def export_projects(session: Session, actor: Actor, request: ListRequest) -> Iterator[ProjectRow]:
    """All rows that the request's conditions leave."""
    return fetch_all(session, LISTING, visible_projects(actor), _COLUMNS, request, _maker(session))


def sum_projects(session: Session, actor: Actor, request: ListRequest) -> Sums:
    """What the listed projects come to."""
    query = LISTING.narrow(visible_projects(actor), request).with_only_columns(
        func.sum(Project.adjusted_fen), func.sum(Project.spent_fen), maintain_column_froms=True
    )
    adjusted, spent = session.execute(query).one()
    return Sums(int(adjusted or 0), int(spent or 0))


def find_project_neighbours(
    session: Session, actor: Actor, project_id: str, args: Mapping[str, str]
) -> Neighbours | None:
    return find_neighbours(session, LISTING, visible_projects(actor), Project.id, project_id, args)


def _maker(session: Session) -> Callable[[list[Row[Any]]], list[ProjectRow]]:
    def make(found: list[Row[Any]]) -> list[ProjectRow]:
        departments = _names(session, Department, {row.department_id for row in found})
        units = _names(session, Unit, {row.unit_id for row in found if row.unit_id})
        codes = {row.field_code for row in found if row.field_code}
        fields = dict(session.execute(select(Field.code, Field.name).where(Field.code.in_(codes))).all())
        ids = [row.id for row in found]
        picked = set(session.scalars(select(PlanPick.project_id).where(PlanPick.project_id.in_(ids))))
        return [
            ProjectRow(
                row.id, row.code, row.year, row.name, departments[row.department_id], units.get(row.unit_id),
                row.category, fields.get(row.field_code), row.fund_kind, row.adjusted_fen, row.spent_fen,
                row.id in picked,
            )
            for row in found
        ]  # fmt: skip

    return make


def _names(session: Session, table: Any, ids: set[str]) -> dict[str, str]:
    query = select(table.id, Organisation.name).join(Organisation, Organisation.id == table.organisation_id)
    return dict(session.execute(query.where(table.id.in_(ids))).all())


@dataclass(frozen=True)
class ContractorLine:
    organisation_id: str
    organisation: str
    credit_code: str | None
    role: str
    amount_fen: int | None


@dataclass(frozen=True)
class ParticipationLine:
    """Who took part before; an expert's name is masked."""

    code: str
    name: str
    role: str
    took_part_on: date | None
    note: str | None


@dataclass(frozen=True)
class ProjectProfile:
    """One project; amounts in fen. What names evaluators stays empty for a department."""

    id: str
    version: int
    code: str
    year: int
    name: str
    department_id: str
    department_code: str
    department: str
    unit_code: str | None
    unit: str | None
    category: str
    field_code: str | None
    field_name: str | None
    function_class: str | None
    fund_kind: str
    recurrence: str
    from_on: date | None
    until_on: date | None
    region: str
    total_fen: int | None
    initial_fen: int
    adjusted_fen: int
    spent_fen: int
    grounds: str | None
    content: str | None
    goal: str | None
    leader_name: str | None
    is_new: bool
    is_picked: bool
    changed_at: datetime
    contractors: tuple[ContractorLine, ...]
    participations: tuple[ParticipationLine, ...]


_PLAIN = (
    "id", "version", "code", "year", "name", "department_id", "category", "field_code", "function_class",
    "fund_kind", "recurrence", "from_on", "until_on", "region", "total_fen", "initial_fen", "adjusted_fen",
    "spent_fen", "grounds", "content", "goal", "leader_name", "is_new", "changed_at",
)  # fmt: skip


def load_project(session: Session, actor: Actor, project_id: str) -> Project:
    """The row itself, for the gate. Raises `NotFound`."""
    project = session.scalar(visible_projects(actor).where(Project.id == project_id))
    if project is None:
        raise NotFound("project")
    return project


def get_project(session: Session, actor: Actor, project_id: str) -> ProjectProfile:
    """One project in full. Raises `NotFound`."""
    project = load_project(session, actor, project_id)
    unit = project.unit
    return ProjectProfile(
        **{name: getattr(project, name) for name in _PLAIN},
        department_code=project.department.budget_code,
        department=project.department.organisation.name,
        unit_code=unit.budget_code if unit else None,
        unit=unit.organisation.name if unit else None,
        field_name=session.scalar(select(Field.name).where(Field.code == project.field_code)),
        is_picked=session.scalar(select(exists().where(PlanPick.project_id == project.id))) or False,
        contractors=_contractors(session, project.id),
        participations=_participations(session, project.id) if actor.is_bureau else (),
    )


def _contractors(session: Session, project_id: str) -> tuple[ContractorLine, ...]:
    query = (
        select(Organisation.id, Organisation.name, Organisation.credit_code, Contractor.role, Contractor.amount_fen)
        .join(Organisation, Organisation.id == Contractor.organisation_id)
        .where(Contractor.project_id == project_id)
        .order_by(Contractor.role, Organisation.name_key)
    )
    return tuple(ContractorLine(*row) for row in session.execute(query))


def _participations(session: Session, project_id: str) -> tuple[ParticipationLine, ...]:
    query = (
        select(Participation, Expert.code, Expert.name, Agency.code, Organisation.name)
        .outerjoin(Expert, Expert.id == Participation.expert_id)
        .outerjoin(Agency, Agency.id == Participation.agency_id)
        .outerjoin(Organisation, Organisation.id == Agency.organisation_id)
        .where(Participation.project_id == project_id)
        .order_by(Participation.took_part_on, Participation.id)
    )
    return tuple(
        ParticipationLine(
            expert_code or agency_code, mask_name(expert_name) if expert_name else agency_name, row.role,
            row.took_part_on, row.note,
        )
        for row, expert_code, expert_name, agency_code, agency_name in session.execute(query)
    )  # fmt: skip
