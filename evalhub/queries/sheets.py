"""Score sheets: one's own with all its lines, and who has handed in, without a score in sight."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from evalhub.domain.errors import NotFound
from evalhub.domain.masking import mask_name
from evalhub.domain.permissions import Actor
from evalhub.domain.rounding import format_points
from evalhub.domain.scoring.framework import Framework, Indicator
from evalhub.domain.scoring.sheet import BranchTotal, Line, ScoreSheet, branch_totals, sheet_from_document
from evalhub.infra.crypto import Vault
from evalhub.models.agencies import Agency
from evalhub.models.experts import Expert
from evalhub.models.organisations import Organisation
from evalhub.models.papers import DocumentItem
from evalhub.models.plans import Task
from evalhub.models.projects import Project
from evalhub.models.seats import ENDED, Seat
from evalhub.models.sheets import Sheet
from evalhub.queries.scope import visible_seats, visible_sheets, visible_tasks

EDITABLE = ("issued", "draft", "returned", "reopened")


@dataclass(frozen=True)
class SheetHead:
    """What is known of a sheet without opening it; also the record of its gate."""

    id: str
    task_id: str
    seat_id: str
    task_code: str
    task_name: str
    task_state: str
    source: str
    state: str
    version: int
    scoring_due_at: datetime
    saved_at: datetime | None
    submitted_at: datetime | None
    receipt: str | None
    returned_reason: str | None

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE and self.task_state in ("executing", "scored", "consulting")


@dataclass(frozen=True)
class LineView:
    """A line of the form; points in hundredths."""

    code: str
    name: str
    full_points: int
    value: str
    is_na: bool
    may_be_na: bool
    standard: str
    evidence_wanted: str
    reason: str
    document: str
    document_name: str
    page: int | None
    quote: str
    error: str | None = None


@dataclass(frozen=True)
class GroupView:
    code: str
    name: str | None
    full_points: int
    lines: tuple[LineView, ...]


@dataclass(frozen=True)
class BranchView:
    code: str
    name: str
    full_points: int
    is_finished: bool
    groups: tuple[GroupView, ...]


@dataclass(frozen=True)
class Paper:
    """A document of the task that the rater may read and quote."""

    id: str
    file_id: str
    name: str
    media_type: str


@dataclass(frozen=True)
class SheetView:
    """One's own sheet, opened: branches with their lines, running totals, papers, grade lines."""

    head: SheetHead
    branches: tuple[BranchView, ...]
    totals: dict[str, BranchTotal]
    papers: tuple[Paper, ...]
    grades: tuple[tuple[int, str], ...]
    content: ScoreSheet
    framework: Framework


@dataclass(frozen=True)
class ProgressRow:
    """Whether one seat has handed in: a state, never a score, a count of lines or a place in an order of scores."""

    seat_id: str
    sheet_id: str | None
    kind: str
    position: int
    code: str
    name: str
    seat_state: str
    sheet_state: str | None
    submitted_at: datetime | None


def get_my_sheet_head(session: Session, actor: Actor, sheet_id: str) -> SheetHead:
    """The actor's own sheet, unopened; raises NotFound."""
    row = session.execute(
        visible_sheets(actor)
        .with_only_columns(*_HEAD_COLUMNS)
        .join(Task, Task.id == Sheet.task_id)
        .join(Project, Project.id == Task.project_id)
        .where(Sheet.id == sheet_id)
    ).one_or_none()
    if row is None or actor.is_bureau:
        raise NotFound("sheet")
    return SheetHead(**row._mapping)


_HEAD_COLUMNS = (
    Sheet.id, Sheet.task_id, Sheet.seat_id, Task.code.label("task_code"), Project.name.label("task_name"),
    Task.state.label("task_state"), Sheet.source, Sheet.state, Sheet.version, Task.scoring_due_at, Sheet.saved_at,
    Sheet.submitted_at, Sheet.receipt, Sheet.returned_reason,
)  # fmt: skip


def open_my_sheet(session: Session, actor: Actor, vault: Vault, sheet_id: str, language: str) -> SheetView:
    """The actor's own sheet with its lines; the one place that opens a sheet for a page."""
    head = get_my_sheet_head(session, actor, sheet_id)
    sheet = session.get_one(Sheet, sheet_id, options=[undefer(Sheet.content_sealed)])
    task = session.get_one(Task, head.task_id, options=[undefer(Task.key_sealed)])
    framework = task.framework_edition.indicator_tree
    content = _content(vault, sheet, task)
    papers = list_papers(session, head.task_id)
    return view_of(head, framework, content, papers, language)


