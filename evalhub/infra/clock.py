"""The one clock: every instant that evalhub reads comes from here, so a demo or a test can hold it still."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")

_held: ContextVar[datetime | None] = ContextVar("held_instant", default=None)


def now() -> datetime:
    """The present instant in UTC, cut to the millisecond in which it is stored."""
    instant = _held.get() or datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def office_date(instant: datetime) -> date:
    """The calendar day of an instant where the bureau sits."""
    return instant.astimezone(OFFICE_ZONE).date()


def office_time(instant: datetime) -> datetime:
    """The same instant as the bureau's wall clock shows it."""
    return instant.astimezone(OFFICE_ZONE)


def end_of_office_day(day: date) -> datetime:
    """The first instant that no longer belongs to a day: deadlines are `received < deadline`."""
    following = datetime(day.year, day.month, day.day, tzinfo=OFFICE_ZONE) + timedelta(days=1)
    return following.astimezone(UTC)


@contextmanager
def held_at(instant: datetime) -> Iterator[None]:
    """Within the block the clock stands still at `instant`."""
    token = _held.set(instant)
    try:
        yield
    finally:
        _held.reset(token)
