from datetime import date

import pytest

from evalhub.domain.errors import InvalidInput, NotFound, Refused, RuleBroken
from evalhub.domain.tasks import MethodChoice, TaskDates
from evalhub.models.plans import Task
from evalhub.services.bureau_conflicts import ask_lifting, lift_bureau_conflict, record_bureau_conflict
from evalhub.services.rounds import RoundValues, create_round, decide_round, submit_round
from evalhub.services.task_course import reassign_task, start_evaluation, stop_task
from evalhub.services.tasks import create_tasks, drop_task, edit_task, load_task
from tests.integration.plan_world import make_round, make_task, task_values

VALUES = RoundValues("秋季轮次", "Autumn", date(2026, 11, 1), date(2026, 12, 31), 24, None, date(2026, 12, 20), 5)


@pytest.fixture
def round_(session, world):
    return make_round(session, world)


@pytest.fixture
def tasks(session, by, world, round_):
    ids = [project.id for project in world.projects[:2]]
    made = create_tasks(by(world.officer), round_.id, ids, task_values(world), round_.version)
    session.flush()
    return made


def test_round_opens_only_under_an_approved_plan(session, by, world, round_):
    round_.plan.state = "draft"
    session.flush()

    with pytest.raises(RuleBroken, match=r"round\.plan_not_approved"):
        create_round(by(world.officer), round_.plan_id, VALUES)


def test_round_with_reversed_days_names_the_field(by, world, round_):
    reversed_days = RoundValues("x", None, date(2026, 12, 31), date(2026, 11, 1), 24, None, None, 5)

    with pytest.raises(InvalidInput) as refused:
        create_round(by(world.officer), round_.plan_id, reversed_days)

    assert refused.value.fields == {"until_on": "dates.reversed"}


def test_tasks_are_made_with_numbers_and_keys_of_their_own(session, by, world, tasks, tools):
    assert [task.code for task in tasks] == ["2026-001", "2026-002"]
    assert [task.field_code for task in tasks] == ["11", "11"]
    keys = {tools.vault.unwrap_task_key(task.key_sealed, task.id) for task in tasks}
    assert len(keys) == 2
    assert tasks[0].method == {
        "statistics": {"experts": "mean", "agency": "mean"},
        "source_weights": {"experts": 7000, "agency": 3000},
        "quorum": {"experts": 2, "agency": 1},
    }


def test_task_number_is_not_used_again_after_a_task_was_dropped(session, by, world, round_, tasks):
    drop_task(by(world.officer), tasks[0].id, tasks[0].version)
    session.flush()

    added = create_tasks(by(world.officer), round_.id, [world.projects[2].id], task_values(world), round_.version)

    assert added[0].code == "2026-003"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"dates": TaskDates(date(2026, 10, 1), date(2026, 12, 1), date(2026, 12, 1))}, {"work_from_on"}),
        ({"method": MethodChoice.of("mean", agency_weight=3000, quorum=5)}, {"quorum"}),
        ({"method": MethodChoice.of("best", agency_weight=0, quorum=2)}, {"statistic"}),
        ({"wants_agency": False}, {"agency_weight"}),
        ({"framework_edition_id": "unknown"}, {"framework_edition_id"}),
        ({"first_evaluation_id": "unknown"}, {"first_evaluation_id"}),
        ({"reserves": 10}, {"reserves"}),
    ],
)
def test_task_values_that_cannot_be_are_named_by_field(by, world, round_, changes, fields):
    with pytest.raises(InvalidInput) as refused:
        create_tasks(
            by(world.officer), round_.id, [world.projects[0].id], task_values(world, **changes), round_.version
        )

    assert set(refused.value.fields) == fields


def test_task_whose_officer_approves_it_is_refused(by, world, round_):
    values = task_values(world, approver_id=world.deputy.id)

    with pytest.raises(InvalidInput) as refused:
        create_tasks(by(world.officer), round_.id, [world.projects[0].id], values, round_.version)

    assert refused.value.fields == {"deputy_approver_id": "people.same"}


def test_second_task_of_one_kind_for_a_project_is_refused(by, world, round_, tasks):
    with pytest.raises(RuleBroken, match=r"round\.task_exists"):
        create_tasks(by(world.officer), round_.id, [world.projects[0].id], task_values(world), round_.version)


def approve_round(session, by, world, round_):
    submit_round(by(world.officer), round_.id, round_.version)
    session.flush()
    decide_round(by(world.approver), round_.id, "approve", "", round_.version)
    session.flush()


def test_approved_round_lets_all_its_tasks_be_staffed(session, by, world, round_, tasks):
    approve_round(session, by, world, round_)

    assert round_.state == "approved"
    assert [task.state for task in tasks] == ["resourcing", "resourcing"]


