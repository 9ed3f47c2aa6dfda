from dataclasses import replace

from evalhub.domain.scoring.difference import Difference, differences
from evalhub.domain.scoring.framework import Framework, Grade, Indicator, Name, Standard

A1 = Indicator("A1", Name("立项依据"), 1000)
A2 = Indicator("A2", Name("立项程序"), 1000)
A3 = Indicator("A3", Name("绩效目标"), 2000, operator="at_least", target="5", standard=Standard("plan", "5"))
A = Indicator("A", Name("决策"), 4000, (A1, A2, A3))
B = Indicator("B", Name("产出"), 6000)
OLD = Framework(10000, (A, B))


def changed(*children: Indicator) -> Framework:
    return Framework(10000, (replace(A, children=children), B))


def test_versions_of_equal_content_have_no_difference():
    assert differences(OLD, replace(OLD)) == []


def test_an_edit_names_field_before_and_after():
    new = changed(A1, replace(A2, points=1500), replace(A3, points=1500, target="6", standard=None))
    assert differences(OLD, new) == [
        Difference("edited", "A2", "points", 1000, 1500),
        Difference("edited", "A3", "points", 2000, 1500),
        Difference("edited", "A3", "target", "5", "6"),
        Difference("edited", "A3", "standard", {"kind": "plan", "figure": "5", "source": ""}, None),
    ]


def test_added_and_removed_indicators_move_nobody():
    new = changed(Indicator("A0", Name("新增"), 1000), A2, A3)
    found = differences(OLD, new)
    assert [(change.kind, change.code) for change in found] == [("added", "A0"), ("removed", "A1")]
    assert found[0].after["name"] == "新增"
    assert found[1].before["points"] == 1000


def test_another_order_is_a_move_and_so_is_another_parent():
    swapped = differences(OLD, changed(A2, A1, A3))
    assert [(change.kind, change.code, change.field) for change in swapped] == [
        ("moved", "A2", "place"),
        ("moved", "A1", "place"),
    ]
    below_b = Framework(10000, (replace(A, points=2000, children=(A1, A2)), replace(B, points=8000, children=(A3,))))
    moved = [change for change in differences(OLD, below_b) if change.kind == "moved"]
    assert moved == [Difference("moved", "A3", "parent", "A", "B")]


def test_changes_of_the_whole_come_first():
    new = replace(OLD, grades=(Grade("good", 8500), Grade("poor", 0)), title=Name("新版"))
    assert [(change.code, change.field) for change in differences(OLD, new)] == [("", "title"), ("", "grades")]


def test_a_difference_and_the_hash_agree():
    variants = [
        changed(A1, A2, replace(A3, **change)) for change in ({"core": True}, {"unit": "个"}, {"evidence": ("x",)})
    ]
    for variant in variants:
        assert differences(OLD, variant)
        assert variant.content_hash != OLD.content_hash
