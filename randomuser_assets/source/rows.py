"""Rows of a declared table as a file: Parquet, which every engine reads."""

import os
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from itertools import accumulate
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from randomuser_assets.model import Table
from randomuser_assets.model.types import DATE, INSTANT, INTEGER, LONG_TEXT, TEXT

ENDING = ".parquet"

_ARROW = {
    DATE: pa.date32(),
    INSTANT: pa.timestamp("us"),
    INTEGER: pa.int32(),
    LONG_TEXT: pa.large_string(),
    TEXT: pa.string(),
}


@dataclass(frozen=True)
class Repeated:
    """A value that each row of a file has."""

    value: object


def write_columns(path: Path, table: Table, columns: Iterable[Sequence[Any] | Repeated]) -> None:
    """Write the columns of a table, in its order.

    It has its name when all is written, which is not brought to the disk: that would be waited for.
    Its owner alone can read it, also while it is being written.
    """
    aside = path.with_suffix(".part")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            # No two payloads are equal, for which a dictionary would be; the rest is not read.
            parquet.write_table(
                _arrow(table, list(columns)),
                file,
                compression="zstd",
                compression_level=1,
                use_dictionary=False,
                store_schema=False,
                write_statistics=False,
            )
        aside.rename(path)
    except OSError:
        aside.unlink(missing_ok=True)  # a full disk is not made fuller
        raise


def sum_of(path: Path) -> str:
    """Give what tells a file from one of another content."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def read_column(path: Path, name: str) -> list[Any]:
    """Give the values of a column."""
    with parquet.ParquetFile(path) as file:  # thrice as fast as a data set of one file
        values: list[Any] = file.read(columns=[name])[name].to_pylist()
    return values


def _arrow(table: Table, columns: Sequence[Sequence[Any] | Repeated]) -> pa.Table:
    rows = max((len(column) for column in columns if not isinstance(column, Repeated)), default=0)
    arrays = []
    for declared, column in zip(table.columns, columns, strict=True):
        type_ = _ARROW[declared.type]
        if isinstance(column, Repeated):
            arrays.append(pa.repeat(pa.scalar(column.value, type_), rows))
        elif declared.type == LONG_TEXT:
            arrays.append(texts(column))
        else:
            arrays.append(pa.array(column, type_))
    return pa.table(arrays, names=table.column_names)


def texts(written: Sequence[bytes]) -> pa.Array:
    """Put texts behind one another, as Arrow has them; that they are UTF-8 is not looked at."""
    ends = array("q", accumulate(map(len, written), initial=0))
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(written))]
    return pa.Array.from_buffers(pa.large_string(), len(written), buffers)
