from datetime import date

import pytest

from evalhub.domain.errors import InvalidInput, InvalidMove, NotFound, Refused, RuleBroken, Stale
from evalhub.domain.permissions import Role
from evalhub.models.agencies import AgencyStaff
from evalhub.models.papers import DocumentItem, IndicatorActual
from evalhub.models.seats import Seat
from evalhub.services.actuals import ActualValues, accept_actuals, fill_actuals, return_actual
from evalhub.services.documents import check_document, hand_in_document
from evalhub.services.files import KeptFile
from evalhub.services.notices import NoticeValues, WantedDocument, ask_for_document, issue_notice, receive_notice
from evalhub.services.reports import (
    NoteValues,
    accept_report,
    answer_note,
    reject_report,
    return_report,
    sign_off_report,
    upload_report,
)
from evalhub.services.task_course import start_evaluation
from tests.builders import add, make_account
from tests.integration.plan_world import make_agency_row, make_round, make_seat, make_task

NOTICE = NoticeValues(
    "示例财绩〔2026〕12号",
    "请按清单报送资料。",
    date(2026, 12, 4),
    (WantedDocument("立项批复", None, True), WantedDocument("照片", "每点一张", False)),
)


def kept(content: str = "a") -> KeptFile:
    return KeptFile(f"00/{content}", "报告.pdf", "application/pdf", 10, content * 64, 3, ())


@pytest.fixture
def task(session, world, tools):
    return make_task(session, tools, world, make_round(session, world, "approved"), state="accepted")


@pytest.fixture
def notified(session, by, world, task):
    issue_notice(by(world.officer), task.id, NOTICE, task.version)
    session.flush()
    return task


@pytest.fixture
def preparing(session, by, world, notified):
    receive_notice(by(world.clerk), notified.id, 1)
    session.flush()
    return notified


def items(session, task):
    return session.query(DocumentItem).filter_by(task_id=task.id).order_by(DocumentItem.position).all()


def test_department_sees_its_task_from_the_notice_on(session, by, world, task):
    with pytest.raises(NotFound):
        receive_notice(by(world.clerk), task.id, 1)

    issue_notice(by(world.officer), task.id, NOTICE, task.version)
    session.flush()
    receive_notice(by(world.clerk), task.id, 1)

    assert task.state == "preparing"
    assert [item.title for item in items(session, task)] == ["立项批复", "照片"]


def test_another_department_does_not_receive_the_notice(session, by, world, notified):
    world.clerk.department_id = world.other_department.id
    session.flush()

    with pytest.raises(NotFound):
        receive_notice(by(world.clerk), notified.id, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"documents": ()}, "documents"),
        ({"documents": (WantedDocument("a", None, True), WantedDocument("a", None, True))}, "documents"),
        ({"documents_due_on": date(2026, 11, 22)}, "documents_due_on"),
        ({"documents_due_on": date(2027, 1, 1)}, "documents_due_on"),
    ],
)
def test_notice_that_cannot_be_is_named_by_field(by, world, task, changes, field):
    values = NoticeValues(**(vars(NOTICE) | changes))

    with pytest.raises(InvalidInput) as refused:
        issue_notice(by(world.officer), task.id, values, task.version)

    assert list(refused.value.fields) == [field]


def test_second_notice_is_refused(session, by, world, notified):
    with pytest.raises(InvalidMove):
        issue_notice(by(world.officer), notified.id, NOTICE, notified.version)


def test_document_is_not_handed_in_before_the_receipt(session, by, world, notified):
    item = items(session, notified)[0]

    with pytest.raises(RuleBroken, match=r"document\.receipt_first"):
        hand_in_document(by(world.clerk), notified.id, item.id, kept(), item.version)


def test_document_goes_back_and_forth_until_it_is_ticked(session, by, world, preparing):
    item = items(session, preparing)[0]
    hand_in_document(by(world.clerk), preparing.id, item.id, kept("a"), item.version)
    session.flush()
    with pytest.raises(InvalidInput):
        check_document(by(world.officer), preparing.id, item.id, "return", "", item.version)
    check_document(by(world.officer), preparing.id, item.id, "return", "缺盖章", item.version)
    session.flush()
    hand_in_document(by(world.clerk), preparing.id, item.id, kept("b"), item.version)
    session.flush()
    check_document(by(world.officer), preparing.id, item.id, "accept", "", item.version)
    session.flush()

    assert (item.state, item.note, item.file.sha256) == ("accepted", None, "b" * 64)
    with pytest.raises(InvalidMove):
        hand_in_document(by(world.clerk), preparing.id, item.id, kept("c"), item.version)


