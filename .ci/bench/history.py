"""A long history in little time: the days of a small warehouse, repeated under earlier dates.

Making a thousand days by the pipeline takes half an hour; this takes a minute, and what a new day
meets is the same: as many rows in every table, those of the monitor included, in the order in
which days would have come, and as many files. The files lack the seed in their metadata.
"""

import shutil
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb

from randomuser_assets.export.catalog import write_catalog
from randomuser_assets.export.csv import csv_path
from randomuser_assets.export.parquet import parquet_path
from randomuser_assets.model import MODEL, PARTITION

_PARTITION_OF_LOGS = "partition"


def lengthen(data: Path, days: Sequence[date], longer: int) -> None:
    """Give the warehouse in this folder so many days, of which its own are the last."""
    moves = list(_moves(days, longer))
    with duckdb.connect(str(data / "warehouse.duckdb")) as connection:
        connection.execute("CREATE TEMP TABLE moves (source DATE, target DATE)")
        connection.executemany("INSERT INTO moves VALUES (?, ?)", moves)
        for table, columns in _stored(connection).items():
            _repeat(connection, table, columns)
        connection.execute("CHECKPOINT")
        _write_parquet(connection, data)
    for source, target in moves:
        _copy_csv(data, source, target)
    write_catalog(data / "catalog.duckdb", MODEL, data / "parquet")


def _moves(days: Sequence[date], longer: int) -> Iterator[tuple[date, date]]:
    """Say which day each day is a copy of; the own ones are of themselves."""
    for back in reversed(range(longer)):
        target = days[-1] - timedelta(days=back)
        yield days[-1 - back % len(days)], target


def _stored(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Give the columns of each stored table, with their types."""
    found: dict[str, dict[str, str]] = {}
    query = """
        SELECT table_schema || '.' || table_name, column_name, data_type
        FROM information_schema.columns JOIN information_schema.tables
            USING (table_catalog, table_schema, table_name)
        WHERE table_type = 'BASE TABLE' ORDER BY ordinal_position
    """
    for table, column, type_ in connection.execute(query).fetchall():
        found.setdefault(table, {})[column] = type_
    return found


def _repeat(connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str]) -> None:
    """Write a table anew, day by day; instants move with their day."""
    if PARTITION in columns:
        day = PARTITION
    elif _PARTITION_OF_LOGS in columns:
        day = f'TRY_CAST("{_PARTITION_OF_LOGS}" AS DATE)'
    else:
        return
    moved = [f"{_moved(name, type_)} AS {name}" for name, type_ in columns.items()]
    connection.execute(f"CREATE TEMP TABLE kept AS FROM {table}")
    connection.execute(f"DELETE FROM {table}")
    connection.execute(
        f"INSERT INTO {table} SELECT {', '.join(moved)} FROM kept JOIN moves ON {day} = source "
        "ORDER BY target"
    )
    connection.execute("DROP TABLE kept")


def _moved(name: str, type_: str) -> str:
    if name == PARTITION:
        return "target"
    if name == _PARTITION_OF_LOGS:
        return "CAST(target AS VARCHAR)"
    if name in {"evaluated_at", "written_at", "fetched_at"} and type_ == "TIMESTAMP":
        return f"{name} - to_days((source - target)::INTEGER)"
    return name


def _write_parquet(connection: duckdb.DuckDBPyConnection, data: Path) -> None:
    for table in (MODEL.flattened, *MODEL.core):
        folder = data / "parquet" / table.name
        shutil.rmtree(folder)
        connection.execute(
            f"COPY (FROM {table.schema}.{table.name} ORDER BY {PARTITION}) TO '{folder}' (FORMAT "
            f"parquet, COMPRESSION zstd, PARTITION_BY ({PARTITION}), WRITE_PARTITION_COLUMNS true)"
        )
        for file in folder.glob("*/*.parquet"):
            day = file.parent.name.partition("=")[2]
            file.rename(parquet_path(data / "parquet", table, day))


def _copy_csv(data: Path, source: date, target: date) -> None:
    for table in MODEL.core if source != target else ():
        path = csv_path(data / "csv", table, f"{target}")
        path.parent.mkdir(exist_ok=True)
        text = csv_path(data / "csv", table, f"{source}").read_bytes()
        path.write_bytes(text.replace(f"\n{source},".encode(), f"\n{target},".encode()))
