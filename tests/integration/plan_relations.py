"""Records of plans, rounds, tasks and papers for the walk of every route: somebody's, one's own, and locked ones."""

from io import BytesIO
from typing import Any

from sqlalchemy.orm import Session

import tests.integration.pool_world  # noqa: F401 - the pools say first whom the accounts stand for
from evalhub.models.accounts import Account
from evalhub.models.papers import DocumentItem, EvaluationNotice, IndicatorActual, Report, ReportNote, ReportVersion
from evalhub.models.papers import StoredFile as FileRow
from evalhub.models.plans import BureauConflict, Task
from evalhub.models.seats import Seat
from evalhub.services.change import Tools
from tests.builders import NOW, add
from tests.integration.plan_world import PlanWorld, build_plan_world, make_round, make_seat, make_task
from tests.integration.world import EXTENSIONS, World

BUREAU_COLUMNS = ("officer", "approver", "supervisor")


def add_plan_records(session: Session, walked: World) -> None:
    """Make the records and name them as url arguments, where no other part has named its own."""
    tools, accounts = walked.tools, walked.accounts
    assert tools is not None
    world = build_plan_world(session)
    accounts["expert"].expert_id = accounts["expert"].expert_id or world.expert.id
    accounts["agency"].agency_id = accounts["agency"].agency_id or world.agency.id
    accounts["department"].department_id = accounts["department"].department_id or world.department.id
    session.flush()
    round_ = make_round(session, world, "approved")
    names = ("any", "own", "conflicted")
    tasks = {
        name: _make_full_task(session, tools, world, round_, number, accounts, name)
        for number, name in enumerate(names, start=1)
    }
    for column in BUREAU_COLUMNS:
        lock = BureauConflict(
            task_id=tasks["conflicted"]["task_id"],
            account_id=accounts[column].id,
            reason="x",
            recorded_by_id="x",
            recorded_at=NOW,
        )
        add(session, lock)
    shared = {
        "plan_id": round_.plan_id,
        "pick_id": round_.plan.picks[0].id,
        "round_id": round_.id,
        "edition_id": world.edition.id,
        "template_id": world.template.id,
        "conflict_id": lock.id,
    }
    for relation, found in tasks.items():
        for name, argument in {**shared, **found}.items():
            walked.arguments[relation].setdefault(name, argument)


EXTENSIONS.append(add_plan_records)


def _make_full_task(
    session: Session,
    tools: Tools,
    world: PlanWorld,
    round_: Any,
    number: int,
    accounts: dict[str, Account],
    relation: str,
) -> dict[str, str]:
    """A task with a notice, a document, an actual value and a report; `own` belongs to the acting outsiders."""
    own = relation == "own"
    project = world.projects[0] if own else world.projects[2]
    project.department_id = accounts["department"].department_id if own else world.other_department.id
    task = make_task(
        session, tools, world, round_, state="preparing", number=number, project=project, kind=KINDS[number - 1],
        officer_id=accounts["officer"].id, approver_id=accounts["approver"].id,
    )  # fmt: skip
    session.add(
        EvaluationNotice(
            task_id=task.id, number="1", body="x", documents_due_on=NOW.date(), issued_by_id="x", issued_at=NOW
        )
    )
    file = _keep_file(session, tools, task)
    item = add(session, DocumentItem(task_id=task.id, position=1, title="x", state="handed_in", file=file))
    session.add(IndicatorActual(task_id=task.id, indicator_code="B1", filled_by_id="x", filled_at=NOW))
    seat = _make_seats(session, task, world, accounts, own)
    report = add(session, Report(task_id=task.id, seat_id=seat.id, state="uploaded", current_version=1))
    add(
        session,
        ReportVersion(
            report_id=report.id, seat_id=seat.id, number=1, file_id=file.id, what_changed="", uploaded_by_id="x",
            uploaded_at=NOW,
        ),
    )  # fmt: skip
    note = add(session, ReportNote(report_id=report.id, version_number=1, text="x", by_id="x", at=NOW))
    return {"task_id": task.id, "item_id": item.id, "file_id": file.id, "note_id": note.id, "code": "B1"}


KINDS = ("finance", "policy", "mid_term")


def _make_seats(session: Session, task: Task, world: PlanWorld, accounts: dict[str, Account], own: bool) -> Seat:
    if own:
        make_seat(session, task, world, expert_id=accounts["expert"].expert_id)
        return make_seat(session, task, world, "agency", position=2, agency_id=accounts["agency"].agency_id)
    return make_seat(session, task, world, "agency", position=2, ended_at=NOW)


def _keep_file(session: Session, tools: Tools, task: Task) -> FileRow:
    key = tools.vault.unwrap_task_key(task.key_sealed, task.id)
    stored = tools.files.put_stream(key, BytesIO(b"%PDF-1.4 example"), 1000)
    return add(
        session,
        FileRow(
            task_id=task.id, storage_name=stored.name, original_name="x.pdf", media_type="application/pdf",
            size_bytes=stored.size_bytes, sha256=stored.sha256, uploaded_by_id="x", uploaded_at=NOW,
        ),
    )  # fmt: skip
