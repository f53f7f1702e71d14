"""Backups: a copy of the warehouse as it was at one moment, described, compressed and dated.

Writers are kept out only while the file is copied. What the copy holds is counted afterwards and
written into it, so that a backup can be proven without the warehouse (restore.py).
"""

import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from logging import Logger
from pathlib import Path

import duckdb
import pyarrow as pa

from randomuser_assets.export.whole import remove_leftovers, work_folder, written_whole
from randomuser_assets.warehouse.connect import opened
from randomuser_assets.warehouse.faults import told_without_data
from randomuser_assets.warehouse.manifest import Manifest, write_manifest

_NAME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z_warehouse\.duckdb\.zst")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Backup:
    """A backup that was made."""

    path: Path
    manifest: Manifest

    @property
    def bytes(self) -> int:
        """Its size."""
        return self.path.stat().st_size


def backups_in(folder: Path) -> list[Path]:
    """Give the backups of a folder, the newest last; other files there are nobody's business."""
    return sorted(path for path in folder.glob("*") if _NAME.fullmatch(path.name))


def make_backup(
    warehouse: Path, folder: Path, *, keep: int, version: str, doing: str, log: Logger
) -> Backup:
    """Make a backup of the warehouse, and remove those that are too many once it is there."""
    remove_leftovers(folder)
    with work_folder(folder) as work, told_without_data(f"Backing up {warehouse}"):
        copy = work / warehouse.name
        with opened(str(warehouse), read_only=True, doing=doing, log=log):
            # Open to read, so that outsiders cannot write, either.
            taken_at = datetime.now(UTC).replace(tzinfo=None)
            shutil.copyfile(warehouse, copy)
            if log_of(warehouse).exists():  # as after a kill
                shutil.copyfile(log_of(warehouse), log_of(copy))
        with duckdb.connect(str(copy)) as connection:
            manifest = write_manifest(connection, taken_at, version)
        path = folder / f"{taken_at:%Y-%m-%dT%H%M%SZ}_{warehouse.name}.zst"
        with written_whole(path, folder) as aside:
            _pack(copy, aside)
    for old in backups_in(folder)[:-keep]:
        old.unlink(missing_ok=True)
    return Backup(path, manifest)


def log_of(database: Path) -> Path:
    """Say where the engine keeps what is not in the file yet."""
    return database.with_name(f"{database.name}.wal")


def _pack(source: Path, target: Path) -> None:
    with (
        source.open("rb") as plain,
        pa.OSFile(str(target), "wb") as file,
        pa.CompressedOutputStream(file, "zstd") as packed,
    ):
        shutil.copyfileobj(plain, packed, _CHUNK)


def unpack(source: Path, target: Path) -> None:
    """Unpack a backup; memory does not grow with it."""
    with (
        pa.OSFile(str(source)) as file,
        pa.CompressedInputStream(file, "zstd") as packed,
        target.open("wb") as plain,
    ):
        shutil.copyfileobj(packed, plain, _CHUNK)
