from datetime import date, timedelta

import pytest

from evalhub.domain.workdays import OFFICIAL, add_days, add_workdays, is_workday, workdays_between


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 2, 13), True),
        (date(2026, 2, 14), True),
        (date(2026, 2, 15), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),
        (date(2026, 3, 1), False),
        (date(2025, 1, 26), True),
        (date(2025, 10, 8), False),
        (date(2025, 10, 9), True),
    ],
)
def test_workday_knows_holidays_and_made_up_days(day, expected):
    assert is_workday(day, OFFICIAL) is expected


@pytest.mark.parametrize(("year", "workdays"), [(2025, 248), (2026, 248)])
def test_official_year_has_its_working_days(year, workdays):
    assert workdays_between(date(year - 1, 12, 31), date(year, 12, 31), OFFICIAL) == workdays


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 9, 30), 5, date(2026, 10, 13)),
        (date(2026, 10, 8), -1, date(2026, 9, 30)),
        (date(2026, 10, 3), 0, date(2026, 10, 8)),
        (date(2026, 10, 8), 0, date(2026, 10, 8)),
        (date(2026, 11, 23), 20, date(2026, 12, 21)),
    ],
)
def test_add_workdays_counts_from_the_day_after(day, count, expected):
    assert add_workdays(day, count, OFFICIAL) == expected


def test_add_days_that_ends_on_a_day_off_moves_to_the_next_working_day():
    assert add_days(date(2026, 9, 25), 10, OFFICIAL) == date(2026, 10, 8)
    assert add_days(date(2026, 11, 23), 30, OFFICIAL) == date(2026, 12, 23)


def test_workdays_between_undoes_add_workdays():
    for offset in range(0, 700, 7):
        day = date(2025, 1, 2) + timedelta(days=offset)
        for count in (-30, -1, 1, 5, 20):
            landed = add_workdays(day, count, OFFICIAL)
            assert workdays_between(day, landed, OFFICIAL) == count


def test_year_without_a_notice_is_named():
    assert OFFICIAL.unknown_years(date(2026, 12, 1), date(2028, 1, 31)) == [2027, 2028]
