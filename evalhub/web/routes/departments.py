"""Budget departments and street offices with their units."""

from typing import Any

from flask import request
from flask_babel import gettext as _

from evalhub.queries import departments as register
from evalhub.services import departments as service
from evalhub.services.change import Change
from evalhub.web.forms.departments import DepartmentForm, department_form
from evalhub.web.forms.fields import with_rows
from evalhub.web.listing import Choices, export_list, view_list
from evalhub.web.pool_words import DEPARTMENT_KINDS, YES_NO, word
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("departments", __name__)
CHOICES: Choices = {"kind": list(DEPARTMENT_KINDS.items()), "active": list(YES_NO.items())}


@section.page("/departments", permission="departments:list")
def index(visit: Visit) -> Any:
    page = register.list_departments(visit.session, visit.actor, register.LISTING.read(request.args))
    view = view_list(register.LISTING, page, CHOICES)
    return visit.render("departments/index.html", view=view, kind_words=DEPARTMENT_KINDS)


@section.page("/departments/export.xlsx", permission="departments:export", access="export")
def export(visit: Visit) -> Any:
    asked = register.LISTING.read(request.args)
    rows = register.export_departments(visit.session, visit.actor, asked)
    return export_list(visit, register.LISTING, asked, rows, _("Departments"), _CELLS, CHOICES)


@section.page("/departments/new", permission="departments:edit")
def new_page(visit: Visit, form: DepartmentForm | None = None) -> Any:
    return visit.render("departments/edit.html", form=with_rows(form or department_form(None)), department=None)


@section.action("/departments/new", permission="departments:edit", form=DepartmentForm, page=new_page)
def create(change: Change, form: DepartmentForm) -> SeeOther:
    department = service.create_department(change, form.to_values())
    return SeeOther("departments.show", _("Saved."), department_id=department.id)


@section.page("/departments/<department_id>", permission="departments:read")
def show(visit: Visit, department_id: str) -> Any:
    department = register.get_department(visit.session, visit.actor, department_id)
    return visit.render("departments/show.html", department=department, kind_words=DEPARTMENT_KINDS)


@section.page("/departments/<department_id>/edit", permission="departments:edit", record=register.load_department)
def edit_page(visit: Visit, department_id: str, form: DepartmentForm | None = None) -> Any:
    department = register.get_department(visit.session, visit.actor, department_id)
    return visit.render(
        "departments/edit.html", form=with_rows(form or department_form(department)), department=department
    )


@section.action(
    "/departments/<department_id>/edit",
    permission="departments:edit",
    form=DepartmentForm,
    page=edit_page,
    record=register.load_department,
)
def edit(change: Change, form: DepartmentForm, department_id: str) -> SeeOther:
    service.edit_department(change, department_id, form.to_values(), form.version_read)
    return SeeOther("departments.show", _("Saved."), department_id=department_id)


_CELLS = {
    "kind": lambda row: word(DEPARTMENT_KINDS, row.kind),
    "is_active": lambda row: word(YES_NO, "yes" if row.is_active else "no"),
}
