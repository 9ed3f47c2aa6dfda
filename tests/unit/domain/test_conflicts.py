from datetime import date

import pytest

from evalhub.domain.conflicts import (
    BureauPost,
    Declaration,
    EvaluatedBody,
    Kin,
    PaidBusiness,
    Participation,
    PastEvaluation,
    PersonFacts,
    PersonRef,
    RuleBook,
    TaskAgency,
    detect,
    set_rules,
)
from evalhub.domain.errors import InvalidInput
from evalhub.domain.organisations import Holding, Organisation, OrganisationRef
from evalhub.domain.periods import Period
from tests.unit.domain.bodies import (
    BUILDER,
    CONSULTANT,
    ON,
    PARENT,
    STRANGER,
    WATER_BUREAU,
    WATER_UNIT,
    code,
    make_agency,
    make_expert,
    make_task,
    spell,
)

RULES = RuleBook()


def found(evaluator, task=None, rules=RULES, on=ON, organisations=()):
    return [(hit.rule, hit.certainty) for hit in detect(rules, evaluator, task or make_task(), on, organisations)]


@pytest.mark.parametrize(
    ("until_on", "expected"),
    [
        (date(2025, 3, 23), [("R1", "coded")]),
        (date(2023, 11, 24), [("R1", "coded")]),
        (date(2023, 11, 23), [("R1", "coded")]),
        (date(2023, 11, 22), []),
    ],
)
def test_spell_that_ended_at_the_window_edge_is_inside(until_on, expected):
    assert found(make_expert(spell(WATER_UNIT, date(2015, 1, 1), until_on))) == expected


@pytest.mark.parametrize(("until_on", "expected"), [(date(2023, 11, 1), [("R1", "coded")]), (date(2023, 10, 31), [])])
def test_month_precise_spell_counts_to_the_last_day_of_its_month(until_on, expected):
    assert found(make_expert(spell(WATER_UNIT, date(2015, 1, 1), until_on, "month"))) == expected


def test_open_and_undated_spells_count():
    assert found(make_expert(spell(WATER_UNIT, date(2001, 1, 1)))) == [("R1", "coded")]
    assert found(make_expert(spell(WATER_UNIT))) == [("R1", "coded")]


def test_spell_that_begins_after_the_day_does_not_count():
    assert found(make_expert(spell(WATER_UNIT, date(2026, 11, 24)))) == []


def test_hit_shows_record_fact_window_and_overlap():
    expert = make_expert(spell(WATER_UNIT, date(2019, 5, 1), date(2025, 3, 1), "month"))

    [hit] = detect(RULES, expert, make_task(), ON)

    assert (hit.record.kind, hit.record.name, hit.record.from_on, hit.record.precision) == (
        "employment", "示例高新区水务服务中心", date(2019, 5, 1), "month",
    )  # fmt: skip
    assert (hit.fact.role, hit.fact.code) == ("unit", WATER_UNIT.code)
    assert (hit.window_from_on, hit.window_until_on) == (date(2023, 11, 23), date(2026, 11, 23))
    assert (hit.overlap_from_on, hit.overlap_until_on) == (date(2023, 11, 23), date(2025, 3, 31))
    assert hit.as_evidence()["record"]["from_on"] == "2019-05-01"


def test_department_counts_and_two_posts_make_two_hits():
    expert = make_expert(spell(WATER_BUREAU, date(2024, 1, 1)), spell(WATER_UNIT, date(2024, 1, 1), kind="adviser"))

    hits = detect(RULES, expert, make_task(), ON)

    assert {(hit.rule, hit.record.kind, hit.fact.role) for hit in hits} == {
        ("R1", "employment", "department"),
        ("R1", "adviser", "unit"),
    }


