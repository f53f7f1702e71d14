"""Reading the event log: which runs have ended since, in their order."""

from dataclasses import dataclass

from dagster import (
    DagsterEvent,
    DagsterEventType,
    DagsterInstance,
    DagsterRun,
    RunsFilter,
    RunStatusChangeRecordsFilter,
)
from dagster._core.event_api import RunStatusChangeEventType

MOST_RUNS = 100
"""Runs that are read at a time."""

_ENDINGS: tuple[RunStatusChangeEventType, ...] = (
    DagsterEventType.RUN_SUCCESS,
    DagsterEventType.RUN_FAILURE,
    DagsterEventType.RUN_CANCELED,
)


@dataclass(frozen=True)
class Ended:
    """A run that has ended; the run itself may have been deleted since."""

    position: int
    timestamp: float
    event: DagsterEvent
    run: DagsterRun | None


def position_before(instance: DagsterInstance, moment: float) -> int:
    """Give the position after which all runs lie that ended later than a moment."""
    last = [
        record.storage_id
        for ending in _ENDINGS
        for record in instance.fetch_run_status_changes(
            RunStatusChangeRecordsFilter(ending, before_timestamp=moment), limit=1
        ).records
    ]
    return max(last, default=0)


def position_within(instance: DagsterInstance, position: int) -> int:
    """Give a position from which nothing new is missed: a log that lost runs may count back."""
    return min(position, instance.event_log_storage.get_maximum_record_id() or 0)


def ended_after(instance: DagsterInstance, position: int) -> list[Ended]:
    """Give the next runs that ended, in the order in which they did."""
    records = [
        record
        for ending in _ENDINGS
        for record in instance.fetch_run_status_changes(
            RunStatusChangeRecordsFilter(ending, after_storage_id=position),
            limit=MOST_RUNS,
            ascending=True,
        ).records
    ]
    records = sorted(records, key=lambda record: record.storage_id)[:MOST_RUNS]
    ids = list({record.run_id for record in records})
    runs = {run.run_id: run for run in instance.get_runs(RunsFilter(run_ids=ids))} if ids else {}
    return [
        Ended(record.storage_id, record.timestamp, event, runs.get(record.run_id))
        for record in records
        if (event := record.event_log_entry.dagster_event)
    ]
