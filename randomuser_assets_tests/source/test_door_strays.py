"""A secret that stands where it does not belong is hashed there, and what is around it is kept.

Here belong records with one secret astray. Not here: people whose whole shape has changed
(`test_secrets_astray`).
"""

import json

import pytest

from randomuser_assets.model import MODEL
from randomuser_assets.source.door import Door
from randomuser_assets_tests.query.records import written
from randomuser_assets_tests.source.wire import (
    DOOR,
    KEY,
    keyed,
    record,
    shows,
    stored,
    strictly_read,
)


@pytest.mark.parametrize(
    "stray",
    [
        '"password":"Planted"',
        '"PASSWORD":"Planted"',
        '"Password":["Planted"]',
        '"passw\\u006frd":"Planted"',
        '"PASSW\\u004fRD":"Planted"',
        '"md5":"Planted"',
        '"Salt":{"a":"Planted"}',
        '"deep":[{"deeper":{"sha256":"Planted"}}]',
        '"deep":[{"deeper":{"sh\\u0061256":"Planted"}}]',
        '"login":{"password":"Planted","other":"Planted"}',
        '"Login":{"PASSWORD":"Planted","other":"Planted"}',
        '"l\\u006fgin":{"passw\\u006frd":"Planted"}',
        '"user":{"login":{"password":"Planted"},"id":{"value":"Planted"}}',
        '"password":"Planted","password":"b"',
        '"twice":{"password":"Planted"},"twice":1',
        '"twice":{"login":{"salt":"Planted"}},"tw\\u0069ce":[]',
    ],
)
@pytest.mark.parametrize("place", ["new", "gender", "location"])
def test_a_secret_astray_is_hashed_there(stray: str, place: str) -> None:
    text = f'{{"{place}":{{ "kept" : 1.10 ,{stray}}},"nat":{{ "a":\t1.10 }}}}'
    payload = DOOR.admit(text.encode())
    assert not shows(payload, "Planted")
    assert strictly_read(payload)[place]["kept"] == "1.10"
    assert b'"nat":{ "a":\t1.10 }' in payload


@pytest.mark.parametrize("name", ["password", "Password", "SALT", "md5", "Sha1", "sha256", "value"])
def test_a_secret_at_the_top_is_hashed_by_its_text(name: str) -> None:
    payload = DOOR.admit(record(extra=f',"{name}":"Planted\\u00e9"'))
    assert strictly_read(payload)[name] == keyed("Plantedé")
    assert payload.startswith(stored()[:-1])


@pytest.mark.parametrize("name", ["LOGIN", "Login", "ID", "Id", "l\\u004fgin"])
@pytest.mark.parametrize("written", ['"Planted"', '["Planted"]', '{"hint":"Planted"}'])
def test_a_guarded_member_in_other_letters_is_guarded(name: str, written: str) -> None:
    payload = DOOR.admit(record(extra=f',"{name}":{written}'))
    assert not shows(payload, "Planted")
    assert payload.startswith(stored()[:-1])


def test_a_stray_that_is_null_stays_null() -> None:
    assert DOOR.admit(b'{"new":{"password":null}}') == b'{"new":{"password":null}}'


@pytest.mark.parametrize("name", ["login", "Login", "id", "ID"])
@pytest.mark.parametrize("place", ["name", "location", "location.street", "dob"])
@pytest.mark.parametrize("discards", [False, True])
def test_a_login_within_a_declared_object_is_guarded_as_one_within_a_new_object(
    name: str, place: str, discards: bool
) -> None:
    """Also where none of its keys has the name of a secret."""
    door, planted = Door(MODEL, KEY, discards=discards), {"hint": "Planted"}
    for text in (
        written({f"{place}.{name}": planted}),
        written({"nat": {name: planted}}),
        json.dumps({"new": {name: planted}}).encode(),
    ):
        assert not shows(door.admit(text), "Planted")
