"""A record that is written just as here costs less, and what is stored of it is no other.

Here belongs which records are such, and that both ways through the door give the same.
"""

import json
from collections.abc import Sequence
from itertools import product
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from randomuser_assets.model import MODEL
from randomuser_assets.source.door import Door
from randomuser_assets.source.plain import PlainRecords
from randomuser_assets.source.shape import Drift
from randomuser_assets_tests.query.records import PERSON, written
from randomuser_assets_tests.source.wire import KEY

DOOR = Door(MODEL, KEY)


class NotPlain(PlainRecords):
    """Leaves all records of the declared shape to be taken apart."""

    def stored_together(
        self, records: Sequence[bytes | msgspec.Raw]
    ) -> Sequence[bytes | None] | None:
        """Give nothing of each."""
        together = super().stored_together(records)
        return together and [None] * len(together)


OTHER = Door(MODEL, KEY)
OTHER._plain = NotPlain(OTHER._shape, {}, OTHER._hash.each)


def plainly_stored(text: bytes) -> bytes | None:
    together = DOOR._plain.stored_together([text])
    return together[0] if together else None


def compact(changes: dict[str, object] | None = None) -> bytes:
    return msgspec.json.format(written(changes or {}), indent=-1)


TEXT = compact()
NAMES = [b'"gender":', b'"uuid":', b'"value":', b'"title":']


def test_the_usual_record_is_plain_and_stored_as_any_other() -> None:
    assert plainly_stored(TEXT) == DOOR.admit(TEXT) == OTHER.admit(TEXT)


def test_of_an_object_of_which_nothing_is_kept_nothing_is_stored() -> None:
    guarded = next(iter(DOOR._guards))
    plain = PlainRecords(DOOR._shape, {guarded: {}}, DOOR._hash.each)
    stored = plain.stored_together([TEXT, TEXT])
    assert stored is not None
    assert [json.loads(each or b"") for each in stored] == [{**json.loads(TEXT), guarded: {}}] * 2


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace(b":", b": ", 1),
        TEXT + b" ",
        TEXT.replace(b"London", b"L\\u006fndon"),
        TEXT.replace(b'"gender"', b'"g\\u0065nder"'),
        compact({"location.postcode": "@"}).replace(b'"@"', b"1.10"),
        compact({"location.postcode": "@"}).replace(b'"@"', b"1e2"),
    ],
)
def test_a_record_that_is_written_otherwise_is_stored_as_it_came(text: bytes) -> None:
    assert text != TEXT
    assert plainly_stored(text) in {OTHER.admit(text), None}
    assert DOOR.admit(text) == OTHER.admit(text)


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace(b'"city":', b'"city":\n'),
        json.dumps(dict(reversed(json.loads(TEXT).items())), separators=(",", ":")).encode(),
        *(TEXT.replace(name, name + b'"x",' + name, 1) for name in NAMES),
        compact({"new": 1}),
        compact({"gender": 5}),
        b"5",
        b"{",
        b"",
    ],
)
def test_what_readers_may_differ_in_is_left_to_be_taken_apart(text: bytes) -> None:
    assert plainly_stored(text) is None
    assert DOOR.admit(text) == OTHER.admit(text)


def test_two_people_in_one_text_and_none_in_another_are_not_taken_for_their_neighbours() -> None:
    first, second, third, fourth = (
        compact({"login.password": password}) for password in ("x", "ab", "a b", "z")
    )
    for nobody in (b"", b" ", b"\r\n"):
        records = [first + b"\n" + second, third, nobody, fourth]
        assert DOOR.admit_all(records) == [DOOR.admit(record) for record in records]


