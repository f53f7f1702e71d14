"""Dagster's records, in files that stay open, are the same records in the same files.

Here belongs what `records.py` does in another way than Dagster. Not here: that runs, sensors and
the UI work on them, which all tests show that start one of Dagster's own programs in a `Shell`.
"""

import os
import queue
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from dagster import (
    AssetCheckResult,
    AssetKey,
    AssetMaterialization,
    DagsterEventType,
    DagsterInstance,
    DagsterInvalidConfigError,
    DagsterInvariantViolationError,
    EventLogEntry,
    asset,
    asset_check,
    materialize,
)
from sqlalchemy.exc import OperationalError

from randomuser_assets.environment import dagster_home
from randomuser_assets.graph import records
from randomuser_assets.settings import SAMPLE, Settings

SUCCESS = DagsterEventType.RUN_SUCCESS.value

_opened: list[str] = []
_counting = False


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _counting and event == "sqlite3.connect":
        _opened.append(Path(str(arguments[0])).name)


sys.addaudithook(_hear)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Give the SQLite files that are opened meanwhile, one entry each time."""
    global _counting  # noqa: PLW0603  a hook cannot be taken away again
    _opened.clear()
    _counting = True
    try:
        yield _opened
    finally:
        _counting = False


@asset
def thing() -> int:
    """Have something to materialise."""
    return 1


@asset_check(asset=thing)
def is_there() -> AssetCheckResult:
    """Have something to check."""
    return AssetCheckResult(passed=True)


def run(instance: DagsterInstance, times: int = 1) -> Sequence[str]:
    """Run it some times, and give the ids of the runs."""
    return [materialize([thing, is_there], instance=instance).run_id for _ in range(times)]


def kinds(instance: DagsterInstance, run_id: str) -> list[str]:
    """Give what is recorded of a run."""
    return [
        entry.get_dagster_event().event_type_value
        for entry in instance.all_logs(run_id)
        if entry.is_dagster_event
    ]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the home that the project makes."""
    found = dagster_home(Settings(source=SAMPLE, data_dir=tmp_path / "data"))
    monkeypatch.setenv("DAGSTER_HOME", str(found))
    return found


