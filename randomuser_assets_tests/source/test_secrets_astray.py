"""A record that has drifted is protected as any other: a password finds no way around the door.

Here belong people whose shape has changed, with a secret under a name of a secret, or inside an
object that was a login or id once. Not here: records that are broken (`test_secrets`).
"""

import copy
import json
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec import Raw

from randomuser_assets.model import MODEL
from randomuser_assets.source.door import Door
from randomuser_assets.source.plain import PlainRecords
from randomuser_assets.source.shape import Drift
from randomuser_assets_tests.query.records import MISSING, PERSON, Token, written
from randomuser_assets_tests.source.test_secrets import messes
from randomuser_assets_tests.source.wire import KEY, shows, strictly_read

SECRET = "Wq1-Pässwörd-🐫"
BOUNDED = settings(max_examples=150, derandomize=True, deadline=None)


class NothingOnTrust(PlainRecords):
    """Takes no record for one as declared: the door then looks for strays in all."""

    def stored_together(self, _: Sequence[bytes | Raw]) -> None:
        """Take none for one."""


def door(*, discards: bool = False, trusts: bool = True) -> Door:
    made = Door(MODEL, KEY, discards=discards)
    if not trusts:
        made._plain = NothingOnTrust(made._shape, {}, made._hash.each)
    return made


KEEPS, DISCARDS = door(), door(discards=True)
DOORS = (KEEPS, DISCARDS)
SUSPICIOUS = (door(trusts=False), door(discards=True, trusts=False))


def let_through(text: bytes) -> list[bytes]:
    """Give what the doors store in which the secret can be read: nothing."""
    return [payload for each in DOORS if shows(payload := each.admit(text), SECRET)]


# Shapes that a new version of the API might have

LOGIN = {**PERSON["login"], "password": SECRET, "salt": SECRET, "sha256": SECRET}
DRIFTED: dict[str, dict[str, object]] = {
    "login has capitals": {"login": MISSING, "Login": LOGIN},
    "login is all capitals": {"login": MISSING, "LOGIN": {"PASSWORD": SECRET, "x": SECRET}},
    "login has another name": {"login": MISSING, "credentials": LOGIN},
    "login has another name beside it": {"credentials": LOGIN},
    "login is in another object": {"login": MISSING, "account": {"login": LOGIN}},
    "login is in a declared object": {"login": MISSING, "name.login": LOGIN},
    "login is a list": {"login": [LOGIN]},
    "login is a text": {"login": json.dumps(LOGIN, ensure_ascii=False)},
    "login is the secret": {"login": SECRET},
    "logins in a list": {"login": MISSING, "logins": [LOGIN, {"user": {"password": SECRET}}]},
    "login is deeper": {"login": {"uuid": "u", "username": "n", "secret": LOGIN}},
    "password is at the top": {"login.password": MISSING, "password": SECRET},
    "password instead of a plain key": {"nat": MISSING, "password": SECRET},
    "password in the name": {"name.password": SECRET},
    "password instead of the first name": {"name.first": MISSING, "name.password": SECRET},
    "password far down": {"location.street.new": {"a": [{"Password": SECRET}]}},
    "password in a leaf": {"gender": {"password": SECRET}, "nat": [{"md5": SECRET}]},
    "password in place of a number": {"dob.age": {"salt": SECRET}},
    "password is an object": {"login.password": {"text": SECRET, SECRET: 1}},
    "password is a list": {"login.password": [SECRET, [SECRET]]},
    "password has another name in login": {"login.password": MISSING, "login.secret": SECRET},
    "password has capitals in login": {"login.password": MISSING, "login.PASSWORD": SECRET},
    "hash has a name of a hash": {"login.password_hmac": SECRET, "password_hmac": {"salt": SECRET}},
    "username is an object": {"login.username": {"name": SECRET}},
    "document has capitals": {"id": MISSING, "ID": {"name": "x", "value": SECRET, "x": SECRET}},
    "document has another name": {"id": MISSING, "document": {"name": "x", "value": SECRET}},
    "document is its number": {"id": SECRET},
    "document is a list": {"id": [{"name": "x", "value": SECRET}]},
    "documents in a list": {"ids": [{"name": "x", "value": SECRET}]},
    "number has another name in id": {"id.value": MISSING, "id.number": SECRET},
    "number instead of the name": {"id.name": MISSING, "id.number": SECRET},
    "all is within one object": {"data": {**PERSON, "login": LOGIN}},
    "null and a secret": {"login": None, "id": None, "Login": {"password": SECRET}},
}


