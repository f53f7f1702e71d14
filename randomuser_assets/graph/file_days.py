"""Writing files again, of some days and of marts, once a person is no longer in the warehouse."""

import mmap
from collections.abc import Collection
from contextlib import closing
from datetime import date
from logging import Logger
from pathlib import Path

import duckdb

from randomuser_assets.export.parquet import whole_path
from randomuser_assets.graph.exports import Kind, day_of, exported, file_kinds
from randomuser_assets.graph.mart_files import write_marts
from randomuser_assets.model import Model, Table
from randomuser_assets.model.marts import MARTS
from randomuser_assets.model.quality import REQUESTS
from randomuser_assets.query.names import quoted, text
from randomuser_assets.settings import Settings
from randomuser_assets.warehouse.connect import opened
from randomuser_assets.warehouse.people import person_columns, tells_of_people_by_reference
from randomuser_assets.warehouse.table import is_stored
from randomuser_assets.whole import written_whole

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


def rewrite_mart_files(
    settings: Settings, model: Model, person: str, changed: Collection[str], log: Logger
) -> tuple[list[str], list[Path]]:
    """Write the marts' files again, if one of a mart that has `changed` or holds the person.

    Give the marts, and the files that may hold the person still: of marts that are not there.
    """
    files = {table: whole_path(settings.parquet_path, table) for table in MARTS}
    files = {table: path for table, path in files.items() if path.exists()}
    # Where no file names people, none tells whether somebody is in one that they refer to.
    unknown = not any(person_columns(table, model) for table in files)
    holding = [table for table, path in files.items() if _holds(path, table, model, person)]
    if not files or not (unknown or holding or any(table.name in changed for table in files)):
        return [], []
    made = _written_marts(settings, list(files), log)
    left = [
        path
        for table, path in files.items()
        if table not in made and (table in holding or tells_of_people_by_reference(table, model))
    ]
    return [table.name for table in made], left


def _written_marts(settings: Settings, tables: list[Table], log: Logger) -> list[Table]:
    if not settings.warehouse_path.exists():
        return []
    doing = "writing files of marts again"
    with opened(str(settings.warehouse_path), read_only=True, doing=doing, log=log) as connection:
        made = [table for table in tables if is_stored(connection, table)]
        # The first one gets its name last: one by which people are found, and that is found again.
        write_marts(connection, settings, made)
    return made


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
                shown = exported(table, settings)
                kind.write(connection, shown, day, kind.folder, written_whole)
    return True
