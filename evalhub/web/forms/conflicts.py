"""Forms of conflicts: the verdict, the waiver, a conflict that somebody told of, the setting of a rule."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from evalhub.services.conflicts import REASON_LENGTHS
from evalhub.web.forms.base import Form, choices

LEAST, MOST = REASON_LENGTHS


def _reason(label: object) -> TextAreaField:
    return TextAreaField(label, validators=[InputRequired(), Length(LEAST, MOST)])


class VerdictForm(Form):
    decision = RadioField(
        _l("Verdict"),
        choices=choices(
            [
                ("confirm", _l("Confirm the conflict")),
                ("dismiss", _l("No conflict")),
                ("ask", _l("Ask the person")),
            ]
        ),
        default="confirm",
        validators=[InputRequired()],
    )
    reason = _reason(_l("Reason"))


class AskWaiverForm(Form):
    reason = _reason(_l("Why the rule should not keep this one out"))


class WaiverForm(Form):
    grant = RadioField(
        _l("Ruling on the waiver"),
        choices=choices([("yes", _l("Waive the rule for this hit")), ("no", _l("Refuse: stays out"))]),
        validators=[InputRequired()],
    )
    reason = _reason(_l("Reason"))


class ReportForm(Form):
    kind = SelectField(
        _l("Who"), choices=choices([("expert", _l("Expert")), ("agency", _l("Agency"))]), default="expert"
    )
    code = StringField(_l("Code"), validators=[InputRequired(), Length(1, 20)])
    source = SelectField(
        _l("Where it comes from"),
        choices=choices([("unit", _l("Request of the unit")), ("bureau", _l("Known to the bureau"))]),
        default="unit",
    )
    reason = _reason(_l("What was said, and why it is upheld"))


class RuleForm(Form):
    window_months = IntegerField(_l("Look-back in months"), validators=[Optional(), NumberRange(0, 600)])
    is_endless = BooleanField(_l("Without end: a record always counts"))
    is_on = BooleanField(_l("In use"), default=True)
    source = StringField(_l("Source"), validators=[InputRequired(), Length(1, 200)])

    @property
    def months(self) -> int | None:
        return None if self.is_endless.data else self.window_months.data
