"""A page with bad records in it: each is stored with its fault, and its neighbours as they came.

Here belongs what becomes of records. Not here: pages that are refused (`test_api_faults`).
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from randomuser_assets.source.faults import LastingFault, PassingFault
from randomuser_assets.source.page import PageRequest, is_utf_8, page_requests, read_page
from randomuser_assets_tests.source.wire import (
    DOOR,
    PASSWORD,
    admitted,
    keyed,
    page,
    record,
    shows,
    stored,
    strictly_read,
)

ODD_BYTES = (
    b"\xed\xa0\x80",  # half of a pair
    b"\xc0\x80",  # longer than it need be
    b"\xf4\x90\x80\x80",  # beyond the last character
    b"\xf0\x9f\x98",  # cut off
    b"\xef\xbb\xbf",
)
MENDED = [
    (b"NaN", "NaN"),
    (b"Infinity", "Infinity"),
    (b"-Infinity", "-Infinity"),
    (b'"a\tb"', "a\tb"),
    (b'"a\nb\x01"', "a\nb\x01"),
    (b'"\\ud83d"', "\ufffd"),
    (b'"\\udc2b a"', "\ufffd a"),
    (b'["\\ud83d",NaN,1.10]', ["\ufffd", "NaN", "1.10"]),
    (b'{"\\ud83d":1}', {"\ufffd": "1"}),
]
HASHED = [
    b"tru",
    b"01",
    b"1.",
    b"+1",
    b"0x1",
    b"'a'",
    b"undefined",
    b"[1,]",
    b'"\\x"',
    b'"\\u12"',
    b"/**/1",
    b"",
    b"1 2",
    b"[" * 5_000 + b"]" * 5_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b"[" * 100_000 + b"]" * 100_000,
]


def name_of(value: object) -> str | None:
    return f"{len(value)} bytes" if isinstance(value, bytes) and len(value) > 100 else None


def bad(value: bytes) -> bytes:
    return record(extra=',"new":').removesuffix(b"}") + value + b"}"


def among_others(record_: bytes) -> dict[str, Any]:
    """Give what is stored of a record, having seen that its neighbours are as they came."""
    first, found, last = admitted(record("first"), record_, record("last"))
    assert (first, last) == (stored("first"), stored("last"))
    return strictly_read(found)


@pytest.mark.parametrize(("value", "meant"), MENDED)
def test_a_record_that_can_be_mended_is_with_its_fault(value: bytes, meant: object) -> None:
    found = among_others(bad(value))
    fault = found.pop("_unreadable")
    assert found.pop("new") == meant
    assert found == strictly_read(stored())
    assert isinstance(fault, str)
    assert fault


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (b'"\xed\xa0\xbd"', "\ufffd"),
        (b'"\xed\xb0\xab a"', "\ufffd a"),
        (b'{"\xed\xa0\xbd":1}', {"\ufffd": "1"}),
    ],
)
def test_half_a_character_costs_its_record_however_it_is_written(
    value: bytes, meant: object
) -> None:
    found = among_others(bad(value))
    assert found.pop("_unreadable")
    assert found.pop("new") == meant


def test_two_halves_of_a_character_are_the_character() -> None:
    assert among_others(bad(b'"\xed\xa0\xbd\xed\xb0\xab"')) == {
        **strictly_read(stored()),
        "new": "\U0001f42b",
    }


@pytest.mark.parametrize("value", HASHED, ids=name_of)
def test_a_record_that_cannot_be_mended_is_hashed_with_its_fault(value: bytes) -> None:
    found = among_others(bad(value))
    assert found == {"_unreadable": found["_unreadable"], "hmac": keyed(bad(value))}
    assert found["_unreadable"]


@pytest.mark.parametrize("value", [b"9" * 5_000, b"1e999", b"-0.0", b"[" * 100 + b"]" * 100])
def test_a_record_that_is_only_odd_is_kept_as_it_came(value: bytes) -> None:
    assert admitted(bad(value), record()) == [
        stored()[:-1] + b',"new":' + value + b"}",
        stored(),
    ]


@pytest.mark.parametrize("value", [value for value, _ in MENDED] + HASHED, ids=name_of)
@pytest.mark.parametrize("place", [b'"PlantedPassword"', b'"PlantedDocument"', b'"bigbear"'])
def test_a_fault_within_a_guarded_member_lets_nothing_out(value: bytes, place: bytes) -> None:
    found = among_others(record().replace(place, value))
    assert "_unreadable" in found
    for secret in ("PlantedPassword", "PlantedDocument", "PlantedSalt"):
        assert not shows(json.dumps(found).encode(), secret)


@pytest.mark.parametrize(
    ("password", "hashed"),
    [
        (b'"a\tb"', keyed("a\tb")),
        (b'"\\ud83d"', keyed("\ufffd")),
        (b"NaN", keyed("NaN")),
        (b"null", None),
    ],
)
def test_a_password_is_hashed_as_it_was_mended(password: bytes, hashed: str | None) -> None:
    text = record(extra=',"new":NaN').replace(b'"PlantedPassword"', password)
    assert among_others(text)["login"]["password_hmac"] == hashed


@pytest.mark.parametrize("name", [b"passw\\u006frd", b"PASSWORD", b"pass\\ud800word", b"p\tw"])
def test_names_in_a_record_that_is_mended_hide_nothing(name: bytes) -> None:
    text = record(extra=',"new":NaN').replace(b'"password"', b'"%b"' % name)
    assert not shows(json.dumps(among_others(text)).encode(), PASSWORD)


def test_no_record_keeps_a_name_twice_whatever_else_it_lacks() -> None:
    offset = b'{"offset":"+5:45","description":"Kathmandu"}'
    text = record().replace(offset, b'{"a":"+5:45","a":"Kathmandu"}')
    assert among_others(text)["location"]["timezone"] == {"a": "Kathmandu"}
    (payload,) = admitted(text)
    assert payload.count(b'"a":') == 1


@pytest.mark.parametrize("other", [b'"text"', b"[1,2]", b"1", b"null", b"true", b"tru", b"NaN"])
def test_what_is_no_record_is_hashed_and_costs_no_other(other: bytes) -> None:
    found = among_others(other)
    assert found["hmac"] == keyed(other)
    assert set(found) == {"_unreadable", "hmac"}


def test_the_fault_of_a_record_does_not_quote_it() -> None:
    for value in [value for value, _ in MENDED] + HASHED:
        fault = among_others(record(extra=',"q":"PlantedText","new":' + value.decode()))
        assert "Planted" not in fault["_unreadable"]


def test_a_fault_from_the_wire_cannot_hide_the_real_one() -> None:
    found = among_others(record(extra=',"_unreadable":null,"new":NaN'))
    assert found["_unreadable"]


def test_every_record_of_a_page_may_be_bad() -> None:
    records = [bad(value) for value, _ in MENDED] + [bad(value) for value in HASHED]
    assert all("_unreadable" in strictly_read(found) for found in admitted(*records))


def test_records_stay_in_their_order() -> None:
    records = [record(f"p{n}", extra=',"new":NaN' if n % 3 == 0 else "") for n in range(20)]
    hashes = [strictly_read(found)["login"]["password_hmac"] for found in admitted(*records)]
    assert hashes == [keyed(f"p{n}") for n in range(20)]


def test_a_fault_outside_of_the_records_does_not_cost_the_page() -> None:
    body = page([record()], 1)[:-1] + b',"served_by":NaN}'
    assert read_page(body, PageRequest("day", 1, 1), DOOR) == [stored()]


def test_spacing_and_order_of_a_page_do_not_matter() -> None:
    info = json.dumps({"version": "1.4", "page": 1, "results": 2, "seed": "day"}, indent=1)
    body = f'\n{{ "info" : {info} ,\n"results" : [ {record().decode()} ,\t{{"a":NaN}} ] }} '
    assert read_page(body.encode(), PageRequest("day", 1, 2), DOOR)[0] == stored()


@pytest.mark.parametrize(
    "body",
    [
        page([record(), record()], 2)[:-1],
        page([record(), record()], 2)[:400],
        page([record(), b'{"a":"b}'], 2),
        page([record(), b'{"a":[1}'], 2),
        page([record(), b'{"a":1]'], 2) + b"]",
        b"<html>",
        b"",
    ],
)
def test_a_body_that_no_reader_takes_apart_may_pass(body: bytes) -> None:
    with pytest.raises(PassingFault, match="bytes that are no JSON object") as caught:
        read_page(body, PageRequest("day", 1, 2), DOOR)
    assert "Planted" not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [b'{"a":"\xff"}', b'\x80{"a":NaN}', b'{"a":"\xed\xa0\x80\xe9"}', b'{"a":"\xed\xa0"}'],
)
def test_a_body_that_is_no_utf_8_is_a_fault_that_stays(body: bytes) -> None:
    with pytest.raises(LastingFault, match=r"not UTF-8 \(at byte \d+\)"):
        read_page(body, PageRequest("day", 1, 1), DOOR)


def test_a_mark_of_the_byte_order_is_passed_over() -> None:
    info = b'"info":{"seed":"day","results":1,"page":1,"version":"1.4"}'
    body = b'\xef\xbb\xbf{"results":[{"nat":"BR"}],' + info + b"}"
    assert read_page(body, PageRequest("day", 1, 1), DOOR) == [b'{"nat":"BR"}']


def test_a_request_says_what_it_asks_for() -> None:
    first, second = page_requests("day", 5, 3)
    assert str(second) == "page 2 of seed 'day' with 2 people"
    assert second.parameters == {"results": 2, "page": 2, "seed": "day"}
    assert first < second


@given(st.binary() | st.text().map(str.encode) | st.sampled_from(ODD_BYTES))
def test_utf_8_is_what_python_takes_for_it(text: bytes) -> None:
    try:
        text.decode()
    except UnicodeDecodeError:
        assert not is_utf_8(text)
    else:
        assert is_utf_8(text)
