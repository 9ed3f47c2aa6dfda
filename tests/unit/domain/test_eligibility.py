from dataclasses import replace
from datetime import date

import pytest

from evalhub.domain.eligibility import (
    Candidate,
    EligibilitySettings,
    Failure,
    HeldLicence,
    age_on,
    eligibility,
    is_available,
)
from evalhub.domain.periods import Period

ON = date(2026, 11, 23)
FIT = Candidate("E1", born_on=date(1970, 5, 1), term=Period(date(2025, 1, 1), date(2027, 12, 31)))
SETTINGS = EligibilitySettings()


def codes(candidate, settings=SETTINGS, on=ON):
    return [failure.code for failure in eligibility(candidate, on, settings)]


def test_fit_candidate_is_available():
    assert eligibility(FIT, ON, SETTINGS) == []
    assert is_available(FIT, ON, SETTINGS)


@pytest.mark.parametrize("state", ["expiring", "renewed"])
def test_state_in_the_pool_is_admitted(state):
    assert codes(replace(FIT, state=state)) == []


@pytest.mark.parametrize("state", ["applied", "suspended", "removed", "blacklisted", "public_notice"])
def test_state_outside_the_pool_is_named(state):
    assert eligibility(replace(FIT, state=state), ON, SETTINGS) == [Failure("state", {"state": state})]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (Period(date(2026, 11, 23), date(2026, 11, 23)), []),
        (Period(None, date(2026, 11, 22)), [Failure("term_over", {"until_on": date(2026, 11, 22), "days": 1})]),
        (Period(date(2026, 11, 24)), [Failure("term_not_begun", {"from_on": date(2026, 11, 24)})]),
        (None, []),
    ],
)
def test_term_counts_its_edge_days_as_inside(term, expected):
    assert eligibility(replace(FIT, term=term), ON, SETTINGS) == expected


@pytest.mark.parametrize(
    ("born_on", "expected"),
    [
        (date(1956, 11, 24), []),
        (date(1956, 11, 23), ["over_age"]),
        (date(1956, 11, 22), ["over_age"]),
        (None, ["age_unknown"]),
    ],
)
def test_age_limit_bars_from_the_birthday_on(born_on, expected):
    assert codes(replace(FIT, born_on=born_on)) == expected


def test_age_limit_binds_no_agency_and_can_be_off():
    assert codes(Candidate("A1", "agency")) == []
    assert codes(replace(FIT, born_on=None), EligibilitySettings(age_limit=None)) == []


def test_age_of_who_was_born_on_leap_day():
    assert age_on(date(1956, 2, 29), date(2026, 2, 28)) == 69
    assert age_on(date(1956, 2, 29), date(2026, 3, 1)) == 70


@pytest.mark.parametrize(
    ("licences", "expected"),
    [
        ((), [Failure("licence_missing", {"wanted": ("cpa",)})]),
        ((HeldLicence("lawyer"),), [Failure("licence_missing", {"wanted": ("cpa",)})]),
        ((HeldLicence("cpa", ON),), []),
        ((HeldLicence("cpa"),), []),
        (
            (HeldLicence("cpa", date(2026, 11, 22)),),
            [Failure("licence_expired", {"licence": "cpa", "expires_on": date(2026, 11, 22)})],
        ),
    ],
)
def test_licence_wanted_must_be_valid(licences, expected):
    settings = EligibilitySettings(wanted_licences=frozenset({"cpa"}))

    assert eligibility(replace(FIT, licences=licences), ON, settings) == expected
    assert codes(replace(FIT, licences=licences)) == []


@pytest.mark.parametrize(
    ("off", "expected"),
    [
        (Period(date(2026, 12, 1), date(2026, 12, 3)), ["day_off"]),
        (Period(date(2026, 12, 4), date(2026, 12, 9)), []),
    ],
)
def test_days_off_bar_where_they_meet_the_work(off, expected):
    settings = EligibilitySettings(work_days=(Period(date(2026, 12, 3), date(2026, 12, 3)),))

    assert codes(replace(FIT, days_off=(off,)), settings) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"seats_this_year": 5}, []),
        ({"seats_this_year": 6}, [Failure("year_full", {"count": 6, "limit": 6})]),
        ({"seats_now": 3}, [Failure("at_once_full", {"count": 3, "limit": 3})]),
        ({"refusals_this_year": 2}, []),
        ({"refusals_this_year": 3}, [Failure("refusals", {"count": 3, "limit": 3})]),
        ({"capacity_year": 0}, [Failure("year_full", {"count": 0, "limit": 0})]),
        ({"has_undertaking": False}, [Failure("undertaking_missing", {})]),
    ],
)
def test_limits_are_reached_with_their_figures(changes, expected):
    assert eligibility(replace(FIT, **changes), ON, SETTINGS) == expected


def test_every_failing_rule_is_named_gravest_first():
    worst = Candidate(
        "E1",
        state="suspended",
        born_on=date(1950, 1, 1),
        term=Period(None, date(2020, 1, 1)),
        has_undertaking=False,
        days_off=(Period(),),
        seats_this_year=9,
        seats_now=9,
        refusals_this_year=9,
    )
    settings = EligibilitySettings(wanted_licences=frozenset({"cpa"}), work_days=(Period(ON, ON),))

    assert codes(worst, settings) == [
        "state", "term_over", "over_age", "undertaking_missing", "licence_missing", "day_off", "year_full",
        "at_once_full", "refusals",
    ]  # fmt: skip
