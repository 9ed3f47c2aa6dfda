"""What is told about one cell or row of a sheet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

ERROR, WARNING, NOTE = "error", "warning", "note"


@dataclass(frozen=True)
class SheetCell:
    """A cell as a spreadsheet holds it.

    Args:
        kind: `empty`, `text`, `number`, `date`, `truth` or `other`.
        text: byte for byte as typed; numbers as plain decimals, dates as 2026-11-23 or 2026-11-23 10:42.
        is_exact: False for a number whose last digits the spreadsheet has lost.
        is_covered: it lies under a merged cell and is empty for that reason.
    """

    kind: str = "empty"
    text: str = ""
    is_exact: bool = True
    is_covered: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()

    @property
    def shown(self) -> str:
        """As its owner sees it: a figure of twelve and more digits in the form in which spreadsheets show it."""
        digits = self.text.lstrip("-").partition(".")[0]
        return f"{Decimal(self.text):.5E}" if self.kind == "number" and len(digits) >= 12 else self.text


@dataclass(frozen=True)
class Mark:
    """Something told: an `error` must be mended, a `warning` ticked by a person, a `note` only read.

    Args:
        code: key of the sentence.
        figures: counts and names that the sentence shows.
    """

    level: str
    code: str
    figures: Mapping[str, Any] = field(default_factory=dict)


def error(code: str, **figures: Any) -> Mark:
    return Mark(ERROR, code, figures)


def warning(code: str, **figures: Any) -> Mark:
    return Mark(WARNING, code, figures)


def note(code: str, **figures: Any) -> Mark:
    return Mark(NOTE, code, figures)


@dataclass(frozen=True)
class Reading:
    """The value that a cell was read as (None: nothing, or unreadable) and what is told about it."""

    value: Any = None
    marks: tuple[Mark, ...] = ()
    precision: str = "day"


def unreadable(code: str, **figures: Any) -> Reading:
    return Reading(None, (error(code, **figures),))
