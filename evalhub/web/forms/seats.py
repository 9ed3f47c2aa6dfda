"""Forms of an invitation: accept, refuse with a coded reason, undertake, declare."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from evalhub.web.forms.base import Form, choices

REFUSALS = {
    "no_time": _l("No time on these days"),
    "ill": _l("Ill"),
    "outside_field": _l("Outside my field"),
    "too_busy": _l("Too many tasks already"),
    "travel": _l("Too far to travel"),
    "other": _l("Another reason, below"),
}


class DeclineForm(Form):
    reason = SelectField(_l("Reason"), [InputRequired()], choices=choices([("", _l("Choose…")), *REFUSALS.items()]))
    text = TextAreaField(_l("In words"), [Length(max=500)])


class UndertakeForm(Form):
    text_id = HiddenField(validators=[InputRequired()])
    text_hash = HiddenField(validators=[InputRequired()])


class WithdrawForm(Form):
    text = TextAreaField(_l("What ties you to the unit, the project or a contractor"), [Length(max=500)])


class ReplaceForm(Form):
    reason = TextAreaField(_l("Reason"), [InputRequired(), Length(max=500)])
