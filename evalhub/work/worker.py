"""The worker: jobs as they come, seals twice a second, mail from the outbox, and what time alone brings about.

The jobs table is the truth and the queue only a bell. Whoever runs a job claims its row, keeps its heartbeat while it
runs and ends it; a row whose heart has stopped is claimed anew, so a job may run twice and its runner must bear that.
The number of the attempt is the fence: a worker that was taken for dead ends nothing that another one has begun.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.infra.mail import open_mailer
from evalhub.infra.queue import start_consumer
from evalhub.models.journal import Job
from evalhub.services.sealing import seal_entries
from evalhub.work.mail import deliver_waiting
from evalhub.work.registry import ABANDONED, CLOCKWORK, RUNNERS

log = logging.getLogger(__name__)
SEAL_EVERY_SECONDS = 0.5
SWEEP_EVERY_SECONDS = 2
MAIL_EVERY_SECONDS = 5
CLOCKWORK_EVERY_SECONDS = 15
HEARTBEAT_SECONDS = 10
STALE_AFTER = timedelta(seconds=60)
ATTEMPTS = 3
JOBS_AT_ONCE = 2


def claim(house: Any, job_id: str) -> Job | None:
    """Take a queued or silent job; None where another worker has it, it is over, or it was lost too often."""
    job: Job | None = house.database.apply(partial(_claim, job_id, house.now()))
    if job is not None and job.state == "failed":
        ABANDONED.get(job.kind, _leave)(house, job)
        return None
    return job


def _claim(job_id: str, now: datetime, session: Session) -> Job | None:
    job = session.get(Job, job_id)
    if job is None or not _may_run(job, now):
        return None
    if job.attempts >= ATTEMPTS:
        job.state, job.error, job.finished_at = "failed", "worker_lost", now
    else:
        job.state, job.attempts = "running", job.attempts + 1
        job.started_at = job.heartbeat_at = now
    session.flush()
    session.expunge(job)
    return job


def _leave(_house: Any, _job: Job) -> None:
    """A kind of job without a record of its own to be told."""


def _may_run(job: Job, now: datetime) -> bool:
    if job.state == "queued":
        return True
    return job.state == "running" and job.heartbeat_at is not None and now - job.heartbeat_at > STALE_AFTER


def run_job(house: Any, job_id: str) -> None:
    """Run one job to its end; a fault is kept on the row and tried again up to three times."""
    job = claim(house, job_id)
    if job is None:
        return
    try:
        with _heartbeat(house, job):
            RUNNERS[job.kind](house, job)
    except Exception as fault:
        log.exception("job %s of kind %s", job.id, job.kind)
        _finish(house, job, "queued" if job.attempts < ATTEMPTS else "failed", type(fault).__name__)
    else:
        _finish(house, job, "done", None)


@contextmanager
def _heartbeat(house: Any, job: Job) -> Iterator[None]:
    """Keep the row's heartbeat while the block runs, whatever the runner does."""
    over = threading.Event()
    beating = every(HEARTBEAT_SECONDS, partial(_change_own, house, job, _beat), over)
    try:
        yield
    finally:
        over.set()
        beating.join()


def _beat(job: Job, now: datetime) -> None:
    job.heartbeat_at = now


def _finish(house: Any, job: Job, state: str, error: str | None) -> None:
    def finish(own: Job, now: datetime) -> None:
        own.state = "cancelled" if own.cancel_requested and state == "done" else state
        own.finished_at = None if state == "queued" else now
        own.error = error

    _change_own(house, job, finish)


def _change_own(house: Any, job: Job, change: Callable[[Job, datetime], None]) -> None:
    """Change the row of a job that is still this attempt's."""

    def apply(session: Session) -> None:
        own = session.get_one(Job, job.id)
        if own.state == "running" and own.attempts == job.attempts:
            change(own, house.now())

    house.database.apply(apply)


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
                log.exception("%s", step)
            stop.wait(max(0.0, seconds - (time.monotonic() - began)))

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    return thread


def seal(house: Any) -> None:
    """Seal what was committed since the last time."""
    with house.database.sealing() as session:
        seal_entries(session, house.now())


def start_worker(house: Any, stop: threading.Event) -> Callable[[], None]:
    """Start jobs and all background loops; returns the call that ends them after `stop` is set.

    Jobs under way are waited for at most 30 seconds; what then still runs is left to the next worker.
    """
    settings = house.settings
    mailer = open_mailer(settings.smtp_url, settings.outbox_folder, settings.mail_from)
    consumer = start_consumer(
        house.queue,
        partial(run_job, house),
        partial(find_due, house),
        threads=JOBS_AT_ONCE,
        sweep_seconds=SWEEP_EVERY_SECONDS,
    )
    loops = [
        every(SEAL_EVERY_SECONDS, partial(seal, house), stop),
        every(MAIL_EVERY_SECONDS, partial(deliver_waiting, house, mailer), stop),
    ]
    loops += [every(CLOCKWORK_EVERY_SECONDS, partial(step, house), stop) for step in CLOCKWORK.values()]

    def finish() -> None:
        for loop in loops:
            loop.join(timeout=10)
        consumer.stop()
        seal(house)
        house.queue.close()

    return finish
