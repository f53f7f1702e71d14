"""Public views: of a table those columns that are neither secret nor direct identifiers.

A view is made anew with each write of its table, in the same transaction, so that it is never of
another declaration than the table. Which columns are public is said in the model.
"""

import duckdb
from dagster import TableSchema

from randomuser_assets.model import PUBLIC, Table
from randomuser_assets.query.names import quoted, text
from randomuser_assets.warehouse.declared import column_schema
from randomuser_assets.warehouse.faults import WarehouseError
from randomuser_assets.warehouse.table import Slice, engine_types, stored_shape


def keep_public_view(
    connection: duckdb.DuckDBPyConnection, of: Slice, public: TableSchema, comment: str | None
) -> None:
    """Make the view of these columns of a table, or make it anew."""
    view = Slice(of.schema + PUBLIC, of.table, None)
    columns = ", ".join(quoted(column.name) for column in public.columns)
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(view.schema)}")
    try:
        connection.execute(
            f"CREATE OR REPLACE VIEW {view.name} AS SELECT {columns} FROM {of.name}"  # noqa: S608  quoted
        )
    except duckdb.CatalogException:
        raise WarehouseError(
            f"The name {view.schema}.{view.table} is needed for the public view of "
            f"{of.schema}.{of.table}, and somebody's table has it. Nothing was stored or replaced: "
            "rename that one."
        ) from None
    if comment:
        connection.execute(f"COMMENT ON VIEW {view.name} IS {text(comment)}")
    for column in public.columns:
        if column.description:
            place = f"{view.name}.{quoted(column.name)}"
            connection.execute(f"COMMENT ON COLUMN {place} IS {text(column.description)}")


def has_public_view(connection: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Say whether a table has its view as declared."""
    view = table.public_view
    declared = column_schema(view)
    types = engine_types(connection, declared)
    stored = stored_shape(connection, Slice(view.schema, view.name, None))
    return [(name, shape.type, shape.comment) for name, shape in stored.items()] == [
        (column.name, types[column.name], column.description) for column in declared.columns
    ]
