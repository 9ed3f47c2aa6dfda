"""Forms of a task's papers: notice with its list, checking, actual values, report, framework import."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, Optional

from evalhub.services.actuals import ActualValues
from evalhub.services.frameworks import FrameworkValues
from evalhub.services.notices import NoticeValues, WantedDocument
from evalhub.services.reports import NoteValues
from evalhub.web.forms.base import Form, UploadField
from evalhub.web.forms.fields import WanField


class WantedRow(PlainForm):
    title = StringField(_l("Document"), [Optional(), Length(max=120)])
    hint = StringField(_l("Hint"), [Optional(), Length(max=200)])
    is_required = BooleanField(_l("Must be handed in"), default=True)


class NoticeForm(Form):
    """The notice; rows without a title are not there."""

    number = StringField(_l("Number of the notice"), [InputRequired(), Length(max=60)])
    body = TextAreaField(_l("Words of the notice"), [InputRequired(), Length(max=4000)])
    documents_due_on = DateField(_l("Documents due"), [InputRequired()])
    documents = FieldList(FormField(WantedRow), _l("Document list"), max_entries=60)

    def to_values(self) -> NoticeValues:
        rows = [entry.form for entry in self.documents if (entry.form.title.data or "").strip()]
        return NoticeValues(
            number=self.number.data.strip(),
            body=self.body.data,
            documents_due_on=self.documents_due_on.data,
            documents=tuple(_wanted(row) for row in rows),
        )


class WantedForm(Form):
    title = StringField(_l("Document"), [InputRequired(), Length(max=120)])
    hint = StringField(_l("Hint"), [Optional(), Length(max=200)])
    is_required = BooleanField(_l("Must be handed in"), default=True)

    def to_values(self) -> WantedDocument:
        return _wanted(self)


def _wanted(row: PlainForm) -> WantedDocument:
    return WantedDocument(row["title"].data.strip(), (row["hint"].data or "").strip() or None, row["is_required"].data)


class UploadForm(Form):
    file = UploadField(_l("File"))


class ReportUploadForm(UploadForm):
    what_changed = StringField(_l("What changed"), [Optional(), Length(max=500)])


class CheckForm(Form):
    """One decision on an item; the button names which."""

    decision = StringField(_l("Decision"), [InputRequired()])
    note = StringField(_l("Note"), [Optional(), Length(max=500)])


class ActualRow(PlainForm):
    code = StringField()
    version = StringField()
    actual = StringField(_l("Actual value"), [Optional(), Length(max=200)])
    spent_fen = WanField(_l("Spent"), [Optional()])
    explanation = StringField(_l("Explanation"), [Optional(), Length(max=1000)])


class ActualsForm(Form):
    lines = FieldList(FormField(ActualRow), _l("Lines"), max_entries=500)

    def to_values(self) -> list[ActualValues]:
        return [
            ActualValues(
                code=row.code.data or "",
                actual=(row.actual.data or "").strip() or None,
                spent_fen=row.spent_fen.data,
                explanation=(row.explanation.data or "").strip() or None,
                version=int(row.version.data) if str(row.version.data or "").isdigit() else 0,
            )
            for row in (entry.form for entry in self.lines)
        ]


class CodesForm(Form):
    """Lines ticked in a table."""

    codes = SelectMultipleField(_l("Lines"), validate_choice=False)

    def to_codes(self) -> list[str]:
        return list(self.codes.data or [])


class NoteRow(PlainForm):
    place = StringField(_l("Place"), [Optional(), Length(max=60)])
    text = StringField(_l("Note"), [Optional(), Length(max=1000)])


class NotesForm(Form):
    notes = FieldList(FormField(NoteRow), _l("Notes on the report"), min_entries=3, max_entries=20)

    def to_values(self) -> list[NoteValues]:
        rows: Iterable[PlainForm] = (entry.form for entry in self.notes)
        return [
            NoteValues((row["place"].data or "").strip() or None, row["text"].data.strip())
            for row in rows
            if (row["text"].data or "").strip()
        ]


class AnswerForm(Form):
    answer = TextAreaField(_l("Answer"), [InputRequired(), Length(max=1000)])


class RejectForm(Form):
    reason = TextAreaField(_l("Reason"), [InputRequired(), Length(max=500)])


class FrameworkForm(Form):
    """Import of a tree as a new framework, or as the next edition of one (then without a name)."""

    file = UploadField(_l("Framework file (JSON)"))
    name = StringField(_l("Name of the framework"), [InputRequired(), Length(max=80)])
    english_name = StringField(_l("English name"), [Optional(), Length(max=80)])
    field_code = SelectField(_l("Field"), validate_choice=False)
    note = StringField(_l("Note"), [Optional(), Length(max=200)])

    def to_values(self) -> FrameworkValues:
        return FrameworkValues(
            self.name.data.strip(), self.english_name.data or None, self.field_code.data or None, self.note.data or None
        )


class EditionForm(Form):
    file = UploadField(_l("Framework file (JSON)"))
    note = StringField(_l("What is new"), [Optional(), Length(max=200)])
