"""The allocation job: read in one transaction, solve with none open, write in another."""

import json
import threading
import time
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from evalhub.domain.allocation import (
    InvalidInstance,
    NothingFound,
    Progress,
    read_instance,
    reserves,
    result_document,
    solve,
)
from evalhub.domain.errors import InvalidMove
from evalhub.domain.permissions import system_actor
from evalhub.infra.chance import new_id
from evalhub.models.allocation import AllocationRun
from evalhub.models.journal import Job
from evalhub.models.plans import Round
from evalhub.queries.blocked import blocked_pairs, years_running
from evalhub.queries.facts import gather
from evalhub.queries.instances import build_instance, round_tasks
from evalhub.queries.profiles import suitability_terms
from evalhub.services import allocation as service
from evalhub.services.change import Change
from evalhub.services.conflicts import suspend_hard
from evalhub.services.hits import detect

BEAT_SECONDS = 1.0
LAST_ATTEMPT = 3


class Pulse:
    """Tells the solver whether to stop and the page how far it is, at most once a second."""

    def __init__(self, house: Any, job_id: str) -> None:
        self.house, self.job_id = house, job_id
        self.is_cancelled = False
        self.beat_at = 0.0
        self.lock = threading.Lock()

    def should_stop(self) -> bool:
        self.beat(None)
        return self.is_cancelled

    def tell(self, progress: Progress) -> None:
        self.beat(vars(progress) if hasattr(progress, "__dict__") else None)

    def beat(self, figures: dict[str, Any] | None) -> None:
        """Keep heartbeat and progress, and learn whether somebody asked to cancel."""
        with self.lock:
            if time.monotonic() - self.beat_at < BEAT_SECONDS:
                return
            self.beat_at = time.monotonic()
            self.is_cancelled = self.house.database.apply(partial(self._note, figures))

    def _note(self, figures: dict[str, Any] | None, session: Session) -> bool:
        job = session.get_one(Job, self.job_id)
        job.heartbeat_at = self.house.now()
        if figures is not None:
            job.progress = json.loads(json.dumps(figures, default=str))
        return job.cancel_requested


def abandon_allocation(house: Any, job: Job) -> None:
    """The run of a job whose workers died under it: it has ended without a result, so another one may be asked for."""
    _end_empty(house, job, "worker_lost")


def run_allocation(house: Any, job: Job) -> None:
    """Run one allocation to its end; the run's row tells what became of it.

    Called again for a job whose worker died, it begins anew; a run that is over stays as it is.
    """
    try:
        _run(house, job)
    except InvalidMove:
        return
    except InvalidInstance as fault:
        _end_empty(house, job, f"invalid: {fault}")
    except Exception as fault:
        if job.attempts >= LAST_ATTEMPT:
            _end_empty(house, job, type(fault).__name__)
        raise


def _end_empty(house: Any, job: Job, code: str) -> None:
    _change(house, job, lambda change: service.keep_failure(change, job.record_id, code))


def _run(house: Any, job: Job) -> None:
    instance, round_id, kind = _begin(house, job)
    pulse = Pulse(house, job.id)
    problem = read_instance(service.canonical(instance))
    try:
        found = solve(
            problem,
            time_limit_seconds=service.TIME_LIMIT_SECONDS,
            should_stop=pulse.should_stop,
            on_progress=pulse.tell,
        )
    except NothingFound:
        code = "cancelled" if pulse.is_cancelled else "nothing_found"
        _end_empty(house, job, code)
        return
    document = result_document(problem, found)
    waiting = reserves(problem, found, _reserve_count(house, round_id, kind))
    figures = {"total": found.total, "worst": found.worst}
    pairs = [*found.assignments, *((task, one) for task, names in waiting.items() for one in names)]

    def keep(change: Change) -> None:
        round_ = change.session.get_one(Round, round_id)
        run = change.session.get_one(AllocationRun, job.record_id)
        years = years_running(change.session, problem.task_position)
        terms = suitability_terms(change.session, round_, kind, pairs, change.today, years)
        run.exclusions = {**(run.exclusions or {}), "terms": terms}
        service.keep_result(change, job.record_id, _plain(document), {t: list(n) for t, n in waiting.items()}, figures)

    _change(house, job, keep)


def _begin(house: Any, job: Job) -> tuple[dict[str, Any], str, str]:
    """Find the conflicts of today, build the instance, keep both: one transaction, before anything is computed."""

    def begin(change: Change) -> tuple[dict[str, Any], str, str]:
        run = service.get_run(change.session, job.record_id)
        round_ = change.session.get_one(Round, run.round_id)
        tasks = round_tasks(change.session, round_.id, run.kind)
        facts = gather(change.session, tasks)
        detect(change.session, tasks, change, facts)
        suspended = suspend_hard(change, tasks)
        blocked = blocked_pairs(change.session, [task.id for task in tasks])
        instance, exclusions = build_instance(change.session, round_, run.kind, facts, blocked, change.today)
        instance = _plain(instance)
        service.keep_instance(change, run.id, instance, exclusions, suspended)
        return instance, round_.id, run.kind

    return _change(house, job, begin)


def _reserve_count(house: Any, round_id: str, kind: str) -> int:
    with house.database.read() as session:
        return max((task.reserves for task in round_tasks(session, round_id, kind)), default=0)


def _change(house: Any, job: Job, work: Any) -> Any:
    """One service call as the system, for the person who asked."""

    def apply(session: Any) -> Any:
        change = Change(session, system_actor(job.requested_by), house.now(), house.tools, new_id())
        answer = work(change)
        change.close()
        return answer

    return house.database.apply(apply)


def _plain(document: Any) -> Any:
    """The document as JSON gives it back: lists for tuples, text for keys."""
    return json.loads(json.dumps(document, ensure_ascii=False, default=str))