def test_renamed_body_is_found_by_its_code_and_by_its_former_name():
    by_code = make_expert(spell(OrganisationRef(WATER_UNIT.code, "示例高新区水利管理站")))
    by_name = make_expert(spell(OrganisationRef(None, "示例高新区水利管理站")))

    assert found(by_code) == [("R1", "coded")]
    assert found(by_name) == [("R1", "named")]


def test_merged_body_is_found_by_its_former_code():
    unit = Organisation(code(7, "12"), "示例高新区供水中心", former_codes=(WATER_UNIT.code,))

    assert found(make_expert(spell(WATER_UNIT)), make_task(evaluated=(EvaluatedBody(unit),))) == [("R1", "coded")]


def test_missing_code_makes_a_named_doubt_with_its_likeness():
    [hit] = detect(RULES, make_expert(spell(OrganisationRef(None, "高新区水务服务中心"))), make_task(), ON)

    assert (hit.rule, hit.certainty, hit.is_doubt) == ("R1", "named", True)
    assert 0.8 <= hit.likeness < 1


def test_code_missing_on_the_task_side_makes_a_named_doubt():
    task = make_task(contractors=(Organisation(None, BUILDER.name),))

    assert found(make_expert(spell(BUILDER, kind="director")), task) == [("R2", "named")]


def test_two_codes_with_alike_names_are_two_bodies():
    assert found(make_expert(spell(OrganisationRef(code(8), "高新区水务服务中心")))) == []


def test_two_codes_with_the_very_same_name_are_a_doubt():
    assert found(make_expert(spell(OrganisationRef(code(8), WATER_UNIT.name)))) == [("R1", "named")]


def test_stranger_is_free():
    assert found(make_expert(spell(STRANGER), kin=(Kin(STRANGER.ref, "spouse"),))) == []


def test_director_of_a_contractor_and_of_its_holder_is_found():
    held = Organisation(BUILDER.code, BUILDER.name, holders=(Holding(PARENT.ref, 7000),))
    task = make_task(contractors=(held,))

    hits = detect(RULES, make_expert(spell(PARENT, kind="supervisor")), task, ON)

    assert found(make_expert(spell(BUILDER, kind="director")), task) == [("R2", "coded")]
    assert [(hit.rule, hit.certainty, hit.fact.role, hit.fact.via_code) for hit in hits] == [
        ("R2", "coded", "contractor_owner", BUILDER.code)
    ]
    assert found(make_expert(spell(PARENT)), task) == []


def test_spell_of_an_unknown_kind_is_refused():
    with pytest.raises(InvalidInput):
        spell(BUILDER, kind="post")


def test_agency_whose_parent_owns_a_contractor_is_found():
    agency = make_agency(organisation=Organisation(CONSULTANT.code, CONSULTANT.name, parent=PARENT.ref))
    builder = Organisation(BUILDER.code, BUILDER.name, holders=(Holding(PARENT.ref, 5000),))

    [hit] = detect(RULES, agency, make_task(contractors=(builder,)), ON)

    assert (hit.rule, hit.certainty) == ("R2", "coded")
    assert (hit.record.kind, hit.record.code, hit.fact.role, hit.fact.via_name) == (
        "parent", PARENT.code, "contractor_owner", BUILDER.name,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("share", "from_on", "until_on", "expected"),
    [
        (4999, None, None, [("R2", "unclear")]),
        (5000, None, None, [("R2", "coded")]),
        (None, None, None, [("R2", "coded")]),
        (10000, None, date(2023, 11, 23), [("R2", "coded")]),
        (10000, None, date(2023, 11, 22), []),
    ],
)
def test_holder_counts_by_share_and_period(share, from_on, until_on, expected):
    builder = Organisation(
        BUILDER.code, BUILDER.name, holders=(Holding(CONSULTANT.ref, share, Period(from_on, until_on)),)
    )

    assert found(make_agency(), make_task(contractors=(builder,))) == expected


