"""All that a run left, read at once, to be compared with what another run left later."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from dagster import ExecuteInProcessResult

from randomuser_assets_tests.graph.expectation import CORE
from randomuser_assets_tests.graph.site import Site

Rows = list[dict[str, Any]]

TABLES = {
    "raw.raw_users": "page, position",
    "staging.flattened_users": "page, position",
    "staging.rejected_users": "page, position",
    **{f"core.{table}": columns.split()[0] for table, columns in CORE.items()},
}
"""Each table with its key within a day."""


@dataclass(frozen=True)
class Stage:
    """What a run gave and left."""

    result: ExecuteInProcessResult
    site: Site
    tables: dict[str, Rows]
    files: dict[str, bytes]

    def rows(self, table: str, day: str) -> Rows:
        """Give a day's rows, ordered by key."""
        wanted = date.fromisoformat(day)
        return [row for row in self.tables[table] if row["snapshot_date"] == wanted]

    def without(self, table: str, day: str, *columns: str) -> Rows:
        """Give a day's rows without some columns."""
        return [
            {name: value for name, value in row.items() if name not in columns}
            for row in self.rows(table, day)
        ]


def stage_after(result: ExecuteInProcessResult, site: Site) -> Stage:
    """Read what a run left."""
    tables = {table: _read(site, table, key) for table, key in TABLES.items()}
    return Stage(result, site, tables, site.csv_contents())


def _read(site: Site, table: str, key: str) -> Rows:
    names = [row[0] for row in site.rows(f"DESCRIBE {table}")]
    ordered = site.rows(f"SELECT * FROM {table} ORDER BY snapshot_date, {key}")
    return [dict(zip(names, row, strict=True)) for row in ordered]
