"""A small table of people, one partition a day: what the tests of this room keep and read back.

Here belong the asset and its rows. What happens to them in a run is in `house`.
"""

import warnings
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
from dagster import (
    AssetExecutionContext,
    AssetIn,
    AssetsDefinition,
    BackfillPolicy,
    BetaWarning,
    DailyPartitionsDefinition,
    TableColumn,
    TableColumnConstraints,
    TableSchema,
    asset,
)

from randomuser_assets.warehouse import SHOWN_TAG

DAYS = DailyPartitionsDefinition("2026-01-01")
FIRST, SECOND, THIRD = "2026-01-01", "2026-01-02", "2026-01-03"
PARTITIONED: dict[str, Any] = {
    "partitions_def": DAYS,
    "backfill_policy": BackfillPolicy.single_run(),
}
SCHEMA = "dagster/column_schema"
STORED_COLUMNS = "FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index"
STORED_TABLES = "FROM duckdb_tables() WHERE NOT internal ORDER BY table_name"


def column(name: str, type_: str, *, required: bool = False, **options: Any) -> TableColumn:
    constraints = TableColumnConstraints(nullable=not required)
    return TableColumn(name, type=type_, constraints=constraints, **options)


DAY = column("snapshot_date", "DATE", required=True, description="Day.", tags=SHOWN_TAG)
NAME = column("name", "VARCHAR", required=True, description="Name, as it's written.")
AGE = column("age", "INTEGER", description="Age in years.")
SEEN_AT = column("seen_at", "TIMESTAMP", description="Last seen, UTC.")
COLUMNS = (DAY, NAME, AGE, SEEN_AT)


def people(day: str, *names: str, **columns: object) -> pd.DataFrame:
    """Give a day's rows; a named column takes another value, or a list with one for each row."""
    values: dict[str, object] = {
        "snapshot_date": [date.fromisoformat(day)] * len(names),
        "name": list(names),
        "age": [None] * len(names),
        "seen_at": [None] * len(names),
        **columns,
    }
    return pd.DataFrame(values)


def table_asset(
    gives: object,
    *,
    columns: tuple[TableColumn, ...] | None = COLUMNS,
    name: str = "people",
    metadata: Mapping[str, Any] | None = None,
    **options: Any,
) -> AssetsDefinition:
    """Declare an asset that gives this, or what a function of its context gives."""
    declared = {SCHEMA: TableSchema(list(columns))} if columns else {}

    def given(context: AssetExecutionContext) -> object:
        return gives(context) if callable(gives) else gives

    described = {"schema": "core", **declared, **(metadata or {})}
    return _asset(given, name=name, metadata=described, **options)


def people_asset(gives: object, **options: Any) -> AssetsDefinition:
    """Declare the asset of the table with a partition a day."""
    metadata = {"partition_expr": "snapshot_date", **options.pop("metadata", {})}
    return table_asset(gives, metadata=metadata, **{**PARTITIONED, **options})


def one_a_day(context: AssetExecutionContext) -> pd.DataFrame:
    """Give a person for each day of the run, named after it."""
    days = [people(day, f"of {day}") for day in context.partition_keys]
    return pd.concat(days, ignore_index=True)


def reader(
    annotation: object,
    into: list[Any],
    *,
    name: str = "reader",
    columns: list[str] | None = None,
    partition_mapping: Any = None,
    **options: Any,
) -> AssetsDefinition:
    """Declare an asset that loads people as annotated, and puts what it got into a list."""

    def got(people: object) -> None:
        into.append(people)

    del got.__annotations__["people"]
    if annotation is not None:
        got.__annotations__["people"] = annotation
    metadata = {"columns": columns} if columns else None
    ins = {"people": AssetIn("people", metadata=metadata, partition_mapping=partition_mapping)}
    return _asset(got, name=name, ins=ins, **options)


def _asset(function: Callable[..., object], **options: Any) -> AssetsDefinition:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Parameter `backfill_policy`", BetaWarning)
        declared: AssetsDefinition = asset(**options)(function)
    return declared
