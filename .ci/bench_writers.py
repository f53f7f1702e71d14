"""Many processes write days to one warehouse: what is lost, doubled or failed.

Usage: python .ci/bench_writers.py [days] [processes] [people a day]

First the same small graph (three tables of frames, one made of the other) with the stock I/O
manager and with this project's, in turn; then this project's whole graph.
"""

import logging
import multiprocessing
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from dagster import (
    AssetExecutionContext,
    AssetsDefinition,
    DagsterInstance,
    DailyPartitionsDefinition,
    asset,
    materialize,
)
from dagster_duckdb_pandas import DuckDBPandasIOManager

from randomuser_assets.build import build_definitions
from randomuser_assets.model import MODEL
from randomuser_assets.settings import SAMPLE, Settings
from randomuser_assets.warehouse import WarehouseIOManager

FIRST = date(2025, 1, 1)
DAYS = DailyPartitionsDefinition(FIRST.isoformat())
PARTITIONED = {"partitions_def": DAYS, "metadata": {"partition_expr": "day", "schema": "core"}}
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}

Work = Callable[[str, Path, int], bool]


def little_graph(people: int) -> list[AssetsDefinition]:
    """Give three tables of frames, each made of the one before."""

    @asset(**PARTITIONED)
    def fetched(context: AssetExecutionContext) -> pd.DataFrame:
        day = date.fromisoformat(context.partition_key)
        numbers = range(people)
        return pd.DataFrame(
            {
                "day": [day] * people,
                "person": numbers,
                **{f"text_{n}": [f"{day} {n} {p}" for p in numbers] for n in range(8)},
            }
        )

    @asset(**PARTITIONED)
    def flat(fetched: pd.DataFrame) -> pd.DataFrame:
        return fetched

    @asset(**PARTITIONED)
    def named(flat: pd.DataFrame) -> pd.DataFrame:
        return flat[["day", "person", "text_0"]]

    return [fetched, flat, named]


def _materialized(manager: type[DuckDBPandasIOManager], day: str, folder: Path, n: int) -> bool:
    with DagsterInstance.ephemeral() as instance:
        return materialize(
            little_graph(n),
            partition_key=day,
            instance=instance,
            resources={"io_manager": manager(database=str(folder / "warehouse.duckdb"))},
            run_config=QUIET,
            raise_on_error=False,
        ).success


def stock(day: str, folder: Path, people: int) -> bool:
    """Write a day of the small graph with the stock manager."""
    return _materialized(DuckDBPandasIOManager, day, folder, people)


def ours(day: str, folder: Path, people: int) -> bool:
    """Write a day of the small graph with this project's manager."""
    return _materialized(WarehouseIOManager, day, folder, people)


def whole_graph(day: str, folder: Path, people: int) -> bool:
    """Run this project's work on a day, without marts."""
    settings = Settings(
        source=SAMPLE, data_dir=folder, users_per_day=people, start_date=FIRST, run_retries=0
    )
    with DagsterInstance.ephemeral() as instance:
        return (
            build_definitions(settings)
            .resolve_job_def("extract_load")
            .execute_in_process(
                partition_key=day, instance=instance, run_config=QUIET, raise_on_error=False
            )
            .success
        )


def write_days(
    work: Work, days: "multiprocessing.Queue[str]", told: Any, folder: Path, n: int
) -> None:
    """Take days from the queue until there is none, and tell how each went."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    while day := days.get():
        started = time.monotonic()
        try:
            success = work(day, folder, n)
        except Exception:  # noqa: BLE001  whatever ends a run is a failed run here
            success = False
        told.put((day, success, time.monotonic() - started))


def measure(work: Work, number: int, processes: int, people: int, tables: list[str]) -> str:
    """Let processes write the days at once, count what is stored, and say it in a row."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    days, told = context.Queue(), context.Queue()
    wanted = [(FIRST + timedelta(days=n)).isoformat() for n in range(number)]
    for day in [*wanted, *[""] * processes]:
        days.put(day)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.monotonic()
        workers = [
            context.Process(target=write_days, args=(work, days, told, folder, people))
            for _ in range(processes)
        ]
        for worker in workers:
            worker.start()
        ended = [told.get() for _ in wanted]
        for worker in workers:
            worker.join()
        seconds = time.monotonic() - started
        lost, doubled = _lost_and_doubled(folder / "warehouse.duckdb", tables, number, people)
    failed = sum(not success for _, success, _ in ended)
    slowest = max(took for *_, took in ended)
    return (
        f"| {work.__name__.replace('_', ' ')} | {failed} | {lost:,} | {doubled:,} "
        f"| {seconds:.0f} s | {slowest:.1f} s |"
    )


def _lost_and_doubled(database: Path, tables: list[str], days: int, people: int) -> tuple[int, int]:
    lost = doubled = 0
    with duckdb.connect(str(database), read_only=True) as connection:
        for table in tables:
            rows, distinct = connection.execute(
                f"SELECT count(*), count(DISTINCT rows) FROM {table} AS rows"  # noqa: S608  a constant
            ).fetchall()[0]
            lost += days * people - distinct
            doubled += rows - distinct
    return lost, doubled


def main(days: int = 365, processes: int = 10, people: int = 500) -> None:
    """Measure, and print a table."""
    of_persons = [
        f"{t.schema}.{t.name}"
        for t in (MODEL.raw, MODEL.flattened, *(MODEL[n] for n in ("users", "logins", "locations")))
    ]
    little = ["core.fetched", "core.flat", "core.named"]
    print(f"{days} days of {people} people by {processes} processes at once\n")
    print(
        "| | failed runs | rows lost | rows doubled | in all | slowest day |\n" + "|---" * 6 + "|"
    )
    for work, tables in ((stock, little), (ours, little), (whole_graph, of_persons)):
        print(measure(work, days, processes, people, tables), flush=True)


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
