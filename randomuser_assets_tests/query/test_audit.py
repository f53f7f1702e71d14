"""The questions that checks ask find what should not be there, and nothing else.

Each has rows in which something is wrong. What a check makes of the figures belongs to graph.
"""

import pytest
from sqlglot import exp
from sqlglot.expressions import Select

from randomuser_assets.model import MODEL
from randomuser_assets.query.audit import missing, repeated, rows, unmet
from randomuser_assets_tests.query.division import Bench

PLACES, ZONES = MODEL["locations"], MODEL["timezones"]
OFFSET, CITY = PLACES["timezone_offset"], PLACES["city"]


@pytest.fixture
def audited(bench: Bench) -> Bench:
    """Places and time zones whose columns take anything."""
    for table in (PLACES, ZONES):
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


def figures(bench: Bench, query: Select) -> tuple[object, ...]:
    (row,) = bench.rows(query)
    return tuple(row.values())


def test_rows_are_those_of_the_days(audited: Bench) -> None:
    for number in range(1, 6):
        place(audited, f"2026-01-0{number}", "London", "0:00")
    counts = [
        len(audited.rows(rows(PLACES, days)))
        for days in (None, ("2026-01-02", "2026-01-04"), ("2026-01-05", "2026-01-05"))
    ]
    assert counts == [5, 3, 1]


def test_repeated_values_are_counted_with_their_rows(audited: Bench) -> None:
    cities = ("London", "London", "London", "Paris", "Paris", "Rome", None, None)
    for city in cities:
        place(audited, "2026-01-01", city, "0:00")
    place(audited, "2026-01-02", "Rome", "0:00")
    key = ("snapshot_date", "city")
    assert figures(audited, repeated(rows(PLACES, None), key)) == (2, 5)


def test_nothing_repeats_in_nothing(audited: Bench) -> None:
    assert figures(audited, repeated(rows(PLACES, None), ("city",))) == (0, 0)


def test_nulls_are_counted_by_column(audited: Bench) -> None:
    place(audited, "2026-01-01", None, "0:00")
    place(audited, "2026-01-01", None, None)
    found = audited.rows(missing(rows(PLACES, None), [CITY, OFFSET]))
    assert found == [{"city": 2, "timezone_offset": 1}]


def test_a_reference_to_nothing_is_counted_with_its_rows(audited: Bench) -> None:
    zone(audited, "2026-01-01", "0:00")
    zone(audited, "2026-01-01", None)
    for offset in ("0:00", "+1:00", "+1:00", "+2:00", None):
        place(audited, "2026-01-01", "London", offset)
    query = unmet(rows(PLACES, None), OFFSET, rows(ZONES, None), "timezone_offset")
    assert figures(audited, query) == (2, 3)


def test_a_reference_is_met_on_its_own_day_only(audited: Bench) -> None:
    zone(audited, "2026-01-01", "0:00")
    for day in ("2026-01-01", "2026-01-02"):
        place(audited, day, "London", "0:00")
    query = unmet(rows(PLACES, None), OFFSET, rows(ZONES, None), "timezone_offset")
    assert figures(audited, query) == (1, 1)


def test_a_question_does_not_change_what_it_is_asked_of() -> None:
    source = exp.select("*").from_("core.locations")
    before = source.sql()
    repeated(source, ("city",))
    missing(source, [CITY])
    unmet(source, OFFSET, source, "timezone_offset")
    assert source.sql() == before
