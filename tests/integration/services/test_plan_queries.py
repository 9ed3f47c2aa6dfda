from datetime import date, timedelta

import pytest
from sqlalchemy import event

from evalhub.domain.errors import NotFound
from evalhub.models.papers import DocumentItem, EvaluationNotice, Report, ReportVersion, StoredFile
from evalhub.models.sheets import Sheet
from evalhub.queries.files import get_file
from evalhub.queries.papers import list_actuals, list_documents, list_unit_tasks, wanted_papers
from evalhub.queries.plans import get_plan, list_plans
from evalhub.queries.reports import find_report, list_reports
from evalhub.queries.round_board import get_board
from evalhub.queries.rounds import get_round, list_projects_without_task, list_rounds
from evalhub.queries.tasks import get_task, list_locks, list_task_log
from evalhub.services.bureau_conflicts import record_bureau_conflict
from tests.builders import NOW, add
from tests.integration.plan_world import make_agency_row, make_round, make_seat, make_task


@pytest.fixture
def round_(session, world):
    return make_round(session, world, "approved")


@pytest.fixture
def task(session, world, tools, round_):
    return make_task(session, tools, world, round_, state="executing")


def actor(by, account):
    return by(account).actor


def make_file(session, task, name="a.pdf"):
    return add(
        session,
        StoredFile(
            task_id=task.id, storage_name=f"00/{name}", original_name=name, media_type="application/pdf", size_bytes=9,
            sha256="0" * 64, uploaded_by_id="x", uploaded_at=NOW,
        ),
    )  # fmt: skip


def make_item(session, task, file=None, **changes):
    values = {"position": 1, "title": "立项批复", "state": "handed_in" if file else "wanted"}
    return add(session, DocumentItem(task_id=task.id, file=file, **(values | changes)))


def make_notice(session, task, due=date(2026, 12, 1)):
    return add(
        session,
        EvaluationNotice(
            task_id=task.id, number="1号", body="x", documents_due_on=due, issued_by_id="x", issued_at=NOW
        ),
    )


def test_board_counts_what_stands_and_puts_the_latest_first(session, by, world, tools, round_, task):
    make_seat(session, task, world)
    make_seat(session, task, world, "agency", state="notified", reply_due_at=NOW - timedelta(days=2))
    seat = task.id
    make_item(session, task, make_file(session, task), state="accepted")
    make_item(session, task, position=2, title="合同")
    make_notice(session, task, date(2026, 11, 22))
    quiet = make_task(session, tools, world, round_, state="approved", number=2, project=world.projects[1])

    board = get_board(session, actor(by, world.officer), round_.id, NOW)

    first, second = board.lines
    assert (first.id, second.id) == (seat, quiet.id)
    assert (first.seats_filled, first.seats_wanted, first.seats_waiting) == (1, 4, 1)
    assert (first.documents_in, first.documents_wanted) == (1, 2)
    assert [(late.kind, late.days) for late in first.late] == [("reply", 2), ("documents", 1)]
    assert (board.planned_fen, board.evaluated_fen) == (500_000_000, 200_000_000)
    assert (board.total("seats_wanted"), board.late_tasks, board.step) == (8, 1, 3)


def test_board_counts_only_sheets_that_stand(session, by, world, round_, task):
    seat = make_seat(session, task, world)
    other = make_seat(session, task, world, "agency", position=2)
    for holder, is_void in ((seat, False), (other, True)):
        add(session, Sheet(task_id=task.id, seat_id=holder.id, source="experts", state="draft", is_void=is_void))
    session.query(Sheet).update({"state": "submitted", "receipt": Sheet.id})

    [line] = get_board(session, actor(by, world.officer), round_.id, NOW).lines

    assert (line.sheets_in, line.sheets_wanted) == (1, 4)


def test_board_of_a_locked_out_user_holds_neither_line_nor_sum_of_the_task(session, by, world, round_, task):
    record_bureau_conflict(by(world.officer), task.id, world.approver.id, "亲属")
    session.flush()

    board = get_board(session, actor(by, world.approver), round_.id, NOW)

    assert (board.lines, board.planned_fen, board.late_tasks) == ((), 0, 0)
    assert get_plan(session, actor(by, world.approver), round_.plan_id).rounds[0].tasks == 0
    assert list_locks(session, actor(by, world.approver), task.id) == []
    assert list_task_log(session, actor(by, world.approver), task.id) == []
    with pytest.raises(NotFound):
        get_task(session, actor(by, world.approver), task.id)
    assert [lock.name for lock in list_locks(session, actor(by, world.deputy), task.id)] == [
        world.approver.display_name
    ]


def count_queries(session, ask):
    seen = []
    connection = session.connection()
    listener = lambda *_args: seen.append(1)  # noqa: E731
    event.listen(connection, "before_cursor_execute", listener)
    session.expire_all()
    ask()
    event.remove(connection, "before_cursor_execute", listener)
    return len(seen)


def test_board_asks_as_many_queries_for_three_tasks_as_for_one(session, by, world, tools, round_, task):
    officer = actor(by, world.officer)
    one = count_queries(session, lambda: get_board(session, officer, round_.id, NOW))
    for number in (2, 3):
        make_task(session, tools, world, round_, number=number, project=world.projects[number - 1])

    three = count_queries(session, lambda: get_board(session, officer, round_.id, NOW))

    assert one == three


