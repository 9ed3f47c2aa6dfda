"""Conflicts found, ruled on, waived and reported, with what each does to a seat."""

from datetime import date

import pytest
from sqlalchemy import select

from evalhub.domain.errors import InvalidInput, InvalidMove, Refused, RuleBroken, Stale
from evalhub.models.agencies import AgencyStaff, PaidBusiness, StaffSpell
from evalhub.models.conflicts import ConflictHit, Declaration
from evalhub.models.experts import Kin
from evalhub.models.organisations import Organisation
from evalhub.models.seats import Seat
from evalhub.queries.blocked import blocked_pairs, rule_book, team_blocked
from evalhub.services import conflict_rules, conflicts, seats
from tests.builders import NOW, add
from tests.integration.allocation_world import build_allocation_world, employ
from tests.integration.plan_world import make_seat

REASON = "离职距今二十个月，不足三十六个月。"


@pytest.fixture
def world(session, tools):
    return build_allocation_world(session, tools)


@pytest.fixture
def task(world):
    return world.tasks[0]


@pytest.fixture
def former(session, world):
    """The first expert, who left the evaluated unit in March 2025."""
    employ(session, world.experts[0], "教育局", world.unit_code, date(2020, 2, 1), date(2025, 3, 31))
    return world.experts[0]


def hits_of(session, task, **conditions):
    session.flush()
    query = select(ConflictHit).where(ConflictHit.task_id == task.id).filter_by(**conditions)
    return list(session.scalars(query.order_by(ConflictHit.rule, ConflictHit.id)))


def detect(by, world, task):
    return conflicts.detect_for_tasks(by(world.plan.officer), [task.id])


def test_detection_of_a_former_employee_keeps_one_coded_hit_with_record_and_window(session, world, by, task, former):
    detect(by, world, task)

    [hit] = hits_of(session, task)
    assert (hit.rule, hit.expert_id, hit.certainty, hit.state) == ("R1", former.id, "coded", "open")
    assert (hit.evidence["record"]["until_on"], hit.evidence["window_from_on"]) == ("2025-03-31", "2023-11-23")
    assert blocked_pairs(session, [task.id]) == [(task.id, former.id, "R1")]


def test_second_detection_keeps_verdict_reason_and_evidence(session, world, by, task, former):
    detect(by, world, task)
    [hit] = hits_of(session, task)
    evidence = dict(hit.evidence)
    conflicts.decide(by(world.plan.officer), hit.id, "dismiss", REASON, hit.version)

    detect(by, world, task)

    [again] = hits_of(session, task)
    assert (again.id, again.state, again.reason, again.evidence) == (hit.id, "dismissed", REASON, evidence)
    assert blocked_pairs(session, [task.id]) == []


def test_hit_that_records_no_longer_bear_out_stays_kept_and_no_longer_counts(session, world, by, task, former):
    detect(by, world, task)
    [hit] = hits_of(session, task)
    for spell in list(former.spells):
        if spell.until_on:
            session.delete(spell)
    session.flush()
    session.expire(former)

    detect(by, world, task)

    assert [(row.id, row.is_current) for row in hits_of(session, task)] == [(hit.id, False)]
    assert blocked_pairs(session, [task.id]) == []


def test_name_only_tie_is_a_doubt_until_confirmed(session, world, by, task):
    unit = session.get_one(Organisation, world.plan.department.organisation_id)
    employ(session, world.experts[1], unit.name, None, date(2020, 2, 1), date(2025, 3, 31))
    detect(by, world, task)
    [hit] = hits_of(session, task)
    assert hit.certainty == "named"
    assert blocked_pairs(session, [task.id]) == [(task.id, world.experts[1].id, "doubt")]

    conflicts.decide(by(world.plan.officer), hit.id, "confirm", REASON, hit.version)

    assert blocked_pairs(session, [task.id]) == [(task.id, world.experts[1].id, "R1")]


def test_hit_of_an_agencys_person_keeps_the_person_off_the_team_and_not_the_agency(session, world, by, task):
    agency = world.agencies[0]
    [first, _] = session.scalars(select(AgencyStaff).where(AgencyStaff.agency_id == agency.id))
    body = world.plan.department.organisation_id
    add(session, StaffSpell(staff_id=first.id, organisation_id=body, from_on=date(2020, 1, 1), until_on=None))
    session.expire_all()

    detect(by, world, task)

    [hit] = hits_of(session, task)
    assert (hit.rule, hit.agency_id, hit.staff_id) == ("R1", agency.id, first.id)
    assert blocked_pairs(session, [task.id]) == []
    assert team_blocked(session, [task.id]) == [(task.id, first.id, "R1")]


