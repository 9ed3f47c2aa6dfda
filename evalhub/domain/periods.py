"""Spans of days as records state them, to the day or only to the month, and the look-back window of a rule."""

import calendar
from dataclasses import dataclass
from datetime import date

from evalhub.domain.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both inside; None is open.

    Args:
        precision: `day`, or `month` when only months are known: it then reaches from the first day of the first month
            to the last day of the last.

    Raises:
        InvalidInput: it ends before it begins.
    """

    from_on: date | None = None
    until_on: date | None = None
    precision: str = "day"

    def __post_init__(self) -> None:
        if self.from_on and self.until_on and self.first_day > self.last_day:  # type: ignore[operator]
            raise InvalidInput("period.reversed", from_on=self.from_on, until_on=self.until_on)

    @property
    def first_day(self) -> date | None:
        return self.from_on.replace(day=1) if self.from_on and self.precision == "month" else self.from_on

    @property
    def last_day(self) -> date | None:
        return month_end(self.until_on) if self.until_on and self.precision == "month" else self.until_on

    def meet(self, other: "Period") -> "Period | None":
        """The days that lie in both, to the day; None when there are none."""
        first = max(filter(None, (self.first_day, other.first_day)), default=None)
        last = min(filter(None, (self.last_day, other.last_day)), default=None)
        return None if first and last and first > last else Period(first, last)

    def is_on(self, day: date) -> bool:
        return self.meet(Period(day, day)) is not None


ALWAYS = Period()


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """The same day that many months later (earlier if negative), or the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def window(on: date, months: int | None) -> Period:
    """The days a rule looks back over from `on`, both edges inside. None: without limit; 0: `on` alone."""
    return Period(None if months is None else add_months(on, -months), on)
