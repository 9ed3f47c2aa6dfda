"""Hits, runs and plans for the walk of every route: of a task that everybody knows, and of one that is locked."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import tests.integration.plan_relations  # noqa: F401 - the tasks come first
from evalhub.models.allocation import AllocationRun, SeatPlan
from evalhub.models.conflicts import ConflictHit
from evalhub.models.experts import Expert
from evalhub.models.plans import Round
from tests.builders import NOW, TODAY, add
from tests.integration.world import EXTENSIONS, World

EVIDENCE: dict[str, Any] = {
    "record": {"kind": "employment", "code": None, "name": "x", "from_on": "2020-02-01", "until_on": "2025-03-31",
               "precision": "day", "detail": "", "title": "", "record_id": ""},
    "fact": {"role": "unit", "code": None, "name": "x", "via_code": None, "via_name": "", "record_id": ""},
    "likeness": 1.0, "window_from_on": "2023-11-23", "window_until_on": "2026-11-23",
    "overlap_from_on": "2023-11-23", "overlap_until_on": "2025-03-31", "years": None, "agency_id": None,
    "staff_id": None,
}  # fmt: skip


def add_allocation_records(session: Session, walked: World) -> None:
    """One hit, run and plan per relation; names of url arguments that no other part has."""
    expert = session.scalars(select(Expert).order_by(Expert.id).limit(1)).one()
    round_ = session.get_one(Round, walked.arguments["any"]["round_id"])
    round_.policy = {"objective": "total", "seed": "00ff00ff", "weights": WEIGHTS, "rules": {}}
    round_.policy_hash = "sha256:x"
    for number, relation in enumerate(("any", "conflicted"), start=1):
        task_id = walked.arguments[relation]["task_id"]
        hit = add(
            session,
            ConflictHit(
                task_id=task_id, expert_id=expert.id, rule="R6", certainty="coded", evidence=EVIDENCE,
                evidence_key=f"walk-{number}", found_on=TODAY, state="open",
            ),
        )  # fmt: skip
        run = add(session, _run(round_, number, task_id, expert.id))
        plan = add(
            session,
            SeatPlan(round_id=round_.id, run_id=run.id, kind="experts", created_by_id="x", created_at=NOW),
        )
        walked.arguments[relation] |= {
            "hit_id": hit.id, "run_id": run.id, "seat_plan_id": plan.id, "evaluator_id": expert.id, "rule_code": "R1",
        }  # fmt: skip


WEIGHTS = {"field": 6000, "licence": 1000, "past_work": 1500, "rotation": 1500}


def _run(round_: Round, number: int, task_id: str, evaluator_id: str) -> AllocationRun:
    instance = {
        "format": "evalhub.allocation/1",
        "evaluators": [{"id": evaluator_id, "capacity": 1, "tags": []}],
        "tasks": [{"id": task_id, "seats": 3, "quotas": []}],
        "suitability": {"pairs": [[task_id, evaluator_id, 0.5]], "default": None},
        "conflicts": [],
        "policy": {"objective": "total", "seed": "00ff"},
    }
    result = {
        "status": "solved", "gap": None, "assignments": [[task_id, evaluator_id]], "shortfalls": [], "empty_seats": 2,
        "empty_seats_bound": 2, "solver": {"seconds": 0.1},
    }  # fmt: skip
    return AllocationRun(
        code=f"R-9{number}", round_id=round_.id, number=number, kind="experts", policy_hash="sha256:x",
        instance=instance, instance_hash="0" * 64, exclusions={"ineligible": {}, "terms": {}}, result=result,
        reserves={}, seats_wanted=3, seats_filled=1, state="done", requested_by_id="x", requested_at=NOW,
    )  # fmt: skip


EXTENSIONS.append(add_allocation_records)
