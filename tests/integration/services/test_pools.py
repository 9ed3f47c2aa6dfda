"""Experts, agencies, departments, projects and organisations as their services keep them."""

from datetime import date

import pytest
from sqlalchemy import func, select

from evalhub.domain.errors import InvalidInput, InvalidMove, Refused, RuleBroken, Stale
from evalhub.domain.permissions import Role
from evalhub.domain.records import (
    BodyRef,
    BusinessValues,
    CardValues,
    ContractorValues,
    HolderValues,
    OrganisationValues,
    ParticipationValues,
    SpellValues,
    StaffValues,
    UnitValues,
)
from evalhub.models.experts import EmploymentSpell, Expert, ExpertAccount
from evalhub.models.journal import JournalEntry
from evalhub.models.organisations import FormerName, Holding, Organisation
from evalhub.services import agencies, departments, experts, organisations, projects
from tests.builders import make_account
from tests.integration.plan_world import change_by
from tests.pool_builders import (
    agency_values,
    credit_code,
    department_values,
    expert_values,
    identity_number,
    make_fields,
    project_values,
)


@pytest.fixture
def people(session):
    make_fields(session)
    return {
        "officer": make_account(session, Role.OFFICER),
        "approver": make_account(session, Role.APPROVER),
    }


@pytest.fixture
def officer(session, tools, people):
    return lambda: change_by(session, people["officer"], tools)


@pytest.fixture
def approver(session, tools, people):
    return lambda: change_by(session, people["approver"], tools)


def test_expert_created_seals_numbers_and_records_once(session, officer):
    change = officer()

    expert = experts.create_expert(change, expert_values(identity_number=identity_number(1)))

    raw = session.execute(
        select(Expert.identity_number_sealed, Expert.identity_masked, Expert.mobile_masked).where(
            Expert.id == expert.id
        )
    ).one()
    assert (expert.code, expert.state, expert.sort_key[:2]) == ("ZJ-0001", "applied", "ou")
    assert raw.identity_masked.startswith("370****")
    assert raw.mobile_masked == "138****5526"
    assert b"19740612" not in raw.identity_number_sealed
    assert [entry.event for entry in change.entries] == ["expert.created"]


def test_expert_identity_number_in_pool_is_refused(officer):
    number = identity_number(3)
    experts.create_expert(officer(), expert_values(identity_number=number))

    with pytest.raises(InvalidInput) as refused:
        experts.create_expert(officer(), expert_values(identity_number=number.lower()))

    assert refused.value.fields == {"identity_number": "identity.known"}


def test_expert_name_with_rare_characters_is_kept_byte_for_byte(session, officer):
    name = "𠮷㛃\uf900"

    expert = experts.create_expert(officer(), expert_values(name=name))

    session.expire(expert)
    assert session.get(Expert, expert.id).name == name


def test_expert_edit_keeps_unchanged_rows_and_untyped_numbers(session, officer):
    values = expert_values()
    expert = experts.create_expert(officer(), values)
    spell_id, index = expert.spells[0].id, expert.identity_index
    left = SpellValues(BodyRef("区城投集团"), "财务总监", date(2010, 2, 1), date(2012, 3, 31))

    changed = expert_values(identity_number=None, mobile=None, spells=(*values.spells, left))
    experts.edit_expert(officer(), expert.id, changed, version=expert.version)

    assert spell_id in {spell.id for spell in expert.spells}
    assert len(expert.spells) == 2
    assert expert.identity_index == index


def test_expert_edit_of_older_version_names_what_differs(officer):
    expert = experts.create_expert(officer(), expert_values())
    first = expert.version
    experts.edit_expert(officer(), expert.id, expert_values(identity_number=None, region="370811"), version=first)

    with pytest.raises(Stale) as stale:
        experts.edit_expert(officer(), expert.id, expert_values(region="370812"), version=first)

    assert stale.value.figures["yours"]["region"] == "370812"
    assert stale.value.figures["stored"]["region"] == "370811"


