"""The form of an agency with its people, fields, licences, owners and paid business."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from evalhub.domain.records import AgencyValues, BodyRef, BusinessValues, LicenceValues, StaffValues
from evalhub.queries.agencies import AgencyProfile
from evalhub.web.forms.base import Form, MailAddress, choices
from evalhub.web.forms.experts import BodyRowForm, FieldForm, body_of
from evalhub.web.forms.fields import CreditCodeField, DayField, RowForm, WanField, Wanted, add_blanks, filled
from evalhub.web.forms.organisations import HolderForm
from evalhub.web.pool_words import NATURES, TITLE_LEVELS

MOST_ROWS = 100


class StaffForm(RowForm):
    staff_id = HiddenField()
    name = StringField(_l("Name"), [Length(max=60)])
    identity_number = StringField(_l("ID number"), [Length(max=40)])
    position = StringField(_l("Position"), [Length(max=100)])
    title_level = SelectField(_l("Title level"), choices=choices(TITLE_LEVELS.items()), default="none")
    licence = StringField(_l("Licence"), [Length(max=100)])
    is_lead_evaluator = BooleanField(_l("Lead evaluator"))
    joined_on = DayField(_l("Joined on"))
    left_on = DayField(_l("Left on"))

    def to_values(self) -> StaffValues:
        return StaffValues(
            self.name.data.strip(), self.staff_id.data or None, (self.identity_number.data or "").strip() or None,
            self.position.data or None, self.title_level.data, self.licence.data or None,
            self.is_lead_evaluator.data, self.joined_on.data, self.left_on.data,
        )  # fmt: skip


class AgencyLicenceForm(RowForm):
    telling = ("kind", "number")
    kind = StringField(_l("Licence"), [Wanted(), Length(max=100)])
    number = StringField(_l("Number"), [Length(max=100)])
    expires_on = DayField(_l("Valid until"))

    def to_values(self) -> LicenceValues:
        return LicenceValues(self.kind.data.strip(), self.number.data or None, None, self.expires_on.data)


class BusinessForm(BodyRowForm):
    name = StringField(_l("Paid by"), [Length(max=200)])
    subject = StringField(_l("Business"), [Wanted(), Length(max=200)])
    amount_fen = WanField(_l("Amount (¥10,000)"))
    from_on = DayField(_l("From"), [Wanted()])
    until_on = DayField(_l("Until"))

    def to_values(self) -> BusinessValues:
        return BusinessValues(
            body_of(self), self.subject.data.strip(), self.amount_fen.data, self.from_on.data, self.until_on.data
        )


class AgencyForm(Form):
    code = StringField(_l("Code"), [Length(max=40)])
    name = StringField(_l("Name"), [InputRequired(), Length(max=200)])
    credit_code = CreditCodeField(_l("Credit code"))
    nature = SelectField(_l("Nature"), choices=choices(NATURES.items()))
    founded_on = DayField(_l("Founded on"))
    legal_representative = StringField(_l("Legal representative"), [Length(max=60)])
    contact_name = StringField(_l("Contact"), [Length(max=60)])
    contact_mobile = StringField(_l("Contact's mobile"), [Length(max=40)])
    email = StringField(_l("E-mail"), [Optional(), MailAddress(), Length(max=200)])
    region = StringField(_l("Region"), [InputRequired(), Length(max=40)])
    capacity_year = IntegerField(_l("Limit a year"), [InputRequired(), NumberRange(0, 999)], default=10)
    capacity_at_once = IntegerField(_l("Limit at once"), [InputRequired(), NumberRange(0, 999)], default=3)
    on_credit_platform = BooleanField(_l("Entered on the ministry's credit platform"))
    admitted_on = DayField(_l("Admitted on"))
    term_until_on = DayField(_l("Term until"))
    staff = FieldList(FormField(StaffForm), _l("People"), max_entries=MOST_ROWS)
    fields = FieldList(FormField(FieldForm), _l("Fields"), max_entries=MOST_ROWS)
    licences = FieldList(FormField(AgencyLicenceForm), _l("Licences"), max_entries=MOST_ROWS)
    holders = FieldList(FormField(HolderForm), _l("Owners"), max_entries=MOST_ROWS)
    business = FieldList(FormField(BusinessForm), _l("Paid business"), max_entries=MOST_ROWS)

    def offer_fields(self, offered: list[tuple[str, str]]) -> None:
        """Fill the choices of every field row; the tree is not known when the form class is made."""
        for entry in self.fields:
            entry.form.code.choices = choices([("", "—"), *offered])

    def to_values(self) -> AgencyValues:
        rows = ("staff", "fields", "licences", "holders", "business")
        texts = ("code", "legal_representative", "contact_name", "contact_mobile", "email")
        return AgencyValues(
            body=BodyRef(self.name.data.strip(), self.credit_code.data),
            nature=self.nature.data,
            region=self.region.data.strip(),
            founded_on=self.founded_on.data,
            capacity_year=self.capacity_year.data,
            capacity_at_once=self.capacity_at_once.data,
            on_credit_platform=self.on_credit_platform.data,
            admitted_on=self.admitted_on.data,
            term_until_on=self.term_until_on.data,
            **{name: (self[name].data or "").strip() or None for name in texts},
            **{name: tuple(row.to_values() for row in filled(self[name])) for name in rows},
        )


def agency_form(profile: AgencyProfile | None) -> AgencyForm:
    """The form of a stored agency, or an empty one. Sealed numbers stay empty: they are typed only to be replaced."""
    form = AgencyForm(data=_data(profile)) if profile else AgencyForm()
    for rows in (form.staff, form.fields, form.licences, form.holders, form.business):
        add_blanks(rows, 1 if len(rows) else 2)
    return form


def _data(profile: AgencyProfile) -> dict[str, Any]:
    plain = ("version", "code", "name", "credit_code", "nature", "founded_on", "legal_representative", "contact_name",
             "email", "region", "capacity_year", "capacity_at_once", "on_credit_platform", "admitted_on",
             "term_until_on")  # fmt: skip
    return {
        **{name: getattr(profile, name) for name in plain},
        "staff": [{**vars(line), "staff_id": line.id} for line in profile.staff],
        "fields": [{"code": line.code, "rank": line.rank, "skill": str(line.skill)} for line in profile.fields],
        "licences": [vars(line) for line in profile.licences],
        "holders": [vars(line) for line in profile.holders],
        "business": [{**vars(line), "name": line.organisation} for line in profile.business],
    }
