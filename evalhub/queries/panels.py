"""Panels of a run or of a plan: who sits where, how well he fits, and what differs from the first run."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from evalhub.domain.permissions import Actor
from evalhub.models.allocation import AllocationRun, PlannedSeat
from evalhub.models.plans import Task
from evalhub.queries.allocation import Person, people_of
from evalhub.queries.scope import visible_tasks

SENIOR = "senior"
MICRO = 1_000_000
Pair = tuple[str, str]


@dataclass(frozen=True)
class Chip:
    """One seat: who, how many seats of how many he has in this run, and how well he fits, with the terms."""

    person: Person
    load: int
    capacity: int
    fit_millionths: int
    terms: Sequence[Mapping[str, Any]]
    is_leader: bool = False
    is_changed: bool = False
    by_hand: bool = False
    reason: str | None = None


@dataclass(frozen=True)
class Panel:
    """One task with its members, the leader first, and its reserves in their order."""

    task_id: str
    code: str
    name: str
    category: str
    field_code: str
    work_from_on: date
    work_until_on: date
    seats: int
    members: tuple[Chip, ...]
    reserves: tuple[Chip, ...]

    @property
    def empty(self) -> int:
        return max(0, self.seats - len(self.members))

    @property
    def fit_millionths(self) -> int | None:
        """Mean fit of the members, half up."""
        if not self.members:
            return None
        total = sum(chip.fit_millionths for chip in self.members)
        return (2 * total + len(self.members)) // (2 * len(self.members))


@dataclass(frozen=True)
class Difference:
    """A seat that is not the first run's: who came, who went, and the code of the reason with what belongs to it."""

    task_code: str
    task_name: str
    came: Person | None
    went: Person | None
    reason: str
    detail: str


def panels_of_run(session: Session, actor: Actor, run: AllocationRun, first: AllocationRun | None) -> list[Panel]:
    """The panels that a run found, of the tasks that exist for the asker."""
    found: dict[str, list[PlannedSeat]] = defaultdict(list)
    fit = fits(run)
    for task_id, names, is_reserve in _seats_of(run, fit):
        for position, one in enumerate(names, 1):
            seat = _as_planned(run, task_id, one, fit.get((task_id, one), 0))
            seat.position, seat.is_reserve = position, is_reserve
            found[task_id].append(seat)
    for seats in found.values():
        _lead(run, seats)
    return _panels(session, actor, run, found, first)


def panels_of_plan(
    session: Session, actor: Actor, run: AllocationRun, planned: Iterable[PlannedSeat], first: AllocationRun | None
) -> list[Panel]:
    """The panels of a plan drawn from a run."""
    found: dict[str, list[PlannedSeat]] = defaultdict(list)
    for seat in planned:
        found[seat.task_id].append(seat)
    return _panels(session, actor, run, found, first)


def differences(
    session: Session, panels: Sequence[Panel], run: AllocationRun, first: AllocationRun | None
) -> list[Difference]:
    """Each seat of these panels that differs from the first run of the round, with its reason; in task order."""
    if first is None:
        return _by_hand(session, panels, run)
    before: dict[str, list[str]] = defaultdict(list)
    for task_id, evaluator in (first.result or {})["assignments"]:
        before[task_id].append(evaluator)
    people = people_of(session, run.kind, {one for names in before.values() for one in names})
    found = []
    for panel in panels:
        now = {chip.person.id: chip for chip in panel.members}
        went = [one for one in before[panel.task_id] if one not in now]
        came = [chip for one, chip in now.items() if one not in before[panel.task_id]]
        for at in range(max(len(went), len(came))):
            gone, chip = went[at] if at < len(went) else None, came[at] if at < len(came) else None
            reason, detail = _reason(run, first, panel.task_id, gone, chip)
            found.append(
                Difference(panel.code, panel.name, chip and chip.person, people.get(gone or ""), reason, detail)
            )
    return found


def _by_hand(session: Session, panels: Sequence[Panel], run: AllocationRun) -> list[Difference]:
    """A plan of the first run itself differs only where somebody was named."""
    was = {tuple(pair) for pair in (run.result or {}).get("assignments", ())}
    found = []
    for panel in panels:
        here = {chip.person.id for chip in panel.members}
        went = sorted(one for task, one in was if task == panel.task_id and one not in here)
        people = people_of(session, run.kind, went)
        for chip in panel.members:
            if chip.by_hand:
                gone = people.get(went.pop(0)) if went else None
                found.append(Difference(panel.code, panel.name, chip.person, gone, "by_hand", chip.reason or ""))
    return found


