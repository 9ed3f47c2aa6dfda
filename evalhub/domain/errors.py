"""What a rule can refuse: a code, the record and the figures behind it. The web layer makes the phrases."""

from typing import Any


class DomainError(Exception):
    """A refusal that its reader can act on.

    Args:
        code: key of the sentence that says what happened and what to do, such as `seat.capacity_reached`.
        figures: counts, dates and names that the sentence shows.
    """

    def __init__(self, code: str, **figures: Any) -> None:
        super().__init__(code)
        self.code = code
        self.figures = figures

    def __str__(self) -> str:
        return f"{self.code} {self.figures}" if self.figures else self.code


class NotFound(DomainError):
    """No such record, or none that the asker may know of: both look alike."""

    def __init__(self, noun: str = "record") -> None:
        super().__init__("missing", noun=noun)


class Refused(DomainError):
    """The asker sees the record but may not do this to it; `code` is the reason."""


class InvalidMove(DomainError):
    """The record's state does not allow the action (409)."""


class Stale(DomainError):
    """Somebody changed the record since the asker read it (409).

    Figures: `noun`, `record_id`, `yours` and `stored` (field -> value), `changed_by`, `changed_at`.
    """

    def __init__(self, **figures: Any) -> None:
        super().__init__("stale", **figures)


class InvalidInput(DomainError):
    """What was typed cannot be taken; `fields` names each field's fault by code (422)."""

    def __init__(self, code: str = "invalid", fields: dict[str, str] | None = None, **figures: Any) -> None:
        super().__init__(code, **figures)
        self.fields = fields or {}


class RuleBroken(DomainError):
    """A rule of the house stands against it although each field is sound (422), such as a conflict of interest."""
