from collections import Counter

import numpy as np
import pytest

from evalhub.domain.scoring.aggregate import aggregate_task
from evalhub.domain.scoring.panel import Method, Panel, RaterSheet
from evalhub.domain.scoring.robustness import (
    Limits,
    assess_robustness,
    resampled_grades,
)
from evalhub.domain.scoring.shifts import indicator_shifts, source_shifts
from evalhub.domain.scoring.totals import Mark, marks_of, outcome, source_total
from tests.unit.scoring.panels import make_framework, make_panel

FIVE = {"X1": 8900, "X2": 8600, "X3": 9050, "X4": 8150, "X5": 5000}


def robustness(panel, **wishes):
    result = aggregate_task(panel)
    return assess_robustness(panel, marks_of(panel), result.outcome, result.stability, seed=3, **wishes)


def two_branches(first: int, second: int | None) -> Panel:
    framework = make_framework([4000, 6000], na=True)
    sheet = RaterSheet("A", {"L1": first, "L2": second})
    return Panel("T", framework, Method.of_one_source("mean"), (sheet,))


def test_a_branch_ten_percent_up_or_down_is_closed_by_the_others():
    # rates 1 and 0.5: 44 x 1 + 56 x 0.5 = 72, 36 x 1 + 64 x 0.5 = 68; the other branch the other way round
    shifts = indicator_shifts(two_branches(4000, 3000))
    assert [(shift.code, shift.percent, shift.total) for shift in shifts] == [
        ("L1", 10, 7200),
        ("L1", -10, 6800),
        ("L2", 10, 6700),
        ("L2", -10, 7300),
    ]


def test_a_branch_that_does_not_apply_leaves_the_rate_of_the_rest():
    assert {shift.total for shift in indicator_shifts(two_branches(3000, None))} == {7500}


def test_a_single_branch_cannot_be_shifted():
    assert indicator_shifts(make_panel([8000, 9000])) == []


def test_sources_ten_percent_up_and_down_close_to_one():
    panel = make_panel([9000], agency=7000, expert_share=7000)
    shifts = source_shifts(panel, aggregate_task(panel).outcome)
    # 0.77 x 90 + 0.23 x 70 = 85.4, 0.63 x 90 + 0.37 x 70 = 82.6; agency 0.33 -> 83.4, 0.27 -> 84.6
    assert [(shift.code, shift.percent, shift.total) for shift in shifts] == [
        ("experts", 10, 8540),
        ("experts", -10, 8260),
        ("agency", 10, 8340),
        ("agency", -10, 8460),
    ]
    assert source_shifts(make_panel([9000]), aggregate_task(make_panel([9000])).outcome) == []


@pytest.mark.parametrize("statistic", ["mean", "median", "trimmed"])
def test_resampling_equals_the_totals_computed_one_by_one(statistic):
    chance = np.random.default_rng(5)
    for _ in range(20):
        weights = [10000] * 6 if statistic == "median" else [int(w) for w in chance.choice([5000, 10000, 15000], 6)]
        marks = [Mark(f"X{i}", "experts", w, int(chance.integers(70, 95)) * 100) for i, w in enumerate(weights)]
        framework, method = make_framework(), Method.of_one_source(statistic)
        counted = resampled_grades(framework, method, marks, np.random.default_rng(9), 300)
        picks = np.random.default_rng(9).integers(0, 6, size=(300, 6))
        expected = Counter(
            framework.grade_of(source_total(statistic, [_copy(marks[i], at) for at, i in enumerate(row)]).total)
            for row in picks
        )
        assert {grade: count for grade, count in counted.items() if count} == dict(expected)


def _copy(mark: Mark, at: int) -> Mark:
    # a sheet drawn twice is two sheets: same total and weight, ids in the order of the first ones
    return Mark(f"{mark.rater}-{at}", mark.source, mark.weight, mark.total)


def test_resampling_holds_small_sources_still_and_needs_five_sheets():
    framework, method = make_framework(), Method.of_one_source("mean")
    four = [Mark(f"X{i}", "experts", 10000, 8000 + i) for i in range(4)]
    assert resampled_grades(framework, method, four, np.random.default_rng(1)) is None
    panel = make_panel([9500] * 5, agency=6000, expert_share=5000)
    found = resampled_grades(framework, panel.method, marks_of(panel), np.random.default_rng(1), 50)
    assert found == {"excellent": 0, "good": 0, "fair": 50, "poor": 0}


def test_the_same_seed_gives_the_same_counts():
    assert robustness(make_panel(FIVE)) == robustness(make_panel(FIVE))


def test_a_panel_in_agreement_far_from_the_lines_is_stable():
    found = robustness(make_panel([8400, 8500, 8600, 8450, 8550]))
    assert (found.badge, found.reasons) == ("stable", ())
    assert found.grades == {"excellent": 0, "good": 1000, "fair": 0, "poor": 0}


def test_a_panel_that_one_rater_decides_is_fragile():
    found = robustness(make_panel(FIVE))
    assert found.badge == "fragile"
    assert "one_rater_decides" in found.reasons
    assert "resampling" in found.reasons
    assert sum(found.grades.values()) == 1000


def test_each_reason_stands_for_itself():
    near = robustness(make_panel([8010, 8010, 8010]), limits=Limits(least_change=100))
    assert near.reasons == ("near_the_line",)
    assert robustness(make_panel([8010, 8010, 8010]), limits=Limits(least_change=10)).reasons == ()
    # 40 x 1 + 60 x 0.98 = 98.8 is excellent whichever branch weighs more; 40 x 1 + 60 x 0.835 = 90.1 is not
    weights = robustness(two_branches(4000, 5010), limits=Limits(least_change=0))
    assert weights.reasons == ("weights",)


def test_without_a_grade_there_is_no_badge():
    found = robustness(make_panel([8000], quorum=3))
    assert (found.badge, found.grades, found.shifts) == (None, None, ())


def test_shifts_never_leave_the_outcome_of_equal_rates():
    framework = make_framework([1000, 2000, 7000])
    sheets = tuple(RaterSheet(f"X{i}", {"L1": 800, "L2": 1600, "L3": 5600}) for i in range(5))
    panel = Panel("T", framework, Method.of_one_source("trimmed"), sheets)
    assert outcome(framework, panel.method, marks_of(panel)).total == 8000
    assert {shift.total for shift in indicator_shifts(panel)} == {8000}
