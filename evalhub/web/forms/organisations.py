"""The form of an organisation: names, code, the body above, former names, owners."""

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from evalhub.domain.records import BodyRef, FormerNameValues, HolderValues, OrganisationValues
from evalhub.queries.organisations import OrganisationProfile
from evalhub.web.forms.base import Form, choices
from evalhub.web.forms.fields import CreditCodeField, DayField, PercentField, RowForm, Wanted, add_blanks, filled
from evalhub.web.pool_words import ORGANISATION_KINDS

MOST_ROWS = 60


class FormerNameForm(RowForm):
    name = StringField(_l("Former name"), [Length(max=200)])
    until_on = DayField(_l("Until"))

    def to_values(self) -> FormerNameValues:
        return FormerNameValues(self.name.data.strip(), self.until_on.data)


class HolderForm(RowForm):
    telling = ("name", "credit_code")
    name = StringField(_l("Owner"), [Length(max=200)])
    credit_code = CreditCodeField(_l("Credit code"))
    share_weight = PercentField(_l("Share (%%)"), [Wanted()])
    from_on = DayField(_l("From"))
    until_on = DayField(_l("Until"))

    def to_values(self) -> HolderValues:
        body = BodyRef((self.name.data or "").strip(), self.credit_code.data)
        return HolderValues(body, self.share_weight.data, self.from_on.data, self.until_on.data)


class OrganisationForm(Form):
    name = StringField(_l("Name"), [InputRequired(), Length(max=200)])
    credit_code = CreditCodeField(_l("Credit code"))
    kind = SelectField(_l("Kind"), choices=choices(ORGANISATION_KINDS.items()), default="other")
    head_name = StringField(_l("Head"), [Length(max=60)])
    parent_name = StringField(_l("Belongs to"), [Length(max=200)])
    parent_code = CreditCodeField(_l("Credit code of that body"))
    former_names = FieldList(FormField(FormerNameForm), _l("Former names"), max_entries=MOST_ROWS)
    holders = FieldList(FormField(HolderForm), _l("Owners"), max_entries=MOST_ROWS)

    def to_values(self) -> OrganisationValues:
        parent_name = (self.parent_name.data or "").strip()
        has_parent = bool(parent_name or self.parent_code.data)
        return OrganisationValues(
            name=self.name.data.strip(),
            credit_code=self.credit_code.data,
            kind=self.kind.data,
            parent=BodyRef(parent_name, self.parent_code.data) if has_parent else None,
            head_name=(self.head_name.data or "").strip() or None,
            former_names=tuple(row.to_values() for row in filled(self.former_names)),
            holders=tuple(row.to_values() for row in filled(self.holders)),
        )


def organisation_form(profile: OrganisationProfile | None) -> OrganisationForm:
    """The form of a stored body, or an empty one."""
    form = OrganisationForm()
    if profile is not None:
        form = OrganisationForm(
            data={
                "version": profile.version,
                "name": profile.name,
                "credit_code": profile.credit_code,
                "kind": profile.kind,
                "head_name": profile.head_name,
                "parent_name": profile.parent_name,
                "parent_code": profile.parent_code,
                "former_names": [vars(line) for line in profile.former_names],
                "holders": [vars(line) for line in profile.holders],
            }
        )
    add_blanks(form.former_names, 1)
    add_blanks(form.holders, 2)
    return form
