"""What is told of a table after it was written: rows by partition, columns."""

from collections.abc import Mapping
from typing import Any

import duckdb
from dagster import (
    OutputContext,
    TableColumn,
    TableColumnConstraints,
    TableSchema,
    TimeWindowPartitionsDefinition,
)
from dagster._core.definitions.metadata.metadata_set import TableMetadataSet
from dagster_duckdb.io_manager import DUCKDB_DATETIME_FORMAT

from randomuser_assets.query.names import text
from randomuser_assets.warehouse.preview import preview
from randomuser_assets.warehouse.table import Slice, stored_shape

Metadata = dict[str, Any]


def observed(
    connection: duckdb.DuckDBPyConnection,
    context: OutputContext,
    target: Slice,
    records: Mapping[str | None, int],
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
        "preview": preview(connection, target, declared),
    }
    if not context.has_asset_partitions:
        return {**metadata, **TableMetadataSet(row_count=stored)}, {}
    metadata["where"] = target.where
    return metadata, {
        key: dict(TableMetadataSet(partition_row_count=number))
        for key, number in records.items()
        if key is not None
    }


def rows_by_partition(
    connection: duckdb.DuckDBPyConnection, context: OutputContext, target: Slice, stored: int
) -> dict[str | None, int]:
    """Count the rows of each partition that was written; null is a table without partitions."""
    if not context.has_asset_partitions:
        return {None: stored}
    keys = context.asset_partition_keys
    expression = context.definition_metadata["partition_expr"]
    if len(keys) == 1:
        return {keys[0]: stored}
    if not isinstance(expression, str):  # several dimensions, whose rows have no one key
        return {}
    partitions = context.asset_partitions_def
    if isinstance(partitions, TimeWindowPartitionsDefinition):
        windows = {key: partitions.time_window_for_partition_key(key) for key in keys}
        spans = ", ".join(
            f"({text(key)}, TIMESTAMP '{window.start:{DUCKDB_DATETIME_FORMAT}}', "
            f"TIMESTAMP '{window.end:{DUCKDB_DATETIME_FORMAT}}')"
            for key, window in windows.items()
        )
        found = connection.execute(
            f"SELECT key, count(*) FROM (SELECT {expression} AS moment FROM {target.name} "  # noqa: S608  declared
            f"WHERE {target.condition}) JOIN (VALUES {spans}) AS spans(key, low, high) "
            "ON moment >= low AND moment < high GROUP BY key"
        )
    else:
        found = connection.execute(
            f"SELECT CAST({expression} AS VARCHAR), count(*) FROM {target.name} "  # noqa: S608  declared
            f"WHERE {target.condition} GROUP BY ALL"
        )
    counts = dict(found.fetchall())
    return {key: counts.get(key, 0) for key in keys}


def _stored_schema(
    connection: duckdb.DuckDBPyConnection, target: Slice, declared: TableSchema | None
) -> TableSchema:
    """Give the columns as stored; what only a declaration can know is taken from there."""
    promised = {column.name: column for column in declared.columns} if declared else {}
    columns = []
    for name, column in stored_shape(connection, target).items():
        promise = promised.get(name) or TableColumn(name)
        constraints = TableColumnConstraints(
            nullable=column.nullable, other=promise.constraints.other
        )
        columns.append(
            TableColumn(
                name, column.type, column.comment, constraints=constraints, tags=promise.tags
            )
        )
    return TableSchema(columns, constraints=declared.constraints if declared else None)
