"""The application on a fresh database of either engine, and clients that have signed in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf

from evalhub.app import House, create_app
from evalhub.config import read_settings
from evalhub.domain.permissions import Role
from evalhub.infra import clock, passwords
from evalhub.models.accounts import Account
from tests.builders import NOW, make_account


@pytest.fixture(autouse=True)
def _steady() -> Iterator[None]:
    """Hashing is cheap and the clock stands still."""
    passwords.use_light_hashing()
    with clock.held_at(NOW):
        yield


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    settings = read_settings(
        {
            "EVALHUB_MODE": "test",
            "EVALHUB_INSTANCE": str(tmp_path),
            "EVALHUB_DATABASE_URL": database_url,
            "EVALHUB_BUREAU": "示例高新区财政局",
        }
    )
    app = create_app(settings)
    yield app
    app.extensions["evalhub"].close()


@pytest.fixture
def house(app: Flask) -> House:
    return app.extensions["evalhub"]


class Browser:
    """A client that fills in what every form of ours carries."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.keys = 0

    def sign_in(self, account: Account) -> "Browser":
        """Begin a session for the account without going through the form."""
        with self.client.session_transaction() as session:
            session["_user_id"] = f"{account.id}:{account.epoch}"
            session["began"] = session["seen"] = int(NOW.timestamp())
            session["language"] = "en"
        return self

    def get(self, path: str, **options):
        return self.client.get(path, **options)

    def post(self, path: str, fields: dict | None = None, *, key: str | None = None, **options):
        """Post a form with its token and a fresh idempotency key, or the given one."""
        self.keys += 1
        body = {"csrf_token": self.token(), "idempotency_key": key or f"key-{self.keys}", **(fields or {})}
        return self.client.post(path, data=body, **options)

    def token(self) -> str:
        with self.client.session_transaction() as session:
            kept = dict(session)
        with self.app.test_request_context():
            from flask import session as flask_session

            flask_session.update(kept)
            token = generate_csrf()
            kept = dict(flask_session)
        with self.client.session_transaction() as session:
            session.update(kept)
        return token


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """A client that nobody has signed in."""
    return Browser(app)


@pytest.fixture
def signed_in(app: Flask, house: House) -> Callable[..., Browser]:
    """`signed_in(Role.OFFICER)`: a client signed in as a new account of these roles; `.account` is its row."""

    def begin(*roles: Role, **changes) -> Browser:
        with house.database.write() as session:
            account = make_account(session, *roles, **changes)
        browser = Browser(app).sign_in(account)
        browser.account = account
        return browser

    return begin
