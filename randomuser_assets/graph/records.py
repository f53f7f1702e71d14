"""Dagster's own records, in the SQLite files where it always keeps them, which stay open.

For each of a day's many hundred events the stock storage opens two or three files, writes what it
compiles anew, and closes them, and whenever nobody has a file open any more, SQLite brings it to
order and to the disk: half of the time of a small day. What is written, and where, is left to
Dagster: with this class or without it, records of either are read and gone on with.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import _event_logs_directory
from dagster._serdes import ConfigurableClassData
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection, Engine

_KEPT = 4
"""Files that are kept open: the one of all runs, and those of as many runs as are written at once.

Each run has a file of its own, and who shows them opens one after another.
"""


class KeptOpen(SqliteEventLogStorage):
    """Keeps events; configured with the home of Dagster's records, below which it has its place."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "KeptOpen":
        """Make it of its configuration."""
        return cls(_event_logs_directory(config_value["base_dir"]), inst_data)

    def has_table(self, table_name: str) -> bool:
        """Say whether a table is there; one that was is not looked for again at every event."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def dispose(self) -> None:
        """Close everything."""
        super().dispose()
        with self._db_lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock, self._engine(shard).connect() as connection, connection.begin():
            yield connection

    def _engine(self, shard: str) -> Engine:
        """Give the engine of a file, the newest last; what was not used for longest is closed."""
        engine = self._engines.pop(shard, None)
        if shard not in self._initialized_dbs:
            if engine:
                engine.dispose()  # the file it had was wiped
            engine = self._new_engine(shard)
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        self._engines[shard] = engine or self._new_engine(shard)
        while len(self._engines) > _KEPT:
            self._engines.pop(next(iter(self._engines))).dispose()
        return self._engines[shard]

    def _new_engine(self, shard: str) -> Engine:
        # One thread has it at a time, but not always the same one.
        arguments = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False}
        return create_engine(self.conn_string_for_shard(shard), connect_args=arguments)
