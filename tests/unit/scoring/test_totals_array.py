import numpy as np
import pytest

from evalhub.domain.scoring.totals import Mark, sheet_sum, source_total
from evalhub.domain.scoring.totals_array import half_up, sheet_totals, source_totals
from tests.unit.scoring.panels import make_framework


def test_half_up_of_arrays_at_and_beside_a_half():
    assert half_up(np.array([4, 5, 6, 7]), 2).tolist() == [2, 3, 3, 4]
    assert half_up(np.array([10, 10, 10]), np.array([3, 4, 7])).tolist() == [3, 3, 1]


@pytest.mark.parametrize("gaps", [0.0, 0.3])
def test_sheet_totals_of_arrays_equal_those_one_by_one(gaps):
    chance = np.random.default_rng(1)
    points = [300, 700, 1500, 2500, 5000]
    framework = make_framework(points, na=True)
    scores = chance.integers(0, np.array(points) + 1, size=(40, 6, 5))
    gap = chance.random(scores.shape) < gaps
    gap[..., 0] = False
    scores[gap] = -1
    totals = sheet_totals(scores, np.array(points), 10000)
    for index in np.ndindex(40, 6):
        sheet = {f"L{i}": None if score < 0 else int(score) for i, score in enumerate(scores[index], start=1)}
        assert totals[index] == sheet_sum(framework, sheet).total


@pytest.mark.parametrize("statistic", ["mean", "median", "trimmed"])
@pytest.mark.parametrize("count", [1, 2, 4, 5, 8])
def test_source_totals_of_arrays_equal_those_one_by_one(statistic, count):
    chance = np.random.default_rng(count)
    totals = chance.integers(78, 84, size=(200, count)) * 100 + chance.integers(0, 2, size=(200, count))
    weights = np.full((200, count), 10000) if statistic == "median" else chance.choice([5000, 10000], (200, count))
    tie = np.argsort(np.argsort(weights * count + np.arange(count), axis=1), axis=1)
    found = source_totals(statistic, totals, weights, tie)
    for row in range(200):
        marks = [Mark(f"X{i}", "experts", int(weights[row, i]), int(totals[row, i])) for i in range(count)]
        assert found[row] == source_total(statistic, marks).total
