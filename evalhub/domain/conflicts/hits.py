"""A hit: one rule, one evaluator, one task, record and fact side by side, and a key by which a verdict finds it."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from evalhub.domain.organisations import OrganisationRef

CODED, NAMED, UNCLEAR, DECLARED = "coded", "named", "unclear", "declared"
DOUBTS = frozenset({NAMED, UNCLEAR})


@dataclass(frozen=True, slots=True)
class Record:
    """What stands in the evaluator's file.

    Args:
        kind: employment, director, kin, parent, holder, self, invested, finances, paid_business, participation, ...
        detail: what tells records of one kind apart: the relation of kin, the role in a project.
        title: shown only; a corrected title is not a new record.
    """

    kind: str
    code: str | None = None
    name: str = ""
    from_on: date | None = None
    until_on: date | None = None
    precision: str = "day"
    detail: str = ""
    title: str = ""
    record_id: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """What stands in the task: `role` such as unit, department, contractor, contractor_owner, agency, project, pool.

    `via_code` and `via_name` name the contractor or unit that an owner owns.
    """

    role: str
    code: str | None = None
    name: str = ""
    via_code: str | None = None
    via_name: str = ""
    record_id: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One finding.

    Args:
        evaluator_kind: `expert`, `agency` or `staff`; a hit of staff keeps that person off the team, not the agency.
        certainty: `coded` (codes or ids equal), `declared`, or a doubt: `named` (names alike), `unclear` (codes equal,
            but the tie is weak: a holder below control, two bodies of one state organ, kin or an adviser's seat at a
            contractor, a unit's open request).
        likeness: of a named hit, 0-1; 1 otherwise.
        window_from_on, window_until_on: the days looked at; None when the rule has no limit.
        overlap_from_on, overlap_until_on: of those, the days in which record and fact both held.
        years: of R11, the years running.
        evidence_key: of rule, evaluator, task and the content of record and fact; not of the day, the window or the
            likeness: detected again it is the same, and a changed record is a new question.
    """

    rule: str
    evaluator_id: str
    evaluator_kind: str
    task_id: str
    certainty: str
    record: Record
    fact: Fact
    likeness: float = 1.0
    window_from_on: date | None = None
    window_until_on: date | None = None
    overlap_from_on: date | None = None
    overlap_until_on: date | None = None
    years: int | None = None
    agency_id: str | None = None
    staff_id: str | None = None
    evidence_key: str = ""

    @property
    def is_doubt(self) -> bool:
        return self.certainty in DOUBTS

    def as_evidence(self) -> dict[str, Any]:
        """Record, fact, dates and likeness as plain JSON values."""
        evidence = asdict(self)
        for name in ("rule", "evaluator_id", "evaluator_kind", "task_id", "certainty", "evidence_key"):
            evidence.pop(name)
        return {name: _plain(value) for name, value in evidence.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def evidence_key(
    rule: str, evaluator_id: str, task_id: str, record: Record, fact: Fact, staff_id: str | None = None
) -> str:
    """32 hexadecimal digits over the content; without record ids, so that a row entered again keeps its verdict."""
    parts = (
        rule, evaluator_id, task_id, staff_id,
        record.kind, OrganisationRef(record.code, record.name).identity, record.detail,
        record.from_on, record.until_on, record.precision,
        fact.role, OrganisationRef(fact.code, fact.name).identity,
        OrganisationRef(fact.via_code, fact.via_name).identity,
    )  # fmt: skip
    return hashlib.sha256("\x1f".join(str(part or "") for part in parts).encode()).hexdigest()[:32]
