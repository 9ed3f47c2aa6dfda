"""Finds every hit of evaluators on tasks, by code first, by name as a doubt.

The bodies of all tasks are laid out once by code and in an index of names; each record of an evaluator is looked up
there. The work grows with records and hits, not with evaluators times tasks.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from evalhub.domain.conflicts import links
from evalhub.domain.conflicts.claims import Claim, Target, agency_claims, person_claims, targets
from evalhub.domain.conflicts.facts import DEPARTMENT, EMPLOYMENT, UNIT, AgencyFacts, PersonFacts, TaskFacts
from evalhub.domain.conflicts.hits import CODED, NAMED, UNCLEAR, Hit, evidence_key
from evalhub.domain.conflicts.rules import RuleBook
from evalhub.domain.names import NameIndex
from evalhub.domain.organisations import Organisation, OwnershipGraph
from evalhub.domain.periods import window

RULE_OF: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        **{(tie, role): "R1" for tie in (EMPLOYMENT, "post", "adviser") for role in (UNIT, DEPARTMENT)},
        **{(tie, "contractor"): "R2" for tie in (EMPLOYMENT, "post", "adviser", "self", "owner", "invested")},
        **{(tie, "contractor_owner"): "R2" for tie in ("post", "self", "owner")},
        **{("kin", role): "R3" for role in (UNIT, DEPARTMENT, "contractor")},
        **{(tie, role): "R5" for tie in ("self", "owner", "invested", "finances") for role in (UNIT, DEPARTMENT)},
        **{(tie, "unit_owner"): "R5" for tie in ("self", "owner")},
        ("paid", UNIT): "R6",
        **{(tie, "agency"): "R7" for tie in (EMPLOYMENT, "post", "adviser")},
    }
)
"""Which rule a tie of the evaluator to a body in a role of the task falls under."""

WEAK_TIES = frozenset({("kin", "contractor"), ("adviser", "contractor")})
"""Ties that the rules do not name but that an officer should rule on: always a doubt."""

STATE_ORGAN_PREFIX = "11"
"""First two characters of a state organ's credit code. Source: GB 32100-2015, tables 1 and 2."""


def detect(
    rules: RuleBook,
    evaluator: PersonFacts | AgencyFacts,
    task: TaskFacts,
    on: date,
    organisations: Iterable[Organisation] = (),
) -> list[Hit]:
    """Hits of one evaluator on one task; see `detect_all`."""
    people = [evaluator] if isinstance(evaluator, PersonFacts) else []
    agencies = [evaluator] if isinstance(evaluator, AgencyFacts) else []
    return detect_all(people, agencies, [task], rules, on, organisations)


def detect_all(
    people: Sequence[PersonFacts],
    agencies: Sequence[AgencyFacts],
    tasks: Sequence[TaskFacts],
    rules: RuleBook,
    on: date,
    organisations: Iterable[Organisation] = (),
) -> list[Hit]:
    """All hits of rules R1 to R11 on a day.

    Args:
        people: experts (staff comes with its agency).
        agencies: with their staff.
        tasks: any number.
        rules: as the bureau has set them.
        on: the day of the run, of acceptance or of closing.
        organisations: further bodies known by code, for state owners, former names of owners and walks of two levels.

    Returns:
        One hit per evidence key, sorted by task, evaluator, rule and key. For R12 see `panel`, for R13 `eligibility`.

    Source: domain rules R1-R11 with the sources in `rules.RULES`.
    """
    bodies = [*organisations, *(agency.organisation for agency in agencies), *_bodies(tasks)]
    graph = OwnershipGraph(bodies, rules.control_share_weight)
    everybody = [*people, *(person for agency in agencies for person in agency.staff)]
    finder = _Finder(
        rules, on, graph, [target for task in tasks for target in targets(task, graph, rules.ownership_levels)]
    )
    hits = [hit for person in everybody for claim in person_claims(person) for hit in finder.hits(claim)]
    for agency in agencies:
        for claim in agency_claims(agency, graph, rules.ownership_levels):
            hits += finder.hits(claim)
    hits += links.link_hits(everybody, agencies, tasks, rules, on)
    return _each_once(hits)


