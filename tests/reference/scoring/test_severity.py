"""Severity on simulated raters whose harshness is known."""

import numpy as np
import pytest

from evalhub.domain.scoring.severity import Rating, corrected_totals, rater_severity


def simulate(chance, *, tasks=40, raters=20, seats=5, harshness=3.0, rest=4.0):
    """True levels, planted harshness by rater, and one rating per seat; everybody sits by lot."""
    levels = chance.normal(80, 8, tasks)
    planted = chance.normal(0, harshness, raters)
    ratings = [
        Rating(f"T{task:03}", f"R{rater:03}", levels[task] - planted[rater] + chance.normal(0, rest))
        for task in range(tasks)
        for rater in chance.choice(raters, seats, replace=False)
    ]
    return levels, planted, ratings


def grade(total: float) -> int:
    return sum(total >= line for line in (60, 80, 90))


def test_planted_severity_lies_in_its_interval_and_corrected_grades_are_nearer_the_truth():
    chance = np.random.default_rng(20260101)
    inside = figures = raw_right = corrected_right = 0
    for _ in range(1000):
        levels, planted, ratings = simulate(chance)
        found = rater_severity(ratings)
        for rater, severity in found.items():
            if severity.estimate is not None:
                figures += 1
                inside += severity.low <= planted[int(rater[1:])] <= severity.high
        corrected = corrected_totals(ratings, found)
        for task, level in enumerate(levels):
            own = [rating.total for rating in ratings[task * 5 : task * 5 + 5]]
            raw_right += grade(sum(own) / 5) == grade(level)
            corrected_right += grade(corrected[f"T{task:03}"]) == grade(level)
    assert figures > 19_000
    assert inside / figures >= 0.93
    assert corrected_right > raw_right + 500


def test_a_balanced_layout_equals_the_shrunken_rater_means():
    # by hand: R1 lies 3.8889 below the task means, mean squares 76.2222 and 1.4222, shrinkage 1 - 1.4222 / 76.2222
    table = np.array([[80, 74, 83], [70, 66, 71], [90, 85, 92], [60, 57, 66], [75, 70, 77], [85, 80, 85]], dtype=float)
    found = rater_severity([Rating(f"T{t}", f"R{r}", table[t, r]) for t in range(6) for r in range(3)])
    centred = table - table.mean(axis=1, keepdims=True)
    leaning = centred.mean(axis=0)
    rest = ((centred - leaning) ** 2).sum() / (5 * 2)
    shrinkage = 1 - rest / (6 * (leaning**2).sum() / 2)
    assert [found[f"R{r}"].estimate for r in range(3)] == pytest.approx(list(-leaning * shrinkage))
    assert found["R1"].low < found["R1"].estimate < found["R1"].high
    assert found["R1"].estimate == pytest.approx(3.8163, abs=0.0001)


def test_raters_with_fewer_than_five_sheets_get_no_figure():
    _, _, ratings = simulate(np.random.default_rng(4), tasks=12, raters=8)
    extra = Rating("T000", "NEW", 70.0)
    found = rater_severity([*ratings, extra])
    assert (found["NEW"].sheets, found["NEW"].estimate, found["NEW"].reason) == (1, None, "too_few_sheets")
    assert found["R000"].estimate is not None


def test_raters_never_compared_with_the_rest_are_told_so():
    chance = np.random.default_rng(9)
    _, _, ratings = simulate(chance, tasks=20, raters=8)
    apart = [Rating(f"Z{task}", rater, 70.0 + task) for task in range(6) for rater in ("P", "Q")]
    found = rater_severity([*ratings, *apart])
    assert (found["P"].reason, found["Q"].reason) == ("not_connected", "not_connected")
    assert found["R000"].reason == ""


def test_tasks_with_one_sheet_each_compare_nobody():
    found = rater_severity([Rating(f"T{i}", f"R{i % 2}", 80.0) for i in range(12)])
    assert {severity.reason for severity in found.values()} == {"not_connected"}


def test_an_overlap_without_spare_sheets_is_too_little():
    # two raters meet on one task only: nothing is left to tell harshness from chance
    alone = [Rating(f"{rater}{i}", rater, 80.0) for rater in "AB" for i in range(4)]
    found = rater_severity([Rating("T", "A", 80.0), Rating("T", "B", 70.0), *alone])
    assert {severity.reason for severity in found.values()} == {"too_little_overlap"}


def test_order_of_the_ratings_changes_nothing():
    _, _, ratings = simulate(np.random.default_rng(6), tasks=15, raters=9)
    assert rater_severity(ratings) == rater_severity(list(reversed(ratings)))


def test_equal_raters_keep_intervals_of_some_width():
    _, _, ratings = simulate(np.random.default_rng(8), harshness=0.0)
    for severity in rater_severity(ratings).values():
        if severity.estimate is not None:
            assert severity.high - severity.low > 1
            assert severity.low < 0 < severity.high


def test_a_round_without_any_chance_gives_the_planted_figures():
    _, planted, ratings = simulate(np.random.default_rng(3), tasks=12, raters=6, rest=0.0)
    found = rater_severity(ratings)
    centred = planted - planted.mean()
    assert [found[f"R{r:03}"].estimate for r in range(6)] == pytest.approx(list(centred), abs=1e-4)


def test_a_round_of_hundreds_of_raters_covers_what_was_planted():
    _, planted, ratings = simulate(np.random.default_rng(12), tasks=1200, raters=600)
    found = {int(rater[1:]): severity for rater, severity in rater_severity(ratings).items()}
    inside = [severity.low <= planted[rater] <= severity.high for rater, severity in found.items() if severity.low]
    assert len(inside) > 500
    assert 0.92 <= sum(inside) / len(inside) <= 0.98


def test_no_ratings_at_all_give_no_raters():
    assert rater_severity([]) == {}
