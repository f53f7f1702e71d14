"""Engines: the one that was used last is kept for whoever opens the same file next.

To make one takes 25 ms, and it learns its own catalogue anew, for another 20: a run that stores a
table after the other would do little else on a small day. A file is attached to it for as long as
somebody has it open, and by one engine of a process at most: if a second one closed it, the system
would take the lock from the first.

What is kept is an engine without files. Of what is set for all its connections it takes back what
this project sets; who opens a file here leaves no function, secret or other file behind.
"""

import atexit
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from randomuser_assets.query.names import quoted, text

_ROWS_TOGETHER = 30_720
"""How many rows a new table has in a group, which is what a thread writes at a time.

A quarter of the engine's own number, since a thread holds a group of wide rows as it comes. Where
that is as much as may be held, they are written one after another.
"""

_MEMORY_A_THREAD = 160  # MB
USUAL_MEMORY = f"concat(greatest(2, current_setting('threads')) * {_MEMORY_A_THREAD}, 'MB')"
"""What may be held before it goes to the disk, so that many rows take no more than some.

Wide rows were seen to need 80 MB a thread. With 128 landing waits for its own writing, and a large
file takes a fifth longer to sort; with 192 nothing is faster, and with 256 the peak grows by more
than a fifth from half a million people to two.
"""

_NOT_FOR_A_DATABASE = {
    "information_schema", "main", "memory", "pg_catalog", "system", "temp",
}  # fmt: skip

_ONLY_WITH_A_FILE = {"access_mode", "enable_external_access"}
"""Settings that no engine can have to which a file is attached later."""

_CHANGED = {
    "memory_limit": {"memory_limit", "max_memory"},
    "preserve_insertion_order": {"preserve_insertion_order"},
}
"""Settings of an engine that this project changes, and takes back again, with all their names."""


def said(config: Mapping[str, Any] | None, setting: str) -> object | None:
    """Give what a configuration says of a setting, by any of the names that are known of it."""
    names = _CHANGED.get(setting, {setting})
    found = (value for name, value in (config or {}).items() if name.lower() in names)
    return next(found, None)


def spill_folder(path: Path) -> Path:
    """Say where an engine puts what does not fit into memory."""
    return path.with_name(f"{path.name}.tmp")


@dataclass(eq=False)
class _Engine:
    """An engine, the file for which it is as it was named, and who has it open in which mode."""

    engine: duckdb.DuckDBPyConnection
    path: Path
    config: dict[str, Any]
    read_only: bool = False
    users: set[object] = field(default_factory=set)

    @property
    def name(self) -> str:
        """Give the name of the file's database, quoted: the engine's own, where it may be."""
        name = self.path.name.split(".")[0] or self.path.stem
        return quoted(f"{name}_db" if name.lower() in _NOT_FOR_A_DATABASE else name)

    def attach(self, *, read_only: bool) -> None:
        """Open the file; how many rows are together can be said only here."""
        how = "READ_ONLY" if read_only else f"ROW_GROUP_SIZE {_ROWS_TOGETHER}"
        self.engine.execute(f"ATTACH {text(str(self.path))} AS {self.name} ({how})")
        self.read_only = read_only

    def reset(self) -> None:
        """Take back what was set since it was made."""
        for name in _CHANGED:
            value = said(self.config, name)
            self.engine.execute(
                f"RESET {name}" if value is None else f"SET {name} = {text(str(value))}"
            )

    @property
    def may_be_kept(self) -> bool:
        """Whether nothing is left on the disk of what did not fit into memory.

        Somebody else may tidy that up, and would take away where this one puts more.
        """
        return not spill_folder(self.path).exists()


_lock = threading.RLock()  # whoever is forgotten may be closed amid anything
_attached: dict[Path, _Engine] = {}
"""By the file itself, whatever names lead to it."""

_idle: _Engine | None = None


class Opened:
    """A file that is open until it is closed, or this is gone; `connection` is one of its own."""

    connection: duckdb.DuckDBPyConnection

    def __init__(self, path: Path, *, read_only: bool, config: Mapping[str, Any]) -> None:
        self._user = object()  # by which the engine knows it without holding it
        self._is_open = True
        if _ONLY_WITH_A_FILE.intersection(map(str.lower, config)):
            self.connection = duckdb.connect(f"{path}", read_only=read_only, config=dict(config))
            return
        try:
            with _lock:
                # Whatever interrupts this, and wherever: what nobody uses is let go of.
                engine = _engine_for(self._user, path.absolute(), dict(config), read_only=read_only)
            self.connection = engine.engine.cursor()
            self.connection.execute(f"USE {engine.name}")
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close it; who closes it last lets go of the file."""
        try:
            if hasattr(self, "connection"):  # else it was never opened
                self.connection.close()
        finally:
            with _lock:
                for engine in list(_attached.values()):
                    engine.users.discard(self._user)
                _let_go_of_unused()
        self._is_open = False

    def __del__(self) -> None:
        """Close it, where that was interrupted, or just before whoever opened it had it."""
        if self._is_open:
            self.close()


def _engine_for(user: object, path: Path, config: dict[str, Any], *, read_only: bool) -> _Engine:
    """Give the engine to which the file is attached, for one user more."""
    _let_go_of_unused()
    file = path.resolve()
    if there := _attached.get(file):
        if there.read_only and read_only and there.config == config:
            there.users.add(user)
            return there
        raise duckdb.ConnectionException(f"{path} is open in this process in another way")
    engine = _taken(path, config)
    engine.users.add(user)
    try:
        _attached[file] = engine
        engine.attach(read_only=read_only)
    except duckdb.Error:  # somebody else has it: whoever waits for them tries again, and often
        del _attached[file]
        engine.users.discard(user)
        _keep(engine)
        raise
    return engine


def _taken(path: Path, config: dict[str, Any]) -> _Engine:
    """Give the idle engine as if it was new, or a new one in its place."""
    global _idle
    if _idle and (_idle.path, _idle.config) == (path, config):
        idle, _idle = _idle, None
        idle.reset()
        return idle
    _keep(None)
    engine = duckdb.connect(config={"temp_directory": f"{spill_folder(path)}", **config})
    if said(config, "block_allocator_memory") is None:
        # Else each block is given back to the system at the limit, and asked for anew. More than
        # the machine has is refused: then it is so.
        with suppress(duckdb.InvalidInputException):
            engine.execute(f"SET block_allocator_memory = {USUAL_MEMORY}")
    return _Engine(engine, path, config)


def _let_go_of_unused() -> None:
    """Detach each file that nobody has open any more; what cannot be detached is closed."""
    for file, engine in list(_attached.items()):
        if engine.users:
            continue
        detached = False
        try:
            with suppress(duckdb.Error):  # what was committed is stored, if in the log only
                engine.engine.execute(f"DETACH {engine.name}")
                detached = True
        finally:
            _attached.pop(file, None)
            if detached and engine.may_be_kept:
                _keep(engine)
            else:
                engine.engine.close()


def _keep(engine: _Engine | None) -> None:
    """Keep it in place of the one that was kept so far, which is closed."""
    global _idle
    before, _idle = _idle, engine
    if before:
        before.engine.close()


atexit.register(_keep, None)  # else it would be complained of as left behind
