"""A delivery: the folder of a day with saved responses, and whether it is still as it was seen.

Here belongs which files are a day's responses. Not here: what is in them.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

from randomuser_assets.source.faults import SourceError

MARKER = "_SUCCESS"
"""The file that says, by being there, that all of a day's files are."""

ENDINGS = (".json", ".json.gz")


@dataclass(frozen=True, order=True)
class SavedFile:
    """A file as it was seen; one that was written to since differs."""

    path: Path
    size: int
    modified: int
    changed: int
    inode: int

    @property
    def marks(self) -> Sequence[object]:
        """Give all by which it is told from what else had its name."""
        return [self.path.name, self.size, self.modified, self.changed, self.inode]

    def __str__(self) -> str:
        """Give its path, in characters that can be printed."""
        return _shown(self.path)


@dataclass(frozen=True)
class Delivery:
    """What a day's folder holds."""

    root: Path
    day: date
    requests: tuple[SavedFile, ...]
    others: int
    marker: SavedFile | None
    touched: int
    """When, in nanoseconds, anything in the folder was last changed: also what is no response."""

    def marks(self, request: SavedFile) -> Sequence[object]:
        """Give what tells one of its files from any other."""
        return request.marks

    @property
    def is_unchanged(self) -> bool:
        """Whether its responses are still those that were seen."""
        try:
            return seen(self.root, self.day).requests == self.requests
        except SourceError:  # it is gone, or a link has come
            return False

    def check_unchanged(self) -> None:
        """See that its responses are still those that were seen."""
        if not self.is_unchanged:
            raise changed(self.root / f"{self.day}")


def seen(root: Path, day: date) -> Delivery:
    """Give what the folder of a day holds, in the order of names."""
    folder = root / f"{day}"
    try:
        _check_inside(folder, root)
        status = folder.stat()
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        changes = [entry.stat(follow_symlinks=False).st_ctime_ns for entry in found]
        named = [entry for entry in found if _is_named_so(entry.name)]
        files = [file for entry in named if (file := _file(entry, root))]
        markers = [_file(entry, root) for entry in found if entry.name == MARKER]
    except FileNotFoundError:
        if folder.exists():  # a file went between two looks
            raise changed(folder) from None
        raise _unusable(f"There is no folder {_shown(folder)}", folder, day) from None
    except NotADirectoryError:
        raise _unusable(f"{_shown(folder)} is no folder", folder, day) from None
    except OSError as error:
        raise _unusable(f"{_shown(folder)} cannot be read: {error.strerror}", folder, day) from None
    return Delivery(
        root,
        day,
        requests=tuple(files),
        others=len(found) - len(files) - len(markers),
        marker=markers[0] if markers else None,
        touched=max(status.st_mtime_ns, status.st_ctime_ns, *changes),
    )


def delivered(root: Path, day: date) -> Delivery:
    """Give what the folder of a day holds, if there is a response in it."""
    delivery = seen(root, day)
    if not delivery.requests:
        folder = root / f"{day}"
        raise _unusable(f"There is no response in {_shown(folder)}", folder, day)
    return delivery


@contextmanager
def opened_file(file: SavedFile) -> Iterator[BinaryIO]:
    """Open a file, if it is still the one that was seen."""
    try:
        # What took the name of a file meanwhile may be a pipe, on which this would wait.
        descriptor = os.open(file.path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        raise changed(file) from None
    with os.fdopen(descriptor, "rb") as stream:
        if _of(file.path, os.fstat(descriptor)) != file:
            raise changed(file)
        yield stream


def changed(place: Path | SavedFile) -> SourceError:
    """Give the fault of a delivery that somebody writes to."""
    where = _shown(place) if isinstance(place, Path) else f"{place}"
    return SourceError(
        f"The delivery changed while it was read: {where} is not what it was. Nothing of that day "
        "was stored or replaced. It is read again as soon as it is tried again.",
        lasting=False,
    )


def _is_named_so(name: str) -> bool:
    return name.endswith(ENDINGS) and not name.startswith(".")


def _file(entry: os.DirEntry[str], root: Path) -> SavedFile | None:
    """Give what is seen of a file; what is none, as a folder or a pipe, holds no response."""
    path = Path(entry.path)
    if entry.is_symlink():
        _check_inside(path, root)
    status = path.stat()
    if not S_ISREG(status.st_mode):
        return None
    return _of(path, status)


def _of(path: Path, status: os.stat_result) -> SavedFile:
    return SavedFile(path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def _check_inside(path: Path, root: Path) -> None:
    """Refuse a link that leads to where nobody was told to read, or nowhere."""
    target = Path(os.path.realpath(path))  # resolve() of a link to itself is no OSError
    outside = not target.is_relative_to(root.resolve())
    if outside or (path.is_symlink() and not target.exists()):
        where = f"out of {_shown(root)}" if outside else "to nothing"
        raise SourceError(
            f"{_shown(path)} is a link that leads {where}. Nothing of that day was stored or "
            "replaced. Put the file itself there.",
            lasting=True,
        )


def _unusable(what: str, folder: Path, day: date) -> SourceError:
    return SourceError(
        f"{what}. Expected the saved responses of {day} there, as *.json or *.json.gz. Nothing of "
        f"that day was stored or replaced. Put them into {_shown(folder)}, or correct "
        "RANDOMUSER_SOURCE.",
        lasting=True,
    )


def _shown(path: Path) -> str:
    return os.fsencode(path).decode(errors="replace")
