"""Replacing a slice of a table: one transaction, by name, as declared, or not at all."""

import re

import duckdb
from dagster import TableColumn, TableColumnConstraints, TableSchema

from randomuser_assets.query.names import quoted
from randomuser_assets.warehouse.faults import WarehouseError
from randomuser_assets.warehouse.table import (
    Slice,
    StoredColumn,
    engine_types,
    ensure_table,
    is_empty,
    stored_shape,
)

_ENUM = re.compile(r"ENUM\((?:'(?:[^']|'')*'(?:, )?)*\)")
_FLOATS = {"FLOAT", "DOUBLE"}


def replace_slice(
    connection: duckdb.DuckDBPyConnection,
    target: Slice,
    source: str,
    declared: TableSchema | None,
    comment: str | None,
) -> int:
    """Replace the slice with the rows of a query inside the caller's transaction."""
    source, incoming = _plainly_typed(connection, source)
    schema = declared or _undeclared_schema(connection, target, incoming)
    _check_names(target, incoming, schema)
    wanted = engine_types(connection, schema)
    bent = [name for name in wanted if incoming[name] != wanted[name]]
    values = ", ".join(_value(name, incoming[name]) for name in wanted)
    rows = f"SELECT {values} FROM ({source})"  # noqa: S608  quoted
    if bent:
        _check_nothing_is_lost(connection, target, rows, incoming, wanted, bent)
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(target.schema)}")
    ensure_table(connection, target, schema, wanted, comment)
    connection.execute(f"DELETE FROM {target.name} WHERE {target.condition}")  # noqa: S608  quoted
    insert = f"INSERT INTO {target.name} BY NAME {rows}"
    inserted = connection.execute(insert).fetchall()[0][0]
    stored = count(connection, target)
    if stored != inserted:
        texts = [n for n, type_ in wanted.items() if type_ == "VARCHAR" and n in str(target.where)]
        hint = f" {texts[0]} is text: CAST({texts[0]} AS DATE) can be compared." if texts else ""
        raise WarehouseError(
            f"{inserted - stored} of {inserted} rows written to {target.schema}.{target.table} do "
            f"not belong to the partition ({target.where}). Nothing was stored or replaced: give "
            f"the rows of the partition only.{hint}"
        )
    return int(inserted)


def count(connection: duckdb.DuckDBPyConnection, target: Slice) -> int:
    """Count the rows of a slice."""
    query = f"SELECT count(*) FROM {target.name} WHERE {target.condition}"  # noqa: S608  quoted
    return int(connection.execute(query).fetchall()[0][0])


def _plainly_typed(
    connection: duckdb.DuckDBPyConnection, source: str
) -> tuple[str, dict[str, str]]:
    """Give the query and its columns, without types that cannot be compared or that quote data."""
    columns = {row[0]: row[1] for row in connection.execute(f"DESCRIBE {source}").fetchall()}
    plain = {name: _plain_type(type_) for name, type_ in columns.items()}
    casts = [
        f"CAST({quoted(name)} AS {plain[name]}) AS {quoted(name)}"
        for name, type_ in columns.items()
        if type_ != plain[name]
    ]
    if casts:
        source = f"SELECT * REPLACE ({', '.join(casts)}) FROM ({source})"  # noqa: S608  quoted
    return source, plain


def _plain_type(type_: str) -> str:
    type_ = _ENUM.sub("VARCHAR", type_)  # its name lists the values
    # The session's zone is UTC; the engine has no way from the one to a TIMESTAMP.
    return "TIMESTAMP_NS" if type_ == "TIMESTAMPTZ_NS" else type_


def _undeclared_schema(
    connection: duckdb.DuckDBPyConnection, target: Slice, incoming: dict[str, str]
) -> TableSchema:
    """Take the columns as they are stored, and as they come where nothing was stored yet.

    The type of a column in which no value has been seen was a guess, and follows the first value.
    """
    stored = stored_shape(connection, target)
    for name, type_ in incoming.items():
        if name in stored and stored[name].type != type_ and is_empty(connection, target, name):
            connection.execute(f"ALTER TABLE {target.name} ALTER {quoted(name)} TYPE {type_}")
    shape = {
        **{name: StoredColumn(type_, True, None) for name, type_ in incoming.items()},
        **stored_shape(connection, target),
    }
    return TableSchema(
        [
            TableColumn(
                name, column.type, constraints=TableColumnConstraints(nullable=column.nullable)
            )
            for name, column in shape.items()
        ]
    )


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


def _short_name(type_: str) -> str:
    """Name a type without what stands in its brackets, which for an object are its keys."""
    return re.split(r"\((?!\d)", type_)[0]


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
        f"{number} of {name} ({_short_name(incoming[name])}, declared {wanted[name]})"
        for name, number in zip(bent, lost, strict=True)
        if number
    ]
    if faults:
        raise WarehouseError(
            f"Values for {target.schema}.{target.table} would change in the declared type: "
            f"{', '.join(faults)}. Nothing was stored or replaced: convert them first."
        )
