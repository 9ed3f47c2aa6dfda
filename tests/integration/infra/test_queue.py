"""The queue on both engines: every due job runs, none twice at once, and nobody else can put one in."""

import pickle
import sqlite3
import threading
import time
from collections.abc import Callable

import pytest
from huey.registry import Message

from evalhub.infra.queue import ForgedMessage, SignedIds, open_queue, start_consumer
from tests.unit.infra.keys import fixed_key

KEY = fixed_key("queue")


@pytest.fixture
def queue(database_url, tmp_path):
    opened = open_queue(database_url, tmp_path / "queue.sqlite", KEY)
    yield opened
    opened.close()


class Jobs:
    """A jobs table in memory: rows are due until they have run; who runs a job claims its row first."""

    def __init__(self, *due: str, seconds: float = 0.0):
        self.due, self.seconds = set(due), seconds
        self.ran: list[str] = []
        self.most_at_once = 0
        self._under_way: list[str] = []
        self._lock = threading.Lock()

    def run(self, job_id: str) -> None:
        with self._lock:
            self._under_way.append(job_id)
            self.most_at_once = max(self.most_at_once, self._under_way.count(job_id))
            is_claimed = job_id in self.ran
            if not is_claimed:
                self.ran.append(job_id)
        time.sleep(0 if is_claimed else self.seconds)
        with self._lock:
            self._under_way.remove(job_id)
            self.due.discard(job_id)

    def find_due(self) -> list[str]:
        with self._lock:
            return list(self.due)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline, "waited for 10 seconds"
        time.sleep(0.02)


@pytest.fixture
def working():
    """Start workers that are stopped after the test."""
    started = []

    def start(*arguments, **options):
        started.append(start_consumer(*arguments, **options))
        return started[-1]

    yield start
    for worker in started:
        worker.stop()


def test_enqueued_jobs_run_once_each(queue, working):
    jobs = Jobs()
    for number in range(20):
        queue.enqueue(f"job{number}")
    assert queue.count_waiting() == 20
    working(queue, jobs.run, list)

    wait_until(lambda: len(jobs.ran) == 20)
    assert sorted(jobs.ran) == sorted(f"job{number}" for number in range(20))
    assert queue.count_waiting() == 0


def test_due_job_nobody_rang_for_is_found(queue, working):
    jobs = Jobs("forgotten")
    working(queue, jobs.run, jobs.find_due, sweep_seconds=0.05)

    wait_until(lambda: jobs.ran == ["forgotten"])


def test_job_is_never_run_twice_at_once(queue, working):
    jobs = Jobs("slow", seconds=0.6)
    for _ in range(5):
        queue.enqueue("slow")
    working(queue, jobs.run, jobs.find_due, threads=4, sweep_seconds=0.05)

    wait_until(lambda: not jobs.due and queue.count_waiting() == 0)
    assert jobs.most_at_once == 1


def test_failing_job_stops_neither_workers_nor_the_next(queue, working):
    ran = []

    def run(job_id: str) -> None:
        ran.append(job_id)
        if job_id == "bad":
            raise ValueError(job_id)

    for job_id in ("bad", "bad", "good"):
        queue.enqueue(job_id)
    working(queue, run, list, threads=1)

    wait_until(lambda: ran == ["bad", "bad", "good"])


def test_sweeper_outlives_a_database_that_is_away(queue, working):
    jobs, calls = Jobs("late"), []

    def find_due():
        calls.append(1)
        if len(calls) < 3:
            raise ConnectionError
        return jobs.find_due()

    working(queue, jobs.run, find_due, sweep_seconds=0.05)

    wait_until(lambda: jobs.ran == ["late"])


def test_stop_waits_for_the_job_under_way(queue, working):
    jobs = Jobs("slow", seconds=0.5)
    worker = working(queue, jobs.run, jobs.find_due, sweep_seconds=0.05)
    wait_until(lambda: jobs.most_at_once == 1)
    worker.stop()

    assert jobs.due == set()


def test_job_lost_with_its_worker_runs_with_the_next(queue, working):
    jobs = Jobs("lost")
    queue.enqueue("lost")
    queue._huey.dequeue()  # taken by a process that was killed then
    working(queue, jobs.run, jobs.find_due, sweep_seconds=0.05)

    wait_until(lambda: jobs.ran == ["lost"])


def test_queue_file_is_private_and_holds_ids_alone(tmp_path):
    path = tmp_path / "queue.sqlite"
    open_queue("sqlite:///x", path, KEY).enqueue("0195c1")
    with sqlite3.connect(path) as connection:
        (content,) = connection.execute("select data from task").fetchone()
        mode = connection.execute("pragma journal_mode").fetchone()[0]
    connection.close()

    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert b"0195c1" in content
    assert len(content) < 200
    assert mode == "delete"


class Bomb:
    def __reduce__(self):
        return (exec, ("raise SystemExit",))


@pytest.mark.parametrize(
    "sealed",
    [b"", b"x" * 100, pickle.dumps(Bomb()), SignedIds(fixed_key("other"))._serialize(Message("1", "n", args=("a",)))],
)
def test_message_of_anybody_else_is_refused(sealed):
    with pytest.raises(ForgedMessage):
        SignedIds(KEY).deserialize(sealed)


def test_message_goes_out_and_comes_back():
    serializer = SignedIds(KEY)
    message = serializer.deserialize(serializer.serialize(Message("1", "run_job", args=("0195c1",))))

    assert (message.id, message.name, message.args, message.kwargs) == ("1", "run_job", ("0195c1",), {})
    with pytest.raises(TypeError):
        serializer.serialize({"anything": "else"})
