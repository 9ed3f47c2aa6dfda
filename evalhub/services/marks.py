"""What a database is marked as: a demonstration never serves in production, and real data never in a demonstration."""

from sqlalchemy import inspect

from evalhub.config import Settings, UnsafeSettings
from evalhub.infra.engine import Database
from evalhub.models.settings import DatabaseMark

PURPOSE = "purpose"


def read_purpose(database: Database) -> str | None:
    """`demo`, `production`, or None for a database that is empty or not yet migrated."""
    if not inspect(database.engine).has_table(DatabaseMark.__tablename__):
        return None
    with database.read() as session:
        mark = session.get(DatabaseMark, PURPOSE)
        return mark.content if mark else None


def refuse_foreign_database(database: Database, settings: Settings) -> None:
    """Stop before anything is served from the wrong kind of database.

    Raises:
        UnsafeSettings: a demonstration database in production, or a production one in demo mode.
    """
    purpose = read_purpose(database)
    if purpose == "demo" and settings.is_production:
        raise UnsafeSettings("This database holds a demonstration. Production does not start on it.")
    if purpose == "production" and settings.is_demo:
        raise UnsafeSettings("This database holds real data. The demonstration does not start on it.")
