"""How figures, days and instants look on a page; the one place that formats them."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from flask import Flask
from flask_babel import lazy_gettext as _l

from evalhub.infra.clock import office_date, office_time
from evalhub.web.labels import role_label, seat_action

WEEKDAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)


def wan_yuan(fen: int | None) -> str:
    """Fen as 万元 with two decimals and thousands marks, half up; a missing value is a dash."""
    if fen is None:
        return "—"
    hundredths = (abs(fen) + 5000) // 10000
    shown = f"{hundredths // 100:,}.{hundredths % 100:02d}"
    return f"−{shown}" if fen < 0 and hundredths else shown


def yuan(fen: int | None) -> str:
    """The exact amount in yuan."""
    if fen is None:
        return "—"
    shown = f"{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
    return f"−{shown}" if fen < 0 else shown


def points(hundredths: int | None) -> str:
    """Hundredths of a point with two decimals; a missing value is a dash."""
    if hundredths is None:
        return "—"
    shown = f"{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"
    return f"−{shown}" if hundredths < 0 else shown


def percent(weight: int | None) -> str:
    """Ten-thousandths as per cent with one decimal, half up."""
    if weight is None:
        return "—"
    tenths = (weight + 5) // 10
    return f"{tenths // 10}.{tenths % 10}%"


def fit(millionths: int | None) -> str:
    """Millionths as a share with two decimals, half up."""
    if millionths is None:
        return "—"
    return str(Decimal(millionths).scaleb(-6).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP"))


def day(value: date | None) -> str:
    return value.isoformat() if value else "—"


def short_day(value: date | None, today: date) -> str:
    """Month and day within the year, else the whole date."""
    if value is None:
        return "—"
    return value.strftime("%m-%d") if value.year == today.year else value.isoformat()


def record_day(value: date | None, precision: str = "day") -> str:
    """A day of a record as it was known: to the month where no more was."""
    if value is None:
        return "—"
    return value.strftime("%Y-%m") if precision == "month" else value.isoformat()


def moment(value: datetime | None) -> str:
    return office_time(value).strftime("%Y-%m-%d %H:%M") if value else "—"


def clock_time(value: datetime | None) -> str:
    return office_time(value).strftime("%H:%M") if value else "—"


def office_day(value: datetime) -> date:
    """The office's calendar day on which an instant falls; midnight belongs to the day that ends there."""
    return office_date(value - timedelta(milliseconds=1))


def due_time(value: datetime) -> str:
    """The time of a deadline; the midnight at which a day ends is written 24:00."""
    shown = clock_time(value)
    return "24:00" if shown == "00:00" else shown


def until(value: datetime | None) -> str:
    """A deadline whole: day and time, the end of a day as 24:00 of that day."""
    return f"{office_day(value).isoformat()} {due_time(value)}" if value else "—"


def weekday(value: date) -> str:
    return str(WEEKDAYS[value.weekday()])


def days_left(value: date | datetime, now: datetime) -> int:
    """Whole days until a day or an instant, negative when past."""
    target = office_date(value) if isinstance(value, datetime) else value
    return (target - office_date(now)).days


def file_size(size_bytes: int) -> str:
    """Bytes in the largest unit that keeps the figure above one."""
    for unit, step in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if size_bytes >= step:
            return f"{size_bytes / step:.1f} {unit}"
    return f"{size_bytes} B"


def register(app: Flask) -> None:
    formats = (
        wan_yuan, yuan, points, percent, fit, day, short_day, record_day, moment, clock_time, due_time, until, office_day,
        weekday, days_left, file_size,
    )  # fmt: skip
    app.jinja_env.globals.update(role_label=role_label, seat_action=seat_action)
    app.jinja_env.filters.update({function.__name__: function for function in formats})
