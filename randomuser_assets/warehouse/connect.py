"""Opening the warehouse: in turn, for as long as a load takes, waiting while an outsider has it.

Those of this project take turns (turns.py). Others, such as a notebook, know of no turns: who has
one waits for them, and all others behind.
"""

import logging
import os
import random
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from randomuser_assets.folders import private_folder
from randomuser_assets.owner_only import owner_only
from randomuser_assets.warehouse.engines import USUAL_MEMORY, Opened, said, spill_folder
from randomuser_assets.warehouse.faults import WarehouseError
from randomuser_assets.warehouse.turns import turn

Done = TypeVar("Done")

_FIRST_WAIT, _LONGEST_WAIT = 0.01, 0.5
_TOLD_EVERY = 30.0  # seconds between two messages about the same wait
_OWN_PROCESS_LIMIT = 60.0
_LOGS = (".wal", ".wal.checkpoint", ".wal.recovery")  # the others after a kill amid a checkpoint

CONFIG = {
    "custom_user_agent": "randomuser_assets",
    # Nothing is fetched from anywhere: what the queries need is built in.
    "autoinstall_known_extensions": False,
}


@contextmanager
def opened(
    database: str,
    *,
    read_only: bool,
    doing: str,
    log: logging.Logger,
    config: Mapping[str, Any] | None = None,
    frugal: bool = False,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the database file in turn, however long that takes, and close it for certain.

    What is `doing` is told to those who wait meanwhile. Who is `frugal` holds no more memory than
    is usually needed, unless the configuration says how much.
    """
    path = Path(database)
    if read_only and not path.exists():
        raise _none_yet(path)
    try:
        private_folder(path.parent)
    except OSError as error:
        raise _unusable(path, error.strerror) from None
    open_file = partial(Opened, path, read_only=read_only, config={**CONFIG, **(config or {})})
    with (
        _turn(path, alone=not read_only, doing=doing, log=log),
        # Who reads makes files, too: what does not fit into memory, and what COPY writes.
        owner_only,
        closing(_once_free(path, log, open_file)) as file,
    ):
        connection = file.connection
        if not read_only:
            _tighten(path)
            # What a killed process could not remove; nobody else has the file open now.
            shutil.rmtree(spill_folder(path), ignore_errors=True)
        if frugal and said(config, "memory_limit") is None:
            connection.execute(f"SET memory_limit = {USUAL_MEMORY}")
        # Instants are UTC, on whatever machine a frame with a time zone is written.
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


@contextmanager
def alone(database: str, *, doing: str, log: logging.Logger) -> Iterator[None]:
    """Have the database file to oneself, closed, for another program that opens it."""
    path = Path(database)
    if not path.exists():
        raise _none_yet(path)
    with _turn(path, alone=True, doing=doing, log=log), owner_only:
        # Who knows of no turns may have it open, and the program would not wait.
        connected(path, read_only=False, config=CONFIG, log=log).close()
        yield


def with_enough_memory(
    connection: duckdb.DuckDBPyConnection, work: Callable[[], Done], log: logging.Logger
) -> Done:
    """Do what may need more than is usual: then once more, with what the machine has.

    A page with one huge record, say: better slow and large than never. What it began is undone.
    """
    try:
        return work()
    except duckdb.OutOfMemoryException:
        log.info("this needs more memory than is usual")
        with suppress(duckdb.TransactionException):  # there is none, or it ended with the error
            connection.rollback()
        connection.execute("RESET memory_limit")
        return work()


@contextmanager
def _turn(path: Path, *, alone: bool, doing: str, log: logging.Logger) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(turn(path, alone=alone, doing=doing, log=log))
        except OSError as error:
            if alone or os.access(path.parent, os.W_OK):
                raise _unusable(path, error.strerror) from None
            log.debug("%s is read out of turn: nobody can write there", path)
        yield


def _tighten(path: Path) -> None:
    """Take from others what an earlier version, or whoever copied the files here, let them read."""
    for file in (path, *logs_of(path)):
        with suppress(FileNotFoundError):
            file.chmod(0o600)


def logs_of(database: Path) -> Iterator[Path]:
    """Say where the engine keeps what is not in the file yet."""
    return (database.with_name(database.name + log) for log in _LOGS)


def connected(
    path: Path, read_only: bool, config: dict[str, Any], log: logging.Logger
) -> duckdb.DuckDBPyConnection:
    """Connect, once no outsider has the file open; whose turn it is, is not asked."""
    connect = partial(duckdb.connect, str(path), read_only=read_only, config=config)
    return _once_free(path, log, connect)


def _once_free(path: Path, log: logging.Logger, open_file: Callable[[], Done]) -> Done:
    """Open the file, once no outsider has it open."""
    started = time.monotonic()
    told = float("-inf")
    longest = _FIRST_WAIT
    while True:
        try:
            return open_file()
        except (duckdb.ConnectionException, duckdb.ResourceInUseException):
            # This process has the file open in the other mode: only itself can close it.
            holder = "another thread of this process"
            if time.monotonic() - started > _OWN_PROCESS_LIMIT:
                raise WarehouseError(
                    f"{path} is open in another mode in this very process, for more than "
                    f"{_OWN_PROCESS_LIMIT:.0f} s: close that connection."
                ) from None
        except duckdb.IOException as error:
            if "Could not set lock on file" not in str(error):
                raise _unusable(path, str(error).split("\n", 1)[0]) from None
            found = re.search(r"PID (\d+)", str(error))
            holder = f"process {found.group(1)}" if found else "another process"
        if time.monotonic() - told > _TOLD_EVERY:
            log.info("waiting for %s, which has %s open", holder, path)
            told = time.monotonic()
        time.sleep(random.uniform(0, longest))  # noqa: S311  spreads load, guards nothing
        longest = min(_LONGEST_WAIT, longest * 2)


def _none_yet(path: Path) -> WarehouseError:
    return WarehouseError(f"There is no warehouse at {path} yet: materialise a table first.")


def _unusable(path: Path, reason: str | None) -> WarehouseError:
    return WarehouseError(
        f"The warehouse {path} cannot be opened: {reason}. Check the folder's owner and free "
        "space, or set RANDOMUSER_DATA_DIR to a folder that can be written."
    )
