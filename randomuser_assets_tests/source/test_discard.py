"""A door that discards: keys that nobody declared are not stored, and all else is as without it.

Here belongs what is stored. What is told of such keys is in `test_shape`: it is told in any case.
"""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from randomuser_assets.model import MODEL
from randomuser_assets.settings import Settings
from randomuser_assets.source.door import Door
from randomuser_assets.source.open_api import opened_api
from randomuser_assets.source.page import PageRequest
from randomuser_assets.source.shape import Drift
from randomuser_assets_tests.query.records import MISSING, PERSON, Token, written
from randomuser_assets_tests.source.scripted_server import ScriptedServer, page_with, reply
from randomuser_assets_tests.source.wire import KEY, keyed, record, shows, stored, strictly_read

NEW = ("new", "nationality", "place")
KEEPS, DISCARDS = Door(MODEL, KEY), Door(MODEL, KEY, discards=True)


def without(changes: Mapping[str, object]) -> dict[str, Any]:
    """Give what is stored of such a person when what is new is discarded."""
    return strictly_read(DISCARDS.admit(written(changes)))


@pytest.mark.parametrize(
    "place",
    [
        "new",
        "name.new",
        "location.new",
        "location.street.new",
        "location.coordinates.new",
        "login.new",
        "id.new",
        "picture.new",
    ],
)
@pytest.mark.parametrize(
    "value",
    ["x", 5, None, True, {"a": {"b": 1}}, [1, {"a": 2}], {}, Token("9" * 5000), Token("1e999")],
    ids=lambda value: str(value)[:8],
)
def test_a_new_key_is_not_stored_wherever_it_is(place: str, value: object) -> None:
    assert without({place: value}) == strictly_read(KEEPS.admit(written()))


def test_several_new_keys_are_not_stored() -> None:
    changes: dict[str, object] = {
        "a": 1,
        "b": {"gender": 1},
        "name.c": 1,
        "location.street.d": 1,
        "": 2,
        "é": 3,
    }
    assert without(changes) == strictly_read(KEEPS.admit(written()))


