"""Which days of a warehouse have tables of different runs, as when a copy was made amid one.

Each table's day is whole; what is told here is which of them do not belong together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

import duckdb

from randomuser_assets.model import PARTITION, Model, Table
from randomuser_assets.model.quality import WRITES
from randomuser_assets.warehouse.table import Slice, stored_columns

NEVER, UNKNOWN = "never", "unknown"
"""In the place of a run: of what was not written, and of what was before that was kept."""


@dataclass(frozen=True)
class Writer:
    """A run that wrote some tables of a day, and when it wrote the last of them."""

    run_id: str
    written_at: str
    tables: tuple[str, ...]


MixedDays = Mapping[str, tuple[Writer, ...]]
"""The days whose tables come from different runs, with those runs, the first to write first."""


def mixed_days(connection: duckdb.DuckDBPyConnection, model: Model) -> MixedDays:
    """Give the days whose tables come from different runs, or of which some were never made."""
    if not stored_columns(connection, WRITES.schema, WRITES.name):
        return {}  # of a version that did not keep who wrote what
    name = Slice(WRITES.schema, WRITES.name, None).name
    tables = [table for table in model if table.partitioned]
    found = connection.execute(
        "SELECT partition, table_name, run_id, strftime(written_at, '%Y-%m-%d %H:%M UTC') "  # noqa: S608  quoted
        f"FROM {name} WHERE partition IS NOT NULL AND table_schema || '.' || table_name IN "
        "(SELECT unnest(?)) ORDER BY partition, written_at, table_name",
        [[f"{table.schema}.{table.name}" for table in tables]],
    ).fetchall()
    days: dict[str, dict[str, Writer]] = {}
    for day, table, run_id, written_at in found:
        _add(days.setdefault(day, {}), run_id, written_at, table)
    for table in tables:
        known = {day for day, name, *_ in found if name == table.name}
        stored = _days_of(connection, table) if known < days.keys() else set()
        for day in days.keys() - known:
            _add(days[day], UNKNOWN if day in stored else NEVER, "", table.name)
    return {day: tuple(of.values()) for day, of in sorted(days.items()) if len(of) > 1}


def _add(writers: dict[str, Writer], run_id: str, written_at: str, table: str) -> None:
    before = writers.get(run_id, Writer(run_id, "", ()))
    writers[run_id] = Writer(run_id, written_at, (*before.tables, table))


def _days_of(connection: duckdb.DuckDBPyConnection, table: Table) -> set[str]:
    if PARTITION not in stored_columns(connection, table.schema, table.name):
        return set()
    name = Slice(table.schema, table.name, None).name
    found = connection.execute(f"SELECT DISTINCT {PARTITION} FROM {name}").fetchall()  # noqa: S608  quoted
    return {str(day) for (day,) in found}


def newest_day(connection: duckdb.DuckDBPyConnection, table: Table) -> str | None:
    """Give the last day of a table, if it has any."""
    return max(_days_of(connection, table), default=None)


def spans(mixed: MixedDays) -> Iterator[tuple[str, str, tuple[Writer, ...]]]:
    """Give the first and last of days that follow each other and of which the same is told."""

    def same(numbered: tuple[int, str]) -> object:
        place, day = numbered
        runs = tuple(replace(writer, written_at="") for writer in mixed[day])
        return date.fromisoformat(day) - timedelta(days=place), runs

    for _, found in groupby(enumerate(sorted(mixed)), same):
        days = [day for _, day in found]
        yield days[0], days[-1], mixed[days[-1]]
