"""Plans of seats: drawn from a run, perhaps changed by hand under every rule, submitted, approved by another person."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from evalhub.domain.allocation.exchange import read_instance
from evalhub.domain.allocation.recount import check
from evalhub.domain.errors import InvalidInput, InvalidMove, NotFound, RuleBroken
from evalhub.domain.panel_states import SEAT_PLAN_LIFECYCLE
from evalhub.domain.states import TASK_LIFECYCLE
from evalhub.models.allocation import AllocationRun, PlannedSeat, SeatPlan
from evalhub.models.plans import Task
from evalhub.models.seats import Seat
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.conflicts import blocked_pairs
from evalhub.services.journal import Notice

SENIOR = "senior"


def draft_plan(change: Change, run_id: str) -> SeatPlan:
    """Make a plan of the seats and reserves a run found; an earlier draft of the round and kind gives way.

    Raises:
        InvalidMove: the run has no result.
    """
    run = _run(change.session, run_id)
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


def name_by_hand(
    change: Change, plan_id: str, task_id: str, leaving: str | None, candidate: str, reason: str
) -> SeatPlan:
    """Put a named person on a seat (指定): checked against every rule, marked, with a reason that approvers see.

    Args:
        leaving: id of the evaluator who gives up the seat; None fills an empty one.
        candidate: id of the one named.

    Raises:
        RuleBroken: a rule stands against it; figures name the codes.
    """
    plan = _plan(change.session, plan_id)
    if plan.state not in ("draft", "returned"):
        raise InvalidMove("seat_plan.not_a_draft")
    if not reason.strip():
        raise InvalidInput(fields={"reason": "field.required"})
    run = _run(change.session, plan.run_id)
    seats = [seat for seat in _planned(change.session, plan.id) if not seat.is_reserve]
    faults = _faults_after(change.session, run, seats, (task_id, leaving, candidate))
    if faults:
        raise RuleBroken("seat_plan.rule_broken", rules=", ".join(faults))
    _place_named(change, run, seats, (plan.id, task_id, leaving, candidate), reason)
    journal.record(
        change, "seat_plan.named_by_hand", "seat_plan", plan.id, run.code, task_id=task_id, reason=reason,
        detail={"run": run.code},
    )  # fmt: skip
    return plan


def _place_named(
    change: Change, run: AllocationRun, seats: list[PlannedSeat], wanted: tuple[str, str, str | None, str], reason: str
) -> None:
    plan_id, task_id, leaving, candidate = wanted
    key = "agency_id" if run.kind == "agencies" else "expert_id"
    panel = [seat for seat in seats if seat.task_id == task_id]
    seat = next((seat for seat in panel if evaluator_of(seat) == leaving), None) if leaving else None
    if seat is None:
        position = max((each.position for each in panel), default=0) + 1
        seat = PlannedSeat(plan_id=plan_id, task_id=task_id, position=position, is_reserve=False)
        change.session.add(seat)
    for reserve in _planned(change.session, plan_id):
        if reserve.task_id == task_id and reserve.is_reserve and evaluator_of(reserve) == candidate:
            change.session.delete(reserve)
    seat.replaces_expert_id, seat.by_hand, seat.reason = leaving, True, reason
    setattr(seat, key, candidate)
    pairs = {(task, one): value for task, one, value in (run.instance or {})["suitability"]["pairs"]}
    seat.suitability_millionths = round(pairs.get((task_id, candidate), 0) * 1_000_000)
    seat.suitability_terms = (run.exclusions or {}).get("terms", {}).get(f"{task_id} {candidate}")


def _faults_after(
    session: Session, run: AllocationRun, seats: list[PlannedSeat], wanted: tuple[str, str | None, str]
) -> list[str]:
    """Codes of the rules that the plan would newly break with the named person in place."""
    task_id, leaving, candidate = wanted
    problem = read_instance({**(run.instance or {}), "conflicts": _conflicts_now(session, run)})
    if candidate not in {each.id for each in problem.evaluators}:
        return ["not_eligible"]
    before = [(seat.task_id, evaluator_of(seat)) for seat in seats]
    after = [pair for pair in before if pair != (task_id, leaving)] + [(task_id, candidate)]
    known = check(problem, before)
    return sorted({fault.code for fault in check(problem, after) if fault not in known})


def _conflicts_now(session: Session, run: AllocationRun) -> list[list[str]]:
    """The run's conflicts and those known since, of the evaluators in the run."""
    instance = run.instance or {}
    known = {each["id"] for each in instance["evaluators"]}
    pairs = {tuple(pair) for pair in instance.get("conflicts", [])}
    pairs |= {
        triple for triple in blocked_pairs(session, [task["id"] for task in instance["tasks"]]) if triple[1] in known
    }
    return [list(pair) for pair in sorted(pairs)]


