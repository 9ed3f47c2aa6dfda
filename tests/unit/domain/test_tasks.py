from dataclasses import dataclass
from datetime import UTC, date, datetime

from evalhub.domain.permissions import Actor
from evalhub.domain.tasks import MethodChoice, TaskDates, decider_refusal, is_late, people_faults

FROM, UNTIL = date(2026, 11, 1), date(2026, 12, 31)


@dataclass
class Task:
    approver_id: str = "approver"
    deputy_approver_id: str = "deputy"


def test_method_with_an_agency_shares_the_whole_weight():
    method = MethodChoice.of("trimmed", agency_weight=3000, quorum=4)

    assert method.to_document() == {
        "statistics": {"experts": "trimmed", "agency": "mean"},
        "source_weights": {"experts": 7000, "agency": 3000},
        "quorum": {"experts": 4, "agency": 1},
    }
    assert method.faults(5, wants_agency=True) == {}


def test_method_of_experts_alone_names_no_agency():
    assert MethodChoice.of("median", agency_weight=0, quorum=2).to_document()["source_weights"] == {"experts": 10000}


def test_method_faults_name_the_field():
    assert MethodChoice.of("best", agency_weight=0, quorum=2).faults(3, False) == {
        "statistic": "method.unknown_statistic"
    }
    assert MethodChoice.of("mean", agency_weight=10000, quorum=2).faults(3, True) == {"agency_weight": "method.weights"}
    assert MethodChoice.of("mean", agency_weight=100, quorum=2).faults(3, False) == {
        "agency_weight": "method.agency_without_seat"
    }
    assert MethodChoice.of("mean", agency_weight=0, quorum=1).faults(3, False) == {"quorum": "method.quorum"}
    assert MethodChoice.of("mean", agency_weight=0, quorum=4).faults(3, False) == {"quorum": "method.quorum"}


def test_dates_on_the_edges_of_the_round_are_within_it():
    assert TaskDates(FROM, UNTIL, UNTIL).faults(FROM, UNTIL) == {}
    assert TaskDates(FROM, FROM, FROM).faults(FROM, UNTIL) == {}


def test_dates_a_day_outside_the_round_are_named():
    late = TaskDates(FROM, date(2027, 1, 1), UNTIL).faults(FROM, UNTIL)
    early = TaskDates(date(2026, 10, 31), UNTIL, UNTIL).faults(FROM, UNTIL)

    assert late == {"work_until_on": "dates.outside_round"}
    assert early == {"work_from_on": "dates.outside_round"}
    assert TaskDates(UNTIL, FROM, UNTIL).faults(FROM, UNTIL) == {"work_until_on": "dates.reversed"}


def test_officer_approver_and_deputy_are_three_people():
    assert people_faults("a", "b", "c") == {}
    assert people_faults("a", "a", "c") == {"approver_id": "people.same"}
    assert people_faults("a", "b", "a") == {"deputy_approver_id": "people.same"}
    assert people_faults("a", "b", "b") == {"deputy_approver_id": "people.same"}


def test_task_is_decided_by_its_approver_or_his_deputy_alone():
    assert decider_refusal(Actor("approver", "", frozenset()), Task()) is None
    assert decider_refusal(Actor("deputy", "", frozenset()), Task()) is None
    assert decider_refusal(Actor("other", "", frozenset()), Task()) == "not_its_approver"


def test_deadline_of_a_day_passes_with_the_day_and_of_an_instant_with_the_instant():
    noon = datetime(2026, 11, 23, 4, tzinfo=UTC)
    today = date(2026, 11, 23)

    assert not is_late(today, noon, today)
    assert is_late(date(2026, 11, 22), noon, today)
    assert is_late(noon, noon, today)
    assert not is_late(None, noon, today)
