"""The files as assets: CSV and Parquet, for each kind one op over all its tables.

One op, so that any failed check that blocks stops all of the day's files: a set of files of which
some are new and some are old would look whole and be wrong.
"""

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from logging import Logger
from pathlib import Path

import duckdb
from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    DailyPartitionsDefinition,
    Failure,
    MaterializeResult,
    MetadataValue,
    multi_asset,
)
from dagster._core.definitions.metadata.metadata_set import TableMetadataSet
from sqlglot.expressions import Select

from randomuser_assets.export.catalog import (
    CatalogError,
    exported_tables,
    keep_catalog,
    make_catalog,
)
from randomuser_assets.export.csv import csv_columns, csv_path, write_csv
from randomuser_assets.export.elsewhen import ColumnsOf, PathOfDay, days_with_private_columns
from randomuser_assets.export.parquet import parquet_columns, parquet_path, write_parquet
from randomuser_assets.graph.days import WHOLE_RANGE
from randomuser_assets.graph.describe import OWNERS, table_tags
from randomuser_assets.graph.freshness import DAILY
from randomuser_assets.model import PARTITION, Model, Table
from randomuser_assets.numbered import numbered
from randomuser_assets.query.audit import present
from randomuser_assets.query.compare import expected
from randomuser_assets.query.days import rows
from randomuser_assets.query.dialects import WarehouseDuckDB
from randomuser_assets.query.names import quoted, text
from randomuser_assets.settings import Settings
from randomuser_assets.warehouse.connect import opened, with_enough_memory
from randomuser_assets.warehouse.declared import column_schema
from randomuser_assets.warehouse.faults import told_without_data
from randomuser_assets.warehouse.preview import preview
from randomuser_assets.warehouse.table import Slice
from randomuser_assets.whole import Together, Written, WrittenWhole, remove_leftovers

_LONGEST_TURN = 1.0
"""Seconds after which, between two days, those who wait to write have their turn."""


@dataclass(frozen=True)
class Day:
    """A day, and the seed that its records were asked with."""

    key: str
    seed: str


@dataclass(frozen=True)
class Kind:
    """A kind of files: of which tables there are any, where they are, and how one is written.

    What `begin` and `show` do makes files found: before the first one, and once a day has its own.
    """

    name: str
    folder: Path
    tables: tuple[Table, ...]
    path: PathOfDay
    columns: ColumnsOf
    write: Callable[[duckdb.DuckDBPyConnection, Table, Day, Path, WrittenWhole], Written]
    begin: Callable[[], None] = lambda: None
    show: Callable[[], None] = lambda: None


def file_assets(
    settings: Settings, model: Model, partitions: DailyPartitionsDefinition
) -> list[AssetsDefinition]:
    """Give the assets of all files."""
    return [_files(kind, settings, model, partitions) for kind in file_kinds(settings, model)]


def file_kinds(settings: Settings, model: Model) -> tuple[Kind, ...]:
    """Give the kinds of files that there are."""
    return (
        Kind(
            name="csv",
            folder=settings.csv_path,
            tables=model.core,
            path=csv_path,
            columns=csv_columns,
            write=lambda connection, table, day, to, whole: write_csv(
                connection, table, day.key, to, whole=whole
            ),
        ),
        parquet_kind(settings, model),
    )


def parquet_kind(settings: Settings, model: Model) -> Kind:
    """Give the kind whose files the catalog shows."""
    which = settings.export_columns
    return Kind(
        name="parquet",
        folder=settings.parquet_path,
        tables=exported_tables(model),
        path=parquet_path,
        columns=parquet_columns,
        write=lambda connection, table, day, to, whole: write_parquet(
            connection, table, day.key, day.seed, to, which=which, whole=whole
        ),
        begin=lambda: make_catalog(settings.catalog_path, model, settings.parquet_path),
        show=lambda: keep_catalog(settings.catalog_path, model, settings.parquet_path),
    )


