"""The evaluation notice: issued to the unit with the list of documents it hands in, and its receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from evalhub.domain.errors import InvalidInput, NotFound, RuleBroken
from evalhub.domain.states import TASK_LIFECYCLE
from evalhub.models.papers import DocumentItem, EvaluationNotice
from evalhub.models.plans import Task
from evalhub.queries.audience import list_department_accounts
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.journal import Notice
from evalhub.services.tasks import load_task, task_label
from evalhub.services.versions import refuse_stale

ITEMS_AT_MOST = 60


@dataclass(frozen=True)
class WantedDocument:
    title: str
    hint: str | None
    is_required: bool


@dataclass(frozen=True)
class NoticeValues:
    """Number as in 示例财绩〔2026〕12号, the words, the last day for the documents, their list in order."""

    number: str
    body: str
    documents_due_on: date
    documents: Sequence[WantedDocument]


def issue_notice(change: Change, task_id: str, values: NoticeValues, version: int) -> EvaluationNotice:
    """Issue the notice; from then on the unit's department sees the task.

    Raises:
        InvalidInput: no document wanted, a title twice, a due day that is past or after the work.
        InvalidMove: the panel is not confirmed, or a notice has been issued.
    """
    task = load_task(change, task_id)
    refuse_stale(change, "task", task, version, {})
    faults = _faults(change, task, values)
    if faults:
        raise InvalidInput(fields=faults)
    TASK_LIFECYCLE.apply(task, "notify", change.actor)
    notice = EvaluationNotice(
        task_id=task.id,
        number=values.number,
        body=values.body,
        documents_due_on=values.documents_due_on,
        issued_by_id=change.actor.account_id,
        issued_at=change.now,
    )
    change.session.add(notice)
    for position, wanted in enumerate(values.documents, start=1):
        _add_item(change, task, position, wanted)
    change.session.flush()
    detail = {"number": values.number, "documents": len(values.documents)}
    journal.record(
        change, "notice.issued", "notice", notice.id, values.number, task_id=task.id, detail=detail,
        notify=_department(change, task, wants_mail=True),
    )  # fmt: skip
    return notice


def receive_notice(change: Change, task_id: str, version: int) -> EvaluationNotice:
    """The unit confirms that it has the notice; its documents are due from now on."""
    task = load_task(change, task_id)
    notice = change.session.scalar(select(EvaluationNotice).where(EvaluationNotice.task_id == task_id))
    if notice is None:
        raise NotFound("notice")
    refuse_stale(change, "notice", notice, version, {})
    TASK_LIFECYCLE.apply(task, "receive", change.actor)
    notice.received_by_id, notice.received_at = change.actor.account_id, change.now
    journal.record(
        change, "notice.received", "notice", notice.id, notice.number, task_id=task.id, notify=[Notice(task.officer_id)]
    )
    return notice


def ask_for_document(change: Change, task_id: str, wanted: WantedDocument) -> DocumentItem:
    """Ask the unit for one more document while it still hands in.

    Raises:
        RuleBroken: no notice is out, or scoring is over.
        InvalidInput: it is on the list already.
    """
    task = load_task(change, task_id)
    if task.state not in ("notified", "preparing", "plan_approved", "executing"):
        raise RuleBroken("document.list_closed")
    titles = set(change.session.scalars(select(DocumentItem.title).where(DocumentItem.task_id == task_id)))
    if wanted.title in titles:
        raise InvalidInput(fields={"title": "document.title_twice"})
    if len(titles) >= ITEMS_AT_MOST:
        raise RuleBroken("document.list_full", count=ITEMS_AT_MOST)
    last = change.session.scalar(select(func.max(DocumentItem.position)).where(DocumentItem.task_id == task_id)) or 0
    item = _add_item(change, task, last + 1, wanted)
    change.session.flush()
    journal.record(
        change, "document.asked", "document_item", item.id, f"{task_label(task)}: {item.title}", task_id=task.id,
        notify=_department(change, task),
    )  # fmt: skip
    return item


def _faults(change: Change, task: Task, values: NoticeValues) -> dict[str, str]:
    found = {}
    titles = [wanted.title for wanted in values.documents]
    if not titles:
        found["documents"] = "notice.no_documents"
    elif len(titles) > ITEMS_AT_MOST:
        found["documents"] = "notice.too_many_documents"
    elif len(set(titles)) < len(titles):
        found["documents"] = "document.title_twice"
    if not change.today <= values.documents_due_on <= task.work_until_on:
        found["documents_due_on"] = "notice.due_out_of_range"
    return found


def _add_item(change: Change, task: Task, position: int, wanted: WantedDocument) -> DocumentItem:
    item = DocumentItem(
        task_id=task.id,
        position=position,
        title=wanted.title,
        hint=wanted.hint,
        is_required=wanted.is_required,
    )
    change.session.add(item)
    return item


def _department(change: Change, task: Task, *, wants_mail: bool = False) -> list[Notice]:
    accounts = list_department_accounts(change.session, task.project.department_id)
    return [Notice(account_id, wants_mail=wants_mail) for account_id in accounts]
