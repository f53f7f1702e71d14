"""Dagster's records, in files that stay open, are the same records in the same files.

Here belongs what `records.py` does in another way than Dagster. Not here: that runs, sensors and
the UI work on them, which all tests show that start one of Dagster's own programs in a `Shell`.
"""

import os
import queue
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from sqlite3 import dbapi2
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


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the SQLite files that are opened from here on, one entry each time."""
    names: list[str] = []
    stock = dbapi2.connect

    def connect(place: str, **how: Any) -> sqlite3.Connection:
        names.append(Path(place).name)
        connection: sqlite3.Connection = stock(place, **how)
        return connection

    monkeypatch.setattr(dbapi2, "connect", connect)
    return names


def another_process(folder: Path, *lines: str) -> "subprocess.Popen[str]":
    """Start one that does this with an `instance` of the same home."""
    script = folder / "other.py"
    body = "".join(f"    {line}\n" for line in lines)
    script.write_text(
        "import time\n"
        "from dagster import DagsterInstance\n"
        "from randomuser_assets_tests.graph.test_records import run\n"
        f"with DagsterInstance.get() as instance:\n{body}"
    )
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, str(script)], stdin=pipe, stdout=pipe, text=True)


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


def test_what_was_written_is_brought_to_the_disk_each_second_and_at_the_end(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought: list[tuple[str, int]] = []
    to_disk = os.fsync

    def fsync(file: int) -> None:
        path = Path(f"/proc/self/fd/{file}").readlink()
        if path.is_relative_to(home):
            brought.append((path.name, path.stat().st_size))
        to_disk(file)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(records, "_OFTEN_ENOUGH", 3600)
    with DagsterInstance.get() as instance:
        (run_id,) = run(instance)
        during = [name for name, _ in brought]
        written = next(home.rglob(f"{run_id}.db-wal")).stat().st_size
    assert during.count(f"{run_id}.db-wal") == 1  # of some twenty events
    assert (f"{run_id}.db-wal", written) in brought  # by closing it
    monkeypatch.setattr(records, "_OFTEN_ENOUGH", 0)
    brought.clear()
    with DagsterInstance.get() as instance:
        (run_id,) = run(instance)
    assert [name for name, _ in brought].count(f"{run_id}.db-wal") > 10


@pytest.mark.usefixtures("home")
def test_only_a_file_with_a_log_beside_it_does_not_wait_for_the_disk(home: Path) -> None:
    with DagsterInstance.get() as instance:
        (run_id,) = run(instance)
    file = next(home.rglob(f"{run_id}.db"))

    def asked() -> int:
        with DagsterInstance.get() as instance:
            storage = instance.event_log_storage
            assert isinstance(storage, records.KeptOpen)
            with storage._connect(run_id) as connection:
                found: int = connection.connection.execute("PRAGMA synchronous").fetchone()[0]
                return found

    assert asked() == 1  # NORMAL
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    assert asked() == 2  # FULL


@pytest.mark.usefixtures("home")
def test_the_home_that_the_project_makes_keeps_its_files_open(opened: list[str]) -> None:
    with DagsterInstance.get() as instance:
        run(instance)
        opened.clear()
        (made,) = run(instance)
    assert opened.count(f"{made}.db") == 3  # two make its tables, one writes
    assert opened.count("index.db") == 0


def test_the_stock_storage_opens_them_again_and_again(home: Path, opened: list[str]) -> None:
    with without_it(home) as instance:
        run(instance)
        opened.clear()
        (made,) = run(instance)
    assert opened.count(f"{made}.db") > 10
    assert opened.count("index.db") > 10


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
    def report(name: str) -> None:
        for number in range(30):
            event = AssetMaterialization(name, metadata={"number": number})
            instance.report_runless_asset_event(event)

    names = ["one", "two", "three"]
    with DagsterInstance.get() as instance:
        run(instance)  # the tables are there
        with another_process(tmp_path, "print(*run(instance, times=3))") as other:
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
    heard: queue.Queue[str] = queue.Queue()

    def hear(entry: EventLogEntry, _: str) -> None:
        heard.put(entry.get_dagster_event().message or "")

    with DagsterInstance.get() as instance:
        assert kinds(instance, "a_run") == []  # the UI has the file open, too
        instance.watch_event_logs("a_run", None, hear)
        with another_process(
            tmp_path,
            "for number in range(5):",
            "    told = f'event {number}'",
            "    instance.report_engine_event(told, run_id='a_run', job_name='a_job')",
            "    time.sleep(0.2)",
            "input()",  # it is still there, and has the file open
        ) as other:
            told = [heard.get(timeout=30) for _ in range(5)]
            other.communicate("\n")
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
