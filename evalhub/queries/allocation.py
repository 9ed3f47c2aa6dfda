"""Allocation as pages show it: rounds with policy, runs and plans; one run with its panels and shortfalls."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from evalhub.domain.errors import NotFound
from evalhub.domain.masking import mask_name
from evalhub.domain.permissions import Actor
from evalhub.models.agencies import Agency
from evalhub.models.allocation import AllocationRun, PlannedSeat, SeatPlan
from evalhub.models.experts import Expert, ExpertField, Field
from evalhub.models.journal import Job
from evalhub.models.organisations import Organisation
from evalhub.models.plans import Round, Task
from evalhub.queries.blocked import rules_in_force
from evalhub.queries.people import names_of
from evalhub.queries.scope import visible_rounds, visible_runs, visible_seat_plans, visible_tasks

SEATING = ("planned", "resourcing", "assigned")


@dataclass(frozen=True)
class RoundLine:
    """One round in the list: whether its policy is fixed, how many runs, what became of its plans."""

    id: str
    name: str
    english_name: str | None
    state: str
    is_fixed: bool
    is_proposed: bool
    runs: int
    plans: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RunLine:
    """One run of a round, without its documents."""

    id: str
    code: str
    kind: str
    number: int
    state: str
    requested_by: str
    requested_at: datetime
    finished_at: datetime | None
    seats_wanted: int | None
    seats_filled: int | None
    total_millionths: int | None
    worst_millionths: int | None
    policy_hash: str
    instance_hash: str | None
    error: str | None


@dataclass(frozen=True)
class PlanLine:
    """One plan of seats of a round."""

    id: str
    run_id: str
    run_code: str
    kind: str
    state: str
    created_by: str
    created_at: datetime
    submitted_by: str | None
    submitted_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    gap_reason: str | None
    opinion: str | None
    version: int
    created_by_id: str
    submitted_by_id: str | None


@dataclass(frozen=True)
class RoundAllocation:
    """A round with its policy, all its runs and all its plans."""

    id: str
    name: str
    english_name: str | None
    state: str
    version: int
    policy: Mapping[str, Any] | None
    policy_hash: str | None
    policy_fixed_at: datetime | None
    proposed: Mapping[str, Any] | None
    proposed_by: str | None
    policy_proposed_by_id: str | None
    rules_changed: bool
    wants_agencies: bool
    tasks: int
    runs: tuple[RunLine, ...]
    plans: tuple[PlanLine, ...]

    def newest(self, kind: str) -> PlanLine | None:
        """The plan of a kind that has not given way to another."""
        return next((plan for plan in self.plans if plan.kind == kind and plan.state != "replaced"), None)


@dataclass(frozen=True)
class Person:
    """An evaluator as chips show him: masked name, code, the field he stands for."""

    id: str
    code: str
    name: str
    field: str
    english_field: str


def list_rounds_to_seat(session: Session, actor: Actor) -> list[RoundLine]:
    """Rounds that are approved or closed, the newest first."""
    found = session.scalars(
        visible_rounds(actor).where(Round.state.in_(("approved", "closed"))).order_by(Round.from_on.desc())
    ).unique()
    runs = Counter(session.scalars(visible_runs(actor).with_only_columns(AllocationRun.round_id)))
    plans: dict[str, list[tuple[str, str]]] = {}
    for plan in session.scalars(visible_seat_plans(actor).where(SeatPlan.state != "replaced")):
        plans.setdefault(plan.round_id, []).append((plan.kind, plan.state))
    return [
        RoundLine(
            row.id, row.name, row.english_name, row.state, row.policy_hash is not None,
            row.policy_proposed is not None, runs[row.id], tuple(sorted(plans.get(row.id, []), reverse=True)),
        )
        for row in found
    ]  # fmt: skip


def get_round_allocation(session: Session, actor: Actor, round_id: str) -> RoundAllocation:
    """One round; raises NotFound where it does not exist for the asker."""
    row = session.scalars(visible_rounds(actor).where(Round.id == round_id)).unique().one_or_none()
    if row is None:
        raise NotFound("round")
    tasks = list(
        session.scalars(visible_tasks(actor).where(Task.round_id == round_id, Task.state.in_(SEATING))).unique()
    )
    names = names_of(session, [row.policy_proposed_by_id])
    return RoundAllocation(
        id=row.id,
        name=row.name,
        english_name=row.english_name,
        state=row.state,
        version=row.version,
        policy=row.policy,
        policy_hash=row.policy_hash,
        policy_fixed_at=row.policy_fixed_at,
        proposed=row.policy_proposed,
        proposed_by=names.get(row.policy_proposed_by_id or ""),
        policy_proposed_by_id=row.policy_proposed_by_id,
        rules_changed=row.policy is not None and row.policy.get("rules") != rules_in_force(session),
        wants_agencies=any(task.wants_agency for task in tasks),
        tasks=len(tasks),
        runs=tuple(list_runs(session, actor, round_id)),
        plans=tuple(list_plans(session, actor, round_id)),
    )


def list_runs(session: Session, actor: Actor, round_id: str) -> list[RunLine]:
    """Every run of the round, the newest first; none is ever left out."""
    query = visible_runs(actor).where(AllocationRun.round_id == round_id)
    rows = list(session.scalars(query.order_by(AllocationRun.requested_at.desc(), AllocationRun.number.desc())))
    names = names_of(session, [row.requested_by_id for row in rows])
    return [run_line(row, names) for row in rows]


def run_line(row: AllocationRun, names: Mapping[str, str]) -> RunLine:
    return RunLine(
        row.id, row.code, row.kind, row.number, row.state, names.get(row.requested_by_id, "—"), row.requested_at,
        row.finished_at, row.seats_wanted, row.seats_filled, row.total_millionths, row.worst_millionths,
        row.policy_hash, row.instance_hash, row.error,
    )  # fmt: skip


def list_plans(session: Session, actor: Actor, round_id: str) -> list[PlanLine]:
    """Every plan of the round, the newest first."""
    query = visible_seat_plans(actor).where(SeatPlan.round_id == round_id).order_by(SeatPlan.created_at.desc())
    return _plan_lines(session, list(session.scalars(query)))


def get_plan(session: Session, actor: Actor, seat_plan_id: str) -> PlanLine:
    """One plan; raises NotFound where it does not exist for the asker."""
    rows = _plan_lines(session, list(session.scalars(visible_seat_plans(actor).where(SeatPlan.id == seat_plan_id))))
    if not rows:
        raise NotFound("seat_plan")
    return rows[0]


def _plan_lines(session: Session, rows: list[SeatPlan]) -> list[PlanLine]:
    names = names_of(
        session, [each for row in rows for each in (row.created_by_id, row.submitted_by_id, row.decided_by_id)]
    )
    codes = dict(
        session.execute(
            select(AllocationRun.id, AllocationRun.code).where(AllocationRun.id.in_([row.run_id for row in rows]))
        ).all()
    )
    return [
        PlanLine(
            row.id, row.run_id, codes[row.run_id], row.kind, row.state, names.get(row.created_by_id, "—"),
            row.created_at, names.get(row.submitted_by_id or ""), row.submitted_at,
            names.get(row.decided_by_id or ""), row.decided_at, row.gap_reason, row.opinion, row.version,
            row.created_by_id, row.submitted_by_id,
        )
        for row in rows
    ]  # fmt: skip


def load_run(session: Session, actor: Actor, run_id: str) -> AllocationRun:
    """One run with its documents; raises NotFound where it does not exist for the asker."""
    columns = (AllocationRun.instance, AllocationRun.result, AllocationRun.reserves, AllocationRun.exclusions)
    query = visible_runs(actor).where(AllocationRun.id == run_id).options(*(undefer(column) for column in columns))
    run = session.scalars(query).one_or_none()
    if run is None:
        raise NotFound("allocation_run")
    return run


def first_run(session: Session, run: AllocationRun) -> AllocationRun | None:
    """The round's first run of the kind that had a result; None where it is this very run."""
    query = (
        select(AllocationRun)
        .where(AllocationRun.round_id == run.round_id, AllocationRun.kind == run.kind, AllocationRun.state == "done")
        .order_by(AllocationRun.number)
        .limit(1)
        .options(undefer(AllocationRun.result), undefer(AllocationRun.instance), undefer(AllocationRun.exclusions))
    )
    found = session.scalar(query)
    return None if found is None or found.id == run.id else found


