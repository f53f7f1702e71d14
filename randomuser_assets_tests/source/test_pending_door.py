"""What drift tells and what a door that discards stores, where both are not yet as they should be.

Each test here failed when it was written.
"""

import json

import pytest

from randomuser_assets.model import MODEL
from randomuser_assets.source.door import Door
from randomuser_assets.source.shape import Shape
from randomuser_assets_tests.query.records import MISSING, Token, written
from randomuser_assets_tests.source.wire import KEY, shows, strictly_read

SHAPE = Shape(MODEL)
KEEPS, DISCARDS = Door(MODEL, KEY), Door(MODEL, KEY, discards=True)
PLANTED = "Xk1-planted"


def examples(text: bytes) -> list[str]:
    return [found.example for found in SHAPE.differences(text) or ()]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("nat", "password"),
        ("gender", "Salt"),
        ("nat", "iban"),
        ("id.name", "id.number"),
        ("id.name", "id.Value"),
        ("name.title", "name.middle"),
        ("location.country", "location.password"),
        ("location.timezone.offset", "location.timezone.owner"),
    ],
)
def test_a_value_under_an_undeclared_key_is_private_even_if_a_plain_one_is_gone(
    old: str, new: str
) -> None:
    """That one was renamed is a guess: the value may be a password."""
    assert not [told for told in examples(written({old: MISSING, new: PLANTED})) if PLANTED in told]


@pytest.mark.parametrize(
    "path", ["login.password", "id.value", "login.salt", "login.hint", "name.first", "login.uuid"]
)
def test_names_within_a_private_value_are_part_of_it(path: str) -> None:
    """The door hashes the value whole: its keys are stored nowhere."""
    text = written({path: {PLANTED: 1}})
    assert not [told for told in examples(text) if PLANTED in told]


@pytest.mark.parametrize("token", ["5", "1.10", "-0.5", "9" * 5000], ids=lambda token: token[:5])
def test_a_plain_number_is_shown_as_it_is_written_whoever_read_it(token: str) -> None:
    """Numbers that the lenient reader keeps as they are written are shown as objects of Python."""
    text = written({"gender": Token(token), "location.city": Token("NaN")})
    assert examples(text) == [token[:40]]


@pytest.mark.parametrize("token", ["NaN", "-Infinity", '"a\tb"', '"\\ud800"'])
@pytest.mark.parametrize("place", ["location.city", "login.password", "login.username", "nat"])
def test_a_record_that_had_to_be_mended_is_marked_though_keys_are_discarded(
    token: str, place: str
) -> None:
    text = written({place: Token(token), "new": 1})
    assert "_unreadable" in strictly_read(KEEPS.admit(text))
    payload = strictly_read(DISCARDS.admit(text))
    assert "_unreadable" in payload
    assert "new" not in payload


@pytest.mark.parametrize("depth", [500, 700, 900])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_a_new_key_is_discarded_however_deep_its_value(
    depth: int, opening: str, closing: str
) -> None:
    text = written({"new": Token(opening * depth + "1" + closing * depth)})
    assert strictly_read(DISCARDS.admit(text)) == strictly_read(KEEPS.admit(written()))


@pytest.mark.parametrize("name", ["login", "Login", "id", "ID"])
@pytest.mark.parametrize("place", ["name", "location", "location.street", "dob"])
@pytest.mark.parametrize("door", [KEEPS, DISCARDS], ids=["keeps", "discards"])
def test_a_login_within_a_declared_object_is_guarded_as_one_within_a_new_object(
    name: str, place: str, door: Door
) -> None:
    """Also where none of its keys has the name of a secret; this is older than drift."""
    for text in (
        written({f"{place}.{name}": {"hint": PLANTED}}),
        written({"nat": {name: {"hint": PLANTED}}}),
    ):
        assert not shows(door.admit(text), PLANTED)
    assert not shows(door.admit(json.dumps({"new": {name: {"hint": PLANTED}}}).encode()), PLANTED)
