"""Wrong rules that are found only when a query runs. Each test here failed when it was written."""

from collections.abc import Callable

import pytest

from randomuser_assets.model import DeclarationError
from randomuser_assets.model.types import INSTANT, INTEGER, TEXT
from randomuser_assets.model.values import Between, Matches, NotBefore, NotInTheFuture, OneOf
from randomuser_assets_tests.model.test_declaration import column, with_leaf


@pytest.mark.parametrize(
    "declare",
    [
        lambda: with_leaf(column(type_=TEXT, rules=(NotInTheFuture(),))),
        lambda: with_leaf(column(type_=TEXT, rules=(Between(1, 3),))),
        lambda: with_leaf(column(type_=INSTANT, rules=(Between(1, 3),))),
        lambda: with_leaf(column(type_=INTEGER, rules=(Matches(r"^a\z", "an a"),))),
        lambda: with_leaf(column(type_=INTEGER, rules=(NotBefore("page"),))),
        lambda: with_leaf(column(type_=TEXT, rules=(OneOf(()),))),
        lambda: with_leaf(column(type_=INTEGER, rules=(Between(3, 1),))),
        lambda: column(rules=(Matches(r"^a|b\z", "a or b"),)),
    ],
    ids=[
        "a text in the future",
        "a text between",
        "an instant between",
        "a number with a form",
        "before what is no leaf",
        "one of none",
        "between the wrong way round",
        "a pattern that is full only by halves",
    ],
)
def test_a_rule_that_cannot_hold_fails_when_it_is_declared(declare: Callable[[], object]) -> None:
    with pytest.raises(DeclarationError):
        declare()
