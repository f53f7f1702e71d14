"""The stored tables as the report sees them: always there, with the declared types.

A page is wanted most when something is wrong: a table that is missing, lacks a column or has one
of another type is seen as one without rows or without that value, and what it lacks is said.
"""

from collections.abc import Mapping

import duckdb
from sqlglot import exp

from randomuser_assets.model import Table


def see(
    connection: duckdb.DuckDBPyConnection, wanted: Mapping[Table, tuple[str, ...]]
) -> dict[str, str]:
    """Make a view of these columns of each table, and give by name what a table lacks."""
    stored = _stored(connection)
    lacking = {}
    for table, names in wanted.items():
        there = stored.get((table.schema, table.name))
        missing = [name for name in names if name.lower() not in (there or ())]
        source = exp.table_(table.name, db=table.schema, quoted=True).sql("duckdb")
        if there is None:
            lacking[table.name] = f"{table.schema}.{table.name} is not there yet."
        elif missing:
            lacking[table.name] = (
                f"{table.schema}.{table.name} has no column {', '.join(missing)}: "
                "see its check columns_are_as_declared."
            )
        if table.name in lacking:
            source, values = "(SELECT 1) WHERE FALSE", dict.fromkeys(names, "NULL")
        else:
            values = {name: _quoted(name) for name in names}
        columns = ", ".join(
            f"TRY_CAST({value} AS {table[name].type.sql}) AS {_quoted(name)}"
            for name, value in values.items()
        )
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {view_of(table)} AS SELECT {columns} FROM {source}"  # noqa: S608  quoted
        )
    return lacking


def view_of(table: Table) -> str:
    """Name the view of a table."""
    return _quoted(f"seen_{table.name}")


def _stored(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], set[str]]:
    # Once for all tables: each call of the function goes through the whole catalogue.
    found = connection.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() "
        "WHERE database_name = current_database()"
    ).fetchall()
    stored: dict[tuple[str, str], set[str]] = {}
    for schema, table, column in found:
        stored.setdefault((schema, table), set()).add(column.lower())
    return stored


def _quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql("duckdb")
