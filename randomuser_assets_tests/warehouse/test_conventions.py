"""What users of the stock DuckDB manager rely on holds with both managers.

Here belongs which table an asset comes to, and what becomes of assets that declare no columns.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlglot
from dagster import AssetIn, AssetsDefinition, DagsterInstance, asset
from dagster_duckdb_pandas import DuckDBPandasIOManager

from randomuser_assets.warehouse import WarehouseIOManager
from randomuser_assets_tests.warehouse.house import House, house_at
from randomuser_assets_tests.warehouse.people import (
    FIRST,
    PARTITIONED,
    SECOND,
    STORED_COLUMNS,
    STORED_TABLES,
    people,
    people_asset,
    reader,
    table_asset,
)

ONE = pd.DataFrame({"n": [1]})
MANAGERS: list[type[DuckDBPandasIOManager]] = [WarehouseIOManager, DuckDBPandasIOManager]


@pytest.fixture(params=MANAGERS, ids=["ours", "stock"])
def any_house(request: pytest.FixtureRequest, path: Path, instance: DagsterInstance) -> House:
    return house_at(path, request.param, instance)


@pytest.mark.parametrize("manager", MANAGERS, ids=["ours", "stock"])
@pytest.mark.parametrize(
    ("config", "options", "schema"),
    [
        ({}, {}, "public"),
        ({}, {"key_prefix": ["one", "two"]}, "two"),
        ({"schema": "configured"}, {}, "configured"),
        ({"schema": "configured"}, {"key_prefix": "one"}, "configured"),
        ({}, {"metadata": {"schema": "told"}, "key_prefix": "one"}, "told"),
        ({"schema": "configured"}, {"metadata": {"schema": "told"}}, "told"),
    ],
)
def test_an_asset_has_the_schema_it_would_have(
    path: Path,
    instance: DagsterInstance,
    manager: type[DuckDBPandasIOManager],
    config: dict[str, Any],
    options: dict[str, Any],
    schema: str,
) -> None:
    def numbers() -> pd.DataFrame:
        return ONE

    given: AssetsDefinition = asset(**options)(numbers)
    got: list[pd.DataFrame] = []

    @asset(ins={"numbers": AssetIn(given.key)})
    def reads(numbers: pd.DataFrame) -> None:
        got.append(numbers)

    house = house_at(path, manager, instance, **config)
    house.run(given, reads)
    assert house.rows(f"SELECT schema_name, table_name {STORED_TABLES}") == [(schema, "numbers")]
    assert got[0].n.tolist() == [1]


def undeclared(frame: pd.DataFrame) -> AssetsDefinition:
    return people_asset(frame, columns=None)


def test_undeclared_columns_have_the_types_of_the_frame(any_house: House) -> None:
    frame = pd.DataFrame(
        {
            "n": [1],
            "x": [1.5],
            "yes": [True],
            "text": ["a"],
            "day": [date(2026, 1, 1)],
            "moment": [pd.Timestamp("2026-01-01T10:00")],
            "instant": [pd.Timestamp("2026-01-01T10:00", tz="UTC")],
            "list": [["a"]],
        }
    )
    any_house.run(table_asset(frame, columns=None))
    assert [type_ for (type_,) in any_house.rows(f"SELECT data_type {STORED_COLUMNS}")] == [
        "BIGINT",
        "DOUBLE",
        "BOOLEAN",
        "VARCHAR",
        "DATE",
        "TIMESTAMP_NS",
        "TIMESTAMP WITH TIME ZONE",
        "VARCHAR[]",
    ]


def test_undeclared_columns_take_what_fits_their_first_types(any_house: House) -> None:
    first = people(FIRST, "Ada", age=36, size=1.5, city="Rome", points=5)
    later = people(SECOND, "Bob", age=37.0, size=None, city=[None], points=float("nan"))
    for day, frame in ((FIRST, first), (SECOND, later)):
        any_house.run(undeclared(frame), day=day)
    stored = f"SELECT age, size, city, points FROM core.people WHERE snapshot_date = '{SECOND}'"
    assert any_house.rows(stored) == [(37, None, None, None)]


def test_undeclared_columns_are_not_bent_into_their_first_types(house: House) -> None:
    house.run(undeclared(people(FIRST, "Ada", age=36)), day=FIRST)
    told = house.refusal(undeclared(people(FIRST, "Bob", age=36.5)), day=FIRST)
    assert "Values for core.people would change" in told
    assert "1 of age" in told
    assert house.rows("SELECT name, age FROM core.people") == [("Ada", 36)]


def test_an_undeclared_frame_without_columns_makes_no_table_and_says_so(house: House) -> None:
    told = house.refusal(undeclared(pd.DataFrame()), day=FIRST)
    assert "without columns" in told
    assert house.rows(STORED_TABLES) == []


def test_undeclared_assets_are_replaced_as_a_whole(any_house: House) -> None:
    for _ in range(2):
        any_house.run(table_asset(ONE, columns=None))
    assert any_house.rows("FROM core.people") == [(1,)]


def test_a_first_value_gives_an_undeclared_column_its_type(house: House) -> None:
    """The stock manager guesses a type for nulls, which no later value fits."""
    values = {"whole": 5, "part": 1.5, "text": "text", "list": [1, 2]}
    for day, row in ((FIRST, dict.fromkeys(values)), (SECOND, values)):
        columns: dict[str, object] = {name: [value] for name, value in row.items()}
        house.run(undeclared(people(day, "Ada", **columns)), day=day)
    stored = f"SELECT {', '.join(values)} FROM core.people ORDER BY snapshot_date"
    assert house.rows(stored) == [(None,) * len(values), tuple(values.values())]


def test_an_undeclared_column_may_be_without_values_for_long(house: House) -> None:
    for age in (5, None, None, 1.5, None, "text"):
        house.run(undeclared(people(FIRST, "Ada", age=[age])), day=FIRST)
    assert house.rows("SELECT age FROM core.people") == [("text",)]


def test_undeclared_categories_are_texts_wherever_they_stand(house: House) -> None:
    """The engine's name of a column of categories lists them, so it must not become a type."""
    query = sqlglot.parse_one(
        "SELECT c AS one, [c] AS many, {'part': c} AS parts FROM (SELECT 'a' :: ENUM('a', ')b') c)",
        dialect="duckdb",
    )
    house.run(table_asset(query, columns=None))
    assert house.rows("FROM core.people") == [("a", ["a"], {"part": "a"})]
    types = [type_ for (type_,) in house.rows(f"SELECT data_type {STORED_COLUMNS}")]
    assert types == ["VARCHAR", "VARCHAR[]", "STRUCT(part VARCHAR)"]


def test_a_day_is_read_with_either_manager(path: Path, instance: DagsterInstance) -> None:
    ours, stock = (house_at(path, manager, instance) for manager in MANAGERS)
    table = people_asset(people(FIRST, "Ada", age=36))
    ours.run(table, day=FIRST)
    got: list[pd.DataFrame] = []
    readers = reader(None, got, **PARTITIONED)
    for house in (ours, stock):
        house.run(table, readers, only=[readers], day=FIRST)
    pd.testing.assert_frame_equal(got[0], got[1])
