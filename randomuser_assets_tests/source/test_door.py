"""What passes the door: keyed hashes of what is private, everything else byte for byte.

Here belong records that are JSON, whatever they hold. Not here: records that no strict reader
takes (`test_lenient`, `test_page`), secrets where they do not belong (`test_door_strays`) and the
search for them in any mess (`test_secrets`).
"""

import hmac
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from randomuser_assets.model import MODEL
from randomuser_assets.source.door import Door, KeyedHash
from randomuser_assets_tests.source.wire import (
    DOCUMENT,
    DOOR,
    KEY,
    PASSWORD,
    keyed,
    record,
    shows,
    stored,
    strictly_read,
)


def login(members: str) -> object:
    """Give what is stored of a `login` with these members."""
    return strictly_read(DOOR.admit(b'{"login":{%b}}' % members.encode()))["login"]


def identity(members: str) -> object:
    return strictly_read(DOOR.admit(b'{"id":{%b}}' % members.encode()))["id"]


# A record as it should be


def test_a_record_keeps_every_byte_but_the_private_ones() -> None:
    assert DOOR.admit(record()) == stored()


def test_no_planted_secret_is_in_what_is_stored() -> None:
    payload = DOOR.admit(record())
    for secret in (
        PASSWORD,
        DOCUMENT,
        *("PlantedSalt", "PlantedMd5", "PlantedSha1", "PlantedSha256"),
    ):
        assert not shows(payload, secret)
        assert shows(record(), secret)


def test_keys_stay_in_their_order_and_dropped_ones_are_gone() -> None:
    fields = strictly_read(DOOR.admit(record()))
    assert list(fields) == list(json.loads(record()))
    assert list(fields["login"]) == ["uuid", "username", "password_hmac"]
    assert list(fields["id"]) == ["name", "value_hmac"]


def test_what_is_stored_has_the_leaves_that_are_declared() -> None:
    def leaves(value: dict[str, object], path: str = "") -> list[str]:
        return [
            leaf
            for name, inner in value.items()
            for leaf in (
                leaves(inner, f"{path}{name}_") if isinstance(inner, dict) else [path + name]
            )
        ]

    names = leaves(strictly_read(DOOR.admit(record())))
    assert names == [column.name for column in MODEL.leaves]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("plain", "plain"),
        ("", ""),
        ("none", "none"),
        ("&amp; b", "&amp; b"),
        ("\\u00e9", "é"),
        ("é", "é"),
        ("\\uD83D\\uDC2B", "🐫"),
        ("🐫", "🐫"),
        ('\\u005a\\/\\\\\\"\\n\\u0000', 'Z/\\"\n\0'),
        ("\\u202e\\u200c", "\u202e\u200c"),
    ],
)
def test_a_text_is_hashed_by_its_characters_however_they_are_written(
    written: str, meant: str
) -> None:
    assert login(f'"password":"{written}"') == {"password_hmac": keyed(meant)}
    assert identity(f'"value":"{written}"') == {"value_hmac": keyed(meant)}


@pytest.mark.parametrize(
    "written", ["0", "1.10", "-1e5", "true", "false", "[]", '{"a" : 1}', '[ "x",null]', "9" * 5000]
)
def test_what_is_no_text_is_hashed_by_its_json_text(written: str) -> None:
    assert login(f'"password": {written} ') == {"password_hmac": keyed(written)}
    assert identity(f'"value": {written} ') == {"value_hmac": keyed(written)}


def test_null_stays_null() -> None:
    assert login('"password":null') == {"password_hmac": None}
    assert identity('"name":"","value":null') == {"name": "", "value_hmac": None}


def test_another_key_gives_other_hashes() -> None:
    assert Door(MODEL, b"another").admit(record()) != DOOR.admit(record())
    assert keyed(PASSWORD, b"another").encode() in Door(MODEL, b"another").admit(record())


def test_a_door_tells_its_key_to_nobody() -> None:
    assert KEY.decode() not in repr(DOOR) + str(DOOR) + DOOR.fingerprint
    assert DOOR.fingerprint == Door(MODEL, KEY).fingerprint
    assert DOOR.fingerprint != Door(MODEL, b"another").fingerprint


@pytest.mark.parametrize(
    "extra",
    [
        ',"new":1.10',
        ',"new":{ "a" : [ 1.0,"\\/\\u00e9" ] , "b":{}}',
        ',"new":' + "9" * 5000,
        ',"new":1e999',
        ',"":""',
        ',"new":' + '{"a":' * 100 + "1" + "}" * 100,
    ],
    ids=["number", "spacing", "5,000 digits", "1e999", "no name", "100 deep"],
)
def test_new_members_are_kept_as_they_came(extra: str) -> None:
    assert DOOR.admit(record(extra=extra)) == stored()[:-1] + extra.encode() + b"}"


def test_members_that_are_missing_stay_missing() -> None:
    assert DOOR.admit(b"{}") == b"{}"
    assert DOOR.admit(b' { "nat" : "BR" } ') == b'{"nat":"BR"}'
    assert DOOR.admit(b'{"login":{},"id":{}}') == b'{"login":{},"id":{}}'


# A record as it should not be


@pytest.mark.parametrize("name", ["login", "id"])
@pytest.mark.parametrize("written", ['"text"', '["list", 1]', "1.10", "true", "null", '"\\u00e9"'])
def test_a_guarded_member_that_is_no_object_is_hashed_whole(name: str, written: str) -> None:
    text = f'{{"gender":"x","{name}": {written} ,"nat":"BR"}}'
    assert strictly_read(DOOR.admit(text.encode())) == {
        "gender": "x",
        name: {"hmac": keyed(written)},
        "nat": "BR",
    }


