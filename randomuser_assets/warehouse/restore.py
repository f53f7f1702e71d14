"""From a backup to a warehouse: unpacked aside, proven, and only then put in its place."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from logging import Logger
from pathlib import Path

import duckdb

from randomuser_assets.forgotten import Forgotten
from randomuser_assets.model import MODEL, Model
from randomuser_assets.query.names import quoted, text
from randomuser_assets.warehouse.backup import unpack
from randomuser_assets.warehouse.connect import connected, logs_of
from randomuser_assets.warehouse.content import contents, differences
from randomuser_assets.warehouse.engines import spill_folder
from randomuser_assets.warehouse.faults import WarehouseError, told_without_data
from randomuser_assets.warehouse.manifest import Manifest, drop_manifest, read_manifest
from randomuser_assets.warehouse.mixed import MixedDays, mixed_days, newest_day
from randomuser_assets.warehouse.people import all_people, take_out
from randomuser_assets.warehouse.turns import turn
from randomuser_assets.whole import put_in_place, remove_leftovers, work_folder

_COPY = "copied"


@dataclass(frozen=True)
class Restored:
    """What was restored."""

    path: Path
    manifest: Manifest
    newest_day: str | None
    mixed: MixedDays
    forgotten: int
    """People that are in the backup, and not in what was restored."""


def proven(file: Path, folder: Path) -> Manifest:
    """Restore a backup aside, and see that it holds what it says it holds."""
    with _unpacked(file, folder) as (_, manifest):
        return manifest


def restore(
    file: Path,
    target: Path,
    *,
    over: bool,
    log: Logger,
    model: Model = MODEL,
    forgotten: Callable[[str], Forgotten | None] | None = None,
) -> Restored:
    """Put the warehouse of a backup at a path; `over` one that is there only if told so.

    Who is `forgotten`, asked with the list that the backup brings, is left out.
    """
    _check_place(target, over=over)
    remove_leftovers(target.parent)
    with _unpacked(file, target.parent) as (database, manifest):
        with (
            told_without_data(f"Restoring {file}"),
            closing(duckdb.connect(str(database))) as connection,
        ):
            drop_manifest(connection)
            known = forgotten(manifest.forgotten) if forgotten else None
            everybody = all_people(connection, model) if known else ()
            people = [person for person in everybody if known and known.holds(person)]
            if people:
                connection.begin()
                take_out(connection, model, people)
                connection.commit()
            newest, mixed = newest_day(connection, model.raw), mixed_days(connection, model)
            connection.execute("CHECKPOINT")  # only the file itself is put in place
            if people:  # whose bytes are in it still
                copy_tables(connection, database := database.with_name("without_them.duckdb"))
        with turn(target, alone=True, doing=f"restoring {file.name}", log=log):
            _check_place(target, over=over)  # a run may have made one meanwhile
            if forgotten and _version(forgotten(manifest.forgotten)) != _version(known):
                raise WarehouseError(
                    "Somebody was forgotten meanwhile. Nothing was changed: restore it once more."
                )
            with to_ourselves(target, log):
                put_in_place(database, target)
    return Restored(target, manifest, newest, mixed, len(people))


def _version(known: Forgotten | None) -> str:
    return known.version if known else ""


def _check_place(target: Path, *, over: bool) -> None:
    if target.exists() and not over:
        raise WarehouseError(f"There is a file at {target} already. Nothing was changed.")


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


def copy_tables(connection: duckdb.DuckDBPyConnection, copy: Path) -> None:
    """Copy all that is in the open database into a new file, and nothing that was deleted."""
    ((name,),) = connection.execute("SELECT current_database()").fetchall()
    connection.execute(f"ATTACH {text(str(copy))} AS {_COPY}")
    connection.execute(f"COPY FROM DATABASE {quoted(name)} TO {_COPY}")
    connection.execute(f"DETACH {_COPY}")


@contextmanager
def to_ourselves(target: Path, log: Logger) -> Iterator[None]:
    """See that nobody has the old warehouse open until the block ends, and that no log is left.

    Opening it takes its log into it; one that cannot be opened is replaced with what is beside it.
    A log that stayed would be taken for one of the new file, which then could not be opened.
    """
    with ExitStack() as stack:
        while target.exists():
            try:
                connected(target, False, {}, log).close()
                opens = True
            except WarehouseError as error:
                log.warning("%s It is replaced all the same.", error.description)
                opens = False
            # Outsiders are kept out by the lock that the engine itself would have.
            held = stack.enter_context(target.open("r+b"))
            fcntl.lockf(held, fcntl.LOCK_EX)
            if not opens or not any(path.exists() for path in logs_of(target)):
                break
            stack.close()  # somebody came in between
        for path in logs_of(target):
            path.unlink(missing_ok=True)
        shutil.rmtree(spill_folder(target), ignore_errors=True)
        yield