def test_second_holder_level_is_walked_only_when_set():
    grand = Organisation(code(9), "岱岳投资集团有限公司")
    parent = Organisation(PARENT.code, PARENT.name, parent=grand.ref)
    builder = Organisation(BUILDER.code, BUILDER.name, parent=parent.ref)
    agency = make_agency(organisation=grand)
    task = make_task(contractors=(builder,))

    assert found(agency, task, organisations=(parent,)) == []
    assert found(agency, task, RuleBook(ownership_levels=2), organisations=(parent,)) == [("R2", "coded")]


def test_common_state_owner_alone_relates_nobody():
    owner = Organisation(code(10, "11"), "示例高新区国有资产监督管理局")
    agency = make_agency(organisation=Organisation(CONSULTANT.code, CONSULTANT.name, parent=owner.ref))
    task = make_task(contractors=(Organisation(BUILDER.code, BUILDER.name, parent=owner.ref),))
    flagged = Organisation(owner.code, owner.name, is_state_owner=True)

    assert found(agency, task) == [("R2", "unclear")]
    assert found(agency, task, organisations=(flagged,)) == []


def test_kin_at_the_unit_counts_whenever_and_at_a_contractor_is_a_doubt():
    assert found(make_expert(kin=(Kin(WATER_UNIT.ref, "spouse"),))) == [("R3", "coded")]
    assert found(make_expert(kin=(Kin(WATER_BUREAU.ref, "in_law"),))) == [("R3", "coded")]
    assert found(make_expert(kin=(Kin(BUILDER.ref, "lineal"),))) == [("R3", "unclear")]
    assert found(make_expert(kin=(Kin(OrganisationRef(None, WATER_UNIT.name), "spouse"),))) == [("R3", "named")]


def test_part_in_the_project_counts_for_its_whole_life():
    part = Participation("P1", "design", date(2009, 6, 1))

    assert found(make_expert(participations=(part,))) == [("R4", "coded")]
    assert found(make_agency(participations=(part,))) == [("R4", "coded")]
    assert found(make_expert(participations=(Participation("P2", "design"),))) == []


def test_part_in_a_project_known_by_name_is_a_doubt():
    part = Participation(None, "budget", project_name="农村供水管网改造")

    assert found(make_expert(participations=(part,))) == [("R4", "named")]


@pytest.mark.parametrize(
    ("agency", "certainty"),
    [
        (make_agency(organisation=Organisation(CONSULTANT.code, "", parent=WATER_BUREAU.ref)), "coded"),
        (make_agency(invested=(Holding(WATER_UNIT.ref, 6000),)), "coded"),
        (make_agency(invested=(Holding(WATER_UNIT.ref, 1000),)), "unclear"),
        (make_agency(finances=(WATER_UNIT.ref,)), "coded"),
        (make_agency(heads=(PersonRef("王某某", "k1"),)), "coded"),
        (make_agency(heads=(PersonRef("王某某"),)), "named"),
    ],
)
def test_agency_that_shares_owner_head_or_finances_with_the_unit_is_found(agency, certainty):
    task = make_task(
        evaluated=(
            EvaluatedBody(WATER_UNIT, leaders=(PersonRef("王某某", "k1"),)),
            EvaluatedBody(WATER_BUREAU, "department"),
        )
    )

    assert found(agency, task) == [("R5", certainty)]


def test_heads_of_one_name_and_two_identities_are_two_people():
    task = make_task(evaluated=(EvaluatedBody(WATER_UNIT, leaders=(PersonRef("王某某", "k1"),)),))

    assert found(make_agency(heads=(PersonRef("王某某", "k2"),)), task) == []


def test_common_owner_of_agency_and_unit_is_found():
    unit = Organisation(WATER_UNIT.code, WATER_UNIT.name, parent=PARENT.ref)
    agency = make_agency(organisation=Organisation(CONSULTANT.code, CONSULTANT.name, parent=PARENT.ref))

    assert found(agency, make_task(evaluated=(EvaluatedBody(unit),))) == [("R5", "coded")]


