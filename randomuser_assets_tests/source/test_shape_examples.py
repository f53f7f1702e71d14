"""What an example shows: a plain value, and of any other only what it is.

Here belong the words for each class of value and for names. Not here: the search for private values
in all that is told (`test_shape_private`), and which differences there are (`test_shape`).
"""

import json

import pytest

from randomuser_assets.model import MODEL
from randomuser_assets.source.door import Door
from randomuser_assets.source.shape import Difference, Drift
from randomuser_assets_tests.query.records import MISSING, Token, written
from randomuser_assets_tests.source.classes import MASKED, PLAIN, SECRET
from randomuser_assets_tests.source.differing import SHAPE

NUMBERS = ("location.street.number", "dob.age", "registered.age")
GUARDED = ("login", "id")

VALUE = "Xk1-planted"
NUMBER = 3141592653


def examples(text: bytes) -> list[str]:
    return [found.example for found in SHAPE.differences(text) or ()]


def example(path: str, value: object) -> str:
    """Give the example of the one difference that this value makes."""
    (shown,) = examples(written({path: value}))
    return shown


# Plain


def test_a_plain_value_is_shown_and_cut() -> None:
    assert PLAIN == [
        "gender",
        "name.title",
        "location.country",
        "location.timezone.offset",
        "location.timezone.description",
        "registered.age",
        "id.name",
        "nat",
    ]
    assert example("gender", 5) == "5"
    assert example("gender", 1.5) == "1.5"
    assert example("registered.age", "twenty") == "twenty"
    assert example("registered.age", "x" * 100) == "x" * 40
    assert example("gender", None) == "null"
    assert example("nat", True) == "true"
    assert example("nat", [VALUE, 1]) == "with 2 items"
    assert example("nat", {VALUE: 1}) == "with 1 keys"


@pytest.mark.parametrize("token", ["5", "1.10", "-0.5", "9" * 5000], ids=lambda token: token[:5])
def test_a_plain_number_is_shown_as_it_is_written_whoever_read_it(token: str) -> None:
    """Other readers take a record in which something is no JSON."""
    text = written({"gender": Token(token), "location.city": Token("NaN")})
    assert examples(text) == [token[:40]]


# Private


@pytest.mark.parametrize("path", MASKED)
def test_of_a_private_value_only_its_size_is_shown(path: str) -> None:
    if path in NUMBERS:
        assert example(path, VALUE) == f"of {len(VALUE)} characters"
        assert example(path, "") == "of 0 characters"
    elif path != "location.postcode":
        assert example(path, NUMBER) == ""
        assert example(path, Token("1e999")) == ""
    assert example(path, [VALUE]) == "with 1 items"
    assert example(path, {VALUE: 1, "b": 2}) == "with 2 keys"
    assert example(path, None) == "null"


@pytest.mark.parametrize("path", SECRET)
def test_of_a_secret_not_even_the_size_is_shown(path: str) -> None:
    assert example(path, NUMBER) == "a number"
    assert example(path, Token("9" * 5000)) == "a number"
    assert example(path, False) == "a boolean"
    assert example(path, [VALUE, VALUE]) == "a list"
    assert example(path, {VALUE: 1}) == example(path, {})
    if path != "id.value":
        assert example(path, None) == ""


def test_a_record_that_is_no_object_is_a_secret() -> None:
    texts = (f'"{VALUE}"', f'["{VALUE}"]', f"{NUMBER}", "true", "null")
    assert [shown for text in texts for shown in examples(text.encode())] == [
        *("a text", "a list", "a number", "a boolean", ""),
    ]


# What nobody declared


@pytest.mark.parametrize(
    ("value", "shown", "within_secrets"),
    [
        (VALUE, f"of {len(VALUE)} characters", "a text"),
        (NUMBER, "", "a number"),
        (1.5, "", "a number"),
        (True, "true", "a boolean"),
        (None, "null", ""),
        ([VALUE, VALUE], "with 2 items", "a list"),
        ([], "with 0 items", "a list"),
    ],
    ids=str,
)
def test_a_value_that_nobody_declared_is_as_private_as_what_may_be_beside_it(
    value: object, shown: str, within_secrets: str
) -> None:
    for place in ("new", "name.middle", "location.street.floor", "picture.new"):
        assert example(place, value) == shown
    for place in ("login.hint", "id.hint"):
        assert example(place, value) == within_secrets


def test_of_an_object_that_nobody_declared_the_number_of_keys_is_shown() -> None:
    assert example("new", {}) == "with 0 keys"
    assert example("name.new", {VALUE: VALUE, "a": 1}) == "with 2 keys"
    assert example("login.new", {VALUE: VALUE}) == example("login.new", {})


@pytest.mark.parametrize("path", ["name", "location", "location.street", "dob", *GUARDED])
def test_what_stands_where_an_object_belongs_is_as_private_as_a_value_in_it(path: str) -> None:
    plainly, secretly = ("of 11 characters", "with 1 items"), ("a text", "a list")
    shown = (example(path, VALUE), example(path, [VALUE]))
    assert shown == (secretly if path in GUARDED else plainly)


@pytest.mark.parametrize("path", PLAIN)
def test_a_plain_value_under_another_name_may_be_another_value(path: str) -> None:
    """That a key was renamed is a guess: the value may be a password."""
    value = NUMBER if path in NUMBERS else VALUE
    shown = {"registered.age": "", "id.name": "a text"}.get(path, f"of {len(VALUE)} characters")
    (found,) = SHAPE.differences(written({path: MISSING, f"{path}_new": value})) or ()
    assert (found.kind, found.example) == ("renamed", shown)


@pytest.mark.parametrize("path", SECRET)
def test_of_a_secret_under_another_name_not_even_the_size_is_shown(path: str) -> None:
    assert examples(written({path: MISSING, f"{path}_new": "x" * 987})) == ["a text"]


# Names

ODD_NAMES = [
    *(
        "Xk1 planted",
        "Xk1@planted.com",
        "Xk1/planted",
        "Xk1.planted",
        "Xk1-plänted",
        "Xk1planted\n",
    ),
    *("1Xk1-planted", "+49 Xk1-planted", "", " ", "\x00Xk1-planted", "Xk1-planted" * 4, "\ud800"),
]


@pytest.mark.parametrize("name", ODD_NAMES, ids=ascii)
@pytest.mark.parametrize("place", ["", "location", "login"])
def test_a_key_that_is_no_name_may_be_a_value_and_is_not_shown(name: str, place: str) -> None:
    new = {name: 1} if not place else {}
    record = json.loads(written()) | new
    if place:
        record[place][name] = 1
    (found,) = SHAPE.differences(json.dumps(record).encode()) or ()
    assert found.path == f"{place}.(no name)".removeprefix(".")
    inside = json.loads(written()) | {"new": {name: 1, "b": 2}}
    (found,) = SHAPE.differences(json.dumps(inside).encode()) or ()
    assert found.example == "with 2 keys"


def test_several_keys_that_are_no_names_are_one_difference_of_a_record() -> None:
    drift = Drift()
    record = json.loads(written()) | dict.fromkeys(ODD_NAMES, 1)
    Door(MODEL, b"k").admit(json.dumps(record).encode(), drift)
    assert drift.found == {Difference("appeared", "(no name)", "number"): 1}


@pytest.mark.parametrize("name", ["a", "_a", "A1", "a-b", "a_b", "x" * 40, "e-mail"])
def test_a_key_that_is_a_name_is_shown(name: str) -> None:
    (found,) = SHAPE.differences(written({name: 1})) or ()
    assert found.path == name
