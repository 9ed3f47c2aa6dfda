"""What hits mean once officers have ruled on them: who is out, who is held back, who is free.

An open doubt is not a hard conflict, because nothing is proved, and not free either: the pair is held out of the run
under the code `doubt`, so that nobody doubtful is seated before an officer has ruled. A ruling frees the evaluator or
makes the conflict hard.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evalhub.domain.conflicts.hits import Hit
from evalhub.domain.conflicts.rules import LAW, RULES, SOFT, STAFF, RuleBook

DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An officer's word on one hit: `confirmed`, `dismissed` (not the same body, the record is wrong) or `asked`.

    Without a reason a dismissal has no effect.
    """

    evidence_key: str
    decision: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Waiver:
    """An approver's leave for one hit of a policy rule. Without a reason, or for a rule of law, it has no effect."""

    evidence_key: str
    approver_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rulings:
    """The hits, each in one list: hard now, doubts still open, dismissed, waived, and soft ones that only cost."""

    hard: tuple[Hit, ...] = ()
    doubts: tuple[Hit, ...] = ()
    dismissed: tuple[Hit, ...] = ()
    waived: tuple[Hit, ...] = ()
    soft: tuple[Hit, ...] = ()

    def conflicts(self) -> list[tuple[str, str, str]]:
        """(task id, evaluator id, rule code or `doubt`) of experts and agencies, sorted: the allocation's conflicts."""
        return _triples(self, is_staff=False)

    def team_conflicts(self) -> list[tuple[str, str, str]]:
        """The same of agency staff: who may not be on his agency's team for the task."""
        return _triples(self, is_staff=True)


def _triples(rulings: Rulings, *, is_staff: bool) -> list[tuple[str, str, str]]:
    hard = {(hit, hit.rule) for hit in rulings.hard}
    doubts = {(hit, DOUBT) for hit in rulings.doubts}
    wanted = ((hit, code) for hit, code in hard | doubts if (hit.evaluator_kind == STAFF) == is_staff)
    return sorted({(hit.task_id, hit.evaluator_id, code) for hit, code in wanted})


def blocks(hits: Sequence[Hit], verdicts: Iterable[Verdict], waivers: Iterable[Waiver], rules: RuleBook) -> Rulings:
    """Which hits keep whom out now.

    A coded or declared hit of a filter rule is hard unless dismissed with a reason. A doubt is hard once confirmed,
    gone once dismissed, else open; `asked` leaves either as it was. A waiver with a reason lifts a hit of a policy
    rule, proved or in doubt, and never one of law. Of several verdicts on a hit the last counts.

    Args:
        hits: of any rules; those switched off in `rules` are left out.
        verdicts, waivers: of any hits; matched by evidence key.
    """
    ruled = {verdict.evidence_key: verdict for verdict in verdicts}
    lifted = {waiver.evidence_key for waiver in waivers if waiver.reason.strip()}
    lists: dict[str, list[Hit]] = {"hard": [], "doubts": [], "dismissed": [], "waived": [], "soft": []}
    for hit in hits:
        if hit.rule in rules.rules:
            lists[_place(hit, ruled.get(hit.evidence_key), hit.evidence_key in lifted)].append(hit)
    return Rulings(**{name: tuple(entries) for name, entries in lists.items()})


def _place(hit: Hit, verdict: Verdict | None, is_lifted: bool) -> str:
    if verdict and verdict.decision == "dismissed" and verdict.reason.strip():
        return "dismissed"
    if RULES[hit.rule].effect == SOFT:
        return "soft"
    if is_lifted and RULES[hit.rule].force != LAW:
        return "waived"
    if hit.is_doubt and not (verdict and verdict.decision == "confirmed"):
        return "doubts"
    return "hard"
