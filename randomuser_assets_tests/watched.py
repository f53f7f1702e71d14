"""A watch over a folder: who else could have read something below it, at any time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

OTHERS = 0o077


@contextmanager
def open_handed() -> Iterator[None]:
    """Let everybody read new files and folders, unless who makes them says otherwise."""
    before = os.umask(0)
    try:
        yield
    finally:
        now = os.umask(before)
    assert now == 0, "somebody changed the umask for good"


def open_to_others(folder: Path) -> dict[str, str]:
    """Give all below a folder that has a permission for group or others."""
    found = {}
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(parent, name)
            try:
                mode = path.lstat().st_mode & 0o777
            except FileNotFoundError:
                continue
            if mode & OTHERS:
                found[str(path.relative_to(folder))] = f"{mode:o}"
    return found


@contextmanager
def watched(folder: Path) -> Iterator[dict[str, str]]:
    """Look at a folder all the time until the block ends, and once more."""
    found: dict[str, str] = {}
    over = Event()

    def look() -> None:
        while not over.wait(0.005):
            found.update(open_to_others(folder))

    watcher = Thread(target=look)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()
        found.update(open_to_others(folder))
