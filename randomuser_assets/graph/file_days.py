"""Writing the files of some days again, once a person is no longer in the warehouse."""

import mmap
from contextlib import closing
from datetime import date
from logging import Logger
from pathlib import Path

import duckdb

from randomuser_assets.graph.exports import Day, Kind, exported, file_kinds
from randomuser_assets.model import PARTITION, Model, Table
from randomuser_assets.model.quality import REQUESTS
from randomuser_assets.query.names import quoted, text
from randomuser_assets.settings import Settings
from randomuser_assets.warehouse.connect import opened
from randomuser_assets.warehouse.people import is_stored, person_columns
from randomuser_assets.warehouse.table import Slice

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
            seed = _seed(settings, model, day, log)
            if seed is not None:
                # Those by which a day is found go last: ended before, it is found again.
                ordered = sorted(files, key=lambda file: bool(person_columns(file[0], model)))
                tables = [table for table, _ in ordered]
                written.add(day)
                _write(kind, settings, Day(day, seed), tables, log)
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


def _write(kind: Kind, settings: Settings, day: Day, tables: list[Table], log: Logger) -> None:
    doing = f"writing {kind.name} files of {day.key} again"
    with opened(str(settings.warehouse_path), read_only=True, doing=doing, log=log) as connection:
        for table in tables:
            if is_stored(connection, table):
                kind.write(connection, exported(table, settings), day, kind.folder)


def _seed(settings: Settings, model: Model, day: str, log: Logger) -> str | None:
    """Give the seed of a day that the warehouse has, even if nobody of it is left."""
    place = str(settings.warehouse_path)
    if not settings.warehouse_path.exists():
        return None
    with opened(place, read_only=True, doing="looking up a day", log=log) as connection:
        for table in (model.raw, REQUESTS):
            if not is_stored(connection, table):
                continue
            name = Slice(table.schema, table.name, None).name
            found = connection.execute(
                f"SELECT {quoted(model.seed.name)} FROM {name} "  # noqa: S608  quoted
                f"WHERE {quoted(PARTITION)} = CAST({text(day)} AS DATE) LIMIT 1"
            ).fetchall()
            if found:
                return str(found[0][0])
    return None