def submit_plan(change: Change, plan_id: str, gap_reason: str | None) -> SeatPlan:
    """Hand the plan to the approver; one with empty seats only with a reason.

    Raises:
        InvalidInput: seats are empty and no reason is given.
        RuleBroken: a conflict has become known since the run.
    """
    plan = _plan(change.session, plan_id)
    run = _run(change.session, plan.run_id)
    seats = [seat for seat in _planned(change.session, plan.id) if not seat.is_reserve]
    if len(seats) < (run.seats_wanted or 0) and not (gap_reason or "").strip():
        raise InvalidInput(fields={"gap_reason": "field.required"})
    _refuse_conflicts(change.session, seats)
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


def approve_plan(change: Change, plan_id: str) -> SeatPlan:
    """Another person approves: the seats come into being, members proposed and reserves in their fixed order.

    Raises:
        RuleBroken: a conflict has become known meanwhile.
    """
    plan = _plan(change.session, plan_id)
    run = _run(change.session, plan.run_id)
    planned = _planned(change.session, plan.id)
    _refuse_conflicts(change.session, [seat for seat in planned if not seat.is_reserve])
    SEAT_PLAN_LIFECYCLE.apply(plan, "approve", change.actor)
    plan.decided_by_id, plan.decided_at = change.actor.account_id, change.now
    for seat in planned:
        change.session.add(_seat(seat))
    tasks = _tasks(change.session, planned)
    for task in tasks:
        _move_on(change, task)
    journal.record(
        change, "seat_plan.approved", "seat_plan", plan.id, run.code,
        detail={"kind": plan.kind, "seats": len(planned)},
        notify=[Notice(account) for account in sorted({task.officer_id for task in tasks})],
    )  # fmt: skip
    return plan


def _move_on(change: Change, task: Task) -> None:
    """A task goes to `assigned` with its first approved plan, through `resourcing`."""
    if task.state == "planned":
        TASK_LIFECYCLE.apply(task, "staff", change.actor)
    if task.state == "resourcing":
        TASK_LIFECYCLE.apply(task, "assign", change.actor)


def return_plan(change: Change, plan_id: str, opinion: str) -> SeatPlan:
    plan = _plan(change.session, plan_id)
    SEAT_PLAN_LIFECYCLE.apply(plan, "return", change.actor)
    plan.opinion = opinion
    plan.decided_by_id, plan.decided_at = change.actor.account_id, change.now
    run = _run(change.session, plan.run_id)
    journal.record(
        change, "seat_plan.returned", "seat_plan", plan.id, run.code, reason=opinion,
        notify=[Notice(plan.created_by_id)],
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


def _refuse_conflicts(session: Session, seats: list[PlannedSeat]) -> None:
    blocked = {(task, evaluator): code for task, evaluator, code in blocked_pairs(session, {s.task_id for s in seats})}
    clashes = sorted({blocked[pair] for seat in seats if (pair := (seat.task_id, evaluator_of(seat))) in blocked})
    if clashes:
        raise RuleBroken("seat_plan.conflict_since", rules=", ".join(clashes))


def evaluator_of(seat: PlannedSeat) -> str:
    return seat.expert_id or seat.agency_id or ""


def _tasks(session: Session, seats: Iterable[PlannedSeat]) -> list[Task]:
    ids = {seat.task_id for seat in seats}
    return list(session.scalars(select(Task).where(Task.id.in_(ids)).order_by(Task.code)).unique())


def _planned(session: Session, plan_id: str) -> list[PlannedSeat]:
    order = (PlannedSeat.task_id, PlannedSeat.is_reserve, PlannedSeat.position)
    return list(session.scalars(select(PlannedSeat).where(PlannedSeat.plan_id == plan_id).order_by(*order)))


def _plan(session: Session, plan_id: str) -> SeatPlan:
    plan = session.get(SeatPlan, plan_id)
    if plan is None:
        raise NotFound("seat_plan")
    return plan


def _run(session: Session, run_id: str) -> AllocationRun:
    columns = (AllocationRun.instance, AllocationRun.result, AllocationRun.reserves, AllocationRun.exclusions)
    run = session.get(AllocationRun, run_id, options=[undefer(column) for column in columns])
    if run is None:
        raise NotFound("allocation_run")
    return run
