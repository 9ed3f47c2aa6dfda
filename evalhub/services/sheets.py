"""Score sheets while they are secret: saved and submitted as one document under the task's key, never as rows."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from evalhub.domain.errors import InvalidInput, InvalidMove, NotFound, RuleBroken, Stale
from evalhub.domain.panel_states import SHEET_LIFECYCLE
from evalhub.domain.scoring.framework import Framework
from evalhub.domain.scoring.sheet import BranchTotal, ScoreSheet, branch_totals, check_complete, sheet_from_document
from evalhub.infra.crypto import Vault
from evalhub.models.plans import Task
from evalhub.models.seats import Seat
from evalhub.models.sheets import Sheet, SheetEdition
from evalhub.services import journal
from evalhub.services.change import Change

EDITABLE = ("issued", "draft", "returned", "reopened")
SHEET_KIND = "sheet"


@dataclass(frozen=True)
class SavedSheet:
    """What the rater's page learns from a save: the next version and the running totals."""

    version: int
    totals: dict[str, BranchTotal]


def task_key(session: Session, vault: Vault, task_id: str) -> bytes:
    """The key under which a task's sheets and files are kept."""
    wrapped = session.scalar(select(Task.key_sealed).where(Task.id == task_id))
    if wrapped is None:
        raise NotFound("task")
    return vault.unwrap_task_key(wrapped, task_id)


def framework_of(session: Session, task: Task) -> Framework:
    return task.framework_edition.indicator_tree


def read_content(session: Session, vault: Vault, sheet: Sheet) -> ScoreSheet:
    """The content of one sheet; callers show it to its author alone until the panel has closed."""
    sealed = session.scalar(select(Sheet.content_sealed).where(Sheet.id == sheet.id))
    if sealed is None:
        return ScoreSheet()
    opened = vault.open_document(task_key(session, vault, sheet.task_id), SHEET_KIND, sheet.id, sealed)
    return sheet_from_document(json.loads(opened))


def save(change: Change, sheet_id: str, content: ScoreSheet, version: int) -> SavedSheet:
    """Keep the whole sheet as its rater has it now; a half-filled one is welcome.

    Raises:
        Stale: another window saved after this one was opened; nothing is overwritten.
        InvalidMove: the sheet has been submitted, or scoring has not begun or is over.
    """
    sheet, task = _own_sheet(change, sheet_id)
    _refuse_stale(sheet, version)
    totals = _keep(change, sheet, task, content)
    change.session.flush()
    journal.record(
        change, "sheet.saved", "sheet", sheet.id, task.code, task_id=task.id, detail={"lines": totals[""].settled}
    )
    return SavedSheet(sheet.version, totals)


def submit(change: Change, sheet_id: str, content: ScoreSheet, version: int) -> Sheet:
    """Hand a complete sheet in; its rater keeps the receipt.

    Raises:
        InvalidInput: lines are missing or points are off without reason or place; `figures["faults"]` names each.
        Stale, InvalidMove: as `save`.
    """
    sheet, task = _own_sheet(change, sheet_id)
    _refuse_stale(sheet, version)
    faults = check_complete(framework_of(change.session, task), content)
    if faults:
        raise InvalidInput("sheet.incomplete", faults=[(fault.path, fault.code) for fault in faults])
    _keep(change, sheet, task, content)
    SHEET_LIFECYCLE.apply(sheet, "submit", change.actor)
    sealed = sheet.content_sealed or b""
    receipt = change.tools.vault.make_receipt(SHEET_KIND, sheet.id, hashlib.sha256(sealed).hexdigest())
    sheet.submitted_at = change.now
    sheet.receipt, sheet.receipt_hmac = receipt.text, receipt.hmac
    number = 1 + (
        change.session.scalar(select(func.max(SheetEdition.number)).where(SheetEdition.sheet_id == sheet.id)) or 0
    )
    change.session.add(
        SheetEdition(
            sheet_id=sheet.id, number=number, content_sealed=sealed, receipt=receipt.text, submitted_at=change.now
        )
    )
    journal.record(
        change, "sheet.submitted", "sheet", sheet.id, task.code, task_id=task.id, detail={"receipt": receipt.text}
    )
    return sheet


