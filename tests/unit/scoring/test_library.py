import pytest

from evalhub.domain.document import Place
from evalhub.domain.rounding import format_points
from evalhub.domain.scoring.framework_check import framework_faults
from evalhub.domain.scoring.framework_document import from_document
from evalhub.domain.scoring.library import LIBRARY
from evalhub.domain.scoring.library_leaves import COMMON_KEYS, common
from evalhub.domain.scoring.rules import RULE_TYPES, read_rule

FOR_EVALUATION = ("ministry_default", "whole_department", "livelihood", "engineering")


@pytest.mark.parametrize(
    ("name", "leaves", "heads"),
    [
        ("ministry_default", 17, ["15.00", "25.00", "35.00", "25.00"]),
        ("self_evaluation", 8, ["10.00", "50.00", "30.00", "10.00"]),
        ("ex_ante_assessment", 5, ["20.00"] * 5),
        ("whole_department", 15, ["10.00", "30.00", "35.00", "25.00"]),
        ("livelihood", 20, ["12.00", "18.00", "38.00", "32.00"]),
        ("engineering", 20, ["18.00", "22.00", "40.00", "20.00"]),
    ],
)
def test_each_framework_closes_at_every_level_with_its_heads(name, leaves, heads):
    framework = LIBRARY[name]()
    assert framework_faults(framework) == []
    assert framework.full_points == 10000
    assert len(framework.leaves()) == leaves
    assert [format_points(root.points) for root in framework.indicators] == heads


@pytest.mark.parametrize("name", FOR_EVALUATION)
def test_frameworks_for_finance_evaluation_give_output_and_benefit_sixty(name):
    assert framework_faults(LIBRARY[name](), least_output_and_benefit=60) == []


def test_the_ministry_default_has_the_level_three_names_of_the_rule():
    assert [leaf.name.zh for leaf in LIBRARY["ministry_default"]().leaves()] == [
        "立项依据充分性", "立项程序规范性", "绩效目标合理性", "绩效指标明确性", "预算编制科学性", "资金分配合理性",
        "资金到位率", "预算执行率", "资金使用合规性", "管理制度健全性", "制度执行有效性",
        "实际完成率", "质量达标率", "完成及时性", "成本节约率", "实施效益", "满意度",
    ]  # fmt: skip


@pytest.mark.parametrize("name", list(LIBRARY))
def test_each_framework_survives_storage_and_names_every_node_in_both_languages(name):
    framework = LIBRARY[name]()
    assert from_document(framework.to_document()) == framework
    assert all(node.name.zh and node.name.en for node in framework.walk())
    assert all(leaf.rule is not None and leaf.operator for leaf in framework.leaves())


def test_names_of_versions_differ_so_do_their_hashes():
    assert len({maker().content_hash for maker in LIBRARY.values()}) == len(LIBRARY)


def test_every_shared_leaf_has_a_rule_that_can_be_read():
    for key in COMMON_KEYS:
        leaf = common(key, "X1", 500)
        assert leaf.rule["type"] in RULE_TYPES
        read_rule(Place(leaf.rule, "rule"))
