import pytest

from evalhub.domain.document import FaultyDocument
from evalhub.domain.scoring.consensus import AgreedDeduction, consensus_total, deduct_list_faults
from evalhub.domain.scoring.sheet import Evidence
from tests.unit.scoring.panels import make_framework

TREE = make_framework([2000, 3000, 5000], na=True)
PLACE = Evidence("report", 2)


def item(indicator: str, points: int, reason: str = "未达标", evidence: Evidence | None = PLACE) -> AgreedDeduction:
    return AgreedDeduction(indicator, points, reason, evidence)


def test_the_total_is_what_the_list_leaves_of_the_full_points():
    found = consensus_total(TREE, [item("L1", 150), item("L3", 800), item("L1", 50)], ["E1", "E2", "E3"], {})
    assert (found.total, found.grade) == (9000, "excellent")
    assert found.scores == {"L1": 1800, "L2": 3000, "L3": 4200}
    assert found.agreed == ("E1", "E2", "E3")


def test_an_empty_list_leaves_everything():
    assert consensus_total(TREE, [], ["E1"], {}).total == 10000


def test_who_writes_no_dissent_counts_as_agreeing():
    found = consensus_total(TREE, [item("L2", 3000)], ["E1", "E2", "E3"], {"E2": "扣分过重"})
    assert (found.total, found.agreed, found.dissents) == (7000, ("E1", "E3"), {"E2": "扣分过重"})


def test_leaves_that_do_not_apply_are_scaled_out():
    found = consensus_total(TREE, [item("L1", 1000)], ["E1"], {}, frozenset({"L3"}))
    assert (found.total, found.scores["L3"]) == (8000, None)


@pytest.mark.parametrize(
    ("items", "gaps", "expected"),
    [
        ([item("L9", 100)], (), [("items[0].indicator", "unknown_leaf")]),
        ([item("L3", 100)], ("L3",), [("items[0].indicator", "unknown_leaf")]),
        ([item("L1", 0)], (), [("items[0].points", "out_of_range")]),
        ([item("L1", -5)], (), [("items[0].points", "out_of_range")]),
        ([item("L1", 1500), item("L1", 501)], (), [("items[1].points", "out_of_range")]),
        ([item("L1", 10, " ")], (), [("items[0].reason", "reason_missing")]),
        ([item("L1", 10, evidence=None)], (), [("items[0].evidence", "evidence_missing")]),
        ([], ("L1", "L2", "L3"), [("not_applicable", "nothing_applicable")]),
        ([], ("L7",), [("not_applicable.L7", "not_applicable_refused")]),
    ],
)
def test_a_list_that_cannot_stand_is_named_by_path(items, gaps, expected):
    faults = deduct_list_faults(TREE, items, frozenset(gaps))
    assert [(fault.path, fault.code) for fault in faults] == expected


def test_a_faulty_list_or_dissent_is_refused():
    with pytest.raises(FaultyDocument, match=r"items\[0\]\.points"):
        consensus_total(TREE, [item("L1", 2001)], ["E1"], {})
    with pytest.raises(FaultyDocument, match=r"dissents\.E9: unknown_rater"):
        consensus_total(TREE, [], ["E1"], {"E9": "不同意"})
    with pytest.raises(FaultyDocument, match=r"dissents\.E1: empty_text"):
        consensus_total(TREE, [], ["E1"], {"E1": " "})
