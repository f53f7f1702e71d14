"""From stored tables to those that are declared now: each is remade, all in one transaction.

A table that is made of others is made of them again, by the query of its asset, so that no value
is guessed; one that is not is copied from itself. Whatever is made of a remade table is remade,
too, or it would be of another state.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
from sqlglot import exp
from sqlglot.expressions import Query

from randomuser_assets.model import PARTITION, Model, Table
from randomuser_assets.model.quality import WRITES
from randomuser_assets.numbered import numbered
from randomuser_assets.query.days import ref, rows
from randomuser_assets.query.dialects import WarehouseDuckDB
from randomuser_assets.query.flatten import flattened, rejected
from randomuser_assets.query.names import quoted, text
from randomuser_assets.query.normalise import normalised
from randomuser_assets.warehouse.changes import (
    Difference,
    Renames,
    differences,
    is_derived,
    name_of,
    new_names,
)
from randomuser_assets.warehouse.declared import column_schema
from randomuser_assets.warehouse.faults import WarehouseError, told_without_data
from randomuser_assets.warehouse.public import has_public_view, keep_public_view
from randomuser_assets.warehouse.table import Slice, is_stored, stored_shape
from randomuser_assets.warehouse.write import replace_slice

_NEW = "__new"
_WRITES = Slice(WRITES.schema, WRITES.name, None).name
_MOST_DAYS = 5  # that are told one by one

Rows = Mapping[str, int]
"""Rows by day; of a table without days, by nothing."""


@dataclass(frozen=True)
class Plan:
    """What differs, and which tables are remade because of it."""

    differences: tuple[Difference, ...]
    remade: tuple[Table, ...]
    shown: tuple[Table, ...] = ()
    """Tables that stay, and whose public views are not as declared."""

    @property
    def blockers(self) -> list[str]:
        """What stands in the way."""
        return [
            f"{name_of(d.table)}: {blocker}" for d in self.differences for blocker in d.blockers
        ]

    def lines(self) -> list[str]:
        """Say it, a line a change."""
        told = [f"{name_of(d.table)}: {change}" for d in self.differences for change in d.changes]
        different = {d.table.name for d in self.differences}
        told += [
            f"{name_of(table)}: is made again of what it is made of"
            for table in self.remade
            if table.name not in different
        ]
        return told + [
            f"{name_of(table.public_view)}: shows {', '.join(table.public.column_names)}"
            for table in self.shown
        ]


def planned(connection: duckdb.DuckDBPyConnection, model: Model, renames: Renames) -> Plan:
    """Say what is to be done."""
    found = differences(connection, model, renames)
    different = {difference.table.name for difference in found}
    everything_derived = model.flattened.name in different
    remade = [
        table
        for table in (*model, *(d.table for d in found if d.table not in tuple(model)))
        if table.name in different
        or (everything_derived and is_derived(table, model) and is_stored(connection, table))
    ]
    shown = [
        table
        for table in model.core
        if table not in remade
        and is_stored(connection, table)
        and not has_public_view(connection, table)
    ]
    return Plan(tuple(found), tuple(remade), tuple(shown))


def migrate(
    connection: duckdb.DuckDBPyConnection,
    model: Model,
    plan: Plan,
    renames: Renames,
    *,
    accept_fewer_rows: bool,
) -> list[str]:
    """Do it, inside the caller's transaction, and say what became of each table."""
    if plan.blockers:
        raise WarehouseError("Nothing was changed. " + ". ".join(plan.blockers) + ".")
    for difference in plan.differences:
        _rename_columns(connection, difference.table, renames)
    told = []
    readable = _rows(connection, model.flattened)
    for table in plan.remade:
        before = _rows(connection, table)
        if is_derived(table, model):
            _check_days_can_be_made(connection, table, model, before)
        _remake(connection, table, _source(connection, table, model))
        after = _rows(connection, table)
        told.append(_told(table, before, after))
        # A rejected record that can be read now is not lost.
        found = _rows(connection, model.flattened) if table == model.rejected else {}
        fewer = [
            day
            for day in before
            if after.get(day, 0) + found.get(day, 0)
            < before[day] + (readable.get(day, 0) if table == model.rejected else 0)
        ]
        if fewer and not accept_fewer_rows:
            raise WarehouseError(
                f"Nothing was changed. {told[-1]}: some of the rows that are there could not be "
                "made again. If that is right, as after a rule became stricter, say "
                "--accept-fewer-rows."
            )
        _keep_records(connection, table, before, after)
    for table in model.core:
        if table in (*plan.remade, *plan.shown):
            columns = column_schema(table.public)
            name = Slice(table.schema, table.name, None)
            keep_public_view(connection, name, columns, table.description)
    if is_stored(connection, WRITES):
        ours = ", ".join(f"({text(table.schema)}, {text(table.name)})" for table in model)
        connection.execute(
            f"UPDATE {_WRITES} SET schema_version = {text(model.version)} "  # noqa: S608  quoted
            f"WHERE (table_schema, table_name) IN ({ours})"
        )
    return told


def _rename_columns(connection: duckdb.DuckDBPyConnection, table: Table, renames: Renames) -> None:
    name = Slice(table.schema, table.name, None)
    for old, new in new_names(table, stored_shape(connection, name), renames).items():
        if old == new:
            continue
        try:
            connection.execute(f"ALTER TABLE {name.name} RENAME {quoted(old)} TO {quoted(new)}")
        except duckdb.DependencyException:
            raise WarehouseError(
                f"Nothing was changed. Somebody made an index on {name_of(table)}, so that no "
                "column of it can be renamed: drop the index, and make it again afterwards."
            ) from None


