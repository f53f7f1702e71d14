"""From raw_users to flattened_users and rejected_users: every record goes to exactly one.

The JSON is parsed once. The engine would push what is asked of a value below the parsing, and parse
the record for it again: so all rules are one condition, which it leaves where it is, and whoever
wants some of the rows only asks the table.
"""

from collections.abc import Sequence

from sqlglot import exp
from sqlglot.expressions import Expr, Select

from randomuser_assets.model import UNREADABLE, Column, Leaf, Model, Table
from randomuser_assets.query.dialects import json_leaves
from randomuser_assets.query.rules import rules, text_of, typed_value, typed_values

_RAW, _PARSED, _TEXTS, _TYPED, _LEAVES = "raw", "parsed", "texts", "typed", "leaves"


def flattened(raw: Select, model: Model) -> Select:
    """Give the records without a fault, one column a leaf, typed."""
    query = exp.select(
        *_place(model), *(typed_value(c).as_(c.name, quoted=True, copy=False) for c in model.leaves)
    )
    # COALESCE keeps it one condition: an AND would be taken apart, asked again below the parsing,
    # and every column copied for each part, to be spared the few rows that are out by then.
    keeps_all_rules = exp.and_(*(rule.met for rule in rules(model)))
    query = query.from_(_TYPED).where(
        exp.func("COALESCE", keeps_all_rules, exp.false(), copy=False), copy=False
    )
    return _with_values(query, raw, model, carry=())


def rejected(raw: Select, flattened_users: Select, model: Model) -> Select:
    """Give raw minus flattened, with every reason; only these records are parsed.

    Which they are is told by their places alone: where none is missing, no payload is read.
    """
    key = model.rejected.key
    places = exp.select(*(exp.column(name, _RAW, quoted=True) for name in key))
    missing = places.from_(raw.subquery(_RAW)).where(
        exp.not_(_has_same_place(flattened_users, "flattened", key))
    )
    records = exp.select("*").from_(raw.subquery(_RAW))
    records = records.where(_has_same_place(missing, "missing", key))
    reasons = exp.ArrayCompact(this=exp.array(*(r.reason for r in rules(model)), copy=False))
    found, payload = _own_columns(model.rejected, model)
    query = exp.select(
        *_place(model), reasons.as_(found.name, quoted=True, copy=False), text_of(payload.name)
    ).from_(_TYPED)
    return _with_values(query, records, model, carry=(payload,))


def _has_same_place(query: Select, name: str, key: Sequence[str]) -> exp.Exists:
    """Say whether a query, known by this name, has a row in the place of one of raw."""
    same = (
        exp.column(part, _RAW, quoted=True).eq(exp.column(part, name, quoted=True)) for part in key
    )
    rows = exp.select(exp.Literal.number(1)).from_(query.subquery(name))
    return exp.Exists(this=rows.where(exp.and_(*same)))


def _own_columns(table: Table, model: Model) -> tuple[Column, ...]:
    """Give the columns that come after the place of a record."""
    return tuple(c for c in table.columns if c not in model.flattened.columns)


def _place(model: Model) -> list[Expr]:
    """Name the columns that say where a record comes from."""
    return [text_of(c.name) for c in model.flattened.columns if not isinstance(c.origin, Leaf)]


def _with_values(query: Select, raw: Select, model: Model, carry: tuple[Column, ...]) -> Select:
    """Put the leaves of each record before the query: their texts and, typed, their values."""
    payload = model.payload.name
    kept = [*_place(model), *(text_of(column.name) for column in (model.fetched_at, *carry))]
    paths = {
        column.name: column.origin.stored_path
        for column in model.leaves
        if isinstance(column.origin, Leaf)
    } | {UNREADABLE: (UNREADABLE,)}
    parsed = exp.select(*kept, json_leaves(text_of(payload), paths.values()).as_(_LEAVES)).from_(
        raw.subquery(_RAW)
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
    typed = exp.select("*", *typed_values(model), copy=False).from_(_TEXTS, copy=False)
    query = query.with_(_PARSED, as_=parsed, copy=False)
    query = query.with_(_TEXTS, as_=texts, copy=False)
    return query.with_(_TYPED, as_=typed, copy=False)
