"""Work in other processes: it gives or raises what it would here, and leaves no process behind."""

import os
import platform
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from randomuser_assets.source.apart import Apart
from randomuser_assets.source.faults import SourceError


def process_and_double(number: int) -> tuple[int, int]:
    return os.getpid(), 2 * number


def fail(how: str) -> None:
    print("what is printed is no answer")
    match how:
        case "source":
            raise SourceError("page 3 is missing", lasting=True)
        case "disk":
            raise OSError(28, "No space left on device", "page")
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "interrupted":
            os.kill(os.getpid(), signal.SIGINT)


def pages_asked_for(size: int) -> int:
    """Hold two texts as long, let go of them, and say how many pages it took to hold them again."""
    for _ in range(2):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        held = [b"x" * size for _ in range(2)]
        del held
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def is_alive(process: int) -> bool:
    state = Path(f"/proc/{process}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def test_each_thread_has_a_process_of_its_own_and_keeps_it() -> None:
    with Apart(process_and_double) as work, ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(work, range(20)))
    assert [double for _, double in answers] == list(range(0, 40, 2))
    processes = {process for process, _ in answers}
    assert os.getpid() not in processes
    assert 1 <= len(processes) <= 2
    assert not any(is_alive(process) for process in processes)


def test_an_error_is_raised_where_it_was_called_as_it_was() -> None:
    with Apart(fail) as work:
        with pytest.raises(SourceError, match="page 3 is missing") as source:
            work("source")
        assert source.value.lasting
        with pytest.raises(OSError, match="No space left") as disk:
            work("disk")
        assert (disk.value.errno, disk.value.strerror) == (28, "No space left on device")
        work("interrupted")  # Ctrl-C in a terminal reaches all processes: the first one decides


def test_a_process_that_ends_by_itself_is_told() -> None:
    with Apart(fail) as work, pytest.raises(RuntimeError, match="ended with code -9"):
        work("killed")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="what is set is glibc's: not here")
def test_a_process_keeps_the_memory_of_one_page_for_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for said in ("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES"):
        monkeypatch.delenv(said, raising=False)  # who says so has it as it was said
    size = 8 * 2**20
    with Apart(pages_asked_for) as work:
        again = [work(size) for _ in range(3)][-1]
    assert again < size // resource.getpagesize() // 10


SCRIPT = f"""
import time
from randomuser_assets.source.apart import Apart
from {__name__} import process_and_double
work = Apart(process_and_double)
print(*work(4), flush=True)
time.sleep(60)
"""


def test_a_script_without_a_guard_can_call_it_and_its_processes_end_with_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True
    ) as script:
        assert script.stdout
        process, double = map(int, script.stdout.readline().split())
        assert double == 8
        assert is_alive(process)
        script.kill()
    patience = time.monotonic() + 30
    while is_alive(process):
        assert time.monotonic() < patience
        time.sleep(0.01)
