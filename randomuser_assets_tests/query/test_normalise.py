"""A core table is what its columns say of the people: no row twice, no contradiction hidden.

Here belongs the way from flattened_users on. How records come there is in `test_division`.
"""

import pytest

from randomuser_assets.model import MODEL, Table
from randomuser_assets.query.normalise import normalised
from randomuser_assets_tests.query.division import FLATTENED, Bench, Row
from randomuser_assets_tests.query.records import PERSON, admitted

ADA = "7a0eed16-9430-4d68-901f-c0d4c1c3bf00"
BOB = "7a0eed16-9430-4d68-901f-c0d4c1c3bf01"


def rows_of(bench: Bench, table: str) -> list[Row]:
    query = normalised(FLATTENED, MODEL[table], MODEL)
    return sorted(bench.rows(query), key=str)


def put(bench: Bench, *changes: dict[str, object], day: str = "2026-01-01") -> None:
    bench.put([admitted(change) for change in changes], day)
    bench.divide()


@pytest.mark.parametrize("table", MODEL.core, ids=lambda table: table.name)
def test_a_core_table_has_the_columns_that_are_declared(bench: Bench, table: Table) -> None:
    put(bench, {})
    assert bench.columns(normalised(FLATTENED, table, MODEL)) == {
        column.name: column.type.sql for column in table.columns
    }
    (row,) = bench.rows(normalised(FLATTENED, table, MODEL))
    assert all(row[column.name] is not None for column in table.columns)


def test_values_come_to_the_columns_they_are_declared_for(bench: Bench) -> None:
    put(bench, {})
    (user,), (place,) = rows_of(bench, "users"), rows_of(bench, "locations")
    assert (user["first_name"], user["last_name"]) == (PERSON["name"]["first"], "Lovelace")
    assert (user["picture_id"], user["nationality"]) == ("women/75", "GB")
    assert (str(place["latitude"]), str(place["longitude"])) == ("51.5074", "-0.1278")
    assert rows_of(bench, "countries")[0]["country_name"] == "United Kingdom"


def test_what_many_share_is_one_row(bench: Bench) -> None:
    put(bench, {"login.uuid": ADA}, {"login.uuid": BOB}, {"login.uuid": BOB})
    assert {table.name: len(rows_of(bench, table.name)) for table in MODEL.core} == {
        "users": 2,
        "logins": 2,
        "locations": 2,
        "identity_documents": 2,
        "pictures": 1,
        "timezones": 1,
        "countries": 1,
    }


def test_only_people_with_a_document_have_one(bench: Bench) -> None:
    put(bench, {"login.uuid": ADA, "id.value": None, "id.name": ""}, {"login.uuid": BOB})
    assert [str(row["user_id"]) for row in rows_of(bench, "identity_documents")] == [BOB]
    assert len(rows_of(bench, "users")) == 2


@pytest.mark.parametrize(
    ("table", "key", "change"),
    [
        ("timezones", "timezone_offset", {"location.timezone.description": "Elsewhere"}),
        ("countries", "country_code", {"location.country": "Great Britain"}),
        ("pictures", "picture_id", {"picture.medium": "https://example.com/75.jpg"}),
        ("users", "user_id", {"email": "lovelace@example.com"}),
        ("logins", "user_id", {"login.password": "engine"}),
        ("locations", "user_id", {"location.city": "Paris"}),
        ("identity_documents", "user_id", {"id.value": "another"}),
    ],
)
def test_a_key_that_does_not_determine_its_row_is_in_two(
    bench: Bench, table: str, key: str, change: dict[str, object]
) -> None:
    put(bench, {}, change)
    one, other = rows_of(bench, table)
    assert one[key] == other[key]


def test_days_are_kept_apart(bench: Bench) -> None:
    put(bench, {}, day="2026-01-01")
    put(bench, {}, day="2026-01-02")
    for table in MODEL.core:
        days = [str(row["snapshot_date"]) for row in rows_of(bench, table.name)]
        assert days == ["2026-01-01", "2026-01-02"]


def test_who_comes_again_is_compared_as_a_whole(bench: Bench) -> None:
    """On one day somebody comes once, another thrice with two different rows."""
    put(bench, {"login.uuid": ADA}, day="2026-01-01")
    ada: dict[str, object] = {"login.uuid": ADA}
    other = {**ada, "email": "lovelace@example.com"}
    put(bench, ada, {"login.uuid": BOB}, other, ada, day="2026-01-02")
    found = [(str(row["snapshot_date"]), str(row["user_id"])) for row in rows_of(bench, "users")]
    assert found == [("2026-01-01", ADA), *[("2026-01-02", ADA)] * 2, ("2026-01-02", BOB)]


def test_nobody_makes_no_rows(bench: Bench) -> None:
    assert [rows_of(bench, table.name) for table in MODEL.core] == [[]] * len(MODEL.core)
