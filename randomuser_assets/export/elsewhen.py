"""What the files of other days hold, which are not written again because a setting has changed."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from randomuser_assets.model import Table

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

PathOfDay = Callable[[Path, Table, str], Path]
ColumnsOf = Callable[[Path], Sequence[str]]


def days_with_private_columns(
    tables: Iterable[Table], folder: Path, path: PathOfDay, columns: ColumnsOf
) -> set[str]:
    """Give the days of which some file has columns that are not public.

    It is asked of the files themselves, those of older versions among them. Once a day is known to
    have some, no other file of it is opened.
    """
    found: set[str] = set()
    for table in tables:
        if table.public.columns != table.columns:
            found |= {
                day
                for day, file in _files(table, folder, path)
                if day not in found and not {*columns(file)} <= {*table.public.column_names}
            }
    return found


def _files(table: Table, folder: Path, path: PathOfDay) -> Iterator[tuple[str, Path]]:
    for file in folder.glob(str(path(Path(), table, "*"))):
        day = _DAY.search(str(file.relative_to(folder)))
        if day and file == path(folder, table, day[0]):
            yield day[0], file
