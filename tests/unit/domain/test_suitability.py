from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalhub.domain.eligibility import HeldLicence
from evalhub.domain.errors import InvalidInput
from evalhub.domain.suitability import (
    FieldSkill,
    Needs,
    Profile,
    SuitabilitySettings,
    WantedField,
    nearness_units,
    shared_levels,
    suitability,
)

ON = date(2026, 11, 23)
SETTINGS = SuitabilitySettings()
WATER = Needs("T1", (WantedField("010203"),))


def units(profile, needs=WATER, years_running=0):
    return suitability(profile, needs, ON, SETTINGS, years_running).units


@pytest.mark.parametrize(
    ("code", "wanted", "levels", "near"),
    [
        ("010203", "010203", 3, 1_000_000),
        ("010204", "010203", 2, 600_000),
        ("010302", "010203", 1, 300_000),
        ("020203", "010203", 0, 0),
        ("0102", "010203", 2, 600_000),
        ("01", "010203", 1, 300_000),
        ("010203", "0102", 2, 1_000_000),
        ("0103", "0102", 1, 600_000),
        ("010203", "01", 1, 1_000_000),
    ],
)
def test_nearness_falls_per_level_missing(code, wanted, levels, near):
    assert shared_levels(code, wanted) == levels
    assert nearness_units(code, wanted, SETTINGS) == near


def test_suitability_of_a_worked_case_shows_its_terms():
    profile = Profile(
        "E1",
        (FieldSkill("010204", 1, 3), FieldSkill("010203", 2, 2)),
        (HeldLicence("cost_engineer", date(2027, 1, 1)),),
        past_field_codes=("010203", "010299", "030101"),
        seats_lately=1,
    )
    needs = Needs("T1", (WantedField("010203"),), frozenset({"cost_engineer", "cpa"}))

    found = suitability(profile, needs, ON, SETTINGS, years_running=1)

    assert [(term.code, term.weight, term.value_units, term.contribution_units) for term in found.terms] == [
        ("field", 6000, 640_000, 384_000),
        ("licence", 1000, 500_000, 50_000),
        ("past_work", 1500, 400_000, 60_000),
        ("rotation", 1500, 625_000, 93_750),
    ]
    assert found.units == 587_750
    assert found.terms[0].figures["field"] == "010203"


def test_suitability_without_a_wanted_licence_leaves_the_term_out():
    found = suitability(Profile("E1", (FieldSkill("010203", 1, 3),)), WATER, ON, SETTINGS)

    assert [(term.code, term.contribution_units) for term in found.terms] == [
        ("field", 666_667),
        ("past_work", 0),
        ("rotation", 166_666),
    ]
    assert found.units == 833_333


def test_best_that_can_be_is_one_whole():
    best = Profile("E1", (FieldSkill("010203", 1, 3),), past_field_codes=("010203",) * 9)

    assert units(best) == 1_000_000


def test_expired_licence_counts_for_nothing():
    needs = Needs("T1", WATER.fields, frozenset({"cpa"}))
    valid = Profile("E1", (FieldSkill("010203"),), (HeldLicence("cpa", ON),))
    expired = Profile("E1", (FieldSkill("010203"),), (HeldLicence("cpa", date(2026, 11, 22)),))

    assert units(valid, needs) - units(expired, needs) == 100_000


def test_side_field_counts_by_its_factor():
    needs = Needs("T1", (WantedField("010203"), WantedField("9001", 700_000)))
    accountant = suitability(Profile("E1", (FieldSkill("900102", 1, 3),)), needs, ON, SETTINGS)

    assert accountant.terms[0].value_units == 700_000


@pytest.mark.parametrize(
    "settings",
    [
        {"field_weight": 6001},
        {"field_weight": 0, "licence_weight": 7000},
        {"skill_units": (0, 0, 1_000_001)},
        {"seats_cap": 0},
    ],
)
def test_settings_out_of_scale_are_refused(settings):
    with pytest.raises(InvalidInput):
        SuitabilitySettings(**settings)


FIELD_CODES = st.sampled_from(["01", "0102", "010203", "010204", "0103", "02", "020101"])
PROFILES = st.builds(
    Profile,
    st.just("E1"),
    st.lists(st.builds(FieldSkill, FIELD_CODES, st.integers(1, 9), st.integers(1, 3)), max_size=4).map(tuple),
    st.lists(st.builds(HeldLicence, st.sampled_from(["cpa", "lawyer"])), max_size=2).map(tuple),
    st.lists(FIELD_CODES, max_size=8).map(tuple),
    st.integers(0, 9),
)
NEEDS = st.builds(
    Needs,
    st.just("T1"),
    st.lists(st.builds(WantedField, FIELD_CODES), min_size=1, max_size=2).map(tuple),
    st.sampled_from([frozenset(), frozenset({"cpa"}), frozenset({"cpa", "lawyer"})]),
)


@given(PROFILES, NEEDS, st.integers(0, 5))
def test_suitability_stays_in_its_range_and_rest_never_harms(profile, needs, years):
    found = suitability(profile, needs, ON, SETTINGS, years)
    rested = suitability(Profile("E1", profile.fields, profile.licences, profile.past_field_codes), needs, ON, SETTINGS)

    assert 0 <= found.units <= 1_000_000
    assert found.units == sum(term.contribution_units for term in found.terms)
    assert rested.units >= found.units
