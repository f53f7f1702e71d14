"""Keys that nobody declared, declared keys that are gone, and one that has another name.

Here belong single records. Not here: values of another type (`test_shape`).
"""

import pytest

from randomuser_assets.source.shape import APPEARED, RENAMED, VANISHED
from randomuser_assets_tests.query.records import MISSING, PERSON, Token
from randomuser_assets_tests.source.differing import WIRE, differences, of

# Keys that appeared and vanished


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        ("x", "text"),
        (5, "number"),
        (1.5, "number"),
        (True, "boolean"),
        (None, "null"),
        ({"a": 1}, "object"),
        ({}, "object"),
        ([1], "list"),
        ([], "list"),
        (Token("1e999"), "number"),
        (Token("9" * 5000), "number"),
    ],
    ids=lambda value: str(value)[:9],
)
@pytest.mark.parametrize("place", ["", "name.", "location.street.", "login.", "id.", "dob."])
def test_a_new_key_is_found_wherever_it_is(place: str, value: object, type_: str) -> None:
    assert of({f"{place}new": value}) == [(APPEARED, f"{place}new", type_)]


@pytest.mark.parametrize("path", WIRE)
def test_a_missing_leaf_is_found(path: str) -> None:
    assert of({path: MISSING}) == [(VANISHED, path, "nothing")]


def test_a_missing_object_is_one_difference() -> None:
    for path in ("name", "location", "location.coordinates", "login", "id", "picture"):
        assert of({path: MISSING}) == [(VANISHED, path, "nothing")]


def test_a_new_object_is_one_difference() -> None:
    assert of({"company": {"name": "x", "address": {"street": "y"}}}) == [
        (APPEARED, "company", "object")
    ]


def test_nothing_at_all_is_without_every_key() -> None:
    assert differences(b"{}") == [(VANISHED, name, "nothing") for name in PERSON]


# Keys that were renamed


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        ("nat", "nationality", "GB"),
        ("gender", "sex", "female"),
        ("email", "e-mail", "ada@example.com"),
        ("dob.date", "dob.born", "1993-07-20T09:44:18.674Z"),
        ("dob.age", "dob.years", 30),
        ("location.postcode", "location.zip", 12345),
        ("location.postcode", "location.zip", "12345"),
        ("location.coordinates.latitude", "location.coordinates.lat", "1.0"),
        ("login.password", "login.Password", "x"),
        ("login.salt", "login.pepper", "x"),
        ("id.value", "id.number", "x"),
        ("id.value", "id.number", None),
        ("login", "Login", PERSON["login"]),
        ("location", "place", {"anything": 1}),
        ("location.street", "location.road", {"number": 1, "name": "x"}),
    ],
)
def test_one_key_for_another_of_its_type_is_a_renamed_one(
    old: str, new: str, value: object
) -> None:
    assert of({old: MISSING, new: value}) == [(RENAMED, old, new)]


@pytest.mark.parametrize(
    ("old", "new", "value", "type_"),
    [
        ("nat", "nationality", 44, "number"),
        ("nat", "nationality", None, "null"),
        ("nat", "nationality", {"code": "GB"}, "object"),
        ("dob.age", "dob.years", "30", "text"),
        ("dob.age", "dob.years", True, "boolean"),
        ("location", "place", "London", "text"),
        ("location", "place", [PERSON["location"]], "list"),
        ("location.postcode", "location.zip", None, "null"),
        ("id.value", "id.number", 5, "number"),
    ],
)
def test_one_key_for_another_of_no_such_type_is_not(
    old: str, new: str, value: object, type_: str
) -> None:
    assert of({old: MISSING, new: value}) == [
        (VANISHED, old, "nothing"),
        (APPEARED, new, type_),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["nat"], ["nationality", "nation"]),
        (["nat", "gender"], ["nationality"]),
        (["nat", "gender"], ["nationality", "sex"]),
        (["nat"], ["location.nat"]),
        (["location.city"], ["city"]),
        (["name.first"], ["login.first"]),
        (["location.street.name"], ["location.name"]),
    ],
)
def test_which_of_many_was_renamed_is_not_guessed(old: list[str], new: list[str]) -> None:
    found = of({**dict.fromkeys(old, MISSING), **dict.fromkeys(new, "x")})
    assert sorted(found) == sorted(
        [(VANISHED, path, "nothing") for path in old] + [(APPEARED, path, "text") for path in new]
    )


def test_in_each_object_one_key_may_be_renamed() -> None:
    changes = {"nat": MISSING, "nationality": "GB", "dob.age": MISSING, "dob.years": 30}
    assert of(changes) == [(RENAMED, "nat", "nationality"), (RENAMED, "dob.age", "dob.years")]


def test_within_a_renamed_object_nothing_is_looked_for() -> None:
    login = {**PERSON["login"], "hint": "x"}
    assert of({"login": MISSING, "Login": login}) == [(RENAMED, "login", "Login")]
