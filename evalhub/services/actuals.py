"""What the unit reports per indicator: actual value, money spent, explanation; ticked or returned by the officer."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from evalhub.domain.errors import InvalidInput, NotFound, RuleBroken, Stale
from evalhub.domain.states import INDICATOR_ACTUAL_LIFECYCLE
from evalhub.models.papers import IndicatorActual
from evalhub.models.plans import Task
from evalhub.queries.audience import list_department_accounts
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.documents import refuse_closed
from evalhub.services.journal import Notice
from evalhub.services.sheets import framework_of
from evalhub.services.tasks import load_task, task_label
from evalhub.services.versions import refuse_stale


@dataclass(frozen=True)
class ActualValues:
    """One line as the unit entered it; spent in fen; `version` 0 where there was no line yet."""

    code: str
    actual: str | None
    spent_fen: int | None
    explanation: str | None
    version: int

    @property
    def is_empty(self) -> bool:
        return self.actual is None and self.spent_fen is None and self.explanation is None

    def columns(self) -> dict[str, object]:
        return {"actual": self.actual, "spent_fen": self.spent_fen, "explanation": self.explanation}


def fill_actuals(change: Change, task_id: str, lines: Sequence[ActualValues]) -> int:
    """Keep the lines that differ from what is stored; the others are not touched.

    Returns:
        How many lines changed.

    Raises:
        InvalidInput: a code that is no leaf of the task's framework.
        RuleBroken: the unit may not hand in now, or a changed line is accepted already.
        Stale: somebody changed one of these lines meanwhile; nothing is written.
    """
    task = load_task(change, task_id)
    refuse_closed(task)
    known = framework_of(change.session, task).leaf_points
    stored = _stored(change, task)
    changed = [line for line in lines if _differs(line, stored.get(line.code))]
    for line in changed:
        if line.code not in known:
            raise InvalidInput("actual.unknown_line", line=line.code)
        _keep(change, task, line, stored.get(line.code))
    codes = [line.code for line in changed]
    notices = [Notice(task.officer_id)] if changed else []
    journal.record(
        change, "actuals.filled", "task", task.id, task_label(task), task_id=task.id, detail={"lines": codes},
        after={line.code: line.columns() for line in changed}, notify=notices,
    )  # fmt: skip
    return len(changed)


def accept_actuals(change: Change, task_id: str, codes: Sequence[str]) -> int:
    """Tick lines that the unit has filled. Returns how many.

    Raises:
        InvalidInput: none is named.
    """
    task = load_task(change, task_id)
    stored = _stored(change, task)
    chosen = [stored[code] for code in codes if code in stored]
    if not chosen:
        raise InvalidInput(fields={"codes": "plan.nothing_ticked"})
    for row in chosen:
        INDICATOR_ACTUAL_LIFECYCLE.apply(row, "accept", change.actor)
        row.note = None
    codes = [row.indicator_code for row in chosen]
    journal.record(
        change, "actuals.accepted", "task", task.id, task_label(task), task_id=task.id, detail={"lines": codes}
    )
    return len(chosen)


def return_actual(change: Change, task_id: str, code: str, note: str, version: int) -> IndicatorActual:
    """Give one line back to the unit with a note."""
    task = load_task(change, task_id)
    row = _stored(change, task).get(code)
    if row is None:
        raise NotFound("indicator_actual")
    refuse_stale(change, "indicator_actual", row, version, {})
    if not note:
        raise InvalidInput(fields={"note": "field.required"})
    INDICATOR_ACTUAL_LIFECYCLE.apply(row, "return", change.actor)
    row.note = note
    told = list_department_accounts(change.session, task.project.department_id)
    journal.record(
        change, "actual.returned", "indicator_actual", row.id, f"{task_label(task)}: {code}", task_id=task.id,
        reason=note, notify=[Notice(account_id) for account_id in told],
    )  # fmt: skip
    return row


def _stored(change: Change, task: Task) -> dict[str, IndicatorActual]:
    rows = change.session.scalars(select(IndicatorActual).where(IndicatorActual.task_id == task.id))
    return {row.indicator_code: row for row in rows}


def _differs(line: ActualValues, row: IndicatorActual | None) -> bool:
    if row is None:
        return not line.is_empty
    return (line.actual, line.spent_fen, line.explanation) != (row.actual, row.spent_fen, row.explanation)


def _keep(change: Change, task: Task, line: ActualValues, row: IndicatorActual | None) -> None:
    if row is None:
        _add(change, task, line)
        return
    if row.version != line.version:
        before = {"actual": row.actual, "spent_fen": row.spent_fen, "explanation": row.explanation}
        raise Stale(
            noun="indicator_actual", record_id=row.id, yours=line.columns(), stored=before,
            changed_by=None, changed_at=row.filled_at,
        )  # fmt: skip
    if row.state == "accepted":
        raise RuleBroken("actual.accepted", line=line.code)
    INDICATOR_ACTUAL_LIFECYCLE.apply(row, "fill", change.actor)
    row.actual, row.spent_fen, row.explanation = line.actual, line.spent_fen, line.explanation
    row.filled_by_id, row.filled_at = change.actor.account_id, change.now


def _add(change: Change, task: Task, line: ActualValues) -> None:
    if line.version:
        raise NotFound("indicator_actual")
    change.session.add(
        IndicatorActual(
            task_id=task.id,
            indicator_code=line.code,
            filled_by_id=change.actor.account_id,
            filled_at=change.now,
            **line.columns(),
        )
    )
