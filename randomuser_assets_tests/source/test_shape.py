"""Which records have the declared shape, and which have a value of another type.

Here belong single records. Not here: keys that are new, gone or renamed (`test_shape_keys`), what
is shown of values (`test_shape_examples`), how differences of many records add up (`test_drift`),
and what is stored of them (`test_discard`).
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from randomuser_assets.source.sample.request import answer, understood
from randomuser_assets.source.shape import APPEARED, RENAMED, RETYPED, VANISHED, WHOLE
from randomuser_assets_tests.query.records import MISSING, PERSON, Token, written
from randomuser_assets_tests.source.differing import SHAPE, WIRE, Found, differences, of
from randomuser_assets_tests.source.wire import record

NULLABLE = "id.value"


# The declared shape

VARIANTS: dict[str, Mapping[str, object]] = {
    "as it is": {},
    "postcode as text": {"location.postcode": "V5K 0A1"},
    "postcode as number": {"location.postcode": 12345},
    "no document": {"id.name": "", "id.value": None},
    "broken document": {"id.name": "HETU", "id.value": "NaNNA217undefined"},
    "empty texts": {"login.password": "", "location.state": "", "name.first": ""},
    "texts like numbers": {"login.password": "1e3", "login.salt": "8063e604", "phone": "007"},
    "texts like nothing": {"name.first": "null", "login.password": "none", "cell": "true"},
    "negative epoch": {"dob.date": "1944-12-24T01:02:03.004Z", "dob.age": 81},
    "any script": {"name.first": "محمد", "location.city": 'San José ""El Verde""', "cell": "🙂"},
    "broken rules": {"gender": "x", "nat": "zz", "location.street.number": -1, "email": ""},
    "long numbers": {"dob.age": Token("9" * 30), "registered.age": Token("1.5e2")},
}


@pytest.mark.parametrize("name", VARIANTS)
def test_what_the_api_may_send_differs_in_nothing(name: str) -> None:
    assert of(VARIANTS[name]) == []


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(PERSON, ensure_ascii=False, separators=(",", ":")),
        json.dumps(PERSON, indent=2),
        json.dumps(PERSON).replace("/", "\\/"),
        json.dumps(PERSON).replace('"gender"', '"g\\u0065nder"'),
        f" \n{json.dumps(PERSON)}\t",
        record().decode(),
    ],
    ids=["compact", "spread", "escaped slashes", "escaped name", "blanks", "odd numbers"],
)
def test_how_a_record_is_written_makes_no_difference(text: str) -> None:
    assert differences(text.encode()) == []


def test_the_order_of_keys_makes_no_difference() -> None:
    def turned(value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {name: turned(inner) for name, inner in reversed(value.items())}

    assert SHAPE.differences(json.dumps(turned(PERSON)).encode()) is None


def test_people_of_the_built_in_source_differ_in_nothing() -> None:
    body = answer(understood("results=300&page=1&seed=shape"), datetime.now(UTC))
    people = json.loads(body)["results"]
    assert {SHAPE.differences(json.dumps(person).encode()) for person in people} == {None}


# Values of another type

OTHERS: dict[str, object] = {
    "text": "x",
    "number": 5,
    "boolean": False,
    "null": None,
    "object": {"a": 1},
    "list": ["a"],
}


def allowed(path: str) -> set[str]:
    if path.endswith((".number", ".age")):
        return {"number"}
    more = {"location.postcode": {"number"}, NULLABLE: {"null"}}
    return {"text"} | more.get(path, set())


@pytest.mark.parametrize("type_", OTHERS)
@pytest.mark.parametrize("path", WIRE)
def test_a_leaf_of_another_type_is_found(path: str, type_: str) -> None:
    expected = [] if type_ in allowed(path) else [(RETYPED, path, type_)]
    assert of({path: OTHERS[type_]}) == expected


@pytest.mark.parametrize("type_", [name for name in OTHERS if name != "object"])
@pytest.mark.parametrize("path", ["name", "location", "location.street", "login", "id", "dob"])
def test_what_is_no_object_where_one_belongs_is_found(path: str, type_: str) -> None:
    assert of({path: OTHERS[type_]}) == [(RETYPED, path, type_)]


def test_differences_of_every_kind_are_found_beside_each_other() -> None:
    changes = {
        "nat": MISSING,
        "nationality": "GB",
        "name.middle": "x",
        "location.street": "12 St James's Square",
        "location.coordinates.latitude": 51.5,
        "location.timezone.offset": MISSING,
        "id.value": 5,
    }
    assert sorted(of(changes)) == [
        (APPEARED, "name.middle", "text"),
        (RENAMED, "nat", "nationality"),
        (RETYPED, "id.value", "number"),
        (RETYPED, "location.coordinates.latitude", "number"),
        (RETYPED, "location.street", "text"),
        (VANISHED, "location.timezone.offset", "nothing"),
    ]


# Records that are no records


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        (b"5", "number"),
        (b'"text"', "text"),
        (b"null", "null"),
        (b"true", "boolean"),
        (b"[]", "list"),
        (b'[{"gender":"x"}]', "list"),
        (b"NaN", "text"),
    ],
)
def test_a_record_that_is_no_object_is_told_as_a_whole(text: bytes, type_: str) -> None:
    assert differences(text) == [(RETYPED, WHOLE, type_)]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"nonsense",
        written()[:-1],
        written() + b"}",
        written({"new": Token("tru")}),
        written({"new": Token("01")}),
        written({"new": Token('"\\x"')}),
        written({"new": Token("[" * 100_000 + "]" * 100_000)}),
        written({"new": Token('{"a":' * 5_000 + "1" + "}" * 5_000)}),
    ],
    ids=lambda text: repr(text[-9:]),
)
def test_of_what_cannot_be_read_nothing_is_told(text: bytes) -> None:
    assert SHAPE.differences(text) == ()


@pytest.mark.parametrize(
    ("token", "type_"),
    [
        ("NaN", "text"),
        ("-Infinity", "text"),
        ('"a\tb"', "text"),
        ('"\\ud800"', "text"),
        ("9" * 5000, "number"),
        ("1e400", "number"),
        ('{"a":NaN}', "object"),
        ("[NaN]", "list"),
    ],
    ids=lambda value: value[:9],
)
def test_a_record_that_only_a_lenient_reader_takes_is_looked_at_too(token: str, type_: str) -> None:
    found = of({"new": Token(token), "gender": 5, "id.name": MISSING})
    assert found == [
        (APPEARED, "new", type_),
        (RETYPED, "gender", "number"),
        (VANISHED, "id.name", "nothing"),
    ]


@pytest.mark.parametrize("depth", [10, 100, 400])
def test_a_deep_value_is_one_difference(depth: int) -> None:
    assert of({"new": Token("[" * depth + "]" * depth)}) == [(APPEARED, "new", "list")]
    deep = Token('{"a":' * depth + "1" + "}" * depth)
    assert of({"name.first": deep}) == [(RETYPED, "name.first", "object")]


# Equal names


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (b'"gender":', b'"gender": 5, "gender":', []),
        (b'"gender":', b'"Gender": "x", "gender":', [(APPEARED, "Gender", "text")]),
        (b'"nat": "GB"', b'"nat": "GB", "nat": 5', [(RETYPED, "nat", "number")]),
        (b'"nat": "GB"', b'"nat": "GB", "n\\u0061t": 5', [(RETYPED, "nat", "number")]),
        (b'"nat": "GB"', b'"nat": "GB", "a": 1, "a": "x"', [(APPEARED, "a", "text")]),
        (b'"dob":', b'"dob": 5, "dob":', []),
    ],
)
def test_of_equal_names_the_last_one_is_looked_at(old: bytes, new: bytes, found: Found) -> None:
    text = written()
    assert text.count(old) == 1
    assert differences(text.replace(old, new)) == found
