"""The form of a project with its contractors and those who took part before. Amounts are typed in 万元."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from evalhub.domain.records import ContractorValues, ParticipationValues, ProjectValues
from evalhub.queries.projects import ProjectProfile
from evalhub.web.forms.base import Form, choices
from evalhub.web.forms.experts import BodyRowForm, body_of
from evalhub.web.forms.fields import DayField, RowForm, WanField, Wanted, add_blanks, filled
from evalhub.web.pool_words import CATEGORIES, CONTRACTOR_ROLES, FUND_KINDS, PARTICIPATIONS, RECURRENCES

MOST_ROWS = 60


class ContractorForm(BodyRowForm):
    role = SelectField(_l("Role"), choices=choices(CONTRACTOR_ROLES.items()))
    amount_fen = WanField(_l("Contract (¥10,000)"))

    def to_values(self) -> ContractorValues:
        return ContractorValues(body_of(self), self.role.data, self.amount_fen.data)


class ParticipationForm(RowForm):
    telling = ("participant_code",)
    participant_code = StringField(_l("Code of expert or agency"), [Length(max=40)])
    role = SelectField(_l("Part"), choices=choices(PARTICIPATIONS.items()))
    took_part_on = DayField(_l("On"))
    note = StringField(_l("Note"), [Length(max=200)])

    def to_values(self) -> ParticipationValues:
        return ParticipationValues(
            self.participant_code.data.strip(), self.role.data, self.took_part_on.data, self.note.data or None
        )


class ProjectForm(Form):
    code = StringField(_l("Code"), [InputRequired(), Length(max=60)])
    year = IntegerField(_l("Year"), [InputRequired(), NumberRange(2000, 2100)])
    name = StringField(_l("Project"), [InputRequired(), Length(max=200)])
    department_code = StringField(_l("Department's budget code"), [InputRequired(), Length(max=40)])
    unit_code = StringField(_l("Unit's budget code"), [Length(max=40)])
    category = SelectField(_l("Category"), choices=choices(CATEGORIES.items()))
    field_code = SelectField(_l("Field"), validate_choice=False)
    function_class = StringField(_l("Function class"), [Length(max=40)])
    fund_kind = SelectField(_l("Fund"), choices=choices(FUND_KINDS.items()))
    recurrence = SelectField(_l("Recurrence"), choices=choices(RECURRENCES.items()))
    from_on = DayField(_l("From"))
    until_on = DayField(_l("Until"))
    region = StringField(_l("Region"), [InputRequired(), Length(max=40)])
    total_fen = WanField(_l("Total (¥10,000)"))
    initial_fen = WanField(_l("Initial budget (¥10,000)"), [Wanted()])
    adjusted_fen = WanField(_l("Adjusted budget (¥10,000)"), [Wanted()])
    spent_fen = WanField(_l("Spent (¥10,000)"), [Wanted()])
    grounds = TextAreaField(_l("Grounds"), [Length(max=2000)])
    content = TextAreaField(_l("Content"), [Length(max=2000)])
    goal = TextAreaField(_l("Goal"), [Length(max=2000)])
    leader_name = StringField(_l("Leader"), [Length(max=60)])
    is_new = BooleanField(_l("New project"))
    contractors = FieldList(FormField(ContractorForm), _l("Contractors"), max_entries=MOST_ROWS)
    participations = FieldList(FormField(ParticipationForm), _l("Took part before"), max_entries=MOST_ROWS)

    def offer_fields(self, offered: list[tuple[str, str]]) -> None:
        self.field_code.choices = choices([("", "—"), *offered])

    def to_values(self) -> ProjectValues:
        texts = ("unit_code", "field_code", "function_class", "grounds", "content", "goal", "leader_name")
        plain = ("year", "category", "fund_kind", "recurrence", "from_on", "until_on", "total_fen", "initial_fen",
                 "adjusted_fen", "spent_fen", "is_new")  # fmt: skip
        wanted = ("code", "name", "department_code", "region")
        return ProjectValues(
            **{name: self[name].data.strip() for name in wanted},
            **{name: (self[name].data or "").strip() or None for name in texts},
            **{name: self[name].data for name in plain},
            contractors=tuple(row.to_values() for row in filled(self.contractors)),
            participations=tuple(row.to_values() for row in filled(self.participations)),
        )


def project_form(profile: ProjectProfile | None, year: int, region: str = "") -> ProjectForm:
    """The form of a stored project, or an empty one of the given year."""
    form = ProjectForm(data=_data(profile)) if profile else ProjectForm(data={"year": year, "region": region})
    add_blanks(form.contractors, 2)
    add_blanks(form.participations, 1)
    return form


def _data(profile: ProjectProfile) -> dict[str, Any]:
    return {
        **vars(profile),
        "field_code": profile.field_code or "",
        "contractors": [{**vars(line), "name": line.organisation} for line in profile.contractors],
        "participations": [{**vars(line), "participant_code": line.code} for line in profile.participations],
    }
