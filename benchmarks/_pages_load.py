"""Clients on this machine: one connection each, one request after the other, each timed to its last byte."""

import http.client
import json
import re
import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask import session as flask_session
from flask_wtf.csrf import generate_csrf

TURN = 5
"""Calls of one client before the next work has its turn."""

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Client:
    """One signed-in person (or nobody) on one connection."""

    def __init__(self, port: int, app: Flask, user: str | None = None) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers: dict[str, str] = {"Host": f"127.0.0.1:{port}"}
        if user:
            now = int(datetime.now(UTC).timestamp())
            kept: dict[str, Any] = {"_user_id": user, "began": now, "seen": now, "language": "zh"}
            with app.test_request_context():
                flask_session.update(kept)
                self.headers["X-CSRF-Token"] = generate_csrf()
                kept = dict(flask_session)
            serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
            self.headers["Cookie"] = f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(kept)}"

    def get(self, path: str) -> bytes:
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: dict[str, Any]) -> bytes:
        return self._ask("POST", path, urlencode(fields), {**FORM, "Accept": "application/json"})

    def _ask(self, method: str, path: str, body: str | None, more: dict[str, str]) -> bytes:
        self.connection.request(method, path, body, {**self.headers, **more})
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return content


class SheetSaver:
    """Saves one sheet again and again, as the page's autosave does."""

    FIELD = re.compile(r'name="((?:points|reason|document|page|quote)\.[^"]+)"')

    def __init__(self, client: Client, sheet_id: str) -> None:
        self.client, self.path = client, f"/sheets/{sheet_id}"
        page = client.get(self.path).decode()
        self.version = int(re.search(r'name="version" value="(\d+)"', page)[1])  # type: ignore[index]
        self.key = re.search(r'name="idempotency_key" value="([^"]+)"', page)[1]  # type: ignore[index]
        names = sorted({unescape(name) for name in self.FIELD.findall(page) if name.startswith("points.")})
        self.fields = dict.fromkeys(names, "1")
        self.number = 0

    def save(self) -> None:
        self.number += 1
        first = next(iter(self.fields))
        self.fields[first] = str(self.number % 2)
        fields = {**self.fields, "version": self.version, "idempotency_key": self.key}
        answer = json.loads(self.client.post(f"{self.path}/save", fields))
        self.version, self.key = answer["version"], answer["idempotency_key"]


def in_turns(works: dict[str, list[Callable[[], Any]]], rounds: int) -> dict[str, tuple[float, float]]:
    """p50 and p95 of each of several works, in milliseconds.

    They take turns, a few calls each, so that whatever else this machine does weighs on all of them alike. A work is
    a list of calls, one for each client; clients of one work run together, different works never.
    """
    taken: dict[str, list[float]] = {name: [] for name in works}
    for calls in works.values():
        _together(calls, 1)  # warm
    for _ in range(max(1, rounds // TURN)):
        for name, calls in works.items():
            taken[name] += _together(calls, TURN)
    return {name: p50_p95(each) for name, each in taken.items()}


def _together(calls: list[Callable[[], Any]], rounds: int) -> list[float]:
    """Milliseconds of every call: one thread for each client, all beginning together, `rounds` calls each."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> list[float]:
        barrier.wait()
        own = []
        for _ in range(rounds):
            began = time.perf_counter()
            call()
            own.append((time.perf_counter() - began) * 1000)
        return own

    with ThreadPoolExecutor(len(calls)) as pool:
        return [figure for own in pool.map(run, calls) for figure in own]


def p50_p95(taken: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(taken, n=20)
    return statistics.median(taken), cuts[18]
