"""A warehouse file with nothing but the core tables, as declared, written as the pipeline does.

A day is loaded, loaded again, corrected or removed. What the days say is in `lives`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from randomuser_assets.model import Table
from randomuser_assets.model.quality import WRITES
from randomuser_assets.model.tables import MODEL
from randomuser_assets_tests.report.warehouse import create

Row = dict[str, Any]
Day = dict[str, list[Row]]
"""Rows by table; the day itself is not in them."""


def make_core(path: Path, *, with_writes: bool = True) -> None:
    """Make the file; without writes as it is before the pipeline kept any."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        for table in (*MODEL.core, *((WRITES,) if with_writes else ())):
            create(connection, table)


def load(path: Path, days: Mapping[date, Day | None]) -> None:
    """Bring the file's days to what is given, in the order given; none is a day removed."""
    with duckdb.connect(str(path)) as connection:
        for day, people in days.items():
            connection.execute("BEGIN")
            for table in MODEL.core:
                _load(connection, table, day, people[table.name] if people else [])
            _keep_write(connection, day, people)
            connection.execute("COMMIT")


def _load(
    connection: duckdb.DuckDBPyConnection, table: Table, day: date, rows: Iterable[Row]
) -> None:
    name = f"{table.schema}.{table.name}"
    connection.execute(f"DELETE FROM {name} WHERE snapshot_date = ?", [day])
    if whole := [{"snapshot_date": day, **row} for row in rows]:
        given = pa.Table.from_pylist(whole)
        connection.register("given", given)
        connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM given")
        connection.unregister("given")


def _keep_write(connection: duckdb.DuckDBPyConnection, day: date, people: Day | None) -> None:
    if not connection.execute(
        "FROM duckdb_tables() WHERE schema_name = 'quality' AND table_name = 'writes'"
    ).fetchall():
        return
    connection.execute("DELETE FROM quality.writes WHERE partition = ?", [day.isoformat()])
    if people is not None:
        connection.execute(
            "INSERT INTO quality.writes VALUES ('core', 'users', ?, ?, 'a run', '2026-01-01', 'v')",
            [day.isoformat(), len(people["users"])],
        )
