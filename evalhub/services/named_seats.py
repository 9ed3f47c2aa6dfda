"""Seats named by hand (指定): any person, but only under every rule of the run, with a reason that approvers see."""

from collections.abc import Mapping, Sequence
from typing import Any

from evalhub.domain.allocation.exchange import read_instance
from evalhub.domain.allocation.recount import check
from evalhub.domain.errors import InvalidInput, InvalidMove, NotFound, RuleBroken
from evalhub.models.allocation import AllocationRun, PlannedSeat, SeatPlan
from evalhub.models.plans import Round, Task
from evalhub.queries.blocked import years_running
from evalhub.queries.profiles import suitability_terms
from evalhub.queries.standing import conflicts_today, failing_codes
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.seat_plans import SENIOR, evaluator_of, load_plan, load_run, planned_seats
from evalhub.services.versions import refuse_stale


def name_by_hand(
    change: Change, plan_id: str, task_id: str, leaving: str | None, candidate: str, reason: str, version: int
) -> SeatPlan:
    """Put a named person on a seat: checked against every rule, marked, with a reason that approvers see.

    Args:
        leaving: id of the evaluator who gives up the seat; None fills an empty one.
        candidate: id of the one named.

    Raises:
        NotFound: the leaving one has no seat there.
        RuleBroken: a rule stands against it; figures name the codes.
    """
    plan = load_plan(change.session, plan_id)
    refuse_stale(change, "seat_plan", plan, version, {})
    if plan.state not in ("draft", "returned"):
        raise InvalidMove("seat_plan.not_a_draft")
    if not reason.strip():
        raise InvalidInput(fields={"reason": "field.required"})
    run = load_run(change.session, plan.run_id)
    panel = [seat for seat in planned_seats(change.session, plan.id) if not seat.is_reserve]
    if leaving and (task_id, leaving) not in {(seat.task_id, evaluator_of(seat)) for seat in panel}:
        raise NotFound("planned_seat")
    faults = _faults_after(change, run, panel, (task_id, leaving, candidate))
    if faults:
        raise RuleBroken("seat_plan.rule_broken", rules=", ".join(faults))
    _place(change, run, panel, (plan.id, task_id, leaving, candidate), reason)
    plan.gap_reason = None
    plan.named_count += 1
    journal.record(
        change, "seat_plan.named_by_hand", "seat_plan", plan.id, run.code, task_id=task_id, reason=reason,
        detail={"run": run.code},
    )  # fmt: skip
    return plan


def _place(
    change: Change,
    run: AllocationRun,
    seats: Sequence[PlannedSeat],
    wanted: tuple[str, str, str | None, str],
    reason: str,
) -> None:
    plan_id, task_id, leaving, candidate = wanted
    panel = [seat for seat in seats if seat.task_id == task_id]
    seat = next((seat for seat in panel if leaving and evaluator_of(seat) == leaving), None)
    for reserve in planned_seats(change.session, plan_id):
        if reserve.task_id == task_id and reserve.is_reserve and evaluator_of(reserve) == candidate:
            change.session.delete(reserve)
    if seat is None:
        position = max((each.position for each in panel), default=0) + 1
        seat = PlannedSeat(plan_id=plan_id, task_id=task_id, position=position, is_reserve=False)
        change.session.add(seat)
        panel.append(seat)
    seat.replaces_expert_id, seat.by_hand, seat.reason = leaving, True, reason
    setattr(seat, "agency_id" if run.kind == "agencies" else "expert_id", candidate)
    _weigh(change, run, seat)
    if run.kind == "experts":
        _settle_leader(run.instance or {}, panel)
    change.session.flush()


def _weigh(change: Change, run: AllocationRun, seat: PlannedSeat) -> None:
    """The fit of the named person, with its terms, as the run would have shown it."""
    pair = (seat.task_id, evaluator_of(seat))
    pairs = {(task, one): value for task, one, value in (run.instance or {})["suitability"]["pairs"]}
    round_ = change.session.get_one(Round, run.round_id)
    years = years_running(change.session, [seat.task_id])
    terms = suitability_terms(change.session, round_, run.kind, [pair], change.today, years)
    seat.suitability_millionths = round(pairs.get(pair, 0) * 1_000_000)
    seat.suitability_terms = terms[f"{pair[0]} {pair[1]}"]


def _settle_leader(instance: Mapping[str, Any], panel: Sequence[PlannedSeat]) -> None:
    """The leader stays; where he has left, the best senior of the panel leads, else its first member."""
    seniors = {each["id"] for each in instance["evaluators"] if SENIOR in each.get("tags", ())}
    leader = next((seat for seat in panel if seat.is_leader), None)
    if leader is not None and (evaluator_of(leader) in seniors or not leader.by_hand):
        return
    ranked = sorted(panel, key=lambda seat: (-seat.suitability_millionths, evaluator_of(seat)))
    chosen = next((seat for seat in ranked if evaluator_of(seat) in seniors), ranked[0])
    for seat in panel:
        seat.is_leader = seat is chosen


def _faults_after(
    change: Change, run: AllocationRun, seats: Sequence[PlannedSeat], wanted: tuple[str, str | None, str]
) -> list[str]:
    """Codes of the rules that the plan would newly break with the named person in place, conflicts by their rule."""
    task_id, leaving, candidate = wanted
    instance = run.instance or {}
    task = change.session.get(Task, task_id)
    if task is None or task_id not in {each["id"] for each in instance["tasks"]}:
        raise NotFound("task")
    failures = failing_codes(change.session, run.kind, candidate, task, change.today)
    if failures:
        return failures
    if candidate not in {each["id"] for each in instance["evaluators"]}:
        return ["not_eligible"]
    problem = read_instance({**instance, "conflicts": conflicts_today(change.session, instance)})
    before = [(seat.task_id, evaluator_of(seat)) for seat in seats]
    after = [pair for pair in before if pair != (task_id, leaving)] + [(task_id, candidate)]
    known = check(problem, before)
    new = [fault for fault in check(problem, after) if fault not in known]
    conflicts = {code for fault in new if fault.code == "conflict" for code in fault.figures["rules"]}
    # Who is in conflict has no suitability in the instance either: the rule is the reason, not that.
    return sorted(conflicts | {fault.code for fault in new if fault.code not in _IN_CONFLICT[bool(conflicts)]})


_IN_CONFLICT = {True: ("conflict", "not_listed"), False: ()}
