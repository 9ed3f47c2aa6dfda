"""Migrations on both engines: up, down, with rows, and what the tables themselves refuse held against a literal list."""

from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from evalhub.infra import migrations
from evalhub.infra.engine import open_engine

GUARDS = Path(__file__).parent / "guards.txt"
BEFORE_LAST_TABLES = "0001"
ORGANISATION = "INSERT INTO organisations (id, name, name_key, kind, version) VALUES ('o1', '𠮷祥审计所', '𠮷祥审计所', 'agency', 1)"


def run(url: str, *statements: str) -> list[tuple]:
    """Carry out statements in one transaction; the rows of the last one."""
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            results = [connection.execute(text(statement)) for statement in statements]
            return [tuple(row) for row in results[-1]] if results[-1].returns_rows else []
    finally:
        engine.dispose()


def tables(url: str) -> set[str]:
    engine = open_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def guards(url: str) -> list[str]:
    """Every CHECK and trigger of the database by name, sorted."""
    engine = open_engine(url)
    inspector = inspect(engine)
    checks = [
        f"{table}: {check['name']}"
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    ]
    engine.dispose()
    of_engine = {
        "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT event_object_table, trigger_name FROM information_schema.triggers",
    }
    triggers = [f"{table}: {name}" for table, name in run(url, of_engine[engine.dialect.name])]
    return sorted(checks + triggers)


def test_fresh_database_stands_at_the_newest_revision(database_url):
    assert migrations.current(database_url) == migrations.newest()


def test_migrated_tables_match_the_models(database_url):
    assert migrations.differences(database_url) == []


def test_checks_and_triggers_are_the_listed_ones(database_url):
    assert guards(database_url) == GUARDS.read_text(encoding="utf-8").splitlines()


def test_way_down_leaves_nothing_and_the_way_up_again_everything(database_url):
    before = tables(database_url)

    migrations.downgrade(database_url, "base")
    at_the_bottom = tables(database_url)
    migrations.upgrade(database_url)

    assert at_the_bottom == {"alembic_version"}
    assert tables(database_url) == before
    assert guards(database_url) == GUARDS.read_text(encoding="utf-8").splitlines()


def test_rows_survive_the_way_up_and_down(bare_database_url):
    migrations.upgrade(bare_database_url, BEFORE_LAST_TABLES)
    run(bare_database_url, ORGANISATION)

    migrations.upgrade(bare_database_url)
    above = run(bare_database_url, "SELECT id, name FROM organisations")
    migrations.downgrade(bare_database_url, BEFORE_LAST_TABLES)

    assert above == [("o1", "𠮷祥审计所")]
    assert run(bare_database_url, "SELECT id, name FROM organisations") == above


def test_failed_migration_leaves_the_database_as_it_was(bare_database_url):
    run(bare_database_url, "CREATE TABLE sheet_lines (id INTEGER)")

    with pytest.raises(DatabaseError, match="sheet_lines"):
        migrations.upgrade(bare_database_url)

    assert tables(bare_database_url) == {"sheet_lines"}
    assert migrations.current(bare_database_url) is None


@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)  # PostgreSQL refuses this at each statement itself
def test_migration_that_breaks_references_is_rolled_back(database_url):
    run(database_url, "CREATE TABLE strays (id INTEGER PRIMARY KEY, owner TEXT REFERENCES organisations (id)) STRICT")
    engine = open_engine(database_url)
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("INSERT INTO strays VALUES (1, 'nobody')")
    engine.dispose()

    with pytest.raises(migrations.BrokenReferences, match="1 rows point at nothing, in: strays"):
        migrations.downgrade(database_url, "-1")

    assert migrations.current(database_url) == migrations.newest()


@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)  # PostgreSQL is always strict
def test_every_table_is_strict(database_url):
    loose = run(
        database_url, "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND schema = 'main'"
    )

    assert {name for (name,) in loose} == {"alembic_version", "sqlite_schema"}
