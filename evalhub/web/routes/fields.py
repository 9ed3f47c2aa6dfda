"""The field tree, with how many experts and agencies name each field."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from evalhub.queries.fields import get_field_tree
from evalhub.services import fields as service
from evalhub.services.change import Change
from evalhub.web.forms.base import Form, choices
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("fields", __name__)


class FieldForm(Form):
    code = StringField(_l("Code"), [InputRequired(), Length(max=6)])
    name = StringField(_l("Chinese name"), [InputRequired(), Length(max=60)])
    english_name = StringField(_l("English name"), [InputRequired(), Length(max=80)])
    kind = SelectField(_l("Kind"), choices=choices([("subject", _l("Subject")), ("finance", _l("Finance"))]))


@section.page("/fields", permission="fields:list")
def index(visit: Visit, form: FieldForm | None = None) -> Any:
    return visit.render("fields/index.html", tree=get_field_tree(visit.session), form=form or FieldForm())


@section.action("/fields", permission="fields:edit", form=FieldForm, page=index)
def save(change: Change, form: FieldForm) -> SeeOther:
    field = service.set_field(change, form.code.data.strip(), form.name.data, form.english_name.data, form.kind.data)
    return SeeOther("fields.index", _("Saved: %(code)s %(name)s", code=field.code, name=field.name))
