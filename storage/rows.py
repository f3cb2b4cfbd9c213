"""Rows as JSON, of whatever schema a database has: for archives and copies between databases.

Reads the tables from the database itself, so that an archive of an old schema stays readable.
"""

import base64
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Connection, DateTime, LargeBinary, MetaData, Table, insert, select
from sqlalchemy.types import TypeEngine

VERSION_TABLE = "alembic_version"
BATCH_ROWS = 500

JsonRow = dict[str, Any]


def tables_of(connection: Connection) -> list[Table]:
    """The tables of a database, each after those that it refers to."""
    metadata = MetaData()
    metadata.reflect(connection)
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type.none_as_null = True
    return [table for table in metadata.sorted_tables if table.name != VERSION_TABLE]


def read_rows(connection: Connection, table: Table) -> Iterator[JsonRow]:
    """Every row of a table as JSON values, in the order of its primary key."""
    query = select(table).order_by(*table.primary_key.columns)
    names = [column.name for column in table.columns]
    for row in connection.execute(query.execution_options(yield_per=BATCH_ROWS)):
        yield dict(zip(names, map(to_json, row), strict=True))


def write_rows(connection: Connection, table: Table, rows: Iterable[JsonRow]) -> int:
    """Inserts rows that `read_rows` gave, perhaps from another kind of database."""
    readers = {column.name: _reader(column.type) for column in table.columns}
    waiting, count = iter(rows), 0
    while batch := list(islice(waiting, BATCH_ROWS)):
        values = [{name: readers[name](value) for name, value in row.items()} for row in batch]
        connection.execute(insert(table), values)
        count += len(values)
    return count


def to_json(value: Any) -> Any:
    """A column's value as JSON: times in ISO 8601 with their zone, bytes in base64."""
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value).isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _reader(kind: TypeEngine[Any]) -> Callable[[Any], Any]:
    """What turns a JSON value into that of a column."""
    if isinstance(kind, DateTime):
        return lambda value: value and datetime.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return lambda value: value if value is None else base64.b64decode(value)
    return lambda value: value
