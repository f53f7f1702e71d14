"""Folders that only their owner can open."""

from contextlib import suppress
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
