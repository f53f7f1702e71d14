"""Folders that only their owner can open."""

from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR


def private_folder(path: Path) -> Path:
    """Make a folder and those above it that are missing, each readable by its owner only."""
    while not path.is_dir():
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
                break
    return path
