"""Forms of results: wording findings, answering them, deciding disputes, opinions."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from evalhub.services.results import Reply
from evalhub.web.forms.base import Form, choices

DECISIONS = {
    "kept": _l("The finding stays"),
    "changed": _l("The score is corrected"),
    "withdrawn": _l("The finding is withdrawn"),
}


class FindingForm(Form):
    title = StringField(_l("Title"), [InputRequired(), Length(max=100)])
    text = TextAreaField(_l("Finding"), [InputRequired(), Length(max=2000)])


class ReasonForm(Form):
    reason = TextAreaField(_l("Reason"), [InputRequired(), Length(max=500)])


class DecisionForm(Form):
    decision = RadioField(_l("Decision"), [InputRequired()], choices=choices(DECISIONS.items()))
    text = TextAreaField(_l("Answer to the unit"), [InputRequired(), Length(max=2000)])


class SignForm(Form):
    content_hash = HiddenField(validators=[InputRequired()])


class HearingForm(Form):
    """One reply per finding: fields `reply_<id>` and `text_<id>`; what was typed comes back with a refusal."""

    def __init__(self, formdata: Any = None, **options: Any) -> None:
        super().__init__(formdata, **options)
        self.typed: dict[str, tuple[str, str]] = {}
        for name in list(formdata or ())[:2000]:
            if name.startswith("reply_"):
                finding = name.removeprefix("reply_")
                self.typed[finding] = (formdata.get(name, ""), formdata.get(f"text_{finding}", "")[:2000])

    def replies(self) -> dict[str, Reply]:
        """Finding id -> the answer given; findings without one are left out."""
        return {
            finding: Reply(reply == "accepted", text.strip() or None)
            for finding, (reply, text) in self.typed.items()
            if reply in ("accepted", "disputed")
        }
