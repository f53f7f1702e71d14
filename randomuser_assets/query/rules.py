"""What makes a value readable, and the words for it when it is not.

Both queries that divide the records, flattened and rejected, are built from the rules here, so
that no record can be in neither.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from sqlglot import exp
from sqlglot.expressions import Condition, Expr

from randomuser_assets.model import UNREADABLE, Column, Extracted, Model
from randomuser_assets.model.values import NotBefore, NotInTheFuture
from randomuser_assets.query.values import obeys

_SHOWN = 40  # characters of a faulty value that a reason may show


@dataclass(frozen=True)
class Rule:
    """A condition that a record must meet, and the reason given when it does not.

    `met` is never null for a record that meets it. Where `asked` does not hold, another rule has
    its own reason, and this one none.
    """

    met: Condition
    broken: Expr
    asked: Condition = field(default_factory=exp.true)

    @property
    def reason(self) -> Expr:
        """Give the reason, or null where there is none."""
        met, asked = (
            exp.func("COALESCE", c.copy(), exp.false(), copy=False) for c in (self.met, self.asked)
        )
        always = self.asked == exp.true()
        quiet = met if always else exp.or_(met, exp.not_(asked, copy=False), copy=False)
        return _case(quiet, exp.null(), self.broken.copy())


def text_of(column: str) -> exp.Column:
    """Refer to a leaf as the text it was read as."""
    return exp.column(column, quoted=True)


def typed_value(column: Column) -> exp.Column:
    """Refer to a leaf's value in the declared type, which is null where it cannot have it."""
    return text_of(column.name if column.type.pattern is None else f"{column.name} as declared")


def typed_values(model: Model) -> Iterator[Expr]:
    """Give the values to which `typed_value` refers, but for those that are the text itself."""
    for column in model.leaves:
        if column.type.pattern is not None:
            declared = exp.DataType.build(column.type.sql, dialect="duckdb")
            value = exp.TryCast(this=text_of(column.name), to=declared, safe=True)
            yield value.as_(typed_value(column).name, quoted=True, copy=False)


@cache
def rules(model: Model) -> tuple[Rule, ...]:
    """Give every rule of a record, in the order of the columns."""
    return tuple(_rules(model))


def _rules(model: Model) -> Iterator[Rule]:
    yield Rule(
        met=text_of(UNREADABLE).is_(exp.null()),
        broken=_said("the record could not be read as JSON: ", _start_of(text_of(UNREADABLE), 100)),
    )
    for column in model.leaves:
        yield _readable(column)
        yield from _values(column, model)
    for column in model.derived_keys:
        assert isinstance(column.origin, Extracted)  # noqa: S101  what derived_keys gives
        source = model.flattened[column.origin.column]
        yield Rule(
            met=_matches(text_of(source.name), column.origin.pattern),
            asked=_readable(source).met,
            broken=_said(
                f"{column.name}: cannot be derived from {source.name}, ",
                _shown(source),
                f" does not end like {column.origin.example}",
            ),
        )


def _readable(column: Column) -> Rule:
    text = text_of(column.name)
    well_formed = _well_formed(column)
    missing = text.is_(exp.null())
    wrong = _said(f"{column.name}: ", _shown(column), f" is not {column.type.meaning}")
    if not column.required:
        return Rule(met=exp.or_(missing, well_formed), broken=wrong)
    return Rule(
        met=exp.and_(exp.not_(missing), well_formed),
        broken=_case(missing, exp.Literal.string(f"{column.name}: is missing or null"), wrong),
    )


def _values(column: Column, model: Model) -> Iterator[Rule]:
    """Give the rules that the column declares; each is asked where the value can be read."""
    fetched_on = exp.cast(text_of(model.fetched_at.name), "DATE")
    for rule in column.rules:
        shown, compared = _shown(column), [column]
        match rule:
            case NotBefore(leaf):
                other = model.flattened[leaf]
                compared.append(other)
                met = obeys(rule, typed_value(column), other=typed_value(other))
                broken = _said(f"{column.name}: ", shown, f" is before {leaf} ", _shown(other))
            case NotInTheFuture():
                met = obeys(rule, typed_value(column), day=fetched_on)
                broken = _said(f"{column.name}: ", shown, " is after the day of the fetch")
            case _:
                met = obeys(rule, typed_value(column))
                broken = _said(f"{column.name}: ", shown, f" is not {rule.meaning}")
        # What may be missing obeys every rule by not being there.
        absent = [text_of(c.name).is_(exp.null()) for c in compared if not c.required]
        asked = exp.and_(*(_readable(c).met for c in compared))
        yield Rule(exp.or_(*absent, met), broken, asked)


def _well_formed(column: Column) -> Condition:
    text = text_of(column.name)
    if column.type.pattern is None:
        return exp.not_(_holds_more(text))
    # The pattern keeps out what a cast would bend; the cast what only looks right: 30 February.
    return exp.and_(
        _matches(text, column.type.pattern), exp.not_(typed_value(column).is_(exp.null()))
    )


def _holds_more(text: Expr) -> Condition:
    """Say whether a leaf is an object or array, which arrives as its JSON text."""
    return exp.or_(
        *(exp.StartsWith(this=text.copy(), expression=exp.Literal.string(c)) for c in "{["),
        copy=False,
    )


def _matches(text: Expr, pattern: str) -> Condition:
    return exp.RegexpLike(this=text, expression=exp.Literal.string(pattern))


def _shown(column: Column) -> Expr:
    if not column.privacy.public:
        return exp.Literal.string("a private value")
    text = text_of(column.name)
    # What an object holds has no class of its own: it may be a name, or worse.
    shown = _said("'", _start_of(text, _SHOWN), "'")
    return _case(_holds_more(text), exp.Literal.string("an object or list"), shown)


def _case(condition: Condition, then: Expr, otherwise: Expr) -> exp.Case:
    """Choose between two values; none of what is given is copied, as SQLGlot's builder would."""
    return exp.Case(ifs=[exp.If(this=condition, true=then)], default=otherwise)


def _start_of(text: Expr, characters: int) -> Expr:
    return exp.func("LEFT", text, exp.Literal.number(characters))


def _said(*parts: str | Expr) -> Expr:
    return exp.Concat(
        expressions=[exp.Literal.string(p) if isinstance(p, str) else p for p in parts],
        safe=True,
        coalesce=False,
    )