def test_round_without_a_task_is_not_submitted(by, world, round_):
    with pytest.raises(RuleBroken, match=r"round\.no_tasks"):
        submit_round(by(world.officer), round_.id, round_.version)


def test_round_made_by_an_approver_is_approved_by_another(session, by, world, round_, tasks):
    round_.created_by_id = world.approver.id
    session.flush()
    submit_round(by(world.officer), round_.id, round_.version)
    session.flush()

    with pytest.raises(Refused, match="same_person"):
        decide_round(by(world.approver), round_.id, "approve", "", round_.version)
    decide_round(by(world.deputy), round_.id, "approve", "", round_.version)
    assert round_.state == "approved"


def test_task_of_an_approved_round_is_not_edited_any_more(session, by, world, round_, tasks):
    approve_round(session, by, world, round_)

    with pytest.raises(RuleBroken, match=r"round\.not_editable"):
        edit_task(by(world.officer), tasks[0].id, task_values(world, reserves=1), tasks[0].version)


def test_conflicted_bureau_user_loses_the_task_at_once(session, by, world, tasks):
    record_bureau_conflict(by(world.officer), tasks[0].id, world.approver.id, "亲属")
    session.flush()

    with pytest.raises(NotFound):
        load_task(by(world.approver), tasks[0].id)
    assert load_task(by(world.approver), tasks[1].id) is tasks[1]
    assert load_task(by(world.deputy), tasks[0].id) is tasks[0]


def test_round_with_a_task_that_conflicts_is_decided_by_another_approver(session, by, world, round_, tasks):
    record_bureau_conflict(by(world.officer), tasks[0].id, world.approver.id, "亲属")
    submit_round(by(world.officer), round_.id, round_.version)
    session.flush()

    with pytest.raises(RuleBroken, match=r"round\.other_approver"):
        decide_round(by(world.approver), round_.id, "approve", "", round_.version)
    decide_round(by(world.deputy), round_.id, "approve", "", round_.version)
    assert round_.state == "approved"


def test_task_keeps_one_approver_who_is_free_of_conflict(session, by, world, tasks):
    record_bureau_conflict(by(world.officer), tasks[0].id, world.approver.id, "亲属")
    session.flush()

    with pytest.raises(RuleBroken, match=r"bureau_conflict\.no_approver_left"):
        record_bureau_conflict(by(world.officer), tasks[0].id, world.deputy.id, "同学")


def test_lock_is_lifted_by_two_others_only(session, by, world, tasks):
    conflict = record_bureau_conflict(by(world.officer), tasks[0].id, world.approver.id, "亲属")
    session.flush()
    with pytest.raises(RuleBroken, match=r"bureau_conflict\.not_asked"):
        lift_bureau_conflict(by(world.deputy), conflict.id, conflict.version)

    ask_lifting(by(world.officer), conflict.id, "核实无关", conflict.version)
    session.flush()
    with pytest.raises(Refused, match="same_person"):
        lift_bureau_conflict(by(world.officer), conflict.id, conflict.version)
    with pytest.raises(NotFound):
        lift_bureau_conflict(by(world.approver), conflict.id, conflict.version)
    lift_bureau_conflict(by(world.deputy), conflict.id, conflict.version)
    session.flush()

    assert load_task(by(world.approver), tasks[0].id) is tasks[0]


def test_task_is_handed_over_by_its_approver_not_by_an_officer(session, by, world, tasks):
    task = tasks[0]
    people = (world.second_officer.id, world.approver.id, world.deputy.id)

    with pytest.raises(Refused, match="not_its_approver"):
        reassign_task(by(world.officer), task.id, *people, "休假", task.version)
    reassign_task(by(world.approver), task.id, *people, "休假", task.version)

    assert task.officer_id == world.second_officer.id


def test_suspended_task_goes_on_where_it_stood(session, by, world, round_, tools):
    task = make_task(session, tools, world, round_, state="preparing")

    stop_task(by(world.approver), task.id, "suspend", "等待审计", task.version)
    session.flush()
    assert (task.state, task.state_before) == ("suspended", "preparing")
    stop_task(by(world.approver), task.id, "resume", "审计结束", task.version)

    assert (task.state, task.state_before) == ("preparing", None)


def test_evaluation_does_not_start_before_the_documents_are_due(session, by, world, round_, tools):
    task = make_task(session, tools, world, round_, state="accepted")

    with pytest.raises(Exception, match="not_allowed"):
        start_evaluation(by(world.officer), task.id, task.version)
    assert session.get(Task, task.id).state == "accepted"
