"""Allocation of a round: policy, runs with their panels, why not this person, what is archived."""

import io
import json
import zipfile
from typing import Any

from flask import make_response, redirect, request, url_for
from flask_babel import gettext as _

from evalhub.domain.errors import NotFound
from evalhub.infra.chance import random_bytes
from evalhub.queries.allocation import (
    field_names,
    first_run,
    get_round_allocation,
    list_rounds_to_seat,
    load_run,
    people_of,
    run_line,
    run_progress,
)
from evalhub.queries.panels import Panel, differences, panels_of_run
from evalhub.queries.people import names_of
from evalhub.queries.tasks import get_task
from evalhub.queries.why_not import explain, find_by_code
from evalhub.services import allocation as service
from evalhub.services import seat_plans
from evalhub.services.change import Change
from evalhub.web.forms.allocation import AskForm, PolicyForm, RunForm
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("allocation", __name__)
DONE_REFRESH = {"HX-Refresh": "true"}


@section.page("/allocation", permission="allocation:read")
def index(visit: Visit) -> Any:
    return visit.render("allocation/index.html", rounds=list_rounds_to_seat(visit.session, visit.actor))


@section.page("/rounds/<round_id>/allocation", permission="allocation:read")
def round_page(visit: Visit, round_id: str, form: Any = None) -> Any:
    round_ = get_round_allocation(visit.session, visit.actor, round_id)
    return visit.render(
        "allocation/round.html", round=round_, form=form if isinstance(form, PolicyForm) else _policy_form(round_)
    )


def _policy_form(round_: Any) -> PolicyForm:
    """The policy in force as a start, else the defaults with a fresh seed."""
    known = round_.proposed or round_.policy
    if known is None:
        return PolicyForm(
            data={"seed": random_bytes(8).hex(), "field": 60, "licence": 10, "past_work": 15, "rotation": 15}
        )
    weights = {term: weight / 100 for term, weight in known["weights"].items()}
    return PolicyForm(data={"objective": known["objective"], "seed": known["seed"], **weights})


@section.action("/rounds/<round_id>/allocation/policy", permission="allocation:run", form=PolicyForm, page=round_page,
                record=get_round_allocation)  # fmt: skip
def propose(change: Change, form: PolicyForm, round_id: str) -> SeeOther:
    service.propose_policy(change, round_id, form.to_policy(), form.version_read)
    return SeeOther("allocation.round_page", _("Proposed. The approver fixes it."), round_id=round_id)


@section.action("/rounds/<round_id>/allocation/policy/fix", permission="allocation:decide", page=round_page,
                record=get_round_allocation)  # fmt: skip
def fix(change: Change, form: Any, round_id: str) -> SeeOther:
    service.fix_policy(change, round_id, form.version_read)
    return SeeOther("allocation.round_page", _("The policy is fixed; its digest stands in the journal."),
                    round_id=round_id)  # fmt: skip


@section.action("/rounds/<round_id>/allocation/runs", permission="allocation:run", form=RunForm, page=round_page,
                record=get_round_allocation)  # fmt: skip
def start(change: Change, form: RunForm, round_id: str) -> SeeOther:
    run = service.request_run(change, round_id, form.kind.data)
    return SeeOther("allocation.run", _("%(code)s is queued.", code=run.code), run_id=run.id)


@section.page("/allocation/runs/<run_id>", permission="allocation:read")
def run(visit: Visit, run_id: str, form: Any = None) -> Any:
    session, found = visit.session, load_run(visit.session, visit.actor, run_id)
    first = first_run(session, found)
    panels = panels_of_run(session, visit.actor, found, first)
    round_ = get_round_allocation(session, visit.actor, found.round_id)
    shown = {panel.task_id for panel in panels}
    shortfalls = [each for each in (found.result or {}).get("shortfalls", ()) if each.get("task") in shown]
    named = {entry["evaluator"] for each in shortfalls for entry in each["remedies"] if "evaluator" in entry}
    return visit.render(
        "allocation/run.html",
        run=run_line(found, names_of(session, [found.requested_by_id])),
        result=found.result,
        job=run_progress(session, found),
        round=round_,
        panels=panels,
        figures=_figures(panels),
        shortfalls=[(next(panel for panel in panels if panel.task_id == each["task"]), each) for each in shortfalls],
        people=people_of(session, found.kind, named),
        fields=field_names(session),
        first=first and first.code,
        differences=differences(session, panels, found, first),
        left_out=len((found.exclusions or {}).get("ineligible", ())),
        may_download=len(shown) == len((found.instance or {}).get("tasks", ())),
    )


