"""Writing a file so that what stands under its name is always whole: the old one or the new one.

A file is written aside, below `.parts` of the folder that all files of its kind are in, brought to
the disk and renamed. What a killed process left there is held by nobody, and so known as left.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Self

from randomuser_assets.folders import held_folder, private_folder, remove_if_nobody_holds
from randomuser_assets.owner_only import owner_only

_PARTS = ".parts"

WrittenWhole = Callable[[Path, Path], AbstractContextManager[Path]]
"""Gives a path to write to, of a file and of the folder that all of its kind are in."""


@dataclass(frozen=True)
class Written:
    """A file of a table's day that was written."""

    path: Path
    rows: int


@contextmanager
def work_folder(root: Path) -> Iterator[Path]:
    """Give a folder to work in, which is gone afterwards and is known as left if it is not.

    Whatever is written meanwhile, there or elsewhere, is for its owner only.
    """
    work = root / _PARTS / secrets.token_hex(8)
    with owner_only, held_folder(work):
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
            with suppress(OSError):  # others work there, too
                work.parent.rmdir()


@contextmanager
def written_whole(path: Path, root: Path) -> Iterator[Path]:
    """Give a path to write to; what was written there takes the file's place at the end."""
    with work_folder(root) as work:
        aside = work / path.name
        yield aside
        put_in_place(aside, path)


class Together:
    """Files that belong together: each is brought to the disk while the next one is written.

    All take their places at the end; of those that were not put there nothing is left.
    """

    def __init__(self) -> None:
        self._work = ExitStack()
        self._coming: dict[Path, tuple[Path, _Flush]] = {}

    def __enter__(self) -> Self:
        """Begin with none."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was not put in its place."""
        self._work.close()

    @contextmanager
    def written(self, path: Path, root: Path) -> Iterator[Path]:
        """Give a path to write to, of a file and of the folder that all of its kind are in."""
        aside = self._work.enter_context(work_folder(root)) / path.name
        yield aside
        _make_private(aside)
        self._coming[path] = aside, _Flush(aside)

    def wait_for(self, path: Path) -> None:
        """Wait until a file is on the disk, or raise why it is not."""
        _, flush = self._coming[path]
        flush.wait()

    def put_in_place(self, path: Path) -> None:
        """Give a file that was waited for its name."""
        aside, _ = self._coming[path]
        _give_its_name(aside, path)


class _Flush:
    """A file on its way to the disk.

    Its thread holds nothing and changes nothing: who is interrupted leaves it alone.
    """

    def __init__(self, path: Path) -> None:
        self._fault: BaseException | None = RuntimeError(f"{path} was not brought to the disk")
        self._thread = Thread(target=self._run, args=(path,), daemon=True)
        self._thread.start()

    def _run(self, path: Path) -> None:
        try:
            _to_disk(path)
            self._fault = None
        except OSError as error:
            self._fault = error

    def wait(self) -> None:
        self._thread.join()
        if self._fault is not None:
            raise self._fault


def put_in_place(aside: Path, path: Path) -> None:
    """Give a file its name, once it is on the disk."""
    _make_private(aside)
    _to_disk(aside)
    _give_its_name(aside, path)


def _make_private(path: Path) -> None:
    path.chmod(0o600)  # a folder's default access list goes before the umask


def _give_its_name(aside: Path, path: Path) -> None:
    if not path.parent.is_dir():
        private_folder(path.parent)
        _to_disk(path.parent.parent)
    aside.replace(path)
    _to_disk(path.parent)


def put_folder_in_place(aside: Path, path: Path) -> None:
    """Give a folder its name, once it is on the disk; what had that name goes.

    For a moment in between there is neither. What is in it is never partly old and partly new.
    """
    _to_disk(aside)
    private_folder(path.parent)
    before = aside.with_name(f"{aside.name}.before")
    with held_folder(path.parent):  # others that put a folder here wait
        there = path.exists()
        if there:
            path.rename(before)
        try:
            aside.rename(path)
        except OSError:
            if there:
                before.rename(path)
            raise
        _to_disk(path.parent)


def write_to_disk(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read, and bring it to the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def remove_leftovers(root: Path) -> None:
    """Remove what processes that were killed left below a folder."""
    parts = root / _PARTS
    for work in parts.glob("*"):
        remove_if_nobody_holds(work)
    with suppress(OSError):
        parts.rmdir()


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
