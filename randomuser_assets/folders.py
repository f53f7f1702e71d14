"""Folders that only their owner can open, and that one process at a time can hold."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from stat import S_ISDIR

_ATTEMPTS = 100


def private_folder(path: Path) -> Path:
    """Make a folder and those above it that are missing, each readable by its owner only."""
    for attempt in count(1):
        if path.is_dir():
            break
        missing = [folder for folder in (path, *path.parents) if not folder.exists()]
        for folder in reversed(missing or [path]):
            # Another process may make it or remove it meanwhile; a file of that name is told.
            try:
                folder.mkdir(mode=0o700)
            except FileExistsError:
                # Made by another in the meantime, and perhaps gone again. What is no folder stays.
                with suppress(FileNotFoundError):
                    if not S_ISDIR(folder.lstat().st_mode):
                        raise
            except FileNotFoundError:
                # The folder above was removed; or the system, as in /proc, lets nobody make any.
                if attempt == _ATTEMPTS:
                    raise
                break
    return path


@contextmanager
def held_folder(folder: Path, waits: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold a folder as nobody else's; `waits` is called when somebody else has it.

    The system lets go of it when the process ends, however it ends.
    """
    while True:
        private_folder(folder)
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            continue
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waits()
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            # Whoever had it may have removed it: then what is held is no longer the folder.
            if _is(folder, descriptor):
                yield
                return
        finally:
            os.close(descriptor)


def remove_if_nobody_holds(folder: Path) -> None:
    """Remove a folder, unless somebody holds it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        pass
    finally:
        os.close(descriptor)


def _is(folder: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(folder.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
