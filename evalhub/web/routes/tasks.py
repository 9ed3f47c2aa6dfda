"""One task: its facts, what was done to it, and the people whom it concerns."""

from typing import Any

from flask import request
from flask_babel import gettext as _

from evalhub.domain.states import TASK_LIFECYCLE
from evalhub.queries.papers import find_notice
from evalhub.queries.tasks import TaskView, get_task, list_locks, list_task_log
from evalhub.services import bureau_conflicts, task_course
from evalhub.services import tasks as service
from evalhub.services.change import Change
from evalhub.web.forms.tasks import LiftForm, LockForm, PeopleForm, StopForm, TaskForm
from evalhub.web.plan_words import deadline_day
from evalhub.web.section import Section, SeeOther
from evalhub.web.task_choices import fill_choices, fill_colleagues, fill_people
from evalhub.web.visit import Visit

section = Section("tasks", __name__)


@section.page("/tasks/<task_id>", permission="tasks:read")
def show(visit: Visit, task_id: str, form: Any = None) -> Any:
    task = get_task(visit.session, visit.actor, task_id)
    return visit.render(
        "tasks/show.html",
        task=task,
        notice=find_notice(visit.session, visit.actor, task_id),
        actions=TASK_LIFECYCLE.actions(task, visit.actor),
        refusal=form,
    )


@section.page("/tasks/<task_id>/people", permission="tasks:people")
def people(visit: Visit, task_id: str, form: Any = None) -> Any:
    task = get_task(visit.session, visit.actor, task_id)
    people_form = form if isinstance(form, PeopleForm) else PeopleForm(obj=task)
    lock_form = form if isinstance(form, LockForm) else LockForm()
    fill_people(visit, people_form)
    fill_colleagues(visit, lock_form)
    return visit.render(
        "tasks/people.html",
        task=task,
        locks=list_locks(visit.session, visit.actor, task_id),
        people_form=people_form,
        lock_form=lock_form,
        lift_form=form if isinstance(form, LiftForm) else LiftForm(),
        stop_form=form if isinstance(form, StopForm) else StopForm(),
        decides=visit.actor.account_id in (task.approver_id, task.deputy_approver_id),
        account_id=visit.actor.account_id,
        refusal=form,
    )


@section.page("/tasks/<task_id>/log", permission="tasks:people")
def log(visit: Visit, task_id: str) -> Any:
    task = get_task(visit.session, visit.actor, task_id)
    skipped = request.args.get("skip", "0")
    start = int(skipped) if skipped.isascii() and skipped.isdigit() and len(skipped) < 7 else 0
    entries = list_task_log(visit.session, visit.actor, task_id, start)
    return visit.render("tasks/log.html", task=task, entries=entries, start=start)


@section.page("/tasks/<task_id>/edit", permission="tasks:edit")
def edit_page(visit: Visit, task_id: str, form: TaskForm | None = None) -> Any:
    task = get_task(visit.session, visit.actor, task_id)
    form = form or TaskForm(data=_entries(task))
    fill_choices(visit, form)
    return visit.render("tasks/edit.html", task=task, form=form)


def _entries(task: TaskView) -> dict[str, Any]:
    """The task as its form shows it."""
    weights = task.method["source_weights"]
    return {
        **vars(task),
        "framework_edition_id": task.edition_id,
        "panel_template_id": task.template_id,
        "statistic": task.method["statistics"]["experts"],
        "agency_weight": weights.get("agency", 0),
        "quorum": task.method["quorum"]["experts"],
        "scoring_due_on": deadline_day(task.scoring_due_at),
    }


@section.action("/tasks/<task_id>/edit", permission="tasks:edit", form=TaskForm, page=edit_page, record=get_task)
def edit(change: Change, form: TaskForm, task_id: str) -> SeeOther:
    service.edit_task(change, task_id, form.to_values(), form.version_read)
    return SeeOther("tasks.show", _("Saved"), task_id=task_id)


@section.action("/tasks/<task_id>/drop", permission="tasks:edit", page=show, record=get_task)
def drop(change: Change, form: Any, task_id: str) -> SeeOther:
    round_id = service.load_task(change, task_id).round_id
    service.drop_task(change, task_id, form.version_read)
    return SeeOther("rounds.show", _("The task is out of the round"), round_id=round_id)


@section.action("/tasks/<task_id>/start", permission="tasks:edit", page=show, record=get_task)
def start(change: Change, form: Any, task_id: str) -> SeeOther:
    task_course.start_evaluation(change, task_id, form.version_read)
    return SeeOther("tasks.show", _("The evaluation has begun; the evaluators are told"), task_id=task_id)


@section.action("/tasks/<task_id>/people", permission="tasks:decide", form=PeopleForm, page=people, record=get_task)
def reassign(change: Change, form: PeopleForm, task_id: str) -> SeeOther:
    task_course.reassign_task(
        change, task_id, form.officer_id.data, form.approver_id.data, form.deputy_approver_id.data,
        form.handover_reason.data.strip(), form.version_read,
    )  # fmt: skip
    return SeeOther("tasks.people", _("The task is handed over"), task_id=task_id)


@section.action("/tasks/<task_id>/stop", permission="tasks:decide", form=StopForm, page=people, record=get_task)
def stop(change: Change, form: StopForm, task_id: str) -> SeeOther:
    task_course.stop_task(change, task_id, form.action.data, form.stop_reason.data.strip(), form.version_read)
    return SeeOther("tasks.people", _("Done"), task_id=task_id)


@section.action(
    "/tasks/<task_id>/locks", permission="bureau_conflicts:record", form=LockForm, page=people, record=get_task
)
def lock(change: Change, form: LockForm, task_id: str) -> SeeOther:
    task = service.load_task(change, task_id)
    bureau_conflicts.record_bureau_conflict(change, task_id, form.account_id.data, form.lock_reason.data.strip())
    if form.account_id.data == change.actor.account_id:
        return SeeOther("rounds.show", _("Recorded. The task no longer exists for you."), round_id=task.round_id)
    return SeeOther("tasks.people", _("Recorded. The task no longer exists for this person."), task_id=task_id)


@section.action(
    "/tasks/<task_id>/locks/<conflict_id>/ask",
    permission="bureau_conflicts:lift",
    form=LiftForm,
    page=lambda visit, task_id, conflict_id, form: people(visit, task_id, form),
    record=get_task,
)
def ask_lifting(change: Change, form: LiftForm, task_id: str, conflict_id: str) -> SeeOther:
    bureau_conflicts.ask_lifting(change, conflict_id, form.lift_reason.data.strip(), form.version_read)
    return SeeOther("tasks.people", _("Asked; another person must agree"), task_id=task_id)


@section.action(
    "/tasks/<task_id>/locks/<conflict_id>/lift",
    permission="bureau_conflicts:lift",
    page=lambda visit, task_id, conflict_id, form: people(visit, task_id, form),
    record=get_task,
)
def lift(change: Change, form: Any, task_id: str, conflict_id: str) -> SeeOther:
    bureau_conflicts.lift_bureau_conflict(change, conflict_id, form.version_read)
    return SeeOther("tasks.people", _("The lock is lifted"), task_id=task_id)
