"""Agreement figures against published tables and hand-worked cases."""

import numpy as np
import pytest

from evalhub.domain.scoring.agreement import intraclass_2, kendall_w, krippendorff_alpha, task_agreement
from evalhub.domain.scoring.intervals import (
    agreement_intervals,
    alpha_interval,
    intraclass_interval,
    w_interval,
    w_without_each_leaf,
)
from evalhub.domain.scoring.panel import RaterSheet
from tests.unit.scoring.panels import make_framework

NA = np.nan

SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float
)
"""Six targets, four judges: Shrout and Fleiss (1979), table 2."""

KRIPPENDORFF = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NA, NA, NA],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NA, 3],
        [NA, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NA],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NA],
    ]
).T
"""Twelve units, four observers: Krippendorff, Computing Krippendorff's Alpha-Reliability, section D."""


def test_intraclass_correlations_of_shrout_and_fleiss():
    single, average = intraclass_2(SHROUT_FLEISS)
    assert (round(single, 2), round(average, 2)) == (0.29, 0.62)


def test_intraclass_interval_of_shrout_and_fleiss():
    low, high = intraclass_interval(SHROUT_FLEISS)
    assert (round(low, 3), round(high, 2)) == (0.019, 0.76)


def test_interval_alpha_of_krippendorffs_four_observers():
    assert round(krippendorff_alpha(KRIPPENDORFF), 3) == 0.849


def test_alpha_equals_the_coincidence_matrix_written_out():
    chance = np.random.default_rng(5)
    for _ in range(30):
        ratings = chance.integers(0, 5, size=(7, 4)).astype(float)
        ratings[chance.random(ratings.shape) < 0.2] = NA
        assert krippendorff_alpha(ratings) == pytest.approx(alpha_by_pairs(ratings), abs=1e-12)


def alpha_by_pairs(ratings) -> float:
    units = [unit[~np.isnan(unit)] for unit in ratings]
    units = [unit for unit in units if len(unit) >= 2]
    values = np.concatenate(units)
    observed = sum(sum((a - b) ** 2 for a in unit for b in unit) / (len(unit) - 1) for unit in units) / len(values)
    expected = sum((a - b) ** 2 for a in values for b in values) / (len(values) * (len(values) - 1))
    return 1 - observed / expected


def test_kendalls_w_with_ties_worked_by_hand():
    # ranks 1 2 3 4 | 1 2.5 2.5 4 | 1.5 1.5 3 4: sums 3.5 6 8.5 12, S = 39.5, T = 6 + 6
    # W = 12 x 39.5 / (9 x 60 - 3 x 12) = 474 / 504
    ratings = np.array([[1, 1, 1], [2, 2, 1], [3, 2, 2], [4, 3, 3]], dtype=float)
    assert kendall_w(ratings) == pytest.approx(474 / 504, abs=1e-12)


def test_kendalls_w_of_equal_and_of_opposite_orders():
    assert kendall_w(np.array([[1, 5], [2, 6], [3, 7]], dtype=float)) == pytest.approx(1.0)
    assert kendall_w(np.array([[1, 3], [2, 2], [3, 1]], dtype=float)) == pytest.approx(0.0)


def test_pure_noise_on_leaves_of_unequal_points_gives_alpha_near_zero():
    chance = np.random.default_rng(1)
    framework = make_framework([200, 300, 500, 1000, 2000, 4000, 800, 1200, 600, 400, 1500, 2500])
    alphas, raw = [], []
    for _ in range(200):
        sheets = [
            RaterSheet(f"X{i}", {leaf.code: int(chance.integers(0, leaf.points + 1)) for leaf in framework.leaves()})
            for i in range(5)
        ]
        alphas.append(task_agreement(framework, "experts", sheets).krippendorff_alpha)
        raw.append(krippendorff_alpha(np.array([[s.scores[leaf.code] for s in sheets] for leaf in framework.leaves()])))
    assert abs(float(np.mean(alphas))) < 0.02
    assert float(np.mean(raw)) > 0.3


