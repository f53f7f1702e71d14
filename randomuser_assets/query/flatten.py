"""From raw_users to flattened_users and rejected_users: every record goes to exactly one.

The JSON is parsed once, behind a materialised CTE: left to itself, the engine pushes the rules
below the parsing and parses a record for each of them.
"""

from sqlglot import exp
from sqlglot.expressions import Expr, Select

from randomuser_assets.model import UNREADABLE, Column, Leaf, Model, Table
from randomuser_assets.query.dialects import json_leaves
from randomuser_assets.query.rules import rules, text_of, typed

_PARSED, _TEXTS, _LEAVES = "parsed", "texts", "leaves"


def flattened(raw: Select, model: Model) -> Select:
    """Give the records without a fault, one column a leaf, typed."""
    query = exp.select(*_place(model), *(typed(c).as_(c.name, quoted=True) for c in model.leaves))
    query = query.from_(_TEXTS).where(*(rule.met for rule in rules(model)))
    return _with_texts(query, raw, model, carry=())


def rejected(raw: Select, flattened_users: Select, model: Model) -> Select:
    """Give raw minus flattened, with every reason; only these records are parsed."""
    left, right = exp.to_table("r"), exp.to_table("f")
    same_place = exp.and_(
        *(
            exp.column(name, left.name, quoted=True).eq(exp.column(name, right.name, quoted=True))
            for name in model.rejected.key
        )
    )
    in_flattened = exp.select(exp.Literal.number(1)).from_(flattened_users.subquery(right.name))
    missing = (
        exp.select("*")
        .from_(raw.subquery(left.name))
        .where(exp.not_(exp.Exists(this=in_flattened.where(same_place))))
    )
    reasons = exp.ArrayCompact(this=exp.array(*(rule.reason for rule in rules(model))))
    found, payload = _own_columns(model.rejected, model)
    query = exp.select(
        *_place(model), reasons.as_(found.name, quoted=True), text_of(payload.name)
    ).from_(_TEXTS)
    return _with_texts(query, missing, model, carry=(payload,))


def _own_columns(table: Table, model: Model) -> tuple[Column, ...]:
    """Give the columns that come after the place of a record."""
    return tuple(c for c in table.columns if c not in model.flattened.columns)


def _place(model: Model) -> list[Expr]:
    """Name the columns that say where a record comes from."""
    return [text_of(c.name) for c in model.flattened.columns if not isinstance(c.origin, Leaf)]


def _with_texts(query: Select, raw: Select, model: Model, carry: tuple[Column, ...]) -> Select:
    """Put the leaves of each record before the query, as texts under their columns' names."""
    payload = model.payload.name
    kept = [*_place(model), *(text_of(column.name) for column in (model.fetched_at, *carry))]
    paths = {
        column.name: column.origin.stored_path
        for column in model.leaves
        if isinstance(column.origin, Leaf)
    } | {UNREADABLE: (UNREADABLE,)}
    parsed = exp.select(*kept, json_leaves(text_of(payload), paths.values()).as_(_LEAVES)).from_(
        raw.subquery("raw")
    )
    texts = exp.select(
        *kept,
        *(
            exp.Dot.build(
                [exp.column(_LEAVES), *(exp.to_identifier(part, quoted=True) for part in path)]
            ).as_(name, quoted=True)
            for name, path in paths.items()
        ),
    ).from_(_PARSED)
    return query.with_(_PARSED, as_=parsed, materialized=True, copy=False).with_(
        _TEXTS, as_=texts, copy=False
    )