@given(
    st.lists(st.tuples(st.sampled_from(MODEL.leaves), st.text() | st.none() | st.integers())),
)
def test_both_ways_give_the_same_for_any_values(changes: list[tuple[Any, Any]]) -> None:
    person: dict[str, Any] = json.loads(TEXT)
    for column, value in changes:
        *parents, last = column.origin.path
        level = person
        for name in parents:
            level = level[name]
        level[last] = value
    try:
        text = msgspec.json.encode(person)
    except (UnicodeEncodeError, OverflowError, msgspec.MsgspecError):
        return
    assert DOOR.admit(text) == OTHER.admit(text)


def test_all_that_is_secret_is_hashed_or_left_out() -> None:
    kept = msgspec.json.decode(plainly_stored(TEXT) or b"")
    assert set(PERSON["login"]) - set(kept["login"]) == {
        "password",
        *(path[1] for path in MODEL.dropped),
    }
    assert "value" not in kept["id"]


def many(others: dict[int, bytes]) -> list[bytes]:
    """Give a hundred records, other ones in these places."""
    return [others.get(n, compact({"email": f"{n}@example.com"})) for n in range(100)]


@pytest.mark.parametrize(
    "others",
    [
        {},
        {0: compact({"new": 1})},
        {31: b"{", 32: b"5"},
        {50: TEXT.replace(b",", b",\n", 1)},
        {50: TEXT + b"\n" + TEXT},
        {50: b""},
        {50: TEXT.replace(b"London", b"L\\nn\\rd\xe2\x80\xa8n")},
        {99: TEXT.replace(NAMES[0], NAMES[0] + b'"x",' + NAMES[0], 1)},
    ],
)
def test_of_many_together_the_same_is_stored_as_of_each_alone(others: dict[int, bytes]) -> None:
    together, alone = Drift(), Drift()
    stored = [OTHER.admit(text, alone) for text in many(others)]
    assert DOOR.admit_all(many(others), together) == stored
    assert together == alone


TWICE = TEXT.replace(b'"city":', b'"city":"first","city":')


@pytest.mark.parametrize("other", [TWICE, compact({"new": 1}), b"{"])
def test_one_that_is_otherwise_costs_nothing_of_those_beside_it(other: bytes) -> None:
    class Counting(Door):
        alone = 0

        def _admitted(self, record: bytes | msgspec.Raw, *, as_declared: bool) -> bytes:
            self.alone += 1
            return super()._admitted(record, as_declared=as_declared)

    door = Counting(MODEL, KEY)
    door.admit_all(many({50: other}))
    assert door.alone == 1


FORMS: list[dict[str, Any]] = [{}, {"ensure_ascii": False}, {"separators": (",", ":")}]
OTHER_FORMS = [*FORMS, {"indent": 1}, {"separators": (" , ", " : "), "indent": "\t"}]


def in_form(form: dict[str, Any]) -> list[bytes]:
    people = [{**json.loads(TEXT), "email": f"{n}@ü.example"} for n in range(100)]
    return [json.dumps(person, **form).encode() for person in people]


@pytest.mark.parametrize("form", OTHER_FORMS)
def test_however_a_page_is_written_what_is_stored_is_the_same_as_of_each_alone(
    form: dict[str, Any],
) -> None:
    texts = in_form(form)
    stored = DOOR.admit_all(texts)
    assert stored == [OTHER.admit(text) for text in texts]
    for text, kept in zip(texts, stored, strict=True):
        member = text.partition(b'"location"')[2].partition(b"{")[2].partition(b"}")[0]
        assert member in kept  # byte for byte, with its blanks and escapes


def a_member_a_line(text: bytes) -> bytes:
    """Write a record as databases do that are asked for something to look at."""
    members = (json.dumps({name: value})[1:-1] for name, value in json.loads(text).items())
    return b"{%b}" % b",\n ".join(member.encode() for member in members)


