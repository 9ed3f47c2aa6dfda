"""Plans drawn from runs: named by hand, approved by another person, checked again at every step."""

import threading
import time
from datetime import date

import pytest
from sqlalchemy import select

from evalhub.domain.errors import InvalidInput, NotFound, Refused, RuleBroken
from evalhub.models.allocation import PlannedSeat, SeatPlan
from evalhub.models.experts import DayOff
from evalhub.models.organisations import Organisation
from evalhub.models.plans import Task
from evalhub.models.seats import ENDED, Seat
from evalhub.services import conflict_rules, conflicts, seat_plans, seats
from evalhub.work.worker import run_job
from tests.builders import add
from tests.integration.allocation_world import (
    build_allocation_world,
    employ,
    fix_policy,
    planned,
    run,
)
from tests.integration.plan_world import change_by
from tests.integration.work.steps import REASON, apply, approve, drafted, named, panel_of, rows, version_of


@pytest.fixture
def world(house):
    with house.database.write() as session:
        world = build_allocation_world(session, house.tools)
        fix_policy(session, house.tools, world)
    return world


def test_plan_is_approved_by_another_person_and_makes_seats_with_reserves_in_order(house, world):
    plan = planned(house, world)
    with pytest.raises(Refused):
        apply(house, world.plan.officer, lambda change: seat_plans.approve_plan(change, plan.id, plan.version))

    approve(house, world, plan)

    made = rows(house, select(Seat).where(Seat.task_id == world.tasks[0].id).order_by(Seat.is_reserve, Seat.position))
    assert [(seat.is_reserve, seat.position, seat.state) for seat in made] == [
        (False, 1, "proposed"), (False, 2, "proposed"), (False, 3, "proposed"), (True, 1, "proposed"),
        (True, 2, "proposed"),
    ]  # fmt: skip
    assert [seat.is_leader for seat in made] == [True, False, False, False, False]
    waiting = rows(
        house,
        select(PlannedSeat.expert_id)
        .where(PlannedSeat.plan_id == plan.id, PlannedSeat.task_id == world.tasks[0].id, PlannedSeat.is_reserve)
        .order_by(PlannedSeat.position),
    )
    assert [seat.expert_id for seat in made if seat.is_reserve] == waiting
    assert rows(house, select(Task.state).distinct()) == ["assigned"]


def test_plan_is_refused_when_a_conflict_became_known_after_the_run(house, world):
    plan = planned(house, world)
    member = rows(house, select(PlannedSeat).where(PlannedSeat.plan_id == plan.id, ~PlannedSeat.is_reserve))[0]
    with house.database.write() as session:
        expert = next(each for each in world.experts if each.id == member.expert_id)
        body = session.get_one(Organisation, session.get_one(Task, member.task_id).project.department.organisation_id)
        body.credit_code = body.credit_code or world.unit_code
        employ(session, expert, body.name, body.credit_code, date(2020, 2, 1), date(2025, 3, 31))

    with pytest.raises(RuleBroken) as refused:
        approve(house, world, plan)

    assert refused.value.figures == {"rules": "R1"}
    assert rows(house, select(Seat)) == []


def test_found_conflict_after_approval_calls_the_first_reserve(house, world):
    plan = planned(house, world)
    approve(house, world, plan)
    task_id = world.tasks[0].id
    apply(house, world.plan.officer, lambda change: seats.invite(change, task_id))
    member, *_ = rows(house, select(Seat).where(Seat.task_id == task_id, ~Seat.is_reserve).order_by(Seat.position))
    first, *_ = rows(house, select(Seat).where(Seat.task_id == task_id, Seat.is_reserve).order_by(Seat.position))
    code = next(each.code for each in world.experts if each.id == member.expert_id)

    apply(
        house,
        world.plan.officer,
        lambda change: conflicts.report(change, task_id, "expert", code, "unit", REASON),
    )

    seat, called = (rows(house, select(Seat).where(Seat.id == each.id))[0] for each in (member, first))
    assert (seat.state, seat.is_suspended, seat.replaced_by_id) == ("recused", True, called.id)
    assert (called.state, called.is_leader) == ("notified", True)


