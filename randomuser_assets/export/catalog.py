"""The catalog: a small database of views over the Parquet files, which anybody may keep open.

The warehouse is one file with one writer, and who keeps it open keeps the pipeline waiting. The
catalog is written anew and renamed, never opened again by the pipeline, and reads files that are
replaced as a whole: whoever has it open disturbs nobody.

To write it opens every Parquet file there is, which a day must not cost. So what it was made of
stands in a small file beside it, and a run leaves the catalog that it would only write again.
"""

import glob
import hashlib
import os
from collections.abc import Sequence
from contextlib import closing, suppress
from fnmatch import fnmatchcase
from pathlib import Path
from stat import S_IMODE

import duckdb

from randomuser_assets.export.parquet import parquet_path, whole_path
from randomuser_assets.folders import held_folder
from randomuser_assets.model import MODEL, PARTITION, Model, Table
from randomuser_assets.model.marts import MARTS
from randomuser_assets.query.names import quoted, text
from randomuser_assets.whole import remove_leftovers, written_whole

_FORMAT = "v1.0.0"
"""The oldest format that has all it needs: other tools bring their own, older DuckDB."""

_MODE = 0o600
_LOCKS = Path("/proc/locks")


class CatalogError(Exception):
    """The catalog could not be written; the one that was there stays."""


def exported_tables(model: Model) -> tuple[Table, ...]:
    """Give the tables that have a Parquet file a day."""
    return (model.flattened, *model.core)


def _views(model: Model) -> tuple[Table, ...]:
    """Give all that the catalog shows: tables with days, the marts, and of both what is public."""
    public = (table.public_view for table in (*model.core, *MARTS))
    return (*exported_tables(model), *MARTS, *public)


def all_days(table: Table, folder: Path) -> str:
    """Give a query for a table's rows, those of all days, typed as declared.

    Files of an older declaration, or of public columns only, may lack a column, which reads as
    null; where there is no file yet, there are no rows. A condition on the day leaves the files of
    other days unopened.
    """
    columns = ", ".join(
        f"CAST({quoted(c.name)} AS {c.type.sql}) AS {quoted(c.name)}" for c in table.columns
    )
    declared = ", ".join(f"CAST(NULL AS {c.type.sql}) AS {quoted(c.name)}" for c in table.columns)
    rows = f"SELECT {declared} WHERE FALSE"
    if _has_files(table, folder):
        place = _place(table, Path(glob.escape(str(folder))))
        rows += (
            f" UNION ALL BY NAME SELECT * FROM read_parquet({text(str(place))}, "  # noqa: S608  quoted
            f"union_by_name = true, {_partitioning(table, folder)})"
        )
    return f"SELECT {columns} FROM ({rows})"  # noqa: S608  quoted


def _place(table: Table, folder: Path) -> Path:
    return parquet_path(folder, table, "*") if table.partitioned else whole_path(folder, table)


def _has_files(table: Table, folder: Path) -> bool:
    """Say whether a day has a file; the first one ends the search, where `glob` lists all days."""
    wanted = _place(table, folder)
    if not table.partitioned:
        return wanted.exists()
    with suppress(OSError), os.scandir(wanted.parent.parent) as days:
        return any(
            fnmatchcase(day.name, wanted.parent.name) and Path(day.path, wanted.name).exists()
            for day in days
        )
    return False


def _partitioning(table: Table, folder: Path) -> str:
    """Read the day from the folder's name, unless that would read more than the day.

    Every `name=value` of a path counts for a column, and would replace that of the files: below a
    folder `seed=42` each seed would be 42. The files hold the day, too, so that it is slower only.
    """
    if not table.partitioned or any("=" in part for part in folder.parts):
        return "hive_partitioning = false"
    day = f"{text(PARTITION)}: {table[PARTITION].type.sql}"
    return f"hive_partitioning = true, hive_types = {{{day}}}"


def read_all_days(name: str, folder: Path) -> duckdb.DuckDBPyRelation:
    """Give a table's rows of all days, in a connection of their own."""
    tables = {table.name: table for table in (*exported_tables(MODEL), *MARTS)}
    if name not in tables:
        raise ValueError(
            f"No table {name!r} has Parquet files; those that do: {', '.join(tables)}."
        )
    return duckdb.connect().sql(all_days(tables[name], folder))


def make_catalog(path: Path, model: Model, folder: Path) -> None:
    """Write the catalog if it is not there: there is always something to open.

    A Parquet file that cannot be read does not stop it here: whoever asks may be about to mend it.
    """
    if not path.exists():
        with suppress(CatalogError):
            write_catalog(path, model, folder)


