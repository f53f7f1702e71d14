"""A warehouse to make reports of: real tables, made from the declarations, filled by hand."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from randomuser_assets.model import MODEL, Table
from randomuser_assets.model.quality import CHECK_RESULTS, SHAPE_DRIFT
from randomuser_assets.report.page import quality_page
from randomuser_assets.report.quality import Quality
from randomuser_assets.report.reading import read_quality

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
UI = "http://127.0.0.1:3000"

_ANY_VALUE = {
    "DATE": "DATE '2000-01-01'",
    "DECIMAL(7,4)": "1.5",
    "INTEGER": "1",
    "TIMESTAMP": "TIMESTAMP '2000-01-01'",
    "UUID": "uuid()",
    "VARCHAR": "'a value'",
    "VARCHAR[]": "['a reason']",
}


def days_ago(number: int) -> str:
    """Give the day so many days before today."""
    return (TODAY - timedelta(days=number)).isoformat()


def create(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Create a table as it is declared."""
    columns = ", ".join(
        f'"{column.name}" {column.type.sql}{" NOT NULL" if column.required else ""}'
        for column in table.columns
    )
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
    connection.execute(f"CREATE TABLE {table.schema}.{table.name} ({columns})")


@dataclass
class Warehouse:
    """The open warehouse; each evaluation is a second later than the one before."""

    connection: duckdb.DuckDBPyConnection
    clock: datetime = field(default=datetime(2026, 11, 20, 6, 0, 0))  # noqa: DTZ001  UTC, as stored

    def said(
        self,
        asset: str,
        check: str,
        day: str | None = None,
        *,
        passed: bool = False,
        failing: Sequence[str] = (),
        severity: str = "ERROR",
        figures: Any = "{}",
        run_id: str = "a-run",
        at: datetime | None = None,
    ) -> datetime:
        """Store what a check said of a day, or of everything and then of the days that failed."""
        self.clock += timedelta(seconds=1)
        moment = at or self.clock
        text = figures if isinstance(figures, str) else json.dumps(figures)
        for partition in (day, *failing):
            row = [moment, run_id, asset, check, partition, severity, passed, text]
            self._insert(CHECK_RESULTS, row)
        return moment

    def came(self, day: str, readable: int, reasons: Sequence[Sequence[str]] = ()) -> None:
        """Store a day's records: those that could be read, and those with reasons."""
        self._rows(MODEL.raw, day, readable + len(reasons))
        for table in (MODEL.flattened, *MODEL.core):
            self._rows(table, day, readable)
        for position, why in enumerate(reasons):
            self._insert(MODEL.rejected, [day, day, 1, position, list(why), "{}"])

    def drifted(self, *values: object) -> None:
        """Store a line of drift: day, kind, path, found, records, example."""
        self._insert(SHAPE_DRIFT, list(values))

    def _rows(self, table: Table, day: str, number: int) -> None:
        first, *others = (_ANY_VALUE[column.type.sql] for column in table.columns)
        values = ", ".join([first.replace("2000-01-01", day), *others])
        self.connection.execute(
            f"INSERT INTO {table.schema}.{table.name} SELECT {values} FROM range({number})"
        )

    def _insert(self, table: Table, values: list[object]) -> None:
        marks = ", ".join("?" for _ in values)
        self.connection.execute(f"INSERT INTO {table.schema}.{table.name} VALUES ({marks})", values)

    def quality(self) -> Quality:
        """Read what the page tells."""
        return read_quality(self.connection, MODEL, NOW)

    def page(self) -> str:
        """Make the page."""
        return quality_page(self.quality(), UI)


@contextmanager
def opened_warehouse(path: Path, *, tables: bool = True) -> Iterator[Warehouse]:
    """Give a warehouse in a file, with all tables or with none."""
    with duckdb.connect(str(path)) as connection:
        if tables:
            for table in (*MODEL, CHECK_RESULTS, SHAPE_DRIFT):
                create(connection, table)
        yield Warehouse(connection)
