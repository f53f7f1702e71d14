"""What an asset may give, and what it may ask for.

Here belong queries, Arrow tables and frames on their way in and out. Which table they come to is
in `test_conventions`, which rows of it in `test_partitions`.
"""

from collections.abc import Callable

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
import sqlglot
from dagster import In, Out, job, op
from sqlglot import exp
from sqlglot.expressions import Query, Select

from randomuser_assets.warehouse import Staged, WarehouseIOManager
from randomuser_assets_tests.warehouse.house import House, house_at
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
NAMES = "SELECT name FROM core.people"


def query(text: str) -> Query:
    parsed = sqlglot.parse_one(text, dialect="duckdb")
    assert isinstance(parsed, Query)
    return parsed


ADA_QUERY = query(
    "SELECT 36 AS age, 'Ada' AS name, DATE '2026-01-01' AS snapshot_date, NULL AS seen_at"
)


@pytest.mark.parametrize(
    "given",
    [
        ADA,
        pa.Table.from_pandas(ADA),
        ADA_QUERY,
        query(f"WITH ada AS ({ADA_QUERY}) SELECT * FROM ada"),
        query(f"{ADA_QUERY} UNION {ADA_QUERY}"),
    ],
    ids=["frame", "Arrow table", "query", "query with a CTE", "union"],
)
def test_what_is_given_is_stored(house: House, given: object) -> None:
    house.run(people_asset(given), day=FIRST)
    assert house.rows("SELECT snapshot_date::TEXT, name, age, seen_at FROM core.people") == [
        (FIRST, "Ada", 36, None)
    ]
    assert house.metadata("people", FIRST)["rows_written"] == 1


@pytest.mark.parametrize("annotation", [None, pd.DataFrame], ids=["unannotated", "frame"])
def test_a_frame_is_loaded_unless_something_else_is_asked_for(
    house: House, annotation: object
) -> None:
    got: list[pd.DataFrame] = []
    house.run(people_asset(ADA), reader(annotation, got, **PARTITIONED), day=FIRST)
    assert isinstance(got[0], pd.DataFrame)
    assert got[0].name.tolist() == ["Ada"]


@pytest.mark.filterwarnings("error:Arrow output on a DB-API result makes an extra copy")
def test_an_arrow_table_is_loaded_where_it_is_asked_for(house: House) -> None:
    got: list[pa.Table] = []
    house.run(people_asset(ADA), reader(pa.Table, got, **PARTITIONED), day=FIRST)
    assert isinstance(got[0], pa.Table)
    assert got[0].column("age").to_pylist() == [36]


def test_a_query_runs_where_it_is_used(house: House) -> None:
    got: list[Select] = []
    house.run(people_asset(ADA), reader(Select, got, **PARTITIONED), day=FIRST)
    counted = exp.select("count(*) AS people").from_(got[0].subquery("people"))
    house.run(table_asset(counted, columns=(column("people", "INTEGER"),), name="counts"))
    assert house.rows("FROM core.counts") == [(1,)]
    house.run(people_asset(people(SECOND, "Bob")), day=SECOND)
    assert len(house.rows(got[0].sql("duckdb"))) == 1


@pytest.mark.parametrize(
    ("annotation", "columns_of"),
    [
        (None, lambda frame: list(frame.columns)),
        (pa.Table, lambda table: table.column_names),
        (Select, lambda query: query.named_selects),
    ],
    ids=["frame", "Arrow table", "query"],
)
def test_only_the_columns_asked_for_are_loaded(
    house: House, annotation: object, columns_of: Callable[[object], list[str]]
) -> None:
    got: list[object] = []
    readers = reader(annotation, got, columns=["age", "name"], **PARTITIONED)
    house.run(people_asset(ADA), readers, day=FIRST)
    assert columns_of(got[0]) == ["age", "name"]


def test_another_kind_of_input_is_refused(house: House) -> None:
    told = house.refusal(people_asset(ADA), reader(dict, [], **PARTITIONED), day=FIRST)
    assert "WarehouseIOManager does not have a handler for type '<class 'dict'>'" in told


def test_another_kind_of_output_is_refused(house: House) -> None:
    told = house.refusal(people_asset(["Ada"]), day=FIRST)
    assert "WarehouseIOManager does not have a handler for type '<class 'list'>'" in told


def test_a_forgotten_return_is_told_as_by_the_stock_manager(house: House) -> None:
    assert "Unexpected 'None' output value" in house.refusal(people_asset(None), day=FIRST)


def test_outputs_of_ops_are_kept_too(house: House) -> None:
    @op(out=Out(metadata={"schema": "steps", "table": "first_step"}))
    def give() -> pd.DataFrame:
        return pd.DataFrame({"n": [1, 2]})

    @op(ins={"given": In(pa.Table)}, out=Out(metadata={"schema": "steps"}))
    def double(given: pa.Table) -> pd.DataFrame:
        return given.to_pandas() * 2  # type: ignore[no-any-return]

    @job(resource_defs={"io_manager": house.io_manager})
    def steps() -> None:
        double(give())

    assert steps.execute_in_process(instance=house.instance).success
    assert house.rows("SELECT n FROM steps.first_step") == [(1,), (2,)]
    assert house.rows("SELECT n FROM steps.result") == [(2,), (4,)]


def test_the_engine_is_configured_as_told(house: House) -> None:
    told = house_at(house.path, WarehouseIOManager, connection_config={"threads": 1})
    threads = query("SELECT CAST(current_setting('threads') AS INTEGER) AS threads")
    told.run(table_asset(threads, columns=None, name="settings"))
    assert house.rows("FROM core.settings") == [(1,)]


class Discards:
    """Notes what becomes of the files behind a staged query, and what is stored by then."""

    def __init__(self, house: House, *, fails: bool = False) -> None:
        self.house, self.fails = house, fails
        self.events: list[object] = []

    def discard(self) -> None:
        """Note the rows that another connection sees at this moment."""
        with duckdb.connect(str(self.house.path)) as connection:
            self.events.append(connection.execute(NAMES).fetchall())
        if self.fails:
            raise OSError("cannot be removed")

    def release(self) -> None:
        """Note that the files are let go of."""
        self.events.append("released")


def test_staged_files_go_when_their_rows_are_stored(house: House) -> None:
    files = Discards(house)
    house.run(people_asset(Staged(ADA_QUERY, files.discard, files.release)), day=FIRST)
    assert files.events == [[("Ada",)], "released"]


def test_staged_files_stay_when_their_rows_are_refused(house: House) -> None:
    files = Discards(house)
    house.refusal(people_asset(Staged(ADA_QUERY, files.discard, files.release)), day=SECOND)
    assert files.events == ["released"]


def test_staged_files_that_cannot_go_are_let_go_of(house: House) -> None:
    files = Discards(house, fails=True)
    house.refusal(people_asset(Staged(ADA_QUERY, files.discard, files.release)), day=FIRST)
    assert files.events == [[("Ada",)], "released"]
