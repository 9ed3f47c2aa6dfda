"""The round board: coverage and progress of every task of a round, with what is late and the money behind it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evalhub.domain.permissions import Actor
from evalhub.domain.round_course import current_step, has_passed
from evalhub.domain.rounding import round_half_up_div
from evalhub.domain.tasks import is_late
from evalhub.infra.clock import office_date
from evalhub.models.organisations import Organisation
from evalhub.models.papers import DocumentItem, EvaluationNotice, Report
from evalhub.models.plans import PanelTemplate, Round, Task
from evalhub.models.projects import Department, Project
from evalhub.models.seats import Seat
from evalhub.models.sheets import Sheet
from evalhub.queries.scope import visible_tasks

SEATED = ("accepted", "checked_in", "working", "done", "appraised", "paid")
HANDED_IN = ("submitted", "locked", "aggregated")
DOCUMENTS_DONE = ("accepted", "not_applicable")
SCORING_STATES = ("executing",)


@dataclass(frozen=True)
class Late:
    """Something overdue: its kind (`reply`, `documents`, `scoring`, `report`) and whole days since."""

    kind: str
    days: int


@dataclass(frozen=True)
class BoardLine:
    """One task on the board. Each (done, wanted); documents wanted is 0 before the notice."""

    id: str
    code: str
    name: str
    department: str
    category: str
    kind: str
    state: str
    adjusted_fen: int
    seats_filled: int
    seats_wanted: int
    seats_waiting: int
    sheets_in: int
    sheets_wanted: int
    documents_in: int
    documents_wanted: int
    report: str | None
    scoring_due_at: datetime
    late: tuple[Late, ...] = ()


@dataclass(frozen=True)
class Board:
    """All lines that the asker may see, most overdue first, and their sums."""

    lines: tuple[BoardLine, ...]
    spending_fen: int
    step: int
    states: tuple[str, ...] = field(default=())

    @property
    def planned_fen(self) -> int:
        """Money of the round's tasks."""
        return sum(line.adjusted_fen for line in self.lines if line.state != "cancelled")

    @property
    def evaluated_fen(self) -> int:
        """Money of the tasks whose panel has closed."""
        return sum(line.adjusted_fen for line in self.lines if has_passed(line.state, "score"))

    @property
    def evaluated_weight(self) -> int:
        """Their share of the round's money, 1/10,000, half up."""
        return round_half_up_div(self.evaluated_fen * 10_000, self.planned_fen) if self.planned_fen else 0

    @property
    def late_tasks(self) -> int:
        return sum(bool(line.late) for line in self.lines)

    def total(self, figure: str) -> int:
        """Sum of one figure, such as `seats_filled`, over the tasks that are not cancelled."""
        return sum(getattr(line, figure) for line in self.lines if line.state != "cancelled")


def get_board(session: Session, actor: Actor, round_id: str, now: datetime) -> Board:
    """The board of one round; tasks that a conflict keeps the asker from are in no line and in no sum."""
    round_ = session.get_one(Round, round_id)
    rows = session.execute(_tasks(actor, round_id)).all()
    ids = [row.id for row in rows]
    figures = _Figures(session, ids, now)
    lines = tuple(sorted((figures.line(row) for row in rows), key=_urgency))
    states = tuple(line.state for line in lines)
    is_approved = round_.state in ("approved", "closed")
    return Board(lines, round_.plan.spending_fen, current_step(is_approved, states), states)


def _urgency(line: BoardLine) -> tuple[int, str]:
    return (-max((late.days for late in line.late), default=-1), line.code)


def _tasks(actor: Actor, round_id: str):  # type: ignore[no-untyped-def]
    return (
        visible_tasks(actor)
        .join(Project, Project.id == Task.project_id)
        .join(Department, Department.id == Project.department_id)
        .join(Organisation, Organisation.id == Department.organisation_id)
        .join(PanelTemplate, PanelTemplate.id == Task.panel_template_id)
        .join(Round, Round.id == Task.round_id)
        .where(Task.round_id == round_id)
        .with_only_columns(
            Task.id, Task.code, Project.name, Organisation.name.label("department"), Project.category, Task.kind,
            Task.state, Project.adjusted_fen, PanelTemplate.seats, Task.wants_agency, Task.scoring_due_at,
            Round.report_due_on,
        )
        .order_by(Task.code)
    )  # fmt: skip


