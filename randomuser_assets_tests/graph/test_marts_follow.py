"""The marts follow whoever writes to the core tables, once, and when nobody does any longer."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from dagster import (
    AssetKey,
    AssetMaterialization,
    AutomationConditionSensorDefinition,
    DagsterEvent,
    DagsterEventType,
    DagsterInstance,
    DagsterRunStatus,
    DefaultSensorStatus,
    Definitions,
    evaluate_automation_conditions,
)
from dagster._core.events import StepMaterializationData
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill

from randomuser_assets.build import build_definitions
from randomuser_assets.model import MODEL
from randomuser_assets.model.marts import MARTS
from randomuser_assets.settings import Settings

DAY, NEXT = "2026-01-05", "2026-01-06"
CORE = [AssetKey(table.name) for table in MODEL.core]
MADE = {AssetKey(table.name) for table in MARTS}
FOLLOWING = {
    *MADE,
    *(AssetKey(["parquet", table.name]) for table in MARTS),
    AssetKey(["reports", "population"]),
}


@dataclass
class Watch:
    """The sensor's looks, one after the other."""

    definitions: Definitions
    instance: DagsterInstance
    cursor: Any = None

    def look(self) -> set[AssetKey]:
        """Look once, and say what would be made."""
        result = evaluate_automation_conditions(self.definitions, self.instance, cursor=self.cursor)
        self.cursor = result.cursor
        return {each.key for each in result.results if result.get_num_requested(each.key)}

    def begin(self, job: str, *keys: AssetKey, day: str | None = None) -> str:
        """Begin a run of a job, which is to make these."""
        definition = self.definitions.resolve_job_def(job)
        run = self.instance.create_run_for_job(
            definition,
            asset_selection=frozenset(keys) if keys else None,
            tags={"dagster/partition": day} if day else {},
            status=DagsterRunStatus.STARTED,
        )
        return run.run_id

    def write(self, run_id: str, *keys: AssetKey, day: str | None = None) -> None:
        """Tell that a run has made these."""
        run = self.instance.get_run_by_id(run_id)
        assert run
        for key in keys:
            made = StepMaterializationData(AssetMaterialization(key, partition=day))
            self.instance.report_dagster_event(
                DagsterEvent(
                    DagsterEventType.ASSET_MATERIALIZATION.value,
                    run.job_name,
                    step_key="step",
                    event_specific_data=made,
                ),
                run_id,
            )

    def end(self, run_id: str) -> None:
        """Tell that a run has ended well."""
        run = self.instance.get_run_by_id(run_id)
        assert run
        self.instance.report_dagster_event(
            DagsterEvent(DagsterEventType.RUN_SUCCESS.value, run.job_name), run_id
        )

    def backfill(self, *keys: AssetKey, days: list[str]) -> PartitionBackfill:
        """Begin a backfill."""
        backfill = PartitionBackfill.from_asset_partitions(
            backfill_id="long",
            asset_graph=self.definitions.resolve_asset_graph(),
            partition_names=days,
            asset_selection=list(keys),
            backfill_timestamp=time.time(),
            tags={},
            dynamic_partitions_store=self.instance,
            all_partitions=False,
            title=None,
            description=None,
            run_config=None,
        )
        self.instance.add_backfill(backfill)
        return backfill


@pytest.fixture
def watch() -> Iterator[Watch]:
    settings = Settings(source="sample", start_date=date(2026, 1, 1))
    with DagsterInstance.ephemeral() as instance:
        yield Watch(build_definitions(settings), instance)


def test_the_sensor_is_on_from_the_start() -> None:
    settings = Settings(source="sample", start_date=date(2026, 1, 1))
    (sensor,) = (
        each
        for each in build_definitions(settings).sensors or ()
        if isinstance(each, AutomationConditionSensorDefinition)
    )
    assert sensor.name == "marts_follow"
    assert sensor.default_status is DefaultSensorStatus.RUNNING


def test_where_nothing_was_written_nothing_is_made(watch: Watch) -> None:
    assert watch.look() == set()
    assert watch.look() == set()


def test_a_day_that_was_written_is_followed_once(watch: Watch) -> None:
    watch.look()
    run = watch.begin("extract_load", *CORE, day=DAY)
    watch.write(run, *CORE[:-1], day=DAY)
    assert watch.look() == set(), "the run still writes"
    watch.write(run, *CORE[-1:], day=DAY)
    assert watch.look() == FOLLOWING
    assert watch.look() == set()


def test_one_table_is_enough(watch: Watch) -> None:
    watch.look()
    run = watch.begin("extract_load", AssetKey("countries"), day=DAY)
    watch.write(run, AssetKey("countries"), day=DAY)
    watch.end(run)
    assert watch.look() == FOLLOWING


def test_the_daily_run_makes_them_itself(watch: Watch) -> None:
    watch.look()
    run = watch.begin("daily", *CORE, *FOLLOWING, day=DAY)
    watch.write(run, *CORE, day=DAY)
    assert watch.look() == set()
    watch.write(run, *FOLLOWING)
    watch.end(run)
    assert watch.look() == set()


def test_the_end_of_a_backfill_is_waited_for(watch: Watch) -> None:
    """It is several runs, between which nobody writes."""
    watch.look()
    backfill = watch.backfill(*CORE, days=[DAY, NEXT])
    first = watch.begin("extract_load", *CORE, day=DAY)
    watch.write(first, *CORE, day=DAY)
    watch.end(first)
    assert watch.look() == set()
    second = watch.begin("extract_load", *CORE, day=NEXT)
    watch.write(second, *CORE, day=NEXT)
    watch.end(second)
    assert watch.look() == set()
    watch.instance.update_backfill(backfill._replace(status=BulkActionStatus.COMPLETED_SUCCESS))
    assert watch.look() == FOLLOWING
