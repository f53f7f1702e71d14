"""A table of everything a column can be, and a warehouse with it, to write files from."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from randomuser_assets.export.csv import write_csv
from randomuser_assets.model import Column, Privacy, Table
from randomuser_assets.model.types import DATE, DEGREES, INSTANT, INTEGER, TEXT, UUID, ColumnType
from randomuser_assets_tests.export.rfc4180 import Field, parse

DAY = "2026-03-10"


def _column(name: str, type_: ColumnType, *, references: str | None = None) -> Column:
    return Column(
        name=name,
        type=type_,
        description="Something.",
        privacy=Privacy.PLAIN,
        references=references,
        required=name in {"snapshot_date", "code"},
    )


THINGS = Table(
    name="things",
    schema="core",
    description="Things.",
    columns=(
        _column("snapshot_date", DATE),
        _column("code", TEXT),
        _column("note", TEXT),
        _column("kind", TEXT, references="kinds"),
        _column("number", INTEGER),
        _column("degrees", DEGREES),
        _column("moment", INSTANT),
        _column("id", UUID),
    ),
    key=("snapshot_date", "code"),
)


@dataclass(frozen=True)
class Store:
    """A warehouse with one table, and a folder for its files."""

    connection: duckdb.DuckDBPyConnection
    folder: Path

    def put(self, *things: dict[str, Any], day: str = DAY) -> None:
        """Add rows; what is not said of one is null."""
        for at, thing in enumerate(things):
            row = {"snapshot_date": date.fromisoformat(day), "code": f"k{at:03}", **thing}
            values = [row.get(name) for name in THINGS.column_names]
            marks = ", ".join("?" * len(values))
            self.connection.execute(f"INSERT INTO core.things VALUES ({marks})", values)

    def hold_notes(self, notes: list[str | None]) -> None:
        """Hold these texts and nothing else."""
        self.connection.execute("DELETE FROM core.things")
        self.connection.execute(
            "INSERT INTO core.things (snapshot_date, code, note) SELECT CAST(? AS DATE), "
            "printf('k%06d', generate_subscripts(notes, 1)), unnest(notes) "
            "FROM (SELECT CAST(? AS VARCHAR[]) AS notes)",
            [DAY, notes],
        )

    def content(self) -> bytes:
        """Write the file and read it."""
        return write_csv(self.connection, THINGS, DAY, self.folder).path.read_bytes()

    def written(self, name: str) -> list[Field]:
        """Write the file and give a column of it."""
        header, *records = parse(self.content())
        return [record[header.index(name)] for record in records]


@contextmanager
def opened_store(database: Path, folder: Path) -> Iterator[Store]:
    """Make a warehouse with the table in it."""
    columns = ", ".join(f"{each.name} {each.type.sql}" for each in THINGS.columns)
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"CREATE SCHEMA core; CREATE TABLE core.things ({columns})")
        yield Store(connection, folder)
