"""A long history is what the pipeline would have made, day by day."""

from datetime import date
from pathlib import Path

import duckdb
import pytest
from bench.growth import Warehouse

from randomuser_assets.model import MODEL
from randomuser_assets.model.quality import CHECK_RESULTS, REQUESTS, WRITES

PEOPLE = 5


@pytest.mark.long
def test_a_lengthened_warehouse_has_the_same_of_every_day(tmp_path: Path) -> None:
    short = Warehouse(2, PEOPLE, tmp_path / "2", date(2026, 11, 20))
    short.build()
    longer = short.lengthened(5)
    data = longer.data
    with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as connection:
        for table in (MODEL.raw, MODEL.flattened, MODEL["users"], REQUESTS):
            assert of_days(connection, f"{table.schema}.{table.name}", "snapshot_date") == 5
        for table in (CHECK_RESULTS, WRITES):
            assert of_days(connection, f"{table.schema}.{table.name}", '"partition"') == 5
    for table in MODEL.core:
        assert len(list((data / "csv").glob(f"*/*_{table.name}.csv"))) == 5
        assert len(list((data / "parquet" / table.name).glob("*/*.parquet"))) == 5
    longer.add(1)
    with duckdb.connect(str(data / "catalog.duckdb"), read_only=True) as connection:
        assert of_days(connection, "core.users", "snapshot_date") == 6


def of_days(connection: duckdb.DuckDBPyConnection, table: str, day: str) -> int:
    """Give the number of days, once all of them are seen to have as many rows."""
    counts = connection.execute(f"SELECT count(*) FROM {table} GROUP BY {day}").fetchall()
    assert len({number for (number,) in counts}) == 1, counts
    return len(counts)
