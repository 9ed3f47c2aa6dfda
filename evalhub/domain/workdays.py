"""Working days: Monday to Friday, without public holidays, with the weekend days made up for them.

The table of holidays is given by the caller; `OFFICIAL` holds the years published so far. A year that a table does not
know counts weekends alone, and `unknown_years` says so, so that a page can warn of a date that may still move.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class HolidayTable:
    """Holidays (days off) and made-up days (weekend days worked) of the years it knows; `source` names the notices."""

    holidays: frozenset[date]
    made_up: frozenset[date]
    years: frozenset[int]
    source: str = ""

    def is_workday(self, day: date) -> bool:
        return day in self.made_up or (day.weekday() < 5 and day not in self.holidays)

    def unknown_years(self, first: date, last: date) -> list[int]:
        """Years between the days, both inside, for which no notice is in the table."""
        return [year for year in range(first.year, last.year + 1) if year not in self.years]


def table_of(years: Iterable["HolidayYear"]) -> HolidayTable:
    """One table of several years."""
    known = list(years)
    return HolidayTable(
        frozenset(day for year in known for first, last in year.breaks for day in _days(first, last)),
        frozenset(day for year in known for day in year.made_up),
        frozenset(year.year for year in known),
        "; ".join(year.source for year in known),
    )


def is_workday(day: date, table: HolidayTable) -> bool:
    return table.is_workday(day)


def add_workdays(day: date, count: int, table: HolidayTable) -> date:
    """The `count`-th working day after `day`, which is not counted itself; before it for a negative count.

    With 0, the day itself or the next working day. Source: 民法典 art 201 (the day of the event does not count).
    """
    if count == 0:
        return day if table.is_workday(day) else add_workdays(day, 1, table)
    step = DAY if count > 0 else -DAY
    left = abs(count)
    while left:
        day += step
        left -= table.is_workday(day)
    return day


def add_days(day: date, count: int, table: HolidayTable) -> date:
    """`count` calendar days after `day`; where that is a day off, the next working day. Source: 民法典 art 203."""
    return add_workdays(day + count * DAY, 0, table)


def workdays_between(start: date, end: date, table: HolidayTable) -> int:
    """Working days after `start` up to and with `end`; negative when `end` is earlier, so that it undoes `add_workdays`."""
    if end < start:
        return -sum(table.is_workday(day) for day in _days(end, start - DAY))
    return sum(table.is_workday(day) for day in _days(start + DAY, end))


def _days(first: date, last: date) -> list[date]:
    return [first + offset * DAY for offset in range((last - first).days + 1)]


@dataclass(frozen=True)
class HolidayYear:
    """One year's notice: breaks as first and last day off, both inside, and the weekend days worked for them."""

    year: int
    breaks: tuple[tuple[date, date], ...]
    made_up: tuple[date, ...]
    source: str


OFFICIAL_YEARS = (
    HolidayYear(
        2025,
        (
            (date(2025, 1, 1), date(2025, 1, 1)),
            (date(2025, 1, 28), date(2025, 2, 4)),
            (date(2025, 4, 4), date(2025, 4, 6)),
            (date(2025, 5, 1), date(2025, 5, 5)),
            (date(2025, 5, 31), date(2025, 6, 2)),
            (date(2025, 10, 1), date(2025, 10, 8)),
        ),
        (date(2025, 1, 26), date(2025, 2, 8), date(2025, 4, 27), date(2025, 9, 28), date(2025, 10, 11)),
        "国办发明电〔2024〕12号, 2024-11-12",
    ),
    HolidayYear(
        2026,
        (
            (date(2026, 1, 1), date(2026, 1, 3)),
            (date(2026, 2, 15), date(2026, 2, 23)),
            (date(2026, 4, 4), date(2026, 4, 6)),
            (date(2026, 5, 1), date(2026, 5, 5)),
            (date(2026, 6, 19), date(2026, 6, 21)),
            (date(2026, 9, 25), date(2026, 9, 27)),
            (date(2026, 10, 1), date(2026, 10, 7)),
        ),
        (
            date(2026, 1, 4),
            date(2026, 2, 14),
            date(2026, 2, 28),
            date(2026, 5, 9),
            date(2026, 9, 20),
            date(2026, 10, 10),
        ),
        "国务院办公厅关于2026年部分节假日安排的通知, 2025-11-04",
    ),
)

OFFICIAL = table_of(OFFICIAL_YEARS)
