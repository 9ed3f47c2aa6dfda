"""The agency pool: roster, profile, editing, steps of the life cycle, the contact's number in full, export."""

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from evalhub.domain.pool_states import AGENCY_LIFECYCLE, NEEDS_REASON
from evalhub.queries import agencies as roster
from evalhub.queries.fields import field_choices
from evalhub.services import agencies as service
from evalhub.services.change import Change
from evalhub.services.unmasking import unmask as unmask_number
from evalhub.web import unmasked
from evalhub.web.forms.agencies import AgencyForm, agency_form
from evalhub.web.forms.experts import MoveForm, MoveManyForm, UnmaskForm
from evalhub.web.forms.fields import with_rows
from evalhub.web.listing import Choices, export_list, neighbour_links, view_list
from evalhub.web.pool_words import NATURES, POOL_ACTIONS, POOL_STATES, SKILLS, STATE_GROUPS, TITLE_LEVELS, word
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("agencies", __name__)
BULK_ACTIONS = ("take_over", "admit", "renew", "suspend")


@section.page("/agencies", permission="agencies:list")
def index(visit: Visit, form: MoveManyForm | None = None) -> Any:
    page = roster.list_agencies(visit.session, visit.actor, roster.LISTING.read(request.args))
    actions = [action for action in BULK_ACTIONS if AGENCY_LIFECYCLE.may_ever(action, visit.actor)]
    return visit.render(
        "agencies/index.html",
        view=view_list(roster.LISTING, page, _choices(visit)),
        bulk_actions=[(action, POOL_ACTIONS[action]) for action in actions],
        form=form,
        nature_words=NATURES,
    )


@section.page("/agencies/export.xlsx", permission="agencies:export", access="export")
def export(visit: Visit) -> Any:
    asked = roster.LISTING.read(request.args)
    rows = roster.export_agencies(visit.session, visit.actor, asked)
    return export_list(visit, roster.LISTING, asked, rows, _("Agencies"), _CELLS, _choices(visit))


@section.page("/agencies/new", permission="agencies:edit")
def new_page(visit: Visit, form: AgencyForm | None = None) -> Any:
    form = with_rows(form or agency_form(None))
    form.offer_fields(field_choices(visit.session, visit.language))
    return visit.render("agencies/edit.html", form=form, agency=None)


@section.action("/agencies/new", permission="agencies:edit", form=AgencyForm, page=new_page)
def create(change: Change, form: AgencyForm) -> SeeOther:
    agency = service.create_agency(change, form.to_values())
    return SeeOther("agencies.show", _("Entered as %(code)s.", code=agency.code), agency_id=agency.id)


@section.page("/agencies/<agency_id>", permission="agencies:read")
def show(visit: Visit, agency_id: str, form: Any = None) -> Any:
    agency = roster.get_agency(visit.session, visit.actor, agency_id)
    found = roster.find_agency_neighbours(visit.session, visit.actor, agency_id, request.args)
    actions = AGENCY_LIFECYCLE.actions(agency, visit.actor)
    return visit.render(
        "agencies/show.html",
        agency=agency,
        neighbours=neighbour_links(found, "agencies.show", "agency_id"),
        actions=[(action, POOL_ACTIONS[action], action in NEEDS_REASON) for action in actions],
        move_form=form if isinstance(form, MoveForm) else MoveForm(),
        unmask_form=form if isinstance(form, UnmaskForm) else UnmaskForm(),
        nature_words=NATURES,
        title_words=TITLE_LEVELS,
        skill_words=SKILLS,
    )


@section.page("/agencies/<agency_id>/edit", permission="agencies:edit", record=roster.load_agency)
def edit_page(visit: Visit, agency_id: str, form: AgencyForm | None = None) -> Any:
    agency = roster.get_agency(visit.session, visit.actor, agency_id)
    form = with_rows(form or agency_form(agency))
    form.offer_fields(field_choices(visit.session, visit.language))
    return visit.render("agencies/edit.html", form=form, agency=agency)


@section.action(
    "/agencies/<agency_id>/edit", permission="agencies:edit", form=AgencyForm, page=edit_page, record=roster.load_agency
)
def edit(change: Change, form: AgencyForm, agency_id: str) -> SeeOther:
    service.edit_agency(change, agency_id, form.to_values(), form.version_read)
    return SeeOther("agencies.show", _("Saved."), agency_id=agency_id)


@section.action(
    "/agencies/<agency_id>/move", permission="agencies:move", form=MoveForm, page=show, record=roster.load_agency
)
def move(change: Change, form: MoveForm, agency_id: str) -> SeeOther:
    agency = service.move_agency(change, agency_id, form.action.data, form.reason.data or None, form.version_read)
    message = _("%(code)s: %(state)s", code=agency.code, state=word(POOL_STATES, agency.state))
    return SeeOther("agencies.show", message, agency_id=agency_id)


@section.action("/agencies/move", permission="agencies:move", form=MoveManyForm, page=index)
def move_many(change: Change, form: MoveManyForm) -> SeeOther:
    count = service.move_agencies(change, form.id.data or [], form.action.data, form.reason.data or None)
    return SeeOther("agencies.index", ngettext("%(num)s agency done.", "%(num)s agencies done.", count))


@section.action(
    "/agencies/<agency_id>/unmask", permission="agencies:unmask", form=UnmaskForm, page=show, record=roster.load_agency
)
def unmask(change: Change, form: UnmaskForm, agency_id: str) -> SeeOther:
    agency = roster.load_agency(change.session, change.actor, agency_id)
    text = unmask_number(change, "agency", agency_id, agency.code, "contact_mobile", form.reason.data)
    return SeeOther(
        "agencies.number",
        after_commit=lambda: unmasked.keep_once(change.tools, agency_id, "contact_mobile", text),
        agency_id=agency_id,
    )


@section.page("/agencies/<agency_id>/number", permission="agencies:unmask", access="unmask", record=roster.load_agency)
def number(visit: Visit, agency_id: str) -> Any:
    """The contact's number in full, once; looked at again it is gone."""
    taken = unmasked.take_once(visit.tools, agency_id)
    if taken is None:
        return redirect(url_for("agencies.show", agency_id=agency_id), 303)
    agency = roster.get_agency(visit.session, visit.actor, agency_id)
    return visit.render("agencies/number.html", agency=agency, taken=taken)


def _choices(visit: Visit) -> Choices:
    return {
        "nature": list(NATURES.items()),
        "state": list(STATE_GROUPS.items()),
        "field": field_choices(visit.session, visit.language),
    }


_CELLS = {
    "nature": lambda row: word(NATURES, row.nature),
    "fields": lambda row: " / ".join(row.fields),
    "state": lambda row: word(POOL_STATES, row.state),
}
