"""Replacing a slice of a table: one transaction, by name, as declared, or not at all."""

from dataclasses import dataclass

import duckdb
from dagster import TableColumn, TableSchema
from sqlglot import exp

from randomuser_assets.warehouse.faults import WarehouseError

_FLOATS = {"FLOAT", "DOUBLE"}


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


def quoted(name: str) -> str:
    """Quote a name."""
    return exp.to_identifier(name, quoted=True).sql("duckdb")


def text(value: str) -> str:
    """Quote a text."""
    return exp.Literal.string(value).sql("duckdb")


def replace_slice(
    connection: duckdb.DuckDBPyConnection,
    target: Slice,
    source: str,
    declared: TableSchema | None,
    comment: str | None,
) -> int:
    """Replace the slice with the rows of a query inside the caller's transaction."""
    incoming = _columns(connection, source)
    schema = declared or TableSchema([TableColumn(n, type=t) for n, t in incoming.items()])
    _check_names(target, incoming, schema)
    wanted = _engine_types(connection, schema)
    bent = [name for name in wanted if incoming[name] != wanted[name]]
    values = ", ".join(_value(name, incoming[name]) for name in wanted)
    rows = f"SELECT {values} FROM ({source})"  # noqa: S608  quoted
    if bent:
        _check_nothing_is_lost(connection, target, rows, incoming, wanted, bent)
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(target.schema)}")
    _ensure_table(connection, target, schema, wanted, comment)
    connection.execute(f"DELETE FROM {target.name} WHERE {target.condition}")  # noqa: S608  quoted
    insert = f"INSERT INTO {target.name} BY NAME {rows}"
    inserted = connection.execute(insert).fetchall()[0][0]
    stored = count(connection, target)
    if stored != inserted:
        raise WarehouseError(
            f"{inserted - stored} of {inserted} rows written to {target.schema}.{target.table} do "
            f"not belong to the partition ({target.where}). Nothing was stored or replaced: give "
            "the rows of the partition only."
        )
    return int(inserted)


def count(connection: duckdb.DuckDBPyConnection, target: Slice) -> int:
    """Count the rows of a slice."""
    query = f"SELECT count(*) FROM {target.name} WHERE {target.condition}"  # noqa: S608  quoted
    return int(connection.execute(query).fetchall()[0][0])


def stored_columns(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str
) -> dict[str, str]:
    """Give the names and types of a stored table's columns; none when there is no such table."""
    return dict(
        connection.execute(
            "SELECT column_name, data_type FROM duckdb_columns() "
            "WHERE database_name = current_database() AND schema_name = ? AND table_name = ? "
            "ORDER BY column_index",
            [schema, table],
        ).fetchall()
    )


def _columns(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(f"DESCRIBE {query}").fetchall()}


def _check_names(target: Slice, incoming: dict[str, str], schema: TableSchema) -> None:
    expected = [column.name for column in schema.columns]
    missing = [name for name in expected if name not in incoming]
    unknown = [name for name in incoming if name not in expected]
    if missing or unknown:
        faults = [f"lack {', '.join(missing)}"] if missing else []
        faults += [f"have the undeclared {', '.join(unknown)}"] if unknown else []
        raise WarehouseError(
            f"The rows for {target.schema}.{target.table} {' and '.join(faults)}. Nothing was "
            f"stored or replaced: expected exactly {', '.join(expected)}, in any order."
        )


def _ensure_table(
    connection: duckdb.DuckDBPyConnection,
    target: Slice,
    schema: TableSchema,
    wanted: dict[str, str],
    comment: str | None,
) -> None:
    """Create the table as declared, or see that the stored one still is as declared."""
    stored = stored_columns(connection, target.schema, target.table)
    if not stored:
        columns = ", ".join(_declared(column) for column in schema.columns)
        connection.execute(f"CREATE TABLE {target.name} ({columns})")
        if comment:
            connection.execute(f"COMMENT ON TABLE {target.name} IS {text(comment)}")
        for column in schema.columns:
            _comment(connection, target, column)
        return
    for column in schema.columns:
        place = f"{target.schema}.{target.table}.{column.name}"
        if column.name not in stored:
            if not column.constraints.nullable:
                raise _changed(f"{place} is declared as required, and the stored table lacks it")
            connection.execute(f"ALTER TABLE {target.name} ADD COLUMN {_declared(column)}")
            _comment(connection, target, column)
        elif stored[column.name] != wanted[column.name]:
            raise _changed(
                f"{place} is declared as {column.type}, and stored as {stored[column.name]}"
            )
    gone = [name for name in stored if name not in {column.name for column in schema.columns}]
    if gone:
        raise _changed(
            f"{target.schema}.{target.table} has the columns {', '.join(gone)}, which are no "
            "longer declared"
        )


def _changed(what: str) -> WarehouseError:
    return WarehouseError(
        f"{what}. Nothing was stored or replaced: declare it as it is stored, or move the "
        "warehouse file away and load the days again."
    )


def _declared(column: TableColumn) -> str:
    return (
        f"{quoted(column.name)} {column.type}{'' if column.constraints.nullable else ' NOT NULL'}"
    )


def _comment(connection: duckdb.DuckDBPyConnection, target: Slice, column: TableColumn) -> None:
    if column.description:
        connection.execute(
            f"COMMENT ON COLUMN {target.name}.{quoted(column.name)} IS {text(column.description)}"
        )


def _engine_types(connection: duckdb.DuckDBPyConnection, schema: TableSchema) -> dict[str, str]:
    """Give each column's type as the engine writes it: INT is INTEGER."""
    types = ", ".join(f"typeof(CAST(NULL AS {column.type}))" for column in schema.columns)
    found = connection.execute(f"SELECT {types}").fetchall()[0]
    return dict(zip((column.name for column in schema.columns), found, strict=True))


def _value(name: str, type_: str) -> str:
    """Give a column's value; a missing number comes from pandas as NaN."""
    return f"nullif({quoted(name)}, 'NaN') AS {quoted(name)}" if type_ in _FLOATS else quoted(name)


def _check_nothing_is_lost(
    connection: duckdb.DuckDBPyConnection,
    target: Slice,
    rows: str,
    incoming: dict[str, str],
    wanted: dict[str, str],
    bent: list[str],
) -> None:
    """See that each value survives the way into the declared type and back."""
    tests = ", ".join(
        f"count(*) FILTER (TRY_CAST(TRY_CAST({quoted(name)} AS {wanted[name]}) "
        f"AS {incoming[name]}) IS DISTINCT FROM {quoted(name)})"
        for name in bent
    )
    lost = connection.execute(f"SELECT {tests} FROM ({rows})").fetchall()[0]  # noqa: S608  quoted
    faults = [
        f"{number} of {name} ({incoming[name]}, declared {wanted[name]})"
        for name, number in zip(bent, lost, strict=True)
        if number
    ]
    if faults:
        raise WarehouseError(
            f"Values for {target.schema}.{target.table} would change in the declared type: "
            f"{', '.join(faults)}. Nothing was stored or replaced: convert them first."
        )
