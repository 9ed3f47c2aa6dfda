"""Run by alembic inside `evalhub.infra.migrations`, which hands in the open connection and its transaction."""

from alembic import context
from sqlalchemy import Table, event
from sqlalchemy.types import TypeDecorator

from evalhub.models import Base


def plain_type(kind, thing, autogen):
    """Migrations outlive the models: they name the column type underneath, never one of ours."""
    if kind != "type" or not isinstance(thing, TypeDecorator):
        return False
    return f"sa.{thing.impl!r}"


@event.listens_for(Table, "before_create")
def make_strict(table, connection, **options):
    """As the models do: on SQLite a wrong type is an error. Alembic's own table has a type unknown to STRICT."""
    if table.name != "alembic_version":
        table.dialect_options["sqlite"]["strict"] = True


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=plain_type,
    transactional_ddl=True,
    include_name=lambda name, kind, parents: kind != "table" or name != "access_entries",
)
context.run_migrations()
