"""What an officer fixes for a task, and everything that stands against it before it is written."""

from dataclasses import dataclass

from sqlalchemy import select

from evalhub.domain.errors import InvalidInput, RuleBroken
from evalhub.domain.permissions import Role
from evalhub.domain.tasks import MethodChoice, TaskDates, people_faults
from evalhub.infra.clock import end_of_office_day
from evalhub.models.accounts import Account, AccountRole
from evalhub.models.experts import Field
from evalhub.models.frameworks import FrameworkEdition
from evalhub.models.plans import PanelTemplate, Round, Task
from evalhub.models.projects import Project
from evalhub.services.change import Change

RESERVES_AT_MOST = 9


@dataclass(frozen=True)
class TaskValues:
    """What an officer fixes for a task. `field_code` None: the project's own field."""

    kind: str
    framework_edition_id: str
    panel_template_id: str
    reserves: int
    wants_agency: bool
    method: MethodChoice
    field_code: str | None
    dates: TaskDates
    officer_id: str
    approver_id: str
    deputy_approver_id: str
    first_evaluation_id: str | None = None

    def columns(self) -> dict[str, object]:
        """Column -> value, but for the field, which may follow the project."""
        plain = {
            name: getattr(self, name)
            for name in (
                "kind", "framework_edition_id", "panel_template_id", "reserves", "wants_agency", "officer_id",
                "approver_id", "deputy_approver_id", "first_evaluation_id",
            )
        }  # fmt: skip
        return plain | {
            "method": self.method.to_document(),
            "work_from_on": self.dates.work_from_on,
            "work_until_on": self.dates.work_until_on,
            "scoring_due_at": end_of_office_day(self.dates.scoring_due_on),
        }


def refuse_task_faults(change: Change, round_: Round, values: TaskValues, project: Project | None = None) -> None:
    """Everything that stands against the values at once.

    Raises:
        InvalidInput: fields name each fault.
    """
    template = change.session.get(PanelTemplate, values.panel_template_id)
    faults = values.dates.faults(round_.from_on, round_.until_on)
    faults |= people_faults(values.officer_id, values.approver_id, values.deputy_approver_id)
    faults |= role_faults(
        change,
        officer_id=values.officer_id,
        approver_id=values.approver_id,
        deputy_approver_id=values.deputy_approver_id,
    )
    if template is None:
        faults["panel_template_id"] = "field.unknown_choice"
    else:
        faults |= values.method.faults(template.seats, values.wants_agency)
    if not 0 <= values.reserves <= RESERVES_AT_MOST:
        faults["reserves"] = "panel.reserves_out_of_range"
    faults |= _record_faults(change, values, project)
    if faults:
        raise InvalidInput(fields=faults)


def role_faults(change: Change, *, officer_id: str, approver_id: str, deputy_approver_id: str) -> dict[str, str]:
    """Field -> code where somebody is no active holder of the role that the task needs him in."""
    wanted = {
        "officer_id": (officer_id, Role.OFFICER),
        "approver_id": (approver_id, Role.APPROVER),
        "deputy_approver_id": (deputy_approver_id, Role.APPROVER),
    }
    found = {}
    for name, (account_id, role) in wanted.items():
        holder = (
            select(Account.id)
            .join(AccountRole, AccountRole.account_id == Account.id)
            .where(Account.id == account_id, Account.state == "active", AccountRole.role == role)
        )
        if change.session.scalar(holder) is None:
            found[name] = "people.without_role"
    return found


def refuse_second_task(change: Change, round_: Round, project: Project, kind: str) -> None:
    """A project has one task of a kind in a round."""
    second = select(Task.id).where(Task.round_id == round_.id, Task.project_id == project.id, Task.kind == kind)
    if change.session.scalar(second) is not None:
        raise RuleBroken("round.task_exists", project=project.code)


def field_of(project: Project, values: TaskValues) -> str:
    """The field that decides who suits: as chosen, else the project's own.

    Raises:
        InvalidInput: neither is known.
    """
    code = values.field_code or project.field_code
    if code is None:
        raise InvalidInput(fields={"field_code": "task.no_field"})
    return code


def _record_faults(change: Change, values: TaskValues, project: Project | None) -> dict[str, str]:
    found = {}
    edition = change.session.get(FrameworkEdition, values.framework_edition_id)
    if edition is None or edition.state != "published":
        found["framework_edition_id"] = "task.edition_not_published"
    if values.field_code and change.session.get(Field, values.field_code) is None:
        found["field_code"] = "field.unknown_choice"
    if values.first_evaluation_id:
        fault = _first_evaluation_fault(change, values, project)
        if fault:
            found["first_evaluation_id"] = fault
    return found


def _first_evaluation_fault(change: Change, values: TaskValues, project: Project | None) -> str | None:
    """Only a re-evaluation names a first evaluation, and that one is of the same project, whatever the year."""
    if values.kind != "re_evaluation":
        return "task.first_only_for_re_evaluation"
    first = change.session.get(Task, values.first_evaluation_id)
    if first is None or (project is not None and first.project.code != project.code):
        return "task.first_of_other_project"
    return None
