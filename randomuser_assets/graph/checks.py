"""The checks: what each asks, what a failure blocks, and what is told of it.

One op a table for what needs only that table, one op for all references between tables: checks
that block in both directions would be a circle. They carry no partitions: they look at the days
of their run, or at everything when they are run by themselves.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetCheckSpec,
    multi_asset_check,
)
from sqlglot.expressions import Select

from randomuser_assets.graph.days import days_of_run
from randomuser_assets.model import PARTITION, Column, Model, Table
from randomuser_assets.query.audit import missing, repeated, rows, unmet
from randomuser_assets.query.dialects import WarehouseDuckDB
from randomuser_assets.settings import Settings
from randomuser_assets.warehouse.connect import opened
from randomuser_assets.warehouse.faults import told_without_data
from randomuser_assets.warehouse.table import stored_columns

Days = tuple[str, str] | None
Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Stored:
    """What checks look at: the open warehouse, the run's days, the columns that tables have."""

    connection: duckdb.DuckDBPyConnection
    days: Days
    columns: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Reads:
    """The columns of a table that a check's query names."""

    table: Table
    columns: tuple[str, ...]

    def lacking(self, there: Stored) -> tuple[str, str] | None:
        """Say what of it is not there, and what to do."""
        stored = there.columns[self.table.name]
        place = f"{self.table.schema}.{self.table.name}"
        if not stored:
            return place, "Materialise the table first."
        missing = [f"{place}.{name}" for name in self.columns if name not in stored]
        return (", ".join(missing), "See columns_are_as_declared.") if missing else None


@dataclass(frozen=True)
class Check:
    """One check of one table: `find` gives the figures of what is wrong, all empty when right."""

    table: Table
    name: str
    description: str
    find: Callable[[Stored], Figures]
    reads: tuple[Reads, ...]
    blocking: bool = True
    severity: AssetCheckSeverity = AssetCheckSeverity.ERROR

    @property
    def spec(self) -> AssetCheckSpec:
        """Give what Dagster shows of the check before it runs."""
        return AssetCheckSpec(
            name=self.name,
            asset=self.table.name,
            description=self.description,
            blocking=self.blocking,
            additional_deps=[r.table.name for r in self.reads if r.table != self.table],
        )

    def result(self, there: Stored) -> AssetCheckResult:
        """Ask, and say what was found."""
        lacking = [missing for reads in self.reads if (missing := reads.lacking(there))]
        figures: Figures = {"missing": lacking[0][0]} if lacking else self.find(there)
        wrong = {name: figure for name, figure in figures.items() if figure}
        return AssetCheckResult(
            passed=not wrong,
            asset_key=self.table.name,
            check_name=self.name,
            severity=self.severity,
            description=_told(wrong, advice=lacking[0][1] if lacking else ""),
            metadata={
                "days": " to ".join(sorted(set(there.days))) if there.days else "all",
                **{name: "none" if figure == "" else figure for name, figure in figures.items()},
            },
        )


def _told(wrong: Figures, advice: str) -> str:
    if not wrong:
        return "Nothing wrong was found."
    figures = ", ".join(f"{name} {figure}" for name, figure in wrong.items())
    return f"{figures}. {advice}".strip()


def check_definitions(settings: Settings, model: Model) -> list[AssetChecksDefinition]:
    """Give the check ops: one a table, and one for what crosses tables."""
    # Nothing is made of the rejected records, so nothing need be stopped for them.
    by_table = {t.name: list(table_checks(t, blocking=t != model.rejected)) for t in model}
    return [
        *(_op(f"check_{name}", checks, settings) for name, checks in by_table.items()),
        _op("references", list(reference_checks(model)), settings),
    ]


def table_checks(table: Table, *, blocking: bool) -> Iterator[Check]:
    """Give the checks that need only one table."""
    required = [column for column in table.columns if column.required]
    yield Check(
        table,
        "key_is_unique",
        f"No two rows have the same {', '.join(table.key)}.",
        lambda there: _figures(there, repeated(rows(table, there.days), table.key)),
        (Reads(table, table.key),),
        blocking,
    )
    yield Check(
        table,
        "column_names_are_clean",
        "Column names hold only A-Z, a-z, 0-9 and _.",
        lambda there: {"names": _unclean_names(there.columns[table.name])},
        (Reads(table, ()),),
        blocking,
    )
    yield Check(
        table,
        "columns_are_as_declared",
        "The declared columns are there, with their types, and no others.",
        lambda there: {"differences": _differences(there.columns[table.name], table)},
        (Reads(table, ()),),
        blocking,
    )
    yield Check(
        table,
        "required_values_are_there",
        "No null stands where none may.",
        lambda there: _figures(there, missing(rows(table, there.days), required)),
        (Reads(table, tuple(column.name for column in required)),),
        blocking,
    )
    for column in table.columns:
        if column.unique:
            yield _no_repeats(table, column)


def _no_repeats(table: Table, column: Column) -> Check:
    key = (PARTITION, column.name)
    return Check(
        table,
        f"{column.name}_does_not_repeat",
        f"No {column.name} comes twice in a day; equal rows would become one further on.",
        lambda there: _figures(there, repeated(rows(table, there.days), key)),
        (Reads(table, key),),
        blocking=False,
        severity=AssetCheckSeverity.WARN,
    )


def reference_checks(model: Model) -> Iterator[Check]:
    """Give a check for each reference: what it names is there on the same day."""
    for table in model:
        for column in table.references:
            yield _reference_check(table, column, model[str(column.references)])


def _reference_check(table: Table, column: Column, target: Table) -> Check:
    return Check(
        table,
        f"{column.name}_is_in_{target.name}",
        f"Each {column.name} is the {target.own_key[0]} of a row of {target.name} of that day.",
        lambda there: _figures(
            there,
            unmet(rows(table, there.days), column, rows(target, there.days), target.own_key[0]),
        ),
        reads=(Reads(table, (PARTITION, column.name)), Reads(target, target.key)),
    )


def _op(name: str, checks: list[Check], settings: Settings) -> AssetChecksDefinition:
    # A subset, so that the UI can run a single one.
    @multi_asset_check(name=name, specs=[check.spec for check in checks], can_subset=True)
    def run(context: AssetCheckExecutionContext) -> Iterator[AssetCheckResult]:
        with opened(str(settings.warehouse_path), read_only=True, log=context.log) as connection:
            tables = {reads.table for check in checks for reads in check.reads}
            columns = {t.name: stored_columns(connection, t.schema, t.name) for t in tables}
            there = Stored(connection, days_of_run(context.run.tags), columns)
            for check in checks:
                if check.spec.key not in context.selected_asset_check_keys:
                    continue
                with told_without_data(f"Checking {check.table.name}: {check.name}"):
                    result = check.result(there)
                yield result

    return run


def _figures(there: Stored, query: Select) -> Figures:
    cursor = there.connection.execute(query.sql(dialect=WarehouseDuckDB))
    names = [column[0] for column in cursor.description or ()]
    return dict(zip(names, cursor.fetchall()[0], strict=True))


def _unclean_names(stored: Mapping[str, str]) -> str:
    return ", ".join(name for name in stored if not re.fullmatch("[A-Za-z0-9_]+", name))


def _differences(stored: Mapping[str, str], table: Table) -> str:
    declared = {column.name: column.type.sql for column in table.columns}
    return "; ".join(
        f"{name} is {stored.get(name, 'not there')}, declared {declared.get(name, 'nowhere')}"
        for name in {**declared, **stored}
        if stored.get(name) != declared.get(name)
    )
