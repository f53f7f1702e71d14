"""From flattened_users to a core table: a DISTINCT projection onto its columns.

So a key that does not determine its row shows up as a repeated key, and the check can fail.
"""

from sqlglot import exp
from sqlglot.expressions import Condition, Expr, Query, Select

from randomuser_assets.model import Column, Copied, Extracted, Model, Table

_FLATTENED, _SEVERAL = "flattened", "several"


def normalised(flattened: Select, table: Table, model: Model) -> Query:
    """Give the rows of a core table.

    Of a table with a row a person, nearly all rows are distinct by their key alone. Only those of
    people who come more often are compared as a whole, which of all would fill the memory.
    """
    rows = _projected(flattened, table)
    if value_of(table[table.own_key[0]]).name != model.person.name:
        return rows.distinct()
    key = [value_of(table[name]).name for name in table.key]
    again = _is_among_several(key)
    query = exp.union(
        rows.where(exp.not_(again)), rows.where(again).distinct(), distinct=False, copy=False
    )
    return query.with_(_SEVERAL, as_=_several(flattened, key), materialized=True, copy=False)


def _projected(flattened: Select, table: Table) -> Select:
    query = exp.select(
        *(value_of(column).as_(column.name, quoted=True) for column in table.columns)
    ).from_(flattened.subquery(_FLATTENED))
    if table.rows_with is None:
        return query
    return query.where(exp.not_(value_of(table[table.rows_with]).is_(exp.null())))


def _several(flattened: Select, key: list[str]) -> Select:
    """Give the keys that more than one row has."""
    return (
        exp.select(*(exp.column(name, quoted=True) for name in key))
        .from_(flattened.subquery("keys"))
        .group_by(*(exp.column(name, quoted=True) for name in key))
        .having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1)))
    )


def _is_among_several(key: list[str]) -> Condition:
    same = (
        exp.column(name, _SEVERAL, quoted=True).eq(exp.column(name, _FLATTENED, quoted=True))
        for name in key
    )
    return exp.Exists(this=exp.select(exp.Literal.number(1)).from_(_SEVERAL).where(exp.and_(*same)))


def value_of(column: Column) -> Expr:
    """Give a core column's value, as an expression over flattened_users."""
    match column.origin:
        case Copied(source):
            return exp.column(source, quoted=True)
        case Extracted(source, pattern):
            found = exp.RegexpExtract(
                this=exp.column(source, quoted=True),
                expression=exp.Literal.string(pattern),
                group=exp.Literal.number(1),
            )
            return exp.func("NULLIF", found, exp.Literal.string(""))
        case _:
            return exp.column(column.name, quoted=True)
