"""Who comes next: the first reserve of the fixed order who, with all that is known today, may sit down."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from evalhub.domain.allocation.exchange import read_instance
from evalhub.domain.allocation.reserves import check_substitute
from evalhub.models.allocation import AllocationRun, PlannedSeat, SeatPlan
from evalhub.models.conflicts import ConflictHit
from evalhub.models.plans import Task
from evalhub.models.seats import ENDED, Seat
from evalhub.services.change import Change

BLOCKING = ("open", "asked", "confirmed", "waiver_asked")
"""States of a hit that keep its person out: all but dismissed and waived."""

PassedOver = list[tuple[Seat, list[str]]]


def first_fitting(change: Change, task: Task, leaving: Seat, waiting: Sequence[Seat]) -> tuple[Seat | None, PassedOver]:
    """The first of `waiting` who breaks no rule in place of `leaving`, and why each one before him was passed over.

    Args:
        waiting: reserves in their fixed order.

    Returns:
        The seat to call, or None; and the passed-over seats with the codes of the rules that stood against them.
    """
    run = _run_of(change.session, leaving)
    if run is None or run.instance is None:
        return None, []
    instance = dict(run.instance)
    instance.pop("fixed", None)
    instance.pop("current", None)
    instance["conflicts"] = _conflicts_today(change.session, instance)
    problem = read_instance(instance)
    known = {evaluator.id for evaluator in problem.evaluators}
    seated = [pair for pair in _seated(change.session, problem, leaving) if pair[1] in known]
    passed_over: PassedOver = []
    for seat in waiting:
        candidate = seat.expert_id or seat.agency_id or ""
        broken = ["unknown"] if candidate not in known else _broken(problem, seated, task, leaving, candidate)
        if not broken:
            return seat, passed_over
        passed_over.append((seat, broken))
    return None, passed_over


def _broken(problem: Any, seated: list[tuple[str, str]], task: Task, leaving: Seat, candidate: str) -> list[str]:
    faults = check_substitute(problem, seated, task.id, leaving.expert_id or leaving.agency_id, candidate)
    return sorted({fault.code for fault in faults})


def _run_of(session: Session, seat: Seat) -> AllocationRun | None:
    """The run from whose approved plan the seat was made."""
    query = (
        select(AllocationRun)
        .join(SeatPlan, SeatPlan.run_id == AllocationRun.id)
        .join(PlannedSeat, PlannedSeat.plan_id == SeatPlan.id)
        .where(PlannedSeat.id == seat.planned_seat_id)
        .options(undefer(AllocationRun.instance))
    )
    return session.scalar(query)


def _conflicts_today(session: Session, instance: dict[str, Any]) -> list[list[str]]:
    """The conflicts of the run's day and those found or declared since."""
    tasks = [task["id"] for task in instance["tasks"]]
    pairs = {(pair[0], pair[1], pair[2]) for pair in instance.get("conflicts", [])}
    known = {evaluator["id"] for evaluator in instance["evaluators"]}
    hits = select(ConflictHit).where(
        ConflictHit.task_id.in_(tasks), ConflictHit.state.in_(BLOCKING), ConflictHit.is_current
    )
    for hit in session.scalars(hits):
        evaluator = hit.expert_id or hit.agency_id or ""
        if evaluator in known:
            pairs.add((hit.task_id, evaluator, hit.rule))
    return [list(pair) for pair in sorted(pairs)]


def _seated(session: Session, problem: Any, leaving: Seat) -> list[tuple[str, str]]:
    """All seats of the round that are held today, with the one that falls free still in its place."""
    tasks = [task.id for task in problem.tasks]
    held = select(Seat).where(Seat.task_id.in_(tasks), Seat.kind == leaving.kind, Seat.state.not_in(ENDED))
    pairs = {
        (seat.task_id, seat.expert_id or seat.agency_id or "")
        for seat in session.scalars(held)
        if not (seat.is_reserve and seat.state == "proposed")
    }
    pairs.add((leaving.task_id, leaving.expert_id or leaving.agency_id or ""))
    return sorted(pairs)
