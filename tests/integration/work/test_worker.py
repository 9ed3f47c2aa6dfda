"""Jobs are run at least once by whoever has claimed their row, and woken by a queue that may lose them."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from evalhub.infra import clock
from evalhub.models.journal import Job, JournalEntry, JournalSeal
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.work import registry, worker
from tests.builders import NOW, add, make_account

KIND = "counting"


@pytest.fixture
def runs(monkeypatch):
    """A kind of job that only counts; `runs.fault` makes it fail."""

    class Runs(list):
        fault = None
        during = staticmethod(lambda job: None)

    seen = Runs()

    def run(_house, job):
        seen.append((job.id, job.attempts))
        seen.during(job)
        if seen.fault:
            raise seen.fault

    monkeypatch.setitem(registry.RUNNERS, KIND, run)
    return seen


def make_job(house, **changes) -> str:
    values = {"kind": KIND, "record_id": "r", "requested_by": "a", "created_at": NOW}
    with house.database.write() as session:
        return add(session, Job(**(values | changes))).id


def read_job(house, job_id: str) -> Job:
    with house.database.read() as session:
        return session.get_one(Job, job_id)


def wait_until(holds) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline, "waited for 10 seconds"
        time.sleep(0.02)


def test_queued_job_is_run_once_and_is_done(house, runs):
    job_id = make_job(house)

    worker.run_job(house, job_id)
    worker.run_job(house, job_id)

    job = read_job(house, job_id)
    assert runs == [(job_id, 1)]
    assert (job.state, job.attempts, job.finished_at) == ("done", 1, NOW)


def test_failing_job_is_tried_three_times_and_then_failed(house, runs):
    runs.fault = ValueError("x")
    job_id = make_job(house)

    for _ in range(5):
        worker.run_job(house, job_id)

    job = read_job(house, job_id)
    assert [attempt for _, attempt in runs] == [1, 2, 3]
    assert (job.state, job.error) == ("failed", "ValueError")


def test_job_of_a_silent_worker_is_due_again_and_its_first_attempt_ends_nothing(house, runs):
    job_id = make_job(house)
    first = worker.claim(house, job_id)
    with clock.held_at(NOW + timedelta(seconds=59)):
        assert worker.find_due(house) == []
    with clock.held_at(NOW + timedelta(seconds=61)):
        assert worker.find_due(house) == [job_id]
        second = worker.claim(house, job_id)
        worker._finish(house, first, "failed", "late")
        assert read_job(house, job_id).state == "running"
        worker._finish(house, second, "done", None)

    assert (read_job(house, job_id).state, second.attempts) == ("done", 2)


def test_job_that_kills_its_worker_every_time_is_given_up_and_its_record_told(house, runs, monkeypatch):
    told = []
    monkeypatch.setitem(registry.ABANDONED, KIND, lambda _house, job: told.append(job.record_id))
    job_id = make_job(house)
    for minute in (0, 2, 4):
        with clock.held_at(NOW + timedelta(minutes=minute)):
            assert worker.claim(house, job_id).attempts == 1 + minute // 2

    with clock.held_at(NOW + timedelta(minutes=6)):
        worker.run_job(house, job_id)

    job = read_job(house, job_id)
    assert (job.state, job.error, told, runs) == ("failed", "worker_lost", ["r"], [])


def test_heartbeat_is_kept_while_a_job_runs(house, runs, monkeypatch):
    monkeypatch.setattr(worker, "HEARTBEAT_SECONDS", 0.01)
    beats = set()

    def during(job):
        def has_beaten_thrice() -> bool:
            beats.add(read_job(house, job.id).heartbeat_at)
            return len(beats) >= 3

        wait_until(has_beaten_thrice)

    runs.during = during
    job_id = make_job(house)
    worker.run_job(house, job_id)

    assert len(beats) == 3
    assert read_job(house, job_id).state == "done"


def test_asked_to_cancel_a_job_ends_as_cancelled(house, runs):
    job_id = make_job(house, cancel_requested=True)

    worker.run_job(house, job_id)

    assert read_job(house, job_id).state == "cancelled"


@pytest.fixture
def working(house, monkeypatch):
    """Start the whole worker; it is ended after the test."""
    ends = []

    def start():
        stop = threading.Event()
        finish = worker.start_worker(house, stop)
        ends.append(lambda: (stop.set(), finish()))
        return ends[-1]

    yield start
    for end in ends[:1]:
        end()


def test_woken_job_runs_before_the_sweeper_comes_round(house, runs, working, monkeypatch):
    monkeypatch.setattr(worker, "SWEEP_EVERY_SECONDS", 60)
    working()
    wait_until(lambda: house.queue.count_waiting() == 0)
    time.sleep(0.2)
    job_id = make_job(house)

    house.wake([job_id])

    wait_until(lambda: read_job(house, job_id).state == "done")
    assert runs == [(job_id, 1)]


def test_job_nobody_rang_for_is_found_and_entries_are_sealed(house, runs, working):
    job_id = make_job(house)
    with house.database.write() as session:
        account = make_account(session)
        change = Change(session, _actor(account), NOW, house.tools)
        journal.record(change, "x.done", "x", "1", "one")

    working()

    wait_until(lambda: read_job(house, job_id).state == "done")
    wait_until(lambda: _count(house, JournalSeal) == 1)
    assert _count(house, JournalEntry) == 1


def test_wake_without_a_queue_harms_no_request(house, monkeypatch):
    class Away:
        def enqueue(self, job_id):
            raise ConnectionError(job_id)

        def close(self):
            pass

    house.__dict__["queue"] = Away()

    house.wake(["some-job"])


def _actor(account):
    from evalhub.domain.permissions import Actor

    return Actor(account.id, account.display_name, frozenset())


def _count(house, model) -> int:
    with house.database.read() as session:
        return len(session.scalars(select(model)).all())
