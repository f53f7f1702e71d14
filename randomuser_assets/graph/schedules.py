"""The daily job, and when it runs."""

from dagster import (
    AssetSelection,
    DefaultScheduleStatus,
    ScheduleDefinition,
    build_schedule_from_partitioned_job,
    define_asset_job,
)
from dagster._core.definitions.partitions.partitioned_schedule import (
    UnresolvedPartitionedAssetScheduleDefinition,
)
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

HOUR = 6  # UTC

Schedule = ScheduleDefinition | UnresolvedPartitionedAssetScheduleDefinition


def daily_job() -> UnresolvedAssetJobDefinition:
    """Give the job that materialises and checks a day, from the source to the files."""
    return define_asset_job(
        "daily",
        selection=AssetSelection.all(),
        description="A day's people, from the source to checked tables and files.",
    )


def daily_schedule(job: UnresolvedAssetJobDefinition) -> Schedule:
    """Give the schedule: each morning, that day."""
    return build_schedule_from_partitioned_job(
        job,
        name="daily_schedule",
        description=f"Takes the day's snapshot at {HOUR:02}:00 UTC.",
        hour_of_day=HOUR,
        minute_of_hour=0,
        default_status=DefaultScheduleStatus.RUNNING,
    )
