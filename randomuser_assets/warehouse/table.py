"""A stored table: what it looks like, and how it is made to look as declared."""

from dataclasses import dataclass

import duckdb
from dagster import TableColumn, TableSchema

from randomuser_assets.model import Table
from randomuser_assets.query.names import quoted, text
from randomuser_assets.warehouse.faults import WarehouseError

COMPRESSION = "compression"
"""Tag of a column: how the engine stores it, where its own choice takes too long."""


@dataclass(frozen=True)
class Slice:
    """Which rows of which table: `where` is null for the whole table."""

    schema: str
    table: str
    where: str | None

    @property
    def name(self) -> str:
        """The table's name, quoted."""
        return f"{quoted(self.schema)}.{quoted(self.table)}"

    @property
    def condition(self) -> str:
        """The condition of the slice, true for the whole table."""
        return self.where or "TRUE"


def stored_columns(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str
) -> dict[str, str]:
    """Give the names and types of a stored table's columns; none when there is no such table."""
    try:
        # Not from the catalogue's views: the first question to one costs 20 ms a connection.
        found = connection.execute(f"DESCRIBE {Slice(schema, table, None).name}").fetchall()
    except duckdb.CatalogException:
        return {}
    return {name: type_ for name, type_, *_ in found}


def is_stored(connection: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Say whether there is such a table, within a transaction, too.

    Asked of the catalogue: describing a table that is not there would end the transaction.
    """
    return bool(stored_shape(connection, Slice(table.schema, table.name, None)))


def is_empty(connection: duckdb.DuckDBPyConnection, target: Slice, name: str) -> bool:
    """Say whether no value has been stored in a column."""
    query = f"SELECT count({quoted(name)}) FROM {target.name}"  # noqa: S608  quoted
    return not connection.execute(query).fetchall()[0][0]


def ensure_table(
    connection: duckdb.DuckDBPyConnection,
    target: Slice,
    schema: TableSchema,
    wanted: dict[str, str],
    comment: str | None,
) -> None:
    """Create the table as declared, or see that the stored one still is as declared."""
    stored = stored_shape(connection, target)
    if not stored:
        columns = ", ".join(_declared(column) for column in schema.columns)
        connection.execute(f"CREATE TABLE {target.name} ({columns})")
    else:
        _check_stored(target, schema, wanted, stored)
        for column in schema.columns:
            if column.name not in stored:
                connection.execute(f"ALTER TABLE {target.name} ADD COLUMN {_declared(column)}")
    _keep_comments(connection, target, schema, comment, stored)


def _check_stored(
    target: Slice, schema: TableSchema, wanted: dict[str, str], stored: dict[str, "StoredColumn"]
) -> None:
    """Refuse a change of the declaration that the stored days would not survive."""
    for column in schema.columns:
        place = f"{target.schema}.{target.table}.{column.name}"
        there = stored.get(column.name)
        if there is None:
            if not column.constraints.nullable:
                raise _changed(f"{place} is declared as required, and the stored table lacks it")
        elif there.type != wanted[column.name]:
            raise _changed(f"{place} is declared as {column.type}, and stored as {there.type}")
        elif there.nullable != column.constraints.nullable:
            may_be_null = {True: "one that may be null", False: "required"}
            raise _changed(
                f"{place} is declared as {may_be_null[column.constraints.nullable]}, and stored "
                f"as {may_be_null[there.nullable]}"
            )
    gone = [name for name in stored if name not in wanted]
    if gone:
        raise _changed(
            f"{target.schema}.{target.table} has the columns {', '.join(gone)}, which are no "
            "longer declared"
        )


@dataclass(frozen=True)
class StoredColumn:
    """A column as the database has it."""

    type: str
    nullable: bool
    comment: str | None


def stored_shape(connection: duckdb.DuckDBPyConnection, target: Slice) -> dict[str, StoredColumn]:
    """Give the columns of a stored table by name; none when there is no such table."""
    found = connection.execute(
        "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name = ? AND table_name = ? "
        "ORDER BY column_index",
        [target.schema, target.table],
    ).fetchall()
    return {name: StoredColumn(*rest) for name, *rest in found}


def _keep_comments(
    connection: duckdb.DuckDBPyConnection,
    target: Slice,
    schema: TableSchema,
    comment: str | None,
    before: dict[str, StoredColumn],
) -> None:
    """Tell in the database what is declared; only what differs from before is written."""
    for column in schema.columns:
        there = before.get(column.name)
        if column.description and (there is None or there.comment != column.description):
            place = f"{target.name}.{quoted(column.name)}"
            connection.execute(f"COMMENT ON COLUMN {place} IS {text(column.description)}")
    told = connection.execute(
        "SELECT comment FROM duckdb_tables() "
        "WHERE database_name = current_database() AND schema_name = ? AND table_name = ?",
        [target.schema, target.table],
    ).fetchall()
    if comment and told != [(comment,)]:
        connection.execute(f"COMMENT ON TABLE {target.name} IS {text(comment)}")


def _changed(what: str) -> WarehouseError:
    return WarehouseError(
        f"{what}. Nothing was stored or replaced: declare it as it is stored, or change what is "
        "stored. `randomuser-assets migrate` does so for the tables of this project."
    )


def _declared(column: TableColumn) -> str:
    required = "" if column.constraints.nullable else " NOT NULL"
    compression = (column.tags or {}).get(COMPRESSION)
    stored = f" USING COMPRESSION {compression}" if compression else ""
    return f"{quoted(column.name)} {column.type}{required}{stored}"


def engine_types(connection: duckdb.DuckDBPyConnection, schema: TableSchema) -> dict[str, str]:
    """Give each column's type as the engine writes it: INT is INTEGER."""
    types = ", ".join(f"typeof(CAST(NULL AS {column.type}))" for column in schema.columns)
    found = connection.execute(f"SELECT {types}").fetchall()[0]
    return dict(zip((column.name for column in schema.columns), found, strict=True))