def test_conflicted_lead_evaluator_loses_the_lead_of_a_seated_agency(session, world, by, task):
    agency = world.agencies[0]
    lead = session.scalars(select(AgencyStaff).where(AgencyStaff.agency_id == agency.id)).first()
    seat = make_seat(session, task, world.plan, "agency", agency_id=agency.id, lead_staff_id=lead.id)
    body = world.plan.department.organisation_id
    add(session, StaffSpell(staff_id=lead.id, organisation_id=body, from_on=date(2020, 1, 1), until_on=None))
    session.expire_all()

    detect(by, world, task)

    assert (session.get_one(Seat, seat.id).lead_staff_id, session.get_one(Seat, seat.id).state) == (None, "working")


def test_law_has_no_waiver(session, world, by, task, former):
    detect(by, world, task)
    [hit] = hits_of(session, task)

    with pytest.raises(RuleBroken, match="law_has_no_waiver"):
        conflicts.ask_waiver(by(world.plan.officer), hit.id, REASON, hit.version)

    assert hit.state == "open"


@pytest.fixture
def paid_hit(session, world, by, task):
    """R6, a rule of policy: the first agency had paid business with the evaluated unit."""
    body = world.plan.department.organisation_id
    add(
        session,
        PaidBusiness(
            agency_id=world.agencies[0].id, organisation_id=body, subject="咨询", from_on=date(2024, 11, 1)
        ),
    )  # fmt: skip
    detect(by, world, task)
    [hit] = hits_of(session, task, rule="R6")
    return hit


def test_policy_hit_is_waived_by_another_person_and_blocks_no_more(session, world, by, task, paid_hit):
    agency = world.agencies[0]
    assert blocked_pairs(session, [task.id]) == [(task.id, agency.id, "R6")]
    conflicts.ask_waiver(by(world.plan.officer), paid_hit.id, REASON, paid_hit.version)
    session.flush()
    assert blocked_pairs(session, [task.id]) == [(task.id, agency.id, "R6")]

    conflicts.decide_waiver(by(world.plan.approver), paid_hit.id, True, REASON, paid_hit.version)

    assert paid_hit.state == "waived"
    assert blocked_pairs(session, [task.id]) == []
    detect(by, world, task)
    assert paid_hit.state == "waived"


def test_waiver_is_not_granted_by_who_asked_nor_by_an_officer(session, world, by, task, paid_hit):
    conflicts.ask_waiver(by(world.plan.officer), paid_hit.id, REASON, paid_hit.version)
    session.flush()
    with pytest.raises(Refused):
        conflicts.decide_waiver(by(world.plan.second_officer), paid_hit.id, True, REASON, paid_hit.version)
    paid_hit.waiver_asked_by_id = world.plan.approver.id
    session.flush()

    with pytest.raises(Refused, match="same_person"):
        conflicts.decide_waiver(by(world.plan.approver), paid_hit.id, True, REASON, paid_hit.version)

    assert paid_hit.state == "waiver_asked"


def test_refused_waiver_confirms_the_conflict_and_takes_the_seat(session, world, by, task, paid_hit):
    seat = make_seat(session, task, world.plan, "agency", agency_id=world.agencies[0].id)
    conflicts.ask_waiver(by(world.plan.officer), paid_hit.id, REASON, paid_hit.version)
    session.flush()

    conflicts.decide_waiver(by(world.plan.approver), paid_hit.id, False, REASON, paid_hit.version)

    assert (paid_hit.state, seat.state, seat.is_suspended) == ("confirmed", "recused", True)


@pytest.mark.parametrize("reason", ["", "太短", "长" * 201])
def test_verdict_without_a_reason_of_the_right_length_is_refused(session, world, by, task, former, reason):
    detect(by, world, task)
    [hit] = hits_of(session, task)

    with pytest.raises(InvalidInput) as refused:
        conflicts.decide(by(world.plan.officer), hit.id, "confirm", reason, hit.version)

    assert refused.value.fields == {"reason": "reason.length"}


