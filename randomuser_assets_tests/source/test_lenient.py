"""What no strict reader takes is taken apart and written again as strict JSON.

Here belongs the reading itself. Not here: what the door stores of it (`test_door`, `test_page`).
"""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from randomuser_assets.source.lenient import NotJsonError, children, members, mend, read

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS | st.sampled_from(["[", '"', "},{", "\\"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
BOUNDED = settings(max_examples=200, derandomize=True, deadline=None)


def written(value: Any, *, compact: bool) -> bytes:
    return json.dumps(value, ensure_ascii=compact, indent=None if compact else 2).encode()


# Taking apart


@BOUNDED
@given(st.lists(VALUES, max_size=5), st.booleans())
def test_a_list_is_the_list_of_its_children(values: list[Any], compact: bool) -> None:
    assert [json.loads(part) for part in children(written(values, compact=compact))] == values


@BOUNDED
@given(st.dictionaries(TEXTS, VALUES, max_size=5), st.booleans())
def test_an_object_is_its_members_by_name(fields: dict[str, Any], compact: bool) -> None:
    parts = members(written(fields, compact=compact))
    assert {name: json.loads(value) for name, value in parts.items()} == fields


@pytest.mark.parametrize(
    ("container", "parts"),
    [
        (b"[]", []),
        (b" [ ] ", []),
        (b"[1]", [b"1"]),
        (b"[ 1 , tru , NaN ]", [b"1", b"tru", b"NaN"]),
        (b'[{"a":tru},{"b":[1,2,{}]}]', [b'{"a":tru}', b'{"b":[1,2,{}]}']),
        (b'["a,b","[","\\"]",",\\\\"]', [b'"a,b"', b'"["', b'"\\"]"', b'",\\\\"']),
        (b'["a\tb\n",\x01]', [b'"a\tb\n"', b"\x01"]),
        (b"[[[]],[]]", [b"[[]]", b"[]"]),
        (b"[" + b"[" * 100_000 + b"]" * 100_000 + b",1]", [b"[" * 100_000 + b"]" * 100_000, b"1"]),
    ],
    ids=lambda value: None if len(value) < 100 else "deep",
)
def test_the_parts_of_a_container_are_kept_as_they_are(
    container: bytes, parts: list[bytes]
) -> None:
    assert list(children(container)) == parts


@pytest.mark.parametrize(
    "container",
    [
        *(b"", b" ", b"1", b"x", b'"a"', b"[", b"]", b"[1", b"[1]]", b"[1],[2]", b"[1]x", b"x[1]"),
        *(b'["a]', b'["a]"', b'[1]"', b"[[1]", b"{", b"{}{}", b'{"a":[}'),
    ],
)
def test_what_does_not_close_is_no_container(container: bytes) -> None:
    with pytest.raises(NotJsonError):
        list(children(container))


def test_the_last_of_equal_names_wins() -> None:
    assert members(b'{"a":1,"b":2,"\\u0061":tru}') == {"a": b"tru", "b": b"2"}


@pytest.mark.parametrize("container", [b"{1}", b'{"a"}', b'{"a" 1}', b"{a:1}", b'{"a":1,}', b"{,}"])
def test_a_member_without_a_name_is_not_guessed(container: bytes) -> None:
    try:
        found = members(container)
    except NotJsonError:
        return
    assert found == {"a": b"1"}  # one comma too many hides nothing


# Reading and mending


@BOUNDED
@given(VALUES)
def test_what_is_strict_already_means_the_same_when_mended(value: Any) -> None:
    assert json.loads(mend(written(value, compact=True))) == value


@pytest.mark.parametrize(
    "number",
    ["0", "-0", "1.10", "1e999", "-1E+5", "0.1e-999", "9" * 5000, "1." + "0" * 5000],
    ids=lambda number: number[:8],
)
def test_numbers_stay_as_they_are_written(number: str) -> None:
    assert mend(f'{{"a":{number},"b":NaN}}'.encode()) == f'{{"a":{number},"b":"NaN"}}'.encode()


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        (b"NaN", b'"NaN"'),
        (b"[Infinity,-Infinity]", b'["Infinity","-Infinity"]'),
        (b'"a\tb\x01\n"', b'"a\\tb\\u0001\\n"'),
        (b'"\\ud800"', '"\ufffd"'.encode()),
        (b'"\\udc2b\\ud83d"', '"\ufffd\ufffd"'.encode()),
        (b'"\\ud83d\\udc2b"', '"🐫"'.encode()),
        (b'{"\\ud800":["\\udfff"]}', '{"\ufffd":["\ufffd"]}'.encode()),
        (b'{"a":1,"a":2}', b'{"a":2}'),
    ],
)
def test_what_is_not_strict_is_written_so_that_it_is(bad: bytes, good: bytes) -> None:
    assert mend(bad) == good
    msgspec.json.decode(mend(bad))


def test_names_that_become_equal_are_one_and_the_last_wins() -> None:
    assert json.loads(mend(b'{"\\ud800":1,"\\udc00":2}')) == {"\ufffd": 2}


@pytest.mark.parametrize(
    "beyond", [b"tru", b"{'a':1}", b'{"a":1,}', b'{"a":01}', b'"\\x"', b'"\\u12"', b"", b"1 2"]
)
def test_what_cannot_be_read_is_not_guessed(beyond: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read(beyond)


@pytest.mark.parametrize("depth", [5_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_depth_is_refused_and_breaks_nothing(depth: int, opening: bytes, closing: bytes) -> None:
    with pytest.raises(RecursionError):
        mend(opening * depth + b"1" + closing * depth)
