"""The expert pool: roster, profile, editing, steps of the life cycle, numbers in full, export."""

from datetime import date
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from evalhub.domain.lifecycle import Lifecycle
from evalhub.domain.pool_states import EXPERT_LIFECYCLE, NEEDS_REASON
from evalhub.queries import experts as roster
from evalhub.queries.expert_profile import get_expert, load_expert
from evalhub.queries.fields import field_choices
from evalhub.queries.listing import COUNT_LIMIT, ListRequest
from evalhub.services import experts as service
from evalhub.services.change import Change
from evalhub.services.unmasking import unmask as unmask_number
from evalhub.web import unmasked
from evalhub.web.forms.experts import (
    CardForm,
    ExpertForm,
    MoveForm,
    MoveManyForm,
    UnmaskForm,
    expert_form,
    new_expert_form,
)
from evalhub.web.forms.fields import with_rows
from evalhub.web.lanes import draw_lanes
from evalhub.web.listing import Choices, export_list, neighbour_links, view_list
from evalhub.web.pool_words import (
    KIN_RELATIONS,
    POOL_ACTIONS,
    POOL_STATES,
    POST_KINDS,
    SERVICE_STATES,
    SKILLS,
    STATE_GROUPS,
    TITLE_GROUPS,
    TITLE_LEVELS,
    failure_words,
    word,
)
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("experts", __name__)
LIFECYCLE: Lifecycle = EXPERT_LIFECYCLE
BULK_ACTIONS = ("take_over", "admit", "renew", "suspend")
NUMBERS = ("identity_number", "mobile", "card_number")


@section.page("/experts", permission="experts:list")
def index(visit: Visit, form: MoveManyForm | None = None) -> Any:
    asked = roster.LISTING.read(request.args)
    day = roster.day_of(asked, visit.today)
    page = roster.list_experts(visit.session, visit.actor, asked, day)
    choices = _choices(visit)
    return visit.render(
        "experts/index.html",
        view=view_list(roster.LISTING, page, choices),
        day=day,
        in_service=roster.count_in_service(visit.session, visit.actor),
        count_limit=COUNT_LIMIT,
        bulk_actions=[
            (action, POOL_ACTIONS[action]) for action in BULK_ACTIONS if LIFECYCLE.may_ever(action, visit.actor)
        ],
        form=form,
        failure_words=failure_words,
        level_words={level: str(words) for level, words in TITLE_LEVELS.items()},
    )


@section.page("/experts/export.xlsx", permission="experts:export", access="export")
def export(visit: Visit) -> Any:
    asked = roster.LISTING.read(request.args)
    day = roster.day_of(asked, visit.today)
    rows = roster.export_experts(visit.session, visit.actor, asked, day)
    title = _("Experts, available on %(day)s", day=day.isoformat())
    return export_list(visit, roster.LISTING, asked, rows, title, _CELLS, _choices(visit))


@section.page("/experts/new", permission="experts:edit")
def new_page(visit: Visit, form: ExpertForm | None = None) -> Any:
    form = with_rows(form or new_expert_form())
    form.offer_fields(field_choices(visit.session, visit.language))
    return visit.render("experts/edit.html", form=form, expert=None)


@section.action("/experts/new", permission="experts:edit", form=ExpertForm, page=new_page)
def create(change: Change, form: ExpertForm) -> SeeOther:
    expert = service.create_expert(change, form.to_values())
    return SeeOther("experts.show", _("Entered as %(code)s.", code=expert.code), expert_id=expert.id)


@section.page("/experts/<expert_id>", permission="experts:read")
def show(visit: Visit, expert_id: str, form: Any = None) -> Any:
    day = _day(visit)
    expert = get_expert(visit.session, visit.actor, expert_id, day)
    found = roster.find_expert_neighbours(visit.session, visit.actor, expert_id, request.args)
    actions = LIFECYCLE.actions(expert, visit.actor)
    return visit.render(
        "experts/show.html",
        expert=expert,
        day=day,
        lanes=draw_lanes(expert.spells, day, expert.window_months),
        neighbours=neighbour_links(found, "experts.show", "expert_id"),
        actions=[(action, POOL_ACTIONS[action], action in NEEDS_REASON) for action in actions],
        move_form=form if isinstance(form, MoveForm) else MoveForm(),
        unmask_form=form if isinstance(form, UnmaskForm) else UnmaskForm(),
        failure_words=failure_words,
        title_words=TITLE_LEVELS,
        post_words=POST_KINDS,
        kin_words=KIN_RELATIONS,
        skill_words=SKILLS,
        tab=request.args.get("tab", "record"),
    )