def test_document_is_not_ticked_by_the_unit_itself(session, by, world, preparing):
    item = items(session, preparing)[0]
    hand_in_document(by(world.clerk), preparing.id, item.id, kept(), item.version)

    with pytest.raises(Refused, match="no_role"):
        check_document(by(world.clerk), preparing.id, item.id, "accept", "", item.version)


def test_document_ticked_in_an_older_version_than_it_stands_is_refused(session, by, world, preparing):
    item = items(session, preparing)[0]
    seen = item.version
    hand_in_document(by(world.clerk), preparing.id, item.id, kept(), seen)
    session.flush()

    with pytest.raises(Stale):
        check_document(by(world.officer), preparing.id, item.id, "accept", "", seen)


def test_evaluation_starts_when_the_required_documents_are_in(session, by, world, preparing):
    required, optional = items(session, preparing)
    with pytest.raises(RuleBroken) as refused:
        start_evaluation(by(world.officer), preparing.id, preparing.version)
    assert refused.value.figures == {"count": 1}

    hand_in_document(by(world.clerk), preparing.id, required.id, kept(), required.version)
    session.flush()
    check_document(by(world.officer), preparing.id, required.id, "accept", "", required.version)
    session.flush()
    start_evaluation(by(world.officer), preparing.id, preparing.version)

    assert preparing.state == "executing"
    assert optional.state == "wanted"


def test_document_already_on_the_list_is_not_asked_again(session, by, world, preparing):
    with pytest.raises(InvalidInput):
        ask_for_document(by(world.officer), preparing.id, WantedDocument("照片", None, True))

    added = ask_for_document(by(world.officer), preparing.id, WantedDocument("合同", None, True))

    assert added.position == 3


def line(code="B1", actual="117.6", spent=None, version=0):
    return ActualValues(code, actual, spent, None, version)


def stored(session, code="B1"):
    session.flush()
    return session.query(IndicatorActual).filter_by(indicator_code=code).one()


def test_actual_values_are_kept_line_by_line_and_unchanged_ones_are_left_alone(session, by, world, preparing):
    assert fill_actuals(by(world.clerk), preparing.id, [line("B1"), line("B2", None)]) == 1
    first = stored(session)
    assert fill_actuals(by(world.clerk), preparing.id, [line("B1", version=1), line("B2", "95", version=0)]) == 1

    assert (first.actual, first.version) == ("117.6", 1)
    assert stored(session, "B2").actual == "95"


def test_actual_value_of_a_branch_or_an_unknown_code_is_refused(by, world, preparing):
    for code in ("B", "X"):
        with pytest.raises(InvalidInput, match=r"actual\.unknown_line"):
            fill_actuals(by(world.clerk), preparing.id, [line(code)])


def test_actual_value_changed_in_another_window_is_not_overwritten(session, by, world, preparing):
    fill_actuals(by(world.clerk), preparing.id, [line()])
    session.flush()
    fill_actuals(by(world.clerk), preparing.id, [line(actual="118", version=1)])
    session.flush()

    with pytest.raises(Stale) as stale:
        fill_actuals(by(world.clerk), preparing.id, [line(actual="119", version=1)])

    assert stale.value.figures["stored"]["actual"] == "118"


def test_accepted_actual_value_is_changed_only_after_it_was_returned(session, by, world, preparing):
    fill_actuals(by(world.clerk), preparing.id, [line()])
    session.flush()
    assert accept_actuals(by(world.officer), preparing.id, ["B1", "B2"]) == 1
    row = stored(session)
    with pytest.raises(RuleBroken, match=r"actual\.accepted"):
        fill_actuals(by(world.clerk), preparing.id, [line(actual="1", version=row.version)])

    return_actual(by(world.officer), preparing.id, "B1", "与验收单不符", row.version)
    session.flush()
    fill_actuals(by(world.clerk), preparing.id, [line(actual="116", version=row.version)])

    assert (stored(session).actual, stored(session).state) == ("116", "filled")


