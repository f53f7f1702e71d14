"""What the queries of checks are built of: the rows of some days, and figures by day."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlglot import exp
from sqlglot.expressions import Expr, Select

from randomuser_assets.model import PARTITION, Table
from randomuser_assets.query.names import quoted, text

Days = tuple[str, str] | None
"""The first and the last day that is looked at, or null for all."""

LOOKBACK = 14
"""Days before that a day is compared with: a day costs the same however long the history is."""


def rows(table: Table, days: Days) -> Select:
    """Give the rows of a table on these days, the first and the last one included."""
    query = exp.select("*").from_(exp.table_(table.name, db=table.schema, quoted=True))
    if days is None:
        return query
    # The type as such, not by its name, which would be parsed each time.
    first, last = (exp.cast(exp.Literal.string(day), exp.DType.DATE) for day in days)
    return query.where(exp.Between(this=ref(PARTITION), low=first, high=last), copy=False)


def day_in_order(table: Table, day: str, columns: str) -> str:
    """Give a statement for columns of a day's rows, ordered by key.

    It is written by hand: a backfill writes thousands of files, each with a statement of its own.
    """
    condition = f"{quoted(PARTITION)} = CAST({text(day)} AS DATE)"
    return _in_order(table, columns, condition, table.own_key)


def all_in_order(table: Table, columns: str) -> str:
    """Give a statement for columns of all rows of a table, ordered by key."""
    return _in_order(table, columns, "TRUE", table.key)


def _in_order(table: Table, columns: str, condition: str, key: Sequence[str]) -> str:
    return (
        f"SELECT {columns} FROM {quoted(table.schema)}.{quoted(table.name)} "  # noqa: S608  quoted
        f"WHERE {condition} ORDER BY {', '.join(map(quoted, key)) or 'ALL'}"
    )


def with_days_before(days: Days) -> Days:
    """Give these days and those they are compared with."""
    if days is None:
        return None
    first = max(date.fromisoformat(days[0]).toordinal() - LOOKBACK, 1)
    return (date.min + timedelta(days=first - 1)).isoformat(), days[1]


def wrong(source: Select, conditions: Mapping[str, Expr]) -> Select:
    """Count the rows of each condition; days without any are left out."""
    counts = {name: exp.CountIf(this=condition) for name, condition in conditions.items()}
    query = by_day(source, *(count.as_(name, quoted=True) for name, count in counts.items()))
    some = exp.or_(*(count.copy() > 0 for count in counts.values()), copy=False)
    return query.having(some, copy=False)


def by_day(source: Select, *figures: Expr) -> Select:
    """Give figures of the rows of each day."""
    return (
        exp.select(ref(PARTITION), *figures, copy=False)
        .from_(source.subquery("by_day", copy=False), copy=False)
        .group_by(ref(PARTITION), copy=False)
    )


def row_count() -> Expr:
    """Count rows."""
    return exp.Count(this=exp.Star())


def total(name: str) -> Expr:
    """Add up a column of numbers."""
    return exp.cast(exp.Sum(this=exp.column(name)), "BIGINT")


def ref(name: str, table: str | None = None) -> exp.Column:
    """Refer to a column."""
    return exp.column(name, table, quoted=True)
