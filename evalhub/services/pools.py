"""What experts and agencies have in common: codes, child rows, steps of the life cycle."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evalhub.domain.errors import InvalidInput, RuleBroken
from evalhub.domain.lifecycle import Lifecycle
from evalhub.domain.periods import add_months
from evalhub.domain.pool_states import ADMITTING, NEEDS_REASON
from evalhub.domain.records import FieldChoice
from evalhub.models.experts import Field
from evalhub.services.change import Change

TERM_MONTHS = 36
"""How long an admission lasts where nothing else is entered. A setting of local rules; three years are usual."""


def next_code(session: Session, column: Any, prefix: str) -> str:
    """The code after the greatest one, such as ZJ-0128."""
    newest = session.scalar(
        select(column).where(column.like(f"{prefix}-%")).order_by(func.length(column).desc(), column.desc()).limit(1)
    )
    digits = newest.removeprefix(f"{prefix}-") if newest else "0"
    number = int(digits) + 1 if digits.isdigit() else 1
    return f"{prefix}-{number:04d}"


def refuse_taken(session: Session, column: Any, id_column: Any, text: str, own_id: str | None, fault: str) -> None:
    """Refuse a value that another row holds already; `fault` is `field:code`."""
    other = session.scalar(select(id_column).where(column == text))
    if other is not None and other != own_id:
        field, code = fault.split(":")
        raise InvalidInput("invalid", {field: code})


def refuse_used(session: Session, row_id: str, columns: tuple[Any, ...], field: str, code: str) -> None:
    """Refuse to take away a row that one of the columns of other tables points at."""
    for column in columns:
        if session.scalar(select(column).where(column == row_id).limit(1)) is not None:
            raise InvalidInput("invalid", {field: code})


def refuse_unknown_fields(session: Session, choices: Sequence[FieldChoice]) -> None:
    """Refuse codes that are not in the field tree."""
    wanted = {choice.code for choice in choices}
    known = set(session.scalars(select(Field.code).where(Field.code.in_(wanted)))) if wanted else set()
    unknown = sorted(wanted - known)
    if unknown:
        raise InvalidInput("invalid", {"fields": "field_code.unknown"}, field_code=unknown[0])


def take_step(change: Change, lifecycle: Lifecycle, record: Any, action: str, reason: str | None) -> None:
    """Move a pool record by one step, with what follows from it for its dates and its people.

    Raises:
        InvalidMove, Refused: as the life cycle says.
        RuleBroken: the step needs a reason (`reason.required`), or a renewal finds no term (`term.missing`).
    """
    if action in NEEDS_REASON and not (reason or "").strip():
        raise RuleBroken("reason.required")
    lifecycle.apply(record, action, change.actor)
    record.state_reason = reason
    if action == "pass_second_check":
        record.checked_by_id = change.actor.account_id
    if action in ADMITTING:
        record.admitted_on = record.admitted_on or change.today
        record.term_until_on = record.term_until_on or add_months(record.admitted_on, TERM_MONTHS)
    if action == "renew":
        record.term_until_on = add_months(max(record.term_until_on or change.today, change.today), TERM_MONTHS)
    if action == "apply_again":
        record.submitted_by_id, record.checked_by_id = change.actor.account_id, None
    record.changed_at, record.changed_by_id = change.now, change.actor.account_id


def merge_rows(session: Session, rows: list[Any], wanted: list[Any], *attributes: str) -> None:
    """Make child rows equal to the wanted ones. A row that is wanted unchanged stays the same row, with its id.

    Verdicts and evidence point at rows; those must outlive an edit of something else. Old rows leave before new ones
    come, so that unique constraints see only the new.
    """
    kept: list[Any] = []
    left = list(rows)
    for want in wanted:
        same = next((row for row in left if all(getattr(row, a) == getattr(want, a) for a in attributes)), None)
        if same is not None:
            left.remove(same)
        kept.append(same if same is not None else want)
    for row in left:
        rows.remove(row)
    session.flush()
    rows.extend(row for row in kept if row not in rows)
