"""Tables as text that every engine reads back: one JSON array a row, one file a table, parents before their children.

Dumping knows the columns from the models; loading knows them from the backup alone, so an old backup is loaded into
the tables of its own time and brought forward by migrations afterwards. JSON columns travel as their stored text.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    insert,
    select,
    table,
    text,
    type_coerce,
)
from sqlalchemy.types import TypeDecorator

BATCH = 500
KINDS: dict[str, Any] = {
    "boolean": Boolean(),
    "bytes": LargeBinary(),
    "date": Date(),
    "integer": BigInteger(),
    "json": Text(),
    "text": Text(),
}
TableForm = dict[str, Any]
"""`name`, `columns` ([name, kind] each), `rows` (their number): a table as a backup describes it."""


def dump_tables(connection: Connection, metadata: MetaData, folder: Path) -> list[TableForm]:
    """Write every table of `metadata` into `folder`, as the open transaction sees them; returns their forms in order.

    Begin the transaction before, read-only and repeatable: then all tables are of one instant while others write.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    return [_dump(connection, each, folder) for each in metadata.sorted_tables]


def load_tables(connection: Connection, forms: Iterable[TableForm], folder: Path) -> None:
    """Insert what was dumped, in the order of the forms, into tables that are empty; within the open transaction."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    for form in forms:
        _load(connection, form, folder)


def count_rows(connection: Connection, metadata: MetaData) -> dict[str, int]:
    """How many rows each table holds, of those that exist."""
    names = set(connection.dialect.get_table_names(connection))
    return {
        each.name: connection.scalar(select(func.count()).select_from(each)) or 0
        for each in metadata.sorted_tables
        if each.name in names
    }


def kind_of(each: Column[Any]) -> str:
    """The portable kind of a column; raises TypeError for a type that has none."""
    held = each.type.impl_instance if isinstance(each.type, TypeDecorator) else each.type
    for kind, types in (
        ("boolean", Boolean), ("bytes", LargeBinary), ("date", Date), ("json", JSON),
        ("integer", (BigInteger, Integer)), ("text", Text),
    ):  # fmt: skip
        if isinstance(held, types):  # type: ignore[arg-type]
            return kind
    raise TypeError(f"{each} has a type that a backup cannot carry: {held!r}")


def _dump(connection: Connection, source: Table, folder: Path) -> TableForm:
    kinds = [kind_of(each) for each in source.columns]
    columns = [_stored(each, kind) for each, kind in zip(source.columns, kinds, strict=True)]
    query = select(*columns).order_by(*source.primary_key.columns)
    rows: Iterable[Any] = connection.execution_options(yield_per=BATCH).execute(query)
    rows = _parents_first(source, [tuple(row) for row in rows]) if _own_references(source) else rows
    writers = [_TO_JSON.get(kind, _as_it_is) for kind in kinds]
    count = 0
    with (folder / f"{source.name}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            values = [None if value is None else write(value) for write, value in zip(writers, row, strict=True)]
            file.write(json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    pairs = [[each.name, kind] for each, kind in zip(source.columns, kinds, strict=True)]
    return {"name": source.name, "columns": pairs, "rows": count}


def _stored(each: Column[Any], kind: str) -> Any:
    """The column as it is stored: instants as their milliseconds, JSON as its text."""
    return cast(each, Text) if kind == "json" else type_coerce(each, KINDS[kind])


def _own_references(source: Table) -> list[tuple[int, int]]:
    """Positions of the columns that point into the same table, each with the position it points at."""
    names = list(source.columns.keys())
    return [
        (names.index(key.parent.key), names.index(key.column.key))
        for key in sorted(source.foreign_keys, key=lambda key: key.parent.key)
        if key.column.table is source
    ]


def _parents_first(source: Table, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The same rows, each after those it points at."""
    references = _own_references(source)
    waiting, done = rows, []
    placed: set[tuple[int, Any]] = set()
    targets = {target for _, target in references}
    while waiting:
        later = []
        for row in waiting:
            if all(
                row[at] is None or row[at] == row[target] or (target, row[at]) in placed for at, target in references
            ):
                done.append(row)
                placed.update((target, row[target]) for target in targets)
            else:
                later.append(row)
        if len(later) == len(waiting):
            raise ValueError(f"rows of {source.name} point at each other in a circle")
        waiting = later
    return done


def _load(connection: Connection, form: TableForm, folder: Path) -> None:
    names = [name for name, _ in form["columns"]]
    kinds = [kind for _, kind in form["columns"]]
    target = table(form["name"], *(column(name, KINDS[kind]) for name, kind in form["columns"]))
    as_json = connection.dialect.name == "postgresql"
    values = {
        name: cast(bindparam(name, type_=Text()), JSON)
        if kind == "json" and as_json
        else bindparam(name, type_=KINDS[kind])
        for name, kind in form["columns"]
    }
    statement = insert(target).values(values)
    readers = [_FROM_JSON.get(kind, _as_it_is) for kind in kinds]
    for batch in _batches(folder / f"{form['name']}.jsonl"):
        rows = [
            {
                name: None if value is None else read(value)
                for name, read, value in zip(names, readers, row, strict=True)
            }
            for row in batch
        ]
        connection.execute(statement, rows)
    if as_json and form["rows"]:
        _count_on(connection, form)


def _batches(path: Path) -> Iterator[list[list[Any]]]:
    with path.open(encoding="utf-8", newline="\n") as file:
        while lines := list(islice(file, BATCH)):
            yield [json.loads(line) for line in lines]


def _count_on(connection: Connection, form: TableForm) -> None:
    """PostgreSQL numbers new rows by a sequence that knows nothing of rows put in with their number."""
    name, kind = form["columns"][0]
    if kind != "integer":
        return
    sequence = connection.scalar(
        text("SELECT pg_get_serial_sequence(:table, :name)"), {"table": form["name"], "name": name}
    )
    if sequence:
        greatest = connection.scalar(select(func.max(column(name))).select_from(table(form["name"])))
        connection.execute(text("SELECT setval(:sequence, :greatest)"), {"sequence": sequence, "greatest": greatest})


def _as_it_is(value: Any) -> Any:
    return value


_TO_JSON: dict[str, Callable[[Any], Any]] = {
    "bytes": lambda value: b64encode(value).decode(),
    "date": date.isoformat,
}
_FROM_JSON: dict[str, Callable[[Any], Any]] = {"bytes": b64decode, "date": date.fromisoformat}
