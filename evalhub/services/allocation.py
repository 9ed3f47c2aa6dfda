"""Allocation of a round: the policy fixed before the first run, runs that are never deleted, and what they found."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evalhub.domain.errors import InvalidInput, InvalidMove, NotFound, Refused, RuleBroken
from evalhub.domain.permissions import APPROVER
from evalhub.domain.suitability import TERMS, SuitabilitySettings
from evalhub.models.allocation import AllocationRun
from evalhub.models.journal import Job
from evalhub.models.plans import Round
from evalhub.queries.audience import list_role_holders
from evalhub.queries.blocked import rules_in_force
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.journal import Notice
from evalhub.services.versions import refuse_stale

KINDS = ("experts", "agencies")
OBJECTIVES = ("total", "fair")
JOB_KIND = "allocation"
SEED = re.compile(r"[0-9a-f]{8,64}")
TIME_LIMIT_SECONDS = 300


def propose_policy(change: Change, round_id: str, policy: Mapping[str, Any], version: int) -> Round:
    """The officer proposes seed, objective and weights; they hold once the approver has agreed.

    The recusal rules as they stand now become part of the policy.

    Args:
        policy: `objective`, `seed` (hexadecimal), `weights` of suitability (term -> 1/10,000, together 10,000).

    Raises:
        InvalidInput: a value that no run could use; fields name which.
    """
    round_ = get_round(change.session, round_id)
    refuse_stale(change, "round", round_, version, {})
    if policy.get("objective") not in OBJECTIVES:
        raise InvalidInput(fields={"objective": "field.required"})
    seed = str(policy.get("seed", ""))
    if not SEED.fullmatch(seed) or len(seed) % 2:
        raise InvalidInput(fields={"seed": "allocation.seed_hexadecimal"})
    weights = _checked_weights(policy.get("weights", {}))
    proposed = {
        "objective": policy["objective"], "seed": seed, "weights": weights, "rules": rules_in_force(change.session),
    }  # fmt: skip
    round_.policy_proposed, round_.policy_proposed_by_id = proposed, change.actor.account_id
    journal.record(
        change, "allocation_policy.proposed", "round", round_.id, round_.name, detail={"policy": proposed},
        notify=[Notice(account_id) for account_id in list_role_holders(change.session, APPROVER)],
    )  # fmt: skip
    return round_


def _checked_weights(weights: Mapping[str, int]) -> dict[str, int]:
    if set(weights) != set(TERMS):
        raise InvalidInput(fields={"weights": "allocation.weights_range"})
    try:
        SuitabilitySettings(**{f"{name}_weight": weight for name, weight in weights.items()})
    except InvalidInput:
        raise InvalidInput(fields={"weights": "allocation.weights_range"}) from None
    return dict(weights)


def fix_policy(change: Change, round_id: str, version: int) -> Round:
    """The approver agrees: from now on every run of the round uses this policy, and its hash stands in the journal.

    Raises:
        InvalidMove: nothing is proposed.
        Refused: the actor is no approver, or proposed it himself.
    """
    round_ = get_round(change.session, round_id)
    refuse_stale(change, "round", round_, version, {})
    if round_.policy_proposed is None:
        raise InvalidMove("allocation.no_policy_proposed")
    if APPROVER not in change.actor.roles:
        raise Refused("no_role")
    if round_.policy_proposed_by_id == change.actor.account_id:
        raise Refused("same_person")
    before = {"policy_hash": round_.policy_hash}
    round_.policy, round_.policy_hash = round_.policy_proposed, policy_hash(round_.policy_proposed)
    round_.policy_fixed_at, round_.policy_proposed = change.now, None
    journal.record(
        change, "allocation_policy.fixed", "round", round_.id, round_.name, before=before,
        after={"policy_hash": round_.policy_hash}, detail={"policy": round_.policy, "policy_hash": round_.policy_hash},
        notify=[Notice(round_.policy_proposed_by_id)] if round_.policy_proposed_by_id else [],
    )  # fmt: skip
    return round_


def policy_hash(policy: Mapping[str, Any]) -> str:
    return "sha256:" + hashlib.sha256(canonical(policy)).hexdigest()


def request_run(change: Change, round_id: str, kind: str) -> AllocationRun:
    """Ask for a run; a background job does it.

    Raises:
        RuleBroken: the round is not approved, its policy not fixed, or a recusal rule has been set otherwise since.
        InvalidMove: a run of this kind is under way.
    """
    round_ = get_round(change.session, round_id)
    if kind not in KINDS:
        raise NotFound("allocation_run")
    if round_.state != "approved":
        raise RuleBroken("allocation.round_not_approved")
    if round_.policy_hash is None:
        raise RuleBroken("allocation.policy_not_fixed")
    if (round_.policy or {}).get("rules") != rules_in_force(change.session):
        raise RuleBroken("allocation.rules_changed")
    of_kind = (AllocationRun.round_id == round_.id) & (AllocationRun.kind == kind)
    if change.session.scalar(select(AllocationRun.id).where(of_kind, AllocationRun.state.in_(("queued", "running")))):
        raise InvalidMove("allocation.run_under_way")
    number = 1 + (change.session.scalar(select(func.max(AllocationRun.number)).where(of_kind)) or 0)
    total = change.session.scalar(select(func.count()).select_from(AllocationRun)) or 0
    run = AllocationRun(
        code=f"R-{total + 1:03d}",
        round_id=round_.id,
        number=number,
        kind=kind,
        policy_hash=round_.policy_hash,
        requested_by_id=change.actor.account_id,
        requested_at=change.now,
    )
    change.session.add(run)
    change.session.flush()
    job = Job(kind=JOB_KIND, record_id=run.id, requested_by=change.actor.account_id, created_at=change.now, progress={})
    change.session.add(job)
    change.session.flush()
    run.job_id = job.id
    change.jobs.append(job.id)
    journal.record(
        change, "allocation_run.requested", "allocation_run", run.id, run.code,
        detail={"kind": kind, "number": number, "policy_hash": run.policy_hash},
    )  # fmt: skip
    return run


def cancel_run(change: Change, run_id: str) -> AllocationRun:
    """Ask a run to stop; it keeps the best it has found."""
    run = get_run(change.session, run_id)
    if run.state not in ("queued", "running"):
        raise InvalidMove("allocation.run_over")
    job = change.session.get_one(Job, run.job_id or "")
    job.cancel_requested = True
    if run.state == "queued":
        run.state, job.state, run.finished_at = "cancelled", "cancelled", change.now
    journal.record(change, "allocation_run.cancel_asked", "allocation_run", run.id, run.code)
    return run


def canonical(document: Mapping[str, Any]) -> bytes:
    """The one spelling of an archived instance: what is hashed, computed from, and handed out."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def keep_instance(
    change: Change,
    run_id: str,
    instance: Mapping[str, Any],
    exclusions: Mapping[str, Any],
    notices: Sequence[Notice] = (),
) -> AllocationRun:
    """The run begins: what it is computed from is kept before anything is computed.

    Args:
        notices: whom the conflicts found at its beginning concern.

    Raises:
        InvalidMove: the run is over, such as cancelled while it waited.
    """
    run = get_run(change.session, run_id)
    if run.state not in ("queued", "running"):
        raise InvalidMove("allocation.run_over")
    run.state = "running"
    run.instance, run.exclusions = dict(instance), dict(exclusions)
    run.instance_hash = hashlib.sha256(canonical(instance)).hexdigest()
    run.seats_wanted = sum(task["seats"] for task in instance["tasks"])
    journal.record(
        change, "allocation_run.begun", "allocation_run", run.id, run.code,
        detail={"instance_sha256": run.instance_hash}, notify=notices,
    )  # fmt: skip
    return run


