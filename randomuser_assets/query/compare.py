"""The questions that checks ask across tables, day by day."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.expressions import Expr, Select

from randomuser_assets.model import PARTITION, Column, Model, Table
from randomuser_assets.query.days import Days, by_day, ref, row_count, rows, total, wrong
from randomuser_assets.query.normalise import value_of


@dataclass(frozen=True)
class End:
    """One end of a reference: a column of a table."""

    table: Table
    column: Column


HERE, THERE = "here", "there"
UNBALANCED = ("lost", "in_both", "from_nowhere")


def fingerprint(table: Table, columns: Iterable[str], days: Days) -> Select:
    """Give the number of rows and the sum of their hashes: equal ones need no comparing."""
    hashed = exp.Sum(this=exp.func("HASH", *(ref(name) for name in columns)))
    return by_day(rows(table, days), row_count().as_("rows"), hashed.as_("hashes"))


def unmet(here: End, there: End, days: Days) -> Select:
    """Count the values of each end that the other lacks on that day, and their rows."""

    def values(end: End, name: str) -> Select:
        query = rows(end.table, days).select(
            ref(PARTITION), ref(end.column.name).as_("value"), append=False
        )
        query = query.where(exp.not_(ref(end.column.name).is_(exp.null())))
        grouped = exp.select(ref(PARTITION), "value", row_count().as_(f"{name}_n"))
        return grouped.from_(query.subquery("every")).group_by(ref(PARTITION), "value")

    both = exp.select("*").from_(values(here, HERE).subquery(HERE))
    both = both.join(
        values(there, THERE).subquery(THERE), join_type="full", using=[PARTITION, "value"]
    )
    figures: list[Expr] = []
    for name, other in ((HERE, THERE), (THERE, HERE)):
        lonely = exp.column(f"{other}_n").is_(exp.null())
        own = exp.case().when(lonely, exp.column(f"{name}_n")).else_(exp.Literal.number(0))
        figures += [
            exp.CountIf(this=lonely).as_(f"{name}_unmet_values"),
            exp.cast(exp.Sum(this=own), "BIGINT").as_(f"{name}_rows_affected"),
        ]
    return by_day(both, *figures)


def lost(table: Table, model: Model, days: Days) -> Select:
    """Compare the keys that flattened_users has with the rows of a core table."""
    (key,) = (value_of(table[name]) for name in table.own_key)
    expected = by_day(
        rows(model.flattened, days).where(exp.not_(_has(table).is_(exp.null()))),
        exp.Count(this=exp.Distinct(expressions=[key])).as_("expected"),
    )
    there = by_day(rows(table, days), row_count().as_("there"))
    return _side_by_side(expected, there, "expected", "there")


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
    """Compare what was asked with what is there, page by page: pages that differ, and records."""
    keys = [ref(name) for name in requests.key]
    came = (
        exp.select(*keys, row_count().as_("came"))
        .from_(rows(raw, days).subquery("raw"))
        .group_by(*(key.copy() for key in keys))
    )
    both = (
        exp.select(
            *keys,
            exp.func("COALESCE", ref(requests.columns[-1].name), exp.Literal.number(0)).as_(
                "asked"
            ),
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


def _has(table: Table) -> Expr:
    return value_of(table[table.rows_with or table.own_key[0]])


def _side_by_side(left: Select, right: Select, *figures: str) -> Select:
    return (
        exp.select(
            ref(PARTITION),
            *(exp.func("COALESCE", exp.column(f), exp.Literal.number(0)).as_(f) for f in figures),
        )
        .from_(left.subquery("a"))
        .join(right.subquery("b"), join_type="full", using=[PARTITION])
    )
