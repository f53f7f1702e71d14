"""The format of the CSV files, rule by rule."""

import uuid
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from randomuser_assets.export.csv import write_csv
from randomuser_assets_tests.export.things import DAY, THINGS, Store


def test_lines_end_in_crlf_and_the_first_names_the_columns(store: Store) -> None:
    store.put({"note": "a"}, {"note": "b"})
    assert store.content() == (
        b"snapshot_date,code,note,kind,number,degrees,moment,id\r\n"
        b"2026-03-10,k000,a,,,,,\r\n"
        b"2026-03-10,k001,b,,,,,\r\n"
    )


def test_null_is_nothing_and_empty_text_is_two_quotes(store: Store) -> None:
    store.put({"note": None}, {"note": ""})
    assert store.content().splitlines()[1:] == [
        b"2026-03-10,k000,,,,,,",
        b'2026-03-10,k001,"",,,,,',
    ]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        pytest.param("a,b", b'"a,b"', id="comma"),
        pytest.param('say "yes"', b'"say ""yes"""', id="quotes"),
        pytest.param('""', b'""""""', id="only quotes"),
        pytest.param("a\nb", b'"a\nb"', id="LF"),
        pytest.param("a\r\nb", b'"a\r\nb"', id="CRLF"),
        pytest.param(" both ", b" both ", id="blanks stay"),
        pytest.param("a\x1fb\x00c", b"a\x1fb\x00c", id="control characters stay"),
        pytest.param("a\\b;c|d#e", b"a\\b;c|d#e", id="marks of other formats are nothing special"),
        pytest.param("\u0646\u200c\u0631", "\u0646\u200c\u0631".encode(), id="UTF-8"),
    ],
)
def test_a_text_is_quoted_only_where_it_must_be(store: Store, text: str, field: bytes) -> None:
    store.put({"note": text})
    assert store.content().partition(b"\r\n")[2] == b"2026-03-10,k000," + field + b",,,,,\r\n"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\ttab", "'\ttab"),
        ("\rreturn", "'\rreturn"),
        ("+call", "'+call"),
        ("-foo", "'-foo"),
        ("+1\n", "'+1\n"),
        ("-1;2", "'-1;2"),
        ("'quoted'", "''quoted'"),
        ("'", "''"),
        ("''", "'''"),
    ],
)
def test_a_text_that_a_spreadsheet_would_run_gets_one_apostrophe(
    store: Store, text: str, field: str
) -> None:
    store.put({"note": text})
    assert store.written("note") == [field]


@pytest.mark.parametrize(
    "text",
    [
        "+49 (0) 30/123-45",
        "-12.5",
        "-",
        "+",
        "+5:45",
        "",
        "plain",
        "a=1",
        " =1",
        "\n=1",
        "1-2",
        "0x",
    ],
)
def test_other_texts_stay_as_they_are(store: Store, text: str) -> None:
    store.put({"note": text})
    assert store.written("note") == [text]


def test_keys_and_references_are_never_touched(store: Store) -> None:
    texts = ["'a", "+x", "-foo", "=1", "@b"]
    store.put(*({"code": text, "kind": text} for text in texts))
    assert store.written("code") == texts
    assert store.written("kind") == texts


def test_numbers_and_identifiers_are_never_touched(store: Store) -> None:
    identifier = uuid.UUID("0a8b7c6d-1234-4abc-8def-001122334455")
    store.put({"number": -7, "degrees": Decimal("-0.5000"), "id": identifier})
    assert store.content().splitlines()[1] == f"2026-03-10,k000,,,-7,-0.5000,,{identifier}".encode()


@pytest.mark.parametrize(
    ("moment", "field"),
    [
        ("2007-07-09 05:51:59.39", "2007-07-09T05:51:59.390Z"),
        ("1969-12-31 23:59:59.999", "1969-12-31T23:59:59.999Z"),
        ("1944-02-29 00:00:00", "1944-02-29T00:00:00.000Z"),
        ("1000-01-01 01:02:03", "1000-01-01T01:02:03.000Z"),
        ("2007-07-09 05:51:59.390001", "2007-07-09T05:51:59.390001Z"),
        ("1960-07-09 05:51:59.000001", "1960-07-09T05:51:59.000001Z"),
    ],
)
def test_an_instant_is_written_as_the_api_writes_it(store: Store, moment: str, field: str) -> None:
    store.put({"moment": moment})
    assert store.written("moment") == [field]


SPECIAL = "=@+-'\"\t\r\n,;\\ \x00\x01\x0b\x1f\x7f\x85\u200c\u2028\ufeff05.:()/"
BEGINNINGS = st.sampled_from(["", *"=@+-'\t\r"])
REST = st.text(st.one_of(st.sampled_from(SPECIAL), st.characters(codec="utf-8")), max_size=9)
TEXTS = st.builds(str.__add__, BEGINNINGS, REST)


def test_taking_one_apostrophe_off_restores_every_text(store: Store) -> None:
    @settings(max_examples=40, derandomize=True, deadline=None, database=None)
    @given(texts=st.lists(st.none() | TEXTS, min_size=1, max_size=40))
    def is_restored(texts: list[str | None]) -> None:
        store.hold_notes(texts)
        for text, field in zip(texts, store.written("note"), strict=True):
            assert (field[1:] if field and field[0] == "'" else field) == text
            assert not field or field[0] not in "=@\t\r"

    is_restored()


def test_rows_are_ordered_by_key_in_the_order_of_code_points(store: Store) -> None:
    codes = ["b", "a", "Z", "10", "9", "\u00e4", "a b", "-1", "\U0001f642", "\uff5e"]
    store.put(*({"code": code} for code in codes))
    assert store.written("code") == sorted(codes)


def test_the_order_holds_for_more_rows_than_one_thread_sorts(store: Store) -> None:
    store.connection.execute(
        f"INSERT INTO core.things (snapshot_date, code) "
        f"SELECT '{DAY}', printf('%06d', (i * 7919) % 300000) FROM range(300000) t(i)"
    )
    written = write_csv(store.connection, THINGS, DAY, store.folder)
    assert written.rows == 300_000
    codes = [line.split(b",")[1] for line in written.path.read_bytes().splitlines()[1:]]
    assert codes == [b"%06d" % number for number in range(300_000)]


def test_only_the_rows_of_the_day_are_written(store: Store) -> None:
    store.put({"note": "today"})
    store.put({"note": "tomorrow"}, day="2026-03-11")
    assert store.written("note") == ["today"]


def test_an_empty_day_is_a_file_with_its_header_only(store: Store) -> None:
    assert store.content() == b"snapshot_date,code,note,kind,number,degrees,moment,id\r\n"