def test_round_lists_the_picked_projects_that_have_no_task_yet(session, by, world, round_, task):
    left = list_projects_without_task(session, actor(by, world.officer), round_.id)

    assert [project.code for project in left] == ["P-2", "P-3"]


def test_outsiders_know_of_no_round_and_no_plan(session, by, world, round_, task):
    for account in (world.clerk, world.agency_clerk, world.expert_account):
        assert list_rounds(session, actor(by, account)) == []
        assert list_plans(session, actor(by, account)) == []
        with pytest.raises(NotFound):
            get_round(session, actor(by, account), round_.id)


@pytest.mark.parametrize("missing", ["accepted_at", "undertaken_at", "declared_at"], ids=lambda step: f"without_{step}")
def test_expert_does_not_see_the_task_before_every_step_is_taken(session, by, world, task, missing):
    seat = make_seat(session, task, world)
    assert get_task(session, actor(by, world.expert_account), task.id).id == task.id

    setattr(seat, missing, None)
    session.flush()

    with pytest.raises(NotFound):
        get_task(session, actor(by, world.expert_account), task.id)


@pytest.mark.parametrize("changes", [{"is_suspended": True}, {"ended_at": NOW}, {"state": "recused"}])
def test_seat_that_ended_or_is_suspended_opens_nothing(session, by, world, task, changes):
    seat = make_seat(session, task, world)
    for name, wanted in changes.items():
        setattr(seat, name, wanted)
    session.flush()

    with pytest.raises(NotFound):
        get_task(session, actor(by, world.expert_account), task.id)


def test_stopped_task_is_closed_to_evaluators_not_to_its_unit(session, by, world, task):
    make_seat(session, task, world)
    make_notice(session, task)
    task.state = "suspended"
    session.flush()

    with pytest.raises(NotFound):
        get_task(session, actor(by, world.expert_account), task.id)
    assert get_task(session, actor(by, world.clerk), task.id).state == "suspended"


def test_unit_lists_its_own_notified_tasks_with_what_is_missing(session, by, world, tools, round_, task):
    make_notice(session, task)
    make_item(session, task, make_file(session, task))
    make_item(session, task, position=2, title="合同", state="returned")
    other = make_task(session, tools, world, round_, number=2, project=world.projects[2], state="notified")
    make_notice(session, other)

    [line] = list_unit_tasks(session, actor(by, world.clerk))

    assert (line.code, line.documents_in, line.documents_returned, line.documents_wanted) == ("2026-001", 1, 1, 2)
    assert not line.is_received


def test_actual_lines_follow_the_tree_with_branches(session, by, world, task):
    lines = list_actuals(session, actor(by, world.officer), task.id)

    assert [(line.code, line.depth, line.is_leaf) for line in lines] == [
        ("A", 1, True),
        ("B", 1, False),
        ("B1", 2, True),
        ("B2", 2, True),
    ]
    assert wanted_papers(session, actor(by, world.officer), task.id) == ["验收单"]


def test_file_opens_to_each_party_of_the_task_as_far_as_its_part_goes(session, by, world, task):
    make_seat(session, task, world)
    seat = make_seat(session, task, world, "agency", position=2)
    make_notice(session, task)
    document, loose, first, second = (make_file(session, task, f"{name}.pdf") for name in "abcd")
    make_item(session, task, document)
    report = add(session, Report(task_id=task.id, seat_id=seat.id, current_version=2, state="uploaded"))
    for number, file in ((1, first), (2, second)):
        add(
            session,
            ReportVersion(report_id=report.id, seat_id=seat.id, number=number, file_id=file.id, what_changed="",
                          uploaded_by_id="x", uploaded_at=NOW),
        )  # fmt: skip

    def opened(account):
        found = []
        for file in (document, loose, first, second):
            try:
                found.append(get_file(session, actor(by, account), file.id).name[0])
            except NotFound:
                continue
        return "".join(found)

    assert opened(world.officer) == "abcd"
    assert opened(world.supervisor) == "abcd"
    assert opened(world.clerk) == "a"
    assert opened(world.expert_account) == "ad"
    assert opened(world.agency_clerk) == "acd"
    seat.ended_at = NOW
    session.flush()
    assert opened(world.agency_clerk) == ""


def test_agency_reads_its_own_versions_and_not_those_of_the_one_before(session, by, world, task):
    former = make_seat(session, task, world, "agency", agency_id=make_agency_row(session, "A9").id, ended_at=NOW)
    seat = make_seat(session, task, world, "agency", position=2)
    report = add(session, Report(task_id=task.id, seat_id=seat.id, current_version=2, state="uploaded"))
    for number, holder in ((1, former), (2, seat)):
        add(
            session,
            ReportVersion(report_id=report.id, seat_id=holder.id, number=number, what_changed="",
                          file_id=make_file(session, task, f"{number}.pdf").id, uploaded_by_id="x", uploaded_at=NOW),
        )  # fmt: skip

    assert [version.number for version in find_report(session, actor(by, world.agency_clerk), task.id).versions] == [2]
    assert [version.number for version in find_report(session, actor(by, world.officer), task.id).versions] == [2, 1]
    assert [line.agency for line in list_reports(session, actor(by, world.officer))] == ["示例咨询 A001"]
    assert find_report(session, actor(by, world.clerk), task.id) is None
    assert list_documents(session, actor(by, world.agency_clerk), task.id) == []