class _Figures:
    """What is counted for the tasks of one page, each kind by one select."""

    def __init__(self, session: Session, task_ids: list[str], now: datetime) -> None:
        self.now, self.today = now, office_date(now)
        self.seated = _counts(session, Seat.task_id, task_ids, Seat.state.in_(SEATED), Seat.is_suspended.is_(False))
        self.waiting = _counts(session, Seat.task_id, task_ids, Seat.state == "notified")
        self.reply_due = _least(session, Seat.task_id, Seat.reply_due_at, task_ids, Seat.state == "notified")
        self.sheets = _counts(session, Sheet.task_id, task_ids, Sheet.state.in_(HANDED_IN), Sheet.is_void.is_(False))
        self.documents = _counts(session, DocumentItem.task_id, task_ids)
        self.documents_in = _counts(session, DocumentItem.task_id, task_ids, DocumentItem.state.in_(DOCUMENTS_DONE))
        self.open_required = _counts(
            session, DocumentItem.task_id, task_ids, DocumentItem.is_required,
            DocumentItem.state.in_(("wanted", "returned")),
        )  # fmt: skip
        self.documents_due = _least(session, EvaluationNotice.task_id, EvaluationNotice.documents_due_on, task_ids)
        reports = select(Report.task_id, Report.state, Report.due_on).where(Report.task_id.in_(task_ids))
        self.reports = {row.task_id: row for row in session.execute(reports)}

    def line(self, row) -> BoardLine:  # type: ignore[no-untyped-def]
        report = self.reports.get(row.id)
        report_state = (report.state if report else "not_due") if row.wants_agency else None
        wanted = row.seats + int(row.wants_agency)
        late = () if row.state in ("cancelled", "suspended") else tuple(self._late(row, report_state, wanted))
        return BoardLine(
            id=row.id, code=row.code, name=row.name, department=row.department, category=row.category, kind=row.kind,
            state=row.state, adjusted_fen=row.adjusted_fen, seats_filled=self.seated.get(row.id, 0),
            seats_wanted=wanted, seats_waiting=self.waiting.get(row.id, 0), sheets_in=self.sheets.get(row.id, 0),
            sheets_wanted=wanted, documents_in=self.documents_in.get(row.id, 0),
            documents_wanted=self.documents.get(row.id, 0), report=report_state, scoring_due_at=row.scoring_due_at,
            late=late,
        )  # fmt: skip

    def _late(self, row, report_state: str | None, wanted: int) -> Iterable[Late]:  # type: ignore[no-untyped-def]
        documents_due = self.documents_due.get(row.id) if self.open_required.get(row.id) else None
        scoring_due = row.scoring_due_at if self._is_scoring(row, wanted) else None
        report_due = row.report_due_on if report_state and report_state not in ("accepted", "rejected") else None
        for kind, due in (
            ("reply", self.reply_due.get(row.id)), ("documents", documents_due), ("scoring", scoring_due),
            ("report", report_due),
        ):  # fmt: skip
            if is_late(due, self.now, self.today):
                yield Late(kind, self._days_since(due))

    def _is_scoring(self, row, wanted: int) -> bool:  # type: ignore[no-untyped-def]
        return row.state in SCORING_STATES and self.sheets.get(row.id, 0) < wanted

    def _days_since(self, due: date | datetime) -> int:
        day = office_date(due) if isinstance(due, datetime) else due
        return max(1, (self.today - day).days)


def _counts(session: Session, column, ids: list[str], *conditions) -> dict[str, int]:  # type: ignore[no-untyped-def]
    query = select(column, func.count()).where(column.in_(ids), *conditions).group_by(column)
    return dict(list(session.execute(query)))


def _least(session: Session, column, what, ids: list[str], *conditions):  # type: ignore[no-untyped-def]
    query = select(column, func.min(what)).where(column.in_(ids), *conditions).group_by(column)
    return {key: least for key, least in session.execute(query) if least is not None}
