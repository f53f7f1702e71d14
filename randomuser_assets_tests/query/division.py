"""Raw records in a real engine, divided by the two queries.

Every division that a test makes is checked for the one promise: each record is in exactly one
half, and each of the rejected has a reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb
from sqlglot import exp
from sqlglot.expressions import Query, Select

from randomuser_assets.model import MODEL, Table
from randomuser_assets.query.dialects import WarehouseDuckDB
from randomuser_assets.query.flatten import flattened, rejected

DAY = "2026-01-01"
Row = dict[str, Any]


@dataclass
class Divided:
    """What became of the records, by their positions from 1."""

    flattened: dict[int, Row]
    reasons: dict[int, list[str]]
    rejected: dict[int, Row]


class Bench:
    """An engine with raw_users in it."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'")  # as the warehouse is opened
        for table in MODEL:
            columns = ", ".join(
                f'"{c.name}" {c.type.sql}{" NOT NULL" if c.required else ""}' for c in table.columns
            )
            self.connection.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
            self.connection.execute(f"CREATE TABLE {table.schema}.{table.name} ({columns})")

    def put(
        self, payloads: Iterable[bytes | str], day: str = DAY, fetched_at: str | None = None
    ) -> None:
        """Add records to a day, which had none; they came at its noon, unless told otherwise."""
        moment = fetched_at or f"{day} 12:00:00"
        rows = [
            [day, f"seed of {day}", 1, position, moment, text(payload)]
            for position, payload in enumerate(payloads, 1)
        ]
        if rows:
            self.connection.executemany("INSERT INTO raw.raw_users VALUES (?, ?, ?, ?, ?, ?)", rows)

    def fill(self, table: Table, query: Query | str) -> None:
        """Replace a table by the rows of a query, matched by name."""
        self.connection.execute(f"DELETE FROM {table.schema}.{table.name}")
        self.connection.execute(f"INSERT INTO {table.schema}.{table.name} BY NAME {sql(query)}")

    def rows(self, query: Query | str) -> list[Row]:
        """Give the rows of a query by the names of its columns."""
        found = self.connection.execute(sql(query))
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def columns(self, query: Query) -> dict[str, str]:
        """Give the names and types of a query's columns, in their order."""
        described = self.rows(f"DESCRIBE {sql(query)}")
        return {row["column_name"]: row["column_type"] for row in described}

    def divide(self) -> None:
        """Fill both halves from all that is in raw_users, and see that nothing is lost."""
        into_flattened, into_rejected = dividing()
        self.fill(MODEL.flattened, into_flattened)
        self.fill(MODEL.rejected, into_rejected)
        places = "SELECT snapshot_date, page, position FROM {}"
        halves = ("staging.flattened_users", "staging.rejected_users")
        both = " UNION ALL ".join(places.format(half) for half in halves)
        raw, divided = (
            self.connection.execute(f"{query} ORDER BY ALL").fetchall()
            for query in (places.format("raw.raw_users"), f"FROM ({both})")
        )
        assert raw == divided
        assert all(row["reasons"] for row in self.rows("FROM staging.rejected_users"))

    def divided(self, payloads: Iterable[bytes | str], *, fetched_at: str | None = None) -> Divided:
        """Divide these records, and say which went where."""
        self.connection.execute("DELETE FROM raw.raw_users")
        self.put(payloads, fetched_at=fetched_at)
        self.divide()
        kept, lost = (
            {row["position"]: row for row in self.rows(f"FROM staging.{half} ORDER BY position")}
            for half in ("flattened_users", "rejected_users")
        )
        return Divided(kept, {at: row["reasons"] for at, row in lost.items()}, lost)


def sql(query: Query | str) -> str:
    return query if isinstance(query, str) else query.sql(dialect=WarehouseDuckDB)


@cache
def dividing() -> tuple[str, str]:
    """Give the two queries that divide raw_users, written once: that takes longer than to run."""
    return sql(flattened(RAW, MODEL)), sql(rejected(RAW, FLATTENED, MODEL))


def text(payload: bytes | str) -> str:
    return payload if isinstance(payload, str) else payload.decode()


def all_of(table: Table) -> Select:
    return exp.select("*").from_(exp.table_(table.name, db=table.schema))


RAW, FLATTENED = all_of(MODEL.raw), all_of(MODEL.flattened)
