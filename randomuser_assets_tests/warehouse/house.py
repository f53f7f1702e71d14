"""A real warehouse file with an instance that remembers its runs.

Here belongs what every test of this room does: materialise, see a run fail, read what is stored.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from dagster import (
    AssetCheckEvaluation,
    AssetKey,
    AssetsDefinition,
    DagsterInstance,
    ExecuteInProcessResult,
    materialize,
)
from dagster._core.definitions.asset_checks.asset_checks_definition import AssetChecksDefinition
from dagster_duckdb_pandas import DuckDBPandasIOManager
from dagster_shared.serdes import serialize_value

from randomuser_assets.warehouse import WarehouseIOManager

_RANGE = "dagster/asset_partition_range_{}"


@dataclass
class House:
    """A warehouse, and how the tests come and go."""

    path: Path
    io_manager: DuckDBPandasIOManager
    instance: DagsterInstance

    def attempt(
        self,
        *assets: AssetsDefinition | AssetChecksDefinition,
        day: str | None = None,
        days: tuple[str, str] | None = None,
        only: list[AssetsDefinition] | None = None,
    ) -> ExecuteInProcessResult:
        """Materialise a day, the days of a range, or what has no days, and say how it went."""
        first_and_last = zip(("start", "end"), days or (), strict=False)
        return materialize(
            assets,
            instance=self.instance,
            resources={"io_manager": self.io_manager},
            partition_key=day,
            tags={_RANGE.format(end): key for end, key in first_and_last},
            selection=only,
            raise_on_error=False,
        )

    def run(
        self, *assets: AssetsDefinition | AssetChecksDefinition, **how: Any
    ) -> ExecuteInProcessResult:
        """Materialise, which must succeed."""
        result = self.attempt(*assets, **how)
        assert result.success, fault(result)
        return result

    def refusal(self, *assets: AssetsDefinition, **how: Any) -> str:
        """Materialise, which must fail, and give what a user is told."""
        result = self.attempt(*assets, **how)
        assert not result.success
        return fault(result)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the warehouse."""
        with duckdb.connect(str(self.path)) as connection:
            return connection.execute(query).fetchall()

    def metadata(self, name: str, partition: str | None = None) -> dict[str, Any]:
        """Give the values of the latest materialisation's metadata."""
        records = self.instance.fetch_materializations(AssetKey(name), limit=100).records
        found = (
            record.asset_materialization
            for record in records
            if record.asset_materialization and record.partition_key == partition
        )
        return {key: entry.value for key, entry in next(found).metadata.items()}

    def checks(self, result: ExecuteInProcessResult) -> list[AssetCheckEvaluation]:
        """Give what the checks of a run found."""
        return list(result.get_asset_check_evaluations())

    def log(self) -> str:
        """Give all that the instance has stored of all runs: events, messages, errors, traces."""
        return "\n".join(
            serialize_value(entry)
            for run in self.instance.get_runs()
            for entry in self.instance.all_logs(run.run_id)
        )


def house_at(
    path: Path,
    manager: type[DuckDBPandasIOManager] = WarehouseIOManager,
    instance: DagsterInstance | None = None,
    **config: Any,
) -> House:
    """Give a warehouse at this path, kept by this manager, ours or the stock one."""
    io_manager = manager(database=str(path), **config)
    return House(path, io_manager, instance or DagsterInstance.ephemeral())


def fault(result: ExecuteInProcessResult) -> str:
    """Give the messages of the error that ended a run, and of its causes."""
    failure = next(event for event in result.all_events if event.is_step_failure)
    messages, error = [], failure.step_failure_data.error
    while error:
        messages.append(error.message.strip())
        error = error.cause or error.context
    return "\n".join(messages)
