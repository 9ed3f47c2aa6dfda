"""Conflicts as pages show them: rules with their settings, the hits of a task, and who is out of it and why."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from evalhub.domain import conflicts as rules
from evalhub.domain.eligibility import ADMITTED_STATES
from evalhub.domain.errors import NotFound
from evalhub.domain.masking import mask_name
from evalhub.domain.permissions import Actor
from evalhub.models.agencies import Agency, AgencyStaff
from evalhub.models.conflicts import ConflictHit, ConflictRule
from evalhub.models.experts import Expert
from evalhub.models.journal import JournalEntry
from evalhub.models.organisations import Organisation
from evalhub.models.plans import Task
from evalhub.queries.blocked import blocking_code, rule_book
from evalhub.queries.people import names_of
from evalhub.queries.scope import nothing, visible_hits, visible_tasks

TABS = {
    "open": ("open",),
    "confirmed": ("confirmed",),
    "dismissed": ("dismissed",),
    "asked": ("asked", "waiver_asked"),
    "waived": ("waived",),
}
"""Tab of a task's hits -> states in it."""


@dataclass(frozen=True)
class RuleRow:
    """One rule as it is set, beside what it is by default."""

    code: str
    force: str
    effect: str
    kinds: tuple[str, ...]
    window_months: int | None
    default_months: int | None
    is_on: bool
    source: str
    changed_by: str | None
    changed_at: datetime | None
    version: int


@dataclass(frozen=True)
class HitRow:
    """One finding with both facts as they were when it was found; names are masked."""

    id: str
    task_id: str
    rule: str
    force: str
    kind: str
    evaluator_id: str
    code: str
    name: str
    person: str | None
    certainty: str
    state: str
    evidence: dict[str, Any]
    found_on: date
    reason: str | None
    decided_by: str | None
    decided_at: datetime | None
    waiver_reason: str | None
    waiver_asked_by: str | None
    waiver_asked_by_id: str | None
    waived_by: str | None
    waived_at: datetime | None
    blocks: str | None
    version: int

    @property
    def is_doubt(self) -> bool:
        return self.certainty in (rules.NAMED, rules.UNCLEAR)


@dataclass(frozen=True)
class PoolCount:
    """Of the experts in the pool: out by a rule, held back by a doubt, and free of conflicts with the task."""

    pool: int
    out: int
    doubtful: int

    @property
    def free(self) -> int:
        return self.pool - self.out - self.doubtful


@dataclass(frozen=True)
class TaskConflicts:
    """One line of the list of tasks: how many hits of each state."""

    task_id: str
    code: str
    name: str
    state: str
    round_name: str
    round_english_name: str | None
    counts: dict[str, int]


def list_rules(session: Session, actor: Actor) -> list[RuleRow]:
    """R1 to R13 in order; a rule that was never set stands with its default."""
    query = select(ConflictRule) if actor.is_bureau else nothing(select(ConflictRule))
    kept = {row.code: row for row in session.scalars(query)}
    names = names_of(session, [row.changed_by_id for row in kept.values()])
    return [_rule_row(rule, kept.get(code), names) for code, rule in rules.RULES.items()] if actor.is_bureau else []


def get_rule(session: Session, actor: Actor, rule_code: str) -> RuleRow:
    """One rule; raises NotFound."""
    found = next((row for row in list_rules(session, actor) if row.code == rule_code), None)
    if found is None:
        raise NotFound("conflict_rule")
    return found


def _rule_row(rule: rules.Rule, kept: ConflictRule | None, names: dict[str, str]) -> RuleRow:
    return RuleRow(
        code=rule.code,
        force=rule.force,
        effect=rule.effect,
        kinds=tuple(sorted(rule.kinds)),
        window_months=kept.window_months if kept else rule.window_months,
        default_months=rule.window_months,
        is_on=kept.is_on if kept else True,
        source=kept.source if kept else rule.source,
        changed_by=names.get(kept.changed_by_id or "") if kept else None,
        changed_at=kept.changed_at if kept else None,
        version=kept.version if kept else 0,
    )