def read_own(change: Change, sheet_id: str) -> ScoreSheet:
    """What is stored of the actor's own sheet, to lay beside what he typed."""
    sheet, _ = _own_sheet(change, sheet_id)
    return read_content(change.session, change.tools.vault, sheet)


def return_sheet(change: Change, task_id: str, sheet_id: str, reason: str) -> Sheet:
    """Give a sheet back for an error of form; its content stays the rater's own act."""
    sheet, task = _sheet_and_task(change.session, sheet_id)
    if sheet.task_id != task_id:
        raise NotFound("sheet")
    SHEET_LIFECYCLE.apply(sheet, "return", change.actor)
    sheet.returned_reason = reason
    journal.record(change, "sheet.returned", "sheet", sheet.id, task.code, task_id=task.id, reason=reason)
    return sheet


def _keep(change: Change, sheet: Sheet, task: Task, content: ScoreSheet) -> dict[str, BranchTotal]:
    if task.state not in ("executing", "scored", "consulting") or (
        task.state != "executing" and sheet.state not in ("reopened", "draft")
    ):
        raise InvalidMove("sheet.not_open_yet")
    if change.now >= task.scoring_due_at and sheet.state in ("issued", "draft"):
        raise InvalidMove("sheet.deadline_over")
    framework = framework_of(change.session, task)
    unknown = sorted(set(content.lines) - set(framework.leaf_points))
    if unknown:
        raise InvalidInput("sheet.unknown_line", line=unknown[0])
    if any(not 0 <= (line.points or 0) <= framework.leaf_points[code] for code, line in content.lines.items()):
        raise InvalidInput("sheet.out_of_range")
    if sheet.state != "draft":
        SHEET_LIFECYCLE.apply(sheet, "save", change.actor)
    totals = branch_totals(framework, content)
    key = change.tools.vault.unwrap_task_key(task.key_sealed, task.id)
    plain = json.dumps(content.to_document(), ensure_ascii=False, sort_keys=True).encode()
    sheet.content_sealed = change.tools.vault.seal_document(key, SHEET_KIND, sheet.id, plain)
    sheet.saved_at = change.now
    sheet.saved_lines = totals[""].settled
    return totals


def _own_sheet(change: Change, sheet_id: str) -> tuple[Sheet, Task]:
    """The sheet, if its seat is the actor's and lives; anything else does not exist for him."""
    sheet, task = _sheet_and_task(change.session, sheet_id)
    seat = change.session.get_one(Seat, sheet.seat_id)
    owner = change.actor.expert_id or change.actor.agency_id
    if owner is None or owner not in (seat.expert_id, seat.agency_id) or sheet.is_void:
        raise NotFound("sheet")
    if seat.is_suspended:
        raise RuleBroken("seat.suspended")
    return sheet, task


def _sheet_and_task(session: Session, sheet_id: str) -> tuple[Sheet, Task]:
    sheet = session.get(Sheet, sheet_id, options=[undefer(Sheet.content_sealed)])
    if sheet is None:
        raise NotFound("sheet")
    return sheet, session.get_one(Task, sheet.task_id, options=[undefer(Task.key_sealed)])


def _refuse_stale(sheet: Sheet, version: int) -> None:
    if sheet.state not in EDITABLE:
        raise InvalidMove("sheet.handed_in")
    if sheet.version != version:
        raise Stale(noun="sheet", record_id=sheet.id, changed_at=sheet.saved_at)


def totals_document(totals: dict[str, BranchTotal]) -> dict[str, Any]:
    """Running totals as the page's script reads them: hundredths as whole numbers."""
    return {
        code: {
            "points": total.points,
            "full": total.full,
            "settled": total.settled,
            "lines": total.lines,
            "missing_reasons": total.missing_reasons,
        }
        for code, total in totals.items()
    }
