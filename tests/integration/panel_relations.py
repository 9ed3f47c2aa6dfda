"""Seats, sheets and results for the walk of every route: of the acting outsiders, of somebody else, and of locked tasks."""

from sqlalchemy import select
from sqlalchemy.orm import Session

import tests.integration.plan_relations  # noqa: F401 - the tasks come first
from evalhub.models.journal import Notification
from evalhub.models.plans import Task
from evalhub.models.results import Finding, Result
from evalhub.models.seats import Seat
from evalhub.models.sheets import Sheet
from tests.builders import NOW, add
from tests.integration.plan_world import make_expert_row
from tests.integration.world import EXTENSIONS, World

OUTCOME = {
    "sources": {}, "raters": {}, "workings": [], "stability": {"without": {}, "least_change_to_flip": None}, "notes": [],
}  # fmt: skip


def add_panel_records(session: Session, walked: World) -> None:
    """A seat with its sheet and a result in hearing for each task; `own` ones belong to the acting evaluator."""
    for number, relation in enumerate(("any", "own", "conflicted")):
        task = session.get_one(Task, walked.arguments[relation]["task_id"])
        if relation != "own":
            add(session, _seat(task, make_expert_row(session, f"M-{number}").id))
        sheets = {seat.kind: _sheet(session, seat) for seat in _seats(session, task)}
        seats = {seat.kind: seat.id for seat in _seats(session, task)}
        result = _result(session, task)
        walked.arguments[relation] |= {
            "seat_id": lambda column, seats=seats: seats["agency" if column == "agency" else "expert"],
            "sheet_id": lambda column, sheets=sheets: sheets["agency" if column == "agency" else "expert"],
            "result_id": result.id,
            "finding_id": result.findings[0].id,
        }
    owned = {column: _message(session, account.id) for column, account in walked.accounts.items()}
    walked.arguments["own"]["message_id"] = lambda column: owned.get(column, "nobody")
    walked.arguments["any"]["message_id"] = lambda column: owned["officer" if column != "officer" else "expert"]


EXTENSIONS.append(add_panel_records)


def _seats(session: Session, task: Task) -> list[Seat]:
    return list(session.scalars(select(Seat).where(Seat.task_id == task.id)))


def _seat(task: Task, expert_id: str) -> Seat:
    return Seat(
        task_id=task.id, kind="expert", position=1, expert_id=expert_id, state="working", invited_at=NOW, accepted_at=NOW,
        undertaken_at=NOW, declared_at=NOW,
    )  # fmt: skip


def _sheet(session: Session, seat: Seat) -> str:
    seat.invited_at = seat.invited_at or NOW
    source = "agency" if seat.kind == "agency" else "experts"
    return add(session, Sheet(task_id=seat.task_id, seat_id=seat.id, source=source)).id


def _result(session: Session, task: Task) -> Result:
    result = Result(
        task_id=task.id, number=1, state="hearing", status="final", total_points=8030, grade="good", outcome=OUTCOME,
        input_hash="sha256:0", content_hash="sha256:0", made_by_id="x", made_at=NOW, hearing_due_on=NOW.date(),
    )  # fmt: skip
    result.findings.append(Finding(position=1, title="x", text="x"))
    return add(session, result)


def _message(session: Session, account_id: str) -> str:
    message = Notification(
        account_id=account_id, event="result.signed", noun="result", record_id="x", detail={}, created_at=NOW
    )
    return add(session, message).id