def test_alpha_takes_gaps_while_icc_and_w_use_leaves_without_any():
    framework = make_framework([500] * 4, na=True)
    sheets = [
        RaterSheet("A", {"L1": 500, "L2": 400, "L3": 300, "L4": None}),
        RaterSheet("B", {"L1": 450, "L2": 350, "L3": 250, "L4": 100}),
        RaterSheet("C", {"L1": 500, "L2": 300, "L3": 200, "L4": 150}),
    ]
    found = task_agreement(framework, "experts", sheets)
    complete = np.array([[5, 4.5, 5], [4, 3.5, 3], [3, 2.5, 2]]) / 5
    gaps = np.vstack([complete, np.array([NA, 1, 1.5]) / 5])
    assert found.krippendorff_alpha == pytest.approx(krippendorff_alpha(gaps))
    assert found.icc_2_1 == pytest.approx(intraclass_2(complete)[0])
    assert found.kendall_w == pytest.approx(1.0)
    assert found.reasons == {}


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ([[300, 200]], "one_rater"),
        ([[300, None], [200, None]], "too_few_leaves"),
        ([[300, 300], [300, 300]], "no_variation"),
    ],
)
def test_what_the_data_does_not_bear_is_empty_with_its_reason(columns, reason):
    framework = make_framework([500, 500], na=True)
    sheets = [RaterSheet(f"X{i}", dict(zip(("L1", "L2"), column, strict=True))) for i, column in enumerate(columns)]
    found = task_agreement(framework, "experts", sheets)
    assert found.krippendorff_alpha is None
    assert set(found.reasons.values()) == {reason}
    assert len(found.reasons) == 4


def test_a_coefficient_whose_formula_has_no_value_says_so():
    # equal leaf means and equal rater means, mean squares 0, 0 and E: (0 - E) / (E - 2 E / 3) = -3 for one rater, and
    # for the mean of both the divisor 0 - E / 3 lies below 0
    framework = make_framework([400, 400, 400])
    first, second = {"L1": 100, "L2": 300, "L3": 200}, {"L1": 300, "L2": 100, "L3": 200}
    sheets = [RaterSheet("A", first), RaterSheet("B", second)]
    found = task_agreement(framework, "experts", sheets)
    assert found.icc_2_1 == pytest.approx(-3.0)
    assert (found.icc_2_k, found.reasons) == (None, {"icc_2_k": "undefined"})


def test_equal_sheets_agree_wholly_whatever_the_size_of_the_leaves():
    framework = make_framework([300, 700, 900])
    sheets = [RaterSheet(rater, {"L1": 100, "L2": 0, "L3": 300}) for rater in ("A", "B")]
    found = task_agreement(framework, "experts", sheets)
    assert found.krippendorff_alpha == pytest.approx(1.0)
    assert found.kendall_w == pytest.approx(1.0)


def test_jackknife_without_each_leaf_equals_leaving_it_out():
    chance = np.random.default_rng(3)
    ratings = chance.integers(0, 4, size=(9, 5)).astype(float)
    left_out = [kendall_w(np.delete(ratings, index, axis=0)) for index in range(9)]
    assert w_without_each_leaf(ratings) == pytest.approx(left_out)


def test_intervals_hold_the_figure_and_are_equal_for_a_seed():
    chance = np.random.default_rng(2)
    framework = make_framework([1000] * 12)
    level = {leaf.code: int(chance.integers(300, 900)) for leaf in framework.leaves()}
    sheets = [
        RaterSheet(f"X{i}", {code: int(points + chance.integers(-80, 80)) for code, points in level.items()})
        for i in range(5)
    ]
    found = task_agreement(framework, "experts", sheets)
    intervals = agreement_intervals(framework, sheets, seed=7)
    assert intervals == agreement_intervals(framework, sheets, seed=7)
    for name, (low, high) in intervals.items():
        assert low < getattr(found, name) < high <= 1, name


def test_alpha_interval_covers_the_true_value_about_as_often_as_it_says():
    # two raters, true score and error of equal variance: alpha of the population is 0.5
    chance = np.random.default_rng(11)
    covered = 0
    for _ in range(300):
        truth = chance.normal(size=(40, 1))
        low, high = alpha_interval(truth + chance.normal(size=(40, 2)), chance, 400)
        covered += low <= 0.5 <= high
    assert 0.88 <= covered / 300 <= 0.99


def test_intervals_of_too_little_data_are_empty():
    framework = make_framework([500, 500])
    sheets = [RaterSheet("A", {"L1": 100, "L2": 200}), RaterSheet("B", {"L1": 100, "L2": 200})]
    assert set(agreement_intervals(framework, sheets, seed=1).values()) == {None}
    assert w_interval(np.ones((6, 1))) is None
