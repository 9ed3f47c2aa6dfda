"""Panel templates: how panels of 3, 5 and 7 are made up."""

from typing import Any

from flask_babel import gettext as _

from evalhub.queries.rounds import get_template, list_templates
from evalhub.services import panel_templates as service
from evalhub.services.change import Change
from evalhub.web.forms.plans import ActiveForm, PanelTemplateForm
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("panel_templates", __name__)


@section.page("/panel-templates", permission="panel_templates:read")
def index(visit: Visit) -> Any:
    return visit.render("panel_templates/index.html", templates=list_templates(visit.session, visit.actor))


@section.page("/panel-templates/new", permission="panel_templates:edit")
def new_page(visit: Visit, form: PanelTemplateForm | None = None) -> Any:
    return visit.render("panel_templates/edit.html", form=form or PanelTemplateForm(), panel=None)


@section.action("/panel-templates/new", permission="panel_templates:edit", form=PanelTemplateForm, page=new_page)
def create(change: Change, form: PanelTemplateForm) -> SeeOther:
    service.create_panel_template(change, form.to_values())
    return SeeOther("panel_templates.index", _("The template is added"))


@section.page("/panel-templates/<template_id>", permission="panel_templates:edit")
def edit_page(visit: Visit, template_id: str, form: Any = None) -> Any:
    template = get_template(visit.session, visit.actor, template_id)
    shown = form if isinstance(form, PanelTemplateForm) else PanelTemplateForm(obj=template)
    return visit.render("panel_templates/edit.html", form=shown, panel=template)


@section.action(
    "/panel-templates/<template_id>",
    permission="panel_templates:edit",
    form=PanelTemplateForm,
    page=edit_page,
    record=get_template,
)
def edit(change: Change, form: PanelTemplateForm, template_id: str) -> SeeOther:
    service.edit_panel_template(change, template_id, form.to_values(), form.version_read)
    return SeeOther("panel_templates.index", _("Saved"))


@section.action(
    "/panel-templates/<template_id>/active",
    permission="panel_templates:edit",
    form=ActiveForm,
    page=edit_page,
    record=get_template,
)
def set_active(change: Change, form: ActiveForm, template_id: str) -> SeeOther:
    service.set_template_active(change, template_id, form.is_active.data, form.version_read)
    return SeeOther("panel_templates.index", _("Saved"))
