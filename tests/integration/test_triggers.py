import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from evalhub.infra.engine import open_engine
from evalhub.models.triggers import FROZEN_TABLES, create_statements, drop_statements

EDITION = (
    "INSERT INTO framework_editions (id, framework_id, edition, tree, content_hash, leaf_count, state, created_at, "
    "created_by_id, version) VALUES ('e', 'f', 1, '{}', 'h', 0, :state, 0, 'a', 1)"
)
ENTRY = (
    "INSERT INTO journal_entries (sequence, at, actor_id, actor_name, actor_roles, event, noun, record_id, "
    "record_label, salt, detail, request_id) VALUES (1, 0, 'a', 'A', '', 'x.done', 'x', '1', 'one', 's', '{}', 'r')"
)


@pytest.fixture
def connection(database_url):
    engine = open_engine(database_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def insert_edition(connection, state):
    connection.execute(text("INSERT INTO frameworks (id, name, created_at, created_by_id) VALUES ('f', 'F', 0, 'a')"))
    connection.execute(text(EDITION), {"state": state})


def test_frozen_tables_are_the_records_that_prove_what_happened():
    assert FROZEN_TABLES == ("journal_entries", "journal_seals", "sheet_editions", "report_versions")


@pytest.mark.parametrize("statement", ["UPDATE journal_entries SET actor_name = 'B'", "DELETE FROM journal_entries"])
def test_journal_entry_changed_or_deleted_by_hand_is_refused(connection, statement):
    connection.execute(text(ENTRY))

    with pytest.raises(DatabaseError, match=r"journal_entries\.frozen"):
        connection.execute(text(statement))


@pytest.mark.parametrize("table", FROZEN_TABLES)
def test_frozen_table_carries_both_triggers_on_this_engine(connection, table):
    if connection.dialect.name == "sqlite":
        query = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
    else:
        query = "SELECT count(*) FROM information_schema.triggers WHERE event_object_table = :table"

    assert connection.scalar(text(query), {"table": table}) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE framework_editions SET tree = '{\"a\": 1}'",
        "UPDATE framework_editions SET content_hash = 'other'",
        "UPDATE framework_editions SET state = 'draft'",
        "DELETE FROM framework_editions",
    ],
)
def test_published_tree_changed_by_hand_is_refused(connection, statement):
    insert_edition(connection, "published")

    with pytest.raises(DatabaseError, match=r"framework_editions\.frozen"):
        connection.execute(text(statement))


def test_published_edition_is_retired_and_a_draft_is_changed_without_hindrance(connection):
    insert_edition(connection, "draft")

    connection.execute(text("UPDATE framework_editions SET tree = '{\"a\": 1}'"))
    connection.execute(text("UPDATE framework_editions SET state = 'published'"))
    connection.execute(text("UPDATE framework_editions SET state = 'retired'"))

    assert connection.scalar(text("SELECT state FROM framework_editions")) == "retired"


def test_triggers_are_dropped_and_created_again(connection):
    for statement in drop_statements(connection.dialect.name) + create_statements(connection.dialect.name):
        connection.exec_driver_sql(statement)

    insert_edition(connection, "published")
    with pytest.raises(DatabaseError, match=r"framework_editions\.frozen"):
        connection.execute(text("DELETE FROM framework_editions"))
