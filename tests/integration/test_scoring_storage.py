"""Totals of panels that went through the columns of a real database, on both engines, against the decimal oracle."""

import random
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from evalhub.domain.scoring.framework import Framework, Indicator, Name
from evalhub.domain.scoring.panel import Method, Panel, RaterSheet
from evalhub.domain.scoring.totals import marks_of, outcome
from evalhub.infra.engine import open_engine
from tests.reference.scoring.test_decimal_oracle import oracle, random_case

PANELS = 20_000
BATCH = 2000


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """A connection with a table of its own that has the very columns of sheets and their lines, and nothing that they
    refer to."""
    engine = open_engine(database_url)
    with engine.connect() as connection:
        columns = "l.sheet_id, l.indicator_code, l.points, l.full_points, s.source, s.weight"
        origin = "sheet_lines l JOIN sheets s ON s.id = l.sheet_id"
        connection.execute(text(f"CREATE TEMPORARY TABLE kept_lines AS SELECT {columns} FROM {origin} WHERE 1 = 0"))
        yield connection
    engine.dispose()


def rows_of(sheets, leaves) -> list[dict]:
    return [
        {
            "sheet_id": rater,
            "indicator_code": code,
            "points": None if score is None else int(score * 100),
            "full_points": int(leaves[code] * 100),
            "source": source,
            "weight": int(weight * 10_000),
        }
        for rater, source, weight, scores in sheets
        for code, score in scores.items()
    ]


def insert_rows(connection: Connection, rows: list[dict]) -> None:
    """All rows by the driver's own fast way: one by one, the way to a server takes longer than everything else."""
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        cursor.executemany("INSERT INTO kept_lines VALUES (?, ?, ?, ?, ?, ?)", [tuple(row.values()) for row in rows])
        return
    with cursor.copy("COPY kept_lines FROM STDIN") as copy:
        for row in rows:
            copy.write_row(tuple(row.values()))


def read_panel(rows, source_weights, statistics) -> Panel:
    points = {row.indicator_code: row.full_points for row in rows}
    tree = tuple(Indicator(code, Name("指标"), full, may_be_na=True) for code, full in points.items())
    sheets: dict[str, RaterSheet] = {}
    for row in rows:
        sheet = sheets.setdefault(row.sheet_id, RaterSheet(row.sheet_id, {}, row.source, row.weight))
        sheet.scores[row.indicator_code] = row.points
    method = Method(statistics, {source: int(share * 10_000) for source, share in source_weights.items()}, {})
    return Panel("T", Framework(10_000, tree), method, tuple(sheets.values()))


def test_random_panels_read_back_from_the_database_equal_the_decimal_oracle(connection):
    chance = random.Random(27)
    for start in range(0, PANELS, BATCH):
        cases = [random_case(chance) for _ in range(BATCH)]
        rows = [
            row | {"sheet_id": f"{number}/{row['sheet_id']}"}
            for number, (leaves, _, _, sheets) in enumerate(cases)
            for row in rows_of(sheets, leaves)
        ]
        connection.execute(text("DELETE FROM kept_lines"))
        insert_rows(connection, rows)
        found: dict[int, list] = {}
        for row in connection.execute(text("SELECT * FROM kept_lines ORDER BY sheet_id, indicator_code")):
            found.setdefault(int(row.sheet_id.partition("/")[0]), []).append(row)
        for number, case in enumerate(cases):
            panel = read_panel(found[number], case[1], case[2])
            total = outcome(panel.framework, panel.method, marks_of(panel)).total
            assert total == oracle(*case) * 100, start + number
