"""Folders that only their owner can open."""

from pathlib import Path


def private_folder(path: Path) -> Path:
    """Make a folder and those above it that are missing, each readable by its owner only."""
    while not path.is_dir():
        missing = [folder for folder in (path, *path.parents) if not folder.exists()]
        for folder in reversed(missing or [path]):
            # Another process may make it or remove it meanwhile; a file of that name is told.
            try:
                folder.mkdir(mode=0o700)
            except FileExistsError:
                if folder.is_file():
                    raise
            except FileNotFoundError:
                break
    return path
