"""Forms of the expert pool: the record, a step of the life cycle, a bank card, the reason for showing a number."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from evalhub.domain.records import (
    BodyRef,
    CardValues,
    DayOffValues,
    ExpertValues,
    FieldChoice,
    KinValues,
    LicenceValues,
    PostValues,
    SpellValues,
)
from evalhub.queries.expert_profile import ExpertProfile
from evalhub.web.forms.base import Form, MailAddress, choices
from evalhub.web.forms.fields import CreditCodeField, DayField, RowForm, Wanted, add_blanks, filled
from evalhub.web.pool_words import GENDERS, KIN_RELATIONS, POST_KINDS, SERVICE_STATES, SKILLS, TITLE_LEVELS

MOST_ROWS = 60


def body_of(row: Any) -> BodyRef:
    return BodyRef((row.name.data or "").strip(), row.credit_code.data)


class BodyRowForm(RowForm):
    telling = ("name", "credit_code")
    name = StringField(_l("Organisation"), [Length(max=200)])
    credit_code = CreditCodeField(_l("Credit code"))


class SpellForm(BodyRowForm):
    position = StringField(_l("Position"), [Length(max=100)])
    from_on = DayField(_l("From"), [Wanted()], takes_months=True)
    until_on = DayField(_l("Until"), takes_months=True)
    is_part_time = BooleanField(_l("Part-time"))

    def to_values(self) -> SpellValues:
        precision = "month" if "month" in (self.from_on.precision, self.until_on.precision) else "day"
        return SpellValues(
            body_of(self), self.position.data or None, self.from_on.data, self.until_on.data, precision,
            self.is_part_time.data,
        )  # fmt: skip


class PostForm(BodyRowForm):
    kind = SelectField(_l("Post"), choices=choices(POST_KINDS.items()))
    from_on = DayField(_l("From"), [Wanted()], takes_months=True)
    until_on = DayField(_l("Until"), takes_months=True)

    def to_values(self) -> PostValues:
        precision = "month" if "month" in (self.from_on.precision, self.until_on.precision) else "day"
        return PostValues(body_of(self), self.kind.data, self.from_on.data, self.until_on.data, precision)


class KinForm(BodyRowForm):
    relation = SelectField(_l("Relation"), choices=choices(KIN_RELATIONS.items()))
    is_leader = BooleanField(_l("Leads it"))

    def to_values(self) -> KinValues:
        return KinValues(body_of(self), self.relation.data, self.is_leader.data)


class FieldForm(RowForm):
    telling = ("code",)
    code = SelectField(_l("Field"), validate_choice=False)
    rank = IntegerField(_l("Rank"), [Optional(), NumberRange(1, 9)], default=1)
    skill = SelectField(_l("Skill"), choices=choices(SKILLS.items()), default="2")

    def to_values(self) -> FieldChoice:
        return FieldChoice(self.code.data, self.rank.data or 1, int(self.skill.data))


class LicenceForm(RowForm):
    telling = ("kind", "number")
    kind = StringField(_l("Licence"), [Wanted(), Length(max=100)])
    number = StringField(_l("Number"), [Length(max=100)])
    issued_on = DayField(_l("Issued on"))
    expires_on = DayField(_l("Valid until"))

    def to_values(self) -> LicenceValues:
        return LicenceValues(
            self.kind.data.strip(), self.number.data or None, self.issued_on.data, self.expires_on.data
        )


class DayOffForm(RowForm):
    telling = ("from_on", "until_on")
    from_on = DayField(_l("From"), [Wanted()])
    until_on = DayField(_l("Until"), [Wanted()])
    note = StringField(_l("Note"), [Length(max=200)])

    def to_values(self) -> DayOffValues:
        return DayOffValues(self.from_on.data, self.until_on.data, self.note.data or None)


class ExpertForm(Form):
    code = StringField(_l("Code"), [Length(max=40)])
    name = StringField(_l("Name"), [InputRequired(), Length(max=60)])
    identity_number = StringField(_l("ID number"), [Length(max=40)])
    mobile = StringField(_l("Mobile"), [Length(max=40)])
    email = StringField(_l("E-mail"), [Optional(), MailAddress(), Length(max=200)])
    gender = SelectField(_l("Gender"), choices=choices([("", _l("From the ID number")), *GENDERS.items()]))
    born_on = DayField(_l("Born on"))
    education = StringField(_l("Education"), [Length(max=100)])
    speciality = StringField(_l("Speciality"), [Length(max=100)])
    title = StringField(_l("Title"), [Length(max=100)])
    title_level = SelectField(_l("Title level"), choices=choices(TITLE_LEVELS.items()))
    titled_on = DayField(_l("Title since"))
    service_state = SelectField(_l("Service"), choices=choices(SERVICE_STATES.items()))
    region = StringField(_l("Region"), [InputRequired(), Length(max=40)])
    capacity_year = IntegerField(_l("Limit a year"), [InputRequired(), NumberRange(0, 99)], default=6)
    capacity_at_once = IntegerField(_l("Limit at once"), [InputRequired(), NumberRange(0, 99)], default=3)
    admitted_on = DayField(_l("Admitted on"))
    term_until_on = DayField(_l("Term until"))
    source = StringField(_l("Source"), [Length(max=100)])
    spells = FieldList(FormField(SpellForm), _l("Employment"), max_entries=MOST_ROWS)
    posts = FieldList(FormField(PostForm), _l("Posts held"), max_entries=MOST_ROWS)
    kin = FieldList(FormField(KinForm), _l("Relatives' employers"), max_entries=MOST_ROWS)
    fields = FieldList(FormField(FieldForm), _l("Fields"), max_entries=MOST_ROWS)
    licences = FieldList(FormField(LicenceForm), _l("Licences"), max_entries=MOST_ROWS)
    days_off = FieldList(FormField(DayOffForm), _l("Days off"), max_entries=MOST_ROWS)

    def offer_fields(self, offered: list[tuple[str, str]]) -> None:
        """Fill the choices of every field row; the tree is not known when the form class is made."""
        for entry in self.fields:
            entry.form.code.choices = choices([("", "—"), *offered])

    def to_values(self) -> ExpertValues:
        rows = ("spells", "posts", "kin", "fields", "licences", "days_off")
        texts = ("code", "email", "education", "speciality", "title", "source", "identity_number", "mobile", "gender")
        return ExpertValues(
            name=self.name.data.strip(),
            region=self.region.data.strip(),
            born_on=self.born_on.data,
            title_level=self.title_level.data,
            titled_on=self.titled_on.data,
            service_state=self.service_state.data,
            capacity_year=self.capacity_year.data,
            capacity_at_once=self.capacity_at_once.data,
            admitted_on=self.admitted_on.data,
            term_until_on=self.term_until_on.data,
            **{name: (self[name].data or "").strip() or None for name in texts},
            **{name: tuple(row.to_values() for row in filled(self[name])) for name in rows},
        )


def new_expert_form() -> ExpertForm:
    form = ExpertForm()
    _add_blanks(form)
    return form


def expert_form(profile: ExpertProfile, name: str) -> ExpertForm:
    """The form of a stored record. Sealed numbers stay empty: they are typed only to be replaced.

    Args:
        name: the name as it is written, for its editor.
    """
    rows = {
        "spells": [_spell(line) for line in profile.spells],
        "posts": [{**_spell(line), "kind": line.kind} for line in profile.posts],
        "kin": [
            {"name": k.organisation, "credit_code": k.credit_code, "relation": k.relation, "is_leader": k.is_leader}
            for k in profile.kin
        ],
        "fields": [{"code": f.code, "rank": f.rank, "skill": str(f.skill)} for f in profile.fields],
        "licences": list(profile.licences),
        "days_off": list(profile.days_off),
    }
    plain = ("code", "email", "born_on", "education", "speciality", "title", "title_level", "titled_on",
             "service_state", "region", "capacity_year", "capacity_at_once", "admitted_on", "term_until_on",
             "source")  # fmt: skip
    form = ExpertForm(
        data={
            **{field: getattr(profile, field) for field in plain},
            "gender": profile.gender or "",
            "name": name,
            "version": profile.version,
            **{key: [row if isinstance(row, dict) else vars(row) for row in found] for key, found in rows.items()},
        }
    )
    for entries, lines in ((form.spells, profile.spells), (form.posts, profile.posts)):
        for entry, line in zip(entries, lines, strict=True):
            entry.form.from_on.precision = entry.form.until_on.precision = line.precision
    _add_blanks(form)
    return form


def _spell(line: Any) -> dict[str, Any]:
    return {
        "name": line.organisation,
        "credit_code": line.credit_code,
        "position": line.position,
        "from_on": line.from_on,
        "until_on": line.until_on,
        "is_part_time": line.is_part_time,
    }


def _add_blanks(form: ExpertForm) -> None:
    for rows in (form.spells, form.posts, form.kin, form.fields, form.licences, form.days_off):
        add_blanks(rows, 1 if len(rows) else 2)


class MoveForm(Form):
    """One step of the pool's life cycle."""

    action = HiddenField(validators=[InputRequired()])
    reason = TextAreaField(_l("Reason"), [Optional(), Length(max=500)])


class MoveManyForm(Form):
    """The same step for the ticked rows."""

    id = SelectMultipleField(_l("Chosen"), validate_choice=False)
    action = SelectField(_l("Step"), validate_choice=False)
    reason = StringField(_l("Reason"), [Optional(), Length(max=500)])


class UnmaskForm(Form):
    field = SelectField(_l("Which number"), validate_choice=False)
    reason = StringField(_l("Reason"), [InputRequired(), Length(min=4, max=500)])


class CardForm(Form):
    bank = StringField(_l("Bank"), [InputRequired(), Length(max=100)])
    holder = StringField(_l("Account holder"), [InputRequired(), Length(max=60)])
    number = StringField(_l("Card number"), [InputRequired(), Length(max=40)])

    def to_values(self) -> CardValues:
        return CardValues(self.bank.data.strip(), self.holder.data.strip(), self.number.data)
