"""A fresh database for every test on either engine: tables are made once per process, then copied."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, make_url

from evalhub.infra import migrations
from tests.postgres_server import postgres_server


class SqliteDatabases:
    """Databases that are files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = count(1)
        self.template = folder / "template.sqlite"
        url = f"sqlite:///{self.template}"
        migrations.upgrade(url)
        if migrations.differences(url):
            raise AssertionError('The models have changed without a migration: python -m migrations "what changed"')

    @contextmanager
    def fresh(self, *, migrated: bool) -> Iterator[str]:
        path = self.folder / f"{next(self.numbers)}.sqlite"
        if migrated:
            shutil.copyfile(self.template, path)
        yield f"sqlite:///{path}"
        for leftover in self.folder.glob(f"{path.stem}.*"):
            leftover.unlink()


class PostgresDatabases:
    """Databases of one server, made with the rights of the given address."""

    def __init__(self, server_url: str) -> None:
        self.url = make_url(server_url)
        self.prefix = f"evalhub_test_{os.getpid()}"
        self.numbers = count(1)
        self.admin = create_engine(self.url, isolation_level="AUTOCOMMIT")
        self.execute(f"CREATE DATABASE {self.prefix}_template")
        migrations.upgrade(self.address(f"{self.prefix}_template"))

    @contextmanager
    def fresh(self, *, migrated: bool) -> Iterator[str]:
        name = f"{self.prefix}_{next(self.numbers)}"
        template = f"{self.prefix}_template" if migrated else "template0"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.address(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def address(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)

    def execute(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.exec_driver_sql(statement)

    def close(self) -> None:
        self.execute(f"DROP DATABASE {self.prefix}_template WITH (FORCE)")
        self.admin.dispose()


@contextmanager
def postgres_databases() -> Iterator[PostgresDatabases]:
    """On the server that EVALHUB_TEST_PG_URL names, else on one started for these tests."""
    given = os.environ.get("EVALHUB_TEST_PG_URL")
    with nullcontext(given) if given else postgres_server() as url:
        databases = PostgresDatabases(url)
        yield databases
        databases.close()
