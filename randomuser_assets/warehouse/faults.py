"""Errors of the warehouse, in sentences that never quote data.

The engine's own message may quote a value ("could not convert string …"), so it is passed on only
where it speaks of names, files or memory.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from dagster import Failure

_ABOUT_NAMES_OR_FILES = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.ParserException,
    duckdb.TransactionException,
)


class WarehouseError(Failure):
    """A table could not be written or read, and would not be on the next try."""

    def __init__(self, message: str) -> None:
        super().__init__(message, allow_retries=False)


@contextmanager
def told_without_data(doing: str) -> Iterator[None]:
    """Turn an engine's error into a WarehouseError that says what was being done."""
    try:
        yield
    except duckdb.Error as error:
        # From None: a chained error would carry the engine's message into the event log.
        raise WarehouseError(f"{doing}: {_what_happened(error)}") from None


def _what_happened(error: duckdb.Error) -> str:
    first_line = str(error).split("\n", 1)[0]
    if isinstance(error, duckdb.ConstraintException) and "NOT NULL" in first_line:
        return f"{first_line}. Nothing was stored or replaced: the declaration says it is required."
    if isinstance(error, _ABOUT_NAMES_OR_FILES) and "Could not write" in first_line:
        return (
            f"{first_line}. Nothing was stored or replaced: make room or check the folder's owner, "
            "and run it again."
        )
    if isinstance(error, _ABOUT_NAMES_OR_FILES):
        return f"{first_line}. Nothing was stored or replaced."
    return (
        f"the engine failed with {type(error).__name__}, whose message may quote data and is not "
        "shown. Nothing was stored or replaced: compare the types of what was written with the "
        "declared ones."
    )
