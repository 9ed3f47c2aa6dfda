"""Projects with their contractors and those who took part before. Amounts are fen."""

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.domain.errors import InvalidInput, NotFound
from evalhub.domain.records import ParticipationValues, ProjectValues, project_faults
from evalhub.infra.pinyin import body_sort_key
from evalhub.models.agencies import Agency
from evalhub.models.experts import Expert, Field
from evalhub.models.projects import Contractor, Department, Participation, Project, Unit
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.organisations import resolve
from evalhub.services.pools import merge_rows
from evalhub.services.versions import refuse_stale, snapshot

_PLAIN = (
    "code", "year", "name", "category", "function_class", "fund_kind", "recurrence", "from_on", "until_on", "region",
    "total_fen", "initial_fen", "adjusted_fen", "spent_fen", "grounds", "content", "goal", "leader_name", "is_new",
    "field_code",
)  # fmt: skip


def create_project(change: Change, values: ProjectValues) -> Project:
    """Enter a project of one year.

    Raises:
        InvalidInput: a field cannot be taken, or its code is entered for that year already (`project.known`).
    """
    project = add_project(change, values)
    journal.record(change, "project.created", "project", project.id, project.code, after=snapshot(project))
    return project


def add_project(change: Change, values: ProjectValues) -> Project:
    """The same without a journal entry, for services that enter many and record once."""
    department, unit = _checked(change.session, values, None)
    project = Project(
        **{name: getattr(values, name) for name in _PLAIN},
        sort_key=body_sort_key(values.name),
        department=department,
        unit=unit,
        created_at=change.now,
        changed_at=change.now,
    )
    change.session.add(project)
    change.session.flush()
    _fill_rows(change, project, values)
    change.session.flush()
    return project


def edit_project(change: Change, project_id: str, values: ProjectValues, version: int) -> Project:
    """Replace what is known of a project.

    Raises:
        NotFound, Stale, InvalidInput.
    """
    project = change.session.get(Project, project_id)
    if project is None:
        raise NotFound("project")
    refuse_stale(change, "project", project, version, {name: getattr(values, name) for name in _PLAIN})
    before = snapshot(project)
    project.department, project.unit = _checked(change.session, values, project.id)
    for name in _PLAIN:
        setattr(project, name, getattr(values, name))
    project.sort_key = body_sort_key(values.name)
    project.changed_at, project.changed_by_id = change.now, change.actor.account_id
    _fill_rows(change, project, values)
    change.session.flush()
    journal.record(
        change, "project.edited", "project", project.id, project.code, before=before, after=snapshot(project)
    )
    return project


def _checked(session: Session, values: ProjectValues, own_id: str | None) -> tuple[Department, Unit | None]:
    """The department and unit that the codes name, after all fields were found sound."""
    faults = project_faults(values)
    known = session.scalar(select(Project.id).where(Project.code == values.code, Project.year == values.year))
    if known is not None and known != own_id:
        faults["code"] = "project.known"
    if values.field_code and session.get(Field, values.field_code) is None:
        faults["field_code"] = "field_code.unknown"
    department = session.scalar(select(Department).where(Department.budget_code == values.department_code))
    if department is None:
        faults.setdefault("department_code", "department.unknown")
    unit = None
    if values.unit_code and department is not None:
        unit = session.scalar(
            select(Unit).where(Unit.budget_code == values.unit_code, Unit.department_id == department.id)
        )
        if unit is None:
            faults["unit_code"] = "unit.unknown"
    if faults or department is None:
        raise InvalidInput("invalid", faults)
    return department, unit


def _fill_rows(change: Change, project: Project, values: ProjectValues) -> None:
    session = change.session
    contractors = [
        Contractor(
            organisation_id=resolve(session, row.body, kind="enterprise", field="contractors").id,
            role=row.role,
            amount_fen=row.amount_fen,
        )
        for row in values.contractors
    ]
    pairs = [(row.organisation_id, row.role) for row in contractors]
    if len(set(pairs)) < len(pairs):
        raise InvalidInput("invalid", {"contractors": "row.twice"})
    merge_rows(session, project.contractors, contractors, "organisation_id", "role", "amount_fen")
    took_part = [_participation(session, row) for row in values.participations]
    columns = ("expert_id", "agency_id", "role", "took_part_on", "note")
    merge_rows(session, project.participations, took_part, *columns)


def _participation(session: Session, row: ParticipationValues) -> Participation:
    code = row.participant_code.strip()
    expert_id = session.scalar(select(Expert.id).where(Expert.code == code))
    agency_id = session.scalar(select(Agency.id).where(Agency.code == code)) if expert_id is None else None
    if expert_id is None and agency_id is None:
        raise InvalidInput("invalid", {"participations": "participant.unknown"}, participant=code)
    columns = {name: value for name, value in asdict(row).items() if name != "participant_code"}
    return Participation(expert_id=expert_id, agency_id=agency_id, **columns)
