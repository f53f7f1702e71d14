"""The questions that checks ask of one table find what should not be there, and nothing else.

Each has rows in which something is wrong. What a check makes of the figures belongs to graph.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlglot import exp
from sqlglot.expressions import Select

from randomuser_assets.model import MODEL
from randomuser_assets.query.audit import (
    changed,
    counted,
    missing,
    present,
    repeated,
    unaccepted,
    without_elements,
)
from randomuser_assets.query.compare import End, unmet
from randomuser_assets.query.days import rows, with_days_before
from randomuser_assets_tests.query.division import Bench, Row

PLACES, ZONES, USERS, PICTURES = (
    MODEL[name] for name in ("locations", "timezones", "users", "pictures")
)
OFFSET, CITY = PLACES["timezone_offset"], PLACES["city"]
FIRST, NEXT, LAST = date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)


@pytest.fixture
def audited(bench: Bench) -> Bench:
    """Places, time zones, users and pictures whose columns take anything."""
    for table in (PLACES, ZONES, USERS, PICTURES):
        columns = ", ".join(f'"{column.name}" {column.type.sql}' for column in table.columns)
        bench.connection.execute(f"CREATE OR REPLACE TABLE {table.schema}.{table.name} ({columns})")
    return bench


def place(bench: Bench, day: str, city: str | None, offset: str | None) -> None:
    columns = "snapshot_date, city, timezone_offset"
    sql = f"INSERT INTO core.locations ({columns}) VALUES (?, ?, ?)"
    bench.connection.execute(sql, [day, city, offset])


def zone(bench: Bench, day: str, offset: str | None) -> None:
    sql = "INSERT INTO core.timezones (snapshot_date, timezone_offset) VALUES (?, ?)"
    bench.connection.execute(sql, [day, offset])


def put(bench: Bench, table: str, **values: object) -> None:
    names = ", ".join(values)
    sql = f"INSERT INTO core.{table} ({names}) VALUES ({', '.join('?' * len(values))})"
    bench.connection.execute(sql, list(values.values()))


def figures(bench: Bench, query: Select) -> dict[date, tuple[object, ...]]:
    """Give the figures of each day."""
    return {day: tuple(found) for day, *found in (row.values() for row in bench.rows(query))}


def test_rows_are_those_of_the_days(audited: Bench) -> None:
    for number in range(1, 6):
        place(audited, f"2026-01-0{number}", "London", "0:00")
    counts = [
        len(audited.rows(rows(PLACES, days)))
        for days in (None, ("2026-01-02", "2026-01-04"), ("2026-01-05", "2026-01-05"))
    ]
    assert counts == [5, 3, 1]


def test_rows_are_counted_by_day(audited: Bench) -> None:
    for day in ("2026-01-01", "2026-01-02", "2026-01-02"):
        place(audited, day, "London", "0:00")
    assert figures(audited, counted(rows(PLACES, None))) == {FIRST: (1,), NEXT: (2,)}
    days = audited.rows(present(rows(PLACES, ("2026-01-02", "2026-01-09"))))
    assert [row["snapshot_date"] for row in days] == [NEXT]


def test_repeated_values_are_counted_with_their_rows(audited: Bench) -> None:
    cities = ("London", "London", "London", "Paris", "Paris", "Rome", None, None)
    for city in cities:
        place(audited, "2026-01-01", city, "0:00")
    place(audited, "2026-01-02", "Rome", "0:00")
    key = ("snapshot_date", "city")
    assert figures(audited, repeated(rows(PLACES, None), key)) == {FIRST: (2, 5)}


def test_nothing_repeats_in_nothing(audited: Bench) -> None:
    assert figures(audited, repeated(rows(PLACES, None), ("snapshot_date", "city"))) == {}


def test_nulls_are_counted_by_column(audited: Bench) -> None:
    place(audited, "2026-01-01", None, "0:00")
    place(audited, "2026-01-01", None, None)
    place(audited, "2026-01-02", "London", "0:00")
    found = audited.rows(missing(rows(PLACES, None), [CITY, OFFSET]))
    assert found == [{"snapshot_date": FIRST, "city": 2, "timezone_offset": 1}]


def test_a_reference_to_nothing_is_counted_with_its_rows(audited: Bench) -> None:
    zone(audited, "2026-01-01", "0:00")
    zone(audited, "2026-01-01", "+9:00")
    zone(audited, "2026-01-01", None)
    for offset in ("0:00", "+1:00", "+1:00", "+2:00", None):
        place(audited, "2026-01-01", "London", offset)
    query = unmet(End(PLACES, OFFSET), End(ZONES, ZONES["timezone_offset"]), None)
    assert figures(audited, query) == {FIRST: (2, 3, 1, 1)}


def test_a_reference_is_met_on_its_own_day_only(audited: Bench) -> None:
    zone(audited, "2026-01-01", "0:00")
    for day in ("2026-01-01", "2026-01-02"):
        place(audited, day, "London", "0:00")
    query = unmet(End(PLACES, OFFSET), End(ZONES, ZONES["timezone_offset"]), None)
    assert figures(audited, query) == {FIRST: (0, 0, 0, 0), NEXT: (1, 1, 0, 0)}


# Rules of values, in the tables


def broken(bench: Bench, table: str) -> list[Row]:
    found = bench.rows(unaccepted(rows(MODEL[table], None), MODEL[table]))
    return [{name: n for name, n in row.items() if n} for row in found]


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("users", "gender", "x"),
        ("users", "email", "a@b"),
        ("users", "nationality", "XX"),
        ("users", "born_at", datetime.now(UTC).date() + timedelta(days=2)),
        ("users", "registered_at", "1000-01-01"),
        ("locations", "street_number", 0),
        ("locations", "latitude", "90.0001"),
        ("locations", "longitude", "-180.0001"),
        ("locations", "timezone_offset", "UTC"),
        ("timezones", "timezone_offset", "+15:00"),
        ("pictures", "medium_url", "x"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_stored_value_that_breaks_its_rule_is_counted(
    audited: Bench, table: str, column: str, value: object
) -> None:
    more = {"born_at": "1990-01-01"} if column == "registered_at" else {}
    put(audited, table, snapshot_date=FIRST, **{column: value}, **more)
    assert broken(audited, table) == [{"snapshot_date": FIRST, column: 1}]


def test_a_null_and_a_right_value_break_no_rule(audited: Bench) -> None:
    today = datetime.now(UTC).date()
    put(audited, "users", snapshot_date=FIRST)
    put(audited, "users", snapshot_date=FIRST, born_at="1990-01-01", registered_at="1990-01-01")
    put(audited, "users", snapshot_date=FIRST, gender="male", born_at=today, registered_at=today)
    put(audited, "users", snapshot_date=FIRST, registered_at="1000-01-01")
    assert broken(audited, "users") == []


def test_a_list_without_elements_is_counted(audited: Bench) -> None:
    audited.connection.execute(
        """CREATE OR REPLACE TEMP TABLE told AS SELECT * FROM (VALUES
        (DATE '2026-01-01', ['a']), (DATE '2026-01-02', []), (DATE '2026-01-02', NULL))
        AS t(snapshot_date, reasons)"""
    )
    query = without_elements(exp.select("*").from_("told"), MODEL.rejected["reasons"])
    assert figures(audited, query) == {NEXT: (2,)}


# Lasting values, against earlier days


def test_a_lasting_value_that_changed_is_told_on_the_day_it_changed(audited: Bench) -> None:
    for day, offset, places in (
        (FIRST, "0:00", "London"),
        (FIRST, "+1:00", "Paris"),
        (NEXT, "0:00", "Lisbon"),
        (NEXT, "+1:00", "Paris"),
        (NEXT, "+2:00", "Athens"),
        (LAST, "0:00", "Lisbon"),
    ):
        put(audited, "timezones", snapshot_date=day, timezone_offset=offset, description=places)
    for days in (None, ("2026-01-02", "2026-01-03")):
        source = rows(ZONES, with_days_before(days))
        assert figures(audited, changed(source, ZONES, days)) == {NEXT: (1,)}
    source = rows(ZONES, with_days_before(("2026-01-03", "2026-01-03")))
    assert figures(audited, changed(source, ZONES, ("2026-01-03", "2026-01-03"))) == {}


def test_a_question_does_not_change_what_it_is_asked_of() -> None:
    source = exp.select("*").from_("core.locations")
    before = source.sql()
    repeated(source, ("city",))
    missing(source, [CITY])
    unaccepted(source, PLACES)
    counted(source)
    present(source)
    changed(source, ZONES, ("2026-01-01", "2026-01-02"))
    assert source.sql() == before
