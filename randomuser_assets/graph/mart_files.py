"""The files of the marts as assets: one Parquet file each, of one op over all of them.

A star is of one state or it is wrong: what a fact refers to is in another file. So any failed check
that blocks stops all of them, all are read in one turn, and none is replaced before all are there.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    Failure,
    MaterializeResult,
    MetadataValue,
    multi_asset,
)
from dagster._core.definitions.metadata.metadata_set import TableMetadataSet

from randomuser_assets.export.parquet import write_whole_tables
from randomuser_assets.graph.automation import when_newer
from randomuser_assets.graph.days import WHOLE_RANGE
from randomuser_assets.graph.describe import OWNERS, table_tags
from randomuser_assets.graph.exports import exported, parquet_kind, showing, told, told_of
from randomuser_assets.graph.freshness import DAILY
from randomuser_assets.model import Model, Table
from randomuser_assets.model.marts import MARTS, SCHEMA
from randomuser_assets.settings import Settings
from randomuser_assets.warehouse.connect import opened, with_enough_memory
from randomuser_assets.warehouse.declared import column_schema
from randomuser_assets.warehouse.faults import told_without_data
from randomuser_assets.warehouse.preview import preview
from randomuser_assets.warehouse.table import Slice, engine_types, stored_shape
from randomuser_assets.whole import Written, remove_leftovers


def mart_file_assets(settings: Settings, model: Model) -> list[AssetsDefinition]:
    """Give the assets of the marts' files."""
    kind = parquet_kind(settings, model)
    by_key = {AssetKey([kind.name, table.name]): table for table in MARTS}

    @multi_asset(
        name="marts_files",
        specs=[_spec(key, table, settings, model) for key, table in by_key.items()],
        can_subset=True,
        backfill_policy=WHOLE_RANGE,  # a run of days makes them once, too
    )
    def files(context: AssetExecutionContext) -> Iterator[MaterializeResult[None]]:
        selected = {key: t for key, t in by_key.items() if key in context.selected_asset_keys}
        tables = list(selected.values())
        with showing(kind):
            remove_leftovers(kind.folder)
            kind.begin()
        with opened(
            str(settings.warehouse_path),
            read_only=True,
            doing=f"run {context.run.run_id}, writing files of marts",
            log=context.log,
            frugal=True,
        ) as connection:
            _check_are_made(connection, tables)
            with told(kind, kind.folder), told_without_data("Writing files of marts"):
                written = with_enough_memory(
                    connection, lambda: write_marts(connection, settings, tables), context.log
                )
            metadata = [
                _metadata(connection, table, settings, file)
                for table, file in zip(tables, written, strict=True)
            ]
        with showing(kind):
            kind.show()
        for key, observed in zip(selected, metadata, strict=True):
            yield MaterializeResult(asset_key=key, metadata=observed)

    return [files]


def write_marts(
    connection: duckdb.DuckDBPyConnection, settings: Settings, tables: Sequence[Table]
) -> list[Written]:
    """Replace the files of these marts."""
    return write_whole_tables(
        connection,
        [exported(table, settings) for table in tables],
        settings.parquet_path,
        which=settings.export_columns,
    )


def _check_are_made(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> None:
    """Refuse to write files of marts that are not there, or are of another declaration."""
    for table in tables:
        shape = stored_shape(connection, Slice(table.schema, table.name, None))
        found = {name: column.type for name, column in shape.items()}
        declared = engine_types(connection, column_schema(table))
        other = [name for name, type_ in declared.items() if found.get(name) != type_]
        if other:
            what = f"is stored without {', '.join(other)} as declared" if found else "was not made"
            raise Failure(
                f"{table.name} {what}: no file of a mart was written or replaced. Materialise "
                f"{table.name} first.",
                allow_retries=False,
            )


def _metadata(
    connection: duckdb.DuckDBPyConnection, table: Table, settings: Settings, written: Written
) -> dict[str, Any]:
    shown = exported(table, settings)
    stored = Slice(table.schema, table.name, None)
    return {
        "file": MetadataValue.path(written.path),
        "bytes": written.path.stat().st_size,
        "preview": preview(connection, stored, column_schema(shown)),
        **TableMetadataSet(row_count=written.rows),
        **told_of(settings),
    }


def _spec(key: AssetKey, table: Table, settings: Settings, model: Model) -> AssetSpec:
    columns = column_schema(exported(table, settings))
    return AssetSpec(
        key,
        # The rejected records, too: nothing goes out while too many are among them.
        deps=[table.name, model.rejected.name],
        description=f"{table.description} As a Parquet file.",
        group_name=SCHEMA,
        kinds={"parquet"},
        owners=OWNERS,
        tags=table_tags(table),
        # Files with other columns than those that would be written now show as out of date.
        code_version="1" if settings.export_columns == "all" else f"1-{settings.export_columns}",
        metadata={**TableMetadataSet(column_schema=columns), **told_of(settings)},
        freshness_policy=DAILY,
        automation_condition=when_newer(model),
        skippable=True,
    )
