from sqlalchemy import inspect, text

from evalhub.infra.engine import open_engine
from evalhub.models import Base


def test_fresh_database_has_every_table(database_url):
    engine = open_engine(database_url)

    names = set(inspect(engine).get_table_names())
    engine.dispose()

    assert set(Base.metadata.tables) <= names


def test_rows_of_one_test_are_unseen_by_the_next(databases):
    insert = text("INSERT INTO database_marks (name, content) VALUES ('left', 'behind')")
    with databases.fresh(migrated=True) as first:
        engine = open_engine(first)
        with engine.begin() as connection:
            connection.execute(insert)
        engine.dispose()

    with databases.fresh(migrated=True) as second:
        engine = open_engine(second)
        with engine.begin() as connection:
            rows = connection.scalar(text("SELECT count(*) FROM database_marks"))
        engine.dispose()

    assert rows == 0
