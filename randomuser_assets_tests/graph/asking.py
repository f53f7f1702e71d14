"""Asking checks of a warehouse without a run, which takes a hundredth of the time.

The tables are those that are declared, but that any value may be null: a test says of a row only
what it is about.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from randomuser_assets.graph.check import Check, Verdict
from randomuser_assets.graph.check_ops import _stored, by_op
from randomuser_assets.model import MODEL, Table
from randomuser_assets.model.quality import QUALITY
from randomuser_assets.query.days import Days
from randomuser_assets.settings import Settings
from randomuser_assets_tests.graph.site import Site
from randomuser_assets_tests.graph.spoiling import place
from randomuser_assets_tests.graph.tamperings import CheckName

TABLES: dict[str, Table] = {table.name: table for table in (*MODEL, *QUALITY)}
START = date(2026, 3, 1)


@dataclass(frozen=True)
class Desk:
    """A warehouse that is asked."""

    connection: duckdb.DuckDBPyConnection

    def put(self, table: str, *rows: dict[str, Any], **common: Any) -> None:
        """Add rows; `common` is what is the same in each of them."""
        for row in rows or ({},):
            values = {**common, **row}
            names, marks = ", ".join(values), ", ".join("?" * len(values))
            statement = f"INSERT INTO {place(TABLES[table])} ({names}) VALUES ({marks})"
            self.connection.execute(statement, list(values.values()))

    def change(self, statement: str) -> None:
        """Change what is stored."""
        self.connection.execute(statement)

    def ask(self, table: str, name: str, days: Days = None, **settings: Any) -> Verdict:
        """Ask one check of these days, or of everything."""
        ops = by_op(Settings(source="sample", **settings), MODEL)
        (check,) = (
            check
            for checks in ops.values()
            for check in checks
            if (check.table.name, check.name) == (table, name)
        )
        return check.ask(_stored(self.connection, days, [check], MODEL))


def asked_of(site: Site, *, across_tables: bool = True) -> dict[CheckName, Verdict]:
    """Ask what a site has stored, as the check ops do when they are run by themselves."""
    found: dict[CheckName, Verdict] = {}
    with duckdb.connect(str(site.settings.warehouse_path), read_only=True) as connection:
        for checks in by_op(site.settings, site.model).values():
            asked = [check for check in checks if across_tables or not _is_across_tables(check)]
            there = _stored(connection, None, asked, site.model)
            found |= {(check.table.name, check.name): check.ask(there) for check in asked}
    return found


def _is_across_tables(check: Check) -> bool:
    return any(reads.table not in (check.table, *QUALITY) for reads in check.reads)


def not_passed(verdicts: dict[CheckName, Verdict]) -> set[CheckName]:
    return {name for name, verdict in verdicts.items() if not verdict.passed}


def day(number: int) -> str:
    """Name one of the days, from 1."""
    return date.fromordinal(START.toordinal() + number - 1).isoformat()


def days(first: int, last: int | None = None) -> Days:
    return day(first), day(last or first)


def bad_days(verdict: Verdict) -> dict[str | None, str]:
    """Give the days that are bad, and how bad they are."""
    return {bad: severity.value for bad, severity in verdict.bad.items()}


@contextmanager
def opened_desk(path: Path) -> Iterator[Desk]:
    """Make a warehouse with all tables, and nothing in them."""
    with duckdb.connect(str(path)) as connection:
        for table in TABLES.values():
            columns = ", ".join(f"{column.name} {column.type.sql}" for column in table.columns)
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
            connection.execute(f"CREATE TABLE {place(table)} ({columns})")
        yield Desk(connection)
