"""The tables as assets: the fetched day, its two halves, and the core tables."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date

from dagster import (
    AssetExecutionContext,
    AssetIn,
    AssetsDefinition,
    DailyPartitionsDefinition,
    Failure,
    RetryPolicy,
    asset,
)
from sqlglot import exp
from sqlglot.expressions import Query, Select

from randomuser_assets.export.catalog import make_catalog
from randomuser_assets.graph.days import WHOLE_RANGE
from randomuser_assets.graph.describe import (
    OWNERS,
    table_metadata,
    table_tags,
    version,
)
from randomuser_assets.graph.freshness import DAILY
from randomuser_assets.model import Model, Table
from randomuser_assets.model.quality import REQUESTS, SHAPE_DRIFT
from randomuser_assets.query.flatten import flattened, rejected
from randomuser_assets.query.land import drifted, landed
from randomuser_assets.query.normalise import normalised
from randomuser_assets.settings import Settings, SettingsError
from randomuser_assets.source.faults import SourceError
from randomuser_assets.warehouse import Beside, Staged
from randomuser_assets.warehouse.declared import column_schema

_ANY = exp.select("*").from_("input")  # stands for an input where only the query's text matters


def table_assets(
    settings: Settings, model: Model, partitions: DailyPartitionsDefinition
) -> list[AssetsDefinition]:
    """Give the assets of all tables."""
    return [
        _raw_asset(settings, model, partitions),
        _flattened_asset(model, partitions),
        _rejected_asset(model, partitions),
        *(_core_asset(table, model, partitions) for table in model.core),
    ]


def _table_asset(
    table: Table,
    model: Model,
    partitions: DailyPartitionsDefinition,
    query: Query,
    *,
    made_of: Mapping[str, Table] | None = None,
    language: str = "sql",
    retry_policy: RetryPolicy | None = None,
) -> Callable[[Callable[..., object]], AssetsDefinition]:
    """Declare a table's asset; the query is there for the code version only."""
    return asset(
        name=table.name,
        description=table.description,
        group_name=table.schema,
        kinds={"duckdb", language},
        owners=OWNERS,
        tags=table_tags(table),
        code_version=version(query, table),
        metadata=table_metadata(table, model),
        partitions_def=partitions,
        backfill_policy=WHOLE_RANGE,
        freshness_policy=DAILY,
        ins={name: AssetIn(source.name) for name, source in (made_of or {}).items()},
        retry_policy=retry_policy,
    )


def _raw_asset(
    settings: Settings, model: Model, partitions: DailyPartitionsDefinition
) -> AssetsDefinition:
    table = model.raw

    @_table_asset(
        table,
        model,
        partitions,
        landed([], table),
        language="python",
        retry_policy=RetryPolicy(max_retries=settings.run_retries, delay=settings.run_retry_delay),
    )
    def spooled(context: AssetExecutionContext) -> Staged:
        # Here, since a code location in which nothing is fetched should load without it.
        from randomuser_assets.source.open import fetched

        # From the first step of the first run on there is something to open. What hinders it is
        # told where the files are written: a day is fetched all the same.
        with suppress(OSError):
            make_catalog(settings.catalog_path, model, settings.parquet_path)
        days = [date.fromisoformat(key) for key in context.partition_keys]
        try:
            spool = fetched(settings, days, model, context.log)
        except SourceError as error:
            raise Failure(str(error), allow_retries=not error.lasting) from None
        except SettingsError as error:
            raise Failure(str(error), allow_retries=False) from None
        except OSError as error:
            raise Failure(
                f"The fetched pages cannot be kept in {settings.spool_path}: {error.strerror}. "
                "Nothing was stored or replaced, and pages that came are kept there for the next "
                "try: check the folder's owner and free space, or set "
                "RANDOMUSER_DATA_DIR to a folder that can be written.",
                allow_retries=False,
            ) from None
        return Staged(
            landed(spool.pages, table),
            spool.discard,
            spool.release,
            beside=[
                _beside(REQUESTS, landed(spool.beside(REQUESTS), REQUESTS)),
                _beside(SHAPE_DRIFT, drifted(spool.beside(SHAPE_DRIFT), SHAPE_DRIFT)),
            ],
        )

    return spooled


def _beside(table: Table, query: Select) -> Beside:
    return Beside(table.schema, table.name, query, column_schema(table), table.description)


def _flattened_asset(model: Model, partitions: DailyPartitionsDefinition) -> AssetsDefinition:
    @_table_asset(
        model.flattened,
        model,
        partitions,
        flattened(_ANY, model),
        made_of={"raw": model.raw},
    )
    def readable(raw: Select) -> Select:
        return flattened(raw, model)

    return readable


def _rejected_asset(model: Model, partitions: DailyPartitionsDefinition) -> AssetsDefinition:
    @_table_asset(
        model.rejected,
        model,
        partitions,
        rejected(_ANY, _ANY, model),
        made_of={"raw": model.raw, "readable": model.flattened},
    )
    def unreadable(raw: Select, readable: Select) -> Select:
        return rejected(raw, readable, model)

    return unreadable


def _core_asset(
    table: Table, model: Model, partitions: DailyPartitionsDefinition
) -> AssetsDefinition:
    @_table_asset(
        table,
        model,
        partitions,
        normalised(_ANY, table, model),
        made_of={"readable": model.flattened},
    )
    def core(readable: Select) -> Query:
        return normalised(readable, table, model)

    return core