@section.page("/experts/<expert_id>/edit", permission="experts:edit", record=load_expert)
def edit_page(visit: Visit, expert_id: str, form: ExpertForm | None = None) -> Any:
    expert = get_expert(visit.session, visit.actor, expert_id, visit.today)
    form = with_rows(form or expert_form(expert, visit.record.name))
    form.offer_fields(field_choices(visit.session, visit.language))
    return visit.render("experts/edit.html", form=form, expert=expert)


@section.action(
    "/experts/<expert_id>/edit", permission="experts:edit", form=ExpertForm, page=edit_page, record=load_expert
)
def edit(change: Change, form: ExpertForm, expert_id: str) -> SeeOther:
    service.edit_expert(change, expert_id, form.to_values(), form.version_read)
    return SeeOther("experts.show", _("Saved."), expert_id=expert_id)


@section.action("/experts/<expert_id>/move", permission="experts:move", form=MoveForm, page=show, record=load_expert)
def move(change: Change, form: MoveForm, expert_id: str) -> SeeOther:
    expert = service.move_expert(change, expert_id, form.action.data, form.reason.data or None, form.version_read)
    message = _("%(code)s: %(state)s", code=expert.code, state=word(POOL_STATES, expert.state))
    return SeeOther("experts.show", message, expert_id=expert_id)


@section.action("/experts/move", permission="experts:move", form=MoveManyForm, page=index)
def move_many(change: Change, form: MoveManyForm) -> SeeOther:
    count = service.move_experts(change, form.id.data or [], form.action.data, form.reason.data or None)
    return SeeOther("experts.index", ngettext("%(num)s person done.", "%(num)s people done.", count))


@section.action(
    "/experts/<expert_id>/unmask", permission="experts:unmask", form=UnmaskForm, page=show, record=load_expert
)
def unmask(change: Change, form: UnmaskForm, expert_id: str) -> SeeOther:
    expert = load_expert(change.session, change.actor, expert_id)
    field = form.field.data if form.field.data in NUMBERS else ""
    text = unmask_number(change, "expert", expert_id, expert.code, field, form.reason.data)
    return SeeOther(
        "experts.number",
        after_commit=lambda: unmasked.keep_once(change.tools, expert_id, field, text),
        expert_id=expert_id,
    )


@section.page("/experts/<expert_id>/number", permission="experts:unmask", access="unmask", record=load_expert)
def number(visit: Visit, expert_id: str) -> Any:
    """The number in full, once; looked at again it is gone."""
    taken = unmasked.take_once(visit.tools, expert_id)
    if taken is None:
        return redirect(url_for("experts.show", expert_id=expert_id), 303)
    expert = get_expert(visit.session, visit.actor, expert_id, visit.today)
    return visit.render("experts/number.html", expert=expert, taken=taken)


@section.page("/experts/<expert_id>/card", permission="experts:edit", record=load_expert)
def card_page(visit: Visit, expert_id: str, form: CardForm | None = None) -> Any:
    expert = get_expert(visit.session, visit.actor, expert_id, visit.today)
    shown = form or CardForm(data={"bank": expert.bank, "holder": visit.record.name})
    return visit.render("experts/card.html", expert=expert, form=shown)


@section.action(
    "/experts/<expert_id>/card", permission="experts:edit", form=CardForm, page=card_page, record=load_expert
)
def set_card(change: Change, form: CardForm, expert_id: str) -> SeeOther:
    service.set_card(change, expert_id, form.to_values())
    return SeeOther("experts.show", _("Saved."), expert_id=expert_id)


def _day(visit: Visit) -> date:
    return roster.day_of(ListRequest({"on": request.args.get("on", "")}, "name", False), visit.today)


def _choices(visit: Visit) -> Choices:
    return {
        "field": field_choices(visit.session, visit.language),
        "title": list(TITLE_GROUPS.items()),
        "state": list(STATE_GROUPS.items()),
        "service": list(SERVICE_STATES.items()),
    }


def _verdict(row: roster.ExpertRow) -> str:
    if row.check.is_available:
        return _("Available")
    return _("Not available: %(reasons)s", reasons=_("; ").join(failure_words(f) for f in row.check.failures))


_CELLS = {
    "employer": lambda row: " ".join(filter(None, (row.employer, row.position))),
    "fields": lambda row: " / ".join(row.fields),
    "title_level": lambda row: word(TITLE_LEVELS, row.title_level),
    "load": lambda row: row.load,
    "check": _verdict,
}
