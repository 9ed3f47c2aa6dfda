"""Forms of a sheet on its way in: the file, and what was ticked and typed in place."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField

from evalhub.services.intakes import Ticks
from evalhub.web.forms.base import Form, UploadField

CELL_PREFIX = "cell:"


class UploadForm(Form):
    file = UploadField(_l("Workbook (.xlsx)"))


class CheckForm(Form):
    """Ticks by name of the warning; cells as `cell:<row>:<column>` with the text that stood there in `was:`."""

    tick = SelectMultipleField(_l("Looked at"), validate_choice=False)
    seen = SelectMultipleField(_l("Shown"), validate_choice=False)

    def process(self, formdata: Any = None, *args: Any, **options: Any) -> None:
        self.typed = _typed(formdata) if formdata else {}
        super().process(formdata, *args, **options)

    def ticks(self) -> Ticks:
        return Ticks(frozenset(self.tick.data or ()), frozenset(self.seen.data or ()))


def _typed(formdata: Any) -> dict[tuple[int, str], str]:
    """(row number, column key) -> text, for cells whose text was changed."""
    found = {}
    for name in formdata:
        if not name.startswith(CELL_PREFIX):
            continue
        row, _, key = name.removeprefix(CELL_PREFIX).partition(":")
        text, was = formdata.get(name, "").strip(), formdata.get(f"was:{row}:{key}", "")
        if row.isdigit() and text != was.strip():
            found[int(row), key] = text
    return found
