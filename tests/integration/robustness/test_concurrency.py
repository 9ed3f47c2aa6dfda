"""Many at once, servers killed, forms sent twice: what was acknowledged is there, and it is there once."""

import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest
from sqlalchemy import func, select, text

from evalhub.domain.permissions import Role
from evalhub.models.journal import IdempotencyKey, JournalEntry
from evalhub.models.organisations import Organisation
from tests.integration.conftest import Browser

SUBMISSIONS = 200
KILLED_AFTER = (30, 80, 130)
BODY = {"kind": "other"}


def names(house) -> Counter:
    with house.database.read() as session:
        return Counter(session.scalars(select(Organisation.name).where(Organisation.name.like("单位%"))))


def count(house, model) -> int:
    with house.database.read() as session:
        return session.scalar(select(func.count()).select_from(model))


@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)  # the server dies here, not the database engine
def test_server_killed_during_submissions_loses_and_doubles_none(house, server, caller):
    """Nothing unique stands on an organisation's name: only the key keeps a form sent again from a second row."""
    officer = caller(Role.OFFICER)
    todo = list(range(SUBMISSIONS))
    acknowledged: list[tuple[str, str]] = []
    lock, done = threading.Lock(), threading.Event()

    def submit() -> None:
        while True:
            with lock:
                if not todo:
                    return
                number = todo.pop()
            name = f"单位{number}"
            status, place = officer.post_until_answered("/organisations/new", {**BODY, "name": name}, f"k-{number}")
            assert status == 303, (status, place)
            with lock:
                acknowledged.append((name, place))

    def kill() -> int:
        kills = 0
        for level in KILLED_AFTER:
            while len(acknowledged) < level and not done.wait(0.005):
                pass
            if not done.is_set():
                server.kill()
                server.start()
                kills += 1
        return kills

    with ThreadPoolExecutor(9) as pool:
        killer = pool.submit(kill)
        clients = [pool.submit(submit) for _ in range(8)]
        try:
            for client in clients:
                client.result()
        finally:
            done.set()
        kills = killer.result()

    assert kills == len(KILLED_AFTER)
    assert sorted(name for name, _ in acknowledged) == sorted(f"单位{number}" for number in range(SUBMISSIONS))
    assert names(house) == Counter(name for name, _ in acknowledged)
    assert len({place for _, place in acknowledged}) == SUBMISSIONS
    assert (count(house, IdempotencyKey), count(house, JournalEntry)) == (SUBMISSIONS, SUBMISSIONS)
    with house.database.read() as session:
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"


def in_parallel(calls) -> list:
    """Run the calls at the same moment, each in a thread that sees the clock held by the test."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [found.result() for found in [pool.submit(copy_context().run, run, call) for call in calls]]


def test_form_sent_fifty_times_at_once_is_one_row_and_one_answer(app, house, signed_in):
    account = signed_in(Role.OFFICER).account
    first = Browser(app).sign_in(account)
    token = first.token()
    with first.client.session_transaction() as session:
        kept = dict(session)

    def send() -> tuple[int, str]:
        client = app.test_client()
        with client.session_transaction() as session:
            session.update(kept)
        fields = {**BODY, "name": "单位 once", "csrf_token": token, "idempotency_key": "the-same"}
        answer = client.post("/organisations/new", data=fields)
        return answer.status_code, answer.location

    answers = in_parallel([send] * 50)

    assert {status for status, _ in answers} == {303}
    assert len({place for _, place in answers}) == 1
    assert names(house) == Counter({"单位 once": 1})
    assert count(house, JournalEntry) == 1


def test_two_editors_of_one_record_the_second_is_told_and_overwrites_nothing(signed_in, house):
    browser = signed_in(Role.OFFICER)
    place = browser.post("/organisations/new", {**BODY, "name": "单位 A"}).location + "/edit"
    version = re.search(r'name="version" value="(\d+)"', browser.get(place).text)[1]

    answers = [
        browser.post(place, {**BODY, "name": name, "version": version}) for name in ("单位 first", "单位 second")
    ]

    assert [answer.status_code for answer in answers] == [303, 409]
    assert names(house) == Counter({"单位 first": 1})
    assert "单位 second" in answers[1].text
    assert "单位 first" in answers[1].text


@pytest.mark.parametrize("engine_kind", ["postgresql"], indirect=True)  # SQLite lets one writer in after the other
def test_sixteen_clients_lose_no_post_to_retries(app, house, signed_in):
    account = signed_in(Role.OFFICER).account

    def submit_hundred(client_number: int) -> list[int]:
        browser = Browser(app).sign_in(account)
        token = browser.token()
        fields = {**BODY, "csrf_token": token}
        return [
            browser.client.post(
                "/organisations/new",
                data={**fields, "name": f"单位{client_number}-{n}", "idempotency_key": f"{client_number}-{n}"},
            ).status_code
            for n in range(100)
        ]

    answers = in_parallel([lambda number=number: submit_hundred(number) for number in range(16)])

    assert Counter(status for each in answers for status in each) == Counter({303: 1600})
    assert len(names(house)) == 1600
    assert count(house, JournalEntry) == 1600
