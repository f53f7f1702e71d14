"""The demo: three days through the whole graph on the built-in source, and what came of it."""

import logging
import os
import time
import warnings
from datetime import UTC, datetime, timedelta

import duckdb
from dagster import (
    DagsterEvent,
    DagsterInstance,
    Definitions,
    ExecuteInProcessResult,
    InitLoggerContext,
    JobDefinition,
    PreviewWarning,
    logger,
)
from rich.console import Console
from rich.table import Table as Grid

from randomuser_assets.build import build_definitions
from randomuser_assets.environment import dagster_home
from randomuser_assets.export.csv import csv_path
from randomuser_assets.graph.days import RANGE_END, RANGE_START
from randomuser_assets.model import MODEL
from randomuser_assets.model.marts import MARTS
from randomuser_assets.owner_only import owner_only
from randomuser_assets.query.days import rows
from randomuser_assets.query.dialects import WarehouseDuckDB
from randomuser_assets.report.population.page import NAME as POPULATION
from randomuser_assets.settings import PREFIX, SAMPLE, Settings, SettingsError
from randomuser_assets.warehouse.connect import opened

DAYS = 3

_console = Console(highlight=False)


def run_demo(settings: Settings) -> int:
    """Run the demo, print what it made and where, and give the exit code."""
    if settings.source != SAMPLE:
        raise SettingsError(
            f"The demo runs on the built-in source and {PREFIX}SOURCE names another: its invented "
            "people would lie beside yours. Run `make dev` to load days from your source, or "
            f"`{PREFIX}SOURCE={SAMPLE} {PREFIX}DATA_DIR=demo make demo` for a demo apart."
        )
    warnings.simplefilter("ignore", PreviewWarning)
    started = time.monotonic()
    today = datetime.now(UTC).date()
    first = max(settings.start_date, today - timedelta(days=DAYS - 1))
    days = [(first + timedelta(days=n)).isoformat() for n in range((today - first).days + 1)]
    _console.print(f"[bold]{days[0]} to {days[-1]}[/], {settings.users_per_day} people a day\n")
    os.environ["DAGSTER_HOME"] = str(dagster_home(settings))
    with owner_only, DagsterInstance.get() as instance:
        result = _job(settings).execute_in_process(
            instance=instance,
            tags={RANGE_START: days[0], RANGE_END: days[-1]},
            run_config={"loggers": {"console": {}}},
            raise_on_error=False,
        )
    if not result.success:
        for event in result.filter_events(lambda event: event.is_step_failure):
            _console.print(f"\n[red]{event.step_key} failed:[/] {_reason(event)}", soft_wrap=True)
        return 1
    _console.print(f"\nDone in {time.monotonic() - started:.1f} s.\n")
    _console.print(_tables(settings, days))
    all_right = _tell_checks(result)
    _console.print(
        f"\nWarehouse  {settings.warehouse_path}\nCatalog    {settings.catalog_path}\n"
        f"Files      {settings.csv_path}, {settings.parquet_path}\n"
        f"Report     {settings.reports_path / POPULATION}\n\n"
        "Next: [bold]make dev[/], then http://127.0.0.1:3000 for the graph, the days and the "
        "checks.",
        soft_wrap=True,
    )
    return 0 if all_right else 1


def _job(settings: Settings) -> JobDefinition:
    with_progress = Definitions(loggers={"console": _progress})
    definitions = Definitions.merge(build_definitions(settings), with_progress)
    return definitions.resolve_job_def("daily")


@logger
def _progress(_: InitLoggerContext) -> logging.Logger:
    """Tell of finished steps and of what the steps tell, instead of every event."""
    told = logging.Logger("demo", level=logging.DEBUG)
    told.addHandler(_Progress())
    return told


class _Progress(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        """Print a line where a person wants one."""
        event: DagsterEvent | None = getattr(record, "dagster_event", None)
        told: dict[str, str | None] = getattr(record, "dagster_meta", {})
        if event is None and told.get("step_key") and record.levelno >= logging.INFO:
            _console.print(f"  [dim]{told['orig_message']}[/]", soft_wrap=True)
        elif event is not None and event.is_step_success:
            _console.print(f"[green]✓[/] {event.step_key}")


def _reason(event: DagsterEvent) -> str:
    failure = event.step_failure_data
    if failure.user_failure_data and failure.user_failure_data.description:
        return failure.user_failure_data.description
    error = failure.error
    while error and error.cause:
        error = error.cause
    return error.message.strip() if error else "no reason was given"


def _tables(settings: Settings, days: list[str]) -> Grid:
    last = csv_path(settings.csv_path, MODEL.core[0], days[-1]).parent
    grid = Grid(box=None, pad_edge=False)
    grid.add_column("table")
    grid.add_column("rows", justify="right")
    grid.add_column(f"file in {last.relative_to(settings.data_path)}/")
    log = logging.getLogger(__name__)
    with opened(
        str(settings.warehouse_path), read_only=True, doing="counting what the demo made", log=log
    ) as connection:
        for table in MODEL:
            query = rows(table, (days[0], days[-1])).sql(WarehouseDuckDB)
            path = csv_path(settings.csv_path, table, days[-1])
            grid.add_row(
                f"{table.schema}.{table.name}",
                f"{_count(connection, query):,}",
                path.name if path.exists() else "",
            )
        for table in MARTS:
            name = f"{table.schema}.{table.name}"
            grid.add_row(name, f"{_count(connection, f'FROM {name}'):,}", "")
    return grid


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM ({query})").fetchall()[0][0])  # noqa: S608  our own query


def _tell_checks(result: ExecuteInProcessResult) -> bool:
    evaluations = result.get_asset_check_evaluations()
    failed = [evaluation for evaluation in evaluations if not evaluation.passed]
    passed = len(evaluations) - len(failed)
    _console.print(f"\nChecks: {passed} passed, {len(failed)} failed")
    for evaluation in failed:
        figures = ", ".join(f"{name} {value.value}" for name, value in evaluation.metadata.items())
        _console.print(
            f"  [yellow]{evaluation.severity.value}[/] "
            f"{evaluation.asset_key.to_user_string()}: {evaluation.check_name} ({figures})"
        )
    return not any(evaluation.severity.value == "ERROR" for evaluation in failed)
