"""Many may use one warehouse file: who waits for whom, and what is left of a write that dies.

Here belong locks and other processes. What a write does to a table when it is alone is elsewhere.
"""

import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from logging import getLogger
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

import duckdb
import pandas as pd
import pytest

from randomuser_assets.warehouse import WarehouseError
from randomuser_assets.warehouse.connect import opened
from randomuser_assets.warehouse.turns import holder_of
from randomuser_assets_tests.warehouse.elsewhere import endless_people, held, writer
from randomuser_assets_tests.warehouse.house import House, house_at
from randomuser_assets_tests.warehouse.people import (
    FIRST,
    PARTITIONED,
    SECOND,
    one_a_day,
    people,
    people_asset,
    reader,
)

pytestmark = pytest.mark.long

PEOPLE = people_asset(one_a_day)
NAMES = "SELECT name FROM core.people ORDER BY name"
SOME_MEGABYTES = 4_000_000
LONGEST_WAIT = 30.0  # seconds: only a wait that would never end gets there

Answering = Callable[[str, Callable[[], object]], AbstractContextManager[None]]


@pytest.fixture
def answering(capfd: pytest.CaptureFixture[str]) -> Answering:
    """Do something as soon as a message is logged, which must happen within the block."""

    @contextmanager
    def answered(message: str, answer: Callable[[], object]) -> Iterator[None]:
        heard: list[str] = []
        over = Event()

        def listen() -> None:
            end = monotonic() + LONGEST_WAIT
            while message not in "".join(heard) and monotonic() < end and not over.is_set():
                sleep(0.02)
                heard.append(capfd.readouterr().err)
            answer()

        listener = Thread(target=listen)
        listener.start()
        try:
            yield
        finally:
            over.set()
            listener.join()
        assert message in "".join(heard)

    return answered


def test_the_file_is_free_after_a_failed_write(house: House) -> None:
    result = house.attempt(people_asset(people(SECOND, "Ada")), day=FIRST)
    assert not result.success  # and is kept here, with its error
    with held(house.path, to="write"):
        pass


def test_the_file_is_free_after_a_failed_load(house: House) -> None:
    house.run(people_asset(one_a_day, name="others"), day=FIRST)
    got: list[pd.DataFrame] = []
    readers = reader(pd.DataFrame, got, **PARTITIONED)
    result = house.attempt(PEOPLE, readers, only=[readers], day=FIRST)
    assert not result.success
    with held(house.path, to="write"):
        pass


def test_a_load_stands_beside_another_reader(house: House) -> None:
    house.run(PEOPLE, day=FIRST)
    got: list[pd.DataFrame] = []
    readers = reader(pd.DataFrame, got, **PARTITIONED)
    with held(house.path, to="read"):
        house.run(PEOPLE, readers, only=[readers], day=FIRST)
    assert list(got[0].name) == [f"of {FIRST}"]
    assert "waiting for" not in house.log()


@pytest.mark.parametrize("to", ["read", "write"])
def test_a_writer_waits_and_says_for_whom(house: House, answering: Answering, to: str) -> None:
    house.run(PEOPLE, day=FIRST)
    with held(house.path, to=to) as holder:
        message = f"waiting for process {holder.pid}, which has {house.path} open"
        with answering(message, holder.communicate):
            house.run(PEOPLE, day=SECOND)
    assert house.rows(NAMES) == [(f"of {FIRST}",), (f"of {SECOND}",)]


def test_a_writer_that_waits_for_another_run_names_it_and_its_table(
    house: House, answering: Answering
) -> None:
    house.run(PEOPLE, day=FIRST)
    process = writer(house.path, "endless", FIRST)
    try:
        _wait_until_half_written(house.path, process)
        run = holder_of(house.path).partition(", since")[0]
        assert run.startswith(f"process {process.pid}, run ")
        assert run.endswith(", writing core.people")
        with answering(f"waiting for {run}", process.kill):
            house.run(PEOPLE, day=SECOND)
    finally:
        process.kill()
        process.communicate()
    assert "waited " in house.log()
    assert house.rows(NAMES) == [(f"of {FIRST}",), (f"of {SECOND}",)]


def test_a_reader_waits_for_a_writer(house: House, answering: Answering) -> None:
    house.run(PEOPLE, day=FIRST)
    got: list[pd.DataFrame] = []
    readers = reader(pd.DataFrame, got, **PARTITIONED)
    with (
        held(house.path, to="write") as holder,
        answering(f"waiting for process {holder.pid}", holder.communicate),
    ):
        house.run(PEOPLE, readers, only=[readers], day=FIRST)
    assert len(got[0]) == 1