def test_verdict_on_an_older_version_is_refused(session, world, by, task, former):
    detect(by, world, task)
    [hit] = hits_of(session, task)

    with pytest.raises(Stale):
        conflicts.decide(by(world.plan.officer), hit.id, "confirm", REASON, hit.version + 1)


def test_waived_hit_is_not_ruled_on_again(session, world, by, task, paid_hit):
    conflicts.ask_waiver(by(world.plan.officer), paid_hit.id, REASON, paid_hit.version)
    session.flush()

    with pytest.raises(InvalidMove):
        conflicts.decide(by(world.plan.officer), paid_hit.id, "dismiss", REASON, paid_hit.version)


def test_conflict_found_after_seating_suspends_the_seat_at_once(session, world, by, task):
    seat = make_seat(session, task, world.plan, expert_id=world.experts[2].id)
    employ(session, world.experts[2], "教育局", world.unit_code, date(2020, 2, 1), date(2025, 3, 31))
    session.expire_all()

    detect(by, world, task)

    seat = session.get_one(Seat, seat.id)
    assert (seat.state, seat.is_suspended, seat.suspended_reason) == ("recused", True, "conflict_found")


def test_reported_conflict_blocks_at_once_and_outlives_detection(session, world, by, task, events):
    expert = world.experts[3]
    seat = make_seat(session, task, world.plan, expert_id=expert.id)

    conflicts.report(by(world.plan.officer), task.id, "expert", expert.code, "unit", REASON)
    detect(by, world, task)

    assert (seat.state, seat.is_suspended) == ("recused", True)
    assert blocked_pairs(session, [task.id]) == [(task.id, expert.id, "R10")]
    assert events()[-2:] == ["conflict.reported", "conflict.detected"]


def test_reported_conflict_of_nobody_is_refused(world, by, task):
    with pytest.raises(InvalidInput) as refused:
        conflicts.report(by(world.plan.officer), task.id, "expert", "ZJ-9999", "unit", REASON)

    assert refused.value.fields == {"code": "conflict.nobody_of_code"}


def test_own_declaration_keeps_the_person_out_of_later_runs(session, world, by, task):
    plan = world.plan
    seat = make_seat(session, task, plan, expert_id=plan.expert.id, state="accepted", declared_at=None)

    seats.declare_conflict(by(plan.expert_account), seat.id, "亲属在该单位")

    [hit] = hits_of(session, task)
    assert (hit.rule, hit.certainty, hit.is_current) == ("R10", "declared", True)
    assert blocked_pairs(session, [task.id]) == [(task.id, plan.expert.id, "R10")]
    assert session.scalar(select(Declaration.has_conflict).where(Declaration.seat_id == seat.id))
    detect(by, world, task)
    assert len(hits_of(session, task)) == 1


def test_kin_of_an_expert_at_the_unit_are_found_by_law(session, world, by, task):
    body = world.plan.department.organisation_id
    add(session, Kin(expert_id=world.experts[4].id, organisation_id=body, relation="spouse"))

    detect(by, world, task)

    assert [(hit.rule, hit.expert_id) for hit in hits_of(session, task)] == [("R3", world.experts[4].id)]


def test_rule_of_law_is_neither_shortened_nor_switched_off(session, world, by):
    for window, is_on, code in ((24, True, "rule.law_only_lengthened"), (36, False, "rule.law_always_on")):
        with pytest.raises(InvalidInput) as refused:
            conflict_rules.set_rule(by(world.plan.approver), "R1", window, is_on, "局办公会", 0)
        assert refused.value.code == code

    change = by(world.plan.approver)
    conflict_rules.set_rule(change, "R1", 60, True, "局办公会 2026-03", 0)
    session.flush()
    assert rule_book(session).rules["R1"].window_months == 60
    assert len(change.jobs) == 1


def test_policy_rule_switched_off_stops_blocking(session, world, by, task, paid_hit):
    conflict_rules.set_rule(by(world.plan.approver), "R6", None, False, "局办公会 2026-03", 0)
    session.flush()

    assert blocked_pairs(session, [task.id]) == []


def test_rotation_is_counted_and_never_keeps_out(session, world, by, task):
    agency = world.agencies[1]
    add(
        session,
        ConflictHit(
            task_id=task.id, agency_id=agency.id, rule="R11", certainty="coded", evidence={"years": 2},
            evidence_key="r11", found_on=NOW.date(),
        ),
    )  # fmt: skip

    assert blocked_pairs(session, [task.id]) == []
