"""Which rows of a table a run replaces, loads and counts.

Here belong days, ranges of days, named partitions and tables without any.
"""

import pandas as pd
import pyarrow as pa
import pytest
from dagster import (
    DynamicPartitionsDefinition,
    MultiPartitionKey,
    MultiPartitionsDefinition,
    PartitionsDefinition,
    StaticPartitionsDefinition,
    TimeWindowPartitionMapping,
)
from sqlglot.expressions import Select

from randomuser_assets_tests.warehouse.house import House
from randomuser_assets_tests.warehouse.people import (
    AGE,
    DAYS,
    FIRST,
    NAME,
    PARTITIONED,
    SECOND,
    SEEN_AT,
    THIRD,
    column,
    one_a_day,
    people,
    people_asset,
    reader,
    table_asset,
)

NAMES = "SELECT name FROM core.people ORDER BY name"
COUNT = "dagster/partition_row_count"
WHOLE_RANGE = (FIRST, THIRD)


def test_a_range_is_one_write_that_counts_each_day(house: House) -> None:
    frame = pd.concat([people(FIRST, "Ada"), people(THIRD, "Bob", "Eve", "Mallory")])
    house.run(people_asset(frame), days=WHOLE_RANGE)
    assert len(house.rows(NAMES)) == 4
    counts = [house.metadata("people", day)[COUNT] for day in (FIRST, SECOND, THIRD)]
    assert counts == [1, 0, 3]


def test_a_range_replaces_its_days_only(house: House) -> None:
    house.run(people_asset(one_a_day), days=WHOLE_RANGE)
    house.run(people_asset(people(SECOND, "Ada")), days=(FIRST, SECOND))
    assert house.rows(NAMES) == [("Ada",), (f"of {THIRD}",)]


def test_a_range_is_stored_whole_or_not_at_all(house: House) -> None:
    house.run(people_asset(one_a_day), days=WHOLE_RANGE)
    frame = pd.concat([people(FIRST, "Ada"), people(SECOND, "Bob", name=[None])])
    house.refusal(people_asset(frame), days=WHOLE_RANGE)
    assert house.rows(NAMES) == [(f"of {day}",) for day in (FIRST, SECOND, THIRD)]


def test_a_range_is_loaded_at_once(house: House) -> None:
    got: list[pd.DataFrame] = []
    house.run(people_asset(one_a_day), day="2026-01-04")
    house.run(people_asset(one_a_day), reader(None, got, **PARTITIONED), days=WHOLE_RANGE)
    assert got[0].name.tolist() == [f"of {day}" for day in (FIRST, SECOND, THIRD)]


def test_all_days_are_loaded_by_an_asset_without_days(house: House) -> None:
    for day in (FIRST, SECOND):
        house.run(people_asset(one_a_day), day=day)
    got: list[pd.DataFrame] = []
    readers = reader(None, got)
    house.run(people_asset(one_a_day), readers, only=[readers])
    assert got[0].name.tolist() == [f"of {FIRST}", f"of {SECOND}"]


@pytest.mark.filterwarnings("ignore:Parameter `allow_nonexistent_upstream_partitions`")
def test_there_is_no_day_before_the_first(house: House) -> None:
    """Who compares a day with the one before gets a table without rows on the first day."""
    before = TimeWindowPartitionMapping(
        start_offset=-1, end_offset=-1, allow_nonexistent_upstream_partitions=True
    )
    frames: list[pd.DataFrame] = []
    tables: list[pa.Table] = []
    queries: list[Select] = []
    readers = [
        reader(annotation, into, name=name, partition_mapping=before, **PARTITIONED)
        for name, annotation, into in (
            ("frames", pd.DataFrame, frames),
            ("tables", pa.Table, tables),
            ("queries", Select, queries),
        )
    ]
    for day in (FIRST, SECOND):
        house.run(people_asset(one_a_day), *readers, day=day)
    assert [len(frame) for frame in frames] == [0, 1]
    assert [len(table) for table in tables] == [0, 1]
    assert [len(house.rows(query.sql("duckdb"))) for query in queries] == [0, 1]


@pytest.mark.parametrize("day", [FIRST, SECOND])
def test_a_partition_column_may_be_an_instant(house: House, day: str) -> None:
    moment = column("moment", "TIMESTAMP", required=True)
    frame = pd.DataFrame({"moment": [pd.Timestamp(f"{day}T23:59:59.999999")], "name": ["Ada"]})
    table = people_asset(frame, columns=(moment, NAME), metadata={"partition_expr": "moment"})
    for _ in range(2):
        house.run(table, day=day)
    assert house.rows(NAMES) == [("Ada",)]
    assert house.metadata("people", day).get(COUNT, 1) == 1


