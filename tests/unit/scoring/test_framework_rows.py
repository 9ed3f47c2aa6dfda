import pytest

from evalhub.domain.scoring.framework import MINISTRY_GRADES, Framework, Indicator, Name, Standard
from evalhub.domain.scoring.framework_rows import COLUMNS, framework_rows, read_framework_rows
from evalhub.domain.scoring.library import LIBRARY

TREE = Framework(
    10000,
    (
        Indicator(
            "A", Name("决策", "Decision"), 4000, (Indicator("A1", Name("立项"), 4000, core=True),), head="decision"
        ),
        Indicator(
            "C",
            Name("产出"),
            6000,
            (
                Indicator(
                    "C1",
                    Name("管网"),
                    6000,
                    may_be_na=True,
                    kind="common",
                    operator="at_least",
                    target="120",
                    unit="公里",
                    standard=Standard("plan", "120", "批复"),
                    explanation="按验收数",
                    evidence=("验收单", "决算书"),
                    rule_text='{"target":"120","type":"ratio_higher"}',
                ),
            ),
            head="output",
        ),
    ),
    MINISTRY_GRADES,
    Name("体系"),
)


def table(**cells: str) -> list[list[str]]:
    found = framework_rows(TREE, COLUMNS)
    for name, text in cells.items():
        found[int(name[1:]) - 1][ord(name[0]) - ord("A")] = text
    return found


def read(rows):
    return read_framework_rows(rows, TREE.title, TREE.grades)


def test_a_tree_written_and_read_back_is_the_same():
    assert read(table()) == (TREE, [])
    assert [row[:2] for row in table()[1:]] == [["1", "A"], ["2", "A1"], ["1", "C"], ["2", "C1"]]


@pytest.mark.parametrize("name", list(LIBRARY))
def test_every_framework_of_the_library_survives_the_way_through_rows(name):
    framework = LIBRARY[name]()
    found, faults = read_framework_rows(framework_rows(framework, COLUMNS), framework.title, framework.grades)
    assert faults == []
    assert found.content_hash == framework.content_hash


def test_words_of_both_languages_and_numbers_in_rules_are_understood():
    rows = table(
        F5="共性",
        H5="Yes",
        J5=">=",
        M5="计划",
        Q5="验收单；决算书",
        R5='{"type": "ratio_higher", "target": 120}',
        I4="产出",
    )
    assert read([*rows, [""]]) == (TREE, [])


@pytest.mark.parametrize(
    ("cell", "text", "found"),
    [
        ("A2", "2", "level_skipped"),
        ("A3", "3", "level_skipped"),
        ("A3", "x", "not_a_level"),
        ("A3", "0", "not_a_level"),
        ("B3", "", "empty_text"),
        ("C3", " ", "empty_text"),
        ("E3", "forty", "not_a_number"),
        ("E3", "40.005", "too_many_decimals"),
        ("F3", "常见", "not_one_of"),
        ("G3", "perhaps", "not_one_of"),
        ("J5", "~", "not_one_of"),
        ("M5", "guess", "not_one_of"),
        ("R5", "{", "not_json"),
        ("R5", "[]", "not_an_object"),
        ("R5", '{"type":"ratio_higher"}', "missing_key"),
        ("B5", "A1", "repeated_code"),
        ("H4", "是", "only_leaves"),
        ("E5", "59", "children_do_not_close"),
    ],
)
def test_each_wrong_cell_is_named_and_nothing_is_taken(cell, text, found):
    framework, faults = read(table(**{cell: text}))
    assert framework is None
    expected = "E4" if found == "children_do_not_close" else cell
    assert (faults[0].path, faults[0].code) == (expected, found)


def test_every_fault_is_told_at_once():
    assert [fault.path for fault in read(table(E3="x", J5="~"))[1]] == ["E3", "J5"]


def test_a_file_without_a_node_is_refused():
    assert [(fault.path, fault.code) for fault in read(table()[:1])[1]] == [("A2", "empty_list")]
    assert [(fault.path, fault.code) for fault in read([])[1]] == [("A2", "empty_list")]
