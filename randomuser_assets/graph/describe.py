"""What Dagster is told of a declared table: columns, lineage, tags and versions."""

import hashlib
from typing import Any

from dagster import (
    AssetKey,
    TableColumnDep,
    TableColumnLineage,
)
from dagster._core.definitions.metadata.metadata_set import TableMetadataSet
from sqlglot.expressions import Query

from randomuser_assets.model import (
    PARTITION,
    Column,
    Copied,
    Extracted,
    Leaf,
    Model,
    Table,
)
from randomuser_assets.query.dialects import WarehouseDuckDB
from randomuser_assets.warehouse.declared import column_schema
from randomuser_assets.warehouse.io_manager import PUBLIC_COLUMNS

OWNERS = ["team:data-engineering"]


def table_metadata(table: Table, model: Model) -> dict[str, Any]:
    """Give the definition metadata of a table, which the I/O manager creates it from."""
    public = {PUBLIC_COLUMNS: column_schema(table.public)} if table in model.core else {}
    return {
        **public,
        "schema": table.schema,
        "partition_expr": PARTITION,
        **TableMetadataSet(
            column_schema=column_schema(table),
            column_lineage=_lineage(table, model),
            table_name=f"{table.schema}.{table.name}",
        ),
    }


def table_tags(table: Table) -> dict[str, str]:
    """Give the tags of a table's asset."""
    public = all(column.privacy.public for column in table.columns)
    return {"schema": table.schema, "personal_data": "no" if public else "yes"}


def version(query: Query, table: Table) -> str:
    """Give a code version that changes when the query or the table does."""
    text = f"{query.sql(dialect=WarehouseDuckDB, copy=False)} {column_schema(table)}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _lineage(table: Table, model: Model) -> TableColumnLineage:
    """Say which columns each is made of; the first table's come from the source alone."""
    deps = {column.name: _column_deps(column, table, model) for column in table.columns}
    return TableColumnLineage({name: found for name, found in deps.items() if found})


def _column_deps(column: Column, table: Table, model: Model) -> list[TableColumnDep]:
    if table == model.raw:
        return []
    match column.origin:
        case Leaf():
            source, name = model.raw, model.payload.name
        case Copied(name) | Extracted(name):
            source = model.flattened
        case _ if table in model.core:
            source, name = model.flattened, column.name
        case _ if column in model.raw.columns:
            source, name = model.raw, column.name
        case _:
            source, name = model.raw, model.payload.name
    return [TableColumnDep(asset_key=AssetKey(source.name), column_name=name)]