def test_reserve_who_is_not_eligible_any_more_is_passed_over(house, world):
    plan = planned(house, world)
    approve(house, world, plan)
    task_id = world.tasks[0].id
    apply(house, world.plan.officer, lambda change: seats.invite(change, task_id))
    first, second = rows(house, select(Seat).where(Seat.task_id == task_id, Seat.is_reserve).order_by(Seat.position))
    with house.database.write() as session:
        away = date(2026, 11, 30)
        add(session, DayOff(expert_id=first.expert_id, from_on=away, until_on=away))
    member, *_ = rows(house, select(Seat).where(Seat.task_id == task_id, ~Seat.is_reserve).order_by(Seat.position))
    code = next(each.code for each in world.experts if each.id == member.expert_id)

    apply(
        house, world.plan.officer, lambda change: conflicts.report(change, task_id, "expert", code, "unit", REASON)
    )  # fmt: skip

    states = {seat.id: seat.state for seat in rows(house, select(Seat))}
    assert (states[first.id], states[second.id]) == ("proposed", "notified")


def test_named_person_takes_the_seat_marked_with_reason_and_terms(house, world):
    with house.database.write() as session:
        for expert in world.experts:
            session.merge(expert).capacity_at_once = 1
    plan = drafted(house, world)
    leaving = panel_of(house, plan, world.tasks[0].id)[1].expert_id
    reserve = rows(
        house,
        select(PlannedSeat.expert_id).where(
            PlannedSeat.plan_id == plan.id, PlannedSeat.task_id == world.tasks[0].id, PlannedSeat.is_reserve
        ),
    )[0]

    named(house, world, plan, world.tasks[0].id, leaving, reserve)

    [seat] = [each for each in panel_of(house, plan, world.tasks[0].id) if each.by_hand]
    assert (seat.expert_id, seat.replaces_expert_id, seat.reason) == (reserve, leaving, REASON)
    assert seat.suitability_millionths > 0
    assert seat.suitability_terms[0]["code"] == "field"


def test_named_person_in_conflict_is_refused_with_the_rule(house, world):
    with house.database.write() as session:
        employ(session, world.experts[0], "教育局", world.unit_code, date(2020, 2, 1), date(2025, 3, 31))
    plan = drafted(house, world)
    leaving = panel_of(house, plan, world.tasks[0].id)[0].expert_id

    with pytest.raises(RuleBroken) as refused:
        named(house, world, plan, world.tasks[0].id, leaving, world.experts[0].id)

    assert refused.value.figures == {"rules": "R1"}


def test_named_person_who_is_suspended_is_refused(house, world):
    with house.database.write() as session:
        session.merge(world.experts[0]).state = "suspended"
    plan = drafted(house, world)
    leaving = panel_of(house, plan, world.tasks[0].id)[0].expert_id

    with pytest.raises(RuleBroken) as refused:
        named(house, world, plan, world.tasks[0].id, leaving, world.experts[0].id)

    assert refused.value.figures == {"rules": "state"}


def test_named_person_beyond_the_seats_of_the_panel_is_refused(house, world):
    plan = drafted(house, world)
    taken = {seat.expert_id for seat in panel_of(house, plan, world.tasks[0].id)}
    other = next(each.id for each in world.experts if each.id not in taken)

    with pytest.raises(RuleBroken) as refused:
        named(house, world, plan, world.tasks[0].id, None, other)
    with pytest.raises(NotFound):
        named(house, world, plan, world.tasks[0].id, "nobody", other)

    assert refused.value.figures == {"rules": "over_max, over_seats"}


def test_agencies_are_seated_and_an_employer_of_a_panel_member_is_not(house, world):
    """R7, seen from the side of the agency: the panel stands first."""
    plan = planned(house, world)
    approve(house, world, plan)
    member = rows(house, select(Seat).where(Seat.task_id == world.tasks[0].id, ~Seat.is_reserve))[0]
    with house.database.write() as session:
        agency = session.merge(world.agencies[0])
        body = session.get_one(Organisation, agency.organisation_id)
        expert = next(each for each in world.experts if each.id == member.expert_id)
        employ(session, expert, body.name, body.credit_code, date(2024, 1, 1), None)

    done = run(house, world, "agencies")

    clashes = {(task, one) for task, one, code in done.instance["conflicts"] if code == "R7"}
    assert (world.tasks[0].id, agency.id) in clashes
    assert not clashes & {tuple(pair) for pair in done.result["assignments"]}
    assert done.seats_filled == 2


