import pytest

from evalhub.domain.panels import PanelRule


def test_panel_rule_speaks_the_quotas_of_the_allocation_format():
    rule = PanelRule(seats=5, wants_senior=1, employer_max=1, region_max=3)

    assert rule.quotas("110203") == [
        {"tag": "field:1102", "min": 1},
        {"tag": "field:finance", "min": 1},
        {"tag": "senior", "min": 1},
        {"group": "employer", "max": 1},
        {"group": "region", "max": 3},
    ]


def test_panel_rule_that_wants_nobody_of_a_kind_states_no_quota_for_it():
    rule = PanelRule(seats=3, wants_field=0, wants_finance=0, wants_senior=0)

    assert rule.quotas("11") == [{"group": "employer", "max": 1}]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"seats": 4}, {"seats"}),
        ({"seats": 3, "wants_field": 4}, {"wants_field"}),
        ({"seats": 3, "employer_max": 0}, {"employer_max"}),
        ({"seats": 3, "region_max": 4}, {"region_max"}),
        ({"seats": 3, "reserves": -1}, {"reserves"}),
    ],
)
def test_panel_rule_that_cannot_be_filled_names_the_field(changes, fields):
    assert set(PanelRule(**changes).faults()) == fields


def test_panel_rule_of_each_size_is_sound():
    for seats in (3, 5, 7):
        assert PanelRule(seats=seats).faults() == {}
