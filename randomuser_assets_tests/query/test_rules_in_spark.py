"""The rules are written for Spark too: nothing in them is without a translation.

Here belongs the text of the queries. No Spark is needed for it, and none is asked.
"""

from typing import get_args

import pytest
from sqlglot import ErrorLevel, exp, parse_one
from sqlglot.errors import UnsupportedError
from sqlglot.expressions import Expr

from randomuser_assets.model import MODEL, UNREADABLE, values
from randomuser_assets.query.rules import rules, typed_values
from randomuser_assets.query.values import obeys

RULES = list(rules(MODEL))
PARTS = [
    pytest.param(part, id=f"{number} {name}")
    for number, rule in enumerate(RULES)
    for name, part in (("met", rule.met), ("asked", rule.asked), ("reason", rule.reason))
]
CASTS = list(typed_values(MODEL))
ONE_OF_EACH: dict[type[values.Rule], values.Rule] = {
    values.OneOf: values.OneOf(("it's", "\\", '"')),
    values.Between: values.Between(-90, 90),
    values.Matches: values.Matches(r"[^ \t]+\.[0-9]", "odd"),
    values.NotBefore: values.NotBefore("dob_date"),
    values.NotInTheFuture: values.NotInTheFuture(),
}


def spark(part: Expr) -> str:
    return part.sql(dialect="spark", unsupported_level=ErrorLevel.RAISE)


def texts(part: Expr) -> list[str]:
    return [literal.this for literal in part.find_all(exp.Literal) if literal.is_string]


@pytest.mark.parametrize("part", PARTS)
def test_a_rule_is_the_same_when_spark_reads_it(part: Expr) -> None:
    """A backslash of a pattern that is lost, or a quote, would make it another rule."""
    read = parse_one(spark(part), read="spark")
    assert sorted(texts(read)) == sorted(texts(part))
    assert spark(read) == spark(part)
    assert {c.name for c in read.find_all(exp.Column)} == {
        c.name for c in part.find_all(exp.Column)
    }


def test_there_are_rules_and_they_have_patterns() -> None:
    patterns = [text for rule in RULES for text in texts(rule.met) if text.endswith(r"\z")]
    assert len(RULES) > len(MODEL.leaves)
    assert len(patterns) > 10


def test_a_cast_that_may_fail_may_fail_there_too() -> None:
    """Written as CAST it would end the whole query, since ANSI mode is the default."""
    parts = [part for rule in RULES for part in (rule.met, rule.asked)]
    written = "\n".join(spark(part) for part in (*CASTS, *parts))
    assert len(CASTS) == sum(leaf.type.pattern is not None for leaf in MODEL.leaves) > 5
    assert written.count("TRY_CAST(") == sum(len(list(c.find_all(exp.TryCast))) for c in CASTS)


def test_a_rule_refers_to_no_value_that_is_not_given() -> None:
    given = {cast.alias for cast in CASTS} | {leaf.name for leaf in MODEL.leaves}
    given |= {MODEL.fetched_at.name, UNREADABLE}
    parts = [part for rule in RULES for part in (rule.met, rule.asked, rule.reason)]
    assert {c.name for part in parts for c in part.find_all(exp.Column)} <= given


def test_every_kind_of_rule_can_be_written() -> None:
    assert set(ONE_OF_EACH) == set(get_args(values.Rule))
    value, other, day = (exp.column(name) for name in ("value", "other", "day"))
    for rule in ONE_OF_EACH.values():
        condition = obeys(rule, value, other=other, day=day)
        assert sorted(texts(parse_one(spark(condition), read="spark"))) == sorted(texts(condition))


def test_what_spark_has_not_would_be_noticed() -> None:
    lacking = parse_one("JSON_EXTRACT(a, '$.*') = 'b'", read="duckdb")
    with pytest.raises(UnsupportedError):
        spark(lacking)
