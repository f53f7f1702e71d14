"""The words of rules, and which of them can hold and be asked.

Here belongs what a rule says of itself. What becomes of values that break one is tested with the
queries.
"""

import re
from typing import get_args

import pytest

from randomuser_assets.model import ColumnType, types
from randomuser_assets.model.types import DEGREES, INSTANT, INTEGER, TEXT
from randomuser_assets.model.values import (
    Between,
    Matches,
    NotBefore,
    NotInTheFuture,
    OneOf,
    Rule,
    fault,
)

TYPES = [each for each in vars(types).values() if isinstance(each, ColumnType)]
ASKED_OF: list[tuple[Rule, set[ColumnType]]] = [
    (OneOf(("a", "")), {TEXT}),
    (Matches("a", "an a"), {TEXT}),
    (Between(-1, 1), {INTEGER, DEGREES}),
    (NotBefore("dob_date"), {INSTANT}),
    (NotInTheFuture(), {INSTANT}),
]


# Words


@pytest.mark.parametrize(
    ("values", "meaning"),
    [
        (("male",), "male"),
        (("male", "female"), "male or female"),
        (("a", "b", "c", "d", "e"), "a or b or c or d or e"),
        (("a", "b", "c", "d", "e", "f"), "one of the 6 known: a b c d e f"),
    ],
)
def test_a_few_allowed_values_are_named_one_by_one(values: tuple[str, ...], meaning: str) -> None:
    assert OneOf(values).meaning == meaning


def test_bounds_are_both_named() -> None:
    assert Between(-90, 90).meaning == "between -90 and 90"


def test_equal_rules_are_one() -> None:
    assert Matches("a", "an a") == Matches("a", "an a")
    assert len({OneOf(("a",)), OneOf(("a",)), Between(1, 2), Between(1, 2)}) == 2


# Forms


@pytest.mark.parametrize("form", ["ab|cd", "(ab|cd)", "ab|cd|", "ab|(?:cd)"])
def test_a_form_is_matched_from_its_first_character_to_its_last(form: str) -> None:
    pattern = Matches(form, "ab or cd").pattern
    assert pattern.endswith(r"\z")
    whole = re.compile(pattern.replace(r"\z", r"\Z"))
    assert all(whole.search(text) for text in ("ab", "cd"))
    assert not any(whole.search(text) for text in ("abx", "xcd", "abcd", "ab\n", "\ncd", "a", "AB"))


# Rules that hold


def test_each_rule_can_be_asked_of_its_types_and_of_no_other() -> None:
    assert {type(rule) for rule, _ in ASKED_OF} == set(get_args(Rule))
    for rule, asked_of in ASKED_OF:
        assert {type_ for type_ in TYPES if fault(rule, type_) is None} == asked_of


@pytest.mark.parametrize("form", ["", "a", "a$b", r"[^@ \t]+@b\.c", r"\\", "ä|[ö-ü]", r"\(a"])
def test_a_pattern_that_can_be_read_has_no_fault(form: str) -> None:
    assert fault(Matches(form, "a"), TEXT) is None


def test_bounds_may_be_the_same() -> None:
    assert fault(Between(3, 3), INTEGER) is None


# Rules that do not


@pytest.mark.parametrize(
    ("rule", "type_", "told"),
    [
        (OneOf(("1",)), INTEGER, "OneOf is for VARCHAR"),
        (Matches("a", "an a"), INSTANT, "Matches is for VARCHAR"),
        (Between(1, 3), TEXT, "Between is for INTEGER and DECIMAL(7,4)"),
        (NotBefore("page"), INTEGER, "NotBefore is for TIMESTAMP"),
        (NotInTheFuture(), TEXT, "NotInTheFuture is for TIMESTAMP"),
        (OneOf(()), TEXT, "no value is allowed"),
        (Between(3, 1), INTEGER, "nothing lies between 3 and 1"),
        (Between(90, -90), DEGREES, "nothing lies between 90 and -90"),
    ],
)
def test_a_rule_that_cannot_hold_says_why(rule: Rule, type_: ColumnType, told: str) -> None:
    assert fault(rule, type_) == told


@pytest.mark.parametrize("form", ["(a", "a)", "[a", "*", "a{2,1}", "\\", r"a\z", r"\y", "a)|(?:b"])
def test_a_pattern_that_cannot_be_read_says_why(form: str) -> None:
    """The last one can be read within a group only, which it would leave."""
    told = fault(Matches(form, "a"), TEXT)
    assert told
    assert told.startswith("the pattern cannot be read: ")