def _files(
    kind: Kind, settings: Settings, model: Model, partitions: DailyPartitionsDefinition
) -> AssetsDefinition:
    by_key = {AssetKey([kind.name, table.name]): table for table in kind.tables}

    @multi_asset(
        name=f"{kind.name}_files",
        specs=[
            _spec(key, table, kind, settings, model, partitions) for key, table in by_key.items()
        ],
        can_subset=True,
        backfill_policy=WHOLE_RANGE,
    )
    def files(context: AssetExecutionContext) -> Iterator[MaterializeResult[None]]:
        selected = {
            key: table for key, table in by_key.items() if key in context.selected_asset_keys
        }
        shown = {key: exported(table, settings) for key, table in selected.items()}
        with showing(kind):
            remove_leftovers(kind.folder)
            kind.begin()
        turns = _days_in_turns(context, kind, settings, model, selected.values())
        with closing(turns):  # else an error would keep the warehouse open as long as it is shown
            for connection, day in turns:
                files = _written(kind, connection, shown, day, context.log)
                for key, written in files.items():
                    context.add_asset_metadata(
                        {**_metadata(connection, shown[key], day, written), **told_of(settings)},
                        asset_key=key,
                        partition_key=day.key,
                    )
        _tell_of_other_days(context, kind, settings)
        for key in selected:
            yield MaterializeResult(asset_key=key)

    return files


def _written(
    kind: Kind,
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[AssetKey, Table],
    day: Day,
    log: Logger,
) -> Mapping[AssetKey, Written]:
    """Write a day's files; none takes its place before all of them can."""
    written = {}
    with Together() as files:
        for key, table in tables.items():
            path = kind.path(kind.folder, table, day.key)
            with told(kind, path), told_without_data(f"Writing {path}"):
                write = partial(kind.write, connection, table, day, kind.folder, files.written)
                written[key] = with_enough_memory(connection, write, log)
        for step in (files.wait_for, files.put_in_place):
            for file in written.values():
                with told(kind, file.path):
                    step(file.path)
    return written


def exported(table: Table, settings: Settings) -> Table:
    """Give the table with the columns that its files have."""
    return table.public if settings.export_columns == "public" else table


def told_of(settings: Settings) -> dict[str, str]:
    """Give what is told of the setting with each file."""
    return {"columns": settings.export_columns}


def _tell_of_other_days(context: AssetExecutionContext, kind: Kind, settings: Settings) -> None:
    """Say where the setting has not come to yet: who chose it may think that nothing is left."""
    if settings.export_columns != "public":
        return
    with told(kind, kind.folder):
        days = days_with_private_columns(kind.tables, kind.folder, kind.path, kind.columns)
    if days:
        context.log.warning(
            "%s files of %s, from %s to %s, still have columns that are not public: "
            "materialise group:%s for these days, or remove them",
            kind.name,
            numbered(len(days), "day", "days"),
            min(days),
            max(days),
            kind.name,
        )


def _days_in_turns(
    context: AssetExecutionContext,
    kind: Kind,
    settings: Settings,
    model: Model,
    tables: Iterable[Table],
) -> Generator[tuple[duckdb.DuckDBPyConnection, Day], None, None]:
    """Give each day with the open warehouse, and others a turn at it every second."""
    days = context.partition_keys
    doing = f"run {context.run.run_id}, writing {kind.name} files"
    written = 0
    while written < len(days):
        first = not written
        with opened(
            str(settings.warehouse_path),
            read_only=True,
            doing=doing,
            log=context.log,
            frugal=True,
        ) as connection:
            if first:
                _check_days_are_there(connection, model, tables, days)
            since = time.monotonic()
            for key in days[written:]:
                yield connection, _day(connection, model, key)
                written += 1
                if time.monotonic() - since > _LONGEST_TURN:
                    break
        if first:
            # Now rather than at the end, which may be far or never come: from here on what is
            # shown is the same, whichever days follow.
            with showing(kind):
                kind.show()
        if len(days) > 1:
            context.log.info("%s files of %d of %d days written", kind.name, written, len(days))


def _day(connection: duckdb.DuckDBPyConnection, model: Model, key: str) -> Day:
    day = day_of(connection, model.raw, model, key)
    if day is None:  # no longer: somebody else had a turn since the days were looked at
        raise _not_made(model.raw, [key])
    return day


