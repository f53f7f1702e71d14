"""The figures of the page: rows, rejections, reasons, drift, whatever state the tables are in."""

from datetime import date
from pathlib import Path

import pytest

from randomuser_assets.model import MODEL
from randomuser_assets.report.quality import State
from randomuser_assets_tests.report.warehouse import (
    TODAY,
    Warehouse,
    days_ago,
    opened_warehouse,
)

NORTH = "location_coordinates_latitude: 'north' is not a number"
A_NUMBER = "location_coordinates_latitude: … is not a number"


def test_rows_are_those_of_the_newest_day(warehouse: Warehouse) -> None:
    warehouse.came(days_ago(3), 7)
    warehouse.came(days_ago(1), 5, [[NORTH]])
    found = {each.asset: (each.newest, each.newest_rows) for each in warehouse.quality().tables}
    yesterday = date.fromisoformat(days_ago(1))
    assert found == {
        **{table.name: (yesterday, 5) for table in MODEL},
        "raw_users": (yesterday, 6),
        "rejected_users": (yesterday, 1),
    }


def test_the_days_end_today(warehouse: Warehouse) -> None:
    warehouse.came(days_ago(29), 1)
    days = warehouse.quality().days
    assert (len(days), days[-1]) == (30, TODAY)


def test_days_that_are_all_older_are_shown_where_they_end(warehouse: Warehouse) -> None:
    warehouse.came(days_ago(31), 1)
    warehouse.came(days_ago(30), 1)
    days = warehouse.quality().days
    assert (len(days), days[-1].isoformat()) == (30, days_ago(30))


def test_rejected_records_are_counted_by_day(warehouse: Warehouse) -> None:
    warehouse.came(days_ago(2), 8, [[NORTH], [NORTH]])
    warehouse.came(days_ago(1), 10)
    warehouse.came(days_ago(40), 1, [[NORTH]])
    found = warehouse.quality().days_of_records
    assert [(f"{day.day}", day.rejected, day.records) for day in found] == [
        (days_ago(2), 2, 10),
        (days_ago(1), 0, 10),
    ]


def test_a_day_that_was_not_divided_yet_has_no_figure(warehouse: Warehouse) -> None:
    warehouse.came(days_ago(1), 10)
    warehouse.connection.execute("DELETE FROM staging.flattened_users")
    assert warehouse.quality().days_of_records == ()
    assert warehouse.quality().newest_records == 10


def test_reasons_are_grouped_without_their_values(warehouse: Warehouse) -> None:
    missing = "gender: is missing or null"
    warehouse.came(days_ago(2), 1, [[NORTH, missing], [NORTH.replace("north", "south")]])
    warehouse.came(days_ago(1), 1, [[missing], [missing]])
    warehouse.came(days_ago(30), 1, [["too old to be shown"]])
    found = [(each.words, each.records, f"{each.last_day}") for each in warehouse.quality().reasons]
    assert found == [(missing, 3, days_ago(1)), (A_NUMBER, 2, days_ago(2))]


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        (NORTH, A_NUMBER),
        ("a: 'it's not' said ' he' is not b", "a: … is not b"),
        ("a: 'two\nlines' is not b", "a: … is not b"),
        ("a: '' is not b", "a: … is not b"),
        ("a: 'is not closed", "a: …"),
        ("a: a private value is not b", "a: a private value is not b"),
        (
            "the record could not be read as JSON: byte 12 of Xk1-planted",
            "the record could not be read as JSON: …",
        ),
        (
            "picture_id: cannot be derived from picture_large, 'x' does not end like …/88.jpg",
            "picture_id: cannot be derived from picture_large, … does not end like …/88.jpg",
        ),
    ],
)
def test_a_value_in_a_reason_is_never_shown(warehouse: Warehouse, reason: str, shown: str) -> None:
    warehouse.came(days_ago(1), 1, [[reason]])
    assert [each.words for each in warehouse.quality().reasons] == [shown]


def test_drift_of_the_days_shown_comes_newest_first(warehouse: Warehouse) -> None:
    warehouse.came(days_ago(0), 1)
    for ago, path in ((3, "old"), (1, "new"), (30, "too.old")):
        warehouse.drifted(days_ago(ago), "appeared", path, "text", 5, "***")
    assert [each.path for each in warehouse.quality().drift] == ["new", "old"]


