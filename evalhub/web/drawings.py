"""Where the marks of bars, strips and windows stand, in tenths of a per cent of the drawing's width.

The server draws them with attributes alone, so they print, work without script and need no style attribute.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Flask

NEAR = 24
STEPS = (0, -5, 5, -10, 10)


@dataclass(frozen=True)
class Dot:
    """A mark on a strip: `x` in tenths of a per cent, `y` in pixels off the middle line."""

    x: int
    y: int


@dataclass(frozen=True)
class Window:
    """A spell and the look-back window on one line, in tenths of a per cent; overlap is None where they do not meet."""

    spell: tuple[int, int]
    window: tuple[int, int]
    overlap: tuple[int, int] | None


def percent_text(tenths: int) -> str:
    """An SVG length: 437 -> "43.7%"."""
    return f"{tenths // 10}.{tenths % 10}%"


def place_on(value: int, low: int, high: int) -> int:
    """Where a value stands between two ends, kept inside them.

    Args:
        value, low, high: whole numbers of one unit, low < high.
    """
    inside = min(max(value, low), high)
    return (2 * 1000 * (inside - low) + (high - low)) // (2 * (high - low))


def spread_dots(values: Sequence[int], low: int, high: int) -> list[Dot]:
    """One dot per value, in the order given; dots that would touch step up and down in turn."""
    taken: list[Dot] = []
    found: dict[int, Dot] = {}
    for at in sorted(range(len(values)), key=lambda position: values[position]):
        x = place_on(values[at], low, high)
        used = {dot.y for dot in taken if abs(dot.x - x) < NEAR}
        dot = Dot(x, next((step for step in STEPS if step not in used), STEPS[-1]))
        taken.append(dot)
        found[at] = dot
    return [found[at] for at in range(len(values))]


def time_window(spell_from: date, spell_until: date | None, window_from: date, until: date) -> Window:
    """A spell of work against the look-back window that ends on `until`; a spell without an end runs to `until`.

    The line begins with the spell, or one window's length before the window where the spell began earlier than that.
    """
    earliest = window_from.toordinal() - (until.toordinal() - window_from.toordinal())
    low = max(min(spell_from, window_from).toordinal(), earliest)
    high = until.toordinal()
    spell = (place_on(spell_from.toordinal(), low, high), place_on((spell_until or until).toordinal(), low, high))
    window = (place_on(window_from.toordinal(), low, high), 1000)
    begins, ends = max(spell[0], window[0]), min(spell[1], window[1])
    return Window(spell, window, (begins, ends) if begins < ends else None)


def register(app: Flask) -> None:
    app.jinja_env.filters["percent_text"] = percent_text
    app.jinja_env.globals.update(place_on=place_on, spread_dots=spread_dots, time_window=time_window)