def day_of(
    connection: duckdb.DuckDBPyConnection, table: Table, model: Model, key: str
) -> Day | None:
    """Give a day with the seed that a table has of it, if it has the day."""
    name = Slice(table.schema, table.name, None).name
    found = connection.execute(
        f"SELECT {quoted(model.seed.name)} FROM {name} "  # noqa: S608  quoted
        # A delivery may hold pages of several seeds; it is always the same one that is named.
        f"WHERE {quoted(PARTITION)} = CAST({text(key)} AS DATE) ORDER BY 1 LIMIT 1"
    ).fetchall()
    return Day(key, found[0][0]) if found else None


def _metadata(
    connection: duckdb.DuckDBPyConnection, table: Table, day: Day, written: Written
) -> dict[str, object]:
    stored = Slice(table.schema, table.name, f"{quoted(PARTITION)} = {text(day.key)}")
    return {
        "file": MetadataValue.path(written.path),
        "bytes": written.path.stat().st_size,
        "preview": preview(connection, stored, column_schema(table)),
        **TableMetadataSet(partition_row_count=written.rows),
    }


@contextmanager
def showing(kind: Kind) -> Iterator[None]:
    """Say in a sentence why what shows the files could not be written."""
    try:
        with told(kind, kind.folder):
            yield
    except CatalogError as error:
        raise Failure(str(error), allow_retries=False) from None


@contextmanager
def told(kind: Kind, path: Path) -> Iterator[None]:
    """Say in a sentence why a file could not be written."""
    try:
        yield
    except OSError as error:
        raise Failure(
            f"{path} cannot be written: {error.strerror}. What {kind.name} files were there "
            "is untouched or whole: check the folder's owner and free space.",
            allow_retries=False,
        ) from None


def _check_days_are_there(
    connection: duckdb.DuckDBPyConnection,
    model: Model,
    tables: Iterable[Table],
    days: Sequence[str],
) -> None:
    """Refuse to write files of nothing for days that were never fetched, or not made tables of."""
    span = (min(days), max(days))

    def days_of(query: Select) -> set[str]:
        found = connection.execute(
            present(query).sql(dialect=WarehouseDuckDB, copy=False)
        ).fetchall()
        return {str(day) for (day,) in found}

    with told_without_data("Writing files"):
        _refuse(set(days) - days_of(rows(model.raw, span)), model.raw, days)
        divided = days_of(rows(model.flattened, span)) | days_of(rows(model.rejected, span))
        _refuse(set(days) - divided, model.flattened, days)
        for table in tables:
            _refuse(days_of(expected(table, model, span)) - days_of(rows(table, span)), table, days)


def _refuse(missing: set[str], table: Table, days: Sequence[str]) -> None:
    wanted = [day for day in days if day in missing]
    if wanted:
        raise _not_made(table, wanted)


def _not_made(table: Table, days: Sequence[str]) -> Failure:
    some = f"{', '.join(days[:5])}{' …' if len(days) > 5 else ''}"
    return Failure(
        f"{table.name} was not made for {some}: files would look whole and be empty. None of "
        f"them was written or replaced: materialise {table.name} first.",
        allow_retries=False,
    )


def _spec(
    key: AssetKey,
    table: Table,
    kind: Kind,
    settings: Settings,
    model: Model,
    partitions: DailyPartitionsDefinition,
) -> AssetSpec:
    columns = column_schema(exported(table, settings))
    return AssetSpec(
        key,
        # The rejected records, too: nothing goes out while too many are among them.
        deps=[table.name, model.rejected.name],
        description=f"{table.description} As a {kind.name} file a day.",
        group_name=kind.name,
        kinds={kind.name},
        owners=OWNERS,
        tags=table_tags(table),
        # Files with other columns than those that would be written now show as out of date.
        code_version="1" if settings.export_columns == "all" else f"1-{settings.export_columns}",
        metadata={**TableMetadataSet(column_schema=columns), **told_of(settings)},
        partitions_def=partitions,
        freshness_policy=DAILY,
        skippable=True,
    )