def test_nothing_there_is_said_and_no_fault(tmp_path: Path) -> None:
    with opened_warehouse(tmp_path / "empty.duckdb", tables=False) as warehouse:
        quality = warehouse.quality()
    assert quality.state is State.UNCHECKED
    assert quality.lacks_results == "quality.check_results is not there yet."
    assert quality.lacks_drift == "quality.shape_drift is not there yet."
    assert {table.lacking for table in quality.tables} == {
        f"{table.schema}.{table.name} is not there yet." for table in MODEL
    }


def test_empty_tables_are_no_fault(warehouse: Warehouse) -> None:
    quality = warehouse.quality()
    assert (quality.state, quality.lacks_results) == (State.UNCHECKED, "")
    assert {(table.newest, table.newest_rows) for table in quality.tables} == {(None, None)}


def test_a_table_without_the_column_of_days_says_so_and_stops_no_other(
    warehouse: Warehouse,
) -> None:
    warehouse.came(days_ago(1), 3)
    warehouse.connection.execute("ALTER TABLE core.users DROP COLUMN snapshot_date")
    found = {each.asset: each for each in warehouse.quality().tables}
    assert "core.users has no column snapshot_date" in found["users"].lacking
    assert found["logins"].newest_rows == 3


def test_a_table_with_columns_of_other_types_is_read_as_far_as_it_can_be(
    warehouse: Warehouse,
) -> None:
    warehouse.came(days_ago(1), 3, [[NORTH]])
    warehouse.said("users", "a_check", days_ago(1))
    for change in (
        "core.users ALTER snapshot_date TYPE VARCHAR",
        "staging.rejected_users ALTER reasons TYPE INTEGER USING 1",
        "quality.check_results ALTER figures TYPE INTEGER USING 1",
        "quality.check_results ALTER passed TYPE VARCHAR",
        "quality.shape_drift ALTER records TYPE VARCHAR USING 'many'",
    ):
        warehouse.connection.execute(f"ALTER TABLE {change}")
    quality = warehouse.quality()
    (users,) = [each for each in quality.tables if each.asset == "users"]
    assert (users.newest_rows, users.checks.failed, quality.reasons) == (3, 1, ())


def test_results_that_lack_a_column_are_told_as_not_known(warehouse: Warehouse) -> None:
    warehouse.said("users", "a_check", days_ago(1))
    warehouse.connection.execute("ALTER TABLE quality.check_results DROP COLUMN figures")
    quality = warehouse.quality()
    assert "quality.check_results has no column figures" in quality.lacks_results
    assert quality.state is State.UNCHECKED


def test_whatever_there_is_the_page_stays_small(warehouse: Warehouse) -> None:
    warehouse.connection.execute(
        """
        INSERT INTO quality.check_results
        SELECT TIMESTAMP '2026-11-20' - to_seconds(i), repeat('r', 5000), 'a' || i % 400,
               repeat('c', 5000), (DATE '2026-11-20' - (i // 400)::INTEGER)::VARCHAR, 'ERROR',
               false, json_object('found', repeat('f', 30000)) FROM range(4000) t(i)
        """
    )
    for table, values in (
        ("staging.rejected_users", "'s', 1, i, ['reason ' || i || repeat('x', 5000)], '{}'"),
        ("quality.shape_drift", "'appeared', repeat('p', 5000) || i, 'text', i, repeat('e', 5000)"),
    ):
        warehouse.connection.execute(
            f"INSERT INTO {table} SELECT DATE '2026-11-20', {values} FROM range(2000) t(i)"
        )
    quality = warehouse.quality()
    assert (len(quality.failures.newest), quality.failures.all) == (50, 4000)
    assert (len(quality.reasons), quality.kinds_of_reasons) == (20, 2000)
    assert (len(quality.drift), quality.places_of_drift) == (50, 2000)
    assert len(warehouse.page()) < 500_000


def test_what_is_no_table_of_days_comes_by_name(warehouse: Warehouse) -> None:
    """Or each page would have it in another order."""
    names = [f"dim_{letter}" for letter in "hcadgebf"]
    for name in names:
        warehouse.said(name, "unique")
    others = [state.asset for state in warehouse.quality().tables if state.asset in names]
    assert others == sorted(names)
