"""How a stored table differs from its declaration, in words, and whether it can follow it."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

import duckdb

from randomuser_assets.model import PARTITION, Column, Model, Table
from randomuser_assets.model.quality import QUALITY
from randomuser_assets.numbered import numbered
from randomuser_assets.query.names import quoted
from randomuser_assets.warehouse.declared import column_schema
from randomuser_assets.warehouse.faults import WarehouseError
from randomuser_assets.warehouse.table import Slice, StoredColumn, engine_types, stored_shape

Renames = Mapping[str, str | None]
"""New names of stored columns, by schema.table.column; null for one that goes."""


@dataclass(frozen=True)
class Difference:
    """A stored table that is not as declared: what is different, and what stands in the way."""

    table: Table
    changes: tuple[str, ...]
    blockers: tuple[str, ...]


def is_derived(table: Table, model: Model) -> bool:
    """Say whether a table can be made again of what is stored in others."""
    return table in (model.flattened, model.rejected, *model.core)


def name_of(table: Table) -> str:
    """Give the name under which a table is stored."""
    return f"{table.schema}.{table.name}"


def differences(
    connection: duckdb.DuckDBPyConnection, model: Model, renames: Renames
) -> list[Difference]:
    """Compare what is stored of the declared tables; others are nobody's business."""
    tables = (*model, *QUALITY)
    found = []
    unknown = set(renames)
    for table in tables:
        target = Slice(table.schema, table.name, None)
        stored = stored_shape(connection, target)
        if not stored:
            continue
        unknown -= {f"{name_of(table)}.{column}" for column in stored}
        difference = _difference(connection, table, model, stored, renames)
        if difference.changes or difference.blockers:
            found.append(difference)
    if unknown:
        raise WarehouseError(
            f"{', '.join(sorted(unknown))} is to be renamed or dropped and is not stored: expected "
            "names like raw.raw_users.column, as they are in the warehouse."
        )
    return found


def new_names(table: Table, stored: Iterable[str], renames: Renames) -> dict[str, str]:
    """Give the names that the stored columns get, by those they have."""
    return {old: renames.get(f"{name_of(table)}.{old}") or old for old in stored}


def _difference(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    model: Model,
    stored: Mapping[str, StoredColumn],
    renames: Renames,
) -> Difference:
    wanted = engine_types(connection, column_schema(table))
    derived = is_derived(table, model)
    names = new_names(table, stored, renames)
    renamed = {names[old]: shape for old, shape in stored.items()}
    changes = [f"{old} becomes {new}" for old, new in names.items() if old != new]
    blockers = _wrong_names(names, wanted)
    dropped = {name for name in stored if renames.get(f"{name_of(table)}.{name}", name) is None}
    blockers += [f"{name} is declared, and cannot be dropped" for name in dropped & set(wanted)]
    surplus = {name: shape for name, shape in renamed.items() if name not in wanted}
    for column in table.columns:
        there = renamed.get(column.name)
        if there is None:
            alike = [
                name
                for name, shape in surplus.items()
                if shape.type == wanted[column.name] and name not in dropped
            ]
            change, blocker = _new(connection, table, column, alike, derived=derived)
        else:
            change = _changed(column, there, wanted[column.name])
            old = next(old for old, new in names.items() if new == column.name)
            blocker = [] if derived else _without_value(connection, table, column, there, old)
        changes += change
        blockers += blocker
    changes += [
        f"{name} goes{_values(connection, table, name, derived=derived)}"
        for name in stored
        if names[name] in surplus
    ]
    return Difference(table, tuple(changes), tuple(blockers))


def _new(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    column: Column,
    alike: list[str],
    *,
    derived: bool,
) -> tuple[list[str], list[str]]:
    """Say what becomes of a column that is not stored, or why nobody knows."""
    what = f"{column.name} {column.type.sql} is new"
    if derived and column.name == PARTITION:
        days = f"{name_of(table)}.{(alike or ['day'])[0]}"
        unknown = f"{what}, and without it nobody can say which days there are: name the column"
        return [], [f"{unknown} that has them, as in --rename {days}={PARTITION}"]
    if derived:
        return [what], []
    if not _count(connection, table, "*"):
        return [f"{what}, and there are no rows"], []
    if alike:  # a renaming looks like a removal and an addition, and would lose the values
        old = f"{name_of(table)}.{alike[0]}"
        return [], [
            f"{what}, and {', '.join(alike)} of the same type is no longer declared: if it was "
            f"renamed, say --rename {old}={column.name}, and if not, "
            + ("declare it with required=False" if column.required else f"--drop {old}")
        ]
    if not column.required:
        return [f"{what}, null for the rows that are there"], []
    without = "the rows that are there have no value for it: declare it with required=False"
    return [], [f"{what} and required, and {without}"]


def _changed(column: Column, there: StoredColumn, wanted: str) -> list[str]:
    retyped = [f"{column.name} {there.type} becomes {wanted}"] if there.type != wanted else []
    if there.nullable != column.required:
        return retyped
    return [*retyped, f"{column.name} {'becomes required' if column.required else 'may be null'}"]


def _without_value(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    column: Column,
    there: StoredColumn,
    stored_as: str,
) -> list[str]:
    """Say how many rows lack a value that becomes required."""
    if not column.required or not there.nullable:
        return []
    lacking = _count(connection, table, "*") - _count(connection, table, quoted(stored_as))
    if not lacking:
        return []
    advice = "give them one, or declare it with required=False"
    rows = numbered(lacking, "row has", "rows have")
    return [f"{column.name} becomes required, and {rows} no value for it: {advice}"]


def _wrong_names(names: Mapping[str, str], declared: Container[str]) -> list[str]:
    """Say which renamings cannot be."""
    given = {old: new for old, new in names.items() if old != new}
    taken = list(names.values())
    return [
        f"{old} cannot become {new}, which is "
        + ("not declared" if new not in declared else "the name of another stored column")
        for old, new in given.items()
        if new not in declared or taken.count(new) > 1
    ]


def _count(connection: duckdb.DuckDBPyConnection, table: Table, what: str) -> int:
    name = Slice(table.schema, table.name, None).name
    found = connection.execute(f"SELECT count({what}) FROM {name}").fetchall()  # noqa: S608  quoted
    return int(found[0][0])


def _values(
    connection: duckdb.DuckDBPyConnection, table: Table, column: str, *, derived: bool
) -> str:
    if derived:  # what it held is where it was made of
        return ""
    return f", with {_count(connection, table, quoted(column)):,} values, which stay in the backup"
