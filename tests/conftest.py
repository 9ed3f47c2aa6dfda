"""For all tests: marks by folder, steady chance, and fresh databases on both engines."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient

from evalhub.app import House, create_app
from evalhub.config import Settings, read_settings
from tests.databases import PostgresDatabases, SqliteDatabases, postgres_databases
from tests.scheduling import OneBrowserAtATime

HERE = Path(__file__).parent

hypothesis.settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis.settings.load_profile("steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test is marked by its folder."""
    for item in items:
        item.add_marker(item.path.relative_to(HERE).parts[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneBrowserAtATime:
    return OneBrowserAtATime(config, log)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def postgresql_databases() -> Iterator[PostgresDatabases]:
    with postgres_databases() as databases:
        yield databases


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_kind(request: pytest.FixtureRequest) -> str:
    """Which engine a test runs on: every test that asks for a database runs once on each.

    For one engine alone: `@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)` and the reason.
    """
    return request.param


@pytest.fixture
def databases(engine_kind: str, request: pytest.FixtureRequest) -> SqliteDatabases | PostgresDatabases:
    return request.getfixturevalue(f"{engine_kind}_databases")


@pytest.fixture
def database_url(databases: SqliteDatabases | PostgresDatabases) -> Iterator[str]:
    """The address of a database of this test's own, with all tables and no rows."""
    with databases.fresh(migrated=True) as url:
        yield url


@pytest.fixture
def bare_database_url(databases: SqliteDatabases | PostgresDatabases) -> Iterator[str]:
    """The address of a database of this test's own, with nothing in it."""
    with databases.fresh(migrated=False) as url:
        yield url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation of this test's own."""
    return read_settings(
        {
            "EVALHUB_MODE": "test",
            "EVALHUB_INSTANCE": str(tmp_path / "instance"),
            "EVALHUB_DATABASE_URL": database_url,
            "EVALHUB_BUREAU": "财政局",
        }
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole application on a fresh database. Never hold its context open around a client's call."""
    app = create_app(settings)
    yield app
    app.extensions["evalhub"].close()


@pytest.fixture
def house(app: Flask) -> House:
    """Database, keys and files of `app`, for tests that call services and queries."""
    return app.extensions["evalhub"]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without script, not signed in."""
    return app.test_client()
