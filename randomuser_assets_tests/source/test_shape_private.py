"""No private value is told in any difference, wherever it stands.

Here belongs the search for planted values in all that is told of records. What is shown instead of
them is in `test_shape_examples`.
"""

import json
from collections.abc import Iterator

import pytest

from randomuser_assets_tests.query.records import MISSING, Token, written
from randomuser_assets_tests.source.classes import CLASSES, MASKED, PLAIN, SECRET
from randomuser_assets_tests.source.differing import SHAPE

PLANTED = "Xk1-planted"
PLANTED_NUMBER = 3141592653


def told(text: bytes) -> str:
    """Give all that is told of a record."""
    return "\n".join(
        f"{d.kind} {d.path} {d.found} {d.example} {d!r}" for d in SHAPE.differences(text) or ()
    )


@pytest.mark.parametrize("path", ["name.first", "location.city", "login.password", "id.value"])
def test_a_private_value_under_another_name_is_private(path: str) -> None:
    new = f"{path}_new"
    assert PLANTED not in told(written({path: MISSING, new: PLANTED}))
    assert str(PLANTED_NUMBER) not in told(written({path: MISSING, new: PLANTED_NUMBER}))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("nat", "password"),
        ("gender", "Salt"),
        ("nat", "iban"),
        ("id.name", "id.number"),
        ("id.name", "id.Value"),
        ("name.title", "name.middle"),
        ("location.country", "location.password"),
        ("location.timezone.offset", "location.timezone.owner"),
    ],
)
def test_a_value_under_an_undeclared_key_is_private_even_if_a_plain_one_is_gone(
    old: str, new: str
) -> None:
    """That one was renamed is a guess: the value may be a password."""
    assert new in told(written({old: MISSING, new: PLANTED}))
    assert PLANTED not in told(written({old: MISSING, new: PLANTED}))


@pytest.mark.parametrize("path", [*SECRET, *MASKED, *PLAIN, "login.hint", "new", "name.new"])
def test_names_within_a_value_are_part_of_it(path: str) -> None:
    values: list[object] = [{PLANTED: 1}, [{PLANTED: 1}], {"a": {PLANTED: {}}}]
    for value in values:
        text = written({path: value})
        assert path in told(text)
        assert PLANTED not in told(text)


def planted_records() -> Iterator[tuple[str, bytes]]:
    """Plant a value in each leaf and beside it, in any form that makes a difference."""
    nested: list[object] = [
        [PLANTED],
        [[{"a": PLANTED}]],
        {"a": PLANTED},
        {f"{PLANTED} odd": PLANTED},
        {"a": {"b": {PLANTED: [PLANTED]}}},
        PLANTED,
        Token(f'"{PLANTED}\t"'),
        Token(f'["{PLANTED}",NaN]'),
    ]
    for path in CLASSES:
        parent = path.rpartition(".")[0]
        beside = f"{parent}.new" if parent else "new"
        for value in nested:
            yield beside, written({beside: value})
            if path not in PLAIN:
                yield path, written({path: value})
                yield f"{beside} for {path}", written({beside: value, path: MISSING})
            if parent:
                yield parent, written({parent: value})
        if path not in PLAIN:
            yield path, written({path: PLANTED, "new": 1, "nat": 5})
    for whole in nested:
        yield "whole", whole.encode() if isinstance(whole, Token) else json.dumps(whole).encode()


def test_no_planted_value_is_told_in_any_difference() -> None:
    records = list(planted_records())
    assert {place for place, text in records if PLANTED in told(text)} == set()
    differing = [place for place, text in records if SHAPE.differences(text)]
    assert len(differing) > 700
    assert {*SECRET, *MASKED} <= set(differing)


def test_the_search_finds_what_is_shown() -> None:
    assert PLANTED in told(written({"registered.age": PLANTED}))
