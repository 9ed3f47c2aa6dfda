"""Plans of seats: drawn from a run, perhaps changed by hand under every rule, submitted, approved by another person."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from evalhub.domain.errors import InvalidInput, InvalidMove, NotFound, RuleBroken
from evalhub.domain.panel_states import SEAT_PLAN_LIFECYCLE
from evalhub.domain.states import TASK_LIFECYCLE
from evalhub.models.allocation import AllocationRun, PlannedSeat, SeatPlan
from evalhub.models.plans import Task
from evalhub.models.seats import Seat
from evalhub.queries.agency_instances import employers_of_panels, seated_experts
from evalhub.queries.blocked import blocked_pairs
from evalhub.queries.facts import gather
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.conflicts import suspend_hard
from evalhub.services.hits import detect
from evalhub.services.journal import Notice
from evalhub.services.versions import refuse_stale

SENIOR = "senior"


def draft_plan(change: Change, run_id: str) -> SeatPlan:
    """Make a plan of the seats and reserves a run found; an earlier draft of the round and kind gives way.

    Raises:
        InvalidMove: the run has no result.
    """
    run = load_run(change.session, run_id)
    if run.state != "done" or run.result is None:
        raise InvalidMove("allocation.run_without_result")
    _give_way(change, run)
    plan = SeatPlan(
        round_id=run.round_id,
        run_id=run.id,
        kind=run.kind,
        created_by_id=change.actor.account_id,
        created_at=change.now,
    )
    change.session.add(plan)
    change.session.flush()
    for seat in _seats_of_run(run, plan.id):
        change.session.add(seat)
    journal.record(
        change, "seat_plan.drafted", "seat_plan", plan.id, run.code, detail={"kind": run.kind, "run": run.code}
    )
    return plan


def _give_way(change: Change, run: AllocationRun) -> None:
    earlier = select(SeatPlan).where(SeatPlan.round_id == run.round_id, SeatPlan.kind == run.kind)
    for plan in change.session.scalars(earlier):
        if plan.state in ("submitted", "approved"):
            raise InvalidMove("seat_plan.already_" + plan.state)
        if plan.state != "replaced":
            SEAT_PLAN_LIFECYCLE.apply(plan, "replace", change.actor)


def _seats_of_run(run: AllocationRun, plan_id: str) -> Iterable[PlannedSeat]:
    """Members by suitability, the best senior leading; then the reserves in the order the run fixed."""
    instance = run.instance or {}
    pairs = {(task, evaluator): value for task, evaluator, value in instance["suitability"]["pairs"]}
    seniors = {each["id"] for each in instance["evaluators"] if SENIOR in each.get("tags", ())}
    terms: Mapping[str, Any] = (run.exclusions or {}).get("terms", {})
    panels: dict[str, list[str]] = defaultdict(list)
    for task, evaluator in (run.result or {})["assignments"]:
        panels[task].append(evaluator)
    key = "agency_id" if run.kind == "agencies" else "expert_id"
    for task in sorted(panels):
        members = sorted(panels[task], key=lambda one: (-pairs.get((task, one), 0), one))
        leader = next((one for one in members if one in seniors), members[0])
        ordered = [leader, *(one for one in members if one != leader)]
        for is_reserve, names in ((False, ordered), (True, (run.reserves or {}).get(task, []))):
            for position, evaluator in enumerate(names, 1):
                yield PlannedSeat(
                    plan_id=plan_id,
                    task_id=task,
                    position=position,
                    **{key: evaluator},
                    is_leader=not is_reserve and evaluator == leader and run.kind == "experts",
                    is_reserve=is_reserve,
                    suitability_millionths=round(pairs.get((task, evaluator), 0) * 1_000_000),
                    suitability_terms=terms.get(f"{task} {evaluator}"),
                )


def submit_plan(change: Change, plan_id: str, gap_reason: str | None, version: int) -> SeatPlan:
    """Hand the plan to the approver; one with empty seats only with a reason.

    Raises:
        InvalidInput: seats are empty and no reason is given.
        RuleBroken: a conflict has become known since the run.
    """
    plan = load_plan(change.session, plan_id)
    refuse_stale(change, "seat_plan", plan, version, {"gap_reason": gap_reason})
    run = load_run(change.session, plan.run_id)
    seats = [seat for seat in planned_seats(change.session, plan.id) if not seat.is_reserve]
    if len(seats) < (run.seats_wanted or 0) and not (gap_reason or "").strip():
        raise InvalidInput(fields={"gap_reason": "field.required"})
    _refuse_conflicts(change, plan, seats)
    SEAT_PLAN_LIFECYCLE.apply(plan, "submit", change.actor)
    plan.gap_reason = gap_reason
    plan.submitted_by_id, plan.submitted_at = change.actor.account_id, change.now
    tasks = _tasks(change.session, seats)
    journal.record(
        change, "seat_plan.submitted", "seat_plan", plan.id, run.code, reason=gap_reason,
        detail={"filled": len(seats), "wanted": run.seats_wanted, "by_hand": sum(seat.by_hand for seat in seats)},
        notify=[Notice(account) for account in sorted({task.approver_id for task in tasks})],
    )  # fmt: skip
    return plan


def withdraw_plan(change: Change, plan_id: str, version: int) -> SeatPlan:
    """The officer takes a submitted plan back, to change it or to draw another one."""
    plan = load_plan(change.session, plan_id)
    refuse_stale(change, "seat_plan", plan, version, {})
    SEAT_PLAN_LIFECYCLE.apply(plan, "withdraw", change.actor)
    run = load_run(change.session, plan.run_id)
    journal.record(change, "seat_plan.withdrawn", "seat_plan", plan.id, run.code, detail={"kind": plan.kind})
    return plan


def approve_plan(change: Change, plan_id: str, version: int) -> SeatPlan:
    """Another person approves: the seats come into being, members proposed and reserves in their fixed order.

    The conflicts of everybody in the plan are found once more, as records stand at this moment.

    Raises:
        RuleBroken: a conflict has become known meanwhile.
    """
    plan = load_plan(change.session, plan_id)
    refuse_stale(change, "seat_plan", plan, version, {})
    run = load_run(change.session, plan.run_id)
    planned = planned_seats(change.session, plan.id)
    tasks = _tasks(change.session, planned)
    detect(change.session, tasks, change, expert_ids=[seat.expert_id for seat in planned if seat.expert_id])
    _refuse_conflicts(change, plan, [seat for seat in planned if not seat.is_reserve])
    SEAT_PLAN_LIFECYCLE.apply(plan, "approve", change.actor)
    plan.decided_by_id, plan.decided_at = change.actor.account_id, change.now
    for seat in planned:
        change.session.add(_seat(seat))
    for task in tasks:
        _move_on(change, task)
    change.session.flush()
    told = {task.officer_id for task in tasks} | {plan.created_by_id}
    journal.record(
        change, "seat_plan.approved", "seat_plan", plan.id, run.code,
        detail={"kind": plan.kind, "seats": len(planned)},
        notify=[*(Notice(account) for account in sorted(told)), *suspend_hard(change, tasks)],
    )  # fmt: skip
    return plan


def _move_on(change: Change, task: Task) -> None:
    """A task goes to `assigned` with its first approved plan, through `resourcing`."""
    if task.state == "planned":
        TASK_LIFECYCLE.apply(task, "staff", change.actor)
    if task.state == "resourcing":
        TASK_LIFECYCLE.apply(task, "assign", change.actor)


def return_plan(change: Change, plan_id: str, opinion: str, version: int) -> SeatPlan:
    """Another person hands the plan back with what to change."""
    plan = load_plan(change.session, plan_id)
    refuse_stale(change, "seat_plan", plan, version, {"opinion": opinion})
    if not opinion.strip():
        raise InvalidInput(fields={"opinion": "field.required"})
    SEAT_PLAN_LIFECYCLE.apply(plan, "return", change.actor)
    plan.opinion = opinion
    plan.decided_by_id, plan.decided_at = change.actor.account_id, change.now
    run = load_run(change.session, plan.run_id)
    journal.record(
        change, "seat_plan.returned", "seat_plan", plan.id, run.code, reason=opinion,
        notify=[Notice(account) for account in sorted({plan.created_by_id, plan.submitted_by_id or plan.created_by_id})],
    )  # fmt: skip
    return plan


def _seat(planned: PlannedSeat) -> Seat:
    return Seat(
        task_id=planned.task_id,
        planned_seat_id=planned.id,
        kind="agency" if planned.agency_id else "expert",
        position=planned.position,
        expert_id=planned.expert_id,
        agency_id=planned.agency_id,
        is_leader=planned.is_leader,
        is_reserve=planned.is_reserve,
        by_hand=planned.by_hand,
        reason=planned.reason,
    )


def _refuse_conflicts(change: Change, plan: SeatPlan, seats: list[PlannedSeat]) -> None:
    task_ids = {seat.task_id for seat in seats}
    triples = blocked_pairs(change.session, task_ids)
    if plan.kind == "agencies":
        facts = gather(change.session, _tasks(change.session, seats))
        triples += employers_of_panels(
            change.session, facts, seated_experts(change.session, sorted(task_ids)), change.today
        )
    blocked = {(task, evaluator): code for task, evaluator, code in triples}
    clashes = sorted({blocked[pair] for seat in seats if (pair := (seat.task_id, evaluator_of(seat))) in blocked})
    if clashes:
        raise RuleBroken("seat_plan.conflict_since", rules=", ".join(clashes))


def evaluator_of(seat: PlannedSeat) -> str:
    return seat.expert_id or seat.agency_id or ""


def _tasks(session: Session, seats: Iterable[PlannedSeat]) -> list[Task]:
    ids = {seat.task_id for seat in seats}
    return list(session.scalars(select(Task).where(Task.id.in_(ids)).order_by(Task.code)).unique())


def planned_seats(session: Session, plan_id: str) -> list[PlannedSeat]:
    order = (PlannedSeat.task_id, PlannedSeat.is_reserve, PlannedSeat.position)
    return list(session.scalars(select(PlannedSeat).where(PlannedSeat.plan_id == plan_id).order_by(*order)))


def load_plan(session: Session, plan_id: str) -> SeatPlan:
    plan = session.get(SeatPlan, plan_id)
    if plan is None:
        raise NotFound("seat_plan")
    return plan


def load_run(session: Session, run_id: str) -> AllocationRun:
    columns = (AllocationRun.instance, AllocationRun.result, AllocationRun.reserves, AllocationRun.exclusions)
    run = session.get(AllocationRun, run_id, options=[undefer(column) for column in columns])
    if run is None:
        raise NotFound("allocation_run")
    return run
