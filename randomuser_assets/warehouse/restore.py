"""From a backup to a warehouse: unpacked aside, proven, and only then put in its place."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from logging import Logger
from pathlib import Path

import duckdb

from randomuser_assets.export.whole import put_in_place, remove_leftovers, work_folder
from randomuser_assets.model.quality import WRITES
from randomuser_assets.query.names import quoted
from randomuser_assets.warehouse.backup import log_of, unpack
from randomuser_assets.warehouse.connect import connected
from randomuser_assets.warehouse.content import contents, differences
from randomuser_assets.warehouse.faults import WarehouseError
from randomuser_assets.warehouse.manifest import Manifest, drop_manifest, read_manifest
from randomuser_assets.warehouse.turns import turn


@dataclass(frozen=True)
class Writer:
    """A run that wrote some tables of a day, and when it wrote the last of them."""

    run_id: str
    written_at: str
    tables: tuple[str, ...]


MixedDays = dict[str, tuple[Writer, ...]]
"""The days whose tables come from different runs."""


@dataclass(frozen=True)
class Restored:
    """What was restored."""

    path: Path
    manifest: Manifest
    mixed: MixedDays


def proven(file: Path, folder: Path) -> Manifest:
    """Restore a backup aside, and see that it holds what it says it holds."""
    with _unpacked(file, folder) as (_, manifest):
        return manifest


def restore(file: Path, target: Path, *, over: bool, log: Logger) -> Restored:
    """Put the warehouse of a backup at a path; `over` one that is there only if told so."""
    if target.exists() and not over:
        raise WarehouseError(f"There is a file at {target} already. Nothing was changed.")
    remove_leftovers(target.parent)
    with _unpacked(file, target.parent) as (database, manifest):
        with closing(duckdb.connect(str(database))) as connection:
            drop_manifest(connection)
            mixed = _mixed_days(connection)
        with turn(target, alone=True, doing=f"restoring {file.name}", log=log):
            if target.exists():
                _let_go(target, log)
            put_in_place(database, target)
    return Restored(target, manifest, mixed)


@contextmanager
def _unpacked(file: Path, folder: Path) -> Iterator[tuple[Path, Manifest]]:
    if not file.is_file():
        raise WarehouseError(f"There is no backup {file}.")
    with work_folder(folder) as work:
        database = work / "warehouse.duckdb"
        yield database, _checked(file, database)


def _checked(file: Path, database: Path) -> Manifest:
    try:
        unpack(file, database)
        with closing(duckdb.connect(str(database), read_only=True)) as connection:
            manifest = read_manifest(connection, file)
            wrong = differences(manifest.tables, contents(connection))
    except (OSError, duckdb.Error) as error:
        # The engine tells of blocks and bytes here; what it says of values is not shown.
        what = (
            str(error).split("\n", 1)[0] if isinstance(error, OSError | duckdb.IOException) else ""
        )
        raise WarehouseError(
            f"{file} is no backup that can be read{f' ({what[:200]})' if what else ''}: it is "
            "damaged, cut short, or another kind of file. Take another backup."
        ) from None
    if wrong:
        raise WarehouseError(
            f"{file} is not what it was when it was made: {'; '.join(wrong[:5])}. Take another "
            "backup."
        )
    return manifest


def _let_go(target: Path, log: Logger) -> None:
    """Wait until no outsider has the old warehouse open, and leave no log that is not of the new.

    Opening it takes its log into it; one that cannot be opened is replaced with what is beside it.
    """
    try:
        connected(target, False, {}, log).close()
    except WarehouseError as error:
        log.warning("%s It is replaced all the same.", error.description)
    log_of(target).unlink(missing_ok=True)


def _mixed_days(connection: duckdb.DuckDBPyConnection) -> MixedDays:
    name = f"{quoted(WRITES.schema)}.{quoted(WRITES.name)}"
    try:
        rows = connection.execute(
            "SELECT partition, run_id, strftime(max(written_at), '%Y-%m-%d %H:%M UTC'), "  # noqa: S608
            f"list(table_name ORDER BY written_at, table_name) FROM {name} "
            "WHERE partition IS NOT NULL GROUP BY partition, run_id "
            "QUALIFY count(*) OVER (PARTITION BY partition) > 1 ORDER BY partition, max(written_at)"
        ).fetchall()
    except duckdb.CatalogException:  # of a version that did not keep who wrote what
        return {}
    mixed: dict[str, list[Writer]] = {}
    for day, run_id, written_at, tables in rows:
        mixed.setdefault(day, []).append(Writer(run_id, written_at, tuple(tables)))
    return {day: tuple(writers) for day, writers in mixed.items()}
