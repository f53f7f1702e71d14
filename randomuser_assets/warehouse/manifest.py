"""What a backup says of itself, in a schema of its own within the copy.

It is written into the copy and never into the warehouse, and what is restored is without it.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from randomuser_assets.warehouse.content import MANIFEST_SCHEMA, Content, Contents, contents
from randomuser_assets.warehouse.faults import WarehouseError

_FORMAT = 1
_ABOUT, _TABLES = f"{MANIFEST_SCHEMA}.about", f"{MANIFEST_SCHEMA}.manifest"


@dataclass(frozen=True)
class Manifest:
    """When a backup was taken, under which declarations, and what each table held."""

    taken_at: datetime
    schema_version: str
    tables: Contents
    forgotten: str = ""
    """The list of forgotten people, as it was stored."""

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(content.rows for content in self.tables.values())


def write_manifest(
    connection: duckdb.DuckDBPyConnection, taken_at: datetime, schema_version: str, forgotten: str
) -> Manifest:
    """Read the whole copy, and write into it what it holds."""
    drop_manifest(connection)  # one that was unpacked by hand and put in place has it
    manifest = Manifest(taken_at, schema_version, contents(connection), forgotten)
    connection.begin()
    connection.execute(f"CREATE SCHEMA {MANIFEST_SCHEMA}")
    connection.execute(
        f"CREATE TABLE {_ABOUT} (format INTEGER, taken_at TIMESTAMP, schema_version VARCHAR, "
        "engine_version VARCHAR, forgotten VARCHAR)"
    )
    connection.execute(
        f"INSERT INTO {_ABOUT} VALUES (?, ?, ?, ?, ?)",  # noqa: S608  a constant
        [_FORMAT, taken_at, schema_version, duckdb.__version__, forgotten],
    )
    connection.execute(f"CREATE TABLE {_TABLES} (name VARCHAR, records BIGINT, checksum VARCHAR)")
    for name, content in manifest.tables.items():
        connection.execute(
            f"INSERT INTO {_TABLES} VALUES (?, ?, ?)",  # noqa: S608  a constant
            [name, content.rows, content.checksum],
        )
    connection.commit()
    return manifest


def read_manifest(connection: duckdb.DuckDBPyConnection, file: Path) -> Manifest:
    """Read what a backup says of itself, or say that it is none that can be read."""
    try:
        # The first ones say nothing of who is forgotten.
        ((format_, taken_at, version, forgotten),) = connection.execute(
            "SELECT format, taken_at, schema_version, coalesce(forgotten, '') FROM "  # noqa: S608  constants
            f"(SELECT NULL::VARCHAR AS forgotten WHERE FALSE UNION ALL BY NAME FROM {_ABOUT})"
        ).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException, ValueError):
        raise WarehouseError(
            f"{file} has no {_ABOUT}: `randomuser-assets backup` did not make it."
        ) from None
    if format_ != _FORMAT:
        raise WarehouseError(
            f"{file} is a backup of format {format_}, and this version reads format {_FORMAT}: "
            "restore it with the version that made it."
        )
    tables = connection.execute(f"FROM {_TABLES}").fetchall()
    return Manifest(taken_at, version, {name: Content(*rest) for name, *rest in tables}, forgotten)


def drop_manifest(connection: duckdb.DuckDBPyConnection) -> None:
    """Take out what a backup says of itself, and nothing that somebody else put there."""
    connection.execute(f"DROP TABLE IF EXISTS {_ABOUT}")
    connection.execute(f"DROP TABLE IF EXISTS {_TABLES}")
    try:
        connection.execute(f"DROP SCHEMA IF EXISTS {MANIFEST_SCHEMA}")
    except duckdb.DependencyException:
        raise WarehouseError(
            f"The warehouse has tables in a schema called {MANIFEST_SCHEMA}, which is where a "
            "backup says what it holds: rename that schema."
        ) from None
