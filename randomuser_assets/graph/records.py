"""Dagster's own records, in the SQLite files where it always keeps them, which stay open.

For each of a day's many hundred events the stock storage opens two or three files, writes what it
compiles anew, and closes them, and whenever nobody has a file open any more, SQLite brings it to
order and to the disk: half of the time of a small day. What is written, and where, is left to
Dagster: with this class or without it, records of either are read and gone on with.

What was written is brought to the disk with the first event after a second, and at the end, not
with each. So power that fails may take with it what came within a second of the time before, though
no file is torn, and none of what the warehouse has stored by then.
"""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from randomuser_assets.for_good import loaded_for_good

with loaded_for_good():  # a home made here loads this first, and with it SQLAlchemy and Alembic
    from dagster import DagsterInstance, DagsterInvariantViolationError
    from dagster._core.storage.event_log import SqliteEventLogStorage
    from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
    from dagster._core.storage.sqlite_storage import _event_logs_directory
    from dagster._serdes import ConfigurableClassData
    from sqlalchemy import create_engine, event
    from sqlalchemy.engine import Connection, Engine

_KEPT = 4
"""Files that are kept open: the one of all runs, and those of as many runs as are written at once.

Each run has a file of its own, and who shows them opens one after another.
"""

_OFTEN_ENOUGH = 1.0
"""Seconds between two times that what was written to a file is brought to the disk."""

_Place = tuple[int, int] | None
"""Which file is under a name: whoever removes or moves one puts another there, or none."""


class KeptOpen(SqliteEventLogStorage):
    """Keeps events; configured with the home of Dagster's records, below which it has its place."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, tuple[Engine, _Place]] = {}
        self._tables: set[str] = set()
        self._on_the_disk: dict[str, float] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "KeptOpen":
        """Make it of its configuration."""
        home = Path(config_value["base_dir"]).expanduser()
        return cls(_event_logs_directory(str(home)), inst_data)

    def register_instance(self, instance: DagsterInstance) -> None:
        """Belong to an instance: the one whose other records are in the same home."""
        super().register_instance(instance)
        expected = _event_logs_directory(instance.root_directory)
        if os.path.realpath(expected) != os.path.realpath(self._base_dir):
            raise DagsterInvariantViolationError(
                f"Dagster's home {instance.root_directory} was opened while DAGSTER_HOME names "
                f"another: its events would be kept in {self._base_dir}, apart from its runs. "
                "Set DAGSTER_HOME to the home that is opened."
            )

    def has_table(self, table_name: str) -> bool:
        """Say whether a table is there; one that was is not looked for again at every event."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def dispose(self) -> None:
        """Close everything."""
        super().dispose()
        with self._db_lock, ExitStack() as all_of_them:
            for shard in self._engines:
                all_of_them.callback(self._close, shard)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            with self._engine(shard).connect() as connection:
                before = _changes(connection)
                with connection.begin():
                    yield connection
                written = _changes(connection) != before
            if written:
                # The UI shows a run as it works by watching its file, and while that stays open,
                # what is new is in another one beside it.
                os.utime(self.path_for_shard(shard))
                self._bring_to_the_disk(shard, after=_OFTEN_ENOUGH)

    def _engine(self, shard: str) -> Engine:
        """Give the engine of a file, the newest last; what was not used for longest is closed.

        Of a file that is no longer there, or another by now, nothing is kept.
        """
        path = self.path_for_shard(shard)
        engine, place = self._engines.pop(shard, (None, None))
        if engine and place != _place(path):
            engine.dispose()
            engine = None
        engine = engine or self._new_engine(shard)
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            engine.dispose()  # that took several connections, of which one is enough
            self._initialized_dbs.add(shard)
        self._engines[shard] = engine, _place(path)
        while len(self._engines) > _KEPT:
            self._close(next(iter(self._engines)))
        return engine

    def _close(self, shard: str) -> None:
        engine, _ = self._engines.pop(shard)
        try:
            self._bring_to_the_disk(shard, after=0)
        finally:
            engine.dispose()
            self._on_the_disk.pop(shard, None)

    def _bring_to_the_disk(self, shard: str, *, after: float) -> None:
        """Do so with what was written to a file, if it is so long since that was done."""
        now = time.monotonic()
        if now - self._on_the_disk.get(shard, float("-inf")) < after:
            return
        self._on_the_disk[shard] = now
        with suppress(FileNotFoundError):  # nothing was written, or all of it is in the file
            log = os.open(f"{self.path_for_shard(shard)}-wal", os.O_RDONLY)
            try:
                os.fsync(log)
            finally:
                os.close(log)

    def _new_engine(self, shard: str) -> Engine:
        # One thread has it at a time, but not always the same one.
        arguments = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False}
        engine = create_engine(self.conn_string_for_shard(shard), connect_args=arguments)
        event.listen(engine, "connect", _do_not_wait_for_the_disk)
        return engine


def _do_not_wait_for_the_disk(connection: SqliteConnection, _: object) -> None:
    # Without its log beside it, a file could be torn.
    if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        connection.execute("PRAGMA synchronous = NORMAL")


def _changes(connection: Connection) -> int:
    changes: int = connection.connection.total_changes  # SQLite counts them
    return changes


def _place(path: str) -> _Place:
    try:
        found = os.stat(path)  # noqa: PTH116  thrice as fast, and asked for each event
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
