"""Where marks stand on the drawings."""

from datetime import date

from evalhub.web.drawings import Window, percent_text, place_on, spread_dots, time_window


def test_place_on_between_ends_is_in_tenths_of_a_percent() -> None:
    assert place_on(8030, 5000, 10000) == 606
    assert percent_text(606) == "60.6%"


def test_place_on_outside_the_ends_stays_inside() -> None:
    assert (place_on(4000, 5000, 10000), place_on(12000, 5000, 10000)) == (0, 1000)


def test_spread_dots_that_touch_step_up_and_down_in_the_order_given() -> None:
    dots = spread_dots([8000, 6000, 8010, 8020], 0, 10000)
    assert [dot.x for dot in dots] == [800, 600, 801, 802]
    assert [dot.y for dot in dots] == [0, 0, -5, 5]


def test_time_window_of_a_spell_that_ended_inside_marks_the_overlap() -> None:
    found = time_window(date(2020, 2, 1), date(2025, 3, 31), date(2023, 11, 20), date(2026, 11, 20))
    assert found == Window(spell=(0, 727), window=(500, 1000), overlap=(500, 727))


def test_time_window_of_a_spell_before_the_window_has_no_overlap() -> None:
    found = time_window(date(2021, 1, 1), date(2022, 1, 1), date(2023, 11, 20), date(2026, 11, 20))
    assert found.overlap is None


def test_time_window_of_a_spell_without_end_reaches_the_last_day() -> None:
    assert time_window(date(2024, 1, 1), None, date(2023, 11, 20), date(2026, 11, 20)).spell[1] == 1000
