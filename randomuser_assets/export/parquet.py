"""Parquet files: one a table and day, typed as declared, with the seed of the day beside them.

Of a table without days, as the marts are, there is one. They are what outsiders read (catalog.py),
so that nobody needs to keep the warehouse open.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import duckdb
from pyarrow import parquet

from randomuser_assets.model import PARTITION, Table
from randomuser_assets.query.days import all_in_order, day_in_order
from randomuser_assets.query.names import quoted, text
from randomuser_assets.whole import Written, WrittenWhole, written_whole


def parquet_path(folder: Path, table: Table, day: str) -> Path:
    """Say where the file of a day is; `*` is any day."""
    return folder / table.name / f"{PARTITION}={day}" / f"{table.name}.parquet"


def write_parquet(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    day: str,
    seed: str,
    folder: Path,
    *,
    which: str = "all",
    whole: WrittenWhole = written_whole,
) -> Written:
    """Replace the file of a day as a whole, ordered by key; of a day without rows it is empty.

    `which` columns the table has been given with is said in the file, beside the seed.
    """
    path = parquet_path(folder, table, day)
    rows = day_in_order(table, day, _columns(table))
    with whole(path, folder) as aside:
        written = _write(connection, rows, aside, {"seed": seed, "columns": which})
    return Written(path, written)


def whole_path(folder: Path, table: Table) -> Path:
    """Say where the file of a table without days is."""
    return folder / table.name / f"{table.name}.parquet"


def write_whole_tables(
    connection: duckdb.DuckDBPyConnection,
    tables: Sequence[Table],
    folder: Path,
    *,
    which: str = "all",
) -> list[Written]:
    """Replace the files of tables that belong together, once all of them are written.

    The first one gets its name last: until it has, a reader of it sees nothing of a new state.
    """
    written = []
    with ExitStack() as until_all_are_written:
        for table in tables:
            path = whole_path(folder, table)
            aside = until_all_are_written.enter_context(written_whole(path, folder))
            rows = all_in_order(table, _columns(table))
            written.append(Written(path, _write(connection, rows, aside, {"columns": which})))
    return written


def _columns(table: Table) -> str:
    return ", ".join(map(quoted, table.column_names))


def _write(
    connection: duckdb.DuckDBPyConnection, rows: str, aside: Path, told: dict[str, str]
) -> int:
    metadata = ", ".join(f"{name}: {text(value)}" for name, value in told.items())
    copy = (
        f"COPY ({rows}) TO {text(str(aside))} "
        f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{metadata}}})"
    )
    return int(connection.execute(copy).fetchall()[0][0])


def parquet_columns(path: Path) -> list[str]:
    """Say which columns a file has."""
    names: list[str] = parquet.read_schema(path).names
    return names
