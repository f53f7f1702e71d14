"""The questions that checks ask of one table: each query counts what should not be there.

The first column of each is the day, the others are figures. What a failed check means to Dagster is
said in graph, and what crosses tables is asked in compare.py.
"""

from collections.abc import Iterable

from sqlglot import exp
from sqlglot.expressions import Condition, Expr, Select

from randomuser_assets.model import PARTITION, Column, Table
from randomuser_assets.model.values import NotBefore, NotInTheFuture, Rule
from randomuser_assets.query.days import Days, by_day, ref, row_count, rows, total, wrong
from randomuser_assets.query.values import obeys


def counted(source: Select) -> Select:
    """Count the rows."""
    return by_day(source, row_count().as_("records"))


def repeated(source: Select, key: tuple[str, ...]) -> Select:
    """Count the values of a key that more than one row has, and these rows."""
    columns = [ref(name) for name in key]
    several = (
        exp.select(ref(PARTITION), row_count().as_("n"))
        .from_(source.subquery("rows"), copy=False)
        .where(*(exp.not_(column.is_(exp.null())) for column in columns), copy=False)
        .group_by(*columns, copy=False)
        .having(exp.GT(this=row_count(), expression=exp.Literal.number(1)), copy=False)
    )
    return by_day(several, row_count().as_("repeated_values"), total("n").as_("rows_affected"))


def missing(source: Select, columns: Iterable[Column]) -> Select:
    """Count the nulls of each column."""
    return wrong(source, {c.name: ref(c.name).is_(exp.null()) for c in columns})


def unaccepted(source: Select, table: Table) -> Select:
    """Count the values of each column that break a rule of it."""
    broken = {
        column.name: exp.not_(exp.and_(*found))
        for column in table.columns
        if (found := [met for rule in column.rules if (met := _obeys(rule, column, table))])
    }
    return wrong(source, broken)


def _obeys(rule: Rule, column: Column, table: Table) -> Condition | None:
    value = ref(column.name)
    match rule:
        case NotBefore(leaf):
            other = table.column_from(leaf)
            return obeys(rule, value, other=ref(other.name)) if other else None
        case NotInTheFuture():
            return obeys(rule, value, day=exp.CurrentDate())
        case _:
            return obeys(rule, value)


def without_elements(source: Select, column: Column) -> Select:
    """Count the rows whose list is empty."""
    size = exp.func("COALESCE", exp.ArraySize(this=ref(column.name)), exp.Literal.number(0))
    return wrong(source, {"rows_affected": size.eq(exp.Literal.number(0))})


def changed(source: Select, table: Table, days: Days) -> Select:
    """Count the keys of which a lasting value is not what it was on the last day that had them.

    `source` holds the days before, too. Only what changed for a key that was there is told.
    """
    key = [ref(name) for name in table.own_key]
    asked = rows(table, days).select(*key, append=False).distinct()
    known = source.subquery("known")
    if days is not None:
        same = exp.and_(*(ref(k.name, "asked").eq(ref(k.name, "known")) for k in key))
        found = exp.select(exp.Literal.number(1)).from_(asked.subquery("asked")).where(same)
        only = exp.select("*").from_(known).where(exp.Exists(this=found))
    else:
        only = source
    lasting = [column.name for column in table.lasting]
    # One row a key and day: a key that comes twice on a day has a check of its own.
    daily = exp.select(*key, ref(PARTITION)).from_(only.subquery("only"))
    daily = daily.group_by(*(k.copy() for k in key), ref(PARTITION))
    for name in lasting:
        daily = daily.select(
            exp.Min(this=ref(name)).as_(f"{name}_low", quoted=True, copy=False),
            exp.Max(this=ref(name)).as_(f"{name}_high", quoted=True, copy=False),
            copy=False,
        )

    def before(name: str) -> Expr:
        return exp.Window(
            this=exp.Lag(this=ref(name)),
            partition_by=[k.copy() for k in key],
            order=exp.Order(expressions=[exp.Ordered(this=ref(PARTITION))]),
        )

    differs = {
        name: exp.or_(
            exp.GT(this=ref(f"{name}_low"), expression=before(f"{name}_high")),
            exp.LT(this=ref(f"{name}_high"), expression=before(f"{name}_low")),
            exp.NEQ(
                this=exp.paren(ref(f"{name}_low").is_(exp.null())),
                expression=exp.paren(before(f"{name}_low").is_(exp.null())),
            ),
            copy=False,
        )
        for name in lasting
    }
    compared = exp.select(
        ref(PARTITION),
        before(PARTITION).as_("day_before"),
        *(differ.as_(name, quoted=True, copy=False) for name, differ in differs.items()),
        copy=False,
    ).from_(daily.subquery("daily", copy=False), copy=False)
    later = exp.not_(exp.column("day_before").is_(exp.null()))
    differ = exp.select("*").from_(compared.subquery("compared", copy=False), copy=False)
    differ = differ.where(later, copy=False)
    if days is not None:
        first = exp.cast(exp.Literal.string(days[0]), "DATE")
        differ = differ.where(exp.GTE(this=ref(PARTITION), expression=first), copy=False)
    return wrong(differ, {name: ref(name) for name in lasting})


def present(source: Select) -> Select:
    """Name the days that have rows."""
    days = exp.select(ref(PARTITION)).distinct(copy=False)
    return days.from_(source.subquery("rows", copy=False), copy=False)
