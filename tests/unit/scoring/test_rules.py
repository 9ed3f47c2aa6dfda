from fractions import Fraction

import pytest

from evalhub.domain.document import FaultyDocument, canonical_json
from evalhub.domain.scoring.framework import Framework, Indicator, Name
from evalhub.domain.scoring.framework_check import framework_faults
from evalhub.domain.scoring.rules import RULE_TYPES, departure_faults, propose
from evalhub.domain.scoring.sheet import Evidence, Line, ScoreSheet


def leaf(rule: dict | None, points: int = 1000) -> Indicator:
    return Indicator("C1", Name("指标"), points, rule_text=canonical_json(rule) if rule else "")


def score(rule: dict, inputs: dict, points: int = 1000) -> int:
    return propose(leaf(rule, points), inputs).points


ELEMENTS = [{"id": "a", "share": "0.6"}, {"id": "b", "share": "0.4"}]
CASES = [{"id": "c", "points": "1", "cap": "2"}, {"id": "d", "points": "2.5"}, {"id": "z", "points": "0", "zero": True}]
STEPS = [
    {"min": "95", "max": None, "share": "1"},
    {"min": "90", "max": "95", "share": "0.7"},
    {"min": None, "max": "90", "share": "0"},
]
BANDS = [{"id": "met", "min": "0.8", "max": "1"}, {"id": "part", "min": "0.6", "max": "0.8"}]


@pytest.mark.parametrize(
    ("rule", "inputs", "expected"),
    [
        ({"type": "ratio_higher", "target": "120"}, {"actual": "117.6"}, 980),
        ({"type": "ratio_higher", "target": "120"}, {"actual": "150"}, 1000),
        ({"type": "ratio_higher", "target": "120", "floor": "0.6"}, {"actual": "72"}, 600),
        ({"type": "ratio_higher", "target": "120", "floor": "0.6"}, {"actual": "71.99"}, 0),
        ({"type": "ratio_higher", "target": "120", "cap": "0.9"}, {"actual": "120"}, 900),
        ({"type": "ratio_higher", "target": "3"}, {"actual": "-1"}, 0),
        ({"type": "ratio_higher", "target": "3"}, {"actual": "2"}, 667),
        ({"type": "ratio_lower", "target": "6"}, {"actual": "8"}, 750),
        ({"type": "ratio_lower", "target": "6"}, {"actual": "6"}, 1000),
        ({"type": "ratio_lower", "target": "0"}, {"actual": "0"}, 1000),
        ({"type": "ratio_lower", "target": "0"}, {"actual": "0.01"}, 0),
        ({"type": "ratio_lower", "target": "6", "floor": "0.5"}, {"actual": "12.01"}, 0),
        ({"type": "linear", "full_at": "95", "zero_at": "60"}, {"actual": "85"}, 714),
        ({"type": "linear", "full_at": "95", "zero_at": "60"}, {"actual": "59"}, 0),
        ({"type": "linear", "full_at": "0", "zero_at": "90"}, {"actual": "18"}, 800),
        ({"type": "linear", "full_at": "0", "zero_at": "90"}, {"actual": "-3"}, 1000),
        ({"type": "ladder", "steps": STEPS}, {"actual": "95"}, 1000),
        ({"type": "ladder", "steps": STEPS}, {"actual": "94.99"}, 700),
        ({"type": "ladder", "steps": STEPS}, {"actual": "90"}, 700),
        ({"type": "ladder", "steps": STEPS}, {"actual": "-5"}, 0),
        (
            {"type": "survey", "full_at": "90", "min_valid_samples": "100"},
            {"rate": "87.3", "valid_samples": "100"},
            970,
        ),
        ({"type": "survey", "full_at": "90", "min_valid_samples": "100"}, {"rate": "87.3", "valid_samples": "99"}, 0),
        ({"type": "survey", "full_at": "90"}, {"rate": "95"}, 1000),
        ({"type": "element", "elements": ELEMENTS}, {"met": {"a": "1", "b": "0.5"}}, 800),
        ({"type": "element", "elements": ELEMENTS, "veto": ["a"]}, {"met": {"a": "0", "b": "1"}}, 0),
        ({"type": "element", "elements": ELEMENTS, "veto": ["a"]}, {"met": {"a": "0.01", "b": "1"}}, 406),
        ({"type": "deduction", "cases": CASES}, {"count": {}}, 1000),
        ({"type": "deduction", "cases": CASES}, {"count": {"c": "5", "d": "1"}}, 550),
        ({"type": "deduction", "cases": CASES}, {"count": {"d": "9"}}, 0),
        ({"type": "deduction", "cases": CASES}, {"count": {"z": "1"}}, 0),
        ({"type": "band", "bands": BANDS}, {"band": "part", "share": "0.6"}, 600),
        ({"type": "band", "bands": BANDS}, {"band": "part", "share": "0.8"}, 800),
    ],
)
def test_each_rule_at_and_beside_its_limits(rule, inputs, expected):
    assert score(rule, inputs) == expected


