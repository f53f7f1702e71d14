"""What a place holds, day by day: a fingerprint of each table's day and of each file."""

import hashlib
from pathlib import Path

import duckdb

from randomuser_assets.model import MODEL, PARTITION, Table
from randomuser_assets.settings import Settings

Contents = dict[tuple[str, str], str]
"""By table or folder of files, and day."""


def tables_of(settings: Settings) -> Contents:
    """Give the fingerprints of the tables' days; opened to write, so that a log is taken in."""
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        return {
            (f"{table.schema}.{table.name}", day): content
            for table in MODEL
            for day, content in connection.execute(_fingerprints(table)).fetchall()
        }


def _fingerprints(table: Table) -> str:
    # When a page came differs from run to run; all else of a day is made of its seed.
    names = [c.name for c in table.columns if c != MODEL.fetched_at]
    return f"""
        SELECT CAST({PARTITION} AS VARCHAR), count(*) || ' rows ' || sum(hash(rows))
        FROM (SELECT {", ".join(names)} FROM {table.schema}.{table.name}) AS rows GROUP BY ALL
    """


def files_of(settings: Settings) -> Contents:
    """Give the fingerprints of all files of days; one that is torn cannot be read."""
    found = {
        (f"csv {path.stem.partition('_')[2]}", path.parent.name): _of_bytes(path)
        for path in settings.csv_path.glob("[0-9]*/*")
    }
    with duckdb.connect() as connection:
        for path in settings.parquet_path.glob("*/snapshot_date=*/*"):
            day = path.parent.name.partition("=")[2]
            rows = connection.execute(
                "SELECT count(*) || ' rows ' || coalesce(sum(hash(rows)), 0) "
                "FROM read_parquet(?, hive_partitioning = false) AS rows",
                [str(path)],
            ).fetchall()
            found[f"parquet {path.parent.parent.name}", day] = rows[0][0]
    return found


def _of_bytes(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def last_writers(settings: Settings) -> dict[tuple[str, str], str]:
    """Say which run wrote each table's day last, as the warehouse itself tells."""
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        rows = connection.execute(
            "SELECT table_schema || '.' || table_name, partition, run_id FROM quality.writes"
        ).fetchall()
    assert len({row[:2] for row in rows}) == len(rows)
    return {(table, day): run for table, day, run in rows}


def leftovers(settings: Settings) -> list[str]:
    """Name what should not be there when nothing runs: parts, fetched pages, spilt rows."""
    data = settings.data_path
    parts = [*data.glob(".parts/*"), *data.glob("*/.parts/*")]
    found = [*parts, *settings.spool_path.glob("*"), *data.glob("*.duckdb.tmp")]
    return sorted(str(path.relative_to(data)) for path in found)
