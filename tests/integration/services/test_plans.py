import pytest

from evalhub.domain.errors import InvalidInput, InvalidMove, NotFound, Refused, RuleBroken, Stale
from evalhub.queries.plans import get_plan, list_pickable
from evalhub.services.plans import (
    PlanValues,
    create_plan,
    decide_plan,
    drop_pick,
    edit_plan,
    pick_projects,
    submit_plan,
)
from tests.integration.plan_world import make_project

VALUES = PlanValues(2026, "2026 年度计划", 1_000_000_000, 6000)


@pytest.fixture
def plan(by, world):
    return create_plan(by(world.officer), VALUES)


def pick(by, world, plan, *projects):
    return pick_projects(by(world.officer), plan.id, [project.id for project in projects], "民生重点", plan.version)


def test_plan_of_a_year_made_twice_is_refused(by, world, plan):
    with pytest.raises(InvalidInput) as refused:
        create_plan(by(world.second_officer), VALUES)

    assert refused.value.fields == {"year": "plan.year_taken"}


def test_picked_projects_count_by_category_against_the_target(session, by, world, plan):
    added = pick(by, world, plan, *world.projects[:2])
    session.flush()

    seen = get_plan(session, by(world.officer).actor, plan.id)
    assert added == 2
    assert seen.coverage.by_category == {"livelihood": 300_000_000, "engineering": 200_000_000, "other": 0}
    assert seen.coverage.weight == 5000
    assert seen.coverage.missing_fen == 100_000_000
    assert [line.code for line in list_pickable(session, by(world.officer).actor, plan.id)] == ["P-3"]


def test_project_picked_again_stays_once(session, by, world, plan):
    pick(by, world, plan, world.projects[0])
    session.flush()

    assert pick(by, world, plan, *world.projects[:2]) == 1
    assert len(plan.picks) == 2


def test_project_of_another_year_is_not_picked(session, by, world, plan):
    older = make_project(session, world.department, "P-9", "other", 1, year=2025)

    with pytest.raises(InvalidInput) as refused:
        pick(by, world, plan, older)

    assert refused.value.fields == {"project_ids": "plan.project_of_other_year"}


def test_plan_without_projects_is_not_submitted(by, world, plan):
    with pytest.raises(RuleBroken, match=r"plan\.no_projects"):
        submit_plan(by(world.officer), plan.id, plan.version)


@pytest.fixture
def submitted(session, by, world, plan):
    pick(by, world, plan, *world.projects)
    session.flush()
    submit_plan(by(world.officer), plan.id, plan.version)
    session.flush()
    return plan


def test_plan_is_approved_by_another_person_and_both_are_told(session, by, world, submitted, events):
    change = by(world.approver)

    decide_plan(change, submitted.id, "approve", "", submitted.version)

    assert submitted.state == "approved"
    assert submitted.decided_by_id == world.approver.id
    assert events() == ["plan.created", "plan.projects_picked", "plan.submitted", "plan.approved"]
    change.close()


def test_plan_is_not_approved_by_who_submitted_it(session, by, world, submitted):
    submitted.submitted_by_id = world.approver.id
    session.flush()

    with pytest.raises(Refused, match="same_person"):
        decide_plan(by(world.approver), submitted.id, "approve", "", submitted.version)


def test_plan_is_not_approved_by_an_officer(by, world, submitted):
    with pytest.raises(Refused, match="no_role"):
        decide_plan(by(world.second_officer), submitted.id, "approve", "", submitted.version)


def test_plan_returned_without_opinion_is_refused(by, world, submitted):
    with pytest.raises(InvalidInput):
        decide_plan(by(world.approver), submitted.id, "return", "", submitted.version)


def test_submitted_plan_takes_no_further_pick_and_no_second_submission(by, world, submitted):
    with pytest.raises(RuleBroken, match=r"plan\.not_editable"):
        pick(by, world, submitted, world.projects[0])
    with pytest.raises(InvalidMove):
        submit_plan(by(world.officer), submitted.id, submitted.version)


def test_plan_changed_meanwhile_is_not_decided_unseen(session, by, world, plan):
    seen = plan.version
    pick(by, world, plan, world.projects[0])
    session.flush()

    with pytest.raises(Stale) as stale:
        edit_plan(by(world.second_officer), plan.id, PlanValues(2026, "别名", 1, 6000), seen)

    assert plan.version == seen + 1
    assert stale.value.figures["yours"]["name"] == "别名"
    assert stale.value.figures["stored"]["name"] == "2026 年度计划"


def test_pick_is_dropped_while_no_task_evaluates_it(session, by, world, plan):
    pick(by, world, plan, world.projects[0])
    session.flush()

    drop_pick(by(world.officer), plan.id, plan.picks[0].id, plan.version)

    assert plan.picks == []


def test_outsiders_know_of_no_plan(session, by, world, plan):
    for account in (world.clerk, world.agency_clerk, world.expert_account):
        with pytest.raises(NotFound):
            get_plan(session, by(account).actor, plan.id)