@pytest.fixture
def executing(session, world, task):
    task.state = "executing"
    make_seat(session, task, world, "agency")
    return task


def upload(by, account, task, content="a", what="", version=0):
    return upload_report(by(account), task.id, kept(content), what, version)


def test_report_goes_through_notes_answers_and_signature_to_acceptance(session, by, world, executing):
    report = upload(by, world.agency_clerk, executing)
    session.flush()
    return_report(by(world.officer), executing.id, [NoteValues("3.2", "数据来源不明")], report.version)
    session.flush()
    session.refresh(report)
    with pytest.raises(RuleBroken) as refused:
        upload(by, world.agency_clerk, executing, "b", "改了 3.2", report.version)
    assert refused.value.figures == {"count": 1}
    answer_note(by(world.agency_clerk), executing.id, report.notes[0].id, "已补充来源")
    session.flush()
    upload(by, world.agency_clerk, executing, "b", "改了 3.2", report.version)
    session.flush()
    session.refresh(report)
    with pytest.raises(InvalidMove):
        accept_report(by(world.officer), executing.id, report.version)
    with pytest.raises(Refused, match="no_role"):
        sign_off_report(by(world.agency_clerk), executing.id, report.version)
    sign_off_report(by(world.lead), executing.id, report.version)
    session.flush()
    accept_report(by(world.officer), executing.id, report.version)

    assert (report.state, report.current_version, len(report.versions)) == ("accepted", 2, 2)
    assert report.notes[0].is_settled


def test_later_version_says_what_changed_and_differs(session, by, world, executing):
    report = upload(by, world.agency_clerk, executing)
    session.flush()
    session.refresh(report)

    with pytest.raises(InvalidInput) as refused:
        upload(by, world.agency_clerk, executing, "b", "", report.version)
    assert refused.value.fields == {"what_changed": "field.required"}
    with pytest.raises(InvalidInput) as refused:
        upload(by, world.agency_clerk, executing, "a", "没改", report.version)
    assert refused.value.fields == {"file": "report.same_file"}


def test_report_is_signed_by_the_lead_named_on_the_seat_alone(session, by, world, executing):
    report = upload(by, world.agency_clerk, executing)
    session.flush()
    other = add(session, AgencyStaff(agency_id=world.agency.id, name="另一人"))
    seat = session.query(Seat).one()
    seat.lead_staff_id = other.id
    session.flush()

    with pytest.raises(Refused, match=r"report\.other_lead"):
        sign_off_report(by(world.lead), executing.id, report.version)


def test_agency_whose_seat_ended_reaches_the_task_no_more(session, by, world, executing):
    report = upload(by, world.agency_clerk, executing)
    session.flush()
    session.query(Seat).one().ended_at = executing.created_at
    session.flush()

    with pytest.raises(NotFound):
        upload(by, world.agency_clerk, executing, "b", "改", report.version)


def test_agency_that_came_in_later_begins_afresh(session, by, world, executing):
    report = upload(by, world.agency_clerk, executing)
    session.flush()
    return_report(by(world.officer), executing.id, [NoteValues(None, "重写")], report.version)
    first = session.query(Seat).one()
    first.ended_at, first.state = executing.created_at, "replaced"
    other = make_agency_row(session, "A002")
    make_seat(session, executing, world, "agency", agency_id=other.id, position=2)
    newcomer = make_account(session, Role.AGENCY_CLERK, agency_id=other.id)
    session.flush()
    session.refresh(report)

    upload(by, newcomer, executing, "a", "", report.version)

    assert report.current_version == 2
    session.flush()
    session.refresh(report)
    assert [version.seat_id == first.id for version in report.versions] == [True, False]
    assert report.seat_id == report.versions[1].seat_id


def test_rejected_report_takes_no_further_version(session, by, world, executing):
    report = upload(by, world.agency_clerk, executing)
    session.flush()
    reject_report(by(world.approver), executing.id, "数据虚假", report.version)
    session.flush()

    with pytest.raises(InvalidMove):
        upload(by, world.agency_clerk, executing, "b", "改", report.version)
