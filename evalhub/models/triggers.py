"""What the database itself refuses, whatever the code does: changing what is frozen. Each trigger in both dialects."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event

from evalhub.models.base import Base

FROZEN_TABLES = ("journal_entries", "journal_seals", "sheet_editions", "report_versions")
"""Rows of these tables are written once: no update, no delete."""

_TREE_COLUMNS = ("framework_id", "edition", "tree", "content_hash", "leaf_count")

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION evalhub_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation';
END $$
"""


@dataclass(frozen=True)
class Trigger:
    """One trigger, as each engine writes it. `event` is UPDATE or DELETE."""

    name: str
    table: str
    event: str
    code: str
    sqlite_when: str = ""
    postgresql_when: str = ""

    @property
    def sqlite(self) -> str:
        condition = f"WHEN {self.sqlite_when} " if self.sqlite_when else ""
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} "
            f"{condition}BEGIN SELECT RAISE(ABORT, '{self.code}'); END"
        )

    @property
    def postgresql(self) -> str:
        condition = f"WHEN ({self.postgresql_when}) " if self.postgresql_when else ""
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} "
            f"FOR EACH ROW {condition}EXECUTE FUNCTION evalhub_refuse_change('{self.code}')"
        )


def _frozen(table: str) -> tuple[Trigger, Trigger]:
    code = f"{table}.frozen"
    return (
        Trigger(f"tr_{table}_no_update", table, "UPDATE", code),
        Trigger(f"tr_{table}_no_delete", table, "DELETE", code),
    )


def _differs(operator: str, cast: str = "") -> str:
    changed = " OR ".join(f"NEW.{column}{cast} {operator} OLD.{column}{cast}" for column in _TREE_COLUMNS)
    return f"OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed})"


_PUBLISHED = (
    Trigger(
        "tr_framework_editions_tree_frozen",
        "framework_editions",
        "UPDATE",
        "framework_editions.frozen",
        sqlite_when=_differs("IS NOT"),
        postgresql_when=_differs("IS DISTINCT FROM", "::text"),
    ),
    Trigger(
        "tr_framework_editions_no_delete",
        "framework_editions",
        "DELETE",
        "framework_editions.frozen",
        sqlite_when="OLD.state <> 'draft'",
        postgresql_when="OLD.state <> 'draft'",
    ),
)

TRIGGERS: tuple[Trigger, ...] = tuple(trigger for table in FROZEN_TABLES for trigger in _frozen(table)) + _PUBLISHED


def create_statements(dialect: str) -> list[str]:
    """What creates all triggers on `sqlite` or `postgresql`, in order."""
    if dialect == "sqlite":
        return [trigger.sqlite for trigger in TRIGGERS]
    return [POSTGRESQL_FUNCTION, *(trigger.postgresql for trigger in TRIGGERS)]


def drop_statements(dialect: str) -> list[str]:
    """What removes them again, in order."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {trigger.name}" for trigger in TRIGGERS]
    drops = [f"DROP TRIGGER {trigger.name} ON {trigger.table}" for trigger in TRIGGERS]
    return [*drops, "DROP FUNCTION evalhub_refuse_change()"]


@event.listens_for(Base.metadata, "after_create")
def _create_with_tables(_metadata: Any, connection: Connection, **options: Any) -> None:
    """Tables made straight from the models carry their triggers too."""
    made = {table.name for table in options.get("tables") or ()}
    if made >= {trigger.table for trigger in TRIGGERS}:
        for statement in create_statements(connection.dialect.name):
            connection.exec_driver_sql(statement)
