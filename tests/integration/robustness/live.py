"""A real server process that tests start, kill and start again, and callers that reach it as browsers do."""

import http.client
import os
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask import session as flask_session
from flask_wtf.csrf import generate_csrf

from evalhub.config import Settings
from evalhub.models.accounts import Account


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`evalhub serve` on a port of its own, for the installation that the settings name."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self.port = free_port()
        self.log = log
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "EVALHUB_MODE": settings.mode,
            "EVALHUB_INSTANCE": str(settings.instance),
            "EVALHUB_DATABASE_URL": settings.database_url,
            "EVALHUB_BUREAU": settings.bureau_name,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Server":
        command = [sys.executable, "-m", "evalhub.cli", "serve", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, "the server did not answer within 60 s"
            time.sleep(0.05)
        return self

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/sign-in")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=30)


class Caller:
    """Somebody signed in, with the cookie and the token that his browser would hold."""

    def __init__(self, app: Flask, port: int, account: Account) -> None:
        self.port = port
        now = int(datetime.now(UTC).timestamp())
        kept = {"_user_id": f"{account.id}:{account.epoch}", "began": now, "seen": now, "language": "en"}
        with app.test_request_context():
            flask_session.update(kept)
            self.token = generate_csrf()
            kept = dict(flask_session)
        serializer = app.session_interface.get_signing_serializer(app)
        self.cookie = f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(kept)}"

    def headers(self, **more: str) -> dict[str, str]:
        return {"Cookie": self.cookie, "X-CSRF-Token": self.token, "Host": f"127.0.0.1:{self.port}", **more}

    def get(self, path: str) -> tuple[int, bytes]:
        return self._ask("GET", path, None, self.headers())[::2]

    def post(self, path: str, fields: dict[str, str], key: str, **headers: str) -> tuple[int, str, bytes]:
        """Status, Location and body; raises OSError or HTTPException where no whole answer came."""
        body = urlencode({"idempotency_key": key, **fields})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, body, self.headers(**form, **headers))

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location") or "", answer.read()
        finally:
            connection.close()

    def post_until_answered(self, path: str, fields: dict[str, str], key: str) -> tuple[int, str]:
        """Send the same form with the same key again and again until an answer comes, as a person would."""
        deadline = time.monotonic() + 90
        while True:
            try:
                return self.post(path, fields, key)[:2]
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < deadline
                time.sleep(0.05)
