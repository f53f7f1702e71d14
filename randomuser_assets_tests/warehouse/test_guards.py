"""What is not as declared is not stored, and one sentence says why.

Here belong the values. Changes of the declaration are in `test_declared_tables`, and that no
sentence quotes a value is in `test_errors_quote_no_data`.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Literal

import pandas as pd
import pyarrow as pa
import pytest
import sqlglot
from dagster import AssetsDefinition
from sqlglot import exp

from randomuser_assets_tests.warehouse.house import House
from randomuser_assets_tests.warehouse.people import (
    FIRST,
    PARTITIONED,
    SECOND,
    column,
    people,
    people_asset,
    reader,
    table_asset,
)

ADA = people(FIRST, "Ada", age=36)
NOW = pd.Timestamp("2026-01-01T10:00:00.123456789")
WOULD_CHANGE = "Values for core.people would change in the declared type: "


@pytest.mark.parametrize(
    ("frame", "fault", "advice"),
    [
        (
            ADA.drop(columns=["age", "name"]),
            "The rows for core.people lack name, age",
            "expected exactly snapshot_date, name, age, seen_at, in any order",
        ),
        (
            ADA.assign(city="Rome"),
            "The rows for core.people have the undeclared city",
            "expected exactly snapshot_date, name, age, seen_at, in any order",
        ),
        (
            ADA.rename(columns={"age": "years"}),
            "The rows for core.people lack age and have the undeclared years",
            "expected exactly snapshot_date, name, age, seen_at, in any order",
        ),
        (
            people(FIRST, "Ada", "Bob", age=[1.5, 2.0]),
            f"{WOULD_CHANGE}1 of age (DOUBLE, declared INTEGER)",
            "convert them first",
        ),
        (
            people(FIRST, "Ada", "Bob", age="old", seen_at="lately"),
            f"{WOULD_CHANGE}2 of age (VARCHAR, declared INTEGER), "  # noqa: ISC004  one sentence
            "2 of seen_at (VARCHAR, declared TIMESTAMP)",
            "convert them first",
        ),
        (
            people(FIRST, "Ada", name=[None]),
            'NOT NULL constraint failed: people."name"',
            "the declaration says it is required",
        ),
        (
            people(SECOND, "Ada"),
            "1 of 1 rows written to core.people do not belong to the partition "  # noqa: ISC004
            f"(snapshot_date >= '{FIRST} 00:00:00' AND snapshot_date < '{SECOND} 00:00:00')",
            "give the rows of the partition only",
        ),
    ],
    ids=[
        "missing columns",
        "undeclared column",
        "renamed column",
        "a fraction for a whole number",
        "text for number and instant",
        "null where none may be",
        "another day's row",
    ],
)
def test_it_is_refused_in_one_sentence(
    house: House, frame: pd.DataFrame, fault: str, advice: str
) -> None:
    house.run(people_asset(ADA), day=FIRST)
    told = house.refusal(people_asset(frame), day=FIRST)
    assert told.endswith(f"{fault}. Nothing was stored or replaced: {advice}.")
    assert "\n" not in told
    assert house.rows("SELECT name, age FROM core.people") == [("Ada", 36)]


def test_no_value_is_changed_to_fit(house: House) -> None:
    values: list[tuple[str, object]] = [
        ("INTEGER", 2147483648),
        ("INTEGER", -1.25),
        ("INTEGER", float("inf")),
        ("INTEGER", "01"),
        ("INTEGER", " 1"),
        ("INTEGER", "1e3"),
        ("BOOLEAN", 2),
        ("DECIMAL(7,4)", 1.23456),
        ("DECIMAL(7,4)", 1000.5),
        ("DATE", pd.Timestamp("2026-01-01T10:00")),
        ("DATE", "1.1.2026"),
        ("TIMESTAMP", NOW),
        ("TIMESTAMP", "yesterday"),
        ("UUID", "6B1F2A9E-3C4D-4E5F-8A9B-0C1D2E3F4A5B"),
        ("UUID", "somebody"),
        ("INTEGER[]", ["1", "x"]),
        ("INTEGER", ["1"]),
        ("INTEGER", {"a": 1}),
        ("BIGINT", b"\x00\xff"),
    ]
    told = house.refusal(_table_of(values))
    head, _, refused = told.partition(WOULD_CHANGE)
    assert head == "randomuser_assets.warehouse.faults.WarehouseError: "
    faults, _, _ = refused.partition(". Nothing was stored or replaced")
    found = re.findall(r"1 of value_(\d+) \(\S.*?, declared ([^()]+(?:\(7,4\))?)\)", faults)
    assert found == [(str(at), type_) for at, (type_, _) in enumerate(values)]


def test_a_value_that_stays_what_it_is_may_change_its_type(house: House) -> None:
    values: list[tuple[str, object, object]] = [
        ("INTEGER", 36.0, 36),
        ("INTEGER", "36", 36),
        ("VARCHAR", 36, "36"),
        ("BOOLEAN", 1, True),
        ("DOUBLE", 36, 36.0),
        ("DECIMAL(7,4)", 1.5, Decimal("1.5000")),
        ("DECIMAL(7,4)", "1.5000", Decimal("1.5000")),
        ("DATE", pd.Timestamp("2026-01-01"), date(2026, 1, 1)),
        ("DATE", "2026-01-01", date(2026, 1, 1)),
        ("TIMESTAMP", NOW.floor("us"), NOW.floor("us").to_pydatetime()),
        ("VARCHAR[]", ["a", "b"], ["a", "b"]),
        ("VARCHAR", "a\x00b", "a\x00b"),
    ]
    house.run(_table_of([(type_, value) for type_, value, _ in values]))
    assert house.rows("FROM core.people") == [tuple(stored for _, _, stored in values)]


def _table_of(values: list[tuple[str, object]]) -> AssetsDefinition:
    """Give an asset with one row, in which each value has a column of its declared type."""
    columns = tuple(column(f"value_{at}", type_) for at, (type_, _) in enumerate(values))
    frame = pd.DataFrame(
        {f"value_{at}": pd.Series([value]) for at, (_, value) in enumerate(values)}
    )
    return table_asset(frame, columns=columns)


def test_nan_is_how_pandas_writes_a_missing_number(house: House) -> None:
    types = ["INTEGER", "BIGINT", "DOUBLE", "DECIMAL(7,4)", "VARCHAR"]
    house.run(_table_of([(type_, float("nan")) for type_ in types]))
    assert house.rows("FROM core.people") == [(None,) * len(types)]


ZONES = ["Asia/Kathmandu", "America/New_York"]
NOON = pd.Timestamp("2026-07-01T12:00")


@pytest.mark.parametrize("kind", ["frame", "Arrow table"])
def test_instants_with_a_zone_are_stored_as_utc(house: House, kind: str) -> None:
    units: list[Literal["s", "us", "ns"]] = ["s", "us", "ns"]
    frame = pd.DataFrame(
        {
            f"{zone} in {unit}": pd.Series([NOON.tz_localize(zone), None]).dt.as_unit(unit)
            for zone in ZONES
            for unit in units
        }
    )
    given = frame if kind == "frame" else pa.Table.from_pandas(frame)
    columns = tuple(column(name, "TIMESTAMP") for name in frame.columns)
    house.run(table_asset(given, columns=columns))
    utc = tuple(
        NOON.tz_localize(zone).tz_convert("UTC").tz_localize(None).to_pydatetime()
        for zone in ZONES
        for _ in units
    )
    assert house.rows("FROM core.people") == [utc, (None,) * len(columns)]


def test_an_instant_with_a_zone_in_a_query_is_stored_as_utc(house: House) -> None:
    moment = sqlglot.parse_one("SELECT TIMESTAMPTZ '2026-07-01 12:00:00+05:45' AS value")
    house.run(table_asset(moment, columns=(column("value", "TIMESTAMP"),)))
    assert house.rows("SELECT CAST(value AS VARCHAR) FROM core.people") == [
        ("2026-07-01 06:15:00",)
    ]


@pytest.mark.parametrize("annotation", [pd.DataFrame, pa.Table], ids=["frame", "Arrow table"])
def test_loading_a_table_that_is_not_there_is_told(house: House, annotation: object) -> None:
    house.run(people_asset(ADA, name="others"), day=FIRST)
    readers = reader(annotation, [], **PARTITIONED)
    told = house.refusal(people_asset(ADA), readers, only=[readers], day=FIRST)
    assert "Loading people: Catalog Error: Table with name people does not exist!" in told
    assert "\n" not in told


def test_a_query_over_a_table_that_is_not_there_is_told(house: House) -> None:
    house.run(people_asset(ADA), day=FIRST)
    over_others = exp.select("*").from_("core.others")
    told = house.refusal(people_asset(over_others), day=FIRST)
    assert "Writing core.people: Catalog Error: Table with name others does not exist!" in told
    assert "\n" not in told


def test_a_declared_type_that_does_not_exist_is_told(house: House) -> None:
    told = house.refusal(table_asset(ADA[["age"]], columns=(column("age", "WHOLE"),)))
    assert "Writing core.people: Catalog Error: Type with name WHOLE does not exist!" in told