@pytest.mark.parametrize("name", DRIFTED)
def test_a_drifted_record_shows_no_secret(name: str) -> None:
    text = written(DRIFTED[name])
    assert SECRET in json.dumps(json.loads(text), ensure_ascii=False)
    assert let_through(text) == []


@pytest.mark.parametrize("name", DRIFTED)
def test_a_drifted_record_in_other_writing_shows_none_either(name: str) -> None:
    record = json.loads(written(DRIFTED[name]))
    for text in (
        json.dumps(record, ensure_ascii=False, separators=(",", ":")),
        json.dumps(record, indent="\t").replace("password", "passw\\u006frd"),
        json.dumps(record).replace("login", "l\\u006FGIN").replace("value", "v\\u0061lue"),
        json.dumps(record)[:-1] + ', "login": {"password": 1}, "id": {}, "gender": "x"}',
        '{"gender": {"password": "x"}, "name": 5,' + json.dumps(record)[1:],
    ):
        assert let_through(text.encode()) == []


@pytest.mark.parametrize("path", ["login.Password", "credentials", "Login", "name.md5", "gender"])
def test_a_secret_in_a_record_that_is_also_broken_is_not_shown(path: str) -> None:
    for token in ("NaN", '"a\tb"', '"\\ud800"', "tru", "01", "9" * 5000, "[" * 3000 + "]" * 3000):
        secret = {"password": SECRET, "Salt": [SECRET]}
        for place in ("new", "location.city", "login.username", "dob.age"):
            assert let_through(written({path: secret, place: Token(token)})) == []


@pytest.mark.parametrize("depth", [100, 450, 500, 700, 960, 1500])
def test_no_depth_hides_a_secret(depth: int) -> None:
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        inner = json.dumps({"password": SECRET})
        deep = Token(opening * depth + inner + closing * depth)
        for path in ("new", "gender", "login.new", "location.new", "Login", "login"):
            assert let_through(written({path: deep})) == []


# Shapes that nobody would think of

NAMES = ["password", "Password", "PASSWORD", "salt", "md5", "Sha1", "sha256", "value", "VALUE"]
GUARDED = ["login", "Login", "LOGIN", "id", "Id", "ID"]
OTHERS = ["new", "name", "gender", "location", "street", "dob", "nat", "a", "", "password_hmac"]
PLACES: list[list[str]] = [[], ["name"], ["location"], ["location", "street"], ["dob"], ["picture"]]

_around: SearchStrategy[Callable[[Any], Any]] = st.sampled_from(
    [lambda v: v, lambda v: [v], lambda v: {"a": v}, lambda v: [[1, {"b": [v]}]], lambda v: [v, v]]
)
_secret_values = st.tuples(_around, st.just(SECRET)).map(lambda pair: pair[0](pair[1]))
_under_its_name = st.tuples(st.sampled_from(NAMES), _secret_values).map(lambda m: dict([m]))
_in_a_login = st.tuples(
    st.sampled_from(GUARDED),
    _under_its_name,
    st.dictionaries(st.sampled_from([*NAMES, "hint", "other"]), _secret_values),
).map(lambda m: {m[0]: {**m[1], **m[2]}})
_holders = st.recursive(
    _under_its_name | _in_a_login,
    lambda inner: (
        st.tuples(st.sampled_from(OTHERS), inner).map(lambda m: dict([m]))
        | st.lists(inner, min_size=1, max_size=2).map(lambda items: {"list": items})
    ),
    max_leaves=3,
)
Change = Callable[[dict[str, Any]], None]


