"""Forms of plans, rounds and panel templates."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from evalhub.domain.panels import PANEL_SIZES, PanelRule
from evalhub.services.panel_templates import TemplateValues
from evalhub.services.plans import PlanValues
from evalhub.services.rounds import RoundValues
from evalhub.web.forms.base import Form, choices
from evalhub.web.forms.fields import PercentField, WanField
from evalhub.web.plan_words import CATEGORY_LABELS


class PlanForm(Form):
    year = IntegerField(_l("Budget year"), [InputRequired(), NumberRange(2000, 2100)])
    name = StringField(_l("Name of the plan"), [InputRequired(), Length(max=80)])
    spending_fen = WanField(_l("All spending of the year"), [DataRequired()])
    target_weight = PercentField(_l("Share to be evaluated"), [DataRequired()], default=6000)

    def to_values(self) -> PlanValues:
        return PlanValues(self.year.data, self.name.data.strip(), self.spending_fen.data, self.target_weight.data)


class PickForm(Form):
    project_ids = SelectMultipleField(_l("Projects"), validate_choice=False)
    reason = StringField(_l("Reason"), [InputRequired(), Length(max=200)])


class EditPickForm(Form):
    category = SelectField(_l("Category"), choices=choices(CATEGORY_LABELS.items()))
    reason = StringField(_l("Reason"), [InputRequired(), Length(max=200)])


class DecisionForm(Form):
    """Approve or return; the button names which."""

    decision = SelectField(_l("Decision"), choices=choices([("approve", _l("Approve")), ("return", _l("Return"))]))
    opinion = TextAreaField(_l("Opinion"), [Optional(), Length(max=500)])


class RoundForm(Form):
    name = StringField(_l("Name of the round"), [InputRequired(), Length(max=80)])
    english_name = StringField(_l("English name"), [Optional(), Length(max=80)])
    from_on = DateField(_l("First day"), [InputRequired()])
    until_on = DateField(_l("Last day"), [InputRequired()])
    reply_hours = IntegerField(_l("Hours to answer an invitation"), [InputRequired()], default=24)
    documents_due_on = DateField(_l("Documents due"), [Optional()])
    report_due_on = DateField(_l("Reports due"), [Optional()])
    hearing_workdays = IntegerField(_l("Working days of the hearing"), [InputRequired()], default=5)

    def to_values(self) -> RoundValues:
        return RoundValues(
            name=self.name.data.strip(),
            english_name=self.english_name.data or None,
            from_on=self.from_on.data,
            until_on=self.until_on.data,
            reply_hours=self.reply_hours.data,
            documents_due_on=self.documents_due_on.data,
            report_due_on=self.report_due_on.data,
            hearing_workdays=self.hearing_workdays.data,
        )


class PanelTemplateForm(Form):
    name = StringField(_l("Name of the template"), [InputRequired(), Length(max=60)])
    english_name = StringField(_l("English name"), [Optional(), Length(max=60)])
    seats = SelectField(_l("Seats"), coerce=int, choices=choices((size, str(size)) for size in PANEL_SIZES))
    wants_field = IntegerField(_l("Of the project's field, at least"), [InputRequired()], default=1)
    wants_finance = IntegerField(_l("Of finance, at least"), [InputRequired()], default=1)
    wants_senior = IntegerField(_l("Senior, one of whom leads, at least"), [InputRequired()], default=1)
    employer_max = IntegerField(_l("Of one employer, at most"), [InputRequired()], default=1)
    region_max = IntegerField(_l("Of one region, at most"), [Optional()])
    reserves = IntegerField(_l("Reserves"), [InputRequired()], default=2)

    def to_values(self) -> TemplateValues:
        rule = PanelRule(
            seats=self.seats.data,
            wants_field=self.wants_field.data,
            wants_finance=self.wants_finance.data,
            wants_senior=self.wants_senior.data,
            employer_max=self.employer_max.data,
            region_max=self.region_max.data,
            reserves=self.reserves.data,
        )
        return TemplateValues(self.name.data.strip(), self.english_name.data or None, rule)


class ActiveForm(Form):
    is_active = BooleanField(_l("Offer it for new tasks"))
