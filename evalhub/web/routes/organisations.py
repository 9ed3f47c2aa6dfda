"""The register of organisations, each known once."""

from typing import Any

from flask import request
from flask_babel import gettext as _

from evalhub.queries import organisations as register
from evalhub.services import organisations as service
from evalhub.services.change import Change
from evalhub.web.forms.fields import with_rows
from evalhub.web.forms.organisations import OrganisationForm, organisation_form
from evalhub.web.listing import Choices, export_list, view_list
from evalhub.web.pool_words import ORGANISATION_KINDS, USES, YES_NO, word
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("organisations", __name__)
CHOICES: Choices = {"kind": list(ORGANISATION_KINDS.items()), "coded": list(YES_NO.items())}


@section.page("/organisations", permission="organisations:list")
def index(visit: Visit) -> Any:
    page = register.list_organisations(visit.session, visit.actor, register.LISTING.read(request.args))
    view = view_list(register.LISTING, page, CHOICES)
    return visit.render("organisations/index.html", view=view, kind_words=ORGANISATION_KINDS)


@section.page("/organisations/export.xlsx", permission="organisations:export", access="export")
def export(visit: Visit) -> Any:
    asked = register.LISTING.read(request.args)
    rows = register.export_organisations(visit.session, visit.actor, asked)
    cells = {"kind": lambda row: word(ORGANISATION_KINDS, row.kind)}
    return export_list(visit, register.LISTING, asked, rows, _("Organisations"), cells, CHOICES)


@section.page("/organisations/new", permission="organisations:edit")
def new_page(visit: Visit, form: OrganisationForm | None = None) -> Any:
    return visit.render("organisations/edit.html", form=with_rows(form or organisation_form(None)), body=None)


@section.action("/organisations/new", permission="organisations:edit", form=OrganisationForm, page=new_page)
def create(change: Change, form: OrganisationForm) -> SeeOther:
    body = service.create_organisation(change, form.to_values())
    return SeeOther("organisations.show", _("Saved."), organisation_id=body.id)


@section.page("/organisations/<organisation_id>", permission="organisations:read")
def show(visit: Visit, organisation_id: str) -> Any:
    body = register.get_organisation(visit.session, visit.actor, organisation_id)
    return visit.render("organisations/show.html", body=body, kind_words=ORGANISATION_KINDS, use_words=USES)


@section.page(
    "/organisations/<organisation_id>/edit", permission="organisations:edit", record=register.get_organisation
)
def edit_page(visit: Visit, organisation_id: str, form: OrganisationForm | None = None) -> Any:
    body = visit.record
    return visit.render("organisations/edit.html", form=with_rows(form or organisation_form(body)), body=body)


@section.action(
    "/organisations/<organisation_id>/edit",
    permission="organisations:edit",
    form=OrganisationForm,
    page=edit_page,
    record=register.get_organisation,
)
def edit(change: Change, form: OrganisationForm, organisation_id: str) -> SeeOther:
    service.edit_organisation(change, organisation_id, form.to_values(), form.version_read)
    return SeeOther("organisations.show", _("Saved."), organisation_id=organisation_id)
