"""Backups: a copy of the warehouse as it was at one moment, described, compressed and dated.

Writers are kept out only while the file is copied. What the copy holds is counted afterwards and
written into it, so that a backup can be proven without the warehouse (restore.py).
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from logging import Logger
from pathlib import Path

import duckdb
import pyarrow as pa

from randomuser_assets.forgotten import stored_list
from randomuser_assets.warehouse.connect import logs_of, opened
from randomuser_assets.warehouse.faults import WarehouseError, told_without_data
from randomuser_assets.warehouse.manifest import Manifest, write_manifest
from randomuser_assets.whole import remove_leftovers, work_folder, written_whole

_NAME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z_warehouse\.duckdb\.zst")
_CHUNK = 1 << 20
_COPY = """
import shutil, sys
try:
    shutil.copyfile(*sys.argv[1:])
except OSError as error:
    sys.exit(str(error.errno))
"""


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
            copy_database(warehouse, copy)
        with duckdb.connect(str(copy)) as connection:
            manifest = write_manifest(connection, taken_at, version, stored_list(warehouse.parent))
            connection.execute("CHECKPOINT")  # only the file itself is packed
        path = folder / f"{taken_at:%Y-%m-%dT%H%M%SZ}_{warehouse.name}.zst"
        with written_whole(path, folder) as aside:
            _pack(copy, aside)
    # The one just made stays even where the clock was set back, and it is not the newest by name.
    for old in [other for other in backups_in(folder) if other != path][: 1 - keep or None]:
        old.unlink(missing_ok=True)
    return Backup(path, manifest)


def copy_database(database: Path, copy: Path) -> None:
    """Copy a database file, and the engine's logs if a writer that was killed left any.

    In a process of its own: the engine's lock that keeps outsiders out is lost as soon as this
    process closes the file, whoever opened it.
    """
    for source, target in zip([database, *logs_of(database)], [copy, *logs_of(copy)], strict=True):
        if source.exists():
            command = [sys.executable, "-I", "-S", "-c", _COPY, str(source), str(target)]
            ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own command
            if ended.returncode:
                raise _not_copied(source, target, ended.stderr.strip())


def _not_copied(source: Path, target: Path, told: str) -> Exception:
    if told.isdecimal():
        return OSError(int(told), os.strerror(int(told)), str(target))
    return WarehouseError(f"{source} could not be copied: the process that did it was ended.")


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
