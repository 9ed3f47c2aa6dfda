"""The project library: list with sums, project, editing, export. Amounts in 万元, the exact figure at hand."""

from typing import Any

from flask import request
from flask_babel import gettext as _

from evalhub.queries import projects as library
from evalhub.queries.departments import department_choices
from evalhub.queries.fields import field_choices
from evalhub.services import projects as service
from evalhub.services.change import Change
from evalhub.web.forms.fields import with_rows
from evalhub.web.forms.projects import ProjectForm, project_form
from evalhub.web.listing import Choices, export_list, neighbour_links, view_list
from evalhub.web.pool_words import (
    CATEGORIES,
    CONTRACTOR_ROLES,
    FUND_KINDS,
    PARTICIPATIONS,
    RECURRENCES,
    YES_NO,
    word,
)
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("projects", __name__)


@section.page("/projects", permission="projects:list")
def index(visit: Visit) -> Any:
    asked = library.LISTING.read(request.args)
    page = library.list_projects(visit.session, visit.actor, asked)
    return visit.render(
        "projects/index.html",
        view=view_list(library.LISTING, page, _choices(visit)),
        sums=library.sum_projects(visit.session, visit.actor, asked),
        category_words=CATEGORIES,
        fund_words=FUND_KINDS,
    )


@section.page("/projects/export.xlsx", permission="projects:export", access="export")
def export(visit: Visit) -> Any:
    asked = library.LISTING.read(request.args)
    rows = library.export_projects(visit.session, visit.actor, asked)
    return export_list(visit, library.LISTING, asked, rows, _("Projects"), _CELLS, _choices(visit))


@section.page("/projects/new", permission="projects:edit")
def new_page(visit: Visit, form: ProjectForm | None = None) -> Any:
    return _edit_form(visit, form or project_form(None, visit.today.year), None)


@section.action("/projects/new", permission="projects:edit", form=ProjectForm, page=new_page)
def create(change: Change, form: ProjectForm) -> SeeOther:
    project = service.create_project(change, form.to_values())
    return SeeOther("projects.show", _("Saved."), project_id=project.id)


@section.page("/projects/<project_id>", permission="projects:read")
def show(visit: Visit, project_id: str) -> Any:
    project = library.get_project(visit.session, visit.actor, project_id)
    found = library.find_project_neighbours(visit.session, visit.actor, project_id, request.args)
    return visit.render(
        "projects/show.html",
        project=project,
        neighbours=neighbour_links(found, "projects.show", "project_id"),
        category_words=CATEGORIES,
        fund_words=FUND_KINDS,
        recurrence_words=RECURRENCES,
        role_words=CONTRACTOR_ROLES,
        participation_words=PARTICIPATIONS,
    )


@section.page("/projects/<project_id>/edit", permission="projects:edit", record=library.load_project)
def edit_page(visit: Visit, project_id: str, form: ProjectForm | None = None) -> Any:
    project = library.get_project(visit.session, visit.actor, project_id)
    return _edit_form(visit, form or project_form(project, visit.today.year), project)


@section.action(
    "/projects/<project_id>/edit",
    permission="projects:edit",
    form=ProjectForm,
    page=edit_page,
    record=library.load_project,
)
def edit(change: Change, form: ProjectForm, project_id: str) -> SeeOther:
    service.edit_project(change, project_id, form.to_values(), form.version_read)
    return SeeOther("projects.show", _("Saved."), project_id=project_id)


def _edit_form(visit: Visit, form: ProjectForm, project: library.ProjectProfile | None) -> Any:
    form.offer_fields(field_choices(visit.session, visit.language))
    return visit.render("projects/edit.html", form=with_rows(form), project=project)


def _choices(visit: Visit) -> Choices:
    return {
        "department": department_choices(visit.session, visit.actor),
        "category": list(CATEGORIES.items()),
        "field": field_choices(visit.session, visit.language),
        "fund": list(FUND_KINDS.items()),
        "recurrence": list(RECURRENCES.items()),
        "picked": list(YES_NO.items()),
    }


_CELLS = {
    "category": lambda row: word(CATEGORIES, row.category),
    "fund_kind": lambda row: word(FUND_KINDS, row.fund_kind),
    "is_picked": lambda row: word(YES_NO, "yes" if row.is_picked else "no"),
}
