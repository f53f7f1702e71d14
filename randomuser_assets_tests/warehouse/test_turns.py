"""Turns at the warehouse: who waits for whom, in which order, and what is told meanwhile.

Here belongs the lock itself. What a run does with it is in `test_sharing`.
"""

import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

import pytest

from randomuser_assets.warehouse import turns
from randomuser_assets.warehouse.connect import opened
from randomuser_assets.warehouse.turns import holder_of, lock_path, turn

LOG = logging.getLogger(__name__)
A_MOMENT = 0.3
LONGEST_WAIT = 30.0  # seconds: only a wait that would never end gets there

HOLD = """
import logging, sys, time
from pathlib import Path
from randomuser_assets.warehouse.turns import turn

with turn(Path(sys.argv[1]), alone=True, doing="run 1a2b, writing core.users",
          log=logging.getLogger()):
    print("has it", flush=True)
    time.sleep(30)
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "warehouse.duckdb"


@contextmanager
def elsewhere(database: Path) -> Iterator[subprocess.Popen[str]]:
    """Have another process keep the turn until it is killed."""
    command = [sys.executable, "-c", HOLD, str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "has it\n"
        try:
            yield process
        finally:
            process.kill()


def start(what: Callable[[], None]) -> Thread:
    thread = Thread(target=what, daemon=True)
    thread.start()
    return thread


def has_turn(database: Path, *, alone: bool, until: Event | None = None) -> tuple[Thread, Event]:
    """Take a turn in a thread, and keep it until told; the event says that it is had."""
    had = Event()

    def take() -> None:
        with turn(database, alone=alone, doing="testing", log=LOG):
            had.set()
            if until:
                until.wait(LONGEST_WAIT)

    return start(take), had


def test_readers_read_together(database: Path) -> None:
    over = Event()
    threads = [has_turn(database, alone=False, until=over) for _ in range(3)]
    assert all(had.wait(LONGEST_WAIT) for _, had in threads)
    over.set()


@pytest.mark.parametrize("first", [True, False], ids=["writer", "reader"])
@pytest.mark.parametrize("second", [True, False], ids=["writer", "reader"])
def test_who_writes_is_alone(database: Path, first: bool, second: bool) -> None:
    over = Event()
    _, had = has_turn(database, alone=first, until=over)
    assert had.wait(LONGEST_WAIT)
    _, other_had = has_turn(database, alone=second)
    assert other_had.wait(A_MOMENT) is not (first or second)
    over.set()
    assert other_had.wait(LONGEST_WAIT)


def test_readers_that_keep_coming_do_not_keep_a_writer_out(database: Path) -> None:
    over = Event()
    reading = Event()

    def read_on_and_on() -> None:
        while not over.is_set():
            with turn(database, alone=False, doing="reading", log=LOG):
                reading.set()
                sleep(0.05)

    # Three of them, so that one always has its turn when another gives it back.
    readers = [start(read_on_and_on) for _ in range(3)]
    assert reading.wait(LONGEST_WAIT)
    sleep(0.1)
    _, written = has_turn(database, alone=True)
    try:
        assert written.wait(LONGEST_WAIT)
    finally:
        over.set()
        for reader in readers:
            reader.join()


def test_writers_take_their_turns_in_about_the_order_of_coming(database: Path) -> None:
    """Polling for a lock, one of four may get a hundred turns before another has its first."""
    each, order = 25, list[int]()

    def write(number: int) -> None:
        for _ in range(each):
            with turn(database, alone=True, doing="writing", log=LOG):
                order.append(number)
                sleep(0.002)

    for thread in [start(lambda number=number: write(number)) for number in range(4)]:  # type: ignore[misc]
        thread.join()
    assert len(order) == 4 * each
    positions = [[at for at, who in enumerate(order) if who == number] for number in range(4)]
    longest = max(b - a for own in positions for a, b in pairwise(own))
    assert longest <= each  # others' turns between two of one's own, of 75 there are


def test_the_holder_is_named_with_process_run_and_table(database: Path) -> None:
    with elsewhere(database) as process:
        told = holder_of(database)
    assert told.startswith(f"process {process.pid}, run 1a2b, writing core.users, since 20")


def test_nobody_is_named_once_the_turn_is_given_back(database: Path) -> None:
    with turn(database, alone=True, doing="writing", log=LOG):
        assert lock_path(database).read_text().startswith(f"process {os.getpid()}, writing")
    assert lock_path(database).read_text() == ""


def test_the_turn_is_given_back_after_an_error(database: Path) -> None:
    with (
        pytest.raises(ValueError, match="midway"),
        turn(database, alone=True, doing="writing", log=LOG),
    ):
        raise ValueError("midway")
    _, had = has_turn(database, alone=True)
    assert had.wait(LONGEST_WAIT)


def test_who_waits_says_for_whom_and_how_long_it_was(
    database: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(turns, "_FIRST_TOLD", 0.05)
    with elsewhere(database) as process, caplog.at_level("INFO"):
        _, had = has_turn(database, alone=True)
        end = monotonic() + LONGEST_WAIT
        while "waiting for" not in caplog.text and monotonic() < end:
            sleep(0.02)
        process.kill()
        assert had.wait(LONGEST_WAIT)
    waiting, waited = (record.message for record in caplog.records)
    assert waiting.startswith(f"waiting for process {process.pid}, run 1a2b, writing core.users")
    assert waiting.endswith(f"to have {database}")
    assert waited.startswith("waited ")


def test_who_does_not_wait_says_nothing(
    database: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(turns, "_FIRST_TOLD", 0.5)
    with caplog.at_level("DEBUG"), turn(database, alone=True, doing="writing", log=LOG):
        pass
    assert caplog.records == []


def test_a_dead_holder_blocks_nobody(database: Path) -> None:
    with elsewhere(database) as process:
        process.kill()
        process.wait()
        assert "writing core.users" in lock_path(database).read_text()
        _, had = has_turn(database, alone=True)
        assert had.wait(LONGEST_WAIT)


def test_a_child_that_was_forked_meanwhile_keeps_no_turn(database: Path) -> None:
    with turn(database, alone=True, doing="writing", log=LOG):
        child = os.fork()
        if not child:
            sleep(LONGEST_WAIT)
            os._exit(0)
    try:
        _, had = has_turn(database, alone=True)
        assert had.wait(LONGEST_WAIT / 2)
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)


def test_the_lock_is_the_owners_only(database: Path) -> None:
    with turn(database, alone=True, doing="writing", log=LOG):
        for path in database.parent.iterdir():
            assert path.stat().st_mode & 0o777 == 0o600


def test_where_nobody_can_write_a_warehouse_is_read_without_a_turn() -> None:
    """As a user who is not its owner, in a folder that is not theirs."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "warehouse.duckdb"
        with opened(str(database), read_only=False, doing="testing", log=LOG) as connection:
            connection.execute("CREATE TABLE t AS SELECT 42 AS answer")
        for path in database.parent.iterdir():
            path.unlink() if path != database else path.chmod(0o444)
        database.parent.chmod(0o555)
        child = os.fork()
        if not child:
            code = 1
            try:
                if os.getuid() == 0:
                    os.setuid(65534)
                with opened(str(database), read_only=True, doing="testing", log=LOG) as connection:
                    code = 42 - connection.execute("SELECT answer FROM t").fetchall()[0][0]
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        database.parent.chmod(0o700)
        assert [path.name for path in database.parent.iterdir()] == [database.name]
