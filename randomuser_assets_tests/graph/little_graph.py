"""A graph of one asset and one check that do what a test says, to have every kind of run."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    DagsterInstance,
    DagsterRun,
    DailyPartitionsDefinition,
    Definitions,
    ExecuteInProcessResult,
    RetryPolicy,
    asset,
    asset_check,
    define_asset_job,
    in_process_executor,
)

from randomuser_assets_tests.graph.site import range_tags

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
RIGHT = AssetCheckResult(passed=True)


def do_nothing() -> None:
    """Make the asset without trouble."""


def finds(
    *,
    days: str | None = None,
    failing_days: str | None = None,
    warns: bool = False,
    told: str = "rows 2.",
) -> AssetCheckResult:
    """Give what a check says that found something."""
    figures = {"days": days, "failing_days": failing_days}
    return AssetCheckResult(
        passed=False,
        severity=AssetCheckSeverity.WARN if warns else AssetCheckSeverity.ERROR,
        description=told,
        metadata={name: text for name, text in figures.items() if text is not None},
    )


@dataclass
class LittleGraph:
    """The asset `numbers`, its check `are_right`, and runs of both."""

    instance: DagsterInstance
    act: Callable[[], None] = do_nothing
    said: AssetCheckResult = RIGHT
    retries: int = 0
    definitions: Definitions = field(init=False)

    def __post_init__(self) -> None:
        self.definitions = self._defined()

    def run(self, day: str) -> ExecuteInProcessResult:
        """Run one day."""
        return self._executed(partition_key=day)

    def run_range(self, first: str, last: str) -> ExecuteInProcessResult:
        """Run many days at once."""
        return self._executed(tags=range_tags(first, last))

    def run_without_executing(self, day: str) -> DagsterRun:
        """Make a run that something outside of it will end."""
        job = self.definitions.resolve_job_def("little")
        tags = {"dagster/partition": day}
        return self.instance.create_run_for_job(job, tags=tags)

    def _executed(self, **how: Any) -> ExecuteInProcessResult:
        job = self.definitions.resolve_job_def("little")
        return job.execute_in_process(
            instance=self.instance, run_config=_QUIET, raise_on_error=False, **how
        )

    def _defined(self) -> Definitions:
        @asset(
            partitions_def=DailyPartitionsDefinition("2026-01-01"),
            retry_policy=RetryPolicy(max_retries=self.retries) if self.retries else None,
        )
        def numbers() -> None:
            self.act()

        @asset_check(asset=numbers, blocking=True)
        def are_right() -> AssetCheckResult:
            return self.said

        return Definitions(
            assets=[numbers],
            asset_checks=[are_right],
            jobs=[define_asset_job("little")],
            executor=in_process_executor,
        )
