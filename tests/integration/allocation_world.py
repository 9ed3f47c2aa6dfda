"""A round ready for allocation: two tasks of one field, a pool that can fill them, agencies with lead evaluators."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from evalhub.domain.organisations import check_character
from evalhub.models.accounts import Account
from evalhub.models.agencies import Agency, AgencyField, AgencyStaff
from evalhub.models.allocation import AllocationRun, SeatPlan
from evalhub.models.experts import EmploymentSpell, Expert, ExpertField, Field
from evalhub.models.journal import Job
from evalhub.models.organisations import Organisation
from evalhub.models.plans import Round, Task
from evalhub.services import allocation, seat_plans
from evalhub.services.change import Tools
from evalhub.work.worker import run_job
from tests.builders import add
from tests.integration.plan_world import (
    PlanWorld,
    build_plan_world,
    change_by,
    make_agency_row,
    make_round,
    make_task,
)
from tests.pool_builders import make_expert

POLICY: dict[str, Any] = {
    "objective": "total",
    "seed": "00ff00ff",
    "weights": {"field": 6000, "licence": 1000, "past_work": 1500, "rotation": 1500},
}


@dataclass
class AllocationWorld:
    """Everything by handle; `experts` and `agencies` in the order of their codes."""

    plan: PlanWorld
    round: Round
    tasks: list[Task]
    experts: list[Expert]
    agencies: list[Agency]
    unit_code: str
    accounts: dict[str, Account] = field(default_factory=dict)


def build_allocation_world(
    session: Session, tools: Tools, *, experts: int = 9, tasks: int = 2, agencies: int = 2
) -> AllocationWorld:
    """An approved round of three-seat panels; every expert suits every task and has no tie to anybody."""
    plan = build_plan_world(session)
    add(session, Field(code="02", name="财务", english_name="Finance", kind="finance"))
    plan.expert.state = plan.agency.state = "suspended"
    round_ = make_round(session, plan, state="approved")
    made = [
        make_task(session, tools, plan, round_, number=number, project=plan.projects[number - 1])
        for number in range(1, tasks + 1)
    ]
    body = session.get_one(Organisation, plan.department.organisation_id)
    body.credit_code = credit_code(900, "11")
    session.flush()
    return AllocationWorld(
        plan=plan,
        round=round_,
        tasks=made,
        experts=[make_pool_expert(session, number) for number in range(1, experts + 1)],
        agencies=[make_pool_agency(session, number) for number in range(1, agencies + 1)],
        unit_code=body.credit_code,
    )


def credit_code(number: int, kind: str = "91") -> str:
    body = f"{kind}370800{number:09d}"
    return body + check_character(body)


def make_pool_expert(session: Session, number: int) -> Expert:
    """An active senior of the tasks' field and of finance, with an employer of his own."""
    expert = make_expert(session, code=f"ZJ-{number:04d}", name=f"钱{chr(0x4E00 + number)}远", title_level="full")
    session.add(ExpertField(expert_id=expert.id, field_code="11", rank=1, skill=1 + number % 3))
    session.add(ExpertField(expert_id=expert.id, field_code="02", rank=2, skill=2))
    employ(session, expert, f"第{number}设计院", credit_code(number, "12"), date(2015, 3, 1), None)
    return expert


def make_pool_agency(session: Session, number: int) -> Agency:
    agency = make_agency_row(session, f"JG-{number:03d}")
    agency.state = "active"
    session.get_one(Organisation, agency.organisation_id).credit_code = credit_code(500 + number)
    session.add(AgencyField(agency_id=agency.id, field_code="11"))
    for order in (1, 2):
        session.add(AgencyStaff(agency_id=agency.id, name=f"主评{order}", is_lead_evaluator=True))
    session.flush()
    return agency


def employ(
    session: Session, expert: Expert, name: str, code: str | None, from_on: date, until_on: date | None
) -> EmploymentSpell:
    """A dated spell of work at a body, which is made where it is not known by its code."""
    known = session.query(Organisation).filter_by(credit_code=code).first() if code else None
    body = known or add(session, Organisation(name=name, name_key=name, kind="other", credit_code=code))
    return add(
        session,
        EmploymentSpell(
            expert_id=expert.id, organisation_id=body.id, position="总监", from_on=from_on, until_on=until_on
        ),
    )


def fix_policy(session: Session, tools: Tools, world: AllocationWorld, **changes: Any) -> None:
    """Proposed by the officer, fixed by the approver."""
    policy = POLICY | changes
    proposed = allocation.propose_policy(
        change_by(session, world.plan.officer, tools), world.round.id, policy, round_of(session, world).version
    )
    session.flush()
    allocation.fix_policy(change_by(session, world.plan.approver, tools), world.round.id, proposed.version)
    session.flush()


def round_of(session: Session, world: AllocationWorld) -> Round:
    return session.get_one(Round, world.round.id)


def run(house: Any, world: AllocationWorld, kind: str = "experts") -> AllocationRun:
    """Ask for a run and do its job, as web and worker would."""
    with house.database.write() as session:
        change = change_by(session, world.plan.officer, house.tools)
        asked = allocation.request_run(change, world.round.id, kind)
    [job_id] = change.jobs
    run_job(house, job_id)
    with house.database.read() as session:
        assert session.get_one(Job, job_id).state == "done"
        return seat_plans.load_run(session, asked.id)


def planned(house: Any, world: AllocationWorld, kind: str = "experts") -> SeatPlan:
    """A submitted plan of a fresh run."""
    done = run(house, world, kind)
    with house.database.write() as session:
        plan = seat_plans.draft_plan(change_by(session, world.plan.officer, house.tools), done.id)
        session.flush()
        seat_plans.submit_plan(change_by(session, world.plan.officer, house.tools), plan.id, "", plan.version)
        session.flush()
    return plan
