from dataclasses import FrozenInstanceError, replace

import pytest

from evalhub.domain.document import FaultyDocument
from evalhub.domain.scoring.framework import MINISTRY_GRADES, Framework, Grade, Indicator, Name, Standard
from evalhub.domain.scoring.framework_check import framework_faults
from evalhub.domain.scoring.framework_document import from_document

RICH_LEAF = Indicator(
    "C11",
    Name("管网长度", "Pipe renewed"),
    800,
    operator="at_least",
    target="120",
    unit="公里",
    core=True,
    may_be_na=True,
    standard=Standard("plan", "120", "批复"),
    explanation="按验收数",
    evidence=("验收单", "决算书"),
    rule_text='{"floor":"0.6","target":"120","type":"ratio_higher"}',
)


def make_tree(*, benefit: int = 1200) -> Framework:
    output = Indicator("C", Name("产出"), 2000, (RICH_LEAF, Indicator("C12", Name("水厂"), 1200)), head="output")
    return Framework(2000 + benefit, (output, Indicator("D", Name("效益"), benefit, head="benefit")))


def faults(framework: Framework, **wishes) -> list[tuple[str, str]]:
    return [(fault.path, fault.code) for fault in framework_faults(framework, **wishes)]


def test_leaves_come_in_the_order_of_the_tree_with_their_points():
    assert make_tree().leaf_points == {"C11": 800, "C12": 1200, "D": 1200}
    assert [leaf.code for leaf in make_tree().leaves()] == ["C11", "C12", "D"]


def test_a_sound_tree_has_no_faults_and_cannot_be_changed():
    assert faults(make_tree()) == []
    with pytest.raises(FrozenInstanceError):
        make_tree().full_points = 1


def test_content_hash_is_equal_for_equal_content_and_moves_with_every_field():
    tree = make_tree()
    assert tree.content_hash == make_tree().content_hash
    assert tree.content_hash.startswith("sha256:")
    assert len(tree.content_hash) == 7 + 64
    changed = [
        {"may_be_na": False},
        {"core": False},
        {"target": "121"},
        {"unit": "米"},
        {"standard": None},
        {"evidence": ()},
        {"explanation": ""},
        {"rule_text": ""},
        {"name": Name("管网")},
        {"kind": "common"},
        {"operator": "equal"},
    ]
    hashes = {tree.content_hash}
    for change in changed:
        output = replace(tree.indicators[0], children=(replace(RICH_LEAF, **change), tree.indicators[0].children[1]))
        hashes.add(replace(tree, indicators=(output, tree.indicators[1])).content_hash)
    assert len(hashes) == 1 + len(changed)


def test_storage_form_read_again_is_the_same_framework():
    tree = replace(make_tree(), title=Name("农村饮水", "Rural water"))
    again = from_document(tree.to_document())
    assert again == tree
    assert again.content_hash == tree.content_hash
    assert again.leaves()[0].rule == {"type": "ratio_higher", "target": "120", "floor": "0.6"}


def test_points_that_do_not_close_are_named_at_their_level():
    tree = make_tree()
    output = replace(tree.indicators[0], points=2100)
    assert faults(replace(tree, indicators=(output, tree.indicators[1]))) == [
        ("indicators", "roots_do_not_close"),
        ("indicators[0].children", "children_do_not_close"),
    ]


def test_gap_shows_wanted_and_found_points():
    tree = make_tree()
    fault = framework_faults(replace(tree, full_points=10000), path="tasks[1].framework")[0]
    assert (fault.path, fault.figures) == ("tasks[1].framework.indicators", {"wanted": "100.00", "found": "32.00"})


def test_repeated_codes_zero_points_and_na_on_a_branch_are_faults():
    leaf = Indicator("A", Name("甲"), 0)
    branch = Indicator("B", Name("乙"), 1000, (Indicator("A", Name("甲"), 1000),), may_be_na=True)
    assert faults(Framework(1000, (leaf, branch))) == [
        ("indicators[0].points", "not_positive"),
        ("indicators[1].may_be_na", "only_leaves"),
        ("indicators[1].children[0].code", "repeated_code"),
    ]


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        ((Grade("good", 8000),), [("grades", "no_grade_from_zero")]),
        ((Grade("a", 6000), Grade("b", 6000), Grade("c", 0)), [("grades[1].from", "repeated_line")]),
        ((Grade("a", 6000), Grade("a", 0)), [("grades[1].grade", "repeated_grade")]),
    ],
)
def test_grade_lines_that_leave_a_total_without_grade_or_with_two_are_faults(grades, expected):
    assert faults(Framework(10000, (Indicator("A", Name("甲"), 10000),), grades)) == expected


def test_output_and_benefit_below_sixty_percent_is_a_fault_only_where_asked():
    decision = Indicator("A", Name("决策"), 4001, head="decision")
    tree = Framework(10000, (decision, Indicator("C", Name("产出"), 5999, head="output")))
    assert faults(tree) == []
    assert faults(tree, least_output_and_benefit=60) == [("indicators", "output_and_benefit_too_small")]
    even = Framework(10000, (replace(decision, points=4000), Indicator("C", Name("产出"), 6000, head="output")))
    assert faults(even, least_output_and_benefit=60) == []


def test_grade_of_totals_at_and_below_each_line_follows_the_ministry():
    tree = Framework(10000, (Indicator("A", Name("甲"), 10000),), MINISTRY_GRADES)
    totals = [10000, 9000, 8999, 8000, 7999, 6000, 5999, 0]
    assert [tree.grade_of(total) for total in totals] == [
        "excellent",
        "excellent",
        "good",
        "good",
        "fair",
        "fair",
        "poor",
        "poor",
    ]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"colour": "red"}, "indicators[0].colour"),
        ({"points": 20}, "indicators[0].points"),
        ({"points": "20.005"}, "indicators[0].points"),
        ({"head": "profit"}, "indicators[0].head"),
        ({"code": " "}, "indicators[0].code"),
        ({"name": {"en": "x"}}, "indicators[0].name.zh"),
        ({"children": {}}, "indicators[0].children"),
        ({"standard": {"kind": "guess"}}, "indicators[0].standard.kind"),
        ({"may_be_na": 1}, "indicators[0].may_be_na"),
    ],
)
def test_storage_form_with_a_wrong_key_is_refused_by_path(change, path):
    document = make_tree().to_document()
    document["indicators"][0] |= change
    with pytest.raises(FaultyDocument) as refusal:
        from_document(document)
    assert refusal.value.path == path


def test_storage_form_deeper_than_twelve_levels_is_refused():
    node = {"code": "X", "name": {"zh": "甲"}, "points": "1"}
    for level in range(20):
        node = {"code": f"Y{level}", "name": {"zh": "甲"}, "points": "1", "children": [node]}
    document = make_tree().to_document() | {"indicators": [node], "full_points": "1"}
    with pytest.raises(FaultyDocument, match="too_deep"):
        from_document(document)
