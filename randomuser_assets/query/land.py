"""From the spool to raw_users, and to what is known of the fetch."""

from collections.abc import Iterable
from pathlib import Path

from sqlglot import exp

from randomuser_assets.model import Table
from randomuser_assets.query.dialects import spool_rows


def landed(pages: Iterable[Path], raw: Table) -> exp.Select:
    """Give the rows that the pages hold."""
    columns = [exp.column(name, quoted=True) for name in raw.column_names]
    return exp.select(*columns).from_(spool_rows(pages))


def drifted(reports: Iterable[Path], drift: Table) -> exp.Select:
    """Give what was odd about the shape of a day's records, added up over its pages."""
    *grouped, records, example = (exp.column(name, quoted=True) for name in drift.column_names)
    return (
        exp.select(
            *grouped,
            exp.cast(exp.Sum(this=records), drift[records.name].type.sql).as_(
                records.name, quoted=True
            ),
            exp.Min(this=example).as_(example.name, quoted=True),
        )
        .from_(spool_rows(reports))
        .group_by(*grouped)
    )
