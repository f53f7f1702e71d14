"""The questions that checks ask of one table find what should not be there, and nothing else.

Each has rows in which something is wrong. Not here: questions across tables (`test_compare`), and
what a check makes of the figures, which belongs to graph.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlglot import exp

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
from randomuser_assets.query.days import rows, with_days_before
from randomuser_assets_tests.query.audited import FIRST, LAST, NEXT, figures, place, put
from randomuser_assets_tests.query.division import Bench, Row

PLACES, ZONES = MODEL["locations"], MODEL["timezones"]
OFFSET, CITY = PLACES["timezone_offset"], PLACES["city"]


def test_rows_are_those_of_the_days(audited: Bench) -> None:
    for number in range(1, 6):
        place(audited, date(2026, 1, number), "London")
    counts = [
        len(audited.rows(rows(PLACES, days)))
        for days in (None, ("2026-01-02", "2026-01-04"), ("2026-01-05", "2026-01-05"))
    ]
    assert counts == [5, 3, 1]


def test_rows_are_counted_by_day(audited: Bench) -> None:
    for day in (FIRST, NEXT, NEXT):
        place(audited, day, "London")
    assert figures(audited, counted(rows(PLACES, None))) == {FIRST: (1,), NEXT: (2,)}
    days = audited.rows(present(rows(PLACES, ("2026-01-02", "2026-01-09"))))
    assert [row["snapshot_date"] for row in days] == [NEXT]


def test_repeated_values_are_counted_with_their_rows(audited: Bench) -> None:
    cities = ("London", "London", "London", "Paris", "Paris", "Rome", None, None)
    for city in cities:
        place(audited, FIRST, city)
    place(audited, NEXT, "Rome")
    key = ("snapshot_date", "city")
    assert figures(audited, repeated(rows(PLACES, None), key)) == {FIRST: (2, 5)}


def test_nothing_repeats_in_nothing(audited: Bench) -> None:
    assert figures(audited, repeated(rows(PLACES, None), ("snapshot_date", "city"))) == {}


def test_nulls_are_counted_by_column(audited: Bench) -> None:
    place(audited, FIRST, None)
    place(audited, FIRST, None, None)
    place(audited, NEXT, "London")
    found = audited.rows(missing(rows(PLACES, None), [CITY, OFFSET]))
    assert found == [{"snapshot_date": FIRST, "city": 2, "timezone_offset": 1}]


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


def described(bench: Bench, *by_day: list[str | None]) -> dict[date, tuple[object, ...]]:
    """Say what changed of one time zone that has these descriptions, day by day."""
    for day, descriptions in zip((FIRST, NEXT, LAST), by_day, strict=False):
        for each in descriptions:
            put(bench, "timezones", snapshot_date=day, timezone_offset="0:00", description=each)
    return figures(bench, changed(rows(ZONES, None), ZONES, None))


def test_what_was_null_and_is_a_value_has_changed(audited: Bench) -> None:
    assert described(audited, [None], [None], ["London"]) == {LAST: (1,)}


def test_a_value_that_is_null_now_has_changed(audited: Bench) -> None:
    assert described(audited, ["London"], [None], [None]) == {NEXT: (1,)}


def test_days_without_a_key_are_passed_over(audited: Bench) -> None:
    assert described(audited, ["London"], [], ["Lisbon"]) == {LAST: (1,)}


def test_a_key_that_comes_twice_on_a_day_has_not_changed_by_that(audited: Bench) -> None:
    """It is told as repeated."""
    assert described(audited, ["London", "Paris"], ["London", "Paris"], ["Paris"]) == {}


def test_a_key_that_comes_twice_on_a_day_has_changed_once(audited: Bench) -> None:
    assert described(audited, ["London", "London"], ["Paris", "Rome"]) == {NEXT: (1,)}


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
