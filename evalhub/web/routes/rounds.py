"""Rounds: dates and tasks, submitted by one person and decided by another, and the board of their progress."""

from typing import Any

from flask_babel import gettext as _

from evalhub.domain.round_course import STEPS
from evalhub.queries.plans import get_plan
from evalhub.queries.round_board import get_board
from evalhub.queries.rounds import get_round, list_projects_without_task, list_rounds
from evalhub.services import rounds as service
from evalhub.services import tasks as task_service
from evalhub.services.change import Change
from evalhub.web.forms.plans import DecisionForm, RoundForm
from evalhub.web.forms.tasks import NewTasksForm
from evalhub.web.section import Section, SeeOther
from evalhub.web.task_choices import fill_choices
from evalhub.web.visit import Visit

section = Section("rounds", __name__)


@section.page("/rounds", permission="rounds:read")
def index(visit: Visit) -> Any:
    return visit.render("rounds/index.html", rounds=list_rounds(visit.session, visit.actor), steps=STEPS)


@section.page("/plans/<plan_id>/rounds/new", permission="rounds:edit")
def new_page(visit: Visit, plan_id: str, form: RoundForm | None = None) -> Any:
    plan = get_plan(visit.session, visit.actor, plan_id)
    return visit.render("rounds/edit.html", form=form or RoundForm(), plan=plan, round=None)


@section.action("/plans/<plan_id>/rounds/new", permission="rounds:edit", form=RoundForm, page=new_page, record=get_plan)
def create(change: Change, form: RoundForm, plan_id: str) -> SeeOther:
    round_ = service.create_round(change, plan_id, form.to_values())
    return SeeOther("rounds.show", _("The round is open. Add its tasks next."), round_id=round_.id)


@section.page("/rounds/<round_id>", permission="rounds:read")
def show(visit: Visit, round_id: str, form: Any = None) -> Any:
    return visit.render(
        "rounds/show.html",
        round=get_round(visit.session, visit.actor, round_id),
        board=get_board(visit.session, visit.actor, round_id, visit.now),
        form=form if isinstance(form, DecisionForm) else DecisionForm(),
        refusal=form,
        steps=STEPS,
    )


@section.page("/rounds/<round_id>/board", permission="rounds:read")
def board(visit: Visit, round_id: str) -> Any:
    return visit.render(
        "rounds/board.html",
        round=get_round(visit.session, visit.actor, round_id),
        board=get_board(visit.session, visit.actor, round_id, visit.now),
        steps=STEPS,
    )


@section.page("/rounds/<round_id>/edit", permission="rounds:edit")
def edit_page(visit: Visit, round_id: str, form: RoundForm | None = None) -> Any:
    round_ = get_round(visit.session, visit.actor, round_id)
    return visit.render("rounds/edit.html", form=form or RoundForm(obj=round_), plan=None, round=round_)


@section.action("/rounds/<round_id>/edit", permission="rounds:edit", form=RoundForm, page=edit_page, record=get_round)
def edit(change: Change, form: RoundForm, round_id: str) -> SeeOther:
    service.edit_round(change, round_id, form.to_values(), form.version_read)
    return SeeOther("rounds.show", _("Saved"), round_id=round_id)


@section.action("/rounds/<round_id>/submit", permission="rounds:edit", page=show, record=get_round)
def submit(change: Change, form: Any, round_id: str) -> SeeOther:
    service.submit_round(change, round_id, form.version_read)
    return SeeOther("rounds.show", _("Submitted; another person decides"), round_id=round_id)


@section.action("/rounds/<round_id>/withdraw", permission="rounds:edit", page=show, record=get_round)
def withdraw(change: Change, form: Any, round_id: str) -> SeeOther:
    service.withdraw_round(change, round_id, form.version_read)
    return SeeOther("rounds.show", _("Withdrawn; it can be changed again"), round_id=round_id)


@section.action("/rounds/<round_id>/decide", permission="rounds:decide", form=DecisionForm, page=show, record=get_round)
def decide(change: Change, form: DecisionForm, round_id: str) -> SeeOther:
    opinion = (form.opinion.data or "").strip()
    round_ = service.decide_round(change, round_id, form.decision.data, opinion, form.version_read)
    message = _("The round is approved") if round_.state == "approved" else _("The round is returned")
    return SeeOther("rounds.show", message, round_id=round_id)


@section.action("/rounds/<round_id>/close", permission="rounds:decide", page=show, record=get_round)
def close(change: Change, form: Any, round_id: str) -> SeeOther:
    service.close_round(change, round_id, form.version_read)
    return SeeOther("rounds.show", _("The round is closed"), round_id=round_id)


@section.page("/rounds/<round_id>/tasks/new", permission="tasks:edit")
def new_tasks_page(visit: Visit, round_id: str, form: NewTasksForm | None = None) -> Any:
    round_ = get_round(visit.session, visit.actor, round_id)
    dates = {"work_from_on": round_.from_on, "work_until_on": round_.until_on, "scoring_due_on": round_.until_on}
    form = form or NewTasksForm(data={**dates, "officer_id": visit.actor.account_id, "quorum": 2, "reserves": 2})
    fill_choices(visit, form)
    projects = list_projects_without_task(visit.session, visit.actor, round_id)
    return visit.render("rounds/new_tasks.html", round=round_, projects=projects, form=form)


@section.action(
    "/rounds/<round_id>/tasks/new",
    permission="tasks:edit",
    form=NewTasksForm,
    page=new_tasks_page,
    record=get_round,
)
def create_tasks(change: Change, form: NewTasksForm, round_id: str) -> SeeOther:
    chosen = form.project_ids.data or []
    tasks = task_service.create_tasks(change, round_id, chosen, form.to_values(), form.version_read)
    return SeeOther("rounds.show", _("%(count)s tasks added", count=len(tasks)), round_id=round_id)
