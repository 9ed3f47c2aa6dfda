"""Employment lanes: where each spell, the look-back window and their overlap stand in a drawing, in whole pixels.

The server draws with attributes alone: it prints, works without script and needs no style.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from evalhub.domain.periods import add_months, month_end
from evalhub.queries.expert_profile import SpellLine

WIDTH = 718
LABELS = 176
LANE_HEIGHT = 34
TOP = 28
GREATEST_YEARS = 16


@dataclass(frozen=True)
class Lane:
    """One spell: its bar, and the part of it inside the window (None: it lies outside)."""

    line: SpellLine
    y: int
    x: int
    width: int
    overlap_x: int | None
    overlap_width: int
    months_left: int | None
    begins_before: bool


@dataclass(frozen=True)
class LaneDrawing:
    """The whole drawing; `ticks` are (x, year) of the labelled years."""

    width: int
    height: int
    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[int, int], ...]
    window_x: int
    today_x: int
    window_months: int | None


def draw_lanes(spells: Sequence[SpellLine], today: date, window_months: int | None) -> LaneDrawing:
    """The spells in order of their beginning, at most the last sixteen years in sight."""
    window_from = add_months(today, -window_months) if window_months is not None else today
    first = min([spell.from_on for spell in spells] + [window_from])
    first = max(first, add_months(today, -12 * GREATEST_YEARS)).replace(month=1, day=1)
    last = add_months(today, 6)

    def x_of(day: date) -> int:
        inside = min(max(day, first), last)
        return LABELS + (WIDTH - LABELS) * (inside - first).days // (last - first).days

    lanes = tuple(_lane(spell, index, today, window_from, first, x_of) for index, spell in enumerate(spells))
    step = 2 if last.year - first.year > 6 else 1
    ticks = tuple((x_of(date(year, 1, 1)), year) for year in range(first.year, last.year + 1, step))
    height = TOP + LANE_HEIGHT * max(1, len(lanes)) + 24
    return LaneDrawing(WIDTH, height, lanes, ticks, x_of(window_from), x_of(today), window_months)


def _lane(spell: SpellLine, index: int, today: date, window_from: date, first: date, x_of) -> Lane:  # type: ignore[no-untyped-def]
    ended = _last_day(spell)
    x, end = x_of(spell.from_on), x_of(min(ended or today, today))
    is_inside = ended is not None and window_from <= ended <= today
    overlap = x_of(max(spell.from_on, window_from)) if is_inside else None
    return Lane(
        line=spell,
        y=TOP + LANE_HEIGHT * index,
        x=x,
        width=max(2, end - x),
        overlap_x=overlap,
        overlap_width=max(2, end - overlap) if overlap is not None else 0,
        months_left=_whole_months(ended, today) if is_inside and ended else None,
        begins_before=spell.from_on < first,
    )


def _last_day(spell: SpellLine) -> date | None:
    if spell.until_on is None:
        return None
    return month_end(spell.until_on) if spell.precision == "month" else spell.until_on


def _whole_months(since: date, until: date) -> int:
    return (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)