def test_a_range_counts_instants_by_day(house: House) -> None:
    moments = [f"{FIRST}T00:00", f"{FIRST}T12:00", f"{SECOND}T23:59"]
    frame = pd.DataFrame({"moment": pd.to_datetime(moments)})
    columns = (column("moment", "TIMESTAMP"),)
    table = people_asset(frame, columns=columns, metadata={"partition_expr": "moment"})
    house.run(table, days=(FIRST, SECOND))
    counts = [house.metadata("people", day).get(COUNT) for day in (FIRST, SECOND)]
    assert counts in ([2, 1], [None, None])  # told right or not at all


def test_a_partition_may_be_an_expression(house: House) -> None:
    metadata = {"partition_expr": "CAST(seen_at AS DATE)"}
    frame = people(FIRST, "Ada", "Bob", seen_at=pd.Timestamp(f"{SECOND}T05:00"))
    for _ in range(2):
        house.run(people_asset(frame, metadata=metadata), day=SECOND)
    assert house.rows(NAMES) == [("Ada",), ("Bob",)]
    assert house.metadata("people", SECOND)[COUNT] == 2


def test_a_text_as_partition_column_is_refused(house: House) -> None:
    """The stock manager doubled such days, since '2026-01-01' is less than '2026-01-01 00:00'."""
    columns = (column("snapshot_date", "VARCHAR"), NAME, AGE, SEEN_AT)
    told = house.refusal(people_asset(people(FIRST, "Ada"), columns=columns), day=FIRST)
    assert "1 of 1 rows written to core.people do not belong to the partition" in told


@pytest.mark.parametrize(
    "partitions",
    [StaticPartitionsDefinition(["a", "it's", "c"]), DynamicPartitionsDefinition(name="kinds")],
    ids=["static", "dynamic"],
)
def test_named_partitions_are_kept_apart(house: House, partitions: PartitionsDefinition) -> None:
    if isinstance(partitions, DynamicPartitionsDefinition):
        house.instance.add_dynamic_partitions("kinds", ["a", "it's", "c"])
    table = table_asset(
        lambda context: pd.DataFrame({"kind": [context.partition_key], "n": [1]}),
        columns=(column("kind", "VARCHAR"), column("n", "INTEGER")),
        metadata={"partition_expr": "kind"},
        partitions_def=partitions,
    )
    for kind in ("a", "it's", "c", "it's"):
        house.run(table, day=kind)
    assert house.rows("SELECT kind FROM core.people ORDER BY kind") == [("a",), ("c",), ("it's",)]
    assert house.metadata("people", "it's")[COUNT] == 1


def test_a_range_counts_named_partitions(house: House) -> None:
    table = table_asset(
        pd.DataFrame({"number": [1, 3, 3]}),
        columns=(column("number", "INTEGER"),),
        metadata={"partition_expr": "number"},
        partitions_def=StaticPartitionsDefinition(["1", "2", "3"]),
        backfill_policy=PARTITIONED["backfill_policy"],
    )
    house.run(table, days=("1", "3"))
    assert [house.metadata("people", key)[COUNT] for key in ("1", "2", "3")] == [1, 0, 2]


def test_partitions_of_two_dimensions_are_kept_apart(house: House) -> None:
    kinds = StaticPartitionsDefinition(["human", "robot"])
    table = table_asset(
        lambda context: people(
            context.partition_key.keys_by_dimension["day"],
            context.partition_key.keys_by_dimension["name"],
        ),
        metadata={"partition_expr": {"day": "snapshot_date", "name": "name"}},
        partitions_def=MultiPartitionsDefinition({"day": DAYS, "name": kinds}),
    )
    for day in (FIRST, SECOND, FIRST):
        for kind in ("human", "robot"):
            house.run(table, day=MultiPartitionKey({"day": day, "name": kind}))
    assert house.rows(NAMES) == [("human",), ("human",), ("robot",), ("robot",)]


def test_a_table_without_partitions_is_replaced_as_a_whole(house: House) -> None:
    for frame in (people(FIRST, "Ada", "Bob"), people(SECOND, "Eve")):
        house.run(table_asset(frame))
    assert house.rows(NAMES) == [("Eve",)]
    assert house.metadata("people")["dagster/row_count"] == 1


def test_days_without_the_name_of_their_column_are_refused(house: House) -> None:
    table = table_asset(people(FIRST, "Ada"), **PARTITIONED)
    assert "no 'partition_expr' metadata value" in house.refusal(table, day=FIRST)
