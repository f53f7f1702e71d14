"""Engines, of which the last one is kept for whoever opens the same file next.

To make one takes 25 ms, and it learns its own catalogue anew, for another 20: a run that stores a
table after the other would do little else on a small day. A file is attached to it for as long as
somebody has it open, and nothing of the file is kept longer.
"""

import atexit
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from randomuser_assets.query.names import quoted, text

_ROWS_TOGETHER = 30_720
"""How many rows a new table has in a group, which is what a thread writes at a time.

A quarter of the engine's own number, since a thread holds a group of wide rows as it comes. Where
that is as much as may be held, they are written one after another.
"""

_NAMES_OF_THE_ENGINE = {"main", "memory", "system", "temp"}


@dataclass
class _Engine:
    """An engine, the file for which it is, and how many have that file open in which mode."""

    engine: duckdb.DuckDBPyConnection
    path: Path
    config: dict[str, Any]
    read_only: bool = False
    users: int = 0

    @property
    def name(self) -> str:
        """Give the name of the file's database, quoted: as the engine itself would call it."""
        stem = self.path.stem
        return quoted(f"{stem}_db" if stem.lower() in _NAMES_OF_THE_ENGINE else stem)

    def attach(self, *, read_only: bool) -> None:
        """Open the file; how many rows are together can be said only here."""
        how = "READ_ONLY" if read_only else f"ROW_GROUP_SIZE {_ROWS_TOGETHER}"
        self.engine.execute(f"ATTACH {text(str(self.path))} AS {self.name} ({how})")
        self.read_only = read_only

    def reset(self) -> None:
        """Take back what was set since it was made."""
        given = {name.lower() for name in self.config}
        for name, names in _CHANGED.items():
            if given.isdisjoint(names):
                self.engine.execute(f"RESET {name}")

    @property
    def may_be_kept(self) -> bool:
        """Whether nobody has it, and nothing is left on the disk of what did not fit into memory.

        Somebody else may tidy that up, and would take away where this one puts more.
        """
        return not self.users and not _spilt(self.path).exists()


_CHANGED = {
    "memory_limit": {"memory_limit", "max_memory"},
    "preserve_insertion_order": {"preserve_insertion_order"},
}
"""Settings of an engine, not of a connection, that whoever has a file open may change.

Each with all its names in a configuration, by which it is not changed.
"""

_lock = threading.Lock()
_kept: _Engine | None = None


class Opened:
    """A file that is open until it is closed; `connection` is one of its own."""

    def __init__(self, path: Path, *, read_only: bool, config: Mapping[str, Any]) -> None:
        with _lock:
            self._engine = _engine_for(path, dict(config), read_only=read_only)
            self.connection = self._engine.engine.cursor()
            self._engine.users += 1
        self.connection.execute(f"USE {self._engine.name}")

    def close(self) -> None:
        """Close it; who closes it last lets go of the file."""
        self.connection.close()
        with _lock:
            self._engine.users -= 1
            if not self._engine.users:
                _let_go(self._engine)


def _engine_for(path: Path, config: dict[str, Any], *, read_only: bool) -> _Engine:
    """Give an engine to which the file is attached: the kept one, if it may be."""
    global _kept  # noqa: PLW0603  one for the process
    if _kept and (_kept.path, _kept.config) == (path, config):
        if _kept.users and _kept.read_only and read_only:
            return _kept
        if not _kept.users:
            _kept.reset()
            _kept.attach(read_only=read_only)
            return _kept
    engine = duckdb.connect(config={"temp_directory": f"{_spilt(path)}", **config})
    made = _Engine(engine, path, config)
    try:
        made.attach(read_only=read_only)
    except BaseException:
        made.engine.close()
        raise
    if _kept is None or not _kept.users:
        _close_kept()
        _kept = made
    return made


def _let_go(used: _Engine) -> None:
    """Detach the file, and close an engine that cannot be kept, which detaches it in any case."""
    detached = False
    with suppress(duckdb.Error):  # what was committed is stored, if not yet where it belongs
        used.engine.execute(f"DETACH {used.name}")
        detached = True
    if used is not _kept:
        used.engine.close()
    elif not (detached and used.may_be_kept):
        _close_kept()


def _close_kept() -> None:
    global _kept  # noqa: PLW0603  as above
    if _kept:
        _kept.engine.close()
        _kept = None


def _spilt(path: Path) -> Path:
    """Say where an engine puts what does not fit into memory."""
    return path.with_name(f"{path.name}.tmp")


atexit.register(_close_kept)  # else it would be complained of as left behind