def list_tasks_with_conflicts(session: Session, actor: Actor) -> list[TaskConflicts]:
    """Tasks under way with the number of current hits per state, those with most to decide first."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    hits = visible_hits(actor).where(ConflictHit.is_current)
    grouped = hits.with_only_columns(ConflictHit.task_id, ConflictHit.state, func.count())
    for task_id, state, number in session.execute(grouped.group_by(ConflictHit.task_id, ConflictHit.state)):
        counts[task_id][state] = number
    tasks = session.scalars(visible_tasks(actor).where(Task.state.not_in(("archived", "cancelled")))).unique()
    rows = [
        TaskConflicts(
            task.id, task.code, task.project.name, task.state, task.round.name, task.round.english_name,
            dict(counts[task.id]),
        )
        for task in tasks
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.counts.get("open", 0), row.code))


def list_hits(session: Session, actor: Actor, task_id: str) -> list[HitRow]:
    """The current hits of one task, doubts of each rule after its certain ones."""
    found = session.execute(_joined(visible_hits(actor).where(ConflictHit.task_id == task_id, ConflictHit.is_current)))
    made = _rows(session, found.all())
    return sorted(made, key=lambda row: (int(row.rule[1:]), row.is_doubt, row.code, row.id))


def get_hit(session: Session, actor: Actor, hit_id: str) -> HitRow:
    """One hit; raises NotFound where it does not exist for the asker."""
    rows = _rows(session, session.execute(_joined(visible_hits(actor).where(ConflictHit.id == hit_id))).all())
    if not rows:
        raise NotFound("conflict_hit")
    return rows[0]


def count_pool(session: Session, actor: Actor, hits: list[HitRow]) -> PoolCount:
    """What the first sentence of a task's conflicts says, of experts alone."""
    pool = session.scalar(select(func.count()).select_from(Expert).where(Expert.state.in_(ADMITTED_STATES))) or 0
    inside = set(session.scalars(select(Expert.id).where(Expert.state.in_(ADMITTED_STATES)))) if hits else set()
    experts = [hit for hit in hits if hit.kind == "expert" and hit.blocks and hit.evaluator_id in inside]
    out = {hit.evaluator_id for hit in experts if hit.blocks != rules.DOUBT}
    doubtful = {hit.evaluator_id for hit in experts} - out
    return PoolCount(pool if actor.is_bureau else 0, len(out), len(doubtful))


def last_detection(session: Session, task_id: str) -> datetime | None:
    """When somebody last asked to compare this task with all records."""
    query = select(func.max(JournalEntry.at)).where(
        JournalEntry.event == "conflict.detected", JournalEntry.task_id == task_id
    )
    return session.scalar(query)


def _joined(query: Select[Any]) -> Select[Any]:
    return (
        query.add_columns(Expert.code, Expert.name, Agency.code, Organisation.name, AgencyStaff.name)
        .outerjoin(Expert, Expert.id == ConflictHit.expert_id)
        .outerjoin(Agency, Agency.id == ConflictHit.agency_id)
        .outerjoin(Organisation, Organisation.id == Agency.organisation_id)
        .outerjoin(AgencyStaff, AgencyStaff.id == ConflictHit.staff_id)
    )


def _rows(session: Session, found: Any) -> list[HitRow]:
    accounts = [
        account for hit, *_ in found for account in (hit.decided_by_id, hit.waiver_asked_by_id, hit.waived_by_id)
    ]
    names, book = names_of(session, accounts), rule_book(session)
    return [_hit_row(row, names, book) for row in found]


def _hit_row(row: Any, names: dict[str, str], book: rules.RuleBook) -> HitRow:
    hit, expert_code, expert_name, agency_code, agency_name, staff_name = row
    return HitRow(
        id=hit.id,
        task_id=hit.task_id,
        rule=hit.rule,
        force=rules.RULES[hit.rule].force,
        kind="staff" if hit.staff_id else "expert" if hit.expert_id else "agency",
        evaluator_id=hit.expert_id or hit.agency_id,
        code=expert_code or agency_code,
        name=mask_name(expert_name) if hit.expert_id else agency_name,
        person=mask_name(staff_name) if staff_name else None,
        certainty=hit.certainty,
        state=hit.state,
        evidence=hit.evidence,
        found_on=hit.found_on,
        reason=hit.reason,
        decided_by=names.get(hit.decided_by_id),
        decided_at=hit.decided_at,
        waiver_reason=hit.waiver_reason,
        waiver_asked_by=names.get(hit.waiver_asked_by_id),
        waiver_asked_by_id=hit.waiver_asked_by_id,
        waived_by=names.get(hit.waived_by_id),
        waived_at=hit.waived_at,
        blocks=blocking_code(hit, book),
        version=hit.version,
    )
