"""A bureau with a plan's worth of records: people, departments, projects, a published framework, a panel template."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from evalhub.domain.permissions import Role
from evalhub.domain.scoring.framework_document import from_document
from evalhub.domain.tasks import MethodChoice, TaskDates
from evalhub.models.accounts import Account
from evalhub.models.agencies import Agency, AgencyStaff
from evalhub.models.experts import Expert, Field
from evalhub.models.frameworks import Framework, FrameworkEdition
from evalhub.models.organisations import Organisation
from evalhub.models.plans import PanelTemplate, Plan, PlanPick, Round, Task
from evalhub.models.projects import Department, Project
from evalhub.models.seats import Seat
from evalhub.queries.accounts import actor_of
from evalhub.services.change import Change, Tools
from evalhub.services.task_checks import TaskValues
from tests.builders import NOW, add, make_account

TREE: dict[str, Any] = {
    "format": "evalhub.framework/1",
    "title": {"zh": "示例框架", "en": "Example"},
    "full_points": "100.00",
    "grades": [{"grade": "good", "from": "60.00"}, {"grade": "poor", "from": "0.00"}],
    "indicators": [
        {"code": "A", "name": {"zh": "决策"}, "points": "20.00", "kind": "common", "head": "decision"},
        {
            "code": "B",
            "name": {"zh": "产出", "en": "Output"},
            "points": "80.00",
            "kind": "specific",
            "head": "output",
            "children": [
                {"code": "B1", "name": {"zh": "数量"}, "points": "50.00", "kind": "specific", "evidence": ["验收单"]},
                {"code": "B2", "name": {"zh": "质量"}, "points": "30.00", "kind": "specific", "may_be_na": True},
            ],
        },
    ],
}


@dataclass
class PlanWorld:
    """Ids and accounts of the records, made in one transaction."""

    officer: Account
    second_officer: Account
    approver: Account
    deputy: Account
    supervisor: Account
    clerk: Account
    agency_clerk: Account
    lead: Account
    expert_account: Account
    department: Department
    other_department: Department
    projects: list[Project]
    edition: FrameworkEdition
    template: PanelTemplate
    expert: Expert
    agency: Agency


def build_plan_world(session: Session) -> PlanWorld:
    add(session, Field(code="11", name="教育", english_name="Education"))
    departments = [make_department(session, f"{name}局", f"10{number}") for number, name in ((1, "教育"), (2, "水利"))]
    officer, second = (make_account(session, Role.OFFICER) for _ in range(2))
    approver, deputy = (make_account(session, Role.APPROVER) for _ in range(2))
    expert, agency = make_expert_row(session), make_agency_row(session)
    staff = add(session, AgencyStaff(agency_id=agency.id, name="主评", is_lead_evaluator=True))
    return PlanWorld(
        officer=officer,
        second_officer=second,
        approver=approver,
        deputy=deputy,
        supervisor=make_account(session, Role.SUPERVISOR),
        clerk=make_account(session, Role.DEPARTMENT_CLERK, department_id=departments[0].id),
        agency_clerk=make_account(session, Role.AGENCY_CLERK, agency_id=agency.id),
        lead=make_account(session, Role.LEAD_EVALUATOR, agency_id=agency.id, agency_staff_id=staff.id),
        expert_account=make_account(session, Role.EXPERT, expert_id=expert.id),
        department=departments[0],
        other_department=departments[1],
        projects=[
            make_project(session, departments[0], "P-1", "livelihood", 300_000_000),
            make_project(session, departments[0], "P-2", "engineering", 200_000_000),
            make_project(session, departments[1], "P-3", "other", 100_000_000),
        ],
        edition=make_edition(session),
        template=add(session, PanelTemplate(name="三人组", seats=3)),
        expert=expert,
        agency=agency,
    )


def make_organisation(session: Session, name: str, kind: str = "government") -> Organisation:
    return add(session, Organisation(name=name, name_key=name, kind=kind))


def make_department(session: Session, name: str, budget_code: str) -> Department:
    body = make_organisation(session, name)
    return add(session, Department(organisation_id=body.id, budget_code=budget_code, created_at=NOW))


def make_project(session: Session, department: Department, code: str, category: str, fen: int, year: int = 2026):
    return add(
        session,
        Project(
            code=code, year=year, name=f"项目 {code}", sort_key=code, department_id=department.id, category=category,
            field_code="11", region="370800", initial_fen=fen, adjusted_fen=fen, spent_fen=0, created_at=NOW,
            changed_at=NOW,
        ),
    )  # fmt: skip


def make_edition(session: Session, state: str = "published") -> FrameworkEdition:
    framework = add(session, Framework(name="示例框架", created_at=NOW, created_by_id="tests"))
    tree = from_document(TREE)
    return add(
        session,
        FrameworkEdition(
            framework_id=framework.id, edition=1, tree=TREE, content_hash=tree.content_hash, leaf_count=3, state=state,
            created_at=NOW, created_by_id="tests",
        ),
    )  # fmt: skip


def make_expert_row(session: Session, code: str = "E001") -> Expert:
    return add(
        session,
        Expert(code=code, name="专家", name_key="专家", sort_key="zj", region="370800", created_at=NOW, changed_at=NOW),
    )


def make_agency_row(session: Session, code: str = "A001") -> Agency:
    body = make_organisation(session, f"示例咨询 {code}", "agency")
    return add(
        session,
        Agency(
            code=code, organisation_id=body.id, sort_key="zx", nature="consulting", region="370800", created_at=NOW,
            changed_at=NOW,
        ),
    )  # fmt: skip


def make_round(session: Session, world: PlanWorld, state: str = "draft", **changes: Any) -> Round:
    """A round under an approved plan with all projects picked."""
    plan = add(
        session,
        Plan(
            year=2026, name="2026 年度计划", state="approved", spending_fen=1_000_000_000,
            created_by_id=world.officer.id, created_at=NOW,
        ),
    )  # fmt: skip
    for project in world.projects:
        add(session, PlanPick(plan_id=plan.id, project_id=project.id, category=project.category, reason="重点"))
    values = {
        "name": "秋季轮次",
        "from_on": date(2026, 11, 1),
        "until_on": date(2026, 12, 31),
        "report_due_on": date(2026, 12, 20),
        "created_by_id": world.officer.id,
        "created_at": NOW,
        "state": state,
    }
    return add(session, Round(plan_id=plan.id, **(values | changes)))


def task_values(world: PlanWorld, **changes: Any) -> TaskValues:
    values: dict[str, Any] = {
        "kind": "finance",
        "framework_edition_id": world.edition.id,
        "panel_template_id": world.template.id,
        "reserves": 2,
        "wants_agency": True,
        "method": MethodChoice.of("mean", agency_weight=3000, quorum=2),
        "field_code": None,
        "dates": TaskDates(date(2026, 11, 25), date(2026, 12, 25), date(2026, 12, 15)),
        "officer_id": world.officer.id,
        "approver_id": world.approver.id,
        "deputy_approver_id": world.deputy.id,
    }
    return TaskValues(**(values | changes))


def make_task(session: Session, tools: Tools, world: PlanWorld, round_: Round, state: str = "planned", **changes: Any):
    """A task with a key of its own, in any state."""
    values = task_values(world)
    number = changes.pop("number", 1)
    project = changes.pop("project", world.projects[0])
    task_id = f"task-{number}"
    return add(
        session,
        Task(
            id=task_id, code=f"2026-{number:03d}", round_id=round_.id, project_id=project.id, state=state,
            field_code="11", key_sealed=tools.vault.wrap_task_key(tools.vault.new_task_key(), task_id),
            created_by_id=world.officer.id, created_at=NOW, **(values.columns() | changes),
        ),
    )  # fmt: skip


def make_seat(session: Session, task: Task, world: PlanWorld, kind: str = "expert", **changes: Any) -> Seat:
    """A seat whose holder has accepted, undertaken and declared himself free."""
    holder = {"expert_id": world.expert.id} if kind == "expert" else {"agency_id": world.agency.id}
    values = {
        "state": "working",
        "position": 1,
        "invited_at": NOW,
        "accepted_at": NOW,
        "undertaken_at": NOW,
        "declared_at": NOW,
    }
    return add(session, Seat(task_id=task.id, kind=kind, **(holder | values | changes)))


def change_by(session: Session, account: Account, tools: Tools) -> Change:
    """A change as that account would make it now."""
    account = session.merge(account, load=True)
    return Change(session, actor_of(session, account, NOW), NOW, tools, "tests")
