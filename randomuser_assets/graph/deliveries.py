"""The sensor that starts a day's run when a complete delivery of saved responses has come.

Once for each content that a day has in turn: the cursor says what was there last. A cursor that is
lost is made again from the runs that were started.
"""

import re
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path

import msgspec
from dagster import (
    DagsterInstance,
    DailyPartitionsDefinition,
    DefaultSensorStatus,
    RunRequest,
    RunsFilter,
    SensorDefinition,
    SensorEvaluationContext,
    SensorResult,
    sensor,
)
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from randomuser_assets.numbered import numbered
from randomuser_assets.settings import PREFIX
from randomuser_assets.source.arrivals import Arrivals, Known, Look
from randomuser_assets.source.delivery import MARKER

EVERY = 30
"""Seconds from one look to the next."""

TIME_TO_READ = 20.0
"""Seconds after which the rest is left for the next look; a sensor may take 60."""

DAY_TAG, CONTENT_TAG = "randomuser_assets/delivery_day", "randomuser_assets/delivery"

_A_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TOLD = 5  # folders that a reason names


def delivery_sensor(
    folder: Path,
    quiet: float,
    job: UnresolvedAssetJobDefinition,
    partitions: DailyPartitionsDefinition,
    *,
    time_to_read: float = TIME_TO_READ,
) -> SensorDefinition:
    """Give the sensor that watches a folder of deliveries."""
    arrivals = Arrivals(folder, quiet)

    def is_day(name: str) -> bool:
        return bool(_A_DAY.fullmatch(name)) and partitions.has_partition_key(name)

    @sensor(
        name="deliveries",
        job=job,
        minimum_interval_seconds=EVERY,
        default_status=DefaultSensorStatus.RUNNING,
        description=f"Starts a day's run when its delivery in {folder} is complete: with "
        f"{MARKER}, or after {quiet:g} s without a change ({PREFIX}QUIET_PERIOD). Again when its "
        "content has changed.",
    )
    def deliveries(context: SensorEvaluationContext) -> SensorResult:
        def recalled(day: str) -> Known | None:
            return _last_started(context.instance, day)

        look = arrivals.look(_kept(context), is_day, recalled, time_to_read)
        cursor = _written(look.known)
        if look.come:
            requests = [_request(day, look.known[day]) for day in look.come]
            return SensorResult(run_requests=requests, cursor=cursor)
        return SensorResult(skip_reason=_reason(look), cursor=cursor)

    return deliveries


def _request(day: str, known: Known) -> RunRequest:
    # The count tells a content that has come back from the run that it had before.
    return RunRequest(
        run_key=f"{day} {known.count} {known.content}",
        partition_key=day,
        tags={DAY_TAG: day, CONTENT_TAG: f"{known.count} {known.content}"},
    )


def _last_started(instance: DagsterInstance, day: str) -> Known | None:
    """Give what the newest run was about that was started for a delivery of this day."""
    runs = instance.get_runs(RunsFilter(tags={DAY_TAG: day}), limit=1)
    count, _, content = runs[0].tags.get(CONTENT_TAG, "").partition(" ") if runs else ("", "", "")
    return Known("", content, int(count)) if count.isdecimal() else None


def _kept(context: SensorEvaluationContext) -> Mapping[str, Known]:
    if not context.cursor:
        return {}
    try:
        days = msgspec.json.decode(context.cursor, type=dict[str, tuple[str, str, int]])
    except msgspec.MsgspecError:
        context.log.warning("The cursor cannot be read; it is made again from the runs there are.")
        return {}
    return {day: Known(*of_day) for day, of_day in days.items()}


def _written(known: Mapping[str, Known]) -> str:
    days = {day: astuple(of_day) for day, of_day in known.items()}
    return msgspec.json.encode(days).decode()


def _reason(look: Look) -> str:
    told = [*look.told[:_TOLD]]
    if len(look.told) > _TOLD:
        told.append(f"The same or the like for {len(look.told) - _TOLD} more.")
    if look.strange:
        names = ", ".join(map(ascii, look.strange[:_TOLD]))
        more = " and others" if len(look.strange) > _TOLD else ""
        told.append(f"Ignored, since these are no days of this project: {names}{more}.")
    known = numbered(len(look.known), "known delivery", "known deliveries")
    return " ".join([f"Nothing new in {known}.", *told])