@pytest.mark.parametrize("texts", [*map(in_form, FORMS), [*map(a_member_a_line, in_form({}))]])
def test_however_a_page_is_written_no_record_is_taken_apart_by_itself(
    texts: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    door = Door(MODEL, KEY)
    monkeypatch.setattr(door, "_admitted", lambda *_, **__: pytest.fail("taken apart"))
    assert door.admit_all(texts) == [door.admit(text) for text in texts]


@pytest.mark.parametrize(
    "odd",
    [
        TEXT.replace(b"London", b"L\\u006fndon"),
        TEXT.replace(b'"London"', b'"L\\u006fndon" '),
        TEXT.replace(b'"city":', b'"city":"x\\n","city":'),
        TEXT.replace(b'"city":', b'"city" :"x","city":'),
        TEXT.replace(b'"city":', b'"city"\n:"x","city":'),
        TEXT.replace(b'"username":', b'"username":"x","username":'),
        TEXT.replace(b'"password":', b'"password":"secret","password":'),
        TEXT.replace(b'"login":', b'"login":{"password":"secret"},"login":'),
        TEXT.replace(b'"login":', b'"login" :{},"login":'),
        TEXT.replace(b'"username":"', b'"username":"\\u00e9\\"'),
        TEXT.replace(b'"password":"', b'"password":"\\u00e9'),
        compact({"id.value": None}),
        compact({"id.value": "\\é"}),
        json.dumps(dict(reversed(json.loads(TEXT).items())), separators=(",", ":")).encode(),
        TEXT.replace(b"London", b"London\\ud800"),
        TEXT.replace(b"London", b"London \\ud83d\\ude00"),
        TEXT.replace(b"London", b"London : here"),
        compact({"location.postcode": "@"}).replace(b'"@"', b"1.10"),
        compact({"location.postcode": "@"}).replace(b'"@"', b"-0"),
        compact({"location.postcode": "@"}).replace(b'"@"', b"12345678901234567890123"),
    ],
)
def test_an_odd_record_among_some_with_escapes_is_stored_as_alone(odd: bytes) -> None:
    escaped = TEXT.replace(b"London", b"L\\u00f6ndon")
    spread = json.dumps(json.loads(TEXT)).encode()
    assert odd != TEXT
    for usual in (escaped, spread):
        records = [usual] * 7 + [odd] + [usual] * 7
        assert DOOR.admit_all(records) == [OTHER.admit(each) for each in records]


def test_a_name_that_a_blank_hides_does_not_make_up_for_one_that_is_there_twice() -> None:
    """In one record the engine would read another value than in the other way through the door."""
    for name, blank in product((b'"login"', b'"city"'), (b" ", b"\t", b"\n", b"\r")):
        hides = TEXT.replace(name + b":", name + blank + b":")
        stored = DOOR.admit_all([hides, TWICE, TEXT])
        assert stored == [OTHER.admit(each) for each in (hides, TWICE, TEXT)]
        assert all(each.count(b'"city"') == 1 for each in stored)


def test_halves_of_a_record_do_not_make_up_for_two_in_one_text() -> None:
    """Where two differ in blanks only, one would be stored as the other."""
    apart, together = (TEXT.replace(b"London", city) for city in (b"Lon don", b"London"))
    middle = TEXT.index(b'"name"')
    for end in (b"", b"\n"):
        records = [TEXT + end + apart, together, TEXT[:middle], TEXT[middle:]]
        assert DOOR.admit_all(records) == [OTHER.admit(each) for each in records]


def test_what_is_stored_does_not_depend_on_who_is_beside() -> None:
    backwards = json.dumps(dict(reversed(json.loads(TEXT).items()))).encode()
    spread = json.dumps(json.loads(TEXT), ensure_ascii=False).encode()
    for odd in (spread, backwards):
        for records in ([odd, TEXT], [TEXT, odd], [odd], [TEXT] * 9 + [odd] + [TEXT] * 9):
            assert set(DOOR.admit_all(records)) <= {DOOR.admit(TEXT), OTHER.admit(odd)}
            assert DOOR.admit_all(records) == [OTHER.admit(each) for each in records]
