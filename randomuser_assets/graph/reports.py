"""The reports as assets: the quality page, made at the end of a run."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
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
    asset,
)
from dagster._core.definitions.metadata.metadata_set import TableMetadataSet

from randomuser_assets.graph.days import WHOLE_RANGE
from randomuser_assets.graph.describe import OWNERS, table_tags
from randomuser_assets.graph.last import LAST, let_retries_finish
from randomuser_assets.model import Model
from randomuser_assets.model.quality import CHECK_RESULTS, SCHEMA
from randomuser_assets.report.page import NAME, quality_page
from randomuser_assets.report.reading import read_quality
from randomuser_assets.report.words import summary
from randomuser_assets.settings import Settings
from randomuser_assets.warehouse.connect import opened
from randomuser_assets.warehouse.declared import column_schema
from randomuser_assets.warehouse.faults import told_without_data
from randomuser_assets.whole import remove_leftovers, written_whole

GROUP = SCHEMA


def report_assets(
    settings: Settings, model: Model, partitions: DailyPartitionsDefinition
) -> list[AssetsDefinition | AssetSpec]:
    """Give the quality page, and the log of checks that it is made of."""
    log = _check_results()
    return [log, _quality(settings, model, log.key, partitions)]


def _check_results() -> AssetSpec:
    """Name the log of checks, which nothing materialises: each check adds to it."""
    return AssetSpec(
        [GROUP, CHECK_RESULTS.name],
        description=CHECK_RESULTS.description,
        group_name=GROUP,
        kinds={"duckdb"},
        owners=OWNERS,
        tags=table_tags(CHECK_RESULTS),
        metadata=dict(
            TableMetadataSet(
                column_schema=column_schema(CHECK_RESULTS),
                table_name=f"{CHECK_RESULTS.schema}.{CHECK_RESULTS.name}",
            )
        ),
    )


def _quality(
    settings: Settings, model: Model, log: AssetKey, partitions: DailyPartitionsDefinition
) -> AssetsDefinition:
    path = settings.reports_path / NAME

    @asset(
        key=["reports", path.stem],
        description="The quality page: the state of every table, thirty days of checks and of "
        "rejected records, the newest failures.",
        group_name=GROUP,
        kinds={"html"},
        owners=OWNERS,
        tags={"personal_data": "no"},
        code_version="1",
        # Of the tables it is not downstream: a check that fails and blocks would stop the page,
        # and that is when it is wanted most.
        deps=[log],
        op_tags=LAST,
        # The page is about all days. With the days of the tables it is part of every run about
        # them; without, a backfill would make it in a run apart, before the tables are there.
        partitions_def=partitions,
        backfill_policy=WHOLE_RANGE,
    )
    def quality(context: AssetExecutionContext) -> MaterializeResult[None]:
        let_retries_finish(context)
        with (
            read_warehouse(settings.warehouse_path, f"making {NAME}", context.log) as connection,
            told_without_data(f"Making {path}"),
        ):
            found = read_quality(connection, model)
        size = write_page(path, quality_page(found, settings.ui_url))
        return MaterializeResult(
            metadata={
                "page": MetadataValue.url(f"{settings.reports_url}/{NAME}"),
                "file": MetadataValue.path(path),
                "summary": MetadataValue.md(summary(found)),
                "bytes": size,
            }
        )

    return quality


@contextmanager
def read_warehouse(
    path: Path, doing: str, log: logging.Logger
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse, or an empty one where nothing has been stored yet."""
    if path.exists():
        with opened(str(path), read_only=True, doing=doing, log=log) as connection:
            yield connection
    else:
        with duckdb.connect() as connection:
            yield connection


def write_page(path: Path, page: str) -> int:
    """Put a page in its place, whole or not at all, and give its bytes."""
    written = page.encode()
    try:
        remove_leftovers(path.parent)
        with written_whole(path, path.parent) as aside:
            aside.write_bytes(written)
    except OSError as error:
        raise Failure(
            f"{path} cannot be written: {error.strerror}. The page that was there is untouched: "
            "check the folder's owner and free space.",
            allow_retries=False,
        ) from None
    return len(written)
