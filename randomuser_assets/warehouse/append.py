"""Adding rows to a table that is a log: never replaced, created as declared with the first row."""

from collections.abc import Iterable

import duckdb
import pyarrow as pa
from dagster import TableSchema

from randomuser_assets.query.names import quoted
from randomuser_assets.warehouse.table import Slice, engine_types, ensure_table

_INCOMING = "incoming"


def append_rows(
    connection: duckdb.DuckDBPyConnection,
    target: Slice,
    schema: TableSchema,
    comment: str,
    rows: Iterable[tuple[object, ...]],
) -> None:
    """Add the rows, all or none, in one transaction of their own."""
    names = [column.name for column in schema.columns]
    columns = zip(*rows, strict=True)
    incoming = pa.table({name: list(column) for name, column in zip(names, columns, strict=False)})
    if not incoming.num_rows:
        return
    connection.register(_INCOMING, incoming)
    insert = f"INSERT INTO {target.name} BY NAME SELECT * FROM {_INCOMING}"  # noqa: S608  quoted
    try:
        connection.execute(insert)
    except (duckdb.CatalogException, duckdb.BinderException):
        # The first row of all, or of a newer declaration; looking each time would cost more.
        connection.begin()
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(target.schema)}")
        ensure_table(connection, target, schema, engine_types(connection, schema), comment)
        connection.execute(insert)
        connection.commit()
