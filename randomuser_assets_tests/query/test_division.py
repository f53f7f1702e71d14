"""Every record is in one half, and what is told of the rejected says all that is wrong.

Here belong whole records and their reasons. Which value has which type is in `test_types`, records
that nobody would think of are in `test_any_record`.
"""

import pytest

from randomuser_assets.model import MODEL, Column, Leaf, Privacy
from randomuser_assets.query.flatten import flattened, rejected
from randomuser_assets_tests.query.division import FLATTENED, RAW, Bench
from randomuser_assets_tests.query.records import DOOR, MISSING, PERSON, Token, admitted, written

NO_KEY = "picture_id: cannot be derived from picture_large, '{}' does not end like …/women/88.jpg"
NO_ADDRESS = "picture_large: '{}' is not an address that begins with http"
DROPPED = [".".join(path) for path in MODEL.dropped]


def path_of(column: Column) -> str:
    """Give the path of a leaf on the wire."""
    assert isinstance(column.origin, Leaf)
    return ".".join(column.origin.path)


def is_hashed(column: Column) -> bool:
    return isinstance(column.origin, Leaf) and column.origin.hashed


def test_a_good_record_is_flattened_leaf_by_leaf(bench: Bench) -> None:
    (row,) = bench.divided([admitted()]).flattened.values()
    assert list(row) == [c.name for c in MODEL.flattened.columns]
    for column in MODEL.leaves:
        value: object = PERSON
        for part in path_of(column).split("."):
            value = value[part]  # type: ignore[index]
        if is_hashed(column):
            assert len(row[column.name]) == 64
        elif column.type.pattern is None:
            assert row[column.name] == value
        else:
            assert row[column.name] is not None


def test_both_halves_have_the_columns_that_are_declared(bench: Bench) -> None:
    halves = (
        (flattened(RAW, MODEL), MODEL.flattened),
        (rejected(RAW, FLATTENED, MODEL), MODEL.rejected),
    )
    for query, table in halves:
        assert bench.columns(query) == {c.name: c.type.sql for c in table.columns}


def test_a_record_keeps_its_place(bench: Bench) -> None:
    good, bad = admitted(), admitted({"nat": None})
    bench.put([good, bad], "2026-01-01")
    bench.put([bad, good, good], "2026-01-02")
    bench.divide()
    place = "CAST(snapshot_date AS VARCHAR) AS day, seed, page, position"
    kept = bench.rows(f"SELECT {place} FROM staging.flattened_users ORDER BY ALL")
    assert [tuple(row.values()) for row in kept] == [
        ("2026-01-01", "seed of 2026-01-01", 1, 1),
        ("2026-01-02", "seed of 2026-01-02", 1, 2),
        ("2026-01-02", "seed of 2026-01-02", 1, 3),
    ]
    lost = bench.rows(f"SELECT {place}, payload FROM staging.rejected_users ORDER BY ALL")
    assert [tuple(row.values()) for row in lost] == [
        ("2026-01-01", "seed of 2026-01-01", 1, 2, bad.decode()),
        ("2026-01-02", "seed of 2026-01-02", 1, 1, bad.decode()),
    ]


def test_no_records_are_divided_too(bench: Bench) -> None:
    assert bench.divided([]).flattened == {}


def test_all_reasons_are_kept_in_the_order_of_the_columns(bench: Bench) -> None:
    bad = admitted(
        {
            "nat": MISSING,
            "picture.large": "https://randomuser.me/api/portraits/men/5",
            "location.coordinates.latitude": "north",
            "location.street.number": "twelve",
            "dob.date": "2023-02-30T00:00:00Z",
            "gender": None,
            "email": ["ada@example.com"],
        }
    )
    assert bench.divided([bad]).reasons[1] == [
        "gender: is missing or null",
        "location_street_number: a private value is not a whole number",
        "location_coordinates_latitude: 'north' is not a number",
        "email: a private value is not a text",
        "dob_date: '2023-02-30T00:00:00Z' is not a UTC date and time like 2007-07-09T05:51:59.390Z",
        "nat: is missing or null",
        NO_KEY.format("https://randomuser.me/api/portraits/men/"),
    ]


@pytest.mark.parametrize("absent", [None, MISSING], ids=["null", "missing"])
def test_each_leaf_must_be_there_but_the_number_of_a_document(bench: Bench, absent: object) -> None:
    divided = bench.divided(admitted({path_of(leaf): absent}) for leaf in MODEL.leaves)
    assert divided.reasons == {
        at: [f"{leaf.name}: is missing or null"]
        for at, leaf in enumerate(MODEL.leaves, 1)
        if leaf.name != "id_value_hmac"
    }
    (without_number,) = divided.flattened.values()
    assert without_number["id_value_hmac"] is None


def test_what_is_dropped_at_the_door_need_not_be_there(bench: Bench) -> None:
    assert bench.divided([admitted(dict.fromkeys(DROPPED, MISSING))]).reasons == {}


@pytest.mark.parametrize("instead", [None, MISSING, 5, "text", [], {}, [{"name": "x"}], True])
def test_nothing_is_taken_from_where_an_object_should_be(bench: Bench, instead: object) -> None:
    divided = bench.divided(
        admitted({path: instead}) for path in ("name", "location", "login", "location.street")
    )
    for at, prefix in enumerate(("name_", "location_", "login_", "location_street_"), 1):
        assert divided.reasons[at] == [
            f"{leaf.name}: is missing or null"
            for leaf in MODEL.leaves
            if leaf.name.startswith(prefix)
        ]


