"""The partitions: days, and which of them a run is about."""

from collections.abc import Mapping

from dagster import BackfillPolicy, DailyPartitionsDefinition

from randomuser_assets.settings import Settings

WHOLE_RANGE = BackfillPolicy.single_run()
"""A backfill of many days is one run, whose queries are about all of them at once."""

_PARTITION = "dagster/partition"
RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"


def daily_partitions(settings: Settings) -> DailyPartitionsDefinition:
    """Give one partition a day; today is one: a snapshot is named after the day it is taken."""
    return DailyPartitionsDefinition(start_date=settings.start_date.isoformat(), end_offset=1)


def days_of_run(tags: Mapping[str, str]) -> tuple[str, str] | None:
    """Give the first and last day that a run is about, or null when it is about everything."""
    if _PARTITION in tags:
        return tags[_PARTITION], tags[_PARTITION]
    if RANGE_START in tags and RANGE_END in tags:
        return tags[RANGE_START], tags[RANGE_END]
    return None
