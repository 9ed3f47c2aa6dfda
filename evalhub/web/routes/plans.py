"""Yearly plans: which projects are evaluated and why, submitted by one person and decided by another."""

from typing import Any

from flask import request
from flask_babel import gettext as _

from evalhub.models.projects import CATEGORIES
from evalhub.queries.plans import get_plan, list_pickable, list_plan_departments, list_plans
from evalhub.services import plans as service
from evalhub.services.change import Change
from evalhub.web.forms.plans import DecisionForm, EditPickForm, PickForm, PlanForm
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("plans", __name__)


@section.page("/plans", permission="plans:read")
def index(visit: Visit) -> Any:
    return visit.render("plans/index.html", plans=list_plans(visit.session, visit.actor))


@section.page("/plans/new", permission="plans:edit")
def new_page(visit: Visit, form: PlanForm | None = None) -> Any:
    form = form or PlanForm(data={"year": visit.today.year, "target_weight": 6000})
    return visit.render("plans/edit.html", form=form, plan=None)


@section.action("/plans/new", permission="plans:edit", form=PlanForm, page=new_page)
def create(change: Change, form: PlanForm) -> SeeOther:
    plan = service.create_plan(change, form.to_values())
    return SeeOther("plans.show", _("The plan is begun. Pick its projects next."), plan_id=plan.id)


@section.page("/plans/<plan_id>", permission="plans:read")
def show(visit: Visit, plan_id: str, form: DecisionForm | None = None) -> Any:
    return visit.render(
        "plans/show.html",
        plan=get_plan(visit.session, visit.actor, plan_id),
        form=form if isinstance(form, DecisionForm) else DecisionForm(),
        refusal=form,
    )


@section.page("/plans/<plan_id>/edit", permission="plans:edit")
def edit_page(visit: Visit, plan_id: str, form: PlanForm | None = None) -> Any:
    plan = get_plan(visit.session, visit.actor, plan_id)
    return visit.render("plans/edit.html", form=form or PlanForm(obj=plan), plan=plan)


@section.action("/plans/<plan_id>/edit", permission="plans:edit", form=PlanForm, page=edit_page, record=get_plan)
def edit(change: Change, form: PlanForm, plan_id: str) -> SeeOther:
    service.edit_plan(change, plan_id, form.to_values(), form.version_read)
    return SeeOther("plans.show", _("Saved"), plan_id=plan_id)


@section.page("/plans/<plan_id>/pick", permission="plans:edit")
def pick_page(visit: Visit, plan_id: str, form: PickForm | None = None) -> Any:
    wanted = {name: request.args.get(name, "").strip()[:60] for name in ("text", "category", "department_id")}
    return visit.render(
        "plans/pick.html",
        plan=get_plan(visit.session, visit.actor, plan_id),
        projects=list_pickable(visit.session, visit.actor, plan_id, **wanted),
        departments=list_plan_departments(visit.session, visit.actor, plan_id),
        categories=CATEGORIES,
        wanted=wanted,
        form=form or PickForm(),
    )


@section.action("/plans/<plan_id>/pick", permission="plans:edit", form=PickForm, page=pick_page, record=get_plan)
def pick(change: Change, form: PickForm, plan_id: str) -> SeeOther:
    added = service.pick_projects(
        change, plan_id, form.project_ids.data or [], form.reason.data.strip(), form.version_read
    )
    return SeeOther("plans.show", _("%(count)s projects picked", count=added), plan_id=plan_id)


@section.page("/plans/<plan_id>/picks/<pick_id>", permission="plans:edit")
def pick_edit_page(visit: Visit, plan_id: str, pick_id: str, form: EditPickForm | None = None) -> Any:
    plan = get_plan(visit.session, visit.actor, plan_id)
    picked = next((line for line in plan.picks if line.id == pick_id), None)
    return visit.render("plans/pick_edit.html", plan=plan, pick=picked, form=form or EditPickForm(obj=picked))


@section.action(
    "/plans/<plan_id>/picks/<pick_id>",
    permission="plans:edit",
    form=EditPickForm,
    page=pick_edit_page,
    record=lambda session, actor, plan_id, pick_id: get_plan(session, actor, plan_id),
)
def edit_pick(change: Change, form: EditPickForm, plan_id: str, pick_id: str) -> SeeOther:
    service.edit_pick(change, plan_id, pick_id, form.category.data, form.reason.data.strip(), form.version_read)
    return SeeOther("plans.show", _("Saved"), plan_id=plan_id)


@section.action(
    "/plans/<plan_id>/picks/<pick_id>/drop",
    permission="plans:edit",
    page=lambda visit, plan_id, pick_id, form: show(visit, plan_id, form),
    record=lambda session, actor, plan_id, pick_id: get_plan(session, actor, plan_id),
)
def drop_pick(change: Change, form: Any, plan_id: str, pick_id: str) -> SeeOther:
    service.drop_pick(change, plan_id, pick_id, form.version_read)
    return SeeOther("plans.show", _("The project is out of the plan"), plan_id=plan_id)


@section.action("/plans/<plan_id>/submit", permission="plans:edit", page=show, record=get_plan)
def submit(change: Change, form: Any, plan_id: str) -> SeeOther:
    service.submit_plan(change, plan_id, form.version_read)
    return SeeOther("plans.show", _("Submitted; another person decides"), plan_id=plan_id)


@section.action("/plans/<plan_id>/withdraw", permission="plans:edit", page=show, record=get_plan)
def withdraw(change: Change, form: Any, plan_id: str) -> SeeOther:
    service.withdraw_plan(change, plan_id, form.version_read)
    return SeeOther("plans.show", _("Withdrawn; it can be changed again"), plan_id=plan_id)


@section.action("/plans/<plan_id>/decide", permission="plans:decide", form=DecisionForm, page=show, record=get_plan)
def decide(change: Change, form: DecisionForm, plan_id: str) -> SeeOther:
    opinion = (form.opinion.data or "").strip()
    plan = service.decide_plan(change, plan_id, form.decision.data, opinion, form.version_read)
    message = _("The plan is approved") if plan.state == "approved" else _("The plan is returned")
    return SeeOther("plans.show", message, plan_id=plan_id)
