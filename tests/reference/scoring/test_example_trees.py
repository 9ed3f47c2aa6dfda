"""Two whole frameworks with their expected leaf scores, subtotals and totals."""

from decimal import Decimal

import pytest

from evalhub.domain.rounding import parse_points
from evalhub.domain.scoring.aggregate import aggregate_task
from evalhub.domain.scoring.framework import Framework
from evalhub.domain.scoring.framework_check import framework_faults
from evalhub.domain.scoring.framework_import import expected_scores, import_example_project
from evalhub.domain.scoring.panel import Method, Panel, RaterSheet
from evalhub.domain.scoring.sheet import Evidence, Line, ScoreSheet, branch_totals, check_complete
from tests.reference.scoring.examples import EXPECTED, load


def expected_sheet(name: str, framework: Framework) -> ScoreSheet:
    scores = EXPECTED[name]["scores"]
    reason = {"reason": "见佐证", "evidence": Evidence("决算书", 1)}
    return ScoreSheet({leaf.code: Line(parse_points(scores[leaf.code]), **reason) for leaf in framework.leaves()})


@pytest.mark.parametrize(
    ("name", "leaves", "total", "grade"), [("rural_water", 23, 9024, "excellent"), ("city_road", 21, 8265, "good")]
)
def test_expected_leaf_scores_give_the_expected_total_and_grade(name, leaves, total, grade):
    framework = load(name)
    sheet = expected_sheet(name, framework)
    assert len(framework.leaves()) == leaves
    assert check_complete(framework, sheet) == []
    panel = Panel(name, framework, Method.of_one_source("mean"), (RaterSheet("X1", sheet.scores()),))
    result = aggregate_task(panel)
    assert (result.total, result.grade) == (total, grade)


@pytest.mark.parametrize("name", ["rural_water", "city_road"])
def test_every_subtotal_is_the_expected_one(name):
    framework = load(name)
    totals = branch_totals(framework, expected_sheet(name, framework))
    for code, score in EXPECTED[name]["scores"].items():
        assert totals[code].points == parse_points(score), code


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("rural_water", "sha256:0f073d90642ff68cacec12b2d8f2afdaef6a1371b82b0575700130be250a2621"),
        ("city_road", "sha256:34bb6f8478a180228b0cef5579cf68bc962706868ebc83496567dc399cd3bf18"),
    ],
)
def test_the_frozen_trees_close_at_every_level_and_keep_their_hash(name, digest):
    framework = load(name)
    assert framework_faults(framework, least_output_and_benefit=60) == []
    assert framework.content_hash == digest


def test_import_of_a_written_example_keeps_points_targets_and_rules():
    rule = {"type": "ratio_higher", "target": 120, "floor": Decimal("0.6")}
    leaf = {
        "code": "C1",
        "level": 2,
        "zh": "管网",
        "en": "Pipe",
        "weight": 8,
        "kind": "specific",
        "rule": rule,
        "unit": "公里",
        "target_text": "≥120",
        "evidence": ["验收单"],
        "sample": {"actual": 117.6},
        "expected_score": 7.84,
    }
    late = {
        "code": "C2",
        "zh": "延期",
        "weight": 2,
        "rule": {"type": "linear", "full_at": 0, "zero_at": 90},
        "expected_score": 1.5,
    }
    project = {"name": {"zh": "示例"}, "tree": [{"code": "C", "zh": "产出", "weight": 10.0, "children": [leaf, late]}]}
    framework = import_example_project(project)
    assert framework.full_points == 1000
    assert framework.indicators[0].head == "output"
    pipe, delay = framework.leaves()
    assert (pipe.operator, pipe.target, pipe.unit, pipe.evidence) == ("at_least", "120", "公里", ("验收单",))
    assert pipe.rule == {"type": "ratio_higher", "target": "120", "floor": "0.6"}
    assert (delay.operator, delay.target) == ("at_most", "0")
    assert expected_scores(project) == {"C1": 784, "C2": 150}
