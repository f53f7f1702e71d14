"""The questions across tables find what one side has and the other lacks, each on its own day.

Not here: questions of one table (`test_audit`), and what a check makes of the figures.
"""

import pytest
from sqlglot.expressions import Select

from randomuser_assets.model import MODEL
from randomuser_assets.model.quality import REQUESTS
from randomuser_assets.query.compare import (
    asked_and_came,
    expected,
    fingerprint,
    places,
    shares,
    unbalanced,
    unmet,
    unmet_here,
    values,
)
from randomuser_assets_tests.query.audited import FIRST, NEXT, figures, place, put
from randomuser_assets_tests.query.division import Bench
from randomuser_assets_tests.query.records import admitted

PLACES, ZONES = MODEL["locations"], MODEL["timezones"]
OFFSETS = values(PLACES, PLACES["timezone_offset"], None)
KNOWN = values(ZONES, ZONES["timezone_offset"], None)
ADA = "7a0eed16-9430-4d68-901f-c0d4c1c3bf00"
BOB = "7a0eed16-9430-4d68-901f-c0d4c1c3bf01"


def zone(bench: Bench, offset: str | None) -> None:
    put(bench, "timezones", snapshot_date=FIRST, timezone_offset=offset)


def found(bench: Bench, query: Select) -> list[tuple[object, str]]:
    """Give the days and values of one side."""
    return sorted((row["snapshot_date"], str(row["value"])) for row in bench.rows(query))


# One side


def test_values_are_those_of_the_days_without_nulls(audited: Bench) -> None:
    for day, offset in ((FIRST, "0:00"), (FIRST, None), (FIRST, "0:00"), (NEXT, "+1:00")):
        place(audited, day, "London", offset)
    assert found(audited, OFFSETS) == [(FIRST, "0:00"), (FIRST, "0:00"), (NEXT, "+1:00")]
    of_a_day = values(PLACES, PLACES["timezone_offset"], ("2026-01-02", "2026-01-02"))
    assert found(audited, of_a_day) == [(NEXT, "+1:00")]


def test_keys_that_a_core_table_must_have_are_those_of_the_people(bench: Bench) -> None:
    bench.put([admitted({"login.uuid": ADA}), admitted({"login.uuid": BOB, "id.value": None})])
    bench.divide()
    people, documents, pictures = (
        found(bench, expected(MODEL[name], MODEL, None))
        for name in ("users", "identity_documents", "pictures")
    )
    assert people == [(FIRST, ADA), (FIRST, BOB)]
    assert documents == [(FIRST, ADA)]
    assert pictures == [(FIRST, "women/75"), (FIRST, "women/75")]


def test_each_record_has_a_place_of_its_own(bench: Bench) -> None:
    bench.put([admitted()] * 3, "2026-01-01")
    bench.put([admitted()] * 2, "2026-01-02")
    bench.divide()
    came = found(bench, places(MODEL.raw, None))
    assert found(bench, places(MODEL.flattened, None)) == came
    assert [day for day, _ in came] == [FIRST] * 3 + [NEXT] * 2
    assert len({value for _, value in came}) == 3


# Both sides


def test_equal_values_have_equal_fingerprints_and_others_have_not(audited: Bench) -> None:
    prints = []
    for offsets in (["0:00", "+1:00"], ["+1:00", "0:00"], ["0:00"], ["0:00", "0:00"], ["0:00", ""]):
        audited.connection.execute("DELETE FROM core.locations")
        for offset in [*offsets, None]:
            place(audited, FIRST, "London", offset)
        prints.append(figures(audited, fingerprint(OFFSETS))[FIRST])
    assert prints[0] == prints[1]
    assert len(set(prints)) == 4


def test_a_fingerprint_is_of_a_day(audited: Bench) -> None:
    for day in (FIRST, NEXT):
        place(audited, day, "London")
    one, other = figures(audited, fingerprint(OFFSETS)).values()
    assert one == other
    audited.connection.execute("DELETE FROM core.locations")
    assert figures(audited, fingerprint(OFFSETS)) == {}