def _reason(
    run: AllocationRun, first: AllocationRun, task_id: str, gone: str | None, came: Chip | None
) -> tuple[str, str]:
    if came is not None and came.by_hand:
        return "by_hand", came.reason or ""
    codes = sorted({code for task, one, code in (run.instance or {})["conflicts"] if (task, one) == (task_id, gone)})
    if codes:
        return "in_conflict", ", ".join(codes)
    failures = (run.exclusions or {}).get("ineligible", {}).get(gone or "", [])
    if failures:
        return "not_eligible", failures[0]["code"]
    if run.policy_hash != first.policy_hash:
        return "policy_changed", ""
    return ("records_changed", "") if run.instance_hash != first.instance_hash else ("solver_choice", "")


def _panels(
    session: Session,
    actor: Actor,
    run: AllocationRun,
    found: Mapping[str, list[PlannedSeat]],
    first: AllocationRun | None,
) -> list[Panel]:
    instance = run.instance or {"tasks": [], "evaluators": []}
    seats = {task["id"]: task["seats"] for task in instance["tasks"]}
    capacities = {each["id"]: each["capacity"] for each in instance["evaluators"]}
    loads = Counter(_who(seat) for each in found.values() for seat in each if not seat.is_reserve)
    people = people_of(session, run.kind, {_who(seat) for each in found.values() for seat in each})
    before = {tuple(pair) for pair in (first.result or {})["assignments"]} if first else None
    tasks = session.scalars(visible_tasks(actor).where(Task.id.in_(seats)).order_by(Task.code)).unique()

    def chip(seat: PlannedSeat) -> Chip:
        one = _who(seat)
        is_changed = seat.by_hand or (before is not None and not seat.is_reserve and (seat.task_id, one) not in before)
        return Chip(
            people[one], loads[one], capacities.get(one, 0), seat.suitability_millionths, seat.suitability_terms or (),
            bool(seat.is_leader), is_changed, bool(seat.by_hand), seat.reason,
        )  # fmt: skip

    return [
        Panel(
            task.id, task.code, task.project.name, task.project.category, task.field_code, task.work_from_on,
            task.work_until_on, seats[task.id],
            tuple(
                chip(seat)
                for seat in sorted(found.get(task.id, ()), key=lambda seat: (not seat.is_leader, seat.position))
                if not seat.is_reserve
            ),
            tuple(chip(seat) for seat in found.get(task.id, ()) if seat.is_reserve),
        )
        for task in tasks
    ]  # fmt: skip


def _seats_of(run: AllocationRun, fit: Mapping[Pair, int]) -> Iterable[tuple[str, list[str], bool]]:
    panels: dict[str, list[str]] = defaultdict(list)
    for task_id, evaluator in (run.result or {}).get("assignments", ()):
        panels[task_id].append(evaluator)
    for task_id, names in panels.items():
        yield task_id, sorted(names, key=lambda one: (-fit.get((task_id, one), 0), one)), False
    for task_id, names in (run.reserves or {}).items():
        yield task_id, list(names), True


def fits(run: AllocationRun) -> dict[Pair, int]:
    """(task, evaluator) -> fit in millionths, of every pair that could be seated."""
    pairs = (run.instance or {"suitability": {"pairs": []}})["suitability"]["pairs"]
    return {(task, one): round(fit * MICRO) for task, one, fit in pairs}


def _as_planned(run: AllocationRun, task_id: str, one: str, fit_millionths: int) -> PlannedSeat:
    """A seat of the run in the shape of a plan's; it is never added to the session."""
    key = "agency_id" if run.kind == "agencies" else "expert_id"
    return PlannedSeat(
        task_id=task_id,
        is_leader=False,
        by_hand=False,
        suitability_millionths=fit_millionths,
        suitability_terms=(run.exclusions or {}).get("terms", {}).get(f"{task_id} {one}"),
        **{key: one},
    )


def _lead(run: AllocationRun, seats: Sequence[PlannedSeat]) -> None:
    if run.kind == "agencies":
        return
    seniors = {each["id"] for each in (run.instance or {})["evaluators"] if SENIOR in each.get("tags", ())}
    members = [seat for seat in seats if not seat.is_reserve]
    leader = next((seat for seat in members if _who(seat) in seniors), members[0] if members else None)
    if leader is not None:
        leader.is_leader = True


def _who(seat: PlannedSeat) -> str:
    return seat.expert_id or seat.agency_id or ""