@pytest.mark.parametrize("nested", [{}, [], {"value": "x"}, ["x"]])
def test_an_object_or_array_is_no_text(bench: Bench, nested: object) -> None:
    texts = [c for c in MODEL.leaves if c.type.pattern is None and not is_hashed(c)]
    divided = bench.divided(admitted({path_of(leaf): nested}) for leaf in texts)
    for at, leaf in enumerate(texts, 1):
        assert divided.reasons[at][0].startswith(f"{leaf.name}: ")
        assert divided.reasons[at][0].endswith(" is not a text")


def test_a_number_is_accepted_as_a_text(bench: Bench) -> None:
    changes: dict[str, object] = {"location.postcode": 75001, "phone": 10**30, "name.last": 5}
    (row,) = bench.divided([admitted(changes)]).flattened.values()
    stored = (row["location_postcode"], row["phone"], row["name_last"])
    assert stored == ("75001", str(10**30), "5")


def test_no_private_value_is_in_a_reason(bench: Bench) -> None:
    planted = "Xanthippe"
    private = [c for c in MODEL.leaves if c.privacy in (Privacy.SECRET, Privacy.DIRECT)]
    assert {c.privacy for c in private} == {Privacy.SECRET, Privacy.DIRECT}
    divided = bench.divided(
        admitted({path_of(leaf): value})
        for leaf in private
        for value in ([planted], {planted: planted}, f"[{planted}", f"{{{planted}")
    )
    told = [reason for reasons in divided.reasons.values() for reason in reasons]
    assert "email: a private value is not a text" in told
    assert "location_street_number: a private value is not a whole number" in told
    assert not [reason for reason in told if planted in reason]


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (
            "location.coordinates.latitude",
            "north",
            "location_coordinates_latitude: 'north' is not a number",
        ),
        ("location.city", ["London"], "location_city: an object or list is not a text"),
        ("location.city", "[" * 100, "location_city: an object or list is not a text"),
        ("dob.age", "it's", "dob_age: 'it's' is not a whole number"),
        ("dob.age", "", "dob_age: '' is not a whole number"),
        ("login.uuid", "AB", "login_uuid: 'AB' is not a UUID in lower case"),
    ],
)
def test_a_value_that_may_be_seen_is_shown(
    bench: Bench, path: str, value: object, reason: str
) -> None:
    assert bench.divided([admitted({path: value})]).reasons == {1: [reason]}


@pytest.mark.parametrize(
    "address",
    [
        "https://randomuser.me/api/portraits/women/88.png",
        "https://randomuser.me/api/portraits/women/88.jpg?size=2",
        "https://randomuser.me/api/portraits/Women/88.jpg",
        "https://randomuser.me/api/portraits/women/x.jpg",
    ],
)
def test_a_picture_without_a_key_is_a_reason(bench: Bench, address: str) -> None:
    reasons = bench.divided([admitted({"picture.large": address})]).reasons[1]
    assert reasons == [NO_KEY.format(address[:40])]


@pytest.mark.parametrize(
    "address",
    [
        "https://randomuser.me/api/portraits/women/88.jpg\n",
        "women/88.jpg",
        "/women/.jpg",
        "",
        5,
    ],
)
def test_a_picture_that_is_no_address_either_has_two_reasons(bench: Bench, address: object) -> None:
    reasons = bench.divided([admitted({"picture.large": address})]).reasons[1]
    shown = str(address)[:40]
    assert reasons == [NO_ADDRESS.format(shown), NO_KEY.format(shown)]


def test_a_key_does_not_make_an_address_of_it(bench: Bench) -> None:
    reasons = bench.divided([admitted({"picture.large": "/women/88.jpg"})]).reasons[1]
    assert reasons == [NO_ADDRESS.format("/women/88.jpg")]


UNREADABLE = [
    b"5",
    b"[]",
    b"null",
    b'"text"',
    b"",
    b"{",
    b"nonsense",
    b"\xff",
    b'{"a": }',
    written({"dob.age": Token("NaN")}),
    written({"dob.age": Token("01")}),
    written({"location.city": Token('"a\tb"')}),
    written({"location.city": Token('"\\ud800"')}),
    written({"location.city": Token("-Infinity")}),
    written({"location.city": Token("[" * 100_000 + "]" * 100_000)}),
]


@pytest.mark.parametrize("record", UNREADABLE, ids=lambda record: repr(record[:12]))
def test_what_could_not_be_read_is_the_first_reason(bench: Bench, record: bytes) -> None:
    reasons = bench.divided([DOOR.admit(record)]).reasons[1]
    assert reasons[0].startswith("the record could not be read as JSON: ")


def test_a_record_that_was_mended_has_its_other_reasons_too(bench: Bench) -> None:
    mended = admitted({"location.city": Token("NaN"), "gender": None, "dob.age": "old"})
    _, *others = bench.divided([mended]).reasons[1]
    assert others == ["gender: is missing or null", "dob_age: 'old' is not a whole number"]


@pytest.mark.parametrize("found", [b"false", b"0", b'""', b'"no"', b"{}", b"[]"])
def test_a_record_that_says_it_is_unreadable_is_taken_at_its_word(
    bench: Bench, found: bytes
) -> None:
    record = written()[:-1] + b', "_unreadable": ' + found + b"}"
    assert len(bench.divided([DOOR.admit(record)]).reasons[1]) == 1


@pytest.mark.parametrize(
    "odd",
    [
        b'"gender": "x", "gender": "female"',
        b'"GENDER": null, "gender": "female"',
        b'"gender": "female", "Gender": 5',
        b'"gender": "female", "": {}, "\\u0000": 1, "a.b": [1e400]',
    ],
)
def test_odd_names_do_not_hide_a_leaf(bench: Bench, odd: bytes) -> None:
    record = written().replace(b'"gender": "female"', odd)
    assert record != written()
    (row,) = bench.divided([DOOR.admit(record)]).flattened.values()
    assert row["gender"] == "female"
