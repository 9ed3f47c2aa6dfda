"""The worker's loop: jobs as they come, seals every second, mail from the outbox, and what time alone brings about."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from evalhub.models.journal import Job
from evalhub.services.sealing import seal_entries
from evalhub.work.registry import CLOCKWORK, RUNNERS

log = logging.getLogger(__name__)
SEAL_EVERY_SECONDS = 0.5
SWEEP_EVERY_SECONDS = 2
CLOCKWORK_EVERY_SECONDS = 15
STALE_AFTER = timedelta(seconds=60)
ATTEMPTS = 3


def claim(house: Any, job_id: str) -> Job | None:
    """Take a queued or abandoned job; None where another worker has it or it is over."""
    with house.database.write() as session:
        job = session.get(Job, job_id)
        if job is None or not _may_run(job, house.now()):
            return None
        job.state = "running"
        job.attempts += 1
        job.started_at = job.heartbeat_at = house.now()
        session.flush()
        session.expunge(job)
        return job


def _may_run(job: Job, now: Any) -> bool:
    if job.state == "queued":
        return True
    return job.state == "running" and job.heartbeat_at is not None and now - job.heartbeat_at > STALE_AFTER


def run_job(house: Any, job_id: str) -> None:
    """Run one job to its end; a fault is kept on the row and tried again up to three times."""
    job = claim(house, job_id)
    if job is None:
        return
    try:
        RUNNERS[job.kind](house, job)
    except Exception as fault:
        log.exception("job %s of kind %s", job.id, job.kind)
        _finish(house, job.id, "queued" if job.attempts < ATTEMPTS else "failed", type(fault).__name__)
    else:
        _finish(house, job.id, "done", None)


def _finish(house: Any, job_id: str, state: str, error: str | None) -> None:
    with house.database.write() as session:
        job = session.get_one(Job, job_id)
        if job.state == "running":
            job.state = "cancelled" if job.cancel_requested and state == "done" else state
            job.finished_at = house.now()
            job.error = error


def find_due(house: Any) -> list[str]:
    """Jobs that wait, or whose worker has gone silent."""
    with house.database.read() as session:
        jobs = session.scalars(select(Job).where(Job.state.in_(("queued", "running"))))
        return [job.id for job in jobs if _may_run(job, house.now())]


def every(seconds: float, step: Callable[[], Any], stop: threading.Event) -> threading.Thread:
    """Run `step` again and again in a thread of its own until `stop` is set; a fault is logged and the loop goes on."""

    def loop() -> None:
        while not stop.is_set():
            began = time.monotonic()
            try:
                step()
            except Exception:
                log.exception("%s", getattr(step, "__name__", step))
            stop.wait(max(0.0, seconds - (time.monotonic() - began)))

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    return thread


def seal(house: Any) -> None:
    """Seal what was committed since the last time."""
    with house.database.sealing() as session:
        seal_entries(session, house.now())


def start_worker(house: Any, stop: threading.Event) -> Callable[[], None]:
    """Start all background loops; returns the call that waits for them to end after `stop` is set."""
    loops = [
        every(SEAL_EVERY_SECONDS, partial(seal, house), stop),
        every(SWEEP_EVERY_SECONDS, partial(sweep, house), stop),
    ]
    loops += [every(CLOCKWORK_EVERY_SECONDS, partial(step, house), stop) for step in CLOCKWORK.values()]

    def finish() -> None:
        for loop in loops:
            loop.join(timeout=10)

    return finish


def sweep(house: Any) -> None:
    """Run what is due, one job after another."""
    for job_id in find_due(house):
        run_job(house, job_id)
