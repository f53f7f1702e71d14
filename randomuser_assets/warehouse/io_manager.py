"""The I/O manager: the stock one's configuration and conventions, another way to write.

An asset gives a query (run inside the engine, its rows in no order but its own), an Arrow table or
a frame; an input is loaded as what it is annotated with, a frame if nothing is said. What a table
must look like is read from the asset's `dagster/column_schema` metadata, so any asset that declares
one is kept as declared.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import duckdb
import pandas as pd
import pyarrow as pa
import sqlglot
from dagster import (
    DagsterInvariantViolationError,
    InputContext,
    OutputContext,
    TableSchema,
    TableSchemaMetadataValue,
)
from dagster._core.storage.db_io_manager import DbIOManager, DbTypeHandler, TableSlice
from dagster_duckdb.io_manager import DuckDbClient
from dagster_duckdb_pandas import DuckDBPandasIOManager
from dagster_duckdb_pandas.duckdb_pandas_type_handler import DuckDBPandasTypeHandler
from pydantic import Field
from sqlglot.expressions import Query, Select

from randomuser_assets.query.dialects import WarehouseDuckDB
from randomuser_assets.query.names import quoted
from randomuser_assets.warehouse.connect import opened, with_enough_memory
from randomuser_assets.warehouse.engines import said
from randomuser_assets.warehouse.faults import WarehouseError, told_without_data
from randomuser_assets.warehouse.observe import Metadata, observed, rows_by_partition
from randomuser_assets.warehouse.public import keep_public_view
from randomuser_assets.warehouse.table import Slice
from randomuser_assets.warehouse.write import replace_slice
from randomuser_assets.warehouse.writes import keep_write

PUBLIC_COLUMNS = "public_columns"
"""Metadata of an asset: the columns that its table's public view has; without, there is none."""

_SCHEMA = "dagster/column_schema"
_INCOMING = "incoming"


@dataclass(frozen=True)
class Beside:
    """Rows of another table, replaced for the same partitions in the same transaction."""

    schema: str
    table: str
    query: Query
    declared: TableSchema
    description: str


@dataclass(frozen=True)
class Staged:
    """A query over files that are removed once its rows are stored, and let go of in any case."""

    query: Query
    discard: Callable[[], None]
    release: Callable[[], None]
    beside: Sequence[Beside] = ()


class WarehouseIOManager(DuckDBPandasIOManager):
    """Keeps tables in a DuckDB file: as declared, a partition whole or not at all.

    Configured and used like `dagster_duckdb_pandas.DuckDBPandasIOManager`.
    """

    schema_version: str = Field(
        default="",
        description="Version of the tables' declarations. With one, the table quality.writes keeps "
        "which run wrote each partition of each table, and under which version.",
    )

    @classmethod
    def _is_dagster_maintained(cls) -> bool:
        return False

    @staticmethod
    def type_handlers() -> Sequence[DbTypeHandler[Any]]:
        """Say what can be stored and loaded."""
        return [DuckDBPandasTypeHandler(), _ArrowHandler(), _QueryHandler()]

    def create_io_manager(self, context: object) -> DbIOManager:  # noqa: ARG002  the stock signature
        """Give the manager that does the work."""
        return _Manager(
            db_client=_Client(),
            database=self.database,
            schema=self.schema_,
            type_handlers=self.type_handlers(),
            default_load_type=self.default_load_type(),
            io_manager_name=type(self).__name__,
            schema_version=self.schema_version,
        )


