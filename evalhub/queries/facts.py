"""The facts that conflicts are found from, gathered in a fixed number of selects whatever the size of the pools."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from evalhub.domain import conflicts as rules
from evalhub.domain.organisations import Holding, Organisation, OrganisationRef
from evalhub.domain.periods import Period
from evalhub.models import agencies as agency_tables
from evalhub.models import experts as expert_tables
from evalhub.models import organisations as organisation_tables
from evalhub.models import projects as project_tables
from evalhub.models.conflicts import Declaration
from evalhub.models.plans import Task
from evalhub.models.seats import ENDED, Seat


@dataclass(frozen=True)
class Facts:
    """All that `domain.conflicts.detect_all` asks for, of one set of tasks."""

    people: tuple[rules.PersonFacts, ...]
    agencies: tuple[rules.AgencyFacts, ...]
    tasks: tuple[rules.TaskFacts, ...]
    organisations: tuple[Organisation, ...]


class Bodies:
    """Organisations as the rules see them: with former names, parent and holders."""

    def __init__(self, session: Session) -> None:
        rows = session.scalars(
            select(organisation_tables.Organisation).options(
                selectinload(organisation_tables.Organisation.former_names)
            )
        ).all()
        self.rows = {row.id: row for row in rows}
        self.refs = {row.id: OrganisationRef(row.credit_code, row.name) for row in rows}
        self.holders: dict[str, list[Holding]] = defaultdict(list)
        self.held: dict[str, list[Holding]] = defaultdict(list)
        for share in session.scalars(select(organisation_tables.Holding)):
            period = Period(share.from_on, share.until_on)
            self.holders[share.held_id].append(
                Holding(self.refs[share.holder_id], share.share_weight, period, share.id)
            )
            self.held[share.holder_id].append(Holding(self.refs[share.held_id], share.share_weight, period, share.id))
        self.bodies = {row.id: self._body(row) for row in rows}

    def _body(self, row: organisation_tables.Organisation) -> Organisation:
        return Organisation(
            name=row.name,
            code=row.credit_code,
            former_names=tuple(former.name for former in row.former_names),
            parent=self.refs.get(row.parent_id or ""),
            holders=tuple(self.holders[row.id]),
            is_state_owner=row.kind == "government",
        )


def gather(session: Session, tasks: Sequence[Task], expert_ids: Iterable[str] | None = None) -> Facts:
    """The facts of these tasks, and of all pool members or only the named experts."""
    bodies = Bodies(session)
    evaluations = _past_evaluations(session, bodies)
    project_names = {
        row.id: row.name for row in session.execute(select(project_tables.Project.id, project_tables.Project.name))
    }
    parts = _participations(session, project_names)
    people = tuple(
        _person(expert, bodies, parts["expert"], evaluations["expert"])
        for expert in session.scalars(_experts(expert_ids))
    )
    agencies = tuple(
        _agency(agency, bodies, parts["agency"], evaluations["agency"])
        for agency in session.scalars(_agencies()).unique()
    )
    return Facts(people, agencies, _tasks(session, tasks, bodies), tuple(bodies.bodies.values()))


def _experts(expert_ids: Iterable[str] | None) -> Any:
    query = select(expert_tables.Expert).options(
        selectinload(expert_tables.Expert.spells),
        selectinload(expert_tables.Expert.posts),
        selectinload(expert_tables.Expert.kin),
    )
    return query if expert_ids is None else query.where(expert_tables.Expert.id.in_(list(expert_ids)))


def _agencies() -> Any:
    return select(agency_tables.Agency).options(
        selectinload(agency_tables.Agency.staff).selectinload(agency_tables.AgencyStaff.spells),
        selectinload(agency_tables.Agency.business),
    )


def _person(
    expert: expert_tables.Expert, bodies: Bodies, parts: dict[str, list], evaluations: dict[str, list]
) -> rules.PersonFacts:
    employment = [
        rules.Spell(
            bodies.refs[spell.organisation_id],
            Period(spell.from_on, spell.until_on, spell.precision),
            title=spell.position or "",
            record_id=spell.id,
        )
        for spell in expert.spells
    ]
    posts = [
        rules.Spell(
            bodies.refs[post.organisation_id],
            Period(post.from_on, post.until_on, post.precision),
            kind=post.kind,
            title=post.kind,
            record_id=post.id,
        )
        for post in expert.posts
    ]
    kin = tuple(
        rules.Kin(bodies.refs[each.organisation_id], each.relation, each.is_leader, each.relative_expert_id, each.id)
        for each in expert.kin
    )
    return rules.PersonFacts(
        evaluator_id=expert.id,
        spells=tuple(employment + posts),
        kin=kin,
        participations=tuple(parts[expert.id]),
        bureau_posts=_bureau_posts(expert),
        evaluations=tuple(evaluations[expert.id]),
    )


def _agency(
    agency: agency_tables.Agency, bodies: Bodies, parts: dict[str, list], evaluations: dict[str, list]
) -> rules.AgencyFacts:
    heads = (rules.PersonRef(agency.legal_representative),) if agency.legal_representative else ()
    return rules.AgencyFacts(
        evaluator_id=agency.id,
        organisation=bodies.bodies[agency.organisation_id],
        invested=tuple(bodies.held[agency.organisation_id]),
        heads=heads,
        paid_business=tuple(
            rules.PaidBusiness(
                bodies.refs[deal.organisation_id], Period(deal.from_on, deal.until_on), deal.subject, deal.id
            )
            for deal in agency.business
        ),
        participations=tuple(parts[agency.id]),
        evaluations=tuple(evaluations[agency.id]),
        staff=tuple(_staff(member, agency, bodies) for member in agency.staff if member.left_on is None),
    )


def _staff(member: agency_tables.AgencyStaff, agency: agency_tables.Agency, bodies: Bodies) -> rules.PersonFacts:
    spells = tuple(
        rules.Spell(
            bodies.refs[spell.organisation_id],
            Period(spell.from_on, spell.until_on, spell.precision),
            kind=spell.kind,
            title=spell.kind,
            record_id=spell.id,
        )
        for spell in member.spells
    )
    is_head = bool(agency.legal_representative) and member.name == agency.legal_representative
    return rules.PersonFacts(member.id, kind="staff", spells=spells, agency_id=agency.id, is_head=is_head)


def _participations(session: Session, project_names: dict[str, str]) -> dict[str, dict[str, list]]:
    found: dict[str, dict[str, list]] = {"expert": defaultdict(list), "agency": defaultdict(list)}
    for part in session.scalars(select(project_tables.Participation)):
        value = rules.Participation(
            part.project_id, part.role, part.took_part_on, project_names.get(part.project_id, ""), part.id
        )
        kind = "expert" if part.expert_id else "agency"
        found[kind][part.expert_id or part.agency_id or ""].append(value)
    return found


def _past_evaluations(session: Session, bodies: Bodies) -> dict[str, dict[str, list]]:
    """Who has evaluated which unit in which year, from seats whose work was done."""
    found: dict[str, dict[str, list]] = {"expert": defaultdict(list), "agency": defaultdict(list)}
    done = select(Seat, Task).join(Task, Task.id == Seat.task_id).where(Seat.state.in_(("done", "appraised", "paid")))
    for seat, task in session.execute(done).unique():
        unit = task.project.unit or task.project.department
        value = rules.PastEvaluation(bodies.refs[unit.organisation_id], task.project.year, task.id)
        found[seat.kind][seat.expert_id or seat.agency_id or ""].append(value)
    return found


def _bureau_posts(expert: expert_tables.Expert) -> tuple[rules.BureauPost, ...]:
    """Staff of the bureau who supervise this pool may not sit on its panels."""
    return (rules.BureauPost("supervises_pool"),) if expert.supervises_pool else ()


def _tasks(session: Session, tasks: Sequence[Task], bodies: Bodies) -> tuple[rules.TaskFacts, ...]:
    task_ids = [task.id for task in tasks]
    contractors: dict[str, list[Organisation]] = defaultdict(list)
    rows = select(project_tables.Contractor).where(
        project_tables.Contractor.project_id.in_([task.project_id for task in tasks])
    )
    for row in session.scalars(rows):
        contractors[row.project_id].append(bodies.bodies[row.organisation_id])
    seated = _task_agencies(session, task_ids, bodies)
    first = _first_participants(session, tasks)
    declared = _declarations(session, task_ids)
    return tuple(
        rules.TaskFacts(
            task_id=task.id,
            project_id=task.project_id,
            evaluated=_evaluated(task, bodies),
            year=task.project.year,
            project_name=task.project.name,
            kind=task.kind,
            contractors=tuple(contractors[task.project_id]),
            agencies=tuple(seated[task.id]),
            first_task_id=task.first_evaluation_id,
            first_participants=frozenset(first.get(task.first_evaluation_id or "", ())),
            declarations=tuple(declared[task.id]),
        )
        for task in tasks
    )


def _evaluated(task: Task, bodies: Bodies) -> tuple[rules.EvaluatedBody, ...]:
    department = bodies.bodies[task.project.department.organisation_id]
    if task.project.unit is None:
        return (rules.EvaluatedBody(department, "unit", _leaders(bodies, task.project.department.organisation_id)),)
    unit = bodies.bodies[task.project.unit.organisation_id]
    return (
        rules.EvaluatedBody(unit, "unit", _leaders(bodies, task.project.unit.organisation_id)),
        rules.EvaluatedBody(department, "department", _leaders(bodies, task.project.department.organisation_id)),
    )


def _leaders(bodies: Bodies, organisation_id: str) -> tuple[rules.PersonRef, ...]:
    name = bodies.rows[organisation_id].head_name
    return (rules.PersonRef(name),) if name else ()


def _task_agencies(session: Session, task_ids: list[str], bodies: Bodies) -> dict[str, list[rules.TaskAgency]]:
    found: dict[str, list[rules.TaskAgency]] = defaultdict(list)
    rows = (
        select(Seat.task_id, agency_tables.Agency)
        .join(agency_tables.Agency, agency_tables.Agency.id == Seat.agency_id)
        .where(Seat.task_id.in_(task_ids), Seat.state.not_in(ENDED), Seat.is_reserve.is_(False))
    )
    for task_id, agency in session.execute(rows).unique():
        found[task_id].append(rules.TaskAgency(agency.id, bodies.bodies[agency.organisation_id]))
    return found


def _first_participants(session: Session, tasks: Sequence[Task]) -> dict[str, set[str]]:
    wanted = [task.first_evaluation_id for task in tasks if task.first_evaluation_id]
    found: dict[str, set[str]] = defaultdict(set)
    for seat in session.scalars(select(Seat).where(Seat.task_id.in_(wanted), Seat.state.not_in(("proposed",)))):
        found[seat.task_id].add(seat.expert_id or seat.agency_id or "")
    return found


def _declarations(session: Session, task_ids: list[str]) -> dict[str, list[rules.Declaration]]:
    """The evaluators' own words that they must withdraw; a unit's request stands as a declared hit of its own."""
    found: dict[str, list[rules.Declaration]] = defaultdict(list)
    rows = (
        select(Declaration, Seat)
        .join(Seat, Seat.id == Declaration.seat_id)
        .where(Seat.task_id.in_(task_ids), Declaration.has_conflict)
    )
    for declaration, seat in session.execute(rows):
        found[seat.task_id].append(
            rules.Declaration(seat.expert_id or seat.agency_id or "", "self", None, _day(declaration), declaration.id)
        )
    return found


def _day(declaration: Declaration) -> date:
    return declaration.declared_at.date()