def run_progress(session: Session, run: AllocationRun) -> Job | None:
    """The job that computes the run, with its last sign of life."""
    return session.get(Job, run.job_id) if run.job_id else None


def people_of(session: Session, kind: str, ids: Iterable[str]) -> dict[str, Person]:
    """Id -> how a page names an evaluator; two queries however many there are."""
    wanted = set(ids)
    if kind == "agencies":
        rows = session.execute(
            select(Agency.id, Agency.code, Organisation.name)
            .join(Organisation, Organisation.id == Agency.organisation_id)
            .where(Agency.id.in_(wanted))
        )
        return {row.id: Person(row.id, row.code, row.name, "", "") for row in rows}
    fields = select(ExpertField.expert_id, Field.name, Field.english_name).join(
        Field, Field.code == ExpertField.field_code
    )
    first = {
        row.expert_id: row
        for row in session.execute(
            fields.where(ExpertField.expert_id.in_(wanted)).order_by(ExpertField.rank.desc(), Field.code.desc())
        )
    }
    rows = session.execute(select(Expert.id, Expert.code, Expert.name).where(Expert.id.in_(wanted)))
    return {
        row.id: Person(
            row.id, row.code, mask_name(row.name),
            first[row.id].name if row.id in first else "", first[row.id].english_name if row.id in first else "",
        )
        for row in rows
    }  # fmt: skip


def planned_of(session: Session, plan_id: str) -> list[PlannedSeat]:
    """Seats of a plan, members before reserves, in their order."""
    order = (PlannedSeat.is_reserve, PlannedSeat.position)
    return list(session.scalars(select(PlannedSeat).where(PlannedSeat.plan_id == plan_id).order_by(*order)))


def field_names(session: Session) -> dict[str, tuple[str, str]]:
    """Field code -> its Chinese and English name."""
    rows = session.execute(select(Field.code, Field.name, Field.english_name))
    return {row.code: (row.name, row.english_name) for row in rows}
