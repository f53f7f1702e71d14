"""A log is added to, never replaced, and is made as declared by its first row."""

from datetime import datetime
from logging import getLogger
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dagster import TableColumn, TableSchema

from randomuser_assets.warehouse.append import append_rows
from randomuser_assets.warehouse.connect import opened
from randomuser_assets.warehouse.faults import WarehouseError
from randomuser_assets.warehouse.table import Slice
from randomuser_assets_tests.warehouse.people import column

LOG = Slice("quality", "log", None)
COLUMNS = (
    column("at", "TIMESTAMP", required=True, description="When it's said."),
    column("said", "VARCHAR", required=True),
    column("of_day", "VARCHAR"),
    column("passed", "BOOLEAN", required=True),
)
NOON = datetime(2026, 1, 1, 12, 0, 0, 1)  # noqa: DTZ001  as DuckDB gives a TIMESTAMP


def append(
    path: Path, *rows: tuple[object, ...], columns: tuple[TableColumn, ...] = COLUMNS
) -> None:
    with opened(str(path), read_only=False, doing="testing", log=getLogger(__name__)) as connection:
        append_rows(connection, LOG, TableSchema(list(columns)), "What was said.", rows)


def stored(path: Path, query: str = "FROM quality.log") -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_the_first_row_makes_the_table_as_declared(path: Path) -> None:
    append(path, (NOON, "a", None, True))
    assert stored(path) == [(NOON, "a", None, True)]
    columns = stored(
        path, "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() "
        "WHERE table_name = 'log' ORDER BY column_index"
    )  # fmt: skip
    assert columns == [
        ("at", "TIMESTAMP", False, "When it's said."),
        ("said", "VARCHAR", False, None),
        ("of_day", "VARCHAR", True, None),
        ("passed", "BOOLEAN", False, None),
    ]
    told = stored(path, "SELECT comment FROM duckdb_tables() WHERE table_name = 'log'")
    assert told == [("What was said.",)]


def test_rows_are_added_to_those_that_are_there(path: Path) -> None:
    for said in "abc":
        append(path, (NOON, said, "2026-01-01", False), (NOON, said * 2, None, True))
    assert [row[1] for row in stored(path)] == ["a", "aa", "b", "bb", "c", "cc"]


def test_no_rows_are_no_reason_to_make_a_table(path: Path) -> None:
    append(path)
    assert stored(path, "FROM duckdb_tables() WHERE NOT internal") == []


def test_a_column_in_which_all_is_null_is_stored_as_declared(path: Path) -> None:
    append(path, (NOON, "a", None, True), (NOON, "b", None, False))
    append(path, (NOON, "c", "2026-01-01", True))
    assert [row[2] for row in stored(path)] == [None, None, "2026-01-01"]


def test_a_newer_declaration_adds_its_column(path: Path) -> None:
    append(path, (NOON, "a", None, True))
    newer = (*COLUMNS, column("weight", "INTEGER"))
    append(path, (NOON, "b", None, True, 7), columns=newer)
    assert [(row[1], row[4]) for row in stored(path)] == [("a", None), ("b", 7)]


def test_rows_are_added_by_name_wherever_their_columns_stand(path: Path) -> None:
    append(path, (NOON, "a", None, True))
    moved = (COLUMNS[3], COLUMNS[1], COLUMNS[0], COLUMNS[2])
    append(path, (False, "b", NOON, "2026-01-01"), columns=moved)
    assert stored(path)[1] == (NOON, "b", "2026-01-01", False)


def test_a_declaration_that_what_is_stored_would_not_survive_is_refused(path: Path) -> None:
    append(path, (NOON, "a", None, True))
    with pytest.raises(WarehouseError, match="declared"):
        append(
            path,
            (NOON, "b", None, True, 7),
            columns=(*COLUMNS, column("w", "INTEGER", required=True)),
        )
    assert len(stored(path)) == 1


def test_rows_of_which_one_is_refused_are_not_added(path: Path) -> None:
    append(path, (NOON, "a", None, True))
    with pytest.raises(duckdb.Error):
        append(path, (NOON, "b", None, True), (NOON, None, None, True))
    assert [row[1] for row in stored(path)] == ["a"]
