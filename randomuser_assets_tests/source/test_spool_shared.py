"""A day is fetched by one process at a time, and whatever ends that process, the next goes on.

Here belong several processes. Not here: what a single one writes (`test_spool`).
"""

import logging
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import Popen
from time import sleep

import pytest

from randomuser_assets.folders import private_folder
from randomuser_assets.source import RandomUserApi, SourceError
from randomuser_assets.source.rows import read_column
from randomuser_assets_tests.source.fetching_process import (
    another_process,
    files_of,
    order,
    pages_in,
    says,
    spool_of,
    tell,
    whole_pages_in,
)
from randomuser_assets_tests.source.scripted_server import ScriptedServer, reply, silence

WAITING = "2026-11-20: another run is fetching this day; waiting for it"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO)
    return caplog


@pytest.fixture
def in_small_steps() -> Iterator[None]:
    """Let threads take turns so often that they meet everywhere."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def when_waiting(process: "Popen[str]", word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell the process a word at the moment at which this one says that it waits."""

    def told(record: logging.LogRecord) -> bool:
        if record.getMessage() == WAITING:
            tell(process, word)
        return True

    monkeypatch.setattr(logging.getLogger("spool"), "filters", [told])


def count(pages: list[Path]) -> list[int]:
    return [len(read_column(path, "payload")) for path in pages]


def test_a_day_that_another_process_holds_is_waited_for_and_then_used(
    tmp_path: Path, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = spool_of(tmp_path)
    with ScriptedServer() as server, another_process(server.base_url, tmp_path) as other:
        assert says(other) == "held"
        when_waiting(other, "release", monkeypatch)
        spool.fetch(server.client())
        assert says(other) == "released"
    assert log.messages.count(WAITING) == 1
    assert server.pages_asked == [1, 2, 3]
    assert all(path.is_file() for path in spool.pages)
    spool.release()


def test_a_day_that_another_process_has_stored_meanwhile_is_fetched_anew(
    tmp_path: Path, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = spool_of(tmp_path)
    with ScriptedServer() as server, another_process(server.base_url, tmp_path) as other:
        assert says(other) == "held"
        when_waiting(other, "discard", monkeypatch)
        spool.fetch(server.client())
    assert WAITING in log.messages
    assert server.pages_asked == [1, 1, 2, 2, 3, 3]
    assert all(path.is_file() for path in spool.pages)
    spool.release()


@pytest.mark.parametrize("ending", ["release", "discard"])
def test_another_process_goes_on_when_this_one_lets_go(tmp_path: Path, ending: str) -> None:
    spool = spool_of(tmp_path)
    with ScriptedServer() as server:
        spool.fetch(server.client())
        with another_process(server.base_url, tmp_path) as other:
            if ending == "discard":
                spool.discard()
            spool.release()
            assert says(other) == "held"
    assert len(server.asked) == (6 if ending == "discard" else 3)


def test_a_fetch_that_fails_lets_go_of_its_days(tmp_path: Path) -> None:
    gone = reply(b"Not Found", "404 Not Found")
    spool = spool_of(tmp_path)
    with ScriptedServer({2: [gone]}) as server:
        with pytest.raises(SourceError):
            spool.fetch(server.client())
        with another_process(server.base_url, tmp_path) as other:
            assert says(other) == "held"


def test_other_days_are_not_waited_for(tmp_path: Path, log: pytest.LogCaptureFixture) -> None:
    other_day = order(day=order().day.replace(day=1))
    with ScriptedServer() as server, another_process(server.base_url, tmp_path) as other:
        assert says(other) == "held"
        spool = spool_of(tmp_path, other_day)
        spool.fetch(server.client())
        spool.release()
    assert WAITING not in log.messages


def test_a_killed_fetch_leaves_whole_pages_and_no_lock(
    tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    with (
        ScriptedServer({3: [silence]}) as server,
        another_process(server.base_url, tmp_path) as other,
    ):
        while len(whole_pages_in(tmp_path)) < 2 or 3 not in server.pages_asked:
            assert other.poll() is None
            sleep(0.01)
        other.send_signal(signal.SIGKILL)
        other.wait()
        spool = spool_of(tmp_path)
        spool.fetch(server.client())
    assert WAITING not in log.messages
    assert "2026-11-20: 2 of 3 pages are here from an earlier try" in log.messages
    assert server.pages_asked == [1, 2, 3, 3]
    assert count(spool.pages) == [3, 3, 3]
    spool.release()


@pytest.mark.parametrize("in_the_way", ["a link to nowhere", "a pipe"])
def test_what_is_no_folder_is_told_and_not_waited_for(tmp_path: Path, in_the_way: str) -> None:
    if in_the_way == "a pipe":
        os.mkfifo(tmp_path / "spool")
    else:
        (tmp_path / "spool").symlink_to(tmp_path / "not mounted")
    with ScriptedServer() as server, another_process(server.base_url, tmp_path / "spool") as other:
        assert says(other).startswith("failed: ")
    assert server.asked == []


def test_a_folder_that_nobody_can_make_is_told() -> None:
    with pytest.raises(FileNotFoundError):
        private_folder(Path("/proc/none/spool"))


@pytest.mark.usefixtures("in_small_steps")
def test_a_day_can_be_taken_at_the_moment_at_which_it_is_discarded(tmp_path: Path) -> None:
    api = RandomUserApi("http://127.0.0.1/")

    def in_turn(_: int) -> None:
        spool = spool_of(tmp_path, order(users=0))
        spool.fetch(api)
        spool.discard()
        spool.release()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(in_turn, range(1500))) == [None] * 1500


def test_a_full_disk_ends_the_fetch_and_leaves_no_part_of_a_page(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        with another_process(server.base_url, tmp_path, largest_file=2000) as other:
            assert says(other) == "failed: File too large"
        assert pages_in(tmp_path) == []
        assert list(tmp_path.rglob("*.part")) == []
        spool = spool_of(tmp_path)
        spool.fetch(server.client())
    assert count(spool.pages) == [3, 3, 3]
    assert sorted(tmp_path.rglob("*.*")) == files_of(spool)
    spool.release()
