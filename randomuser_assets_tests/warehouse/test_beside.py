"""Rows of other tables come with those of an asset: all of them are stored, or none."""

from collections.abc import Callable

import pytest
from dagster import AssetExecutionContext, TableSchema
from sqlglot import parse_one
from sqlglot.expressions import Query

from randomuser_assets.warehouse import Beside, Staged
from randomuser_assets_tests.warehouse.house import House
from randomuser_assets_tests.warehouse.people import (
    DAY,
    FIRST,
    NAME,
    SECOND,
    THIRD,
    people_asset,
)

NOTES = TableSchema([DAY, NAME])
STORED = "SELECT CAST(snapshot_date AS VARCHAR), name FROM {} ORDER BY ALL"


def query(sql: str) -> Query:
    parsed = parse_one(sql, dialect="duckdb")
    assert isinstance(parsed, Query)
    return parsed


def rows_of(days: list[str], name: str, more: str = "") -> Query:
    each = " UNION ALL ".join(
        f"SELECT DATE '{day}' AS snapshot_date, '{name} of {day}' AS name{more}" for day in days
    )
    return query(each)


def with_notes(
    name: str, notes: Callable[[list[str]], Query], ended: list[str]
) -> Callable[[AssetExecutionContext], Staged]:
    """Give people, and notes beside them."""

    def given(context: AssetExecutionContext) -> Staged:
        days = list(context.partition_keys)
        nothing = ", CAST(NULL AS INTEGER) AS age, CAST(NULL AS TIMESTAMP) AS seen_at"
        return Staged(
            rows_of(days, name, nothing),
            lambda: ended.append("discarded"),
            lambda: ended.append("released"),
            beside=[Beside("quality", "notes", notes(days), NOTES, "Notes.")],
        )

    return given


def noted(name: str) -> Callable[[list[str]], Query]:
    return lambda days: rows_of(days, name)


def test_what_comes_beside_is_stored_as_declared(house: House) -> None:
    ended: list[str] = []
    house.run(people_asset(with_notes("a", noted("n"), ended)), day=FIRST)
    assert house.rows(STORED.format("quality.notes")) == [(FIRST, f"n of {FIRST}")]
    columns = "SELECT column_name, data_type, is_nullable FROM duckdb_columns() "
    assert house.rows(f"{columns} WHERE table_name = 'notes' ORDER BY column_index") == [
        ("snapshot_date", "DATE", False),
        ("name", "VARCHAR", False),
    ]
    told = "SELECT comment FROM duckdb_tables() WHERE table_name = 'notes'"
    assert house.rows(told) == [("Notes.",)]
    assert ended == ["discarded", "released"]


def test_a_day_written_again_replaces_what_came_beside_it_and_no_other_day(house: House) -> None:
    house.run(people_asset(with_notes("a", noted("n"), [])), days=(FIRST, THIRD))
    house.run(people_asset(with_notes("b", noted("m"), [])), day=SECOND)
    for table, names in (("core.people", "aba"), ("quality.notes", "nmn")):
        assert house.rows(STORED.format(table)) == [
            (day, f"{name} of {day}")
            for day, name in zip((FIRST, SECOND, THIRD), names, strict=True)
        ]


def test_a_day_of_which_there_is_nothing_beside_has_nothing_left(house: House) -> None:
    house.run(people_asset(with_notes("a", noted("n"), [])), day=FIRST)

    def nothing(_: list[str]) -> Query:
        return query("SELECT CAST(NULL AS DATE) AS snapshot_date, '' AS name WHERE FALSE")

    house.run(people_asset(with_notes("b", nothing, [])), day=FIRST)
    assert house.rows("FROM quality.notes") == []
    assert house.rows(STORED.format("core.people")) == [(FIRST, f"b of {FIRST}")]


@pytest.mark.parametrize(
    ("notes", "said"),
    [
        pytest.param("SELECT error('no') AS snapshot_date, '' AS name", "engine", id="it breaks"),
        pytest.param("SELECT DATE '2026-01-01' AS snapshot_date", "lack name", id="a column less"),
        pytest.param(
            f"SELECT DATE '{THIRD}' AS snapshot_date, 'x' AS name", "partition", id="another day"
        ),
    ],
)
def test_when_what_comes_beside_cannot_be_stored_nothing_is(
    house: House, notes: str, said: str
) -> None:
    house.run(people_asset(with_notes("a", noted("n"), [])), day=FIRST)
    ended: list[str] = []
    spoilt = people_asset(with_notes("b", lambda _: query(notes), ended))
    assert said in house.refusal(spoilt, day=FIRST)
    assert house.rows(STORED.format("core.people")) == [(FIRST, f"a of {FIRST}")]
    assert house.rows(STORED.format("quality.notes")) == [(FIRST, f"n of {FIRST}")]
    assert ended == ["released"]


def test_when_the_rows_themselves_cannot_be_stored_nothing_beside_them_is(house: House) -> None:
    house.run(people_asset(with_notes("a", noted("n"), [])), day=FIRST)

    def spoilt(context: AssetExecutionContext) -> Staged:
        given = with_notes("b", noted("m"), [])(context)
        return Staged(rows_of([FIRST], "b"), given.discard, given.release, given.beside)

    house.refusal(people_asset(spoilt), day=FIRST)
    assert house.rows(STORED.format("quality.notes")) == [(FIRST, f"n of {FIRST}")]


def test_only_the_assets_own_rows_are_counted(house: House) -> None:
    house.run(people_asset(with_notes("a", noted("n"), [])), day=FIRST)
    assert house.metadata("people", FIRST)["rows_written"] == 1
