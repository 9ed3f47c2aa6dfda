"""What every form shares: the reader's language, the version of what it edits, refusals at their field."""

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import get_locale
from wtforms import FileField, HiddenField
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.i18n import get_translations
from wtforms.validators import ValidationError

from evalhub.domain.errors import DomainError, InvalidInput
from evalhub.web.sentences import sentence


class Form(PlainForm):
    version = HiddenField()

    class Meta:
        def get_translations(self, form: Any) -> Any:
            return get_translations(["zh" if str(get_locale()).startswith("zh") else "en"])

    @property
    def version_read(self) -> int:
        """The version of the record as its editor read it; 0 where the form carried none."""
        return int(self.version.data) if str(self.version.data or "").isdigit() else 0

    def reject(self, error: DomainError) -> None:
        """Show a refusal of the service at the fields it names, or above the form."""
        fields = error.fields if isinstance(error, InvalidInput) else {}
        for name, code in fields.items():
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, sentence(code, **error.figures)]
        if not fields or any(name not in self._fields for name in fields):
            self.form_errors.append(sentence(error.code, **error.figures))


class BareForm(Form):
    """A form without fields: a button that changes something."""


def choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Options of a select or radio field from (value, label)."""
    return [SelectChoice(value, label) for value, label in pairs]


class UploadField(FileField):
    """A file, or nothing: text sent under its name is no file."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([value for value in valuelist if hasattr(value, "stream")])


class MailAddress:
    """One address, as mail is later sent to: no list, no name, no line break."""

    PATTERN = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+")

    def __call__(self, form: Any, field: Any) -> None:
        if not self.PATTERN.fullmatch(field.data or "") or not field.data.isprintable():
            raise ValidationError(field.gettext("Invalid email address."))
