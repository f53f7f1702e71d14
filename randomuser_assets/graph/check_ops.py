"""How checks run: an op for each table before the core, one for all core tables.

More than one, since what is made of a table waits for its checks; few, since each opens the
warehouse. They carry no partitions: they look at the days of their run, or at everything when
they are run by themselves. What they say is kept in the warehouse, too.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from logging import Logger

import duckdb
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetChecksDefinition,
    multi_asset_check,
)

from randomuser_assets.graph.check import Check, Figures, Stored, Verdict
from randomuser_assets.graph.checks import all_checks
from randomuser_assets.graph.days import days_of_run
from randomuser_assets.model import PARTITION, Model
from randomuser_assets.model.quality import CHECK_RESULTS, REQUESTS
from randomuser_assets.query.days import Days, rows
from randomuser_assets.settings import Settings
from randomuser_assets.warehouse.append import append_rows
from randomuser_assets.warehouse.connect import opened, with_enough_memory
from randomuser_assets.warehouse.declared import column_schema
from randomuser_assets.warehouse.faults import told_without_data
from randomuser_assets.warehouse.table import Slice, stored_columns


def check_definitions(settings: Settings, model: Model) -> list[AssetChecksDefinition]:
    """Give the check ops."""
    return [_op(name, checks, settings, model) for name, checks in by_op(settings, model).items()]


def by_op(settings: Settings, model: Model) -> dict[str, list[Check]]:
    """Give all checks, by the op that asks them."""
    ops: dict[str, list[Check]] = {}
    for check in all_checks(settings, model):
        # Only files and reports are made of the core tables, so one op can be about all of them,
        # and about what holds between them, which apart from it would be a circle.
        name = "core" if check.table in model.core else check.table.name
        ops.setdefault(f"check_{name}", []).append(check)
    return ops


def _op(name: str, checks: list[Check], settings: Settings, model: Model) -> AssetChecksDefinition:
    database = str(settings.warehouse_path)

    # A subset, so that the UI can run a single one.
    @multi_asset_check(name=name, specs=[check.spec for check in checks], can_subset=True)
    def run(context: AssetCheckExecutionContext) -> Iterator[AssetCheckResult]:
        asked = [c for c in checks if c.spec.key in context.selected_asset_check_keys]
        verdicts = []
        run_id, log = context.run.run_id, context.log
        doing = f"run {run_id}, {name}"
        with opened(database, read_only=True, doing=doing, log=log, frugal=True) as connection:
            there = _stored(connection, days_of_run(context.run.tags), asked, model)
            for check in asked:
                with told_without_data(f"Checking {check.table.name}: {check.name}"):
                    ask = partial(check.ask, there)
                    verdicts.append(with_enough_memory(connection, ask, log))
        keep_results([row for verdict in verdicts for row in _rows(verdict)], database, run_id, log)
        for verdict in verdicts:
            yield verdict.result()

    return run


def _stored(
    connection: duckdb.DuckDBPyConnection, days: Days, checks: list[Check], model: Model
) -> Stored:
    tables = {reads.table for check in checks for reads in check.reads}
    columns = {table.name: stored_columns(connection, table.schema, table.name) for table in tables}
    return Stored(connection, days, _days_there(connection, days, model), columns)


def _days_there(connection: duckdb.DuckDBPyConnection, days: Days, model: Model) -> tuple[str, ...]:
    """Give the days that are looked at: a single one even if it has nothing."""
    if days is None or days[0] == days[1]:
        return days[:1] if days else ()
    found = set[str]()
    for table in (REQUESTS, model.raw):
        if PARTITION in stored_columns(connection, table.schema, table.name):
            query = rows(table, days).select(PARTITION, append=False).distinct()
            found |= {str(d) for (d,) in connection.execute(query.sql("duckdb")).fetchall()}
    return tuple(sorted(found))


@dataclass(frozen=True)
class Result:
    """What a check said of a day, or of everything, as it is kept."""

    asset: str
    check: str
    partition: str | None
    severity: str
    passed: bool
    figures: Figures


def kept(asset: str, check: str, result: AssetCheckResult) -> Result:
    """Give what a check said of everything at once, as it is kept."""
    figures: Figures = {
        name: value.value
        for name, value in result.metadata.items()
        if isinstance(value.value, int | float | str)
    }
    passed = bool(result.passed)
    return Result(asset, check, None, result.severity.value, passed, figures)


def keep_results(results: Sequence[Result], database: str, run_id: str, log: Logger) -> None:
    """Keep what checks said in the warehouse, where it outlives Dagster's own records."""
    name = f"{CHECK_RESULTS.schema}.{CHECK_RESULTS.name}"
    now = datetime.now(UTC).replace(tzinfo=None)
    rows = [
        (now, run_id, r.asset, r.check, r.partition, r.severity, r.passed, _json(r.figures))
        for r in results
    ]
    with (
        told_without_data(f"Writing {name}"),
        opened(
            database, read_only=False, doing=f"run {run_id}, writing {name}", log=log
        ) as connection,
    ):
        append_rows(
            connection,
            Slice(CHECK_RESULTS.schema, CHECK_RESULTS.name, None),
            column_schema(CHECK_RESULTS),
            CHECK_RESULTS.description,
            rows,
        )


def _json(figures: Figures) -> str:
    return json.dumps(figures, ensure_ascii=False)


def _rows(verdict: Verdict) -> Iterator[Result]:
    """Give the rows of quality.check_results that keep a verdict."""
    check = verdict.check
    for partition, severity, passed, figures in verdict.rows():
        yield Result(check.table.name, check.name, partition, severity, passed, figures)
