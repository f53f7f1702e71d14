"""The sensor of deliveries: a complete one starts its day's run, once for each content in turn.

Here belongs when runs are started. Not here: what a run makes of files (`test_saved_days`).
"""

import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from dagster import (
    DefaultScheduleStatus,
    DefaultSensorStatus,
    RepositoryDefinition,
    RunRequest,
    SensorDefinition,
    build_sensor_context,
)

from randomuser_assets.graph.days import daily_partitions
from randomuser_assets.graph.deliveries import delivery_sensor
from randomuser_assets.graph.schedules import daily_job
from randomuser_assets.source import arrivals
from randomuser_assets.source.delivery import SavedFile
from randomuser_assets_tests.graph.contract_api import Asked, page
from randomuser_assets_tests.graph.site import Site, opened_site
from randomuser_assets_tests.graph.trapped_people import TrappedPeople
from randomuser_assets_tests.source.delivering import response

pytestmark = pytest.mark.long

DAY, NEXT_DAY = "2026-01-05", "2026-01-06"
MARKER = "_SUCCESS"
LONG = 3600


@dataclass
class Gate:
    """A site and the folder of its deliveries, and somebody who looks there as the daemon does."""

    site: Site
    folder: Path
    repository: RepositoryDefinition
    cursor: str | None = None
    told: str = ""
    time_to_read: float = 20

    def sensor(self) -> SensorDefinition:
        """Give a sensor, as after a start of the code location."""
        settings = self.site.settings
        return delivery_sensor(
            self.folder,
            settings.quiet_period,
            daily_job(but=[]),
            daily_partitions(settings),
            time_to_read=self.time_to_read,
        )

    def look(self, sensor: SensorDefinition | None = None) -> list[RunRequest]:
        """Look once, and give the runs that are asked for."""
        with build_sensor_context(
            instance=self.site.instance,
            cursor=self.cursor,
            repository_def=self.repository,
        ) as context:
            seen = (sensor or self.sensor()).evaluate_tick(context)
        self.cursor, self.told = seen.cursor, str(seen.skip_message)
        return list(seen.run_requests or [])

    def days(self, sensor: SensorDefinition | None = None) -> list[str]:
        """Look once, and give the days whose runs are asked for."""
        return [str(request.partition_key) for request in self.look(sensor)]

    def put(self, content: bytes, name: str = "a.json", day: str = DAY) -> Path:
        """Put a file into a day's folder."""
        path = self.folder / day / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def deliver(self, content: bytes, day: str = DAY) -> None:
        """Put a response there, and the marker behind it."""
        self.put(content, day=day)
        self.put(b"", MARKER, day)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RepositoryDefinition]:
    """The jobs: the same wherever deliveries lie, and a second to be put together."""
    with opened_site("sample", tmp_path_factory.mktemp("jobs") / "data") as site:
        yield site.definitions.get_repository_def()


def opened_gate(
    folder: Path, repository: RepositoryDefinition, quiet: float = LONG
) -> Iterator[Gate]:
    deliveries = folder / "deliveries"
    deliveries.mkdir()
    with opened_site(f"files:{deliveries}", folder / "data", quiet_period=quiet) as site:
        yield Gate(site, deliveries, repository)


@pytest.fixture
def gate(tmp_path: Path, repository: RepositoryDefinition) -> Iterator[Gate]:
    yield from opened_gate(tmp_path, repository)


@pytest.fixture
def quick(tmp_path: Path, repository: RepositoryDefinition) -> Iterator[Gate]:
    """Where two seconds without a change are enough."""
    yield from opened_gate(tmp_path, repository, quiet=2)


def start(gate: Gate, request: RunRequest) -> None:
    """Let a run begin that the sensor asked for, and no more."""
    job = gate.repository.get_job("daily")
    gate.site.instance.create_run_for_job(job, tags=dict(request.tags))


def run(gate: Gate, request: RunRequest) -> bool:
    """Run what the sensor asked for."""
    job = gate.site.definitions.resolve_job_def("daily")
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    return job.execute_in_process(
        run_config=quiet,
        instance=gate.site.instance,
        partition_key=request.partition_key,
        tags=dict(request.tags),
        raise_on_error=False,
    ).success


# When a delivery is complete


def test_a_delivery_with_its_marker_starts_its_day_once(gate: Gate) -> None:
    gate.deliver(response())
    (request,) = gate.look()
    assert request.partition_key == DAY
    assert gate.look() == []
    assert gate.told == "Nothing new in 1 known delivery."


def test_without_a_marker_it_is_waited_for(gate: Gate) -> None:
    gate.put(response())
    assert gate.look() == []
    assert f"{DAY} is not complete yet." in gate.told
    gate.put(b"", MARKER)
    assert gate.days() == [DAY]


