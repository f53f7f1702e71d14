"""Parquet files: one a table and day, typed as declared, with the seed of the day beside them.

They are what outsiders read (catalog.py), so that nobody needs to keep the warehouse open.
"""

from pathlib import Path

import duckdb
from pyarrow import parquet

from randomuser_assets.model import PARTITION, Table
from randomuser_assets.query.days import day_in_order
from randomuser_assets.query.names import quoted, text
from randomuser_assets.whole import Written, written_whole


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
) -> Written:
    """Replace the file of a day as a whole, ordered by key; of a day without rows it is empty.

    `which` columns the table has been given with is said in the file, beside the seed.
    """
    path = parquet_path(folder, table, day)
    columns = ", ".join(quoted(name) for name in table.column_names)
    with written_whole(path, folder) as aside:
        copy = (
            f"COPY ({day_in_order(table, day, columns)}) TO {text(str(aside))} "
            f"(FORMAT parquet, COMPRESSION zstd, "
            f"KV_METADATA {{seed: {text(seed)}, columns: {text(which)}}})"
        )
        written = connection.execute(copy).fetchall()[0][0]
    return Written(path, int(written))


def parquet_columns(path: Path) -> list[str]:
    """Say which columns a file has."""
    names: list[str] = parquet.read_schema(path).names
    return names