class _Client(DuckDbClient):
    """Connects read-only to read, waits its turn, and closes."""

    @staticmethod
    @contextmanager
    def connect(
        context: InputContext | OutputContext, table_slice: TableSlice
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        with opened(
            cast("str", table_slice.database),
            read_only=isinstance(context, InputContext),
            doing=_doing(context, table_slice),
            log=context.log,
            config=_connection_config(context),
            frugal=isinstance(context, OutputContext),
        ) as connection:
            yield connection


def _doing(context: InputContext | OutputContext, table_slice: TableSlice) -> str:
    table = f"{table_slice.schema}.{table_slice.table}"
    if isinstance(context, OutputContext):
        return f"run {context.run_id}, writing {table}"
    try:
        return f"run {context.step_context.run_id}, loading {table}"
    except DagsterInvariantViolationError:  # loaded by hand, in no run
        return f"loading {table}"


class _Manager(DbIOManager):
    """Reads as the stock manager does; writes in one transaction."""

    def __init__(self, *, schema_version: str, **stock: Any) -> None:
        super().__init__(**stock)
        self._schema_version = schema_version

    def handle_output(self, context: OutputContext, obj: object) -> None:
        """Store what an asset gave."""
        if obj is None:
            super().handle_output(context, obj)  # says that something else was expected
        if not isinstance(obj, Staged):
            self._store(context, obj)
            return
        try:
            self._store(context, obj.query, obj.beside)
            obj.discard()
        finally:
            obj.release()

    def load_input(self, context: InputContext) -> object:
        """Load as annotated; a query is only written down, and runs where it is used."""
        if context.dagster_type.typing_type is Select:
            output_context = cast("OutputContext", context.upstream_output)
            return _query(self._get_table_slice(context, output_context))
        loaded = context.asset_key.to_user_string() if context.has_asset_key else context.name
        with told_without_data(f"Loading {loaded}"):
            return super().load_input(context)

    def _store(self, context: OutputContext, obj: object, beside: Sequence[Beside] = ()) -> None:
        self._check_supported_type(type(obj))  # type: ignore[no-untyped-call]
        table = self._get_table_slice(context, context)
        target = Slice(table.schema, table.table, _condition(table))
        with (
            told_without_data(f"Writing {table.schema}.{table.table}"),
            self._db_client.connect(context, table) as connection,
        ):
            config = _connection_config(context)
            if isinstance(obj, Query) and said(config, "preserve_insertion_order") is None:
                # Each thread writes what it reads, and waits for no other. What a query orders
                # itself stays in order.
                connection.execute("SET preserve_insertion_order = false")
            source = _source(connection, obj, _columns(context, _SCHEMA), target)
            write = partial(self._written, connection, context, target, source, beside)
            if said(config, "memory_limit") is None:
                metadata, by_partition = with_enough_memory(connection, write, context.log)
            else:
                metadata, by_partition = write()
        context.add_output_metadata(metadata)
        for key, partition_metadata in by_partition.items():
            context.step_context.add_asset_metadata(
                partition_metadata, asset_key=context.asset_key, partition_key=key
            )

    def _written(
        self,
        connection: duckdb.DuckDBPyConnection,
        context: OutputContext,
        target: Slice,
        source: str,
        beside: Sequence[Beside],
    ) -> tuple[Metadata, Mapping[str, Metadata]]:
        """Write in one transaction, and give what is told of it."""
        connection.begin()
        declared, comment = _columns(context, _SCHEMA), _description(context)
        stored = replace_slice(connection, target, source, declared, comment)
        for other in beside:
            replace_slice(
                connection,
                Slice(other.schema, other.table, target.where),
                other.query.sql(dialect=WarehouseDuckDB),
                other.declared,
                other.description,
            )
        if public := _columns(context, PUBLIC_COLUMNS):
            keep_public_view(connection, target, public, comment)
        records = rows_by_partition(connection, context, target, stored)
        told = observed(connection, context, target, records, stored, declared)
        if self._schema_version:
            keep_write(
                connection, target, records, run_id=context.run_id, version=self._schema_version
            )
        connection.commit()
        return told


def _connection_config(context: InputContext | OutputContext) -> dict[str, Any] | None:
    config = (context.resource_config or {}).get("connection_config")
    return cast("dict[str, Any] | None", config)


class _LoadedElsewhere:
    """What handlers share here: how things are stored is the manager's own business."""

    def handle_output(self, *_: object) -> None:
        raise NotImplementedError("stored by the manager itself")


class _ArrowHandler(_LoadedElsewhere, DbTypeHandler[pa.Table]):
    """Loads Arrow tables."""

    supported_types = (pa.Table,)

    def load_input(
        self,
        context: InputContext,  # noqa: ARG002  the stock signature
        table_slice: TableSlice,
        connection: duckdb.DuckDBPyConnection,
    ) -> pa.Table:
        """Load a slice as an Arrow table."""
        return connection.sql(DuckDbClient.get_select_statement(table_slice)).to_arrow_table()


class _QueryHandler(_LoadedElsewhere, DbTypeHandler[Query]):
    """Says that queries can be stored and loaded; the manager does both."""

    supported_types = (Query, Staged)

    def load_input(self, *_: object) -> Query:
        raise NotImplementedError("annotate the input as sqlglot.expressions.Select")


def _query(table_slice: TableSlice) -> Select:
    parsed = sqlglot.parse_one(DuckDbClient.get_select_statement(table_slice), dialect="duckdb")
    return cast("Select", parsed)


def _condition(table_slice: TableSlice) -> str | None:
    where = _query(table_slice).args.get("where")
    return where.this.sql("duckdb") if where else None


def _source(
    connection: duckdb.DuckDBPyConnection,
    obj: object,
    declared: TableSchema | None,
    target: Slice,
) -> str:
    if isinstance(obj, Query):
        return obj.sql(dialect=WarehouseDuckDB, copy=False)
    if isinstance(obj, pd.DataFrame) and not len(obj.columns):
        if declared is None:
            raise WarehouseError(
                f"A frame without columns came for {target.schema}.{target.table}, whose asset "
                "declares none: nothing says what the table is. Give the frame its columns, or the "
                "asset a dagster/column_schema."
            )
        columns = ", ".join(f"NULL AS {quoted(column.name)}" for column in declared.columns)
        return f"SELECT {columns} WHERE FALSE"
    connection.register(_INCOMING, obj)
    return f"SELECT * FROM {_INCOMING}"  # noqa: S608  a constant


def _columns(context: OutputContext, told: str) -> TableSchema | None:
    """Give the columns that an asset tells in its metadata, under this name."""
    found = (context.definition_metadata or {}).get(told)
    return found.schema if isinstance(found, TableSchemaMetadataValue) else found


def _description(context: OutputContext) -> str | None:
    if not context.has_asset_key:
        return None
    return context.step_context.job_def.asset_layer.get(context.asset_key).description
