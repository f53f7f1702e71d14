"""What is told of a table after it was written: rows by partition, columns, a preview."""

from collections.abc import Mapping
from typing import Any

import duckdb
from dagster import (
    MetadataValue,
    OutputContext,
    TableColumn,
    TableColumnConstraints,
    TableSchema,
)
from dagster._core.definitions.metadata.metadata_set import TableMetadataSet

from randomuser_assets.warehouse.write import Slice, quoted

SHOWN_TAG = {"preview": "shown"}
"""Tag of a declared column whose values may be seen in the UI; all others are private."""

_PREVIEW_ROWS = 5
_LONGEST_SHOWN = 60

Metadata = dict[str, Any]


def observed(
    connection: duckdb.DuckDBPyConnection,
    context: OutputContext,
    target: Slice,
    stored: int,
    declared: TableSchema | None,
) -> tuple[Metadata, Mapping[str, Metadata]]:
    """Give the metadata of a written slice, and what holds for single partitions of it."""
    name = f"{target.schema}.{target.table}"
    metadata: Metadata = {
        **TableMetadataSet(
            table_name=name,
            storage_kind="duckdb",
            column_schema=_stored_schema(connection, target, declared),
        ),
        "rows_written": stored,
        "preview": _preview(connection, target, declared),
    }
    if not context.has_asset_partitions:
        return {**metadata, **TableMetadataSet(row_count=stored)}, {}
    metadata["where"] = target.where
    expression = context.definition_metadata["partition_expr"]
    if not isinstance(expression, str):
        return metadata, {}
    counts = dict(
        connection.execute(
            f"SELECT CAST({expression} AS VARCHAR), count(*) FROM {target.name} "  # noqa: S608
            f"WHERE {target.condition} GROUP BY ALL"
        ).fetchall()
    )
    return metadata, {
        key: dict(TableMetadataSet(partition_row_count=counts.get(key, 0)))
        for key in context.asset_partition_keys
    }


def _stored_schema(
    connection: duckdb.DuckDBPyConnection, target: Slice, declared: TableSchema | None
) -> TableSchema:
    """Give the columns as stored; what only a declaration can know is taken from there."""
    promised = {column.name: column for column in declared.columns} if declared else {}
    found = connection.execute(
        "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name = ? AND table_name = ? "
        "ORDER BY column_index",
        [target.schema, target.table],
    ).fetchall()
    columns = []
    for name, type_, nullable, comment in found:
        promise = promised.get(name) or TableColumn(name)
        constraints = TableColumnConstraints(nullable=nullable, other=promise.constraints.other)
        columns.append(
            TableColumn(name, type_, comment, constraints=constraints, tags=promise.tags)
        )
    return TableSchema(columns, constraints=declared.constraints if declared else None)


def _preview(
    connection: duckdb.DuckDBPyConnection, target: Slice, declared: TableSchema | None
) -> MetadataValue[str]:
    """Show some rows, but only the columns that are declared as shown."""
    columns = declared.columns if declared else []
    shown = [c.name for c in columns if SHOWN_TAG.items() <= (c.tags or {}).items()]
    private = [c.name for c in columns if c.name not in shown]
    told = f"Private, not shown: {', '.join(private)}." if private else ""
    if not shown:
        return MetadataValue.md(told or "Not shown: the asset declares no columns.")
    values = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" for name in shown)
    rows = connection.execute(
        f"SELECT {values} FROM {target.name} WHERE {target.condition} "  # noqa: S608  quoted
        f"LIMIT {_PREVIEW_ROWS}"
    ).fetchall()
    lines = [shown, ["---"] * len(shown), *rows]
    table = "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)
    return MetadataValue.md(f"{table}\n\n{told}".strip())


def _cell(value: str | None) -> str:
    """Write a value so that it stays within its cell of a Markdown table."""
    text = "null" if value is None else value[:_LONGEST_SHOWN]
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