def keep_result(
    change: Change,
    run_id: str,
    result: Mapping[str, Any],
    reserves: Mapping[str, Any],
    figures: Mapping[str, int | None],
) -> AllocationRun:
    """The run is over: result, reserves and key figures are kept; the one who asked is told."""
    run = get_run(change.session, run_id)
    run.state = "done"
    run.result, run.reserves, run.finished_at = dict(result), dict(reserves), change.now
    run.seats_filled = len(result["assignments"])
    run.total_millionths, run.worst_millionths = figures["total"], figures["worst"]
    journal.record(
        change, "allocation_run.finished", "allocation_run", run.id, run.code,
        detail={"status": result["status"], "filled": run.seats_filled, "wanted": run.seats_wanted},
        notify=[Notice(run.requested_by_id, {"filled": run.seats_filled, "wanted": run.seats_wanted})],
    )  # fmt: skip
    return run


def keep_failure(change: Change, run_id: str, code: str) -> AllocationRun:
    """The run ended without a result: cancelled before anything was found, or a fault."""
    run = get_run(change.session, run_id)
    run.state = "cancelled" if code == "cancelled" else "failed"
    run.error, run.finished_at = code, change.now
    journal.record(
        change, "allocation_run.ended_empty", "allocation_run", run.id, run.code, detail={"code": code},
        notify=[Notice(run.requested_by_id, {"code": code})],
    )  # fmt: skip
    return run


def get_round(session: Session, round_id: str) -> Round:
    round_ = session.get(Round, round_id)
    if round_ is None:
        raise NotFound("round")
    return round_


def get_run(session: Session, run_id: str) -> AllocationRun:
    run = session.get(AllocationRun, run_id)
    if run is None:
        raise NotFound("allocation_run")
    return run
