"""Documents of the unit: handed in item by item, ticked or returned with a note by the officer."""

from sqlalchemy import select

from evalhub.domain.errors import InvalidInput, NotFound, RuleBroken
from evalhub.domain.states import DOCUMENT_ITEM_LIFECYCLE
from evalhub.models.papers import DocumentItem
from evalhub.models.plans import Task
from evalhub.queries.audience import list_department_accounts
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.files import KeptFile, add_file
from evalhub.services.journal import Notice
from evalhub.services.tasks import load_task, task_label
from evalhub.services.versions import refuse_stale

HANDING_IN = ("preparing", "plan_approved", "executing")
"""States of a task in which its unit may hand in: after the receipt of the notice, before the panel closes."""

EVENTS = {"accept": "accepted", "return": "returned", "waive": "waived", "ask_again": "asked_again"}


def hand_in_document(change: Change, task_id: str, item_id: str, kept: KeptFile, version: int) -> DocumentItem:
    """Hand in the file of one item, or another one in its place while it is not accepted.

    Raises:
        RuleBroken: the notice has not been received, or scoring is over.
        InvalidMove: the item is accepted or waived.
    """
    task = load_task(change, task_id)
    item = _load_item(change, task, item_id)
    refuse_stale(change, "document_item", item, version, {})
    refuse_closed(task)
    DOCUMENT_ITEM_LIFECYCLE.apply(item, "hand_in", change.actor)
    item.file, item.note = add_file(change, task.id, kept), None
    item.handed_in_by_id, item.handed_in_at = change.actor.account_id, change.now
    detail = {"file": kept.original_name, "sha256": kept.sha256, "size_bytes": kept.size_bytes}
    journal.record(
        change, "document.handed_in", "document_item", item.id, _label(task, item), task_id=task.id, detail=detail,
        notify=[Notice(task.officer_id)],
    )  # fmt: skip
    return item


def check_document(change: Change, task_id: str, item_id: str, action: str, note: str, version: int) -> DocumentItem:
    """Tick an item, return it with a note, waive it or ask for it again.

    Args:
        action: `accept`, `return`, `waive` or `ask_again`; a return and a waiver need a note.

    Raises:
        InvalidInput: the note is missing.
        InvalidMove: the item's state does not allow it, such as ticking what is not handed in.
    """
    task = load_task(change, task_id)
    item = _load_item(change, task, item_id)
    refuse_stale(change, "document_item", item, version, {})
    if action in ("return", "waive") and not note:
        raise InvalidInput(fields={"note": "field.required"})
    DOCUMENT_ITEM_LIFECYCLE.apply(item, action, change.actor)
    item.note = note or None
    item.checked_by_id, item.checked_at = change.actor.account_id, change.now
    told = list_department_accounts(change.session, task.project.department_id) if action != "accept" else []
    journal.record(
        change, f"document.{EVENTS[action]}", "document_item", item.id, _label(task, item), task_id=task.id,
        reason=note or None, notify=[Notice(account_id) for account_id in told],
    )  # fmt: skip
    return item


def refuse_closed(task: Task) -> None:
    """Raises `RuleBroken` where the unit may not hand in: before the receipt, after scoring, while suspended."""
    if task.state == "notified":
        raise RuleBroken("document.receipt_first")
    if task.state not in HANDING_IN:
        raise RuleBroken("document.list_closed")


def _load_item(change: Change, task: Task, item_id: str) -> DocumentItem:
    query = select(DocumentItem).where(DocumentItem.id == item_id, DocumentItem.task_id == task.id)
    item = change.session.scalar(query)
    if item is None:
        raise NotFound("document_item")
    return item


def _label(task: Task, item: DocumentItem) -> str:
    return f"{task_label(task)}: {item.title}"
