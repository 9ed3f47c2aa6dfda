import random

import pytest

from evalhub.domain.scoring.aggregate import aggregate_task
from evalhub.domain.scoring.framework import Grade
from evalhub.domain.scoring.panel import Method
from evalhub.domain.scoring.stability import assess_stability, least_change_to_flip
from evalhub.domain.scoring.totals import Mark, outcome
from tests.unit.scoring.panels import make_framework, make_panel

FIVE = {"X1": 8900, "X2": 8600, "X3": 9050, "X4": 8150, "X5": 5000}


def stability(panel):
    return aggregate_task(panel).stability


def test_without_each_rater_is_the_result_as_if_he_were_absent():
    without = stability(make_panel(FIVE)).without
    assert {rater: (found.total, found.grade) for rater, found in without.items()} == {
        "X1": (7700, "fair"), "X2": (7775, "fair"), "X3": (7663, "fair"), "X4": (7888, "fair"), "X5": (8675, "good"),
    }  # fmt: skip


def test_one_rater_decides_where_one_absence_gives_another_grade():
    assert stability(make_panel(FIVE)).one_rater_decides is True
    assert stability(make_panel([8500, 8500, 8500])).one_rater_decides is False


def test_least_change_of_a_mean_is_the_gap_to_the_line_times_the_sheets():
    # 79.40 needs 80.00: the sum 397.00 must reach 399.975 (79.995 rounds up), so one sheet moves by 2.98
    assert stability(make_panel(FIVE)).least_change == 298


def test_least_change_downward_is_found_too():
    # 80.02 falls to 79.99 when the sum 160.03 is at most 159.98
    assert stability(make_panel([8002, 8001])).least_change == 5


def test_least_change_stays_within_zero_and_full_points():
    assert stability(make_panel([9900] * 3, "median")).least_change is None
    result = aggregate_task(make_panel([9900] * 3, "median"))
    assert "no_single_sheet_flips" in [note.code for note in result.notes]


def test_the_absence_that_would_empty_a_source_is_left_out():
    without = stability(make_panel([9000, 8000], agency=8000, expert_share=7000)).without
    assert set(without) == {"X1", "X2"}


def test_an_absence_below_quorum_has_no_grade_and_decides_nothing():
    result = aggregate_task(make_panel([8500, 8500, 8500], quorum=3))
    assert {found.grade for found in result.stability.without.values()} == {None}
    assert result.stability.one_rater_decides is None
    assert "no_grade_without_any_rater" in [note.code for note in result.notes]


@pytest.mark.parametrize("statistic", ["mean", "median", "trimmed"])
def test_least_change_equals_trying_every_hundredth(statistic):
    chance = random.Random(7)
    framework = make_framework([300])
    for _ in range(60):
        count = chance.choice([1, 2, 3, 5, 6])
        weights = (
            [10000] * count if statistic == "median" else [chance.choice([5000, 10000, 30000]) for _ in range(count)]
        )
        marks = [Mark(f"X{i}", "experts", weight, chance.randrange(301)) for i, weight in enumerate(weights)]
        lines = framework.__class__(300, framework.indicators, _grades(chance))
        method = Method.of_one_source(statistic)
        reached = outcome(lines, method, marks)
        assert least_change_to_flip(lines, method, marks, reached) == _by_trial(lines, method, marks, reached)


def _grades(chance):
    low, high = sorted(chance.sample(range(1, 300), 2))
    return (Grade("a", high), Grade("b", low), Grade("c", 0))


def _by_trial(framework, method, marks, reached):
    found = []
    for index, mark in enumerate(marks):
        for total in range(framework.full_points + 1):
            moved = [*marks[:index], Mark(mark.rater, mark.source, mark.weight, total), *marks[index + 1 :]]
            if outcome(framework, method, moved).grade != reached.grade:
                found.append(abs(total - mark.total))
    return min(found, default=None)


def test_overtaking_a_heavier_sheet_can_flip_the_grade_at_once():
    # kept 91, 94 and 26 of weight 3: 52.6 -> 53; X5 at 27 has the heavy 26 dropped in its place: 212 / 3 -> 71
    rows = ((90000, 99), (10000, 91), (10000, 94), (30000, 26), (10000, 25))
    marks = [Mark(f"X{i}", "experts", weight, total) for i, (weight, total) in enumerate(rows, start=1)]
    framework = make_framework([100])
    lines = framework.__class__(100, framework.indicators, (Grade("upper", 56), Grade("lower", 0)))
    method = Method.of_one_source("trimmed")
    reached = outcome(lines, method, marks)
    assert (reached.total, least_change_to_flip(lines, method, marks, reached)) == (53, 2)


def test_below_quorum_nothing_can_flip():
    framework = make_framework()
    marks = [Mark("X1", "experts", 10000, 8000)]
    method = Method.of_one_source("mean", quorum=2)
    found = assess_stability(framework, method, marks, outcome(framework, method, marks))
    assert (found.one_rater_decides, found.least_change) == (None, None)
