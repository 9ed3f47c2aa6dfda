from dataclasses import replace

import pytest

from evalhub.domain.document import FaultyDocument
from evalhub.domain.scoring.deliberation import Minutes, Revision, agenda, minutes_faults, revisions
from evalhub.domain.scoring.sheet import Line, ScoreSheet
from tests.unit.scoring.panels import make_framework

TREE = make_framework([1000, 2000, 400], na=True)
SHEETS = {
    "E1": ScoreSheet({"L1": Line(1000), "L2": Line(1500), "L3": Line(400)}),
    "E2": ScoreSheet({"L1": Line(750), "L2": Line(900), "L3": Line(not_applicable=True, reason="x")}),
    "E3": ScoreSheet({"L1": Line(750), "L2": Line(1400), "L3": Line(400)}),
}
MEMBERS = ("E1", "E2", "E3")


def test_the_agenda_begins_with_the_widest_share():
    topics = agenda(TREE, SHEETS)
    assert [(topic.indicator, topic.low, topic.high, topic.is_wide) for topic in topics] == [
        ("L2", 900, 1500, True),
        ("L1", 750, 1000, False),
        ("L3", 400, 400, True),
    ]
    assert (topics[0].low_raters, topics[0].high_raters) == (("E2",), ("E1",))
    assert (topics[1].low_raters, topics[2].left_out) == (("E2", "E3"), ("E2",))


def test_a_changed_score_keeps_first_and_final_with_its_reason():
    final = ScoreSheet({**SHEETS["E2"].lines, "L2": Line(1300), "L3": Line(300)})
    found = revisions(SHEETS["E2"], final, {"L2": " 补充了验收单 ", "L3": "有此项工作"})
    assert found == [
        Revision("L2", Line(900), Line(1300), "补充了验收单"),
        Revision("L3", SHEETS["E2"].lines["L3"], Line(300), "有此项工作"),
    ]


def test_a_changed_score_without_reason_is_refused_by_path():
    final = ScoreSheet({**SHEETS["E2"].lines, "L2": Line(1300)})
    with pytest.raises(FaultyDocument, match=r"reasons\.L2: reason_missing"):
        revisions(SHEETS["E2"], final, {"L2": " "})


def test_a_new_wording_alone_is_no_revision():
    final = ScoreSheet({**SHEETS["E1"].lines, "L2": replace(SHEETS["E1"].lines["L2"], reason="更清楚")})
    assert revisions(SHEETS["E1"], final, {}) == []


def test_who_writes_no_dissent_counts_as_agreeing():
    minutes = Minutes(MEMBERS, dissents={"E2": "扣分过重"})
    assert minutes.agreed == ("E1", "E3")
    assert minutes_faults(MEMBERS, minutes, quorum=3) == []


def test_absence_and_recusal_need_a_reason_and_count_against_the_quorum():
    minutes = Minutes(("E1",), absent={"E2": ""}, recused={"E3": "配偶任职"})
    assert [(fault.path, fault.code) for fault in minutes_faults(MEMBERS, minutes, quorum=2)] == [
        ("absent.E2", "reason_missing"),
        ("present", "below_quorum"),
    ]


def test_every_member_stands_in_exactly_one_list_and_nobody_else_in_any():
    minutes = Minutes(("E1", "E9"), absent={"E1": "出差"}, dissents={"E3": "不同意"})
    assert [(fault.path, fault.code) for fault in minutes_faults(MEMBERS, minutes, quorum=1)] == [
        ("members.E1", "attendance_twice"),
        ("members.E2", "attendance_missing"),
        ("members.E3", "attendance_missing"),
        ("members.E9", "unknown_rater"),
        ("dissents.E3", "not_present"),
    ]