def keep_catalog(path: Path, model: Model, folder: Path) -> None:
    """Write the catalog unless it is the one that would be written: it costs no more with years.

    Which rows and columns the files have is nothing to it: its views are typed as declared.
    """
    _write(path, model, folder, even_if_same=False)


def write_catalog(path: Path, model: Model, folder: Path) -> None:
    """Replace the catalog as a whole, whatever it is, which finds files that cannot be read."""
    _write(path, model, folder, even_if_same=True)


def _write(path: Path, model: Model, folder: Path, *, even_if_same: bool) -> None:
    """Write it one after the other: who comes later finds at least as many tables with files."""
    remove_leftovers(path.parent)
    with held_folder(folder):
        views = [(table, _statements(table, folder)) for table in _views(model)]
        if not even_if_same and _is_kept(path, views):
            return
        # Aside below its own folder: the Parquet files may be on another disk, where none is
        # renamed.
        with written_whole(path, path.parent) as aside:
            try:
                _write_views(aside, views, folder, path)
            except duckdb.Error as error:
                raise CatalogError(
                    f"{path} was not written, and the one that was there stays: "
                    f"{_first_line(error)}. Check the folder's owner and free space, or set "
                    "RANDOMUSER_DATA_DIR to a folder that can be written and has neither ? nor "
                    "\\ in its path."
                ) from None
            # Before it has its name, under which others could write into it.
            made = _made(aside, views)
        # What somebody wrote into the old catalog is not of the new one.
        _log_of(path).unlink(missing_ok=True)
        # Last: a catalog whose writer was killed before is no known one, and is written again.
        with written_whole(_mark_of(path), path.parent) as aside:
            aside.write_bytes(made)


_Views = Sequence[tuple[Table, Sequence[str]]]
"""The views, each with the statements that make it."""


def _mark_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.made")


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


def _made(path: Path, views: _Views) -> bytes:
    """Say of what a catalog is made, and which file it is, by all that writing to it changes."""
    digest = hashlib.sha256(_FORMAT.encode())
    for _, statements in views:
        for statement in statements:
            digest.update(f"\0{statement}".encode())
    is_now = path.stat()
    return f"{digest.hexdigest()} {is_now.st_ino} {is_now.st_size} {is_now.st_mtime_ns}\n".encode()


def _is_kept(path: Path, views: _Views) -> bool:
    """Say whether the catalog is the one that was written, of these views, and open to read."""
    try:
        return (
            _mark_of(path).read_bytes() == _made(path, views)
            and S_IMODE(path.stat().st_mode) == _MODE
            and not _log_of(path).exists()
            and not _is_locked(path)
        )
    except OSError:  # one of them is not there, or is no file
        return False


def _is_locked(path: Path) -> bool:
    """Say whether somebody has the catalog open to write, which keeps readers out of it.

    Only Linux tells. To ask for a lock would take it from another thread that has the file open.
    """
    inode = path.stat().st_ino
    with suppress(OSError):
        for lock in _LOCKS.read_text(encoding="ascii").splitlines():
            words = lock.split()
            if "WRITE" in words and any(word.endswith(f":{inode}") for word in words):
                return True
    return False


def _write_views(aside: Path, views: _Views, folder: Path, path: Path) -> None:
    """Write all views in one transaction: before its end only Parquet files can be at fault."""
    with closing(duckdb.connect()) as connection:
        connection.execute(f"ATTACH {text(str(aside))} AS aside (STORAGE_VERSION '{_FORMAT}')")
        connection.execute("USE aside")
        connection.execute("BEGIN")
        for table, statements in views:
            try:
                for statement in statements:
                    connection.execute(statement)
            except duckdb.Error as error:
                # It speaks of files and their columns: no row was read.
                which = "that day's " if table.partitioned else ""
                raise CatalogError(
                    f"{path} was not written, and the one that was there stays: not every file "
                    f"in {folder / table.name} can be read ({_first_line(error)}). Write "
                    f"{which}{folder.name}/{table.name} again, or remove the file."
                ) from None
        connection.execute("COMMIT")


def _first_line(error: duckdb.Error) -> str:
    return str(error).split("\n", 1)[0].rstrip(".")


def _statements(table: Table, folder: Path) -> list[str]:
    """Give all that makes a view. Nothing else of a catalog may depend on anything."""
    name = f"{quoted(table.schema)}.{quoted(table.name)}"
    return [
        f"CREATE SCHEMA IF NOT EXISTS {quoted(table.schema)}",
        f"CREATE VIEW {name} AS {all_days(table, folder)}",
        f"COMMENT ON VIEW {name} IS {text(table.description)}",
        *(
            f"COMMENT ON COLUMN {name}.{quoted(column.name)} IS {text(column.description)}"
            for column in table.columns
        ),
    ]
