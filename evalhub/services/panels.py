"""Opening a panel: in one transaction every sheet is opened, its rows are written, and the first result is made."""

import hashlib
import json
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from evalhub.domain.errors import InvalidMove, NotFound, RuleBroken
from evalhub.domain.panel_states import RESULT_LIFECYCLE, SEAT_LIFECYCLE, SHEET_LIFECYCLE
from evalhub.domain.scoring.aggregate import TaskResult, aggregate_task
from evalhub.domain.scoring.exchange import input_hash
from evalhub.domain.scoring.exchange_result import result_document
from evalhub.domain.scoring.framework import Framework
from evalhub.domain.scoring.panel import Method, Panel, RaterSheet
from evalhub.domain.scoring.sheet import ScoreSheet
from evalhub.domain.states import TASK_LIFECYCLE
from evalhub.models.plans import Task
from evalhub.models.results import Finding, Result
from evalhub.models.seats import Seat
from evalhub.models.sheets import Sheet, SheetLine
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.journal import Notice
from evalhub.services.sheets import framework_of, read_content

HANDED_IN = ("submitted", "locked", "aggregated")


def close_panel(change: Change, task_id: str) -> Result:
    """Close scoring of a task: sheets are opened together and the result is made from them.

    Raises:
        RuleBroken: sheets are still missing and the deadline is not over, or a source has none at all.
        InvalidMove: the task is not being scored.
    """
    task = _task(change.session, task_id)
    sheets = live_sheets(change.session, task_id)
    missing = [sheet for sheet in sheets if sheet.state not in HANDED_IN]
    if missing and change.now < task.scoring_due_at:
        raise RuleBroken("panel.sheets_missing", missing=len(missing), wanted=len(sheets))
    TASK_LIFECYCLE.apply(task, "close_panel", change.actor)
    task.panel_closed_at = change.now
    result = _open_and_total(change, task, [sheet for sheet in sheets if sheet.state in HANDED_IN], None)
    journal.record(
        change, "panel.closed", "task", task.id, task.code, task_id=task.id,
        detail={"sheets": len(sheets) - len(missing), "missing": len(missing)},
        notify=[Notice(task.approver_id), Notice(task.officer_id)],
    )  # fmt: skip
    return result


def reopen_sheet(change: Change, task_id: str, sheet_id: str, reason: str) -> Sheet:
    """Give a counted sheet back to its rater for a correction; the first score stays kept with the result it made."""
    sheet = change.session.get(Sheet, sheet_id)
    if sheet is None or sheet.task_id != task_id:
        raise NotFound("sheet")
    task = _task(change.session, task_id)
    SHEET_LIFECYCLE.apply(sheet, "reopen", change.actor)
    seat = change.session.get_one(Seat, sheet.seat_id)
    sheet.returned_reason = reason
    if task.state in ("approved", "fed_back"):
        TASK_LIFECYCLE.apply(task, "correct", change.actor)
    detail = {"seat": seat.position}
    journal.record(
        change, "sheet.reopened", "sheet", sheet.id, task.code, task_id=task.id, reason=reason, detail=detail
    )
    return sheet


def correct_result(change: Change, result_id: str, reason: str) -> Result:
    """Make a new version of the result from the sheets as they are now; the earlier one is superseded, never changed.

    Raises:
        RuleBroken: a reopened sheet has not been handed in again.
    """
    current = change.session.get(Result, result_id)
    if current is None:
        raise NotFound("result")
    task = _task(change.session, current.task_id)
    if current is not current_result(change.session, task.id):
        raise InvalidMove("result.not_the_newest")
    sheets = live_sheets(change.session, task.id)
    missing = [sheet for sheet in sheets if sheet.state not in HANDED_IN]
    if missing:
        raise RuleBroken("panel.sheets_missing", missing=len(missing), wanted=len(sheets))
    RESULT_LIFECYCLE.apply(current, "supersede", change.actor)
    result = _open_and_total(change, task, sheets, reason)
    journal.record(
        change, "result.corrected", "result", result.id, task.code, task_id=task.id, reason=reason,
        detail={"number": result.number}, notify=[Notice(task.approver_id)],
    )  # fmt: skip
    return result


def live_sheets(session: Session, task_id: str) -> list[Sheet]:
    """Sheets that count: neither void nor of a suspended seat, in the order of the seats."""
    rows = (
        select(Sheet)
        .join(Seat, Seat.id == Sheet.seat_id)
        .where(Sheet.task_id == task_id, Sheet.is_void.is_(False), Seat.is_suspended.is_(False))
        .order_by(Seat.kind.desc(), Seat.position, Seat.id)
    )
    return list(session.scalars(rows))


def current_result(session: Session, task_id: str) -> Result | None:
    """The newest version of a task's result."""
    return session.scalar(select(Result).where(Result.task_id == task_id).order_by(Result.number.desc()).limit(1))


