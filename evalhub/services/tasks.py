"""Evaluation tasks: made from the plan's picks in bulk and set while their round may be changed."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from evalhub.domain.errors import InvalidInput, NotFound
from evalhub.infra.chance import new_id
from evalhub.models.plans import PlanPick, Round, Task
from evalhub.models.projects import Project
from evalhub.queries.scope import visible_tasks
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.rounds import load_editable_round
from evalhub.services.task_checks import TaskValues, field_of, refuse_second_task, refuse_task_faults
from evalhub.services.versions import refuse_stale


def create_tasks(
    change: Change, round_id: str, project_ids: Sequence[str], values: TaskValues, version: int
) -> list[Task]:
    """Make one task for each ticked project of the plan, each with a key of its own.

    Args:
        version: of the round, which counts as changed.

    Raises:
        InvalidInput: nothing ticked, a project outside the plan, or values that cannot be; fields name where.
        RuleBroken: the round is submitted, or a project already has a task of this kind in it.
    """
    round_ = load_editable_round(change, round_id)
    refuse_stale(change, "round", round_, version, {})
    projects = _picked_projects(change, round_, project_ids)
    refuse_task_faults(change, round_, values)
    number = _last_number(change, round_.plan.year)
    tasks = []
    for position, project in enumerate(projects, start=1):
        refuse_second_task(change, round_, project, values.kind)
        tasks.append(_new_task(change, round_, project, values, f"{round_.plan.year}-{number + position:03d}"))
    flag_modified(round_, "state")
    codes = [task.code for task in tasks]
    journal.record(
        change, "round.tasks_added", "round", round_.id, round_.name, after=asdict(values), detail={"tasks": codes}
    )
    return tasks


def edit_task(change: Change, task_id: str, values: TaskValues, version: int) -> Task:
    """Change what a task fixes, while its round may be changed.

    Raises:
        RuleBroken: the round is submitted or approved.
    """
    task = load_task(change, task_id)
    round_ = load_editable_round(change, task.round_id)
    refuse_stale(change, "task", task, version, values.columns())
    refuse_task_faults(change, round_, values, task.project)
    if values.kind != task.kind:
        refuse_second_task(change, round_, task.project, values.kind)
    before = {name: getattr(task, name) for name in values.columns()}
    for name, wanted in values.columns().items():
        setattr(task, name, wanted)
    task.field_code = field_of(task.project, values)
    flag_modified(round_, "state")
    journal.record(
        change, "task.edited", "task", task.id, task_label(task), task_id=task.id, before=before, after=values.columns()
    )
    return task


def drop_task(change: Change, task_id: str, version: int) -> None:
    """Take a task out of a round that may still be changed."""
    task = load_task(change, task_id)
    round_ = load_editable_round(change, task.round_id)
    refuse_stale(change, "task", task, version, {})
    change.session.delete(task)
    flag_modified(round_, "state")
    journal.record(change, "task.dropped", "task", task.id, task_label(task), task_id=task.id)


def load_task(change: Change, task_id: str) -> Task:
    """The task, or NotFound where the actor may not know of it."""
    task = change.session.scalar(visible_tasks(change.actor).where(Task.id == task_id))
    if task is None:
        raise NotFound("task")
    return task


def task_label(task: Task) -> str:
    return f"{task.code} {task.project.name}"


def _picked_projects(change: Change, round_: Round, project_ids: Sequence[str]) -> list[Project]:
    wanted = set(project_ids)
    if not wanted:
        raise InvalidInput(fields={"project_ids": "plan.nothing_ticked"})
    picked = select(PlanPick.project_id).where(PlanPick.plan_id == round_.plan_id)
    found = change.session.scalars(select(Project).where(Project.id.in_(wanted), Project.id.in_(picked))).all()
    if len(found) != len(wanted):
        raise InvalidInput(fields={"project_ids": "round.project_not_picked"})
    return sorted(found, key=lambda project: project.code)


def _last_number(change: Change, year: int) -> int:
    """The greatest number that a task of the year carries: numbers are never used twice."""
    prefix = f"{year}-"
    codes = change.session.scalars(select(Task.code).where(Task.code.startswith(prefix)))
    return max((int(code.removeprefix(prefix)) for code in codes), default=0)


def _new_task(change: Change, round_: Round, project: Project, values: TaskValues, code: str) -> Task:
    task_id = new_id()
    vault = change.tools.vault
    task = Task(
        id=task_id,
        code=code,
        round_id=round_.id,
        project_id=project.id,
        field_code=field_of(project, values),
        key_sealed=vault.wrap_task_key(vault.new_task_key(), task_id),
        created_by_id=change.actor.account_id,
        created_at=change.now,
        **values.columns(),
    )
    change.session.add(task)
    change.session.flush()
    return task