def test_a_writer_waits_for_a_reader_in_its_own_process(house: House, answering: Answering) -> None:
    house.run(PEOPLE, day=FIRST)
    connection = duckdb.connect(str(house.path), read_only=True)
    with answering("waiting for another thread of this process", connection.close):
        house.run(PEOPLE, day=SECOND)
    assert house.rows(NAMES) == [(f"of {FIRST}",), (f"of {SECOND}",)]


ZONES = ("Asia/Kathmandu", "Pacific/Auckland", "Pacific/Honolulu")
DAYS_OF_ZONES = [f"2026-02-{number:02}" for number in range(1, 7)]


@pytest.fixture(scope="module")
def written_around_the_world(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Give what hosts in three time zones wrote at the same time, one of their days twice."""
    house = house_at(tmp_path_factory.mktemp("world") / "warehouse.duckdb")
    writers = []
    for at, zone in enumerate(ZONES):
        early, late = DAYS_OF_ZONES[at::3]
        writers.append(writer(house.path, "write", early, late, early, zone=zone))
    told = [process.communicate()[1] for process in writers]
    assert [process.returncode for process in writers] == [0, 0, 0], told
    return house


def test_all_of_many_writers_get_their_turn(written_around_the_world: House) -> None:
    stored = "SELECT CAST(snapshot_date AS VARCHAR), name FROM core.people ORDER BY ALL"
    assert written_around_the_world.rows(stored) == [(day, "Ada") for day in DAYS_OF_ZONES]


def test_the_zone_of_a_host_moves_no_instant(written_around_the_world: House) -> None:
    midnight_in_berlin = datetime(2025, 12, 31, 23)  # noqa: DTZ001  as DuckDB gives a TIMESTAMP
    seen = written_around_the_world.rows("SELECT DISTINCT seen_at FROM core.people")
    assert seen == [(midnight_in_berlin,)]


def _wait_until_half_written(path: Path, process: subprocess.Popen[str]) -> None:
    """The engine puts rows in the file, out of sight, long before it commits."""
    before = path.stat().st_size
    while path.stat().st_size < before + SOME_MEGABYTES:
        assert process.poll() is None, process.communicate()
        sleep(0.02)


def test_a_killed_write_leaves_the_old_day(house: House) -> None:
    house.run(PEOPLE, day=FIRST)
    process = writer(house.path, "endless", FIRST)
    try:
        _wait_until_half_written(house.path, process)
    finally:
        process.kill()
        process.communicate()
    assert house.rows(NAMES) == [(f"of {FIRST}",)]
    house.run(PEOPLE, day=FIRST)


@pytest.fixture
def small_files() -> Iterator[Callable[[int], None]]:
    """Make files of this process end at a size, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_the_old_day(house: House, small_files: Callable[[int], None]) -> None:
    house.run(PEOPLE, day=FIRST)
    small_files(house.path.stat().st_size + SOME_MEGABYTES)
    told = house.refusal(endless_people(FIRST), day=FIRST)
    assert "Writing core.people: IO Error: Could not write file" in told
    assert "Nothing was stored or replaced" in told
    assert house.rows(NAMES) == [(f"of {FIRST}",)]


def test_a_file_that_is_no_warehouse_is_refused(house: House) -> None:
    house.path.write_bytes(b"Dear diary, " * 1000)
    told = house.refusal(PEOPLE, day=FIRST)
    assert f"The warehouse {house.path} cannot be opened: " in told
    assert "not a valid DuckDB database file" in told


def test_a_folder_called_locks_is_not_taken_for_a_lock(tmp_path: Path) -> None:
    path = tmp_path / "locks" / "warehouse.duckdb"
    path.parent.mkdir()
    path.write_bytes(b"Dear diary, " * 1000)
    told: list[str] = []

    def open_it() -> None:
        try:
            with opened(str(path), read_only=False, doing="testing", log=getLogger(__name__)):
                pass
        except WarehouseError as error:
            told.append(str(error))

    opening = Thread(target=open_it, daemon=True)
    opening.start()
    opening.join(LONGEST_WAIT)
    assert told
    assert f"The warehouse {path} cannot be opened: " in told[0]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    tmp_path.joinpath("file").touch()
    path = tmp_path / "file" / "warehouse.duckdb"
    told = house_at(path).refusal(PEOPLE, day=FIRST)
    assert f"The warehouse {path} cannot be opened: " in told
    assert "RANDOMUSER_DATA_DIR" in told


def test_reading_before_anything_was_written_is_told(house: House) -> None:
    readers = reader(pd.DataFrame, [], **PARTITIONED)
    told = house.refusal(PEOPLE, readers, only=[readers], day=FIRST)
    assert f"There is no warehouse at {house.path} yet: materialise a table first." in told
    assert not house.path.exists()
