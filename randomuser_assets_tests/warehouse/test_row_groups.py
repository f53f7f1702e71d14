"""How many rows are written together, in which order, and that any file's name will do."""

import logging
from contextlib import closing
from pathlib import Path
from typing import cast

import duckdb
import pandas as pd
import pytest
from dagster import asset
from sqlglot import parse_one
from sqlglot.expressions import Query

from randomuser_assets.warehouse.connect import opened
from randomuser_assets.warehouse.engines import _ROWS_TOGETHER as OURS
from randomuser_assets_tests.warehouse.house import House

ROWS = 130_000
THE_ENGINES = 122_880
LOG = logging.getLogger(__name__)


@asset(metadata={"schema": "core"})
def numbers() -> Query:
    return cast("Query", parse_one(f"SELECT range AS n FROM range({ROWS})", dialect="duckdb"))


FRAME = pd.DataFrame({"n": range(ROWS)}).sample(frac=1, random_state=1)


@asset(metadata={"schema": "core"})
def shuffled() -> pd.DataFrame:
    return FRAME


def groups(path: Path, table: str) -> list[int]:
    with closing(duckdb.connect(str(path))) as connection:
        found = connection.execute(
            f"SELECT sum(count) FROM pragma_storage_info('{table}') "
            "WHERE segment_type <> 'VALIDITY' GROUP BY row_group_id ORDER BY row_group_id"
        ).fetchall()
    return [int(count) for (count,) in found]


def test_few_rows_are_together_so_that_threads_need_not_wait_for_memory(house: House) -> None:
    house.run(numbers)
    assert groups(house.path, "core.numbers") == [OURS] * 4 + [ROWS - 4 * OURS]


def test_a_file_that_was_made_with_more_together_is_written_on(house: House) -> None:
    with closing(duckdb.connect(str(house.path))) as connection:
        connection.execute("CREATE SCHEMA other")
        connection.execute(f"CREATE TABLE other.before AS FROM range({ROWS})")
    house.run(numbers)
    assert groups(house.path, "other.before") == [THE_ENGINES, ROWS - THE_ENGINES]
    assert max(groups(house.path, "core.numbers")) == OURS


def test_a_frame_keeps_its_order(house: House) -> None:
    house.run(shuffled)
    with closing(duckdb.connect(str(house.path))) as connection:
        stored = connection.execute("SELECT n FROM core.shuffled").df()
    assert stored["n"].tolist() == FRAME["n"].tolist()


@pytest.mark.parametrize("name", ["memory", "temp", "system", "main", 'it\'s "one"', "a.b", "ä"])
def test_any_name_of_a_file_will_do(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.duckdb"
    for number in (1, 2):
        with opened(str(path), read_only=False, doing="writing", log=LOG) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS t (n INTEGER)")
            connection.execute(f"INSERT INTO t VALUES ({number})")
            assert connection.execute("SELECT count(*) FROM t").fetchall() == [(number,)]
    with opened(str(path), read_only=True, doing="reading", log=LOG) as connection:
        assert connection.execute("FROM t ORDER BY n").fetchall() == [(1,), (2,)]
    assert {each.suffix for each in tmp_path.iterdir()} == {".duckdb", ".lock", ".queue"}
