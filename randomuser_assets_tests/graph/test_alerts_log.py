"""What is read of the event log, from where on, and what a cursor keeps."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dagster import (
    DagsterEvent,
    DagsterEventType,
    DagsterInstance,
    Definitions,
    Failure,
    RunsFilter,
)

from randomuser_assets_tests.alert.receiver import Receiver, receiver
from randomuser_assets_tests.graph.little_graph import RIGHT, LittleGraph, do_nothing, finds
from randomuser_assets_tests.graph.watch import Watch, sensor_to

pytestmark = pytest.mark.long

FIRST, SECOND = "2026-01-05", "2026-01-06"
HOUR = 3600


@pytest.fixture
def to() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture(params=["in memory", "in files"])
def graph(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LittleGraph]:
    """A graph, with each kind of event log that comes without a server."""
    in_memory = request.param == "in memory"
    opened = DagsterInstance.ephemeral() if in_memory else DagsterInstance.local_temp(str(tmp_path))
    with opened as instance:
        yield LittleGraph(instance)


@pytest.fixture
def watch(graph: LittleGraph, to: Receiver) -> Watch:
    watch = Watch(graph.definitions, graph.instance, sensor_to([to.address]))
    watch.look()
    return watch


def titles(watch: Watch, to: Receiver) -> list[str]:
    """Look, and give the titles of what came."""
    watch.look()
    return [alert.title.removeprefix("randomuser_assets: ") for alert in to.taken()]


def fail_with(error: Exception) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


def test_the_first_look_tells_what_is_still_wrong_of_the_last_day(
    graph: LittleGraph, to: Receiver
) -> None:
    graph.act = fail_with(Failure("no"))
    graph.run(FIRST)
    graph.run(SECOND)
    graph.act = do_nothing
    graph.run(FIRST)
    watch = Watch(graph.definitions, graph.instance, sensor_to([to.address]))
    assert titles(watch, to) == [f"numbers failed for {SECOND}"]


def ended_long_ago(graph: LittleGraph, day: str, ending: DagsterEventType) -> None:
    run = graph.run_without_executing(day)
    event = DagsterEvent(ending.value, job_name=run.job_name)
    two_days_ago = time.time() - 48 * HOUR
    graph.instance.report_dagster_event(event, run.run_id, timestamp=two_days_ago)


def test_the_first_look_leaves_what_is_longer_past(graph: LittleGraph, to: Receiver) -> None:
    ended_long_ago(graph, FIRST, DagsterEventType.RUN_FAILURE)
    graph.act = fail_with(Failure("no"))
    graph.run(SECOND)
    watch = Watch(graph.definitions, graph.instance, sensor_to([to.address]))
    assert titles(watch, to) == [f"numbers failed for {SECOND}"]


def test_after_a_long_time_without_a_look_only_what_is_still_wrong_is_told(
    graph: LittleGraph, watch: Watch, to: Receiver
) -> None:
    ended_long_ago(graph, FIRST, DagsterEventType.RUN_FAILURE)
    ended_long_ago(graph, SECOND, DagsterEventType.RUN_FAILURE)
    ended_long_ago(graph, FIRST, DagsterEventType.RUN_SUCCESS)
    assert titles(watch, to) == [f"the run of little failed for {SECOND}"]


def test_a_restart_sends_nothing_again(graph: LittleGraph, watch: Watch, to: Receiver) -> None:
    graph.said = finds()
    graph.run(FIRST)
    assert len(titles(watch, to)) == 1
    restarted = Watch(graph.definitions, graph.instance, sensor_to([to.address]), watch.cursor)
    assert titles(restarted, to) == []
    graph.said = RIGHT
    graph.run(FIRST)
    assert titles(restarted, to) == [f"numbers.are_right recovered for {FIRST}"]


def test_a_cursor_that_cannot_be_read_is_as_none(
    graph: LittleGraph, watch: Watch, to: Receiver
) -> None:
    graph.said = finds()
    graph.run(FIRST)
    watch.cursor = '{"position": "set by hand"}'
    assert titles(watch, to) == [f"numbers.are_right failed for {FIRST}"]
    assert titles(watch, to) == []


def test_a_log_that_lost_its_runs_is_read_on(
    graph: LittleGraph, watch: Watch, to: Receiver
) -> None:
    for _ in range(3):
        graph.run(FIRST)
    assert titles(watch, to) == []
    for run in graph.instance.get_runs(RunsFilter()):
        graph.instance.delete_run(run.run_id)
    assert titles(watch, to) == []
    graph.act = fail_with(Failure("no"))
    graph.run(FIRST)
    assert titles(watch, to) == [f"numbers failed for {FIRST}"]


def test_a_problem_of_what_is_declared_no_more_is_forgotten(
    graph: LittleGraph, watch: Watch, to: Receiver
) -> None:
    graph.said = finds()
    graph.run(FIRST)
    assert len(titles(watch, to)) == 1
    watch.definitions = Definitions()
    assert titles(watch, to) == []
    assert "are_right" not in str(watch.cursor)
