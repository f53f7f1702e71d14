"""Who wrote what last: a row a table and partition, kept in the transaction that it is about."""

from collections.abc import Mapping
from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from randomuser_assets.model.quality import WRITES
from randomuser_assets.query.names import quoted, text
from randomuser_assets.warehouse.declared import column_schema
from randomuser_assets.warehouse.table import Slice, engine_types, ensure_table, stored_columns

_TARGET = Slice(WRITES.schema, WRITES.name, None)
_NAME = _TARGET.name
_WRITTEN = "written"


def keep_write(
    connection: duckdb.DuckDBPyConnection,
    target: Slice,
    records: Mapping[str | None, int],
    *,
    run_id: str,
    version: str,
) -> None:
    """Keep which run wrote these partitions of a table, with how many records each."""
    make_writes(connection)
    now = datetime.now(UTC).replace(tzinfo=None)
    rows = [
        (target.schema, target.table, partition, number, run_id, now, version)
        for partition, number in records.items()
    ]
    columns = zip(*rows, strict=True)
    written = pa.table(
        {
            name: pa.array(list(values), pa.string()) if name == "partition" else list(values)
            for name, values in zip(WRITES.column_names, columns, strict=True)
        }
    )
    connection.register(_WRITTEN, written)
    same = " AND ".join(
        f"old.{quoted(name)} IS NOT DISTINCT FROM new.{quoted(name)}"
        for name in ("table_schema", "table_name", "partition")
    )
    connection.execute(f"DELETE FROM {_NAME} AS old USING {_WRITTEN} AS new WHERE {same}")  # noqa: S608  quoted
    connection.execute(f"INSERT INTO {_NAME} BY NAME FROM {_WRITTEN}")


def make_writes(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table as declared, or see that it is: at the cost of a look at its columns."""
    columns = ", ".join(
        f"{quoted(c.name)} {c.type.sql}{' NOT NULL' if c.required else ''}" for c in WRITES.columns
    )
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(WRITES.schema)}")
    connection.execute(f"CREATE TABLE IF NOT EXISTS {_NAME} ({columns})")
    if stored_columns(connection, WRITES.schema, WRITES.name) != {
        c.name: c.type.sql for c in WRITES.columns
    }:
        schema = column_schema(WRITES)
        types = engine_types(connection, schema)
        ensure_table(connection, _TARGET, schema, types, WRITES.description)
    if not connection.execute(f"SELECT 1 FROM {_NAME} LIMIT 1").fetchall():  # noqa: S608  quoted
        connection.execute(f"COMMENT ON TABLE {_NAME} IS {text(WRITES.description)}")
        for column in WRITES.columns:
            place = f"{_NAME}.{quoted(column.name)}"
            connection.execute(f"COMMENT ON COLUMN {place} IS {text(column.description)}")
