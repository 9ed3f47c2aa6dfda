"""Opening the database: settings that keep SQLite and PostgreSQL honest, and the two kinds of transaction.

SQLite runs in WAL with `synchronous=FULL`; every writing transaction begins IMMEDIATE and every reading one is
refused writes by the database itself. PostgreSQL writes at SERIALIZABLE and is tried again when it reports a
serialisation failure.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

ATTEMPTS = 10
LONGEST_DOUBLING = 5
SERIALISATION_FAILURES = {"40001", "40P01"}

Answer = TypeVar("Answer")


class UnsafeDatabaseLibrary(RuntimeError):
    """The SQLite library at hand can lose committed rows."""


def has_wal_reset_fault(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite can corrupt a WAL database with two connections (fixed in 3.51.3, 3.50.7, 3.44.6)."""
    fixed = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)
    return not fixed


def check_sqlite_library(version: tuple[int, int, int]) -> None:
    if has_wal_reset_fault(version):
        raise UnsafeDatabaseLibrary(
            "SQLite {}.{}.{} can lose committed rows in WAL mode; install pysqlite3 with 3.51.3 or later.".format(
                *version
            )
        )


def engine_options(url: str) -> dict[str, Any]:
    """What `create_engine` needs beside the address."""
    if make_url(url).get_backend_name() == "sqlite":
        import pysqlite3.dbapi2 as sqlite  # only this engine needs it

        check_sqlite_library(sqlite.sqlite_version_info)
        return {"module": sqlite, "connect_args": {"timeout": 30}}
    return {
        "pool_size": 16,
        "max_overflow": 16,
        "pool_pre_ping": True,
        "connect_args": {"options": "-c jit=off -c statement_timeout=60000 -c lock_timeout=20000 -c timezone=UTC"},
    }


def install_rules(engine: Engine) -> Engine:
    """Attach the connection and transaction rules to an engine; returns the same engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)
    return engine


def open_engine(url: str) -> Engine:
    """An engine with all rules attached, for workers and commands; the web application passes the same options."""
    return install_rules(create_engine(url, **engine_options(url)))


def _open_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Any) -> None:
    options = connection.get_execution_options()
    if options.get("read_only", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    elif options.get("sealing", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")


def is_serialisation_failure(error: BaseException) -> bool:
    """Whether PostgreSQL asks for the same transaction once more."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in SERIALISATION_FAILURES


class Database:
    """Hands out reading and writing sessions on one engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reading = engine.execution_options(read_only=True)
        self._sealing = engine.execution_options(sealing=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session whose transaction the database refuses any write."""
        with Session(self._reading, autoflush=False, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One attempt of a writing transaction: committed at the end of the block, rolled back on any error."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def sealing(self) -> Iterator[Session]:
        """A short READ COMMITTED transaction, for the journal's sealer alone."""
        with Session(self._sealing, expire_on_commit=False) as session, session.begin():
            yield session

    def apply(self, work: Callable[[Session], Answer]) -> Answer:
        """Run `work` in a writing transaction and repeat it when the database asks for that.

        `work` must change nothing but rows of its session: it may run several times before it is committed once.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.write() as session:
                    return work(session)
            except DBAPIError as error:
                if not is_serialisation_failure(error) or attempt == ATTEMPTS:
                    raise
                time.sleep(random.uniform(0.005, 0.02) * 2 ** min(attempt, LONGEST_DOUBLING))
        raise AssertionError("unreachable: the last attempt returns or raises")