def _placed(place: list[str], holder: dict[str, Any]) -> Change:
    def change(record: dict[str, Any]) -> None:
        level = record
        for name in place:
            level = level[name] if isinstance(level.get(name), dict) else level
        level.update(copy.deepcopy(holder))

    return change


def _dropped(place: list[str], at: int) -> Change:
    def change(record: dict[str, Any]) -> None:
        level = record
        for name in place:
            level = level[name] if isinstance(level.get(name), dict) else level
        names = list(level)
        if names:
            del level[names[at % len(names)]]

    return change


def _renamed(old: str, new: str) -> Change:
    def change(record: dict[str, Any]) -> None:
        if isinstance(record.get(old), dict):
            moved = record.pop(old)
            if old == "login":
                moved |= {"password": SECRET, "salt": SECRET, "md5": SECRET}
            record[new] = moved

    return change


_changes: SearchStrategy[Change] = (
    st.builds(_placed, st.sampled_from(PLACES), _holders)
    | st.builds(_placed, st.sampled_from(PLACES), _holders)
    | st.builds(_dropped, st.sampled_from(PLACES), st.integers(0, 12))
    | st.builds(
        _renamed,
        st.sampled_from(["login", "id", "name", "location"]),
        st.sampled_from(["Login", "LOGIN", "credentials", "ID", "document", "place"]),
    )
)


@st.composite
def drifted_people(draw: st.DrawFn) -> bytes:
    """Write a person of a changed shape, with the secret in places where the door must see it."""
    record = copy.deepcopy(PERSON)
    for change in draw(st.lists(_changes, min_size=1, max_size=4)):
        change(record)
    text = json.dumps(record, ensure_ascii=draw(st.booleans()))
    if draw(st.booleans()):
        name = draw(st.sampled_from(["password", "login", "Salt", "value"]))
        at = draw(st.integers(0, len(name) - 1))
        text = text.replace(f'"{name}"', f'"{name[:at]}\\u{ord(name[at]):04x}{name[at + 1 :]}"')
    return text.encode()


@BOUNDED
@given(drifted_people())
@example(written({"nat": MISSING, "password": SECRET}))
def test_no_drift_lets_a_secret_through(text: bytes) -> None:
    assert let_through(text) == []


# What is taken on trust


@BOUNDED
@given(drifted_people() | messes().map(lambda mess: mess[1]))
@example(written())
@example(written({"location.postcode": 5, "id.value": None}))
def test_what_is_taken_on_trust_is_as_it_would_be_without(text: bytes) -> None:
    keeps, discards = zip(DOORS, SUSPICIOUS, strict=True)
    trusting, suspicious = (door.admit(text, Drift()) for door in keeps)
    assert trusting == suspicious
    # Who looks for what to discard writes objects anew, without the blanks between their members.
    trusting, suspicious = (door.admit(text, Drift()) for door in discards)
    assert json.dumps(strictly_read(trusting)) == json.dumps(strictly_read(suspicious))


def test_a_record_is_not_trusted_for_its_last_equal_names_alone() -> None:
    """Of two equal names a reader may check one and store the other."""
    good = written().decode()
    for first in (
        '"gender": {"password": "%s"}',
        '"login": {"salt": "%s"}',
        '"nat": {"value": "%s"}',
    ):
        for text in (
            "{" + first % SECRET + ", " + good[1:],
            good[:-1] + ", " + first % SECRET + "}",
            good.replace('"name": {', '"name": {' + first % SECRET + ", ", 1),
        ):
            assert let_through(text.encode()) == []


def test_what_is_stored_is_one_strict_object_whatever_drifted() -> None:
    for changes in DRIFTED.values():
        for each in DOORS:
            payload = each.admit(written(changes))
            assert strictly_read(payload)
            assert msgspec.json.decode(payload)
