"""What an example shows: a plain value, and of any other only what it is.

Here belongs the search for private values in differences. Which differences there are is in
`test_shape`.
"""

import json
from collections.abc import Iterator

import pytest

from randomuser_assets.model import MODEL, Leaf, Privacy
from randomuser_assets.source.door import Door
from randomuser_assets.source.shape import Difference, Drift, Shape
from randomuser_assets_tests.query.records import MISSING, Token, written

SHAPE = Shape(MODEL)
CLASSES: dict[str, Privacy] = {
    **{".".join(c.origin.path): c.privacy for c in MODEL.leaves if isinstance(c.origin, Leaf)},
    **{".".join(path): Privacy.SECRET for path in MODEL.dropped},
}
PLAIN = [path for path, privacy in CLASSES.items() if privacy is Privacy.PLAIN]
SECRET = [path for path, privacy in CLASSES.items() if privacy is Privacy.SECRET]
MASKED = [path for path in CLASSES if path not in (*PLAIN, *SECRET)]
NUMBERS = ("location.street.number", "dob.age", "registered.age")

PLANTED = "Xk1-planted"
PLANTED_NUMBER = 3141592653


def example(path: str, value: object) -> str:
    """Give the example of the one difference that this value makes."""
    (found,) = SHAPE.differences(written({path: value})) or ()
    return found.example


def told(text: bytes) -> str:
    """Give all that is told of a record."""
    return "\n".join(
        f"{d.kind} {d.path} {d.found} {d.example} {d!r}" for d in SHAPE.differences(text) or ()
    )


# What is shown


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


@pytest.mark.parametrize("path", MASKED)
def test_of_a_private_value_only_type_and_length_are_shown(path: str) -> None:
    if path in NUMBERS:
        assert example(path, PLANTED) == f"a text of {len(PLANTED)} characters"
        assert example(path, "") == "a text of 0 characters"
    elif path != "location.postcode":
        assert example(path, PLANTED_NUMBER) == "a number"
        assert example(path, Token("1e999")) == "a number"
    assert example(path, [PLANTED]) == "a list of 1"
    assert example(path, None) == "null"


@pytest.mark.parametrize("path", SECRET)
def test_of_a_secret_not_even_the_length_is_shown(path: str) -> None:
    assert example(path, PLANTED_NUMBER) == "a number"
    assert example(path, Token("9" * 5000)) == "a number"
    assert example(path, False) == "a boolean"
    if path != "id.value":
        assert example(path, None) == "a null"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (PLANTED, f"a text of {len(PLANTED)} characters"),
        (PLANTED_NUMBER, "a number"),
        (1.5, "a number"),
        (True, "true"),
        (None, "null"),
        ([PLANTED, PLANTED], "a list of 2"),
        ({}, "an object of 0: "),
        ({"b": PLANTED, "a": 1}, "an object of 2: b, a"),
        (dict.fromkeys("abcdef", PLANTED), "an object of 6: a, b, c, d, e, …"),
    ],
    ids=str,
)
@pytest.mark.parametrize("place", ["new", "name.middle", "location.street.floor"])
def test_a_value_that_nobody_declared_is_private(place: str, value: object, shown: str) -> None:
    assert example(place, value) == shown


@pytest.mark.parametrize("path", ["name", "location", "login", "dob", "id", "location.street"])
def test_a_text_where_an_object_belongs_is_private(path: str) -> None:
    assert example(path, PLANTED) == f"a text of {len(PLANTED)} characters"
    assert example(path, [PLANTED]) == "a list of 1"


def test_a_record_that_is_no_object_is_private() -> None:
    examples = [
        found.example
        for text in (f'"{PLANTED}"', f'["{PLANTED}"]', f"{PLANTED_NUMBER}", "null")
        for found in SHAPE.differences(text.encode()) or ()
    ]
    assert examples == [f"a text of {len(PLANTED)} characters", "a list of 1", "a number", "null"]


@pytest.mark.parametrize("path", ["name.first", "location.city", "login.password", "id.value"])
def test_a_private_value_under_another_name_is_private(path: str) -> None:
    new = f"{path}_new"
    assert PLANTED not in told(written({path: MISSING, new: PLANTED}))
    assert str(PLANTED_NUMBER) not in told(written({path: MISSING, new: PLANTED_NUMBER}))


@pytest.mark.parametrize("path", SECRET)
def test_of_a_secret_under_another_name_not_even_the_length_is_shown(path: str) -> None:
    (found,) = SHAPE.differences(written({path: MISSING, f"{path}_new": "x" * 987})) or ()
    assert "987" not in found.example


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
    assert found.example == "an object of 2: (no name), b"


def test_several_keys_that_are_no_names_are_one_difference_of_a_record() -> None:
    drift = Drift()
    record = json.loads(written()) | dict.fromkeys(ODD_NAMES, 1)
    Door(MODEL, b"k").admit(json.dumps(record).encode(), drift)
    assert drift.found == {Difference("appeared", "(no name)", "number"): 1}


@pytest.mark.parametrize("name", ["a", "_a", "A1", "a-b", "a_b", "x" * 40, "e-mail"])
def test_a_key_that_is_a_name_is_shown(name: str) -> None:
    (found,) = SHAPE.differences(written({name: 1})) or ()
    assert found.path == name


# Values planted everywhere


def planted_records() -> Iterator[tuple[str, bytes]]:
    """Plant a value in each leaf and beside it, in any form that makes a difference."""
    nested: list[object] = [
        [PLANTED],
        [[{"a": PLANTED}]],
        {"a": PLANTED},
        {f"{PLANTED} odd": PLANTED},
        {"a": {"b": {PLANTED: [PLANTED]}}},
        PLANTED,
        Token(f'"{PLANTED}\t"'),
        Token(f'["{PLANTED}",NaN]'),
    ]
    for path in CLASSES:
        parent = path.rpartition(".")[0]
        beside = f"{parent}.new" if parent else "new"
        for value in nested:
            yield beside, written({beside: value})
            if path not in PLAIN:
                yield path, written({path: value})
                yield f"{beside} for {path}", written({beside: value, path: MISSING})
            if parent:
                yield parent, written({parent: value})
        if path not in PLAIN:
            yield path, written({path: PLANTED, "new": 1, "nat": 5})
    for whole in nested:
        yield "whole", whole.encode() if isinstance(whole, Token) else json.dumps(whole).encode()


def test_no_planted_value_is_told_in_any_difference() -> None:
    records = list(planted_records())
    assert {place for place, text in records if PLANTED in told(text)} == set()
    differing = [place for place, text in records if SHAPE.differences(text)]
    assert len(differing) > 700
    assert {*SECRET, *MASKED} <= set(differing)


def test_the_search_finds_what_is_shown() -> None:
    assert PLANTED in told(written({"registered.age": PLANTED}))
