"""From the spool to raw_users."""

from collections.abc import Iterable
from pathlib import Path

from sqlglot import exp

from randomuser_assets.model import Table
from randomuser_assets.query.dialects import spool_lines


def landed(pages: Iterable[Path], raw: Table) -> exp.Select:
    """Give the rows that the pages hold."""
    columns = [exp.column(name, quoted=True) for name in raw.column_names]
    return exp.select(*columns).from_(spool_lines(pages, raw))
