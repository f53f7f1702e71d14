"""From flattened_users to a core table: a DISTINCT projection onto its columns.

So a key that does not determine its row shows up as a repeated key, and the check can fail.
"""

from sqlglot import exp
from sqlglot.expressions import Condition, Expr, Query, Select

from randomuser_assets.model import Column, Copied, Extracted, Model, Table


def normalised(flattened: Select, table: Table, model: Model) -> Query:
    """Give the rows of a core table.

    Of a table with a row a person, nearly all rows are distinct by their key alone. Only those of
    people who come more often are compared as a whole, which of all would fill the memory.
    """
    rows = _projected(flattened, table)
    if value_of(table[table.own_key[0]]).name != model.person.name:
        return rows.distinct()
    several = _comes_again(flattened, table)
    return exp.union(
        rows.where(exp.not_(several)), rows.where(several).distinct(), distinct=False, copy=False
    )


def _projected(flattened: Select, table: Table) -> Select:
    query = exp.select(
        *(value_of(column).as_(column.name, quoted=True) for column in table.columns)
    ).from_(flattened.subquery("flattened"))
    if table.rows_with is None:
        return query
    return query.where(exp.not_(value_of(table[table.rows_with]).is_(exp.null())))


def _comes_again(flattened: Select, table: Table) -> Condition:
    """Say whether other rows have the same key as a row."""
    key = [value_of(table[name]).name for name in table.key]
    several = (
        exp.select(*(exp.column(name, quoted=True) for name in key))
        .from_(flattened.subquery("keys"))
        .group_by(*(exp.column(name, quoted=True) for name in key))
        .having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1)))
    )
    same = exp.and_(
        *(
            exp.column(name, "several", quoted=True).eq(exp.column(name, "flattened", quoted=True))
            for name in key
        )
    )
    return exp.Exists(
        this=exp.select(exp.Literal.number(1)).from_(several.subquery("several")).where(same)
    )


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