def test_a_marker_that_is_older_than_a_response_says_nothing(gate: Gate) -> None:
    gate.deliver(response())
    later = gate.put(response(2), "b.json")
    moment = time.time_ns() + 10**9
    os.utime(later, ns=(moment, moment))
    assert gate.look() == []
    assert f"{DAY} is not complete yet." in gate.told
    os.utime(gate.folder / DAY / MARKER, ns=(moment, moment))
    assert gate.days() == [DAY]


def test_without_a_marker_a_quiet_while_is_enough(quick: Gate) -> None:
    quick.put(response())
    assert quick.look() == []
    time.sleep(2.1)
    assert quick.days() == [DAY]


def test_a_folder_without_a_response_starts_nothing(gate: Gate) -> None:
    gate.put(b"", MARKER)
    assert gate.look() == []
    assert f"{DAY} has no response yet." in gate.told


# What is a change


def test_a_content_that_changes_starts_its_day_again_also_when_it_changes_back(gate: Gate) -> None:
    keys = []
    for content in (response(), response(2), response(), response()):
        gate.deliver(content)
        keys += [request.run_key for request in gate.look()]
    assert len(keys) == len(set(keys)) == 3


def test_the_same_content_once_more_starts_nothing(gate: Gate) -> None:
    gate.deliver(response())
    assert gate.days() == [DAY]
    os.utime(gate.folder / DAY / "a.json")
    gate.put(b"", MARKER)
    assert gate.look() == []


def test_a_folder_that_went_and_came_again_with_the_same_starts_nothing(gate: Gate) -> None:
    gate.deliver(response())
    (request,) = gate.look()
    start(gate, request)
    shutil.rmtree(gate.folder / DAY)
    assert gate.look() == []
    assert json.loads(gate.cursor or "") == {}
    gate.deliver(response())
    assert gate.look() == []
    gate.deliver(response(2))
    assert gate.days() == [DAY]


def test_a_file_that_comes_goes_or_is_replaced_alike_is_a_change(gate: Gate) -> None:
    gate.deliver(response())
    assert gate.days() == [DAY]
    path = gate.put(response(2), "b.json")
    gate.put(b"", MARKER)
    assert gate.days() == [DAY]
    status = path.stat()
    path.write_bytes(response(3))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert gate.days() == [DAY]
    path.unlink()
    assert gate.days() == [DAY]
    assert gate.look() == []


def test_what_is_no_response_is_no_change(gate: Gate) -> None:
    gate.deliver(response())
    assert gate.days() == [DAY]
    gate.put(b"notes", "notes.txt")
    assert gate.look() == []


