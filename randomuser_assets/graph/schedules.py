"""The jobs, and when they run: the day's work, and the checks by themselves."""

from collections.abc import Sequence
from datetime import UTC, date, timedelta

from dagster import (
    AssetKey,
    AssetSelection,
    DefaultScheduleStatus,
    RunRequest,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    build_schedule_from_partitioned_job,
    define_asset_job,
    schedule,
)
from dagster._core.definitions.partitions.partitioned_schedule import (
    UnresolvedPartitionedAssetScheduleDefinition,
)
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from randomuser_assets.graph.days import RANGE_END, RANGE_START
from randomuser_assets.model.quality import SCHEMA

HOUR = 6  # UTC
HOUR_OF_MARTS = 7
HOUR_OF_CHECKS = 12
CHECKED_DAYS = 30

Schedule = ScheduleDefinition | UnresolvedPartitionedAssetScheduleDefinition


def daily_job(but: Sequence[AssetKey]) -> UnresolvedAssetJobDefinition:
    """Give the job that materialises and checks a day, from the source to the files."""
    return define_asset_job(
        "daily",
        selection=AssetSelection.all() - AssetSelection.assets(*but),
        description="A day's people, from the source to checked tables and files.",
    )


def extract_load_job(but: AssetSelection) -> UnresolvedAssetJobDefinition:
    """Give the job that does the day's work without what is made of all days."""
    return define_asset_job(
        "extract_load",
        selection=AssetSelection.all() - but,
        description="A day's people, from the source to checked tables and files; no marts.",
    )


def transform_job(selection: AssetSelection) -> UnresolvedAssetJobDefinition:
    """Give the job that makes what is made of all days."""
    return define_asset_job(
        "transform",
        selection=selection,
        description="The marts and what is made of them, of all days that are there.",
    )


def apart_schedules(
    extract_load: UnresolvedAssetJobDefinition, transform: UnresolvedAssetJobDefinition
) -> list[Schedule]:
    """Give the schedules for who wants the two apart; daily_schedule is to be stopped then."""
    return [
        build_schedule_from_partitioned_job(
            extract_load,
            name="extract_load_schedule",
            description=f"The first half of daily_schedule, at {HOUR:02}:00 UTC.",
            hour_of_day=HOUR,
            minute_of_hour=0,
        ),
        ScheduleDefinition(
            name="transform_schedule",
            job=transform,
            cron_schedule=f"0 {HOUR_OF_MARTS} * * *",
            description=f"The other half of daily_schedule, at {HOUR_OF_MARTS:02}:00 UTC.",
        ),
    ]


def daily_schedule(job: UnresolvedAssetJobDefinition, *, runs: bool = True) -> Schedule:
    """Give the schedule: each morning, that day; where deliveries start a day, it stands still."""
    return build_schedule_from_partitioned_job(
        job,
        name="daily_schedule",
        description=f"Takes the day's snapshot at {HOUR:02}:00 UTC.",
        hour_of_day=HOUR,
        minute_of_hour=0,
        default_status=DefaultScheduleStatus.RUNNING if runs else DefaultScheduleStatus.STOPPED,
    )


def quality_job(but: Sequence[AssetKey]) -> UnresolvedAssetJobDefinition:
    """Give the job that checks what is stored, changes nothing of it, and makes the page."""
    return define_asset_job(
        "quality",
        selection=(AssetSelection.all_asset_checks() | AssetSelection.groups(SCHEMA))
        - AssetSelection.checks_for_assets(*but),
        description="All checks on what is stored of the run's days, and the quality page.",
    )


def quality_schedule(job: UnresolvedAssetJobDefinition, first: date) -> ScheduleDefinition:
    """Give the schedule: each day the newest ones, whoever wrote to them since."""

    @schedule(
        name="quality_schedule",
        job=job,
        cron_schedule=f"0 {HOUR_OF_CHECKS} * * *",
        description=f"Checks the {CHECKED_DAYS} newest days at {HOUR_OF_CHECKS:02}:00 UTC.",
        default_status=DefaultScheduleStatus.RUNNING,
    )
    def newest_days(context: ScheduleEvaluationContext) -> RunRequest:
        last = context.scheduled_execution_time.astimezone(UTC).date()
        start = max(first, last - timedelta(days=CHECKED_DAYS - 1))
        return RunRequest(tags={RANGE_START: start.isoformat(), RANGE_END: last.isoformat()})

    return newest_days
