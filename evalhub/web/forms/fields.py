"""Fields of our own: days to the day or the month, amounts in 万元, shares in per cent, rows that may stay empty."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import FieldList, StringField
from wtforms import Form as PlainForm
from wtforms.validators import StopValidation

from evalhub.domain.intake.cells import read_credit_code, read_day, read_percent
from evalhub.domain.intake.marks import Reading, SheetCell
from evalhub.domain.money import exact_wan, parse_wan
from evalhub.web.forms.base import Form
from evalhub.web.sentences import sentence


class DayField(StringField):
    """A day as 2012-07-01, or where `takes_months` a month as 2012-07; `precision` says which."""

    def __init__(self, *args: Any, takes_months: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.takes_months = takes_months
        self.precision = "day"

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        reading = read_day(SheetCell("text", text))
        if reading.value is None or reading.marks or (reading.precision == "month" and not self.takes_months):
            raise ValueError(sentence("day.unreadable"))
        self.data, self.precision = reading.value, reading.precision

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return day_text(self.data, self.precision)


def day_text(day: date | None, precision: str = "day") -> str:
    if day is None:
        return ""
    return day.strftime("%Y-%m") if precision == "month" else day.isoformat()


class WanField(StringField):
    """An amount written in 万元; `data` is fen."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        try:
            self.data = parse_wan(text)
        except ValueError as fault:
            raise ValueError(sentence(str(fault))) from None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else exact_wan(self.data)


class PercentField(StringField):
    """A share written in per cent; `data` is ten-thousandths."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if text:
            self.data = _taken(read_percent(SheetCell("text", text)))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data // 100}.{self.data % 100:02d}"


class CreditCodeField(StringField):
    """A unified social credit code; `data` is the folded code or None."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if text:
            self.data = _taken(read_credit_code(SheetCell("text", text)))

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.data or ""


def _taken(reading: Reading) -> Any:
    if reading.value is None:
        mark = reading.marks[0]
        raise ValueError(sentence(mark.code, **mark.figures))
    return reading.value


class RowForm(PlainForm):
    """One row of a repeated group. A row whose `telling` fields are all empty counts as not there."""

    telling: tuple[str, ...] = ("name",)

    class Meta(Form.Meta):
        pass

    @property
    def is_blank(self) -> bool:
        return not any(_has_text(self[name]) for name in self.telling)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        return self.is_blank or super().validate(extra_validators)


def _has_text(field: Any) -> bool:
    if field.raw_data:
        return any(str(text).strip() for text in field.raw_data)
    return bool(field.data)


def filled(rows: Any) -> list[Any]:
    """The row forms of a field list that hold something."""
    return [entry.form for entry in rows if not entry.form.is_blank]


def add_blanks(rows: Any, count: int = 2) -> None:
    """Offer empty rows at the end of a list."""
    for _ in range(count):
        rows.append_entry()


def with_rows(form: Any) -> Any:
    """The form with at least one row in every list, so that each shows its columns; the same form."""
    for field in form:
        if isinstance(field, FieldList) and not len(field):
            field.append_entry()
    return form


class Wanted:
    """Validator of a field that must be filled in once its row is."""

    field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is None or (isinstance(field.data, str) and not field.data.strip()):
            if field.errors:
                raise StopValidation
            raise StopValidation(sentence("field.required"))
