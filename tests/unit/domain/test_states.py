from dataclasses import dataclass

import pytest

from evalhub.domain.errors import InvalidMove, Refused
from evalhub.domain.permissions import Actor, Role
from evalhub.domain.states import (
    DOCUMENT_ITEM_LIFECYCLE,
    FRAMEWORK_EDITION_LIFECYCLE,
    INDICATOR_ACTUAL_LIFECYCLE,
    PLAN_LIFECYCLE,
    REPORT_LIFECYCLE,
    ROUND_LIFECYCLE,
    TASK_LIFECYCLE,
)

LIFECYCLES = (
    PLAN_LIFECYCLE,
    ROUND_LIFECYCLE,
    FRAMEWORK_EDITION_LIFECYCLE,
    TASK_LIFECYCLE,
    DOCUMENT_ITEM_LIFECYCLE,
    INDICATOR_ACTUAL_LIFECYCLE,
    REPORT_LIFECYCLE,
)
EVERYBODY = Actor("somebody", "Somebody", frozenset(Role))


@dataclass
class Record:
    state: str
    created_by_id: str = "maker"
    submitted_by_id: str = "maker"
    officer_id: str = "officer"
    signed_off_by_id: str = "signer"


def all_states(lifecycle):
    return sorted(lifecycle.states)


def all_actions(lifecycle):
    return sorted({step.action for step in lifecycle.moves})


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda table: table.noun)
def test_lifecycle_action_outside_the_table_is_refused_and_changes_nothing(lifecycle):
    tried = 0
    for state in all_states(lifecycle):
        for action in all_actions(lifecycle):
            if lifecycle.find(state, action) is None:
                record = Record(state)
                with pytest.raises(InvalidMove):
                    lifecycle.apply(record, action, EVERYBODY)
                assert record.state == state
                tried += 1
    assert tried > 0


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda table: table.noun)
def test_lifecycle_step_by_an_account_without_the_role_is_refused(lifecycle):
    for step in lifecycle.moves:
        assert step.roles, f"{lifecycle.noun}.{step.action} names nobody"
        others = Actor("somebody", "Somebody", frozenset(Role) - step.roles)
        record = Record(next(iter(step.sources)))
        with pytest.raises(Refused):
            lifecycle.apply(record, step.action, others)


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda table: table.noun)
def test_lifecycle_state_is_reached_and_from_one_state_an_action_leads_to_one_place(lifecycle):
    reached = {lifecycle.initial, "candidate"}
    for _ in lifecycle.moves:
        reached |= {step.target for step in lifecycle.moves if step.sources & reached}
    pairs = [(state, step.action) for step in lifecycle.moves for state in step.sources]

    assert lifecycle.states <= reached
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize(
    ("lifecycle", "state", "action", "attribute"),
    [
        (PLAN_LIFECYCLE, "submitted", "approve", "submitted_by_id"),
        (PLAN_LIFECYCLE, "submitted", "approve", "created_by_id"),
        (PLAN_LIFECYCLE, "submitted", "return", "submitted_by_id"),
        (ROUND_LIFECYCLE, "submitted", "approve", "submitted_by_id"),
        (ROUND_LIFECYCLE, "submitted", "approve", "created_by_id"),
        (FRAMEWORK_EDITION_LIFECYCLE, "draft", "publish", "created_by_id"),
        (TASK_LIFECYCLE, "final", "approve", "officer_id"),
        (TASK_LIFECYCLE, "executing", "suspend", "officer_id"),
        (TASK_LIFECYCLE, "suspended", "resume_executing", "officer_id"),
        (REPORT_LIFECYCLE, "signed_off", "accept", "signed_off_by_id"),
    ],
)
def test_lifecycle_decision_by_its_own_maker_is_refused(lifecycle, state, action, attribute):
    record = Record(state)
    setattr(record, attribute, "somebody")

    with pytest.raises(Refused, match="same_person"):
        lifecycle.apply(record, action, EVERYBODY)


def test_task_walks_from_plan_to_archive_along_the_table():
    record = Record("candidate")
    steps = (
        "plan", "staff", "assign", "accept", "notify", "receive", "approve_plan", "start", "close_panel",
        "draft_report", "consult", "review", "revise", "finish", "approve", "feed_back", "apply", "archive",
    )  # fmt: skip

    for action in steps:
        TASK_LIFECYCLE.apply(record, action, EVERYBODY)

    assert record.state == "archived"


def test_task_resumed_goes_back_to_where_it_stood():
    record = Record("preparing")

    TASK_LIFECYCLE.apply(record, "suspend", EVERYBODY)
    TASK_LIFECYCLE.apply(record, "resume_preparing", EVERYBODY)

    assert record.state == "preparing"


def test_archived_and_cancelled_tasks_take_no_further_step():
    for state in ("archived", "cancelled"):
        assert TASK_LIFECYCLE.actions(Record(state), EVERYBODY) == []


def test_report_accepted_or_rejected_takes_no_further_version():
    for state in ("accepted", "rejected"):
        assert REPORT_LIFECYCLE.find(state, "upload") is None