def test_a_proposal_rounds_once_and_half_up():
    # 8.61 x 0.5 = 4.305 -> 4.31; a share rounded first would give the same only by chance
    assert score({"type": "ratio_higher", "target": "2"}, {"actual": "1"}, points=861) == 431
    assert score({"type": "ratio_higher", "target": "3"}, {"actual": "1"}, points=1000) == 333


def test_the_working_shows_what_was_compared():
    proposal = propose(leaf({"type": "ratio_higher", "target": "3", "floor": "0.5"}), {"actual": "1"})
    assert proposal.share == Fraction(0)
    assert proposal.steps == (
        {"code": "ratio_higher", "actual": "1", "target": "3", "share": "0.333333…"},
        {"code": "below_floor", "floor": "0.5"},
        {"code": "points", "full": "10.00", "points": "0.00"},
    )


def test_the_working_of_deductions_names_each_case_with_its_cap():
    proposal = propose(leaf({"type": "deduction", "cases": CASES}), {"count": {"c": "3"}})
    assert proposal.steps[0] == {"code": "case", "id": "c", "count": 3, "points": "1.00", "taken": "2.00"}


def test_a_leaf_without_rule_gets_no_proposal():
    assert propose(leaf(None), {"actual": "1"}) is None


@pytest.mark.parametrize(
    ("rule", "inputs", "path", "code"),
    [
        ({"type": "ratio_higher", "target": "3"}, {}, "C1.actual", "missing_key"),
        ({"type": "ratio_higher", "target": "3"}, {"actual": 1.5}, "C1.actual", "not_a_number"),
        ({"type": "ratio_higher", "target": "3"}, {"actual": "NaN"}, "C1.actual", "not_a_number"),
        ({"type": "ratio_higher", "target": "3"}, {"actual": "1", "rate": "2"}, "C1.rate", "unknown_key"),
        ({"type": "element", "elements": ELEMENTS}, {"met": {"a": "1"}}, "C1.met.b", "missing_key"),
        ({"type": "element", "elements": ELEMENTS}, {"met": {"a": "1", "b": "1.01"}}, "C1.met.b", "out_of_range"),
        ({"type": "deduction", "cases": CASES}, {"count": {"x": "1"}}, "C1.count.x", "unknown_key"),
        ({"type": "deduction", "cases": CASES}, {"count": {"c": "-1"}}, "C1.count.c", "out_of_range"),
        ({"type": "deduction", "cases": CASES}, {"count": {"c": "1.5"}}, "C1.count.c", "too_many_decimals"),
        ({"type": "band", "bands": BANDS}, {"band": "part", "share": "0.81"}, "C1.share", "out_of_range"),
        ({"type": "band", "bands": BANDS}, {"band": "best", "share": "0.8"}, "C1.band", "not_one_of"),
        ({"type": "survey", "full_at": "90"}, {"rate": "101"}, "C1.rate", "out_of_range"),
        (
            {"type": "survey", "full_at": "9", "min_valid_samples": "1"},
            {"rate": "9"},
            "C1.valid_samples",
            "missing_key",
        ),
    ],
)
def test_wrong_inputs_are_refused_by_path(rule, inputs, path, code):
    with pytest.raises(FaultyDocument) as refusal:
        score(rule, inputs)
    assert (refusal.value.path, refusal.value.code) == (path, code)


