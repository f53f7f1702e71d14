"""Turns at the warehouse: a writer alone, readers together, each in the order in which it came.

A turn is a lock on a file beside the warehouse. The system lets go of it when its holder ends,
however it ends, so a dead holder blocks nobody; what stands in the file is only for those who wait.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging import Logger
from pathlib import Path
from threading import Event, Thread

_FIRST_TOLD, _TOLD_EVERY = 1.0, 30.0
"""Seconds of waiting until it is told for whom, and from then on until it is told again."""


def lock_path(database: Path) -> Path:
    """Say where the lock of a database file is, in which its holder is named."""
    return database.with_name(f"{database.name}.lock")


def queue_path(database: Path) -> Path:
    """Say where the lock is that the next in turn holds while it waits."""
    return database.with_name(f"{database.name}.queue")


@contextmanager
def turn(database: Path, *, alone: bool, doing: str, log: Logger) -> Iterator[None]:
    """Wait for a turn at a database file, and have it until the block ends.

    Who writes is `alone`; who reads is with others who read. Readers that keep coming do not keep
    a writer out: whoever waits holds the queue, and who comes later waits behind. So nobody may
    wait for a turn who has one.
    """
    lock = _open(lock_path(database))
    try:
        _wait(lock, database, alone=alone, doing=doing, log=log)
        try:
            yield
        finally:
            if alone:
                os.ftruncate(lock, 0)
            # Not by closing alone: a child that was forked meanwhile would still have it.
            fcntl.flock(lock, fcntl.LOCK_UN)
    finally:
        os.close(lock)


def _wait(lock: int, database: Path, *, alone: bool, doing: str, log: Logger) -> None:
    queue = _open(queue_path(database))
    try:
        with _telling(database, log):
            fcntl.flock(queue, fcntl.LOCK_EX)
            fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        _name(lock, doing)
    finally:
        os.close(queue)


def holder_of(database: Path) -> str:
    """Say who has the turn, or had it last: of several readers the one that came last."""
    try:
        return lock_path(database).read_text(encoding="utf-8").strip() or "another process"
    except OSError:
        return "another process"


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _name(lock: int, doing: str) -> None:
    since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    told = f"process {os.getpid()}, {doing}, since {since}\n".encode()
    os.ftruncate(lock, 0)
    os.pwrite(lock, told, 0)


@contextmanager
def _telling(database: Path, log: Logger) -> Iterator[None]:
    """Say in the log for whom the block waits, if it waits for longer than a moment."""
    over = Event()
    started = time.monotonic()
    told = []

    def tell() -> None:
        pause = _FIRST_TOLD
        while not over.wait(pause):
            told.append(holder_of(database))
            log.info("waiting for %s, to have %s", told[-1], database)
            pause = _TOLD_EVERY

    teller = Thread(target=tell, name="waiting", daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()
    if told:
        log.info("waited %.1f s for %s", time.monotonic() - started, database)
