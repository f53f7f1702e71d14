"""How a stored table differs from its declaration, in words, and whether it can follow it."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from randomuser_assets.model import Model, Table
from randomuser_assets.model.quality import QUALITY
from randomuser_assets.query.names import quoted
from randomuser_assets.warehouse.declared import column_schema
from randomuser_assets.warehouse.faults import WarehouseError
from randomuser_assets.warehouse.table import Slice, StoredColumn, engine_types, stored_shape

Renames = Mapping[str, str]
"""New names of stored columns, by schema.table.column."""


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
        renamed = {renames.get(f"{name_of(table)}.{c}", c): shape for c, shape in stored.items()}
        difference = _difference(connection, table, model, stored, renamed)
        if difference.changes or difference.blockers:
            found.append(difference)
    if unknown:
        raise WarehouseError(
            f"{', '.join(sorted(unknown))} is to be renamed and is not stored: expected names like "
            "raw.raw_users.column, as they are in the warehouse."
        )
    return found


def _difference(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    model: Model,
    stored: Mapping[str, StoredColumn],
    renamed: Mapping[str, StoredColumn],
) -> Difference:
    wanted = engine_types(connection, column_schema(table))
    derived = is_derived(table, model)
    changes = [
        f"{old} becomes {new}" for old, new in zip(stored, renamed, strict=True) if old != new
    ]
    blockers = []
    missing = [c for c in table.columns if c.name not in renamed]
    surplus = {name: shape for name, shape in renamed.items() if name not in wanted}
    for column in missing:
        what = f"{column.name} {column.type.sql} is new"
        alike = [name for name, shape in surplus.items() if shape.type == wanted[column.name]]
        if derived or not column.required:
            changes.append(f"{what}{'' if derived else ', null for the rows that are there'}")
        elif alike:
            blockers.append(
                f"{what} and required, and {', '.join(alike)} of the same type is no longer "
                f"declared: if it was renamed, say --rename {name_of(table)}.{alike[0]}="
                f"{column.name}"
            )
        else:
            blockers.append(
                f"{what} and required, and the rows that are there have no value for it: declare "
                "it with required=False"
            )
    changes += [
        f"{name} goes{_values(connection, table, name, derived=derived)}" for name in surplus
    ]
    for column in table.columns:
        there = renamed.get(column.name)
        if there and there.type != wanted[column.name]:
            changes.append(f"{column.name} {there.type} becomes {wanted[column.name]}")
        if there and there.nullable == column.required:
            may_be = "becomes required" if column.required else "may be null"
            changes.append(f"{column.name} {may_be}")
    return Difference(table, tuple(changes), tuple(blockers))


def _values(
    connection: duckdb.DuckDBPyConnection, table: Table, column: str, *, derived: bool
) -> str:
    if derived:  # what it held is where it was made of
        return ""
    name = Slice(table.schema, table.name, None).name
    found = connection.execute(f"SELECT count({quoted(column)}) FROM {name}").fetchall()  # noqa: S608
    return f", with {found[0][0]:,} values, which stay in the backup"
