"""A real server on the test's own database, and somebody signed in there."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from evalhub.app import House
from evalhub.domain.permissions import Role
from tests.builders import make_account
from tests.integration.robustness.live import Caller, Server


@pytest.fixture
def server(house: House, tmp_path) -> Iterator[Server]:
    running = Server(house.settings, tmp_path / "server.log").start()
    yield running
    running.stop()


@pytest.fixture
def caller(app: Flask, house: House, server: Server) -> Callable[..., Caller]:
    """`caller(Role.OFFICER)`: a new account of that role, signed in at the real server."""

    def begin(*roles: Role) -> Caller:
        with house.database.write() as session:
            account = make_account(session, *roles)
        return Caller(app, server.port, account)

    return begin
