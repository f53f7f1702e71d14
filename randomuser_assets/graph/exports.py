"""The CSV files as assets: one op over all core tables.

One op, so that any failed check that blocks stops all of the day's files: a set of files of which
some are new and some are old would look whole and be wrong.
"""

from collections.abc import Iterable, Iterator, Sequence

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

from randomuser_assets.export.csv import csv_path, write_csv
from randomuser_assets.export.whole import remove_leftovers
from randomuser_assets.graph.days import WHOLE_RANGE
from randomuser_assets.graph.describe import OWNERS, table_tags
from randomuser_assets.graph.freshness import DAILY
from randomuser_assets.model import PARTITION, Model, Table
from randomuser_assets.query.audit import present
from randomuser_assets.query.compare import expected
from randomuser_assets.query.days import rows
from randomuser_assets.query.dialects import WarehouseDuckDB
from randomuser_assets.settings import Settings
from randomuser_assets.warehouse.connect import opened
from randomuser_assets.warehouse.declared import column_schema
from randomuser_assets.warehouse.faults import told_without_data
from randomuser_assets.warehouse.preview import preview
from randomuser_assets.warehouse.table import Slice, quoted, text

GROUP = "csv"


def csv_asset(
    settings: Settings, model: Model, partitions: DailyPartitionsDefinition
) -> AssetsDefinition:
    """Give the assets of the CSV files."""
    folder = settings.csv_path
    by_key = {AssetKey([GROUP, table.name]): table for table in model.core}

    @multi_asset(
        name="csv_files",
        specs=[_spec(key, table, model, partitions) for key, table in by_key.items()],
        can_subset=True,
        backfill_policy=WHOLE_RANGE,
    )
    def csv_files(context: AssetExecutionContext) -> Iterator[MaterializeResult[None]]:
        days = context.partition_keys
        selected = {
            key: table for key, table in by_key.items() if key in context.selected_asset_keys
        }
        remove_leftovers(folder)
        doing = f"run {context.run_id}, csv_files"
        with opened(
            str(settings.warehouse_path), read_only=True, doing=doing, log=context.log
        ) as connection:
            _check_days_are_there(connection, model, selected.values(), days)
            for key, table in selected.items():
                for day in days:
                    with told_without_data(f"Writing {csv_path(folder, table, day)}"):
                        try:
                            written = write_csv(connection, table, day, folder)
                        except OSError as error:
                            raise Failure(
                                f"{csv_path(folder, table, day)} cannot be written: "
                                f"{error.strerror}. The file that was there is untouched: check "
                                "the folder's owner and free space.",
                                allow_retries=False,
                            ) from None
                    context.add_asset_metadata(
                        {
                            "file": MetadataValue.path(written.path),
                            "bytes": written.path.stat().st_size,
                            "preview": preview(
                                connection, _slice(table, day), column_schema(table)
                            ),
                            **TableMetadataSet(partition_row_count=written.rows),
                        },
                        asset_key=key,
                        partition_key=day,
                    )
                yield MaterializeResult(asset_key=key)

    return csv_files


def _check_days_are_there(
    connection: duckdb.DuckDBPyConnection,
    model: Model,
    tables: Iterable[Table],
    days: Sequence[str],
) -> None:
    """Refuse to write files of nothing for days that were never fetched, or not made tables of."""
    span = (min(days), max(days))

    def days_of(query: Select) -> set[str]:
        found = connection.execute(present(query).sql(dialect=WarehouseDuckDB)).fetchall()
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
        some = f"{', '.join(wanted[:5])}{' …' if len(wanted) > 5 else ''}"
        raise Failure(
            f"{table.name} was not made for {some}: files would look whole and be empty. No file "
            f"was written or replaced: materialise {table.name} first.",
            allow_retries=False,
        )


def _slice(table: Table, day: str) -> Slice:
    return Slice(table.schema, table.name, f"{quoted(PARTITION)} = {text(day)}")


def _spec(
    key: AssetKey, table: Table, model: Model, partitions: DailyPartitionsDefinition
) -> AssetSpec:
    return AssetSpec(
        key,
        # The rejected records, too: nothing goes out while too many are among them.
        deps=[table.name, model.rejected.name],
        description=f"{table.description} As a CSV file a day.",
        group_name=GROUP,
        kinds={"csv"},
        owners=OWNERS,
        tags=table_tags(table),
        code_version="1",
        metadata=dict(TableMetadataSet(column_schema=column_schema(table))),
        partitions_def=partitions,
        freshness_policy=DAILY,
        skippable=True,
    )