def test_what_did_not_change_is_not_read_again(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    hashed = arrivals._hashed

    def noted(file: SavedFile) -> bytes:
        read.append(file.path.name)
        return hashed(file)

    monkeypatch.setattr(arrivals, "_hashed", noted)
    gate.deliver(response())
    for _ in range(3):
        gate.look()
    assert read == ["a.json"]


# The cursor


@pytest.mark.parametrize("cursor", ["", "{", "[]", '{"2026-01-05":["a"]}', '{"a":[1,2,3]}'])
def test_a_broken_cursor_is_made_again_from_the_runs_there_are(gate: Gate, cursor: str) -> None:
    for content in (response(), response(2), response()):
        gate.deliver(content)
        (request,) = gate.look()
        start(gate, request)
    gate.deliver(response(), NEXT_DAY)
    whole, gate.cursor = json.loads(gate.cursor or ""), cursor
    assert gate.days() == [NEXT_DAY]
    assert json.loads(gate.cursor or "")[DAY] == whole[DAY]
    gate.deliver(response(2))
    (request,) = gate.look()
    assert request.run_key
    assert request.run_key.startswith(f"{DAY} 4 ")


def test_the_cursor_stays_small(gate: Gate) -> None:
    first = date(2026, 1, 1)
    days = [f"{first + timedelta(days=n)}" for n in range(100)]
    for day in days:
        gate.deliver(response(), day)
    assert gate.days() == days
    assert len(gate.cursor or "") < 100 * 100
    for day in days[1:]:
        shutil.rmtree(gate.folder / day)
    gate.look()
    assert len(gate.cursor or "") < 100


# What is ignored, and what is told


@pytest.mark.parametrize(
    "name",
    [
        "2025-12-31",
        "2999-01-01",
        "2026-02-30",
        "2026-1-5",
        "20260105",
        "latest",
        "\uff12026-01-05",
        "a\nb",
    ],
)
def test_folders_that_are_no_day_are_ignored_and_told(gate: Gate, name: str) -> None:
    gate.deliver(response(), name)
    assert gate.look() == []
    assert f"no days of this project: {name!a}" in gate.told


def test_today_is_a_day_and_tomorrow_is_none(gate: Gate) -> None:
    today = datetime.now(UTC).date()
    for day in (today, today + timedelta(days=2)):
        gate.deliver(response(), f"{day}")
    assert gate.days() == [f"{today}"]


def test_a_link_that_leads_out_starts_nothing_and_is_told(gate: Gate) -> None:
    gate.put(b"", MARKER)
    (gate.folder / DAY / "a.json").symlink_to("/etc/passwd")
    gate.deliver(response(), NEXT_DAY)
    assert gate.days() == [NEXT_DAY]
    assert gate.look() == []
    assert "is a link that leads out of" in gate.told


def test_a_folder_that_is_gone_for_a_while_is_told_and_nothing_is_forgotten(gate: Gate) -> None:
    gate.deliver(response())
    assert gate.days() == [DAY]
    gate.folder.rename(gate.folder.with_name("away"))
    assert gate.look() == []
    assert f"{gate.folder} cannot be read: No such file or directory." in gate.told
    gate.folder.with_name("away").rename(gate.folder)
    assert gate.look() == []
    assert "1 known" in gate.told


def test_many_reasons_are_told_in_short(gate: Gate) -> None:
    for day in range(1, 31):
        gate.put(response(), day=f"2026-01-{day:02}")
        gate.put(response(), day=f"other {day}")
    gate.look()
    assert "25 more" in gate.told
    assert "and others" in gate.told
    assert len(gate.told) < 1000


# Much at once


def test_what_takes_long_is_read_over_several_looks(gate: Gate) -> None:
    for number in range(1, 5):
        gate.put(response(number), f"{number}.json")
    gate.deliver(response(9), NEXT_DAY)
    gate.put(b"", MARKER)
    gate.time_to_read = 0
    sensor = gate.sensor()
    looks = [gate.days(sensor) for _ in range(7)]
    # Four files of one day and one of the other, each look reads one.
    assert looks == [[], [], [], [DAY], [NEXT_DAY], [], []]


def test_a_file_that_is_no_response_by_its_size_is_not_read(gate: Gate) -> None:
    """It is a hole of a terabyte, which to read would take an hour."""
    with gate.put(b"").open("wb") as file:
        file.truncate(2**40)
    gate.put(b"", MARKER)
    assert gate.days() == [DAY]


def test_what_changes_while_it_is_read_is_waited_for(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.deliver(response())
    hashed = arrivals._hashed

    def read_and_change(file: SavedFile) -> bytes:
        content = hashed(file)
        gate.deliver(response(2))
        return content

    with monkeypatch.context() as patch:
        patch.setattr(arrivals, "_hashed", read_and_change)
        assert gate.look() == []
        assert f"{DAY} changed while it was read." in gate.told
    assert gate.days() == [DAY]


# The whole way


def test_the_sensor_runs_by_itself_where_files_are_the_source(gate: Gate) -> None:
    repository = gate.site.definitions.get_repository_def()
    sensor = repository.get_sensor_def("deliveries")
    assert sensor.default_status is DefaultSensorStatus.RUNNING
    assert sensor.job_name == "daily"
    # A day without a delivery yet is no fault: the clock starts none.
    schedule = repository.get_schedule_def("daily_schedule")
    assert schedule.default_status is DefaultScheduleStatus.STOPPED


def test_another_source_has_no_such_sensor(tmp_path: Path) -> None:
    with opened_site("sample", tmp_path / "data") as site:
        repository = site.definitions.get_repository_def()
        assert not repository.has_sensor_def("deliveries")
        schedule = repository.get_schedule_def("daily_schedule")
        assert schedule.default_status is DefaultScheduleStatus.RUNNING


@pytest.mark.long
def test_what_is_delivered_is_in_the_warehouse_and_what_is_corrected_replaces_it(
    gate: Gate,
) -> None:
    people = TrappedPeople(today=date(2026, 1, 6))

    def delivered(results: int, seed: str) -> bytes:
        asked = Asked(seed, 1, results)
        return page(asked, people(asked)).body

    def stored() -> list[tuple[object, ...]]:
        return gate.site.rows("SELECT seed, count(*) FROM raw.raw_users GROUP BY ALL")

    sensor = gate.site.definitions.get_repository_def().get_sensor_def("deliveries")
    gate.deliver(delivered(12, "first")[:-1])
    assert not all(run(gate, request) for request in gate.look(sensor))
    gate.deliver(delivered(12, "first"))
    assert all(run(gate, request) for request in gate.look(sensor))
    assert stored() == [("first", 12)]
    assert gate.look(sensor) == []
    gate.deliver(delivered(9, "second"))
    (request,) = gate.look(sensor)
    assert run(gate, request)
    assert stored() == [("second", 9)]
    users = gate.site.csv(DAY, "users").read_text("utf-8")
    assert users.count(f"\n{DAY},") == 9