def test_expert_admission_is_never_the_makers(officer, approver):
    expert = experts.create_expert(officer(), expert_values(admitted_on=None, term_until_on=None))
    for action in ("begin_check", "pass_first_check"):
        experts.move_expert(officer(), expert.id, action, None, expert.version)

    with pytest.raises(Refused) as refused:
        experts.move_expert(officer(), expert.id, "pass_second_check", None, expert.version)
    experts.move_expert(approver(), expert.id, "pass_second_check", None, expert.version)
    experts.move_expert(approver(), expert.id, "admit", None, expert.version)

    assert refused.value.code == "same_person"
    assert (expert.state, expert.admitted_on, expert.term_until_on) == (
        "active",
        date(2026, 11, 23),
        date(2029, 11, 23),
    )


def test_expert_suspension_without_reason_is_refused(officer, approver):
    expert = experts.create_expert(officer(), expert_values())
    experts.move_experts(approver(), [expert.id], "take_over", "2024 年台账")

    with pytest.raises(RuleBroken) as refused:
        experts.move_expert(officer(), expert.id, "suspend", " ", expert.version)

    assert refused.value.code == "reason.required"


def test_experts_moved_together_are_all_moved_or_none(session, officer, approver):
    first = experts.create_expert(officer(), expert_values())
    second = experts.create_expert(officer(), expert_values())
    experts.move_expert(officer(), second.id, "begin_check", None, second.version)

    with pytest.raises(InvalidMove):
        experts.move_experts(approver(), [first.id, second.id], "take_over", "台账")

    entries = session.scalar(select(func.count()).where(JournalEntry.event == "experts.take_over"))
    assert entries == 0


def test_expert_card_is_sealed_apart(session, officer):
    expert = experts.create_expert(officer(), expert_values())

    experts.set_card(officer(), expert.id, CardValues("示例银行", "欧阳娜", "6222 0210 0111 0000 931"))

    account = session.get(ExpertAccount, expert.id)
    sealed = session.scalar(select(ExpertAccount.card_number_sealed))
    assert account.card_masked == "6222 **** **** 0931"
    assert b"62220210" not in sealed


def test_organisation_is_known_once_by_code_and_by_former_name(session, officer):
    code = credit_code(55)
    first = organisations.resolve(session, BodyRef("市财经学校", code))
    values = OrganisationValues("市财经学院", code)
    organisations.edit_organisation(officer(), first.id, values, version=first.version)

    by_code = organisations.resolve(session, BodyRef("写错的名字", code))
    by_former_name = organisations.resolve(session, BodyRef("市财经学校"))

    assert {by_code.id, by_former_name.id} == {first.id}
    assert session.scalar(select(FormerName.until_on)) == date(2026, 11, 23)


def test_organisation_of_same_name_with_another_code_is_another_body(session):
    first = organisations.resolve(session, BodyRef("恒筑建设有限公司", credit_code(60)))

    second = organisations.resolve(session, BodyRef("恒筑建设有限公司", credit_code(61)))

    assert first.id != second.id
    assert organisations.find_organisation(session, BodyRef("恒筑建设有限公司")) is None


def test_organisation_with_wrong_check_character_is_refused(session):
    code = credit_code(62)
    wrong = code[:17] + ("0" if code[17] != "0" else "1")

    with pytest.raises(InvalidInput) as refused:
        organisations.resolve(session, BodyRef("某公司", wrong), field="spells")

    assert refused.value.fields == {"spells": "credit_code.check_character"}


def test_organisation_above_itself_is_refused(session, officer):
    above = organisations.create_organisation(officer(), OrganisationValues("集团", credit_code(70)))
    below = OrganisationValues("子公司", credit_code(71), parent=BodyRef("集团", credit_code(70)))
    organisations.create_organisation(officer(), below)

    ring = OrganisationValues("集团", credit_code(70), parent=BodyRef("子公司", credit_code(71)))
    with pytest.raises(InvalidInput) as refused:
        organisations.edit_organisation(officer(), above.id, ring, version=above.version)

    assert refused.value.fields == {"parent_name": "parent.ring"}


