"""Nobody is registered before birth, or born or registered after the day of the fetch.

Here belong the rules that compare an instant with another or with the fetch.
"""

from collections.abc import Iterator

import pytest

from randomuser_assets_tests.query.division import Bench
from randomuser_assets_tests.query.records import MISSING, PERSON, admitted

BORN = str(PERSON["dob"]["date"])
Changes = dict[str, object]


def dated(born: object, registered: object) -> bytes:
    return admitted({"dob.date": born, "registered.date": registered})


def future(column: str, instant: str) -> str:
    return f"{column}: '{instant}' is after the day of the fetch"


# Registered after born


@pytest.mark.parametrize(
    ("born", "registered"),
    [
        (BORN, BORN),
        ("1993-07-20T09:44:18.674Z", "1993-07-20T09:44:18.674000Z"),
        ("1993-07-20T09:44:18.674000Z", "1993-07-20T09:44:18.674Z"),
        ("1993-07-20T09:44:18Z", "1993-07-20T09:44:18.000001Z"),
        ("1993-07-20T09:44:18.9Z", "1993-07-20T09:44:18.90Z"),
        ("1944-12-31T23:59:59.999999Z", "1945-01-01T00:00:00Z"),
        ("1000-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z"),
    ],
)
def test_who_is_registered_at_birth_or_later_is_kept(
    bench: Bench, born: str, registered: str
) -> None:
    assert bench.divided([dated(born, registered)]).reasons == {}


@pytest.mark.parametrize(
    ("born", "registered"),
    [
        ("1993-07-20T09:44:18.674Z", "1993-07-20T09:44:18.673999Z"),
        ("1993-07-20T09:44:18.674Z", "1993-07-20T09:44:18.67Z"),
        ("1993-07-20T00:00:00.000001Z", "1993-07-20T00:00:00Z"),
        ("1970-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z"),
        ("2000-03-01T00:00:00Z", "2000-02-29T23:59:59.9Z"),
    ],
)
def test_who_is_registered_before_birth_is_rejected(
    bench: Bench, born: str, registered: str
) -> None:
    assert bench.divided([dated(born, registered)]).reasons == {
        1: [f"registered_date: '{registered}' is before dob_date '{born}'"]
    }


@pytest.mark.parametrize(
    ("unreadable", "reason"),
    [
        (None, "{}: is missing or null"),
        (MISSING, "{}: is missing or null"),
        ("soon", "{}: 'soon' is not a UTC date and time like 2007-07-09T05:51:59.390Z"),
        (
            "2023-02-30T00:00:00Z",
            "{}: '2023-02-30T00:00:00Z' is not a UTC date and time like 2007-07-09T05:51:59.390Z",
        ),
        (0, "{}: '0' is not a UTC date and time like 2007-07-09T05:51:59.390Z"),
    ],
)
def test_what_cannot_be_read_is_not_compared(bench: Bench, unreadable: object, reason: str) -> None:
    """Whichever of the two it is, and whatever the other one would be found to be."""
    far = "1800-01-01T00:00:00Z"
    divided = bench.divided(
        [
            dated(unreadable, BORN),
            dated(BORN, unreadable),
            dated(unreadable, far),
            dated(unreadable, unreadable),
        ]
    )
    born, registered = reason.format("dob_date"), reason.format("registered_date")
    assert divided.reasons == {1: [born], 2: [registered], 3: [born], 4: [born, registered]}


# Not in the future


@pytest.mark.parametrize(
    "fetched_at",
    [
        "2026-01-01 00:00:00",
        "2026-01-01 12:00:00",
        "2026-01-01 23:59:59.999999",
    ],
)
def test_the_day_of_the_fetch_is_no_future_and_the_next_is(bench: Bench, fetched_at: str) -> None:
    first, last, after = (
        "2026-01-01T00:00:00Z",
        "2026-01-01T23:59:59.999999Z",
        "2026-01-02T00:00:00Z",
    )
    divided = bench.divided(
        [dated(first, last), dated(last, last), dated(BORN, after), dated(after, after)],
        fetched_at=fetched_at,
    )
    assert sorted(divided.flattened) == [1, 2]
    assert divided.reasons == {
        3: [future("registered_date", after)],
        4: [future("dob_date", after), future("registered_date", after)],
    }


def test_a_birth_in_the_future_is_told_beside_what_follows_of_it(bench: Bench) -> None:
    born = "2999-12-31T00:00:00Z"
    assert bench.divided([dated(born, BORN)]).reasons[1] == [
        future("dob_date", born),
        f"registered_date: '{BORN}' is before dob_date '{born}'",
    ]


@pytest.mark.parametrize(
    ("fetched_at", "kept"),
    [
        ("2025-06-14 23:59:59.999999", False),
        ("2025-06-15 00:00:00", True),
        ("2025-06-15 08:00:00", True),
        ("2026-01-01 08:00:00", True),
        ("2027-01-01 08:00:00", True),
    ],
)
def test_the_fetch_decides_and_not_the_day_of_the_snapshot(
    bench: Bench, fetched_at: str, kept: bool
) -> None:
    divided = bench.divided([dated(BORN, "2025-06-15T10:00:00Z")], fetched_at=fetched_at)
    assert bool(divided.flattened) is kept
    assert bool(divided.reasons) is not kept


def test_each_day_of_a_range_has_its_own_fetch(bench: Bench) -> None:
    record = dated(BORN, "2026-01-02T10:00:00Z")
    for day in ("2026-01-01", "2026-01-02", "2026-01-03"):
        bench.put([record], day)
    bench.divide()
    rejected = bench.rows("SELECT CAST(snapshot_date AS VARCHAR) d FROM staging.rejected_users")
    assert rejected == [{"d": "2026-01-01"}]


@pytest.fixture
def _far_from_greenwich(bench: Bench) -> Iterator[None]:
    bench.connection.execute("SET TimeZone = 'Pacific/Kiritimati'")
    yield
    bench.connection.execute("SET TimeZone = 'UTC'")


@pytest.mark.usefixtures("_far_from_greenwich")
def test_days_are_those_of_utc_wherever_the_engine_is(bench: Bench) -> None:
    last, after = "2026-01-01T23:59:59Z", "2026-01-02T00:00:00Z"
    divided = bench.divided(
        [dated(BORN, last), dated(BORN, after)], fetched_at="2026-01-01 00:00:01"
    )
    assert sorted(divided.flattened) == [1]
    assert divided.reasons == {2: [future("registered_date", after)]}