@pytest.mark.parametrize(
    ("rule", "path", "code"),
    [
        ({"target": "3"}, "type", "missing_key"),
        ({"type": "guess"}, "type", "not_one_of"),
        ({"type": "ratio_higher"}, "target", "missing_key"),
        ({"type": "ratio_higher", "target": "0"}, "target", "not_positive"),
        ({"type": "ratio_higher", "target": 3}, "target", "not_a_number"),
        ({"type": "ratio_higher", "target": "3", "floor": "1.1"}, "floor", "out_of_range"),
        ({"type": "ratio_lower", "target": "-1"}, "target", "out_of_range"),
        ({"type": "linear", "full_at": "5", "zero_at": "5"}, "zero_at", "line_without_length"),
        ({"type": "ladder", "steps": STEPS[:2]}, "steps", "steps_do_not_meet"),
        ({"type": "ladder", "steps": [STEPS[0], STEPS[2]]}, "steps", "steps_do_not_meet"),
        ({"type": "ladder", "steps": [*STEPS, STEPS[1]]}, "steps", "steps_do_not_meet"),
        ({"type": "ladder", "steps": []}, "steps", "steps_do_not_meet"),
        ({"type": "element", "elements": ELEMENTS[:1]}, "elements", "shares_do_not_close"),
        ({"type": "element", "elements": ELEMENTS, "veto": ["x"]}, "veto[0]", "not_one_of"),
        ({"type": "element", "elements": [ELEMENTS[0], ELEMENTS[0]]}, "elements[1].id", "repeated_id"),
        ({"type": "deduction", "cases": []}, "cases", "empty_list"),
        ({"type": "band", "bands": [{"id": "x", "min": "0.9", "max": "0.8"}]}, "bands[0].max", "step_without_length"),
        ({"type": "survey", "full_at": "0"}, "full_at", "not_positive"),
        ({"type": "survey", "full_at": "90", "method_zh": 3}, "method_zh", "not_text"),
        ({"type": "ratio_higher", "target": "3", "formula": "\ud800"}, "formula", "broken_character"),
    ],
)
def test_a_framework_with_a_wrong_rule_cannot_be_frozen(rule, path, code):
    faults = framework_faults(Framework(1000, (leaf(rule),)))
    assert [(fault.path, fault.code) for fault in faults] == [(f"indicators[0].rule.{path}", code)]


def test_departing_from_a_proposal_needs_a_reason():
    proposals = {"C1": propose(leaf({"type": "ratio_higher", "target": "2"}), {"actual": "1"})}
    place = Evidence("批复")
    assert departure_faults(ScoreSheet({"C1": Line(500)}), proposals) == []
    assert departure_faults(ScoreSheet({"C1": Line(600, reason="补充材料", evidence=place)}), proposals) == []
    assert departure_faults(ScoreSheet({}), proposals) == []
    faults = departure_faults(ScoreSheet({"C1": Line(1000)}), proposals)
    assert [(fault.path, fault.code) for fault in faults] == [("lines.C1.reason", "departure_without_reason")]


def test_all_eight_kinds_of_rule_are_known():
    assert RULE_TYPES == (
        "element",
        "ratio_higher",
        "ratio_lower",
        "linear",
        "ladder",
        "deduction",
        "band",
        "survey",
    )