def test_agency_keeps_people_and_owners(session, officer):
    holder = HolderValues(BodyRef("示例控股集团", credit_code(80)), 5100)
    person = StaffValues("赵示例", identity_number=identity_number(40), is_lead_evaluator=True)
    expert = experts.create_expert(officer(), expert_values(identity_number=identity_number(40)))
    paid = BusinessValues(BodyRef("区教育局"), "内控咨询", 12_345_678, date(2025, 1, 1), None)

    agency = agencies.create_agency(officer(), agency_values(staff=(person,), holders=(holder,), business=(paid,)))
    kept = agency.staff[0]
    again = StaffValues("赵示例", staff_id=kept.id, position="合伙人")
    values = agency_values(body=BodyRef(agency.organisation.name), staff=(again,), holders=(holder,))
    agencies.edit_agency(officer(), agency.id, values, version=agency.version)

    assert (agency.staff[0].id, agency.staff[0].position, agency.staff[0].expert_id) == (kept.id, "合伙人", expert.id)
    assert session.scalar(select(Holding.share_weight).where(Holding.held_id == agency.organisation_id)) == 5100
    assert agency.business == []


def test_agency_shares_over_the_whole_are_refused(officer):
    holders = (
        HolderValues(BodyRef("甲公司", credit_code(90)), 6000),
        HolderValues(BodyRef("乙公司", credit_code(91)), 4001),
    )

    with pytest.raises(InvalidInput) as refused:
        agencies.create_agency(officer(), agency_values(holders=holders))

    assert refused.value.fields == {"holders": "share.over_whole"}


def test_department_unit_named_by_a_project_stays(officer):
    unit = UnitValues(BodyRef("示例中学"), "101001")
    department = departments.create_department(officer(), department_values(budget_code="101", units=(unit,)))
    projects.create_project(officer(), project_values("101", unit_code="101001"))

    with pytest.raises(InvalidInput) as refused:
        values = department_values(body=BodyRef(department.organisation.name), budget_code="101", units=())
        departments.edit_department(officer(), department.id, values, version=department.version)

    assert refused.value.fields == {"units": "unit.used"}
    assert department.units[0].organisation.parent_id == department.organisation_id


def test_project_keeps_exact_fen_and_its_contractors(session, officer):
    departments.create_department(officer(), department_values(budget_code="102"))
    expert = experts.create_expert(officer(), expert_values())
    paid = ContractorValues(BodyRef("恒筑建设有限公司", credit_code(95)), "builder", 780_000_001)
    took_part = ParticipationValues(expert.code, "design", date(2024, 5, 1))

    values = project_values("102", contractors=(paid,), participations=(took_part,))
    project = projects.create_project(officer(), values)

    assert (project.adjusted_fen, project.contractors[0].amount_fen) == (852_500_000, 780_000_001)
    assert project.participations[0].expert_id == expert.id


def test_project_code_of_the_same_year_is_refused(officer):
    departments.create_department(officer(), department_values(budget_code="103"))
    projects.create_project(officer(), project_values("103", code="P-1"))

    with pytest.raises(InvalidInput) as refused:
        projects.create_project(officer(), project_values("103", code="P-1"))
    projects.create_project(officer(), project_values("103", code="P-1", year=2027))

    assert refused.value.fields == {"code": "project.known"}


def test_former_employers_of_one_person_name_one_body(session, officer):
    spells = (
        SpellValues(BodyRef("区城投集团", credit_code(96)), "会计", date(2010, 1, 1), date(2012, 1, 31)),
        SpellValues(BodyRef("区城投集团有限公司"), "总监", date(2014, 1, 1), date(2015, 1, 31)),
    )

    experts.create_expert(officer(), expert_values(spells=spells))

    bodies = session.scalars(select(EmploymentSpell.organisation_id).distinct()).all()
    assert len(bodies) == 1
    assert session.scalar(select(func.count()).select_from(Organisation)) == 1