def without_it(home: Path) -> DagsterInstance:
    """Open the same home as Dagster does by itself."""
    (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    return DagsterInstance.from_config(str(home))


def open_files(home: Path) -> set[str]:
    """Give the files of records that this process has open."""
    places = (os.path.realpath(each.path) for each in os.scandir("/proc/self/fd"))
    return {Path(p).name for p in places if p.startswith(str(home)) and p.endswith(".db")}


def test_the_home_that_the_project_makes_keeps_its_files_open(home: Path) -> None:
    with DagsterInstance.get() as instance:
        assert isinstance(instance.event_log_storage, records.KeptOpen)
        run(instance)
        with counted() as opened:
            (made,) = run(instance)
    logs = [name for name in opened if name in (f"{made}.db", "index.db")]
    assert len(logs) <= 3
    assert len(kinds_of := list(home.glob("history/runs/*.db"))) == 3, kinds_of


def test_the_stock_storage_opens_them_again_and_again(home: Path) -> None:
    with without_it(home) as instance:
        run(instance)
        with counted() as opened:
            run(instance)
    assert len(opened) > 50


def test_either_goes_on_with_what_the_other_wrote(home: Path) -> None:
    kept = (home / "dagster.yaml").read_text()
    with DagsterInstance.get() as instance:
        (first,) = run(instance)
        of_first = kinds(instance, first)
    with without_it(home) as stock:
        assert kinds(stock, first) == of_first
        (second,) = run(stock)
        of_second = kinds(stock, second)
    assert sorted(of_first) == sorted(of_second)
    assert {"ASSET_MATERIALIZATION", "ASSET_CHECK_EVALUATION", SUCCESS} <= set(of_first)
    (home / "dagster.yaml").write_text(kept)
    with DagsterInstance.get() as instance:
        assert kinds(instance, second) == of_second
        found = instance.fetch_materializations(thing.key, limit=10).records
    assert [each.event_log_entry.run_id for each in found] == [second, first]


def test_of_many_runs_only_a_few_files_stay_open(home: Path) -> None:
    with DagsterInstance.get() as instance:
        made = run(instance, times=8)
        assert len(open_files(home / "history" / "runs")) <= records._KEPT
        for each in made:
            assert SUCCESS in kinds(instance, each)
        assert len(open_files(home / "history" / "runs")) <= records._KEPT
    assert open_files(home / "history" / "runs") == set()


def test_what_was_wiped_is_gone_and_what_comes_then_is_kept(home: Path) -> None:
    with DagsterInstance.get() as instance:
        (gone,) = run(instance)
        instance.wipe()
        assert kinds(instance, gone) == []
        (kept,) = run(instance)
    with without_it(home) as stock:
        assert SUCCESS in kinds(stock, kept)
        assert kinds(stock, gone) == []


@pytest.mark.usefixtures("home")
def test_threads_and_another_process_write_at_once(tmp_path: Path) -> None:
    script = tmp_path / "other.py"
    script.write_text(
        "from dagster import DagsterInstance\n"
        "from randomuser_assets_tests.graph.test_records import run\n"
        "with DagsterInstance.get() as instance:\n"
        "    print(*run(instance, times=3))\n"
    )

    def report(name: str) -> None:
        for number in range(30):
            event = AssetMaterialization(name, metadata={"number": number})
            instance.report_runless_asset_event(event)

    names = ["one", "two", "three"]
    with DagsterInstance.get() as instance:
        run(instance)  # the tables are there
        command = [sys.executable, str(script)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
            with ThreadPoolExecutor(len(names)) as threads:
                list(threads.map(report, names))
            printed, _ = other.communicate()
        assert other.returncode == 0
        assert [SUCCESS in kinds(instance, each) for each in printed.split()] == [True] * 3
        for name in names:
            found = instance.fetch_materializations(AssetKey(name), limit=100).records
            told = [each.asset_materialization for each in found]
            numbers = {each.metadata["number"].value for each in told if each}
            assert len(told) == 30
            assert numbers == set(range(30))


@pytest.mark.usefixtures("home")
def test_who_watches_a_run_hears_of_each_event_as_it_is_written(tmp_path: Path) -> None:
    script = tmp_path / "other.py"
    script.write_text(
        "import time\n"
        "from dagster import DagsterInstance\n"
        "with DagsterInstance.get() as instance:\n"
        "    for number in range(5):\n"
        "        told = f'event {number}'\n"
        "        instance.report_engine_event(told, run_id='a_run', job_name='a_job')\n"
        "        time.sleep(0.2)\n"
        "    input()\n"  # it is still there, and has the file open
    )
    heard: queue.Queue[str] = queue.Queue()

    def hear(entry: EventLogEntry, _: str) -> None:
        heard.put(entry.get_dagster_event().message or "")

    with DagsterInstance.get() as instance:
        assert kinds(instance, "a_run") == []  # the UI has the file open, too
        instance.watch_event_logs("a_run", None, hear)
        command = [sys.executable, str(script)]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as other:
            told = [heard.get(timeout=30) for _ in range(5)]
            other.communicate(b"\n")
        instance.end_watch_event_logs("a_run", hear)
    assert told == [f"event {number}" for number in range(5)]


@pytest.mark.parametrize("how", ["removed", "moved"])
def test_into_a_file_that_is_gone_nothing_is_written(home: Path, how: str) -> None:
    with DagsterInstance.get() as instance:
        (made,) = run(instance)
        file = home / "history" / "runs" / f"{made}.db"
        if how == "removed":
            file.unlink()
        else:
            file.rename(file.with_name("elsewhere"))
        with pytest.raises(OperationalError, match="no such table: event_logs"):
            instance.report_engine_event("late", run_id=made, job_name="a_job")


def test_a_home_that_is_not_named_is_missed_in_a_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DAGSTER_HOME")
    with pytest.raises(DagsterInvalidConfigError, match='environment variable "DAGSTER_HOME"'):
        DagsterInstance.from_config(str(home))


def test_another_home_than_the_one_that_is_opened_is_refused(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "another"))
    with pytest.raises(DagsterInvariantViolationError, match="apart from its runs"):
        DagsterInstance.from_config(str(home))


def test_a_home_may_be_named_as_the_shell_does(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", "~/data/dagster")
    with DagsterInstance.get() as instance:
        run(instance)
    assert len(list(home.glob("history/runs/*.db"))) == 2
