"""Which bodies a person keeps away from by his record alone, and until when: shown before any task exists."""

from dataclasses import dataclass
from datetime import date

from evalhub.domain.periods import Period, add_months

DEFAULT_WINDOW_MONTHS = 36


@dataclass(frozen=True)
class Tie:
    """A person's tie to a body: `kind` is employment, post or kin; kin have no period."""

    body_id: str
    body_name: str
    credit_code: str | None
    kind: str
    period: Period | None = None
    parent_id: str | None = None
    parent_name: str | None = None


@dataclass(frozen=True)
class AvoidedBody:
    """A body and the day to which it is avoided; `until_on` None is without end.

    `rule` is R1 (employment), R2 (posts) or R3 (kin); `is_parent` where it is the body above the one in the record.
    """

    body_id: str
    name: str
    credit_code: str | None
    rule: str
    until_on: date | None
    is_parent: bool
    source: Tie


_RULES = {"employment": "R1", "post": "R2", "kin": "R3"}


def avoided_bodies(ties: list[Tie], today: date, window_months: int | None) -> list[AvoidedBody]:
    """Bodies of ties that last, or ended within the window before today; each body once per rule, the longest first.

    Args:
        window_months: how long a tie counts after its end; None for ever.
    """
    best: dict[tuple[str, str], AvoidedBody] = {}
    for tie in ties:
        until_on = _avoided_until(tie, window_months)
        if until_on is not None and until_on < today:
            continue
        for found in _with_parent(tie, until_on):
            key = (found.body_id, found.rule)
            if key not in best or _end(found) > _end(best[key]):
                best[key] = found
    return sorted(best.values(), key=lambda found: (found.is_parent, -_end(found).toordinal(), found.name))


def _avoided_until(tie: Tie, window_months: int | None) -> date | None:
    if tie.period is None or tie.period.last_day is None or window_months is None:
        return None
    return add_months(tie.period.last_day, window_months)


def _with_parent(tie: Tie, until_on: date | None) -> list[AvoidedBody]:
    rule = _RULES[tie.kind]
    found = [AvoidedBody(tie.body_id, tie.body_name, tie.credit_code, rule, until_on, False, tie)]
    if tie.kind == "employment" and tie.parent_id and tie.parent_name:
        found.append(AvoidedBody(tie.parent_id, tie.parent_name, None, rule, until_on, True, tie))
    return found


def _end(found: AvoidedBody) -> date:
    return found.until_on or date.max
