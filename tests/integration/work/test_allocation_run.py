"""Runs from the fixed policy to approved seats, through the job as the worker does it."""

import json
from datetime import date

import pytest
from sqlalchemy import func, select

from evalhub.cli.allocation import run_verify
from evalhub.domain.allocation import read_instance, result_document, solve
from evalhub.domain.errors import InvalidInput, InvalidMove, Refused, RuleBroken
from evalhub.models.allocation import AllocationRun
from evalhub.models.journal import Job, JournalEntry
from evalhub.services import allocation, conflict_rules, seat_plans
from evalhub.work.worker import run_job
from tests.integration.allocation_world import (
    POLICY,
    build_allocation_world,
    employ,
    fix_policy,
    round_of,
    run,
)
from tests.integration.plan_world import change_by
from tests.integration.work.steps import apply, rows


@pytest.fixture
def world(house):
    with house.database.write() as session:
        world = build_allocation_world(session, house.tools)
        fix_policy(session, house.tools, world)
    return world


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