def view_of(
    head: SheetHead, framework: Framework, content: ScoreSheet, papers: tuple[Paper, ...], language: str
) -> SheetView:
    """A sheet's content laid out along the tree: as stored, or as it was just typed and refused."""
    totals = branch_totals(framework, content)
    names = {paper.id: paper.name for paper in papers}
    return SheetView(
        head=head,
        branches=tuple(_branch(node, content, totals, names, language) for node in framework.indicators),
        totals=totals,
        papers=papers,
        grades=tuple(sorted((grade.from_points, grade.code) for grade in framework.grades)),
        content=content,
        framework=framework,
    )


def _content(vault: Vault, sheet: Sheet, task: Task) -> ScoreSheet:
    if sheet.content_sealed is None:
        return ScoreSheet()
    key = vault.unwrap_task_key(task.key_sealed, task.id)
    return sheet_from_document(json.loads(vault.open_document(key, "sheet", sheet.id, sheet.content_sealed)))


def list_papers(session: Session, task_id: str) -> tuple[Paper, ...]:
    """The documents of a task that have come in, in the order of its list."""
    items = session.scalars(
        select(DocumentItem)
        .where(DocumentItem.task_id == task_id, DocumentItem.state.in_(("handed_in", "accepted")))
        .order_by(DocumentItem.position)
    ).unique()
    return tuple(Paper(item.id, item.file.id, item.title, item.file.media_type) for item in items if item.file)


def _branch(
    node: Indicator, content: ScoreSheet, totals: dict[str, BranchTotal], names: dict[str, str], language: str
) -> BranchView:
    if node.is_leaf:
        groups = (GroupView(node.code, None, node.points, (_line(node, content, names, language),)),)
    else:
        groups = tuple(_group(child, content, names, language) for child in node.children)
    total = totals[node.code]
    is_finished = total.settled == total.lines and not total.missing_reasons
    return BranchView(node.code, node.name.in_language(language), node.points, is_finished, groups)


def _group(node: Indicator, content: ScoreSheet, names: dict[str, str], language: str) -> GroupView:
    lines = tuple(_line(leaf, content, names, language) for leaf in node.leaves)
    return GroupView(node.code, None if node.is_leaf else node.name.in_language(language), node.points, lines)


def _line(leaf: Indicator, content: ScoreSheet, names: dict[str, str], language: str) -> LineView:
    line: Line = content.line(leaf.code)
    place = line.evidence
    return LineView(
        code=leaf.code,
        name=leaf.name.in_language(language),
        full_points=leaf.points,
        value="" if line.points is None else format_points(line.points),
        is_na=line.not_applicable,
        may_be_na=leaf.may_be_na,
        standard=leaf.explanation or " ".join(part for part in (leaf.target, leaf.unit) if part),
        evidence_wanted="、".join(leaf.evidence) if language == "zh" else ", ".join(leaf.evidence),
        reason=line.reason,
        document=place.document if place else "",
        document_name=names.get(place.document, "") if place else "",
        page=place.page if place else None,
        quote=place.quote if place else "",
    )


def list_progress(session: Session, actor: Actor, task_id: str) -> list[ProgressRow]:
    """Who has handed in on one task, by place; no score, no total, no count of lines."""
    if session.scalar(visible_tasks(actor).where(Task.id == task_id).with_only_columns(Task.id)) is None:
        raise NotFound("task")
    rows = session.execute(
        visible_seats(actor)
        .add_columns(Sheet, Expert.code, Expert.name, Agency.code, Organisation.name)
        .outerjoin(Sheet, Sheet.seat_id == Seat.id)
        .outerjoin(Expert, Expert.id == Seat.expert_id)
        .outerjoin(Agency, Agency.id == Seat.agency_id)
        .outerjoin(Organisation, Organisation.id == Agency.organisation_id)
        .where(Seat.task_id == task_id, Seat.state.not_in((*ENDED, "proposed")))
        .order_by(Seat.kind.desc(), Seat.position, Seat.id)
    )
    return [
        ProgressRow(
            seat_id=seat.id,
            sheet_id=sheet.id if sheet else None,
            kind=seat.kind,
            position=seat.position,
            code=expert_code or agency_code,
            name=mask_name(expert_name) if expert_name else agency_name,
            seat_state=seat.state,
            sheet_state=sheet.state if sheet else None,
            submitted_at=sheet.submitted_at if sheet else None,
        )
        for seat, sheet, expert_code, expert_name, agency_code, agency_name in rows
    ]
