"""Pools in the small world of the route matrix: one record of each noun that nobody has to do with, and one's own."""

from datetime import timedelta

from sqlalchemy.orm import Session

from evalhub.models.agencies import Agency
from evalhub.models.intakes import Intake
from evalhub.models.organisations import Organisation
from evalhub.models.projects import Department, Project
from tests.builders import NOW, add
from tests.integration.world import EXTENSIONS, World
from tests.pool_builders import make_expert


def _agency(session: Session, code: str) -> Agency:
    body = add(session, Organisation(name=f"机构{code}", name_key=f"机构{code}", kind="agency"))
    values = {"nature": "accounting", "region": "370800", "sort_key": code, "created_at": NOW, "changed_at": NOW}
    return add(session, Agency(code=code, organisation=body, **values))


def _department(session: Session, code: str) -> Department:
    body = add(session, Organisation(name=f"部门{code}", name_key=f"部门{code}", kind="government"))
    return add(session, Department(budget_code=code, organisation=body, created_at=NOW))


def _project(session: Session, department: Department, code: str) -> Project:
    return add(
        session,
        Project(
            code=code, year=2026, name=code, sort_key=code, department=department, region="370800", initial_fen=0,
            adjusted_fen=0, spent_fen=0, created_at=NOW, changed_at=NOW,
        ),
    )  # fmt: skip


def add_pools(session: Session, world: World) -> None:
    """Records of the pools, and the accounts that stand for some of them."""
    expert, agency, department = make_expert(session), _agency(session, "JG-8001"), _department(session, "801")
    intake = Intake(
        noun="experts", file_name="a.xlsx", account_id=world.accounts["officer"].id, row_count=0, state="discarded",
        created_at=NOW, expires_at=NOW + timedelta(days=1), ended_at=NOW,
    )  # fmt: skip
    world.arguments["any"] |= {
        "expert_id": expert.id,
        "agency_id": agency.id,
        "organisation_id": agency.organisation_id,
        "department_id": department.id,
        "project_id": _project(session, department, "P-any").id,
        "noun": "experts",
        "intake_id": add(session, intake).id,
    }
    own_expert, own_agency, own_department = (
        make_expert(session),
        _agency(session, "JG-8002"),
        _department(session, "802"),
    )
    world.accounts["expert"].expert_id = own_expert.id
    world.accounts["agency"].agency_id = own_agency.id
    world.accounts["department"].department_id = own_department.id
    world.arguments["own"] |= {
        "expert_id": own_expert.id,
        "agency_id": own_agency.id,
        "department_id": own_department.id,
        "project_id": _project(session, own_department, "P-own").id,
    }
    session.flush()


EXTENSIONS.append(add_pools)
