"""Notice, document list and actual values of a task: for the officer who checks, and the unit that hands in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evalhub.domain.permissions import Actor
from evalhub.models.papers import DocumentItem, EvaluationNotice, IndicatorActual, StoredFile
from evalhub.models.plans import Task
from evalhub.models.projects import Project
from evalhub.queries.people import names_of
from evalhub.queries.scope import visible_tasks


@dataclass(frozen=True)
class FileLine:
    """What a page shows of a stored file; opening it goes through the one checked route."""

    id: str
    name: str
    media_type: str
    size_bytes: int
    pages: int | None
    sha256: str
    uploaded_at: datetime

    @property
    def is_pdf(self) -> bool:
        return self.media_type == "application/pdf"


@dataclass(frozen=True)
class DocumentLine:
    id: str
    position: int
    title: str
    hint: str | None
    is_required: bool
    state: str
    version: int
    note: str | None
    file: FileLine | None
    handed_in_by: str | None
    handed_in_at: datetime | None
    checked_by: str | None
    checked_at: datetime | None


@dataclass(frozen=True)
class NoticeView:
    number: str
    body: str
    documents_due_on: date
    issued_at: datetime
    received_by: str | None
    received_at: datetime | None
    version: int


@dataclass(frozen=True)
class ActualLine:
    """One indicator with what the unit filled in; branches carry neither. `version` 0: nothing filled yet."""

    code: str
    name: str
    english_name: str
    depth: int
    points: int
    is_leaf: bool
    operator: str
    target: str
    unit: str
    actual: str | None
    spent_fen: int | None
    explanation: str | None
    state: str
    note: str | None
    version: int


@dataclass(frozen=True)
class UnitTaskLine:
    """A task in the list of its department."""

    id: str
    code: str
    name: str
    state: str
    notice_number: str
    documents_due_on: date
    is_received: bool
    documents_in: int
    documents_returned: int
    documents_wanted: int


def find_notice(session: Session, actor: Actor, task_id: str) -> NoticeView | None:
    """The notice of a task, or None before it is issued."""
    query = select(EvaluationNotice).where(EvaluationNotice.task_id.in_(_visible(actor, task_id)))
    notice = session.scalar(query)
    if notice is None:
        return None
    names = names_of(session, (notice.received_by_id,))
    return NoticeView(
        number=notice.number,
        body=notice.body,
        documents_due_on=notice.documents_due_on,
        issued_at=notice.issued_at,
        received_by=names.get(notice.received_by_id or ""),
        received_at=notice.received_at,
        version=notice.version,
    )


def list_documents(session: Session, actor: Actor, task_id: str) -> list[DocumentLine]:
    """The document list in its order."""
    query = select(DocumentItem).where(DocumentItem.task_id.in_(_visible(actor, task_id)))
    items = session.scalars(query.order_by(DocumentItem.position)).all()
    names = names_of(session, {person for item in items for person in (item.handed_in_by_id, item.checked_by_id)})
    return [
        DocumentLine(
            id=item.id, position=item.position, title=item.title, hint=item.hint, is_required=item.is_required,
            state=item.state, version=item.version, note=item.note, file=file_line(item.file),
            handed_in_by=names.get(item.handed_in_by_id or ""), handed_in_at=item.handed_in_at,
            checked_by=names.get(item.checked_by_id or ""), checked_at=item.checked_at,
        )
        for item in items
    ]  # fmt: skip


def list_actuals(session: Session, actor: Actor, task_id: str) -> list[ActualLine]:
    """Every line of the task's framework in the order of the tree, with what the unit filled in."""
    task = session.scalar(visible_tasks(actor).where(Task.id == task_id))
    if task is None:
        return []
    rows = session.scalars(select(IndicatorActual).where(IndicatorActual.task_id == task_id))
    filled = {row.indicator_code: row for row in rows}
    tree = task.framework_edition.indicator_tree
    lines = []
    waiting = [(root, 1) for root in reversed(tree.indicators)]
    while waiting:
        node, depth = waiting.pop()
        row = filled.get(node.code)
        lines.append(
            ActualLine(
                code=node.code, name=node.name.zh, english_name=node.name.en, depth=depth, points=node.points,
                is_leaf=node.is_leaf, operator=node.operator, target=node.target, unit=node.unit,
                actual=row.actual if row else None, spent_fen=row.spent_fen if row else None,
                explanation=row.explanation if row else None, state=row.state if row else "wanted",
                note=row.note if row else None, version=row.version if row else 0,
            )
        )  # fmt: skip
        waiting += [(child, depth + 1) for child in reversed(node.children)]
    return lines


def list_unit_tasks(session: Session, actor: Actor) -> list[UnitTaskLine]:
    """The tasks of the asker's own department, those due first."""
    if actor.department_id is None:
        return []
    query = (
        visible_tasks(actor)
        .join(Project, Project.id == Task.project_id)
        .join(EvaluationNotice, EvaluationNotice.task_id == Task.id)
        .with_only_columns(
            Task.id, Task.code, Project.name, Task.state, EvaluationNotice.number,
            EvaluationNotice.documents_due_on, EvaluationNotice.received_at,
        )
        .order_by(EvaluationNotice.documents_due_on, Task.code)
    )  # fmt: skip
    rows = session.execute(query).all()
    counts = _document_counts(session, [row.id for row in rows])
    lines = []
    for row in rows:
        by_state = counts.get(row.id, {})
        lines.append(
            UnitTaskLine(
                id=row.id, code=row.code, name=row.name, state=row.state, notice_number=row.number,
                documents_due_on=row.documents_due_on, is_received=row.received_at is not None,
                documents_in=sum(by_state.get(state, 0) for state in ("handed_in", "accepted", "not_applicable")),
                documents_returned=by_state.get("returned", 0), documents_wanted=sum(by_state.values()),
            )
        )  # fmt: skip
    return lines


def wanted_papers(session: Session, actor: Actor, task_id: str) -> list[str]:
    """What the task's framework names as evidence, each once: the proposal for the document list."""
    task = session.scalar(visible_tasks(actor).where(Task.id == task_id))
    if task is None:
        return []
    tree = task.framework_edition.indicator_tree
    return list(dict.fromkeys(paper for leaf in tree.leaves() for paper in leaf.evidence))


def file_line(file: StoredFile | None) -> FileLine | None:
    if file is None:
        return None
    return FileLine(
        file.id, file.original_name, file.media_type, file.size_bytes, file.pages, file.sha256, file.uploaded_at
    )


def _visible(actor: Actor, task_id: str):  # type: ignore[no-untyped-def]
    return visible_tasks(actor).where(Task.id == task_id).with_only_columns(Task.id)


def _document_counts(session: Session, task_ids: Iterable[str]) -> dict[str, dict[str, int]]:
    query = (
        select(DocumentItem.task_id, DocumentItem.state, func.count())
        .where(DocumentItem.task_id.in_(task_ids))
        .group_by(DocumentItem.task_id, DocumentItem.state)
    )
    found: dict[str, dict[str, int]] = {}
    for task_id, state, count in session.execute(query):
        found.setdefault(task_id, {})[state] = count
    return found
