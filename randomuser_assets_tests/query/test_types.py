"""Which texts become which values: each type's pattern, through both queries.

Here belong single leaves of each type, with values that no rule minds. What a value must be beyond
its type is in `test_rules`, what is told of a record as a whole in `test_division`.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import pytest

from randomuser_assets_tests.query.division import Bench
from randomuser_assets_tests.query.records import Token, admitted

Values = tuple[object, ...]
Pairs = list[tuple[object, object]]

OTHER_DIGITS = ("\N{ARABIC-INDIC DIGIT ONE}", "\N{FULLWIDTH DIGIT ONE}", "\N{MINUS SIGN}1")
INTEGERS: Pairs = [
    ("0", 0),
    ("-0", 0),
    ("7", 7),
    ("-30", -30),
    ("2147483647", 2147483647),
    ("-2147483648", -2147483648),
    (12, 12),
    (Token("-0"), 0),
]
NO_INTEGERS: Values = (
    *("1e3", "01", "-01", "00", "+1", " 1", "1 ", "1.0", "1.", ".5", "", "-", "--1", "1_000"),
    *("2147483648", "-2147483649", "99999999999", "9999999999", "1\n", "\n1", "1\x00", "0x1"),
    *("inf", "NaN", "true", *OTHER_DIGITS, "12 years", "1,000", True, False, 1.5),
    *(2147483648, 10**30, Token("1e3"), Token("1.0"), Token("1E400"), [12], {"age": 12}),
)
DEGREES: Pairs = [
    ("0", Decimal(0)),
    ("-0", Decimal(0)),
    ("90", Decimal(90)),
    ("-69.8246", Decimal("-69.8246")),
    ("134.8", Decimal("134.8")),
    ("179.9999", Decimal("179.9999")),
    ("007.5", Decimal("7.5")),
    (12, Decimal(12)),
    (-0.5, Decimal("-0.5")),
]
NO_DEGREES: Values = (
    *("north", "", "1e1", "+1", ".5", "5.", "1234", "12.34567", "1,5", " 1", "1 ", "1.5\n", "-"),
    *(
        "NaN",
        "inf",
        "-infinity",
        "1.5.5",
        "51°30'",
        "1.5N",
        *OTHER_DIGITS,
        1000,
        0.00001,
        True,
        ["1"],
        {},
    ),
)
INSTANTS: Pairs = [
    ("2007-07-09T05:51:59.390Z", datetime(2007, 7, 9, 5, 51, 59, 390000)),  # noqa: DTZ001
    ("2024-02-29T00:00:00Z", datetime(2024, 2, 29)),  # noqa: DTZ001
    ("2000-02-29T12:00:00Z", datetime(2000, 2, 29, 12)),  # noqa: DTZ001
    ("1999-12-31T23:59:59.999999Z", datetime(1999, 12, 31, 23, 59, 59, 999999)),  # noqa: DTZ001
    ("1000-01-01T00:00:00.1Z", datetime(1000, 1, 1, 0, 0, 0, 100000)),  # noqa: DTZ001
    ("2025-12-31T23:59:59Z", datetime(2025, 12, 31, 23, 59, 59)),  # noqa: DTZ001
]
NO_INSTANTS: Values = (
    *("2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2023-02-30T00:00:00Z"),
    *("2023-04-31T00:00:00Z", "2023-13-01T00:00:00Z", "2023-00-01T00:00:00Z"),
    *("2023-01-00T00:00:00Z", "2023-01-32T00:00:00Z", "2023-01-01T24:00:00Z"),
    *("2023-01-01T23:60:00Z", "2023-01-01T23:59:60Z", "2023-01-01T23:59:99Z"),
    *("2023-01-01T00:00:00", "2023-01-01T00:00:00+00:00", "2023-01-01T00:00:00.000-05:00"),
    *("2023-01-01T00:00:00z", "2023-01-01t00:00:00Z", "2023-01-01 00:00:00Z", "2023-01-01"),
    *("2023-01-01T00:00:00.1234567Z", "2023-01-01T00:00:00.Z", "2023-01-01T00:00:00,1Z"),
    *("2023-01-01T00:00:00Z\n", "\n2023-01-01T00:00:00Z", " 2023-01-01T00:00:00Z"),
    *("2023-01-01T00:00:00Z Z", "2023-1-1T0:0:0Z", "0999-01-01T00:00:00Z"),
    *("3000-01-01T00:00:00Z", "-2023-01-01T00:00:00Z", "12023-01-01T00:00:00Z", "20230101T000000Z"),
    *("now", "today", "epoch", "infinity", "-infinity", "", "Z", 1183960319, True, [], {}),
)
LOWER = "7a0eed16-9430-4d68-901f-c0d4c1c3bf00"
UUIDS: Pairs = [
    (LOWER, UUID(LOWER)),
    ("00000000-0000-0000-0000-000000000000", UUID(int=0)),
    ("ffffffff-ffff-ffff-ffff-ffffffffffff", UUID(int=2**128 - 1)),
]
NO_UUIDS: Values = (
    *(
        LOWER.upper(),
        LOWER.replace("a", "A", 1),
        f"{{{LOWER}}}",
        f"urn:uuid:{LOWER}",
        LOWER.replace("-", ""),
    ),
    *(LOWER[:-1], f"{LOWER}0", f"{LOWER}\n", f" {LOWER}", LOWER.replace("a", "g"), ""),
    *("7a0eed169430-4d68-901f-c0d4-c1c3bf00", "7a0eed16_9430_4d68_901f_c0d4c1c3bf00", 7, True),
)
TEXTS: Pairs = [
    ("", ""),
    (" ", " "),
    ("null", "null"),
    ("NaN", "NaN"),
    (" {not JSON", " {not JSON"),
    ("a{[b", "a{[b"),
    ("Zürich 東京 \U0001f3d9", "Zürich 東京 \U0001f3d9"),
    ("a\x00b\tc\n", "a\x00b\tc\n"),
    ("it's \"quoted\" \\ 'so'", "it's \"quoted\" \\ 'so'"),
    (75001, "75001"),
    (10**30, str(10**30)),
    (-1.5, "-1.5"),
    (True, "true"),
    (False, "false"),
]
NO_TEXTS: Values = (
    {},
    [],
    {"name": "London"},
    ["London"],
    [[["London"]]],
    "{",
    "[",
    "{London}",
    "[London]",
)
LATER = {"registered.date": "2025-12-31T23:59:59Z"}
"""So that nobody is registered before birth."""


@pytest.mark.parametrize(
    ("path", "column", "accepted", "refused"),
    [
        ("dob.age", "dob_age", INTEGERS, NO_INTEGERS),
        ("location.coordinates.longitude", "location_coordinates_longitude", DEGREES, NO_DEGREES),
        ("dob.date", "dob_date", INSTANTS, NO_INSTANTS),
        ("login.uuid", "login_uuid", UUIDS, NO_UUIDS),
        ("location.city", "location_city", TEXTS, NO_TEXTS),
    ],
    ids=["whole number", "degrees", "instant", "UUID", "text"],
)
def test_a_value_is_accepted_only_if_it_is_written_as_its_type(
    bench: Bench,
    path: str,
    column: str,
    accepted: Pairs,
    refused: Values,
) -> None:
    good = bench.divided(admitted({**LATER, path: value}) for value, _ in accepted)
    assert good.reasons == {}
    stored = [row[column] for row in good.flattened.values()]
    assert stored == [value for _, value in accepted]
    bad = bench.divided(admitted({**LATER, path: value}) for value in refused)
    assert [refused[at - 1] for at in bad.flattened] == []
    for reasons in bad.reasons.values():
        assert len(reasons) == 1
        assert reasons[0].startswith(f"{column}: ")


def test_an_accepted_value_is_never_another_one(bench: Bench) -> None:
    """What a cast alone would round, trim or read in its own way."""
    bent = {
        "dob.age": "1.0",
        "location.street.number": " 12",
        "location.coordinates.longitude": "1.00001",
        "registered.date": "2023-01-01",
    }
    assert bench.divided(admitted({path: value}) for path, value in bent.items()).flattened == {}
