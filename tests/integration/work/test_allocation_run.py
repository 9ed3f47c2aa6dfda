"""Runs from the fixed policy to approved seats, through the job as the worker does it."""

import json
from datetime import date

import pytest
from sqlalchemy import func, select

from evalhub.cli.allocation import run_verify
from evalhub.domain.allocation import read_instance, result_document, solve
from evalhub.domain.errors import InvalidInput, InvalidMove, NotFound, Refused, RuleBroken
from evalhub.models.allocation import AllocationRun, PlannedSeat, SeatPlan
from evalhub.models.experts import DayOff
from evalhub.models.journal import Job, JournalEntry
from evalhub.models.organisations import Organisation
from evalhub.models.plans import Task
from evalhub.models.seats import Seat
from evalhub.services import allocation, conflict_rules, conflicts, named_seats, seat_plans, seats
from evalhub.work.worker import run_job
from tests.builders import add
from tests.integration.allocation_world import (
    POLICY,
    build_allocation_world,
    employ,
    fix_policy,
    planned,
    round_of,
    run,
)
from tests.integration.plan_world import change_by

REASON = "局办公会议确定，须有水利背景。"


@pytest.fixture
def world(house):
    with house.database.write() as session:
        world = build_allocation_world(session, house.tools)
        fix_policy(session, house.tools, world)
    return world


def apply(house, account, call):
    """One service call in its own transaction, as the web makes it."""

    def work(session):
        change = change_by(session, account, house.tools)
        answer = call(change)
        change.close()
        return answer

    return house.database.apply(work)


def version_of(house, plan):
    with house.database.read() as session:
        return session.get_one(SeatPlan, plan.id).version


def approve(house, world, plan):
    return apply(
        house, world.plan.approver, lambda change: seat_plans.approve_plan(change, plan.id, version_of(house, plan))
    )


def rows(house, query):
    with house.database.read() as session:
        return list(session.scalars(query))


def test_policy_is_fixed_by_two_people_and_journalled_before_the_first_run(house, world):
    events = rows(house, select(JournalEntry.event).order_by(JournalEntry.sequence))
    entry = rows(house, select(JournalEntry).where(JournalEntry.event == "allocation_policy.fixed"))[0]

    run(house, world)

    assert events == ["allocation_policy.proposed", "allocation_policy.fixed"]
    assert entry.detail["policy"]["seed"] == "00ff00ff"
    assert entry.detail["policy"]["rules"]["R1"] == 36
    assert entry.detail["policy_hash"].startswith("sha256:")


def test_policy_is_not_fixed_by_who_proposed_it(house, world):
    with house.database.write() as session:
        round_ = round_of(session, world)
        round_.policy_proposed, round_.policy_proposed_by_id = dict(POLICY), world.plan.approver.id
    with house.database.write() as session:
        round_ = round_of(session, world)
        with pytest.raises(Refused, match="same_person"):
            allocation.fix_policy(change_by(session, world.plan.approver, house.tools), round_.id, round_.version)


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        ({"objective": "best"}, "objective"),
        ({"seed": "xyz"}, "seed"),
        ({"seed": "00ff0"}, "seed"),
        ({"weights": {"field": 9999, "licence": 0, "past_work": 0, "rotation": 0}}, "weights"),
        ({"weights": {"field": 10_000}}, "weights"),
    ],
)
def test_policy_that_no_run_could_use_is_refused(house, world, policy, field):
    with house.database.write() as session:
        round_ = round_of(session, world)
        change = change_by(session, world.plan.officer, house.tools)
        with pytest.raises(InvalidInput) as refused:
            allocation.propose_policy(change, round_.id, POLICY | policy, round_.version)
    assert set(refused.value.fields) == {field}


def test_run_is_refused_when_a_rule_has_been_set_otherwise_since(house, world):
    apply(
        house, world.plan.approver, lambda change: conflict_rules.set_rule(change, "R1", 48, True, "局办公会", 0)
    )  # fmt: skip

    with pytest.raises(RuleBroken, match="rules_changed"):
        apply(house, world.plan.officer, lambda change: allocation.request_run(change, world.round.id, "experts"))


def test_run_fills_both_panels_with_reserves_and_terms(house, world):
    done = run(house, world)

    assert (done.state, done.seats_wanted, done.seats_filled) == ("done", 6, 6)
    assert done.result["status"] in ("proven", "solved")
    assert [len(names) for _, names in sorted(done.reserves.items())] == [2, 2]
    seated = {f"{task} {one}" for task, one in done.result["assignments"]}
    assert seated <= set(done.exclusions["terms"])
    terms = done.exclusions["terms"][min(seated)]
    assert [term["code"] for term in terms] == ["field", "past_work", "rotation"]


def test_conflicted_expert_is_in_no_panel_and_no_reserve_list(house, world):
    with house.database.write() as session:
        for expert in world.experts[:2]:
            employ(session, expert, "教育局", world.unit_code, date(2020, 2, 1), date(2025, 3, 31))
    out = {world.experts[0].id, world.experts[1].id}

    done = run(house, world)

    assert {tuple(triple) for triple in done.instance["conflicts"]} == {
        (task.id, one, "R1") for task in world.tasks for one in out
    }
    assert out.isdisjoint({one for _, one in done.result["assignments"]})
    assert out.isdisjoint({one for names in done.reserves.values() for one in names})


