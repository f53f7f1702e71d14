"""The questions that checks ask: each query counts what should not be there.

Here belong the queries over rows. What a failed check means to Dagster is said in graph.
"""

from sqlglot import exp
from sqlglot.expressions import Expr, Select

from randomuser_assets.model import PARTITION, Column, Table


def rows(table: Table, days: tuple[str, str] | None) -> Select:
    """Give the rows of a table on these days, the first and the last one included."""
    query = exp.select("*").from_(exp.table_(table.name, db=table.schema, quoted=True))
    if days is None:
        return query
    first, last = (exp.cast(exp.Literal.string(day), "DATE") for day in days)
    return query.where(exp.Between(this=_column(PARTITION), low=first, high=last))


def repeated(source: Select, key: tuple[str, ...]) -> Select:
    """Count the values of a key that more than one row has, and these rows."""
    columns = [_column(name) for name in key]
    several = (
        exp.select(exp.Count(this=exp.Star()).as_("n"))
        .from_(source.subquery("rows"))
        .where(*(exp.not_(column.is_(exp.null())) for column in columns))
        .group_by(*columns)
        .having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1)))
    )
    total = exp.func("COALESCE", exp.Sum(this=exp.column("n")), exp.Literal.number(0))
    return exp.select(
        exp.Count(this=exp.Star()).as_("repeated_values"),
        exp.cast(total, "BIGINT").as_("rows_affected"),
    ).from_(several.subquery("several"))


def missing(source: Select, columns: list[Column]) -> Select:
    """Count the nulls of each column."""
    counts = (
        exp.CountIf(this=_column(column.name).is_(exp.null())).as_(column.name, quoted=True)
        for column in columns
    )
    return exp.select(*counts).from_(source.subquery("rows"))


def unmet(source: Select, column: Column, target: Select, target_key: str) -> Select:
    """Count the values of a reference that the other table lacks on that day, and these rows."""
    pairs = ((PARTITION, PARTITION), (column.name, target_key))
    met = exp.and_(*(_column(other, "target").eq(_column(name, "source")) for name, other in pairs))
    found = exp.select(exp.Literal.number(1)).from_(target.subquery("target")).where(met)
    return (
        exp.select(
            exp.Count(this=exp.Distinct(expressions=[_column(column.name)])).as_("unmet_values"),
            exp.Count(this=exp.Star()).as_("rows_affected"),
        )
        .from_(source.subquery("source"))
        .where(
            exp.not_(_column(column.name, "source").is_(exp.null())),
            exp.not_(exp.Exists(this=found)),
        )
    )


def _column(name: str, table: str | None = None) -> Expr:
    return exp.column(name, table, quoted=True)
