"""The SQL of the rules that a value must obey, over whatever expression gives the value."""

import re

from sqlglot import exp
from sqlglot.expressions import Condition, Expr

from randomuser_assets.model.values import (
    Between,
    Matches,
    NotBefore,
    NotInTheFuture,
    OneOf,
    Rule,
)

_FEW = 4
"""Texts that are compared one by one: with more behind IN the engine joins, and copies each row."""


def obeys(
    rule: Rule, value: Expr, *, other: Expr | None = None, day: Expr | None = None
) -> Condition:
    """Give the condition; `other` is what a comparison compares with, `day` what is no future."""
    match rule:
        case OneOf(values) if len(values) > _FEW:
            known = Matches("|".join(map(re.escape, values)), rule.meaning)
            return exp.RegexpLike(this=value, expression=exp.Literal.string(known.pattern))
        case OneOf(values):
            return exp.In(this=value, expressions=[exp.Literal.string(each) for each in values])
        case Between(low, high):
            bounds = (exp.convert(low), exp.convert(high))
            return exp.Between(this=value, low=bounds[0], high=bounds[1])
        case Matches():
            return exp.RegexpLike(this=value, expression=exp.Literal.string(rule.pattern))
        case NotBefore():
            return exp.GTE(this=value, expression=other)
        case NotInTheFuture():
            return exp.LTE(this=exp.cast(value, "DATE"), expression=day)