def _figures(panels: list[Panel]) -> dict[str, Any]:
    """Sums over the panels that the page shows, so that every number has its list."""
    chips = {chip.person.id: chip for panel in panels for chip in panel.members}
    fits = [panel.fit_millionths for panel in panels if panel.fit_millionths is not None]
    loads = [chip.load for chip in chips.values()]
    return {
        "tasks": len(panels),
        "seats": sum(panel.seats for panel in panels),
        "filled": sum(len(panel.members) for panel in panels),
        "empty": sum(panel.empty for panel in panels),
        "mean": (2 * sum(fits) + len(fits)) // (2 * len(fits)) if fits else None,
        "least": min(fits, default=None),
        "most_load": max(loads, default=0),
        "least_load": min(loads, default=0),
        "people": len(chips),
        "by_hand": sum(chip.by_hand for panel in panels for chip in panel.members),
    }


@section.page("/allocation/runs/<run_id>/progress", permission="allocation:read")
def progress(visit: Visit, run_id: str) -> Any:
    """The living line of a run; once it is over the page is asked to load anew."""
    found = load_run(visit.session, visit.actor, run_id)
    fragment = visit.render("allocation/_progress.html", run=found, job=run_progress(visit.session, found))
    return make_response(fragment, 200, {} if found.state in ("queued", "running") else DONE_REFRESH)


@section.action("/allocation/runs/<run_id>/cancel", permission="allocation:run", page=run, record=load_run)
def cancel(change: Change, form: Any, run_id: str) -> SeeOther:
    service.cancel_run(change, run_id)
    return SeeOther("allocation.run", _("Asked to stop; the best found so far is kept."), run_id=run_id)


@section.action("/allocation/runs/<run_id>/plan", permission="allocation:run", page=run, record=load_run)
def draft(change: Change, form: Any, run_id: str) -> SeeOther:
    plan = seat_plans.draft_plan(change, run_id)
    change.session.flush()
    return SeeOther("seat_plans.show", _("A draft plan is drawn from this run."), seat_plan_id=plan.id)


@section.page("/allocation/runs/<run_id>/archive.zip", permission="allocation:read", access="download")
def archive(visit: Visit, run_id: str) -> Any:
    """Instance and result in one file: ids instead of names, rule codes instead of records."""
    found = load_run(visit.session, visit.actor, run_id)
    tasks = {task["id"] for task in (found.instance or {}).get("tasks", ())}
    if found.instance is None or visit.actor.locked_task_ids & tasks:
        raise NotFound("allocation_run")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo("instance.json"), service.canonical(found.instance))
        if found.result is not None:
            result = json.dumps(found.result, ensure_ascii=False, indent=1)
            packed.writestr(zipfile.ZipInfo("result.json"), result)
    return visit.download(content.getvalue(), f"{found.code}.zip", "application/zip")


@section.page("/allocation/runs/<run_id>/tasks/<task_id>/why", permission="allocation:read")
def ask(visit: Visit, run_id: str, task_id: str) -> Any:
    """Whom to look up: by code, or from those who are in the run."""
    found, task = load_run(visit.session, visit.actor, run_id), get_task(visit.session, visit.actor, task_id)
    form = AskForm(request.args)
    code = (form.code.data or "").strip()
    wanted = find_by_code(visit.session, visit.actor, found.kind, code) if code else None
    if wanted:
        return redirect(url_for("allocation.why", run_id=run_id, task_id=task_id, evaluator_id=wanted), 303)
    ids = [each["id"] for each in (found.instance or {}).get("evaluators", ())]
    ids += list((found.exclusions or {}).get("ineligible", ()))
    people = sorted(people_of(visit.session, found.kind, ids).values(), key=lambda person: person.code)
    return visit.render("allocation/ask.html", run=found, task=task, people=people, code=code)


@section.page("/allocation/runs/<run_id>/tasks/<task_id>/why/<evaluator_id>", permission="allocation:read")
def why(visit: Visit, run_id: str, task_id: str, evaluator_id: str) -> Any:
    answer = explain(visit.session, visit.actor, run_id, task_id, evaluator_id, visit.today)
    return visit.render(
        "allocation/why.html", answer=answer, only_failed="failed" in request.args, fields=field_names(visit.session)
    )
