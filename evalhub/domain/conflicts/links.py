"""Hits that do not go through a body: the project (R4), heads (R5), the bureau (R8), the first evaluation (R9),
declarations (R10) and years running (R11)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from evalhub.domain.conflicts.claims import Subject, subjects_of
from evalhub.domain.conflicts.facts import UNIT, AgencyFacts, Participation, PersonFacts, PersonRef, TaskFacts
from evalhub.domain.conflicts.hits import CODED, DECLARED, NAMED, UNCLEAR, Fact, Hit, Record, evidence_key
from evalhub.domain.conflicts.rules import RuleBook
from evalhub.domain.names import NameIndex, fold_name
from evalhub.domain.periods import Period, window

Evaluators = list[tuple[Subject, PersonFacts | AgencyFacts]]


def link_hits(
    people: Sequence[PersonFacts],
    agencies: Sequence[AgencyFacts],
    tasks: Sequence[TaskFacts],
    rules: RuleBook,
    on: date,
) -> list[Hit]:
    """Hits of R4, R5 (shared head), R8, R9, R10 and R11; each looks up tasks by what the record names."""
    evaluators: Evaluators = [(subject, person) for person in people for subject in subjects_of(person)]
    evaluators += [(Subject(agency.evaluator_id, "agency", agency.evaluator_id), agency) for agency in agencies]
    found = [
        *_participation(evaluators, tasks, rules),
        *_shared_heads(agencies, tasks),
        *_bureau_posts(people, tasks, rules, on),
        *_first_evaluation(evaluators, tasks),
        *_declarations(evaluators, tasks),
        *_rotation(evaluators, tasks, rules),
    ]
    return [hit for hit in found if rules.binds(hit.rule, "staff" if hit.staff_id else hit.evaluator_kind)]


def _hit(rule: str, subject: Subject, task: TaskFacts, certainty: str, record: Record, fact: Fact) -> Hit:
    key = evidence_key(rule, subject.evaluator_id, task.task_id, record, fact, subject.staff_id)
    return Hit(
        rule, subject.evaluator_id, subject.kind, task.task_id, certainty, record, fact,
        agency_id=subject.agency_id, staff_id=subject.staff_id, evidence_key=key,
    )  # fmt: skip


def _participation(evaluators: Evaluators, tasks: Sequence[TaskFacts], rules: RuleBook) -> Iterator[Hit]:
    """R4: by the project's id, for its whole life; a part in a project known by name only is a doubt."""
    by_project: dict[str, list[TaskFacts]] = defaultdict(list)
    names: NameIndex[str] = NameIndex(rules.likeness_threshold)
    for task in tasks:
        if task.project_id not in by_project and task.project_name:
            names.add(task.project_name, task.project_id)
        by_project[task.project_id].append(task)
    for subject, evaluator in evaluators:
        for part in evaluator.participations:
            for project_id, certainty, share in _projects_of(part, names):
                for task in by_project.get(project_id, ()):
                    yield replace(_part_hit(subject, task, part, certainty), likeness=share)


def _projects_of(part: Participation, names: NameIndex[str]) -> list[tuple[str, str, float]]:
    if part.project_id is not None:
        return [(part.project_id, CODED, 1.0)]
    return [(project_id, NAMED, share) for project_id, share in names.search(part.project_name)]


def _part_hit(subject: Subject, task: TaskFacts, part: Participation, certainty: str) -> Hit:
    record = Record(
        "participation", part.project_id, part.project_name, part.took_part_on, part.took_part_on,
        detail=part.role, record_id=part.record_id,
    )  # fmt: skip
    return _hit("R4", subject, task, certainty, record, Fact("project", task.project_id, task.project_name))


def _shared_heads(agencies: Sequence[AgencyFacts], tasks: Sequence[TaskFacts]) -> Iterator[Hit]:
    """R5: the agency's head leads the unit or its department; by identity, else by name as a doubt."""
    leaders: dict[str, list[tuple[TaskFacts, Fact, PersonRef]]] = defaultdict(list)
    for task in tasks:
        for body in task.evaluated:
            for leader in body.leaders:
                fact = Fact(f"{body.role}_leader", body.organisation.code, body.organisation.name)
                for mark in _marks(leader):
                    leaders[mark].append((task, fact, leader))
    for agency in agencies:
        subject = Subject(agency.evaluator_id, "agency", agency.evaluator_id)
        for head in agency.heads:
            record = Record("head", name=head.name)
            for mark in _marks(head):
                for task, fact, leader in leaders.get(mark, ()):
                    if not mark.startswith("~"):
                        yield _hit("R5", subject, task, CODED, record, fact)
                    elif not (head.key and leader.key):
                        yield _hit("R5", subject, task, NAMED, record, fact)


