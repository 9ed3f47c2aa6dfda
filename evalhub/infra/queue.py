"""Wakes background work: a queue that carries job ids, nothing else, and the threads that take them.

The jobs table is the truth; the queue is a bell. A message may be lost with its worker (huey hands each out at most
once) or come twice: whoever runs a job claims its row first, and every two seconds the rows that are due are asked for
again. SQLite installations keep the queue in a file of its own; PostgreSQL ones in tables beside the others.
"""

import hmac
import json
import logging
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from huey import PostgresHuey, SqliteHuey
from huey.api import Huey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer

from evalhub.infra.aead import purpose_key

log = logging.getLogger(__name__)
TABLES = ("huey_counter", "huey_kv", "huey_schedule", "huey_task")
"""Tables that the queue makes for itself on PostgreSQL; migrations leave them alone."""

_TASK = "run_job"
_SIGNATURE_BYTES = 32


class ForgedMessage(Exception):
    """A message in the queue was not written by this installation."""


class Queue:
    """The bell of one installation. Made by `open_queue`; threads may share it."""

    def __init__(self, huey: Huey) -> None:
        self._huey = huey
        self._run: Callable[[str], None] = _nobody_runs
        self._task = huey.task(name=_TASK)(self._take)

    def enqueue(self, job_id: str) -> None:
        """Ring for one committed job. Call it after the commit, never within the transaction."""
        self._task(job_id)

    def count_waiting(self) -> int:
        """Messages not yet taken."""
        return int(self._huey.pending_count())

    def consume(self, run_job: Callable[[str], None], *, threads: int) -> Consumer:
        """A consumer, not yet started, that hands each id to `run_job`."""
        self._run = run_job
        return _ThreadConsumer(self._huey, workers=threads, max_delay=0.5, periodic=False, shutdown_timeout=30)

    def close(self) -> None:
        """Close the connection; after the worker has stopped."""
        self._huey.storage.close()

    def _take(self, job_id: str) -> None:
        try:
            self._run(job_id)
        except Exception:
            # the row says what went wrong, or will be due again; the queue has nothing to keep
            log.exception("job %s", job_id)


class Worker:
    """Running threads of a consumer and its sweeper."""

    def __init__(self, consumer: Consumer, sweeper: threading.Thread, stopping: threading.Event) -> None:
        self._consumer = consumer
        self._sweeper = sweeper
        self._stopping = stopping

    def stop(self) -> None:
        """Take no further job and wait, at most 30 seconds, for those under way."""
        self._stopping.set()
        self._sweeper.join()
        self._consumer.stop(graceful=True)


def open_queue(database_url: str, sqlite_path: Path, key: bytes) -> Queue:
    """The queue that belongs to a database.

    Args:
        database_url: of the application; PostgreSQL keeps the queue in the same database.
        sqlite_path: the queue's own file, used with SQLite.
        key: the installation's secret; messages are signed by one derived from it.
    """
    serializer = SignedIds(purpose_key(key, "queue"))
    common: dict[str, Any] = {"name": "evalhub", "results": False, "serializer": serializer}
    if database_url.startswith("postgresql"):
        _, _, address = database_url.partition("://")
        # asking twice a second is enough for a bell; waiting on notices would hold a connection for every thread
        return Queue(PostgresHuey(dsn=f"postgresql://{address}", blocking=False, **common))
    sqlite_path.touch(mode=0o600)
    # journal_mode: the SQLite of the system's Python can damage a database in WAL mode
    return Queue(SqliteHuey(filename=str(sqlite_path), journal_mode="delete", timeout=30, **common))


def start_consumer(
    queue: Queue,
    run_job: Callable[[str], None],
    find_due: Callable[[], Iterable[str]],
    *,
    threads: int = 2,
    sweep_seconds: float = 2.0,
) -> Worker:
    """Start taking jobs in threads of this process.

    Args:
        run_job: claims the job's row and runs it; called in a worker's thread, never twice at once for one id here.
        find_due: ids of rows that wait although nobody may have rung for them.
    """
    rounds = _Rounds(queue, run_job, find_due)
    consumer = queue.consume(rounds.run, threads=threads)
    consumer.start()
    stopping = threading.Event()
    sweeper = threading.Thread(target=rounds.sweep, args=(stopping, sweep_seconds), name="sweeper", daemon=True)
    sweeper.start()
    return Worker(consumer, sweeper, stopping)


class SignedIds(Serializer):
    """Messages as signed JSON. Huey's own form is pickle, which runs what whoever reaches the queue writes into it."""

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self._key = key

    def _serialize(self, message: Any) -> bytes:
        if not isinstance(message, Message):
            raise TypeError("the queue carries messages only")
        body = json.dumps([message.id, message.name, list(message.args)]).encode()
        return hmac.digest(self._key, body, "sha256") + body

    def _deserialize(self, sealed: bytes) -> Message:
        signature, body = bytes(sealed[:_SIGNATURE_BYTES]), bytes(sealed[_SIGNATURE_BYTES:])
        if not hmac.compare_digest(signature, hmac.digest(self._key, body, "sha256")):
            raise ForgedMessage
        message_id, name, arguments = json.loads(body)
        return Message(message_id, name, retries=0, retry_delay=0, args=tuple(arguments), kwargs={})


class _ThreadConsumer(Consumer):
    """A consumer that leaves the process's signals alone: it may run beside the web server."""

    def _set_signal_handlers(self) -> None:
        pass


class _Rounds:
    """Sweeps for due jobs, and keeps one id from being taken twice at once in this process."""

    def __init__(self, queue: Queue, run_job: Callable[[str], None], find_due: Callable[[], Iterable[str]]) -> None:
        self._queue = queue
        self._run_job = run_job
        self._find_due = find_due
        self._running: set[str] = set()
        self._rung: set[str] = set()
        self._lock = threading.Lock()

    def run(self, job_id: str) -> None:
        with self._lock:
            self._rung.discard(job_id)
            if job_id in self._running:
                return
            self._running.add(job_id)
        try:
            self._run_job(job_id)
        finally:
            with self._lock:
                self._running.discard(job_id)

    def sweep(self, stopping: threading.Event, seconds: float) -> None:
        while not stopping.is_set():
            try:
                self._ring(self._find_due())
            except Exception:
                log.exception(
                    "looking for due jobs"
                )  # the database may be away for a while; the next round tries again
            stopping.wait(seconds)

    def _ring(self, due: Iterable[str]) -> None:
        """Ring for due jobs that are neither running here nor waiting in the queue since the last rounds."""
        due = set(due)
        with self._lock:
            if self._queue.count_waiting() == 0:
                self._rung.clear()  # what was rung for is taken or lost: either way it may be rung for again
            fresh = sorted(due - self._running - self._rung)
            self._rung |= set(fresh)
        for job_id in fresh:
            self._queue.enqueue(job_id)


def _nobody_runs(job_id: str) -> None:
    raise RuntimeError(f"job {job_id} was taken by a process that runs no jobs")
