from decimal import ROUND_HALF_UP, Decimal

import pytest

from evalhub.domain.rounding import (
    InvalidPoints,
    format_points,
    parse_points,
    points_decimal,
    round_half_up_div,
    scaled,
)


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (5, 2, 3),
        (-5, 2, -3),
        (5, -2, -3),
        (7, 3, 2),
        (8, 3, 3),
        (0, 7, 0),
        (1, 2, 1),
        (-1, 2, -1),
        (2, 4, 1),
        (10**30 + 1, 2, 5 * 10**29 + 1),
    ],
)
def test_round_half_up_div_at_and_beside_a_half_goes_away_from_zero(numerator, denominator, expected):
    assert round_half_up_div(numerator, denominator) == expected


def test_round_half_up_div_over_small_fractions_equals_decimal():
    for numerator in range(-60, 61):
        for denominator in (1, 2, 3, 4, 5, 7, 8, 9, 25):
            exact = (Decimal(numerator) / denominator).quantize(Decimal(1), ROUND_HALF_UP)
            assert round_half_up_div(numerator, denominator) == exact


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [("7.5", 750), ("0", 0), (" 12.34 ", 1234), ("100", 10000), ("7.500", 750), ("７．５", 750), (".5", 50)],
)
def test_parse_points_of_plain_decimals_gives_hundredths(text, hundredths):
    assert parse_points(text) == hundredths


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("7.505", "too_many_decimals"),
        ("-1", "negative"),
        ("", "not_a_number"),
        ("NaN", "not_a_number"),
        ("1e3", "not_a_number"),
        ("seven", "not_a_number"),
        ("1_0", "not_a_number"),
        ("1.2.3", "not_a_number"),
        ("9" * 40, "out_of_range"),
    ],
)
def test_parse_points_of_anything_else_is_refused_by_code(text, code):
    with pytest.raises(InvalidPoints) as refusal:
        parse_points(text)
    assert refusal.value.code == code


def test_scaled_of_huge_exponents_is_refused_without_building_the_number():
    with pytest.raises(InvalidPoints):
        scaled(Decimal("1e999999"), 2)
    with pytest.raises(InvalidPoints):
        scaled(Decimal("1e-999999"), 2)
    assert scaled(Decimal("0e-999999"), 2) == 0


def test_scaled_sees_a_decimal_beyond_the_precision_of_decimal_arithmetic():
    with pytest.raises(InvalidPoints):
        scaled(Decimal("7.5" + "0" * 40 + "1"), 2)
    assert scaled(Decimal("7.5" + "0" * 40), 2) == 750


def test_format_points_always_shows_two_decimals():
    assert [format_points(n) for n in (7940, 5, 0, -150)] == ["79.40", "0.05", "0.00", "-1.50"]
    assert str(points_decimal(7940)) == "79.40"
