"""Which alerts come of every kind of run, on a graph that does what the test says."""

from collections.abc import Callable, Iterator

import pytest
from dagster import AssetCheckResult, DagsterInstance, Failure

from randomuser_assets.graph.run_log import MOST_RUNS
from randomuser_assets_tests.alert.receiver import Receiver, receiver
from randomuser_assets_tests.graph.little_graph import RIGHT, LittleGraph, do_nothing, finds
from randomuser_assets_tests.graph.watch import UI, Watch, sensor_to

pytestmark = pytest.mark.long

FIRST, SECOND, THIRD = "2026-01-05", "2026-01-06", "2026-01-07"
PRIVATE = "Xk1-planted-value"
TITLE = "randomuser_assets: "


@pytest.fixture
def to() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture
def graph() -> Iterator[LittleGraph]:
    with DagsterInstance.ephemeral() as instance:
        yield LittleGraph(instance)


@pytest.fixture
def watch(graph: LittleGraph, to: Receiver) -> Watch:
    watch = Watch(graph.definitions, graph.instance, sensor_to([to.address]))
    watch.look()
    return watch


def titles(watch: Watch, to: Receiver) -> list[str]:
    """Look, and give the titles of what came."""
    watch.look()
    return [alert.title.removeprefix(TITLE) for alert in to.taken()]


def fail_with(error: Exception) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


# Checks


def test_a_check_is_told_for_the_days_on_which_it_fails(
    graph: LittleGraph, watch: Watch, to: Receiver
) -> None:
    graph.said = finds(days=f"{FIRST} to {THIRD}", failing_days=f"{FIRST}, {THIRD}")
    graph.run_range(FIRST, THIRD)
    assert titles(watch, to) == [f"numbers.are_right failed for {FIRST}, {THIRD}"]
    graph.said = RIGHT
    graph.run(SECOND)
    assert titles(watch, to) == []
    graph.run(THIRD)
    assert titles(watch, to) == [f"numbers.are_right recovered for {THIRD}"]


def test_a_failure_that_is_not_of_a_day_is_over_when_it_is_not_found_again(
    graph: LittleGraph, watch: Watch, to: Receiver
) -> None:
    graph.said = finds(days=FIRST, failing_days="all")
    graph.run(FIRST)
    assert titles(watch, to) == ["numbers.are_right failed"]
    graph.run(SECOND)
    assert titles(watch, to) == []
    graph.said = RIGHT
    graph.run(SECOND)
    assert titles(watch, to) == ["numbers.are_right recovered"]


def test_a_check_that_names_no_days_is_told_for_those_of_its_run(
    graph: LittleGraph, watch: Watch, to: Receiver
) -> None:
    graph.said = finds()
    graph.run_range(FIRST, SECOND)
    assert titles(watch, to) == [f"numbers.are_right failed for {FIRST} to {SECOND}"]


def test_a_check_on_everything_is_told_for_its_days(
    graph: LittleGraph, watch: Watch, to: Receiver
) -> None:
    graph.said = finds(days="all", failing_days=SECOND)
    graph.run(FIRST)
    assert titles(watch, to) == [f"numbers.are_right failed for {SECOND}"]
    graph.said = AssetCheckResult(passed=True, metadata={"days": "all"})
    graph.run(FIRST)
    assert titles(watch, to) == [f"numbers.are_right recovered for {SECOND}"]


def test_a_warning_is_told_though_the_run_succeeds_and_again_when_it_becomes_an_error(
    graph: LittleGraph, watch: Watch, to: Receiver
) -> None:
    graph.said = finds(warns=True)
    assert graph.run(FIRST).success
    watch.look()
    (alert,) = to.taken()
    assert (alert.title, alert.tone) == (f"{TITLE}numbers.are_right warns for {FIRST}", "warning")
    graph.said = finds()
    graph.run(FIRST)
    graph.said = finds(warns=True)
    graph.run(FIRST)
    assert titles(watch, to) == [f"numbers.are_right failed for {FIRST}"]


def test_the_line_of_a_check_has_its_figures_and_links(
    graph: LittleGraph, watch: Watch, to: Receiver
) -> None:
    graph.said = finds(told="rows 2, keys 1.\nand more that is not told")
    run_id = graph.run(FIRST).run_id
    watch.look()
    (alert,) = to.taken()
    page = f"{UI}/assets/numbers?view=checks&checkDetail=are_right"
    assert alert.lines == [
        f"ERROR numbers.are_right, {FIRST}: rows 2, keys 1. {page}",
        f"Run: {UI}/runs/{run_id}",
    ]


# Steps


