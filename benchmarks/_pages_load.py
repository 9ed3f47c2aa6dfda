"""Clients on this machine: one connection each, one request after the other, each timed to its last byte."""

import http.client
import json
import re
import statistics
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask import session as flask_session
from flask_wtf.csrf import generate_csrf

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


def timed(works: list[Callable[[], Any]], rounds: int) -> list[float]:
    """Milliseconds of every call: one thread for each work, all beginning together, `rounds` calls each."""
    barrier = threading.Barrier(len(works))
    taken: list[float] = []
    lock = threading.Lock()
    faults: list[BaseException] = []

    def run(work: Callable[[], Any]) -> None:
        own = []
        try:
            work()  # warm
            barrier.wait()
            for _ in range(rounds):
                began = time.perf_counter()
                work()
                own.append((time.perf_counter() - began) * 1000)
        except BaseException as fault:
            faults.append(fault)
            barrier.abort()
        with lock:
            taken.extend(own)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return taken


def p50_p95(taken: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(taken, n=20)
    return statistics.median(taken), cuts[18]