@pytest.mark.parametrize(("until_on", "expected"), [(date(2023, 11, 23), [("R6", "coded")]), (date(2023, 11, 22), [])])
def test_paid_business_with_the_unit_counts_for_three_years(until_on, expected):
    business = PaidBusiness(WATER_UNIT.ref, Period(date(2020, 1, 1), until_on))

    assert found(make_agency(paid_business=(business,))) == expected


def test_paid_business_with_the_department_alone_is_free():
    assert found(make_agency(paid_business=(PaidBusiness(WATER_BUREAU.ref),))) == []


def test_expert_employed_by_an_agency_that_takes_part_is_found_until_he_leaves():
    task = make_task(agencies=(TaskAgency("A1", CONSULTANT),))

    assert found(make_expert(spell(CONSULTANT, until_on=ON)), task) == [("R7", "coded")]
    assert found(make_expert(spell(CONSULTANT, kind="adviser")), task) == [("R7", "coded")]
    assert found(make_expert(spell(CONSULTANT, until_on=date(2026, 11, 22))), task) == []


def test_supervisor_of_the_pool_is_found_while_in_office():
    duty = BureauPost("supervises_pool", Period(date(2020, 1, 1)))
    past = BureauPost("supervises_pool", Period(date(2020, 1, 1), date(2026, 11, 22)))

    assert found(make_expert(bureau_posts=(duty,))) == [("R8", "coded")]
    assert found(make_expert(bureau_posts=(past, BureauPost("clerk")))) == []


def test_participant_of_the_first_evaluation_does_not_evaluate_again():
    task = make_task(kind="re_evaluation", first_task_id="T0", first_participants=frozenset({"E1", "A1"}))

    assert found(make_expert(), task) == [("R9", "coded")]
    assert found(make_agency(), task) == [("R9", "coded")]
    assert found(make_expert(evaluator_id="E2"), task) == []


@pytest.mark.parametrize(
    ("source", "decision", "expected"),
    [
        ("self", None, [("R10", "declared")]),
        ("self", "rejected", []),
        ("unit", None, [("R10", "unclear")]),
        ("unit", "upheld", [("R10", "declared")]),
        ("unit", "rejected", []),
    ],
)
def test_declaration_counts_by_source_and_decision(source, decision, expected):
    assert found(make_expert(), make_task(declarations=(Declaration("E1", source, decision),))) == expected


@pytest.mark.parametrize(
    ("years", "running"), [((2025, 2024), 2), ((2025, 2024, 2023), 3), ((2025, 2023), None), ((2024, 2023), None)]
)
def test_years_running_are_counted(years, running):
    agency = make_agency(evaluations=tuple(PastEvaluation(WATER_UNIT.ref, year) for year in years))

    hits = detect(RULES, agency, make_task(), ON)

    assert [(hit.rule, hit.years) for hit in hits] == ([("R11", running)] if running else [])


def test_staff_is_found_himself_and_a_head_binds_his_agency():
    clerk = PersonFacts("S1", "staff", (spell(WATER_UNIT),), agency_id="A1")
    head = PersonFacts("S2", "staff", (spell(WATER_UNIT),), agency_id="A1", is_head=True)

    def who(person):
        hits = detect(RULES, make_agency(staff=(person,)), make_task(), ON)
        return sorted((hit.evaluator_id, hit.evaluator_kind, hit.staff_id) for hit in hits)

    assert who(clerk) == [("S1", "staff", None)]
    assert who(head) == [("A1", "agency", "S2"), ("S2", "staff", None)]


def test_longer_window_reaches_further_back():
    expert = make_expert(spell(WATER_UNIT, until_on=date(2021, 11, 23)))

    assert found(expert) == []
    assert found(expert, rules=set_rules({"R1": 60})) == [("R1", "coded")]
    assert found(expert, rules=set_rules({"R1": None})) == [("R1", "coded")]
