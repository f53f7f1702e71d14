"""What a database holds: of each table the number of its rows, and one sum over all their values.

Two databases with equal contents hold equal rows, in whatever order. Nothing here is about days
or declarations: whatever tables there are, are counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from randomuser_assets.query.names import quoted
from randomuser_assets.warehouse.table import Slice

MANIFEST_SCHEMA = "backup"
"""The schema of what a backup says of itself, which is no content."""

_MEMORY = "256MB"
"""Else the engine keeps what it has read, up to most of the machine's memory."""

_NESTED = ("STRUCT(", "MAP(", "UNION(")


@dataclass(frozen=True)
class Content:
    """What is in a table."""

    rows: int
    checksum: str


Contents = Mapping[str, Content]
"""By the table's name with its schema."""


def contents(connection: duckdb.DuckDBPyConnection) -> Contents:
    """Read all rows of all tables once; none of them is held."""
    connection.execute(f"SET memory_limit = '{_MEMORY}'")
    found = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary "
        "AND database_name = current_database() AND schema_name <> ? ORDER BY ALL",
        [MANIFEST_SCHEMA],
    ).fetchall()
    return {f"{schema}.{table}": _content(connection, schema, table) for schema, table in found}


def _content(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> Content:
    name = Slice(schema, table, None).name
    columns = connection.execute(f"DESCRIBE {name}").fetchall()
    texts = (_text(quoted(column), type_) for column, type_, *_ in columns)
    # With the length before it, a value cannot be taken for two, nor nothing for an empty text.
    row = ", ".join(f"strlen({text}), ':', {text}" for text in texts)
    # Not the engine's hash(): it may be another one in the next version, and null, [] and [null]
    # are the same to it.
    query = (
        "SELECT count(*), coalesce(sum(md5_number_lower(concat("  # noqa: S608  quoted
        f"{row}))), 0)::VARCHAR FROM {name}"
    )
    return Content(*connection.execute(query).fetchall()[0])


def _text(value: str, type_: str) -> str:
    nested = type_.startswith(_NESTED) or type_.endswith("]")
    return f"CAST({f'to_json({value})' if nested else value} AS VARCHAR)"


def differences(expected: Contents, found: Contents) -> list[str]:
    """Say of each table how it is not as expected; nothing when all are."""
    told = []
    for name in sorted({*expected, *found}):
        before, now = expected.get(name), found.get(name)
        if now is None:
            told.append(f"{name} is not there")
        elif before is None:
            told.append(f"{name} is there and was not")
        elif now.rows != before.rows:
            told.append(f"{name} has {now.rows:,} rows and had {before.rows:,}")
        elif now.checksum != before.checksum:
            told.append(f"{name} has other values in its {now.rows:,} rows")
    return told
