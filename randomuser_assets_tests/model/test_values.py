r"""The words of rules, and which patterns the engines can be given.

Here belongs what a rule says of itself. What becomes of values that break one is tested with the
queries.
"""

import pytest

from randomuser_assets.model.values import Between, Matches, OneOf


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


@pytest.mark.parametrize("pattern", [r"^a\z", r"^\z", r"^[^@ \t]+@b\.c\z", r"^(a|b)\z", r"^a$b\z"])
def test_a_full_match_can_be_read(pattern: str) -> None:
    assert Matches(pattern, "a").can_be_read


@pytest.mark.parametrize(
    "pattern", ["", "a", "^a", "^a$", r"a\z", r"^a\Z", r"^(a\z", r"^[a\z", r"^*\z", r"^a\z "]
)
def test_what_is_no_full_match_or_no_pattern_cannot(pattern: str) -> None:
    assert not Matches(pattern, "a").can_be_read


def test_equal_rules_are_one() -> None:
    assert Matches(r"^a\z", "a") == Matches(r"^a\z", "a")
    assert len({OneOf(("a",)), OneOf(("a",)), Between(1, 2), Between(1, 2)}) == 2
