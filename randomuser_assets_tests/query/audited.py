"""Core tables whose columns take anything, so that what should not be there can be put there.

Here belongs what the tests of the checks' questions share.
"""

from datetime import date

from sqlglot.expressions import Select

from randomuser_assets.model import MODEL
from randomuser_assets_tests.query.division import Bench

TABLES = ("users", "locations", "identity_documents", "pictures", "timezones")
FIRST, NEXT, LAST = date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)


def take_anything(bench: Bench) -> None:
    """Make the tables anew, empty and without what they demand of a value."""
    for table in (MODEL[name] for name in TABLES):
        columns = ", ".join(f'"{column.name}" {column.type.sql}' for column in table.columns)
        bench.connection.execute(f"CREATE OR REPLACE TABLE {table.schema}.{table.name} ({columns})")


def put(bench: Bench, table: str, **values: object) -> None:
    """Add a row in which only these columns have a value."""
    names = ", ".join(values)
    sql = f"INSERT INTO core.{table} ({names}) VALUES ({', '.join('?' * len(values))})"
    bench.connection.execute(sql, list(values.values()))


def place(bench: Bench, day: date, city: str | None, offset: str | None = "0:00") -> None:
    """Add a place."""
    put(bench, "locations", snapshot_date=day, city=city, timezone_offset=offset)


def figures(bench: Bench, query: Select) -> dict[date, tuple[object, ...]]:
    """Give the figures of each day."""
    return {day: tuple(found) for day, *found in (row.values() for row in bench.rows(query))}