def test_unknown_keys_in_guarded_members_are_hashed() -> None:
    assert login('"uuid":"u","Password":"a","hint":"b","n":1.10,"o":{"p":[1]},"nothing":null') == {
        "uuid": "u",
        "Password": keyed("a"),
        "hint": keyed("b"),
        "n": keyed("1.10"),
        "o": keyed('{"p":[1]}'),
        "nothing": None,
    }


@pytest.mark.parametrize("written", ['{"a":"b"}', '[ "a" ]', "{}", "[]"])
def test_an_object_where_a_text_belongs_is_hashed_and_stays_an_object(written: str) -> None:
    assert login(f'"username":{written}') == {"username": {"hmac": keyed(written)}}
    assert identity(f'"name":{written}') == {"name": {"hmac": keyed(written)}}


@pytest.mark.parametrize("written", ["1.10", "true", "null", '"a\\/b"'])
def test_a_kept_leaf_of_another_type_is_kept_as_it_came(written: str) -> None:
    text = b'{"login":{"username":%b}}' % written.encode()
    assert DOOR.admit(text) == text


@pytest.mark.parametrize("posing", ['"%s"' % ("0" * 64), "null", "{}", '["a"]', "1"])
@pytest.mark.parametrize(
    "members", ['%s,"password":"real"', '"password":"real",%s', '%s,"password":"x",%s']
)
def test_a_hash_from_the_wire_cannot_replace_the_real_one(posing: str, members: str) -> None:
    text = members.replace("%s", f'"password_hmac":{posing}')
    real = "real" if "real" in text else "x"
    assert login(text) == {"password_hmac": keyed(real)}


@pytest.mark.parametrize("posing", ['"%s"' % ("0" * 64), "null", "1", "[]"])
def test_a_hash_from_the_wire_alone_is_no_value(posing: str) -> None:
    assert login(f'"password_hmac":{posing}') == {"password_hmac": {"hmac": keyed(posing)}}
    assert identity(f'"value_hmac":{posing}') == {"value_hmac": {"hmac": keyed(posing)}}


def test_a_hash_from_the_wire_cannot_hide_that_the_value_is_null() -> None:
    assert identity('"value_hmac":"0","value":null') == {"value_hmac": None}


@pytest.mark.parametrize("written", ['"Planted"', '{"a":"Planted"}', '["Planted"]', "1", "null"])
def test_a_fault_that_the_record_brings_itself_is_hashed_and_told_in_fixed_words(
    written: str,
) -> None:
    """It would be shown as a reason, whatever it holds."""
    payload = DOOR.admit(record(extra=f',"_unreadable": {written} '))
    told = f"the source sent this key itself; its hash is {keyed(written)}"
    assert payload == stored()[:-1] + f',"_unreadable":"{told}"}}'.encode()


def test_a_fault_in_other_letters_is_a_key_as_any_other() -> None:
    assert DOOR.admit(b'{"_Unreadable":"x"}') == b'{"_Unreadable":"x"}'


@pytest.mark.parametrize("written", ['"a text"', "[1,2]", "1.10", "true", "null", ""])
def test_a_record_that_is_no_object_is_hashed_whole(written: str) -> None:
    fields = strictly_read(DOOR.admit(written.encode()))
    assert fields["hmac"] == keyed(written)
    assert set(fields) == {"hmac", "_unreadable"}


# Equal and escaped names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"nat":"a","nat":"b"}', {"nat": "b"}),
        ('{"n\\u0061t":"a","nat":"b"}', {"nat": "b"}),
        (
            '{"login":{"password":"Planted"},"login":{"password":"b"}}',
            {"login": {"password_hmac": keyed("b")}},
        ),
        ('{"login":{"password":"Planted"},"login":null}', {"login": {"hmac": keyed("null")}}),
        (
            '{"login":{"password":"Planted","password":"b"}}',
            {"login": {"password_hmac": keyed("b")}},
        ),
        (
            '{"login":{"passw\\u006frd":"Planted","password":"b"}}',
            {"login": {"password_hmac": keyed("b")}},
        ),
        ('{"login":{"salt":"Planted","s\\u0061lt":"Planted"}}', {"login": {}}),
        ('{"id":{"value":"Planted","value":null}}', {"id": {"value_hmac": None}}),
        ('{"new":{"password":"Planted"},"new":1}', {"new": "1"}),
    ],
)
def test_the_last_of_equal_names_wins_and_nothing_of_the_first_remains(
    text: str, expected: object
) -> None:
    payload = DOOR.admit(text.encode())
    assert strictly_read(payload) == expected
    assert not shows(payload, "Planted")


@pytest.mark.parametrize("id_", ['"id":{"name":"x"}', '"id":{"name":"x","value":null}'])
def test_of_equal_names_deeper_down_all_readers_take_the_last(id_: str) -> None:
    """Else the engine takes the first; a name that is missing elsewhere does not hide it."""
    whole = strictly_read(record())
    twice = record().replace(b'"first":', b'"first":"Hidden","first":', 1)
    twice = re.sub(rb'"id":\{[^}]*\}', id_.encode(), twice)
    payload = DOOR.admit(twice)
    assert b"Hidden" not in payload
    assert strictly_read(payload)["name"] == whole["name"]


def test_escaped_names_are_the_names_they_mean() -> None:
    text = record().replace(b'"password"', b'"passw\\u006frd"')
    text = text.replace(b'"login"', b'"l\\u006fgin"').replace(b'"value"', b'"valu\\u0065"')
    assert DOOR.admit(text) == stored()


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_the_hash_is_hmac_whatever_the_key_and_the_text(key: bytes, text: bytes) -> None:
    hashed = KeyedHash(key)
    for _ in range(2):  # what was hashed before leaves nothing behind
        assert hashed(text) == hmac.digest(key, text, "sha256").hex()