def test_ineligible_expert_is_left_out_with_every_failing_rule(house, world):
    with house.database.write() as session:
        expert = session.merge(world.experts[0])
        expert.state, expert.term_until_on = "suspended", date(2026, 6, 1)

    done = run(house, world)

    assert [failure["code"] for failure in done.exclusions["ineligible"][expert.id]] == ["state", "term_over"]


def test_shortfall_is_counted_and_needs_a_reason_to_be_submitted(house, world):
    with house.database.write() as session:
        for expert in world.experts[4:]:
            session.merge(expert).state = "suspended"
        for expert in world.experts[:4]:
            session.merge(expert).capacity_at_once = 1

    done = run(house, world)

    assert (done.seats_wanted, done.seats_filled) == (6, 4)
    reason = done.result["shortfalls"][0]["because"][0]
    assert (reason["code"], reason["evaluators"]) == ("too_few_evaluators", 4)
    plan = apply(house, world.plan.officer, lambda change: seat_plans.draft_plan(change, done.id))
    with pytest.raises(InvalidInput) as refused:
        apply(house, world.plan.officer, lambda change: seat_plans.submit_plan(change, plan.id, " ", plan.version))
    assert refused.value.fields == {"gap_reason": "field.required"}


def test_second_run_waits_for_the_first_and_runs_are_kept(house, world):
    apply(house, world.plan.officer, lambda change: allocation.request_run(change, world.round.id, "experts"))
    with pytest.raises(InvalidMove, match="run_under_way"):
        apply(house, world.plan.officer, lambda change: allocation.request_run(change, world.round.id, "experts"))
    [job] = rows(house, select(Job.id))
    run_job(house, job)

    run(house, world)

    kept = rows(house, select(AllocationRun).order_by(AllocationRun.number))
    assert [(each.number, each.state) for each in kept] == [(1, "done"), (2, "done")]


def test_queued_run_is_cancelled_and_never_begun(house, world):
    asked = apply(house, world.plan.officer, lambda change: allocation.request_run(change, world.round.id, "experts"))
    apply(house, world.plan.officer, lambda change: allocation.cancel_run(change, asked.id))
    run_job(house, asked.job_id)

    [kept] = rows(house, select(AllocationRun))
    assert (kept.state, kept.instance_hash) == ("cancelled", None)


def test_running_run_that_is_cancelled_keeps_the_best_found_or_says_that_there_was_none(house, world):
    asked = apply(house, world.plan.officer, lambda change: allocation.request_run(change, world.round.id, "experts"))
    with house.database.write() as session:
        session.get_one(AllocationRun, asked.id).state = "running"
    apply(house, world.plan.officer, lambda change: allocation.cancel_run(change, asked.id))

    run_job(house, asked.job_id)

    with house.database.read() as session:
        kept = seat_plans.load_run(session, asked.id)
        assert (kept.state, kept.error) == ("cancelled", "cancelled") or kept.result["status"] in ("bounded", "solved")
        assert session.get_one(Job, asked.job_id).state == "cancelled"


def test_run_that_cannot_be_computed_ends_and_bars_no_later_one(house, world):
    asked = apply(house, world.plan.officer, lambda change: allocation.request_run(change, world.round.id, "experts"))
    with house.database.write() as session:
        round_ = round_of(session, world)
        round_.policy = {**round_.policy, "objective": "unknown"}

    run_job(house, asked.job_id)

    [kept] = rows(house, select(AllocationRun))
    assert kept.state == "failed"
    assert "objective" in kept.error


def test_job_taken_up_again_leaves_a_finished_run_alone(house, world):
    done = run(house, world)
    with house.database.write() as session:
        session.get_one(Job, done.job_id).state = "queued"

    run_job(house, done.job_id)

    assert rows(house, select(func.count()).select_from(AllocationRun)) == [1]
    assert rows(house, select(JournalEntry.event).where(JournalEntry.event == "allocation_run.finished")) == [
        "allocation_run.finished"
    ]


def test_archived_instance_gives_an_equal_result_that_verify_accepts(house, world, tmp_path):
    done = run(house, world)
    instance, result = tmp_path / "instance.json", tmp_path / "result.json"
    instance.write_bytes(allocation.canonical(done.instance))
    result.write_text(json.dumps(done.result, ensure_ascii=False), encoding="utf-8")

    problem = read_instance(instance)
    again = json.loads(json.dumps(result_document(problem, solve(problem))))

    assert done.result["instance_sha256"] == done.instance_hash
    again["solver"].pop("seconds")
    kept = {**done.result, "solver": {**done.result["solver"]}}
    kept["solver"].pop("seconds")
    assert again == kept
    assert run_verify(type("Arguments", (), {"instance": instance, "result": result})) == 0


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


def named(house, world, plan, task_id, leaving, candidate):
    return apply(
        house,
        world.plan.officer,
        lambda change: named_seats.name_by_hand(
            change, plan.id, task_id, leaving, candidate, REASON, version_of(house, plan)
        ),
    )


def drafted(house, world):
    done = run(house, world)
    return apply(house, world.plan.officer, lambda change: seat_plans.draft_plan(change, done.id))


def panel_of(house, plan, task_id):
    query = select(PlannedSeat).where(
        PlannedSeat.plan_id == plan.id, PlannedSeat.task_id == task_id, ~PlannedSeat.is_reserve
    )
    return rows(house, query.order_by(PlannedSeat.position))


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