def test_what_the_other_side_lacks_is_counted_with_its_rows(audited: Bench) -> None:
    for known in ("0:00", "+9:00", None):
        zone(audited, known)
    for offset in ("0:00", "+1:00", "+1:00", "+2:00", None):
        place(audited, FIRST, "London", offset)
    assert figures(audited, unmet(OFFSETS, KNOWN)) == {FIRST: (2, 3, 1, 1)}
    assert figures(audited, unmet(KNOWN, OFFSETS)) == {FIRST: (1, 1, 2, 3)}
    assert figures(audited, unmet_here(OFFSETS, KNOWN)) == {FIRST: (2, 3)}
    assert figures(audited, unmet_here(KNOWN, OFFSETS)) == {FIRST: (1, 1)}


def test_a_value_is_met_on_its_own_day_only(audited: Bench) -> None:
    zone(audited, "0:00")
    for day in (FIRST, NEXT):
        place(audited, day, "London")
    assert figures(audited, unmet(OFFSETS, KNOWN)) == {FIRST: (0, 0, 0, 0), NEXT: (1, 1, 0, 0)}
    assert figures(audited, unmet_here(OFFSETS, KNOWN)) == {NEXT: (1, 1)}


def test_a_side_without_values_lacks_all(audited: Bench) -> None:
    place(audited, FIRST, "London")
    assert figures(audited, unmet(OFFSETS, KNOWN)) == {FIRST: (1, 1, 0, 0)}
    assert figures(audited, unmet_here(OFFSETS, KNOWN)) == {FIRST: (1, 1)}
    for asked in (unmet, unmet_here):
        assert figures(audited, asked(KNOWN, KNOWN)) == {}


# Halves


HALVES = (MODEL.flattened, MODEL.rejected)


@pytest.fixture
def _divided(bench: Bench) -> None:
    bench.put([admitted(), admitted({"nat": None}), admitted()])
    bench.put([admitted()], "2026-01-02")
    bench.divide()


@pytest.mark.usefixtures("_divided")
def test_halves_that_make_the_whole_are_balanced(bench: Bench) -> None:
    assert figures(bench, unbalanced(MODEL.raw, HALVES, None)) == {}
    of_each = shares(MODEL.raw, MODEL.rejected, None)
    assert figures(bench, of_each) == {FIRST: (3, 1), NEXT: (1, 0)}


@pytest.mark.usefixtures("_divided")
@pytest.mark.parametrize(
    ("change", "counted"),
    [
        ("DELETE FROM staging.flattened_users WHERE position = 3", (1, 0, 0)),
        ("DELETE FROM staging.rejected_users", (1, 0, 0)),
        ("DELETE FROM raw.raw_users WHERE position = 2", (0, 0, 1)),
        ("UPDATE staging.flattened_users SET position = 2 WHERE position = 3", (1, 1, 0)),
        ("UPDATE staging.rejected_users SET page = 7", (1, 0, 1)),
    ],
)
def test_a_record_that_is_not_in_exactly_one_half_is_counted(
    bench: Bench, change: str, counted: tuple[int, int, int]
) -> None:
    bench.connection.execute(change)
    assert figures(bench, unbalanced(MODEL.raw, HALVES, None)) == {FIRST: counted}


# Pages


def test_pages_that_brought_another_number_than_was_asked_are_counted(bench: Bench) -> None:
    bench.connection.execute(
        """CREATE SCHEMA IF NOT EXISTS quality;
        CREATE OR REPLACE TABLE quality.requests AS SELECT * FROM (VALUES
        (DATE '2026-01-01', 's', 1, 2, NULL), (DATE '2026-01-01', 's', 2, 5, NULL),
        (DATE '2026-01-02', 's', 1, 3, 2))
        AS t(snapshot_date, seed, page, results, forgotten)"""
    )
    bench.put([admitted()] * 2, "2026-01-01")
    bench.put([admitted()], "2026-01-02")
    bench.put([admitted()], "2026-01-03")
    compared = figures(bench, asked_and_came(REQUESTS, MODEL.raw, ("2026-01-01", "2026-01-02")))
    assert compared == {FIRST: (7, 2, 1), NEXT: (1, 1, 0)}
    every = figures(bench, asked_and_came(REQUESTS, MODEL.raw, None))
    assert [every[day] for day in sorted(every)] == [(7, 2, 1), (1, 1, 0), (0, 1, 1)]
