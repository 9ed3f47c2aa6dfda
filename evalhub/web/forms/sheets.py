"""The score sheet as a form: fields named by leaf (`points.A1`, `reason.A1`), read into the sheet the domain knows."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from evalhub.domain.rounding import InvalidPoints, parse_points
from evalhub.domain.scoring.sheet import Evidence, Line, ScoreSheet
from evalhub.web.forms.base import Form
from evalhub.web.sentences import sentence

FIELD = re.compile(r"(points|na|reason|document|page|quote)\.(.{1,40})")
LONGEST_TEXT = 2000
MOST_FIELDS = 5000


class SheetForm(Form):
    """All lines at once; `content` is what was typed, `typed` what could not be read."""

    def __init__(self, formdata: Any = None, **options: Any) -> None:
        super().__init__(formdata, **options)
        self.content = ScoreSheet()
        self.line_errors: dict[str, str] = {}
        if formdata:
            self._read(formdata)

    def _read(self, formdata: Any) -> None:
        lines: dict[str, dict[str, str]] = {}
        for name in list(formdata)[:MOST_FIELDS]:
            found = FIELD.fullmatch(name)
            if found:
                lines.setdefault(found[2], {})[found[1]] = formdata.get(name).strip()
        filled = {code: typed for code, typed in sorted(lines.items()) if any(typed.values())}
        self.content = ScoreSheet({code: self._line(code, typed) for code, typed in filled.items()})

    def _line(self, code: str, typed: dict[str, str]) -> Line:
        points, is_na = None, bool(typed.get("na"))
        if typed.get("points") and not is_na:
            try:
                points = parse_points(typed["points"])
            except InvalidPoints as fault:
                self.line_errors[code] = f"points.{fault.code}"
        for name in ("reason", "quote"):
            if len(typed.get(name, "")) > LONGEST_TEXT:
                self.line_errors[code] = "text.too_long"
        page = typed.get("page", "")
        place = typed.get("document")
        evidence = Evidence(place, int(page) if page.isdigit() else None, typed.get("quote", "")) if place else None
        return Line(points, is_na, typed.get("reason", ""), evidence=evidence)

    def validate(self, extra_validators: Any = None) -> bool:
        for code, fault in self.line_errors.items():
            self.form_errors.append(f"{code}: {sentence(fault)}")
        return super().validate(extra_validators) and not self.line_errors


class ReturnSheetForm(Form):
    reason = TextAreaField(_l("What is wrong with the form"), [InputRequired(), Length(max=500)])