def _marks(person: PersonRef) -> list[str]:
    return [*([person.key] if person.key else []), *([f"~{fold_name(person.name)}"] if person.name else [])]


def _bureau_posts(
    people: Sequence[PersonFacts], tasks: Sequence[TaskFacts], rules: RuleBook, on: date
) -> Iterator[Hit]:
    """R8: whoever supervises the pool at the bureau sits on no panel."""
    if "R8" not in rules.rules:
        return
    look_back = window(on, rules.rules["R8"].window_months)
    for person in people:
        for post in person.bureau_posts:
            if post.duty == "supervises_pool" and post.period.meet(look_back):
                period = post.period
                record = Record(
                    "bureau_post", None, "", period.from_on, period.until_on, period.precision, post.duty,
                    record_id=post.record_id,
                )  # fmt: skip
                for task in tasks:
                    yield _hit("R8", subjects_of(person)[0], task, CODED, record, Fact("pool"))


def _first_evaluation(evaluators: Evaluators, tasks: Sequence[TaskFacts]) -> Iterator[Hit]:
    """R9: who took part in the first evaluation does not evaluate again."""
    by_participant: dict[str, list[TaskFacts]] = defaultdict(list)
    for task in tasks:
        for participant in task.first_participants:
            by_participant[participant].append(task)
    for subject, _ in evaluators:
        took_part = subject.staff_id or subject.evaluator_id
        for task in by_participant.get(took_part, ()):
            record = Record("first_evaluation", task.first_task_id)
            yield _hit("R9", subject, task, CODED, record, Fact("first_evaluation", task.first_task_id))


def _declarations(evaluators: Evaluators, tasks: Sequence[TaskFacts]) -> Iterator[Hit]:
    """R10: one's own word unless rejected; the unit's request once upheld, and until decided as a doubt."""
    by_evaluator: dict[str, list[Subject]] = defaultdict(list)
    for subject, _ in evaluators:
        by_evaluator[subject.staff_id or subject.evaluator_id].append(subject)
    for task in tasks:
        for word in task.declarations:
            if word.decision == "rejected":
                continue
            is_open_request = word.source == "unit" and word.decision is None
            record = Record("declaration", from_on=word.declared_on, detail=word.source, record_id=word.record_id)
            for subject in by_evaluator.get(word.evaluator_id, ()):
                yield _hit(
                    "R10", subject, task, UNCLEAR if is_open_request else DECLARED, record, Fact("task", task.task_id)
                )


def _rotation(evaluators: Evaluators, tasks: Sequence[TaskFacts], rules: RuleBook) -> Iterator[Hit]:
    """R11: years running, up to the year before the task's, in which the evaluator evaluated the unit."""
    for subject, evaluator in evaluators:
        if not evaluator.evaluations or subject.staff_id:
            continue
        years: dict[str, set[int]] = defaultdict(set)
        for past in evaluator.evaluations:
            years[past.organisation.identity].add(past.year)
        for task in tasks:
            for body in task.evaluated:
                identities = [*body.organisation.codes, body.organisation.ref.identity]
                seen = set().union(*(years.get(identity, set()) for identity in identities))
                running = _years_running(seen, task.year)
                if body.role == UNIT and running >= rules.rotation_years:
                    yield _rotation_hit(subject, task, body.organisation.code, body.organisation.name, running)


def _rotation_hit(subject: Subject, task: TaskFacts, code: str | None, name: str, running: int) -> Hit:
    last = Period(date(task.year - running, 1, 1), date(task.year - 1, 12, 31))
    record = Record("evaluations", code, name, last.from_on, last.until_on)
    return replace(_hit("R11", subject, task, CODED, record, Fact(UNIT, code, name)), years=running)


def _years_running(years: set[int], until: int) -> int:
    running = 0
    while until - running - 1 in years:
        running += 1
    return running
