"""Forms of allocation: the policy, a run, a plan of seats."""

from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from evalhub.domain.suitability import TERMS
from evalhub.web.allocation_words import OBJECTIVES, TERM_WORDS
from evalhub.web.forms.base import Form, choices


def _weight(term: str) -> DecimalField:
    return DecimalField(TERM_WORDS[term], places=2, validators=[InputRequired(), NumberRange(0, 100)])


class PolicyForm(Form):
    objective = RadioField(_l("Aim"), choices=choices(OBJECTIVES.items()), default="total")
    seed = StringField(_l("Seed"), validators=[InputRequired(), Length(8, 64)])
    field = _weight("field")
    licence = _weight("licence")
    past_work = _weight("past_work")
    rotation = _weight("rotation")
    weights = HiddenField(_l("Weights"))

    def to_policy(self) -> dict[str, object]:
        """The policy with weights in 1/10,000."""
        weights = {term: int((getattr(self, term).data * 100).to_integral_value()) for term in TERMS}
        return {"objective": self.objective.data, "seed": self.seed.data.strip().lower(), "weights": weights}


class RunForm(Form):
    kind = HiddenField(validators=[InputRequired()])


class NameForm(Form):
    task_id = SelectField(_l("Task"), validators=[InputRequired()], validate_choice=False)
    leaving = StringField(_l("Code of who gives up the seat"), validators=[Optional(), Length(1, 20)])
    candidate = StringField(_l("Code of the one named"), validators=[InputRequired(), Length(1, 20)])
    reason = TextAreaField(_l("Reason, seen by approver and supervisor"), validators=[InputRequired(), Length(5, 200)])


class SubmitForm(Form):
    gap_reason = TextAreaField(_l("Why it is submitted with empty seats"), validators=[Optional(), Length(5, 200)])


class ReturnForm(Form):
    opinion = TextAreaField(_l("What to change"), validators=[InputRequired(), Length(5, 200)])


class AskForm(Form):
    code = StringField(_l("Code of the person or agency"), validators=[Optional(), Length(1, 20)])
