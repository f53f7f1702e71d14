"""Where the pipeline's time goes: the seconds of its steps, from Dagster's own records.

Only the names of steps are known here, and that a step's output is there before it is stored.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from dagster import DagsterEventType, DagsterInstance, EventLogEntry

from bench.measure import Measured
from randomuser_assets.model import MODEL

STAGES = (
    "start",
    "read and protect",
    "land",
    "flatten",
    "reject",
    "normalise",
    "check",
    "export",
    "between and after",
)
_FETCHED = (DagsterEventType.STEP_OUTPUT, DagsterEventType.STEP_SUCCESS)


def stages(home: Path, taken: Measured) -> dict[str, float]:
    """Give the seconds of each stage of the newest run that was recorded there."""
    recorded = _newest(home)
    found = dict.fromkeys(STAGES, 0.0)
    for name, events in recorded.items():
        begin, end = events[DagsterEventType.STEP_START], events[DagsterEventType.STEP_SUCCESS]
        if name == MODEL.raw.name:
            fetched = min(events[kind] for kind in _FETCHED if kind in events)
            found["read and protect"] += fetched - begin
            found["land"] += end - fetched
        else:
            found[_stage(name)] += end - begin
    found["start"] = (
        min(each[DagsterEventType.STEP_START] for each in recorded.values()) - taken.began
    )
    found["between and after"] = max(taken.seconds - sum(found.values()), 0.0)
    return found


def steps(home: Path) -> dict[str, float]:
    """Give the seconds of each step of the newest run that was recorded there."""
    return {
        name: events[DagsterEventType.STEP_SUCCESS] - events[DagsterEventType.STEP_START]
        for name, events in _newest(home).items()
    }


def _newest(home: Path) -> Mapping[str, dict[DagsterEventType, float]]:
    os.environ["DAGSTER_HOME"] = str(home)  # to which the configuration there refers
    with DagsterInstance.get() as instance:
        run = instance.get_runs(limit=1)[0]
        return _steps(instance.all_logs(run.run_id))


def _stage(step: str) -> str:
    if step.startswith("check"):
        return "check"
    if step in {table.name for table in MODEL.core}:
        return "normalise"
    return {MODEL.flattened.name: "flatten", MODEL.rejected.name: "reject"}.get(step, "export")


def _steps(log: Sequence[EventLogEntry]) -> Mapping[str, dict[DagsterEventType, float]]:
    found: dict[str, dict[DagsterEventType, float]] = {}
    for entry in log:
        if entry.is_dagster_event and entry.step_key:
            kind = entry.get_dagster_event().event_type
            found.setdefault(entry.step_key, {}).setdefault(kind, entry.timestamp)
    return {
        name: events for name, events in found.items() if DagsterEventType.STEP_SUCCESS in events
    }
