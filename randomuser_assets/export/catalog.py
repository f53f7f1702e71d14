"""The catalog: a small database of views over the Parquet files, which anybody may keep open.

The warehouse is one file with one writer, and who keeps it open keeps the pipeline waiting. The
catalog is written anew and renamed, never opened again by the pipeline, and reads files that are
replaced as a whole: whoever has it open disturbs nobody.
"""

import glob
from contextlib import closing, suppress
from pathlib import Path

import duckdb

from randomuser_assets.export.parquet import parquet_path
from randomuser_assets.folders import held_folder
from randomuser_assets.model import MODEL, PARTITION, Model, Table
from randomuser_assets.query.names import quoted, text
from randomuser_assets.whole import remove_leftovers, written_whole

_FORMAT = "v1.0.0"
"""The oldest format that has all it needs: other tools bring their own, older DuckDB."""


class CatalogError(Exception):
    """The catalog could not be written; the one that was there stays."""


def exported_tables(model: Model) -> tuple[Table, ...]:
    """Give the tables that have Parquet files."""
    return (model.flattened, *model.core)


def all_days(table: Table, folder: Path) -> str:
    """Give a query for a table's rows of all days, typed as declared.

    Files of an older declaration, or of public columns only, may lack a column, which reads as
    null; where there is no file yet, there are no rows. A condition on the day leaves the files of
    other days unopened.
    """
    columns = ", ".join(
        f"CAST({quoted(c.name)} AS {c.type.sql}) AS {quoted(c.name)}" for c in table.columns
    )
    declared = ", ".join(f"CAST(NULL AS {c.type.sql}) AS {quoted(c.name)}" for c in table.columns)
    rows = f"SELECT {declared} WHERE FALSE"
    if any(folder.glob(str(parquet_path(Path(), table, "*")))):
        place = parquet_path(Path(glob.escape(str(folder))), table, "*")
        rows += (
            f" UNION ALL BY NAME SELECT * FROM read_parquet({text(str(place))}, "  # noqa: S608  quoted
            f"union_by_name = true, {_partitioning(table, folder)})"
        )
    return f"SELECT {columns} FROM ({rows})"  # noqa: S608  quoted


def _partitioning(table: Table, folder: Path) -> str:
    """Read the day from the folder's name, unless that would read more than the day.

    Every `name=value` of a path counts for a column, and would replace that of the files: below a
    folder `seed=42` each seed would be 42. The files hold the day, too, so that it is slower only.
    """
    if any("=" in part for part in folder.parts):
        return "hive_partitioning = false"
    day = f"{text(PARTITION)}: {table[PARTITION].type.sql}"
    return f"hive_partitioning = true, hive_types = {{{day}}}"


def read_all_days(name: str, folder: Path) -> duckdb.DuckDBPyRelation:
    """Give a table's rows of all days, in a connection of their own."""
    tables = {table.name: table for table in exported_tables(MODEL)}
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


def write_catalog(path: Path, model: Model, folder: Path) -> None:
    """Replace the catalog as a whole.

    One after the other: who comes later finds at least as many tables with files.
    """
    remove_leftovers(path.parent)
    # Aside below its own folder: the Parquet files may be on another disk, where none is renamed.
    with held_folder(folder), written_whole(path, path.parent) as aside:
        try:
            _write_views(aside, model, folder, path)
        except duckdb.Error as error:
            raise CatalogError(
                f"{path} was not written, and the one that was there stays: {_first_line(error)}. "
                "Check the folder's owner and free space, or set RANDOMUSER_DATA_DIR to a folder "
                "that can be written and has neither ? nor \\ in its path."
            ) from None
        # What somebody wrote into the old catalog is not of the new one.
        path.with_name(f"{path.name}.wal").unlink(missing_ok=True)


def _write_views(aside: Path, model: Model, folder: Path, path: Path) -> None:
    """Write all views in one transaction: before its end only Parquet files can be at fault."""
    with closing(duckdb.connect()) as connection:
        connection.execute(f"ATTACH {text(str(aside))} AS aside (STORAGE_VERSION '{_FORMAT}')")
        connection.execute("USE aside")
        connection.execute("BEGIN")
        for table in (*exported_tables(model), *(table.public_view for table in model.core)):
            try:
                _write_view(connection, table, folder)
            except duckdb.Error as error:
                # It speaks of files and their columns: no row was read.
                raise CatalogError(
                    f"{path} was not written, and the one that was there stays: not every file "
                    f"in {folder / table.name} can be read ({_first_line(error)}). Write that "
                    f"day's {folder.name}/{table.name} again, or remove the file."
                ) from None
        connection.execute("COMMIT")


def _first_line(error: duckdb.Error) -> str:
    return str(error).split("\n", 1)[0].rstrip(".")


def _write_view(connection: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> None:
    name = f"{quoted(table.schema)}.{quoted(table.name)}"
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(table.schema)}")
    connection.execute(f"CREATE VIEW {name} AS {all_days(table, folder)}")
    connection.execute(f"COMMENT ON VIEW {name} IS {text(table.description)}")
    for column in table.columns:
        place = f"{name}.{quoted(column.name)}"
        connection.execute(f"COMMENT ON COLUMN {place} IS {text(column.description)}")
