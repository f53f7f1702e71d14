"""A fetch of many pages shows how far it is: in the log, and in a terminal with a bar."""

import logging
import os
import pty
import subprocess
import sys
import termios

import pytest

from randomuser_assets.source import progress
from randomuser_assets.source.progress import Progress

PAGES = """
import logging, time
from randomuser_assets.source.progress import Progress
logging.basicConfig(format="%(message)s", level="INFO")
progress = Progress(4, logging.getLogger())
for page in range(4):
    time.sleep(0.2)
    progress.add(500, f"page {page} came")
progress.close()
"""


def on_a_terminal() -> str:
    """Run it with a terminal of its own as standard error, and give what is seen there."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 120))
    process = subprocess.Popen([sys.executable, "-c", PAGES], stderr=theirs, close_fds=True)
    os.close(theirs)
    seen = b""
    try:
        while read := os.read(ours, 4096):
            seen += read
    except OSError:  # the other end is closed
        pass
    assert process.wait() == 0
    os.close(ours)
    return seen.decode()


def test_the_log_says_pages_people_rate_and_time_left(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(progress, "_TOLD_EVERY", 0.0)
    caplog.set_level(logging.INFO)
    made = Progress(3, logging.getLogger(__name__))
    made.add(500)
    made.close()
    assert "1 of 3 pages, 500 people, " in caplog.text
    assert "people a second, about" in caplog.text
    assert caplog.text.endswith("s left\n")


def test_a_terminal_has_a_bar_with_rate_and_time_left_and_whole_lines_of_the_log() -> None:
    seen = on_a_terminal()
    assert "fetching:  50%" in seen
    assert " pages/s" in seen
    assert "1,000 people" in seen
    lines = [line.rpartition("\r")[2] for line in seen.replace("\r\n", "\n").split("\n")]
    assert [line for line in lines if "came" in line] == [f"page {n} came" for n in range(4)]


def test_without_a_terminal_there_is_no_bar() -> None:
    done = subprocess.run([sys.executable, "-c", PAGES], check=True, capture_output=True, text=True)
    assert done.stderr.splitlines() == [f"page {n} came" for n in range(4)]


def test_of_many_pages_not_each_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for pages, told in ((20, 20), (21, 0)):
        caplog.clear()
        made = Progress(pages, logging.getLogger(__name__))
        for page in range(pages):
            made.add(1, f"page {page} came")
        made.close()
        assert len([line for line in caplog.messages if "came" in line]) == told
