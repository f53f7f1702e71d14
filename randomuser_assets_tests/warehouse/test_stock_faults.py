"""What the stock DuckDB manager gets wrong, this one must not.

Here belong lost, swapped and doubled rows, empty frames, guessed types and untold columns. What a
table is declared as is in `test_declared_tables`, who has the file open in `test_sharing`.
"""

from datetime import date

import pandas as pd
import pytest
from dagster import AssetCheckSeverity, TableSchema, build_column_schema_change_checks

from randomuser_assets_tests.warehouse.house import House
from randomuser_assets_tests.warehouse.people import (
    AGE,
    COLUMNS,
    FIRST,
    SECOND,
    STORED_COLUMNS,
    STORED_TABLES,
    THIRD,
    column,
    one_a_day,
    people,
    people_asset,
    table_asset,
)

OLD = people(FIRST, "Ada", age=36)
NAMES_BY_DAY = "SELECT CAST(snapshot_date AS VARCHAR), name FROM core.people ORDER BY ALL"


@pytest.mark.parametrize(
    "bad",
    [
        people(FIRST, "Bob", age="thirty"),
        people(FIRST, "Bob", name=[None]),
        people(SECOND, "Bob"),
        people(FIRST, "Bob").drop(columns="age"),
    ],
    ids=["wrong type", "null where none may be", "another day's row", "missing column"],
)
def test_a_failed_write_leaves_the_old_day(house: House, bad: pd.DataFrame) -> None:
    house.run(people_asset(OLD), day=FIRST)
    assert "Nothing was stored or replaced" in house.refusal(people_asset(bad), day=FIRST)
    assert house.rows("SELECT name, age FROM core.people") == [("Ada", 36)]


def test_a_failed_first_write_leaves_no_table(house: House) -> None:
    house.refusal(people_asset(people(SECOND, "Ada")), day=FIRST)
    assert house.rows(STORED_TABLES) == []


def test_columns_arrive_by_name(house: House) -> None:
    columns = (*COLUMNS[:1], column("first", "VARCHAR"), column("last", "VARCHAR"))
    swapped = pd.DataFrame(
        {"last": ["Lovelace"], "snapshot_date": [date.fromisoformat(FIRST)], "first": ["Ada"]}
    )
    house.run(people_asset(swapped, columns=columns), day=FIRST)
    assert house.rows("SELECT first, last FROM core.people") == [("Ada", "Lovelace")]


def test_a_day_written_again_is_neither_doubled_nor_missing_elsewhere(house: House) -> None:
    for day in (FIRST, SECOND, THIRD, SECOND, SECOND):
        house.run(people_asset(one_a_day), day=day)
    days = (FIRST, SECOND, THIRD)
    assert house.rows(NAMES_BY_DAY) == [(day, f"of {day}") for day in days]


any_empty_frame = pytest.mark.parametrize(
    "nothing",
    [people(FIRST), pd.DataFrame(columns=[c.name for c in COLUMNS]), pd.DataFrame()],
    ids=["typed", "untyped", "without columns"],
)


@any_empty_frame
def test_an_empty_frame_makes_a_table_that_can_be_read(house: House, nothing: pd.DataFrame) -> None:
    house.run(people_asset(nothing), day=FIRST)
    assert house.rows("FROM core.people") == []
    assert house.rows(f"SELECT data_type {STORED_COLUMNS}") == [(c.type,) for c in COLUMNS]
    assert house.metadata("people", FIRST)["dagster/partition_row_count"] == 0


@any_empty_frame
def test_an_empty_frame_empties_its_own_day_only(house: House, nothing: pd.DataFrame) -> None:
    for day in (FIRST, SECOND):
        house.run(people_asset(one_a_day), day=day)
    house.run(people_asset(nothing), day=FIRST)
    assert house.rows(NAMES_BY_DAY) == [(SECOND, f"of {SECOND}")]


def test_an_empty_frame_empties_a_table_without_days(house: House) -> None:
    house.run(table_asset(OLD))
    house.run(table_asset(OLD.head(0)))
    assert house.rows("SELECT count(*) FROM core.people") == [(0,)]


def test_a_first_load_of_nulls_keeps_the_types_for_later_ones(house: House) -> None:
    columns = (
        *COLUMNS,
        column("born", "DATE"),
        column("height", "DECIMAL(5,2)"),
        column("id", "UUID"),
        column("tags", "VARCHAR[]"),
    )
    rest = {"born": [None], "height": [None], "id": [None], "tags": [None]}
    house.run(people_asset(people(FIRST, "Ada", **rest), columns=columns), day=FIRST)
    assert house.rows(f"SELECT data_type {STORED_COLUMNS}") == [
        (declared.type,) for declared in columns
    ]
    full = people(
        SECOND,
        "Bob",
        age=40,
        seen_at=[pd.Timestamp("2026-01-02T10:00:00")],
        born=[date(1985, 3, 4)],
        height=1.75,
        id="6b1f2a9e-3c4d-4e5f-8a9b-0c1d2e3f4a5b",
        tags=[["a", "b"]],
    )
    house.run(people_asset(full, columns=columns), day=SECOND)
    texts = "age::TEXT, seen_at::TEXT, born::TEXT, height::TEXT, id::TEXT, tags"
    assert house.rows(f"SELECT {texts} FROM core.people ORDER BY name") == [
        (None,) * 6,
        (
            "40",
            "2026-01-02 10:00:00",
            "1985-03-04",
            "1.75",
            "6b1f2a9e-3c4d-4e5f-8a9b-0c1d2e3f4a5b",
            ["a", "b"],
        ),
    ]


def test_the_stored_columns_are_told(house: House) -> None:
    house.run(people_asset(OLD), day=FIRST)
    told = house.metadata("people", FIRST)["dagster/column_schema"]
    assert isinstance(told, TableSchema)
    assert [(c.name, c.type, c.constraints.nullable) for c in told.columns] == [
        (c.name, c.type, c.constraints.nullable) for c in COLUMNS
    ]


@pytest.mark.filterwarnings("ignore:Function `build_column_schema_change_checks`")
def test_a_change_of_columns_is_noticed(house: House) -> None:
    def checked(*columns: object) -> bool:
        asset = people_asset(
            OLD if len(columns) == len(COLUMNS) else OLD.drop(columns="age"),
            columns=tuple(c for c in COLUMNS if c in columns),
        )
        checks = build_column_schema_change_checks(
            assets=[asset], severity=AssetCheckSeverity.ERROR
        )
        result = house.run(asset, *checks, day=FIRST)
        return all(found.passed for found in house.checks(result))

    without_age = [c for c in COLUMNS if c is not AGE]
    assert checked(*without_age)
    assert checked(*without_age)
    assert not checked(*COLUMNS)
    assert checked(*COLUMNS)
