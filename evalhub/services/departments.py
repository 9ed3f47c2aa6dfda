"""Budget departments and street offices with their units."""

from evalhub.domain.errors import InvalidInput, NotFound
from evalhub.domain.records import DepartmentValues, UnitValues
from evalhub.models.projects import Department, Project, Unit
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.organisations import resolve
from evalhub.services.pools import refuse_taken, refuse_used
from evalhub.services.versions import refuse_stale, snapshot

_PLAIN = ("budget_code", "kind", "line_section", "contact_name", "email", "is_active")


def create_department(change: Change, values: DepartmentValues) -> Department:
    """Enter a department with its units.

    Raises:
        InvalidInput: a field is missing, or the body or the budget code is known already.
    """
    department = add_department(change, values)
    journal.record(
        change, "department.created", "department", department.id, department.budget_code, after=snapshot(department)
    )
    return department


def add_department(change: Change, values: DepartmentValues) -> Department:
    """The same without a journal entry, for services that enter many and record once."""
    _refuse_faults(change, values, None)
    organisation = resolve(change.session, values.body, kind="government", field="credit_code")
    own = Department.organisation_id
    refuse_taken(change.session, own, Department.id, organisation.id, None, "name:department.known")
    department = Department(budget_code=values.budget_code, organisation=organisation, created_at=change.now)
    change.session.add(department)
    _fill(change, department, values)
    change.session.flush()
    return department


def edit_department(change: Change, department_id: str, values: DepartmentValues, version: int) -> Department:
    """Replace what is known of a department. Units that a project names cannot be taken away.

    Raises:
        NotFound, Stale, InvalidInput.
    """
    department = change.session.get(Department, department_id)
    if department is None:
        raise NotFound("department")
    refuse_stale(change, "department", department, version, {name: getattr(values, name) for name in _PLAIN})
    _refuse_faults(change, values, department.id)
    before = snapshot(department)
    organisation = resolve(change.session, values.body, kind="government", field="credit_code")
    own = Department.organisation_id
    refuse_taken(change.session, own, Department.id, organisation.id, department.id, "name:department.known")
    department.organisation = organisation
    _fill(change, department, values)
    change.session.flush()
    journal.record(
        change,
        "department.edited",
        "department",
        department.id,
        department.budget_code,
        before=before,
        after=snapshot(department),
    )
    return department


def add_units(change: Change, department: Department, units: tuple[UnitValues, ...]) -> None:
    """Further units of a department, without a journal entry."""
    for row in units:
        _fill_unit(change, department, None, row)


def _refuse_faults(change: Change, values: DepartmentValues, own_id: str | None) -> None:
    faults = {}
    if not values.body.name.strip() and not values.body.credit_code:
        faults["name"] = "field.required"
    if not values.budget_code.strip():
        faults["budget_code"] = "field.required"
    codes = [unit.budget_code for unit in values.units]
    if len(set(codes)) < len(codes) or any(not code.strip() for code in codes):
        faults["units"] = "row.twice"
    if faults:
        raise InvalidInput("invalid", faults)
    code = values.budget_code
    refuse_taken(change.session, Department.budget_code, Department.id, code, own_id, "budget_code:code.taken")


def _fill(change: Change, department: Department, values: DepartmentValues) -> None:
    for name in _PLAIN:
        setattr(department, name, getattr(values, name))
    change.session.flush()
    present = {unit.id: unit for unit in department.units}
    wanted = {unit.unit_id for unit in values.units if unit.unit_id}
    for unit_id, unit in present.items():
        if unit_id not in wanted:
            refuse_used(change.session, unit_id, (Project.unit_id,), "units", "unit.used")
            department.units.remove(unit)
    for row in values.units:
        _fill_unit(change, department, present.get(row.unit_id or ""), row)


def _fill_unit(change: Change, department: Department, unit: Unit | None, row: UnitValues) -> None:
    organisation = resolve(change.session, row.body, kind="institution", field="units")
    own_id = unit.id if unit else None
    refuse_taken(change.session, Unit.budget_code, Unit.id, row.budget_code, own_id, "units:code.taken")
    refuse_taken(change.session, Unit.organisation_id, Unit.id, organisation.id, own_id, "units:unit.known")
    if organisation.parent_id is None and organisation.id != department.organisation.id:
        organisation.parent_id = department.organisation.id
    if unit is None:
        unit = Unit(budget_code=row.budget_code, organisation=organisation)
        department.units.append(unit)
    unit.organisation, unit.budget_code, unit.contact_name = organisation, row.budget_code, row.contact_name
    change.session.flush()