def method_of(task: Task) -> Method:
    """The method fixed before scoring, from its stored form."""
    stored = task.method
    return Method(
        statistics=dict(stored["statistics"]),
        source_weights=dict(stored["source_weights"]),
        quorum=dict(stored["quorum"]),
    )


def _open_and_total(change: Change, task: Task, sheets: list[Sheet], reason: str | None) -> Result:
    framework = framework_of(change.session, task)
    contents = {sheet.id: read_content(change.session, change.tools.vault, sheet) for sheet in sheets}
    panel = Panel(task.code, framework, method_of(task), tuple(_rater_sheets(change.session, sheets, contents)))
    empty = [source for source in panel.sources if not panel.sheets_of(source)]
    if empty:
        raise RuleBroken("panel.source_without_sheet", source=empty[0])
    for sheet in sheets:
        _write_lines(change.session, framework, sheet, contents[sheet.id])
        if sheet.state == "submitted":
            SHEET_LIFECYCLE.apply(sheet, "lock", change.actor)
        if sheet.state == "locked":
            SHEET_LIFECYCLE.apply(sheet, "count", change.actor)
        seat = change.session.get_one(Seat, sheet.seat_id)
        if seat.state == "working":
            SEAT_LIFECYCLE.apply(seat, "finish", change.actor)
    outcome = aggregate_task(panel)
    _keep_totals(change.session, sheets, outcome)
    result = _write_result(change, task, panel, outcome, reason)
    _draft_findings(change.session, result, framework, contents)
    return result


def rater_name(seat: Seat) -> str:
    """How a rater is named in a result: by his place, never by his name."""
    return f"E{seat.position:02d}" if seat.kind == "expert" else "A01"


def _rater_sheets(session: Session, sheets: list[Sheet], contents: dict[str, ScoreSheet]) -> list[RaterSheet]:
    return [
        RaterSheet(rater_name(session.get_one(Seat, sheet.seat_id)), contents[sheet.id].scores(), sheet.source)
        for sheet in sheets
    ]


def _write_lines(session: Session, framework: Framework, sheet: Sheet, content: ScoreSheet) -> None:
    session.execute(delete(SheetLine).where(SheetLine.sheet_id == sheet.id))
    for leaf in framework.leaves():
        line = content.line(leaf.code)
        session.add(
            SheetLine(
                sheet_id=sheet.id,
                indicator_code=leaf.code,
                points=line.points,
                full_points=leaf.points,
                reason=line.reason or None,
                document_item_id=line.evidence.document if line.evidence else None,
                page=line.evidence.page if line.evidence else None,
                quote=line.evidence.quote if line.evidence else None,
            )
        )


def _keep_totals(session: Session, sheets: list[Sheet], outcome: TaskResult) -> None:
    for sheet in sheets:
        found = outcome.raters.get(rater_name(session.get_one(Seat, sheet.seat_id)))
        sheet.total_points = found.total if found else None


def _write_result(change: Change, task: Task, panel: Panel, outcome: TaskResult, reason: str | None) -> Result:
    document = json.loads(json.dumps(result_document(outcome), default=_plain, ensure_ascii=False))
    number = 1 + (change.session.scalar(select(func.max(Result.number)).where(Result.task_id == task.id)) or 0)
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    result = Result(
        task_id=task.id,
        number=number,
        status=outcome.outcome.status,
        total_points=outcome.total,
        grade=outcome.grade,
        one_rater_decides=bool(outcome.stability.one_rater_decides),
        outcome=document,
        input_hash=input_hash(panel),
        content_hash="sha256:" + hashlib.sha256(canonical.encode()).hexdigest(),
        correction_reason=reason,
        made_by_id=change.actor.account_id,
        made_at=change.now,
    )
    change.session.add(result)
    change.session.flush()
    return result


def _plain(value: Any) -> Any:
    """Exact decimals travel as text."""
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)


def _draft_findings(session: Session, result: Result, framework: Framework, contents: dict[str, ScoreSheet]) -> None:
    """A first list of problems: one per indicator that lost points, in the raters' words; the officer edits it."""
    position = 0
    for leaf in framework.leaves():
        lost = [content.line(leaf.code) for content in contents.values() if _lost(content, leaf.code, leaf.points)]
        if not lost:
            continue
        position += 1
        places = [line.evidence for line in lost if line.evidence is not None]
        session.add(
            Finding(
                result_id=result.id,
                position=position,
                indicator_code=leaf.code,
                title=leaf.name.zh,
                text="\n".join(sorted({line.reason.strip() for line in lost})),
                points_lost=max(leaf.points - (line.points or 0) for line in lost),
                place="；".join(sorted({_place(place) for place in places})) or None,
            )
        )


def _lost(content: ScoreSheet, code: str, full: int) -> bool:
    line = content.line(code)
    return line.points is not None and line.points < full


def _place(place: Any) -> str:
    return place.quote or (f"p. {place.page}" if place.page else place.document)


def _task(session: Session, task_id: str) -> Task:
    task = session.get(Task, task_id)
    if task is None:
        raise NotFound("task")
    return task
