from dataclasses import replace
from datetime import date

import pytest

from evalhub.domain.conflicts import (
    LAW_RULES,
    Kin,
    PaidBusiness,
    PastEvaluation,
    PersonFacts,
    RuleBook,
    Verdict,
    Waiver,
    apart_pairs,
    blocks,
    detect,
    employer_groups,
    set_rules,
)
from evalhub.domain.errors import InvalidInput
from evalhub.domain.organisations import OrganisationRef
from tests.unit.domain.bodies import ON, STRANGER, WATER_UNIT, make_agency, make_expert, make_task, spell

RULES = RuleBook()
LAW_HIT = detect(RULES, make_expert(spell(WATER_UNIT)), make_task(), ON)[0]
DOUBT_HIT = detect(RULES, make_expert(spell(OrganisationRef(None, WATER_UNIT.name))), make_task(), ON)[0]
POLICY_HIT = detect(RULES, make_agency(paid_business=(PaidBusiness(WATER_UNIT.ref),)), make_task(), ON)[0]


def ruled(hit, verdicts=(), waivers=(), rules=RULES):
    rulings = blocks([hit], verdicts, waivers, rules)
    return next(name for name in ("hard", "doubts", "dismissed", "waived", "soft") if getattr(rulings, name))


def test_rules_of_law_are_these():
    assert LAW_RULES == ("R1", "R2", "R3", "R4", "R5", "R8", "R9", "R10")


@pytest.mark.parametrize(
    ("hit", "decision", "reason", "expected"),
    [
        (LAW_HIT, None, "", "hard"),
        (LAW_HIT, "confirmed", "", "hard"),
        (LAW_HIT, "asked", "which body?", "hard"),
        (LAW_HIT, "dismissed", "", "hard"),
        (LAW_HIT, "dismissed", "not the same body", "dismissed"),
        (DOUBT_HIT, None, "", "doubts"),
        (DOUBT_HIT, "asked", "which body?", "doubts"),
        (DOUBT_HIT, "confirmed", "", "hard"),
        (DOUBT_HIT, "dismissed", "another county", "dismissed"),
        (POLICY_HIT, None, "", "hard"),
    ],
)
def test_verdict_moves_a_hit(hit, decision, reason, expected):
    verdicts = [Verdict(hit.evidence_key, decision, reason)] if decision else []

    assert ruled(hit, verdicts) == expected


@pytest.mark.parametrize(
    ("hit", "reason", "expected"),
    [(POLICY_HIT, "only body with the licence", "waived"), (POLICY_HIT, " ", "hard"), (LAW_HIT, "urgent", "hard")],
)
def test_waiver_lifts_policy_and_never_law(hit, reason, expected):
    assert ruled(hit, waivers=[Waiver(hit.evidence_key, "U1", reason)]) == expected


def test_rotation_only_costs():
    agency = make_agency(evaluations=tuple(PastEvaluation(WATER_UNIT.ref, year) for year in (2024, 2025)))

    rulings = blocks(detect(RULES, agency, make_task(), ON), [], [], RULES)

    assert [hit.rule for hit in rulings.soft] == ["R11"]
    assert rulings.conflicts() == []


def test_doubt_is_held_out_of_the_run_under_its_own_code():
    assert blocks([DOUBT_HIT], [], [], RULES).conflicts() == [("T1", "E1", "doubt")]
    assert blocks([LAW_HIT, DOUBT_HIT], [], [], RULES).conflicts() == [("T1", "E1", "R1"), ("T1", "E1", "doubt")]


def test_staff_is_kept_off_the_team_and_his_agency_is_not():
    clerk = PersonFacts("S1", "staff", (spell(WATER_UNIT),), agency_id="A1")

    rulings = blocks(detect(RULES, make_agency(staff=(clerk,)), make_task(), ON), [], [], RULES)

    assert rulings.conflicts() == []
    assert rulings.team_conflicts() == [("T1", "S1", "R1")]


def test_verdict_outlives_detection_on_another_day_with_another_window():
    expert = make_expert(spell(WATER_UNIT, date(2019, 1, 1), date(2025, 6, 30)))

    [first] = detect(RULES, expert, make_task(), ON)
    [again] = detect(set_rules({"R1": 60}), expert, make_task(), date(2027, 1, 4))

    assert again.evidence_key == first.evidence_key
    assert again.window_from_on != first.window_from_on


def test_changed_record_is_a_new_question():
    was = make_expert(spell(WATER_UNIT, date(2019, 1, 1), date(2025, 6, 30)))
    now = make_expert(spell(WATER_UNIT, date(2019, 1, 1), date(2025, 7, 31)))

    keys = {detect(RULES, expert, make_task(), ON)[0].evidence_key for expert in (was, now)}

    assert len(keys) == 2


def test_row_entered_again_keeps_its_verdict():
    [first] = detect(RULES, make_expert(replace(spell(WATER_UNIT), record_id="r1")), make_task(), ON)
    [again] = detect(RULES, make_expert(replace(spell(WATER_UNIT), record_id="r2", title="科长")), make_task(), ON)

    assert again.evidence_key == first.evidence_key


@pytest.mark.parametrize(
    ("windows", "off", "code"),
    [
        ({"R1": 35}, (), "rule.law_only_lengthened"),
        ({"R3": 36}, (), "rule.law_only_lengthened"),
        ({"R6": -1}, (), "rule.negative_window"),
        ({"R14": 36}, (), "rule.unknown"),
        ({}, ("R8",), "rule.law_always_on"),
    ],
)
def test_rule_of_law_is_not_loosened(windows, off, code):
    with pytest.raises(InvalidInput) as refusal:
        set_rules(windows, off)

    assert refusal.value.code == code


def test_policy_may_be_shortened_or_switched_off():
    agency = make_agency(paid_business=(PaidBusiness(WATER_UNIT.ref),))

    assert set_rules({"R6": 12}).rules["R6"].window_months == 12
    assert detect(set_rules(off=("R6",)), agency, make_task(), ON) == []
    assert blocks([POLICY_HIT], [], [], set_rules(off=("R6",))).conflicts() == []


def test_kin_are_kept_apart_when_one_of_them_declared_it():
    people = [
        make_expert(evaluator_id="E2", kin=(Kin(STRANGER.ref, "spouse", relative_id="E1"),)),
        make_expert(evaluator_id="E1"),
        make_expert(evaluator_id="E3", kin=(Kin(STRANGER.ref, "lineal", relative_id="E9"),)),
    ]

    assert [(pair.first_id, pair.second_id, pair.rule, pair.relation) for pair in apart_pairs(people)] == [
        ("E1", "E2", "R12", "spouse")
    ]


def test_employers_of_today_group_people():
    people = [
        make_expert(spell(STRANGER), spell(WATER_UNIT, until_on=date(2025, 1, 1)), evaluator_id="E1"),
        make_expert(spell(OrganisationRef(None, "沂蒙文旅发展有限责任公司")), evaluator_id="E2"),
        make_expert(spell(OrganisationRef(None, "无码单位")), evaluator_id="E3"),
        make_expert(spell(STRANGER, kind="director"), evaluator_id="E4"),
    ]

    assert employer_groups(people, ON) == {
        "E1": (STRANGER.code,),
        "E2": (STRANGER.code,),
        "E3": ("~无码单位",),
        "E4": (),
    }
