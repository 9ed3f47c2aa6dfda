"""The form of a department with its units."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from evalhub.domain.records import BodyRef, DepartmentValues, UnitValues
from evalhub.queries.departments import DepartmentProfile
from evalhub.web.forms.base import Form, MailAddress, choices
from evalhub.web.forms.fields import CreditCodeField, RowForm, Wanted, add_blanks, filled
from evalhub.web.pool_words import DEPARTMENT_KINDS

MOST_ROWS = 200


class UnitForm(RowForm):
    telling = ("name", "budget_code", "credit_code")
    unit_id = HiddenField()
    name = StringField(_l("Unit"), [Length(max=200)])
    credit_code = CreditCodeField(_l("Credit code"))
    budget_code = StringField(_l("Budget code"), [Wanted(), Length(max=40)])
    contact_name = StringField(_l("Contact"), [Length(max=60)])

    def to_values(self) -> UnitValues:
        body = BodyRef((self.name.data or "").strip(), self.credit_code.data)
        return UnitValues(
            body, self.budget_code.data.strip(), self.unit_id.data or None, self.contact_name.data or None
        )


class DepartmentForm(Form):
    name = StringField(_l("Name"), [InputRequired(), Length(max=200)])
    credit_code = CreditCodeField(_l("Credit code"))
    budget_code = StringField(_l("Budget code"), [InputRequired(), Length(max=40)])
    kind = SelectField(_l("Kind"), choices=choices(DEPARTMENT_KINDS.items()))
    line_section = StringField(_l("Line section"), [Length(max=60)])
    contact_name = StringField(_l("Contact"), [Length(max=60)])
    email = StringField(_l("E-mail"), [Optional(), MailAddress(), Length(max=200)])
    is_active = BooleanField(_l("In use"), default=True)
    units = FieldList(FormField(UnitForm), _l("Units"), max_entries=MOST_ROWS)

    def to_values(self) -> DepartmentValues:
        texts = ("line_section", "contact_name", "email")
        return DepartmentValues(
            body=BodyRef(self.name.data.strip(), self.credit_code.data),
            budget_code=self.budget_code.data.strip(),
            kind=self.kind.data,
            is_active=self.is_active.data,
            **{name: (self[name].data or "").strip() or None for name in texts},
            units=tuple(row.to_values() for row in filled(self.units)),
        )


def department_form(profile: DepartmentProfile | None) -> DepartmentForm:
    """The form of a stored department, or an empty one."""
    form = DepartmentForm()
    if profile is not None:
        units = [{**vars(line), "unit_id": line.id} for line in profile.units]
        form = DepartmentForm(data={**vars(profile), "units": units})
    add_blanks(form.units, 3)
    return form
