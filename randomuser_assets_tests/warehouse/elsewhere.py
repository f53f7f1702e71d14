"""Other processes at the same warehouse: ones that hold the file, and ones that write.

Run as a module it is such a writer: `python -m … DATABASE write DAY…` or `… endless DAY`.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import sqlglot
from dagster import AssetExecutionContext, AssetsDefinition

from randomuser_assets_tests.warehouse.house import House, house_at
from randomuser_assets_tests.warehouse.people import people, people_asset

HOLD = """
import duckdb, select, sys
connection = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read")
print("open", flush=True)
select.select([sys.stdin], [], [], 30)  # until told to end, but no test hangs for ever
connection.close()
"""
BERLIN_MIDNIGHT = pd.Timestamp("2026-01-01T00:00", tz="Europe/Berlin")


@contextmanager
def held(path: Path, *, to: str) -> Iterator[subprocess.Popen[str]]:
    """Have another process keep the file open to read or to write, until the block ends."""
    command = [sys.executable, "-c", HOLD, str(path), to]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "open\n"
        try:
            yield holder
        finally:
            if holder.poll() is None:
                holder.communicate()


def writer(path: Path, *command: str, zone: str = "UTC") -> subprocess.Popen[str]:
    """Start another process that materialises people, on a host in this time zone."""
    return subprocess.Popen(
        [sys.executable, "-m", __name__, str(path), *command],
        env={**os.environ, "TZ": zone},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _write(house: House, days: list[str]) -> None:
    def seen(context: AssetExecutionContext) -> pd.DataFrame:
        return people(context.partition_key, "Ada", seen_at=[BERLIN_MIDNIGHT])

    for day in days:
        house.run(people_asset(seen), day=day)


def endless_people(day: str) -> AssetsDefinition:
    """Declare an asset whose query gives rows until somebody stops it."""
    query = sqlglot.parse_one(
        f"SELECT DATE '{day}' AS snapshot_date, md5(CAST(i AS VARCHAR)) AS name, "
        "CAST(NULL AS INTEGER) AS age, CAST(NULL AS TIMESTAMP) AS seen_at "
        "FROM range(1000000000000) AS t(i)",
        dialect="duckdb",
    )
    return people_asset(query)


def main(database: str, command: str, *days: str) -> None:
    """Write as told."""
    house = house_at(Path(database))
    if command == "write":
        _write(house, list(days))
    else:
        house.run(endless_people(days[0]), day=days[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