def _keep_records(
    connection: duckdb.DuckDBPyConnection, table: Table, before: Rows, after: Rows
) -> None:
    """Keep current how many rows each day has, where that is kept."""
    if before == after or not is_stored(connection, WRITES):
        return
    for day in {*before, *after}:
        connection.execute(
            f"UPDATE {_WRITES} SET records = ? "  # noqa: S608  quoted
            "WHERE table_schema = ? AND table_name = ? AND partition = ?",
            [after.get(day, 0), table.schema, table.name, day],
        )


def _source(connection: duckdb.DuckDBPyConnection, table: Table, model: Model) -> str:
    if is_derived(table, model):
        return _made_of(connection, table, model).sql(dialect=WarehouseDuckDB)
    stored = stored_shape(connection, Slice(table.schema, table.name, None))
    columns = [
        (ref(c.name) if c.name in stored else exp.null()).as_(c.name, quoted=True)
        for c in table.columns
    ]
    return rows(table, None).select(*columns, append=False).sql(dialect=WarehouseDuckDB)


def _made_of(connection: duckdb.DuckDBPyConnection, table: Table, model: Model) -> Query:
    """Give the table's own query, of the days that were made: no check is got round."""
    halves = (model.flattened, model.rejected)
    made = set[str]().union(
        *(_days(connection, t) for t in (halves if table in halves else (table,)))
    )
    days = [exp.cast(exp.Literal.string(day), "DATE") for day in sorted(made)]
    of_these = ref(PARTITION).isin(*days) if days else exp.false()
    raw, readable = (rows(t, None).where(of_these.copy()) for t in (model.raw, model.flattened))
    if table == model.flattened:
        return flattened(raw, model)
    if table == model.rejected:
        return rejected(raw, readable, model)
    return normalised(readable, table, model)


def _days(connection: duckdb.DuckDBPyConnection, table: Table) -> set[str]:
    """Give the days that a table has, and those of which it was made with no row."""
    days = set(_rows(connection, table))
    if {"table_schema", "table_name", "partition"} <= set(
        stored_shape(connection, Slice(WRITES.schema, WRITES.name, None))
    ):
        days |= {
            day
            for (day,) in connection.execute(
                f"SELECT partition FROM {_WRITES} "  # noqa: S608  quoted
                "WHERE table_schema = ? AND table_name = ? AND partition IS NOT NULL",
                [table.schema, table.name],
            ).fetchall()
        }
    return days


def _remake(connection: duckdb.DuckDBPyConnection, table: Table, source: str) -> None:
    """Write the table anew beside the old one, and give it the name."""
    new = Slice(table.schema, table.name + _NEW, None)
    if stored_shape(connection, new):
        raise WarehouseError(
            f"Nothing was changed. The name {new.schema}.{new.table} is needed for a moment, and "
            "somebody's table has it: rename that one."
        )
    try:
        with told_without_data(f"Remaking {name_of(table)}"):
            replace_slice(connection, new, source, column_schema(table), table.description)
    except WarehouseError as error:
        raise WarehouseError(str(error.description).replace(_NEW, "")) from None
    connection.execute(f"DROP TABLE {Slice(table.schema, table.name, None).name}")
    connection.execute(f"ALTER TABLE {new.name} RENAME TO {quoted(table.name)}")


def _check_days_can_be_made(
    connection: duckdb.DuckDBPyConnection, table: Table, model: Model, before: Rows
) -> None:
    """Refuse to lose a day that what the table is made of no longer has."""
    source = (
        _rows(connection, model.raw)
        if table in (model.flattened, model.rejected)
        else {**_rows(connection, model.flattened), **_rows(connection, model.rejected)}
    )
    lost = sorted(set(before) - set(source))
    if lost:
        days = numbered(len(lost), "day", "days")
        raise WarehouseError(
            f"Nothing was changed. {name_of(table)} has {days} that cannot be made again, since "
            f"what that takes is gone: {_some(lost)}. Restore it, or remove what cannot be made."
        )


def _rows(connection: duckdb.DuckDBPyConnection, table: Table) -> Rows:
    if not is_stored(connection, table):
        return {}
    as_text = f"CAST({quoted(PARTITION)} AS VARCHAR)"
    # A day is a day, as whatever it is stored until now.
    day = (
        f"COALESCE(CAST(TRY_CAST({as_text} AS DATE) AS VARCHAR), {as_text}, 'no day')"
        if table.partitioned
        else "''"
    )
    name = Slice(table.schema, table.name, None).name
    return dict(
        connection.execute(f"SELECT {day}, count(*) FROM {name} GROUP BY ALL").fetchall()  # noqa: S608  quoted
    )


def _told(table: Table, before: Rows, after: Rows) -> str:
    told = f"{name_of(table)}: {sum(after.values()):,} rows"
    changed = [day for day in sorted({*before, *after}) if before.get(day, 0) != after.get(day, 0)]
    if not changed:
        return told
    days = [f"{day} {before.get(day, 0):,} → {after.get(day, 0):,}" for day in changed]
    return f"{told}, where there were {sum(before.values()):,} ({_some(days)})"


def _some(items: list[str]) -> str:
    return f"{', '.join(items[:_MOST_DAYS])}{' …' if len(items) > _MOST_DAYS else ''}"