def _bodies(tasks: Sequence[TaskFacts]) -> Iterable[Organisation]:
    for task in tasks:
        yield from (body.organisation for body in task.evaluated)
        yield from task.contractors
        yield from (agency.organisation for agency in task.agencies)


def _each_once(hits: list[Hit]) -> list[Hit]:
    """Of hits with one key the surest stays."""
    surest: dict[str, Hit] = {}
    for hit in hits:
        known = surest.get(hit.evidence_key)
        if known is None or (known.is_doubt and not hit.is_doubt):
            surest[hit.evidence_key] = hit
    return sorted(surest.values(), key=lambda hit: (hit.task_id, hit.evaluator_id, hit.rule, hit.evidence_key))


class _Finder:
    """The targets of all tasks, by code and by name, and the judgement of one claim against them."""

    def __init__(self, rules: RuleBook, on: date, graph: OwnershipGraph, all_targets: list[Target]) -> None:
        self.rules, self.on, self.graph = rules, on, graph
        self.windows = {code: window(on, rule.window_months) for code, rule in rules.rules.items()}
        self.by_code: dict[str, list[Target]] = defaultdict(list)
        self.by_name: NameIndex[Target] = NameIndex(rules.likeness_threshold)
        for target in all_targets:
            for code in target.codes:
                self.by_code[code].append(target)
            for name in target.names:
                self.by_name.add(name, target)

    def hits(self, claim: Claim) -> list[Hit]:
        code = claim.organisation.code
        found = [self._judge(claim, target, 1.0, is_named=False) for target in self.by_code.get(code or "", ())]
        if claim.organisation.name:
            for target, share in self.by_name.search(claim.organisation.name):
                # Two codes are two bodies; but one of the very same name may be the predecessor or the successor.
                if code and target.codes and (code in target.codes or share < 1):
                    continue
                found.append(self._judge(claim, target, share, is_named=True))
        return [hit for hit in found if hit is not None]

    def _judge(self, claim: Claim, target: Target, share: float, *, is_named: bool) -> Hit | None:
        rule = RULE_OF.get((claim.tie, target.role))
        if rule is None or not self._binds(rule, claim) or self._is_state_tie(claim, target):
            return None
        both, look_back = claim.period.meet(target.period), self.windows[rule]
        overlap = both.meet(look_back) if both else None
        if overlap is None:
            return None
        is_weak = (
            claim.is_weak
            or target.is_weak
            or self._is_organ_tie(claim, target)
            or (claim.tie, target.role) in WEAK_TIES
        )
        subject = claim.subject
        return Hit(
            rule=rule,
            evaluator_id=subject.evaluator_id,
            evaluator_kind=subject.kind,
            task_id=target.task_id,
            certainty=NAMED if is_named else UNCLEAR if is_weak else CODED,
            record=claim.record,
            fact=target.fact,
            likeness=share,
            window_from_on=look_back.from_on,
            window_until_on=look_back.until_on if look_back.from_on else None,
            overlap_from_on=overlap.from_on,
            overlap_until_on=overlap.until_on,
            agency_id=subject.agency_id,
            staff_id=subject.staff_id,
            evidence_key=evidence_key(
                rule, subject.evaluator_id, target.task_id, claim.record, target.fact, subject.staff_id
            ),
        )

    def _binds(self, rule: str, claim: Claim) -> bool:
        """A head's own ties bind his agency under the rules for its staff."""
        return self.rules.binds(rule, "staff" if claim.subject.staff_id else claim.subject.kind)

    def _is_state_tie(self, claim: Claim, target: Target) -> bool:
        owner = self.graph.find(claim.organisation.code)
        return claim.is_indirect and target.is_indirect and owner is not None and owner.is_state_owner

    def _is_organ_tie(self, claim: Claim, target: Target) -> bool:
        code = claim.organisation.code or ""
        return claim.is_indirect and target.is_indirect and code.startswith(STATE_ORGAN_PREFIX)