def test_expert_of_a_seated_agency_is_kept_out_of_its_panel(house, world):
    """R7, seen from the side of the expert: the agency stands first."""
    plan = planned(house, world, "agencies")
    approve(house, world, plan)
    seat = rows(house, select(Seat).where(Seat.task_id == world.tasks[0].id))[0]
    with house.database.write() as session:
        agency = next(each for each in world.agencies if each.id == seat.agency_id)
        body = session.get_one(Organisation, agency.organisation_id)
        employ(session, world.experts[0], body.name, body.credit_code, date(2024, 1, 1), None)

    done = run(house, world)

    assert [world.tasks[0].id, world.experts[0].id, "R7"] in done.instance["conflicts"]


def test_agency_plan_is_refused_when_the_panel_was_approved_with_one_of_its_people(house, world):
    agencies = planned(house, world, "agencies")
    chosen = rows(house, select(PlannedSeat).where(PlannedSeat.plan_id == agencies.id, ~PlannedSeat.is_reserve))[0]
    experts = planned(house, world)
    member = rows(
        house,
        select(PlannedSeat).where(
            PlannedSeat.plan_id == experts.id, PlannedSeat.task_id == chosen.task_id, ~PlannedSeat.is_reserve
        ),
    )[0]
    with house.database.write() as session:
        agency = next(each for each in world.agencies if each.id == chosen.agency_id)
        body = session.get_one(Organisation, agency.organisation_id)
        expert = next(each for each in world.experts if each.id == member.expert_id)
        employ(session, expert, body.name, body.credit_code, date(2024, 1, 1), None)
    approve(house, world, experts)

    with pytest.raises(RuleBroken) as refused:
        approve(house, world, agencies)

    assert refused.value.figures == {"rules": "R7"}


def test_submitted_plan_is_withdrawn_and_returned_with_words(house, world):
    plan = planned(house, world)
    with pytest.raises(InvalidInput):
        apply(
            house,
            world.plan.approver,
            lambda change: seat_plans.return_plan(change, plan.id, "", version_of(house, plan)),
        )
    apply(
        house, world.plan.officer, lambda change: seat_plans.withdraw_plan(change, plan.id, version_of(house, plan))
    )  # fmt: skip

    assert rows(house, select(SeatPlan.state)) == ["draft"]


def test_rule_that_changes_is_applied_to_tasks_under_way_by_a_job(house, world):
    plan = planned(house, world)
    approve(house, world, plan)
    member = rows(house, select(Seat).where(Seat.task_id == world.tasks[0].id, ~Seat.is_reserve))[0]
    with house.database.write() as session:
        expert = next(each for each in world.experts if each.id == member.expert_id)
        employ(session, expert, "教育局", world.unit_code, date(2018, 2, 1), date(2022, 12, 31))
        change = change_by(session, world.plan.approver, house.tools)
        conflict_rules.set_rule(change, "R1", 60, True, "局办公会 2026-03", 0)

    run_job(house, change.jobs[0])

    [seat] = rows(house, select(Seat).where(Seat.id == member.id))
    assert (seat.state, seat.is_suspended) == ("recused", True)


@pytest.mark.parametrize("engine_kind", ["postgresql"], indirect=True)  # SQLite lets one writer in at a time
@pytest.mark.parametrize("first", ["report", "approve"])
def test_race_of_a_reported_conflict_and_an_approval_ends_with_nobody_conflicted_and_seated(house, world, first):
    plan = planned(house, world)
    member = rows(house, select(PlannedSeat).where(PlannedSeat.plan_id == plan.id, ~PlannedSeat.is_reserve))[0]
    code = next(each.code for each in world.experts if each.id == member.expert_id)
    start, failures = threading.Barrier(2), []

    def report():
        apply(
            house,
            world.plan.officer,
            lambda change: conflicts.report(change, member.task_id, "expert", code, "unit", REASON),
        )

    def approve_it():
        approve(house, world, plan)

    def racing(step, pause):
        start.wait()
        time.sleep(pause)
        try:
            step()
        except RuleBroken as refused:
            failures.append(refused.code)

    pauses = (0.0, 0.05) if first == "report" else (0.05, 0.0)
    threads = [threading.Thread(target=racing, args=pair) for pair in zip((report, approve_it), pauses, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    held = rows(
        house,
        select(Seat.id).where(
            Seat.task_id == member.task_id, Seat.expert_id == member.expert_id, Seat.state.not_in(ENDED)
        ),
    )
    assert held == []
    assert failures in ([], ["seat_plan.conflict_since"])
    assert bool(failures) == (rows(house, select(Seat.id)) == [])
