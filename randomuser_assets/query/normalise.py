"""From flattened_users to a core table: a DISTINCT projection onto its columns.

So a key that does not determine its row shows up as a repeated key, and the check can fail.
"""

from sqlglot import exp
from sqlglot.expressions import Expr, Select

from randomuser_assets.model import Column, Copied, Extracted, Table


def normalised(flattened: Select, table: Table) -> Select:
    """Give the rows of a core table."""
    query = (
        exp.select(*(value_of(column).as_(column.name, quoted=True) for column in table.columns))
        .distinct()
        .from_(flattened.subquery("flattened"))
    )
    if table.rows_with is None:
        return query
    return query.where(exp.not_(value_of(table[table.rows_with]).is_(exp.null())))


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