CHANGES: dict[str, Mapping[str, object]] = {
    "a missing key": {"nat": MISSING, "new": 1},
    "a renamed key": {"nat": MISSING, "nationality": "GB"},
    "a renamed object": {"location": MISSING, "place": PERSON["location"]},
    "an object instead of a leaf": {"gender": {"a": 1, "nat": 2}, "new": 1},
    "a list instead of a leaf": {"name.first": ["a", {"b": 1}], "new": 1},
    "a text instead of an object": {"location": "London", "new": 1},
    "a list instead of an object": {"location": [{"new": 1}], "new": 1},
    "null instead of an object": {"login": None, "new": 1},
    "numbers as they are written": {"dob.age": Token("1.10"), "nat": Token("9" * 60), "new": 1},
    "any script": {"name.first": "محمد \u200c 🙂", "location.city": "a\x00b\u2028", "new": 1},
    "a password that is no text": {"login.password": Token("1.10"), "new": 1},
    "a password of another script": {"login.password": "pässwörd 🔑", "new": 1},
    "no password": {"login.password": None, "id.value": None, "new": 1},
    "a type only": {"dob.age": "30"},
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_declared_is_stored_as_without_discarding(name: str) -> None:
    declared = {path: value for path, value in CHANGES[name].items() if path not in NEW}
    assert without(CHANGES[name]) == strictly_read(KEEPS.admit(written(declared)))


@pytest.mark.parametrize(
    "text",
    [
        record(),
        written(),
        written({"id.value": None, "location.postcode": 7}),
        b"5",
        b'["a"]',
        b"null",
        b"",
        b"{",
        b'{"gender": tru}',
        b'{"gender":"x","gender":"y"}',
        b"{}",
        record().replace(b'"nat":"BR"', b'"nat":"BR","nat":"CH"'),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_record_without_new_keys_is_stored_byte_for_byte(text: bytes) -> None:
    assert DISCARDS.admit(text) == KEEPS.admit(text)
    assert DISCARDS.admit(record()) == stored()


def test_keys_stay_in_their_order() -> None:
    fields = without({"new": 1, "login.new": 1, "name.new": 1})
    whole = strictly_read(KEEPS.admit(written()))
    assert list(fields) == list(whole)
    assert [list(fields[name]) for name in ("login", "name")] == [
        list(whole[name]) for name in ("login", "name")
    ]


def test_of_equal_names_the_last_one_is_stored() -> None:
    text = written({"new": 1}).replace(b'"nat": "GB"', b'"nat": "Hidden", "nat": "GB"')
    payload = DISCARDS.admit(text)
    assert b"Hidden" not in payload
    assert strictly_read(payload) == strictly_read(KEEPS.admit(written()))


def test_a_fault_from_the_wire_is_told_as_without_discarding() -> None:
    told = strictly_read(KEEPS.admit(written({"_unreadable": "no"})))
    assert without({"_unreadable": "no"}) == told
    assert without({"_unreadable": "no", "new": 1}) == told


def test_what_cannot_be_read_is_marked_all_the_same() -> None:
    for token in ("tru", "01", '"\\x"', "[" * 100_000 + "]" * 100_000):
        payload = DISCARDS.admit(written({"new": 1, "location.city": Token(token)}))
        assert set(strictly_read(payload)) == {"_unreadable", "hmac"}


@pytest.mark.parametrize("token", ["NaN", "-Infinity", '"a\tb"', '"\\ud800"'])
@pytest.mark.parametrize("place", ["location.city", "login.password", "login.username", "nat"])
def test_a_record_that_had_to_be_mended_is_marked_too(token: str, place: str) -> None:
    text = written({place: Token(token), "new": 1})
    kept, payload = strictly_read(KEEPS.admit(text)), strictly_read(DISCARDS.admit(text))
    assert payload["_unreadable"]
    assert payload == {name: value for name, value in kept.items() if name != "new"}


@pytest.mark.parametrize("depth", [500, 700, 900])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_a_new_key_is_not_stored_however_deep_its_value(
    depth: int, opening: str, closing: str
) -> None:
    deep = Token(opening * depth + "1" + closing * depth)
    assert without({"new": deep}) == strictly_read(KEEPS.admit(written()))


@pytest.mark.parametrize("admit", [KEEPS.admit, DISCARDS.admit], ids=["keeps", "discards"])
def test_what_is_discarded_is_told_all_the_same(admit: Callable[[bytes, Drift], bytes]) -> None:
    drift = Drift()
    admit(written({"new": 1, "name.new": "x"}), drift)
    assert [(d.kind, d.path) for d in drift.found] == [
        ("appeared", "new"),
        ("appeared", "name.new"),
    ]


# Secrets


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("password", "Planted"),
        ("PASSWORD", "Planted"),
        ("Login", {"password": "Planted", "other": "Planted"}),
        ("credentials", {"password": "Planted", "salt": "Planted"}),
        ("login.Password", "Planted"),
        ("login.hint", "Planted"),
        ("id.number", "Planted"),
        ("name.password", "Planted"),
        ("new", [{"login": {"password": "Planted"}}]),
    ],
)
def test_a_secret_under_a_new_key_is_not_even_stored_as_a_hash(place: str, value: object) -> None:
    payload = DISCARDS.admit(written({place: value}))
    assert not shows(payload, "Planted")
    assert keyed("Planted").encode() not in payload
    assert strictly_read(payload) == strictly_read(KEEPS.admit(written()))


@pytest.mark.parametrize(
    "changes",
    [
        {"gender": {"password": "Planted"}},
        {"location": [{"password": "Planted"}, {"Login": {"x": "Planted"}}]},
        {"name": [[{"md5": ["Planted"]}]]},
        {"dob.date": {"deep": {"value": "Planted"}}},
        {"login": ["Planted"]},
        {"login.username": {"a": "Planted"}},
        {"login.password": {"Planted": "Planted"}},
        {"id.value": ["Planted"]},
    ],
    ids=lambda changes: next(iter(changes)),
)
@pytest.mark.parametrize("new", [MISSING, 1], ids=["nothing new", "something new"])
def test_a_secret_within_a_declared_key_is_hashed_there(
    changes: Mapping[str, object], new: object
) -> None:
    payload = DISCARDS.admit(written({**changes, "new": new}))
    assert not shows(payload, "Planted")
    assert b"new" not in payload


# From the settings to the door


@pytest.mark.parametrize("new_keys", ["warn", "evolve", "freeze", "discard"])
def test_only_who_says_so_discards(new_keys: str) -> None:
    settings = Settings(source="http://127.0.0.1:9/", pii_key="a key", new_keys=new_keys)
    with opened_api(settings, MODEL, logging.getLogger("open")) as api:
        assert (b'"new"' not in api.door.admit(written({"new": 1}))) is (new_keys == "discard")


@pytest.mark.parametrize("discards", [False, True])
def test_a_frame_has_no_column_for_what_is_discarded(discards: bool) -> None:
    people = [json.loads(written({"new": n, "name.middle": "x"})) for n in range(3)]
    with ScriptedServer(otherwise=reply(page_with(results_are=people))) as server:
        frame = server.client(discard_new_keys=discards).users("day", 3)
        page = server.client(discard_new_keys=discards).page(PageRequest("day", 1, 3))
    declared = [column.name for column in MODEL.leaves]
    assert list(frame.columns)[: len(declared)] == declared
    assert {*frame.columns} - {*declared} == (set() if discards else {"name_middle", "new"})
    assert sum(page.drift.found.values()) == 6


def test_doors_of_another_kind_or_key_are_told_apart() -> None:
    doors = [Door(MODEL, key, discards=d) for key in (b"a", b"b") for d in (False, True)]
    assert len({door.fingerprint for door in doors}) == 4
    assert DISCARDS.fingerprint == Door(MODEL, KEY, discards=True).fingerprint
    assert KEY.decode() not in repr(DISCARDS) + DISCARDS.fingerprint