def test_a_step_is_told_with_our_own_sentence_and_is_over_when_it_succeeds_for_its_day(
    graph: LittleGraph, watch: Watch, to: Receiver
) -> None:
    graph.act = fail_with(Failure(f"Expected 5 people, 4 came. {'x' * 900}\nsecond line"))
    run_id = graph.run(FIRST).run_id
    watch.look()
    (alert,) = to.taken()
    assert (alert.title, alert.tone) == (f"{TITLE}numbers failed for {FIRST}", "failure")
    line, run = alert.lines
    assert line.startswith(f"ERROR numbers, {FIRST}: Expected 5 people, 4 came. xxx")
    assert len(line) < 500
    assert run == f"Run: {UI}/runs/{run_id}"
    graph.act = do_nothing
    graph.run(SECOND)
    assert titles(watch, to) == []
    graph.run(FIRST)
    assert titles(watch, to) == [f"numbers recovered for {FIRST}"]


@pytest.mark.parametrize("retries", [0, 1])
def test_the_text_of_any_other_exception_is_not_told(
    graph: LittleGraph, to: Receiver, retries: int
) -> None:
    little = LittleGraph(graph.instance, fail_with(KeyError(PRIVATE)), retries=retries)
    watch = Watch(little.definitions, little.instance, sensor_to([to.address]))
    little.run(FIRST)
    watch.look()
    (alert,) = to.taken()
    assert alert.lines[0] == (
        f"ERROR numbers, {FIRST}: KeyError, whose text may quote data: see the run."
    )
    assert PRIVATE not in repr(alert) + str(watch.cursor)


def test_a_step_that_is_tried_again_is_told_once_or_not_at_all(
    graph: LittleGraph, to: Receiver
) -> None:
    tries = []

    def act() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise Failure("not yet")

    little = LittleGraph(graph.instance, act, retries=2)
    watch = Watch(little.definitions, little.instance, sensor_to([to.address]))
    assert little.run(FIRST).success
    assert titles(watch, to) == []
    little.act = fail_with(Failure("never"))
    little.run(FIRST)
    little.run(FIRST)
    assert titles(watch, to) == [f"numbers failed for {FIRST}"]


def test_a_step_of_many_days_is_over_day_by_day(
    graph: LittleGraph, watch: Watch, to: Receiver
) -> None:
    graph.act = fail_with(Failure("no"))
    graph.run_range(FIRST, THIRD)
    assert titles(watch, to) == [f"numbers failed for {FIRST} to {THIRD}"]
    graph.act = do_nothing
    graph.run(SECOND)
    assert titles(watch, to) == [f"numbers recovered for {SECOND}"]
    graph.run_range(FIRST, THIRD)
    assert titles(watch, to) == [f"numbers recovered for {FIRST}, {THIRD}"]


# Runs


def test_a_run_that_ends_without_a_failed_step_is_told_and_is_over_with_the_next_success(
    graph: LittleGraph, watch: Watch, to: Receiver
) -> None:
    run = graph.run_without_executing(FIRST)
    graph.instance.report_run_failed(run, f"the process is gone with {PRIVATE}")
    watch.look()
    (alert,) = to.taken()
    assert alert.title == f"{TITLE}the run of little failed for {FIRST}"
    assert alert.lines[-1] == f"Run: {UI}/runs/{run.run_id}"
    assert PRIVATE not in repr(alert)
    graph.run(FIRST)
    assert titles(watch, to) == [f"the run of little recovered for {FIRST}"]


def test_a_run_that_is_interrupted_is_told_as_a_run(
    graph: LittleGraph, watch: Watch, to: Receiver
) -> None:
    def act() -> None:
        raise KeyboardInterrupt

    graph.act = act
    graph.run(FIRST)
    watch.look()
    (alert,) = to.taken()
    assert alert.title == f"{TITLE}the run of little failed for {FIRST}"
    assert "UNEXPECTED_TERMINATION" in alert.body


def test_a_run_that_somebody_cancels_is_no_problem(
    graph: LittleGraph, watch: Watch, to: Receiver
) -> None:
    run = graph.run_without_executing(FIRST)
    graph.instance.report_run_canceling(run)
    graph.instance.report_run_canceled(run)
    assert titles(watch, to) == []


def test_more_runs_than_are_read_at_a_time_are_all_told(
    graph: LittleGraph, watch: Watch, to: Receiver
) -> None:
    for _ in range(MOST_RUNS + 10):
        run = graph.run_without_executing(FIRST)
        graph.instance.report_run_failed(run)
    last = graph.run_without_executing(SECOND)
    graph.instance.report_run_failed(last)
    graph.run(THIRD)  # its success must not hide what is not read yet
    assert titles(watch, to) == [f"the run of little failed for {FIRST}"]
    assert titles(watch, to) == [f"the run of little failed for {SECOND}"]
    assert titles(watch, to) == []


def test_runs_that_end_between_two_looks_are_told_each_and_many_together(
    graph: LittleGraph, watch: Watch, to: Receiver
) -> None:
    graph.act = fail_with(Failure("no"))
    days = [f"2026-01-{day:02}" for day in range(1, 10)]
    for day in days[:2]:
        graph.run(day)
    assert titles(watch, to) == [f"numbers failed for {day}" for day in days[:2]]
    for day in days[2:]:
        graph.run(day)
    watch.look()
    (alert,) = to.taken()
    assert alert.title == f"{TITLE}numbers failed for {days[2]} to {days[-1]}"
