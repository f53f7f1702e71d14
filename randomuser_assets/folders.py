"""Folders that only their owner can open."""

from pathlib import Path


def private_folder(path: Path) -> Path:
    """Make a folder and those above it that are missing, each readable by its owner only."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
    path.mkdir(exist_ok=True)  # says so when a file has the name
    return path
