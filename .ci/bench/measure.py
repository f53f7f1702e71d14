"""A process and all that it starts: how long it takes, its memory, and what it writes.

From Linux's own accounts, the same ones for all:

- seconds from the start of the process to its end, and those of all processors together;
- memory: the sum of the proportional set sizes of the tree, so that what processes share counts
  once, looked at every 50 ms (less often where looking itself takes long); beside it the most that
  any single process has had resident, which the kernel keeps, so that nothing falls between looks.
  Not `ru_maxrss`: of a process that is started it begins with what the starting one has;
- bytes: what was handed to storage, also of files that are gone again, and what all reads and
  writes moved. A child's are its parent's as soon as it has ended, and the parent's are read
  when it has ended and is not forgotten yet.
"""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

LOOK = 0.05  # seconds
SHARE = 0.05
"""The most of the time that looking may take."""

_PROC = Path("/proc")


@dataclass(frozen=True)
class Measured:
    """What a process took."""

    began: float
    """Seconds since 1970, to compare with times in its records."""
    seconds: float
    cpu_seconds: float
    peak: int
    """Bytes of memory of the whole tree."""
    largest: int
    """Bytes of memory of the largest process."""
    written: int
    """Bytes handed to storage."""
    moved: int
    """Bytes of all reads and writes, from wherever: the same on any machine."""


class FailedError(Exception):
    """A process ended badly."""


def measured(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Measured:
    """Run a command to its end, where no `.env` lies that Dagster would let win."""
    with log.open("wb") as output:
        began, started = time.time(), time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  our own commands
            command,
            env=environment,
            cwd=log.parent,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        memory = _Memory(process.pid)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        seconds = time.perf_counter() - started
        peak, largest = memory.stop()
        account = _account(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        told = log.read_text(errors="replace")[-4000:]
        raise FailedError(f"{' '.join(command)[:200]} ended with {process.returncode}:\n{told}")
    return Measured(
        began=began,
        seconds=seconds,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak=peak,
        largest=largest,
        written=account["write_bytes"],
        moved=account["rchar"] + account["wchar"],
    )


class _Memory:
    """Looks at the memory of a tree of processes until it is stopped."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._peak = self._largest = 0
        self._ended = Event()
        self._looking = Thread(target=self._look, daemon=True)
        self._looking.start()

    def stop(self) -> tuple[int, int]:
        """Give the most that all had together, and that any of them had."""
        self._ended.set()
        self._looking.join()
        return self._peak, self._largest

    def _look(self) -> None:
        pause = LOOK
        while not self._ended.wait(pause):
            before = time.thread_time()
            processes = list(_tree(self._root))
            together = sum(_size(pid, "smaps_rollup", "Pss:") for pid in processes)
            self._peak = max(self._peak, together)
            most = (_size(pid, "status", "VmHWM:") for pid in processes)
            self._largest = max(self._largest, *most)
            pause = max(LOOK, (time.thread_time() - before) / SHARE)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):  # it ended meanwhile
        for thread in (_PROC / f"{pid}" / "task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _tree(int(child))


def _size(pid: int, file: str, name: str) -> int:
    with suppress(OSError):
        for line in (_PROC / f"{pid}" / file).read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return 0


def _account(pid: int) -> dict[str, int]:
    lines = (_PROC / f"{pid}" / "io").read_text().splitlines()
    return {name: int(number) for name, _, number in (line.partition(": ") for line in lines)}
