"""Replacing the warehouse's file by one that holds only what is in its tables.

The engine leaves the bytes of deleted rows in the file, whatever it is told. So the file is made
anew from the tables, and takes the old one's place.
"""

from collections.abc import Callable
from contextlib import closing
from logging import Logger
from pathlib import Path
from typing import TypeVar

import duckdb

from randomuser_assets.owner_only import owner_only
from randomuser_assets.warehouse.connect import CONFIG, connected
from randomuser_assets.warehouse.restore import copy_tables, to_ourselves
from randomuser_assets.warehouse.turns import turn
from randomuser_assets.whole import put_in_place, remove_leftovers, work_folder

_T = TypeVar("_T")


def rewritten(
    database: Path, change: Callable[[duckdb.DuckDBPyConnection], _T], *, doing: str, log: Logger
) -> _T:
    """Change the tables in one transaction, and replace the file by one made of them.

    Killed in between, it is to be done again: until then the old bytes are in the old file.
    """
    taking_turns, database = database, database.resolve()  # what a link leads to is the file
    remove_leftovers(database.parent)
    with turn(taking_turns, alone=True, doing=doing, log=log), owner_only:
        with closing(connected(database, False, dict(CONFIG), log)) as connection:
            connection.begin()
            done = change(connection)
            connection.commit()
        while not _replaced(database, log):
            log.info("somebody else wrote to %s meanwhile: copying it again", database)
    return done


def _replaced(database: Path, log: Logger) -> bool:
    """Put a copy in the file's place, unless an outsider, who takes no turns, has changed it."""
    with work_folder(database.parent) as work:
        copy = work / database.name
        with closing(connected(database, False, dict(CONFIG), log)) as connection:
            connection.execute("CHECKPOINT")
            copy_tables(connection, copy)
        copied = _state(database)
        with to_ourselves(database, log):
            if _state(database) != copied:
                return False
            put_in_place(copy, database)
            return True


def _state(database: Path) -> tuple[int, int]:
    found = database.stat()
    return found.st_size, found.st_mtime_ns
