"""Why one person was or was not seated on one task in one run: every rule passed or failed, and the figures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.domain.allocation import read_instance
from evalhub.domain.allocation.reserves import check_substitute
from evalhub.domain.conflicts import RULES
from evalhub.domain.eligibility import Failure
from evalhub.domain.errors import NotFound
from evalhub.domain.permissions import Actor
from evalhub.models.agencies import Agency
from evalhub.models.allocation import AllocationRun
from evalhub.models.experts import Expert
from evalhub.models.plans import Round
from evalhub.queries.allocation import Person, load_run, people_of
from evalhub.queries.blocked import rule_book, years_running
from evalhub.queries.conflicts import HitRow, list_hits
from evalhub.queries.panels import Pair, fits
from evalhub.queries.profiles import suitability_terms
from evalhub.queries.tasks import TaskView, get_task

SEATED, RESERVE, BARRED, NOT_CHOSEN, NOT_IN_RUN = "seated", "reserve", "barred", "not_chosen", "not_in_run"


@dataclass(frozen=True)
class RuleCheck:
    """One rule: the hits under it, and whether one of them kept the person out of the run."""

    code: str
    hits: tuple[HitRow, ...]
    is_passed: bool


@dataclass(frozen=True)
class Swap:
    """What would follow if the person sat in place of a member: the change of the sum of fits, rules broken."""

    member: Person
    change_millionths: int
    broken: tuple[str, ...]


@dataclass(frozen=True)
class WhyNot:
    """The answer for one person, task and run. `rank` is among those who could be seated, 1 the best fit."""

    run: AllocationRun
    task: TaskView
    person: Person
    status: str
    position: int | None
    rules: tuple[RuleCheck, ...]
    failures: tuple[Failure, ...]
    other_codes: tuple[str, ...]
    fit_millionths: int
    terms: Sequence[Mapping[str, Any]]
    rank: int
    candidates: int
    load: int
    capacity: int | None
    swaps: tuple[Swap, ...]

    @property
    def failed(self) -> list[RuleCheck]:
        return [check for check in self.rules if not check.is_passed]

    @property
    def passed(self) -> list[RuleCheck]:
        return [check for check in self.rules if check.is_passed]

    @property
    def weakest(self) -> Swap | None:
        """The member whom the person would come nearest to replacing by fit."""
        return max(self.swaps, key=lambda swap: swap.change_millionths, default=None)


def find_by_code(session: Session, actor: Actor, kind: str, code: str) -> str | None:
    """The id of an expert or agency by its code in the pool."""
    table = Agency if kind == "agencies" else Expert
    return session.scalar(select(table.id).where(table.code == code.strip())) if actor.is_bureau else None


def explain(session: Session, actor: Actor, run_id: str, task_id: str, evaluator_id: str, today: date) -> WhyNot:
    """Everything that page 06 shows; raises NotFound where run, task or person does not exist for the asker."""
    run, task = load_run(session, actor, run_id), get_task(session, actor, task_id)
    person = people_of(session, run.kind, [evaluator_id]).get(evaluator_id)
    instance = run.instance or {}
    if person is None or task_id not in {each["id"] for each in instance.get("tasks", ())}:
        raise NotFound("allocation_run")
    in_run = {each["id"]: each for each in instance["evaluators"]}
    codes = {code for task_, one, code in instance["conflicts"] if (task_, one) == (task_id, evaluator_id)}
    failures = tuple(
        Failure(each["code"], each["figures"])
        for each in (run.exclusions or {}).get("ineligible", {}).get(evaluator_id, ())
    )
    status, position = _status(run, task_id, evaluator_id, codes, failures, evaluator_id in in_run)
    fit, terms = _fit(session, run, (task_id, evaluator_id), today)
    ranked = [value for (task_, _), value in fits(run).items() if task_ == task_id]
    loads = Counter(one for _, one in (run.result or {}).get("assignments", ()))
    return WhyNot(
        run=run,
        task=task,
        person=person,
        status=status,
        position=position,
        rules=_rules(session, actor, run, task_id, evaluator_id, codes),
        failures=failures,
        other_codes=tuple(sorted(codes - RULES.keys())),
        fit_millionths=fit,
        terms=terms,
        rank=1 + sum(value > fit for value in ranked),
        candidates=len(ranked),
        load=loads[evaluator_id],
        capacity=in_run[evaluator_id]["capacity"] if evaluator_id in in_run else None,
        swaps=_swaps(session, run, task_id, evaluator_id, fit) if status in (NOT_CHOSEN, RESERVE, BARRED) else (),
    )


def _status(
    run: AllocationRun, task_id: str, one: str, codes: set[str], failures: Sequence[Failure], is_in_run: bool
) -> tuple[str, int | None]:
    if [task_id, one] in (run.result or {}).get("assignments", []):
        return SEATED, None
    waiting = (run.reserves or {}).get(task_id, [])
    if one in waiting:
        return RESERVE, waiting.index(one) + 1
    if codes or failures:
        return BARRED, None
    return (NOT_CHOSEN if is_in_run else NOT_IN_RUN), None


def _rules(
    session: Session, actor: Actor, run: AllocationRun, task_id: str, one: str, codes: set[str]
) -> tuple[RuleCheck, ...]:
    """Each rule that binds this kind, the failed ones first; a doubt fails under its own rule."""
    kind = "agency" if run.kind == "agencies" else "expert"
    book = rule_book(session)
    hits = [hit for hit in list_hits(session, actor, task_id) if hit.evaluator_id == one and hit.kind != "staff"]
    checks = []
    for code, rule in RULES.items():
        if kind not in rule.kinds or code not in book.rules or rule.effect in ("panel", "eligibility"):
            continue
        own = tuple(hit for hit in hits if hit.rule == code)
        is_failed = code in codes or ("doubt" in codes and any(hit.is_doubt for hit in own))
        checks.append(RuleCheck(code, own, not is_failed))
    return tuple(sorted(checks, key=lambda check: check.is_passed))


def _fit(session: Session, run: AllocationRun, pair: Pair, today: date) -> tuple[int, Sequence[Mapping[str, Any]]]:
    """Fit and terms: as the run kept them, else computed now with the weights that the round has fixed."""
    kept = (run.exclusions or {}).get("terms", {}).get(f"{pair[0]} {pair[1]}")
    if kept is None:
        round_ = session.get_one(Round, run.round_id)
        years = years_running(session, [pair[0]])
        kept = suitability_terms(session, round_, run.kind, [pair], today, years)[f"{pair[0]} {pair[1]}"]
    known = fits(run).get(pair)
    return known if known is not None else sum(term["contribution_units"] for term in kept), kept


def _swaps(session: Session, run: AllocationRun, task_id: str, one: str, fit: int) -> tuple[Swap, ...]:
    """In place of each member of the panel: computed with the run's own rules, nothing guessed."""
    problem = read_instance(dict(run.instance or {}))
    seats = [(task, each) for task, each in (run.result or {}).get("assignments", ())]
    members = [each for task, each in seats if task == task_id]
    people, known = people_of(session, run.kind, members), fits(run)
    is_known = one in problem.evaluator_position
    found = []
    for member in members:
        faults = check_substitute(problem, seats, task_id, member, one) if is_known else []
        broken = {code for fault in faults for code in (fault.figures.get("rules") or [fault.code])}
        broken -= {"not_listed"} if any(fault.code == "conflict" for fault in faults) else set()
        found.append(Swap(people[member], fit - known.get((task_id, member), 0), tuple(sorted(broken))))
    return tuple(found)
