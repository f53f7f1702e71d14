"""Writing the files of some days again, once a person is no longer in the warehouse."""

import mmap
from contextlib import closing
from datetime import date
from logging import Logger
from pathlib import Path

import duckdb

from randomuser_assets.graph.exports import Kind, day_of, exported, file_kinds
from randomuser_assets.model import Model, Table
from randomuser_assets.model.quality import REQUESTS
from randomuser_assets.query.names import quoted, text
from randomuser_assets.settings import Settings
from randomuser_assets.warehouse.connect import opened
from randomuser_assets.warehouse.people import person_columns
from randomuser_assets.warehouse.table import is_stored

_Files = dict[str, list[tuple[Table, Path]]]
"""By day: the files that are there, and of which table each is."""


def rewrite_files(
    settings: Settings, model: Model, person: str, days: list[str], log: Logger
) -> tuple[list[str], list[Path]]:
    """Write again the files of these days, and of others that hold the person.

    Give the days, and the files that hold the person still: of days that the warehouse has not.
    """
    written, left = set[str](), list[Path]()
    for kind in file_kinds(settings, model):
        for day, files in sorted(_files(kind).items()):
            holding = [path for table, path in files if _holds(path, table, model, person)]
            if day not in days and not holding:
                continue
            if _write(kind, settings, model, day, [table for table, _ in files], log):
                written.add(day)
            left += [path for table, path in files if _holds(path, table, model, person)]
    return sorted(written), left


def _files(kind: Kind) -> _Files:
    found: _Files = {}
    for table in kind.tables:
        for path in kind.folder.glob(str(kind.path(Path(), table, "*"))):
            if day := _day_of(path):
                found.setdefault(day, []).append((table, path))
    return found


def _day_of(path: Path) -> str | None:
    try:
        return date.fromisoformat(path.parent.name.rpartition("=")[2]).isoformat()
    except ValueError:  # a folder of somebody else
        return None


def _holds(path: Path, table: Table, model: Model, person: str) -> bool:
    columns = person_columns(table, model)
    if path.suffix == ".csv":
        return bool(path.stat().st_size) and _has_text(path, person.encode())
    if not columns:
        return False
    with closing(duckdb.connect()) as connection:
        found = connection.execute(
            f"SELECT count(*) FROM read_parquet({text(str(path))}, hive_partitioning = false) "  # noqa: S608  quoted
            f"WHERE lower(CAST({quoted(columns[0])} AS VARCHAR)) = {text(person)}"
        )
        return bool(found.fetchall()[0][0])


def _has_text(path: Path, wanted: bytes) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        return held.find(wanted) >= 0


def _write(
    kind: Kind, settings: Settings, model: Model, key: str, tables: list[Table], log: Logger
) -> bool:
    """Write a day's files, if the warehouse has the day, even with nobody of it left."""
    if not settings.warehouse_path.exists():
        return False
    doing = f"writing {kind.name} files of {key} again"
    with opened(str(settings.warehouse_path), read_only=True, doing=doing, log=log) as connection:
        known = (t for t in (model.raw, REQUESTS) if is_stored(connection, t))
        days = (day_of(connection, table, model, key) for table in known)
        day = next((day for day in days if day), None)
        if day is None:
            return False
        # Those by which a day is found go last: ended before, it is found again.
        for table in sorted(tables, key=lambda table: bool(person_columns(table, model))):
            if is_stored(connection, table):
                kind.write(connection, exported(table, settings), day, kind.folder)
    return True
