"""Who comes next: the first reserve of the fixed order who, with all that is known today, may sit down."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from evalhub.domain.allocation.exchange import read_instance
from evalhub.domain.allocation.reserves import check_substitute
from evalhub.models.allocation import AllocationRun, PlannedSeat, SeatPlan
from evalhub.models.plans import Task
from evalhub.models.seats import ENDED, Seat
from evalhub.queries.standing import conflicts_today, failing_codes
from evalhub.services.change import Change

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
    instance = {key: value for key, value in run.instance.items() if key not in ("fixed", "current")}
    instance["conflicts"] = conflicts_today(change.session, run.instance)
    problem = read_instance(instance)
    known = {evaluator.id for evaluator in problem.evaluators}
    seated = [pair for pair in _seated(change.session, problem, leaving) if pair[1] in known]
    passed_over: PassedOver = []
    for seat in waiting:
        candidate = seat.expert_id or seat.agency_id or ""
        broken = failing_codes(change.session, run.kind, candidate, task, change.today)
        broken += _broken(problem, seated, task, leaving, candidate) if candidate in known else ["unknown"]
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
