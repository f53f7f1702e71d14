"""The questions that checks ask across tables, day by day."""

from collections.abc import Iterable

from sqlglot import exp
from sqlglot.expressions import Expr, Select

from randomuser_assets.model import PARTITION, Column, Model, Table
from randomuser_assets.query.days import Days, by_day, ref, row_count, rows, total, wrong
from randomuser_assets.query.normalise import value_of

HERE, THERE = "here", "there"
UNBALANCED = ("lost", "in_both", "from_nowhere")
_VALUE = "value"


def values(table: Table, column: Column, days: Days) -> Select:
    """Give the values of a column by day, without nulls."""
    return _values(rows(table, days), ref(column.name), ref(column.name))


def expected(table: Table, model: Model, days: Days) -> Select:
    """Give the keys that a table must have: a core one as flattened_users has them.

    flattened_users itself must have those of the records that were not rejected.
    """
    if table == model.flattened:
        raw, out = (
            rows(each, days).select(*(ref(name) for name in table.key), append=False)
            for each in (model.raw, model.rejected)
        )
        return exp.select("*").from_(exp.except_(raw, out).subquery("readable"))
    has = table[table.rows_with or table.own_key[0]]
    return _values(rows(model.flattened, days), value_of(table[table.own_key[0]]), value_of(has))


def places(table: Table, days: Days) -> Select:
    """Give the key of each row as one value."""
    key = exp.func("HASH", *(ref(name) for name in table.own_key))
    return _values(rows(table, days), key, ref(table.own_key[0]))


def _values(source: Select, value: Expr, there: Expr) -> Select:
    query = source.select(ref(PARTITION), value.as_(_VALUE), append=False, copy=False)
    return query.where(exp.not_(there.is_(exp.null()), copy=False), copy=False)


def fingerprint(of: Select) -> Select:
    """Give the number of values and the sum of their hashes: equal ones need no comparing."""
    hashed = exp.Sum(this=exp.func("HASH", exp.column(_VALUE)))
    return by_day(of, row_count().as_("rows"), hashed.as_("hashes"))


def unmet(here: Select, there: Select) -> Select:
    """Count the values of each side that the other lacks on that day, and their rows."""

    def grouped(of: Select, name: str) -> exp.Subquery:
        query = exp.select(ref(PARTITION), _VALUE, row_count().as_(f"{name}_n"))
        query = query.from_(of.subquery("every", copy=False), copy=False)
        return query.group_by(ref(PARTITION), _VALUE, copy=False).subquery(name, copy=False)

    both = exp.select("*").from_(grouped(here, HERE), copy=False)
    both = both.join(grouped(there, THERE), join_type="full", using=[PARTITION, _VALUE], copy=False)
    figures: list[Expr] = []
    for name, other in ((HERE, THERE), (THERE, HERE)):
        lonely = exp.column(f"{other}_n").is_(exp.null())
        own = exp.case().when(lonely, exp.column(f"{name}_n")).else_(exp.Literal.number(0))
        figures += [
            exp.CountIf(this=lonely).as_(f"{name}_unmet_values"),
            exp.cast(exp.Sum(this=own), "BIGINT").as_(f"{name}_rows_affected"),
        ]
    return by_day(both, *figures)


def unmet_here(here: Select, there: Select) -> Select:
    """Count the values of one side that the other lacks, and their rows; cheaper than of both."""
    same = (exp.column(n, HERE).eq(exp.column(n, THERE)) for n in (PARTITION, _VALUE))
    found = exp.select(exp.Literal.number(1)).from_(there.subquery(THERE, copy=False), copy=False)
    lonely = exp.select("*").from_(here.subquery(HERE, copy=False), copy=False)
    lonely = lonely.where(exp.not_(exp.Exists(this=found.where(*same))), copy=False)
    values_lonely = exp.Count(this=exp.Distinct(expressions=[exp.column(_VALUE)]))
    return by_day(
        lonely,
        values_lonely.as_(f"{HERE}_unmet_values"),
        row_count().as_(f"{HERE}_rows_affected"),
    )


def unbalanced(whole: Table, parts: Iterable[Table], days: Days) -> Select:
    """Count the records that are not in exactly one of the parts, and those from nowhere."""
    key = [ref(name) for name in whole.key]

    def marked(table: Table, place: int) -> Select:
        return rows(table, days).select(
            *(k.copy() for k in key),
            exp.Literal.number(1 - place).as_("came"),
            exp.Literal.number(place).as_("kept"),
            append=False,
        )

    every: Expr = marked(whole, 0)
    for part in parts:
        every = exp.union(every, marked(part, 1), distinct=False)
    records = (
        exp.select(*key, total("came").as_("came"), total("kept").as_("kept"))
        .from_(exp.Subquery(this=every, alias=exp.TableAlias(this=exp.to_identifier("every"))))
        .group_by(*(k.copy() for k in key))
    )
    came, kept = exp.column("came"), exp.column("kept")
    faults = (exp.and_(came > 0, kept.eq(0)), kept > 1, exp.and_(came.eq(0), kept > 0))
    return wrong(records, dict(zip(UNBALANCED, faults, strict=True)))


def asked_and_came(requests: Table, raw: Table, days: Days) -> Select:
    """Compare what was asked with what is there, page by page: pages that differ, and records.

    Who was left out of a page, since they are forgotten, was not asked for.
    """
    keys = [ref(name) for name in requests.key]
    results, left_out = (
        exp.func("COALESCE", ref(column.name), exp.Literal.number(0))
        for column in requests.columns[-2:]
    )
    came = (
        exp.select(*keys, row_count().as_("came"))
        .from_(rows(raw, days).subquery("raw"))
        .group_by(*(key.copy() for key in keys))
    )
    both = (
        exp.select(
            *keys,
            exp.Sub(this=results, expression=left_out).as_("asked"),
            exp.func("COALESCE", exp.column("came"), exp.Literal.number(0)).as_("came"),
        )
        .from_(rows(requests, days).subquery("requests"))
        .join(came.subquery("came"), join_type="full", using=list(requests.key))
    )
    differ = exp.NEQ(this=exp.column("asked"), expression=exp.column("came"))
    return by_day(
        both,
        total("asked").as_("asked"),
        total("came").as_("came"),
        exp.CountIf(this=differ).as_("pages_that_differ"),
    )


def shares(whole: Table, part: Table, days: Days) -> Select:
    """Count the records, and those in the part."""
    return _side_by_side(
        by_day(rows(whole, days), row_count().as_("records")),
        by_day(rows(part, days), row_count().as_(part.name)),
        "records",
        part.name,
    )


def _side_by_side(left: Select, right: Select, *figures: str) -> Select:
    return (
        exp.select(
            ref(PARTITION),
            *(exp.func("COALESCE", exp.column(f), exp.Literal.number(0)).as_(f) for f in figures),
        )
        .from_(left.subquery("a"))
        .join(right.subquery("b"), join_type="full", using=[PARTITION])
    )
