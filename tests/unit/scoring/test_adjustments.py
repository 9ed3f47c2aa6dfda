from fractions import Fraction

import pytest

from evalhub.domain.document import FaultyDocument, Place
from evalhub.domain.scoring.adjustments import (
    EXAMPLE_EXECUTION_CAPS,
    EXAMPLE_OVERSHOOT,
    capped_by_execution,
    less_overshoot,
    read_execution_caps,
)


@pytest.mark.parametrize(
    ("spent", "after"),
    [
        (80_00, 9600),
        (79_99, 8900),
        (70_00, 8900),
        (69_99, 7900),
        (60_00, 7900),
        (59_99, 6900),
        (50_00, 6900),
        (49_99, 5900),
        (0, 5900),
    ],
)
def test_a_total_is_capped_by_the_band_of_its_execution_rate(spent, after):
    found = capped_by_execution(9600, spent, 100_00, EXAMPLE_EXECUTION_CAPS)
    assert (found.before, found.after) == (9600, after)
    assert found.rule == (None if after == 9600 else "execution_cap")


def test_a_total_below_its_cap_stays_as_it_is():
    found = capped_by_execution(7000, 75_00, 100_00, EXAMPLE_EXECUTION_CAPS)
    assert (found.after, found.rule) == (7000, None)


def test_more_than_thirty_percent_above_target_costs_two_points():
    assert less_overshoot(1000, Fraction("130.01"), Fraction(100), EXAMPLE_OVERSHOOT).after == 800
    assert less_overshoot(1000, Fraction(130), Fraction(100), EXAMPLE_OVERSHOOT).after == 1000
    assert less_overshoot(150, Fraction(200), Fraction(100), EXAMPLE_OVERSHOOT).after == 0
    assert less_overshoot(150, Fraction(200), Fraction(0), EXAMPLE_OVERSHOOT).rule is None


def test_caps_are_read_from_a_setting_and_refused_where_bands_overlap():
    setting = [{"min": "70", "max": "80", "cap": "89"}, {"min": "60", "max": "70", "cap": "79"}]
    assert read_execution_caps(Place(setting, "caps")) == EXAMPLE_EXECUTION_CAPS[:2]
    with pytest.raises(FaultyDocument, match=r"caps\[1\]: bands_overlap"):
        read_execution_caps(Place([setting[0], setting[1] | {"max": "71"}], "caps"))
    with pytest.raises(FaultyDocument, match=r"caps\[0\].max: step_without_length"):
        read_execution_caps(Place([setting[0] | {"max": "70"}], "caps"))
