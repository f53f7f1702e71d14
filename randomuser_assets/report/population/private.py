"""Looking for people on the page: whether anything that it carries is said of one person alone.

What comes from data is on the page as a text of its own, or as a number; the rest is ours.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb

from randomuser_assets.model import Table
from randomuser_assets.model.marts import (
    DIM_COUNTRY,
    DIM_LOCATION,
    DIM_TIMEZONE,
    DIM_USER,
    FCT_USER_SNAPSHOT,
)
from randomuser_assets.report.population.embedding import called
from randomuser_assets.report.population.page import own_text
from randomuser_assets.report.seen import see, view_of

_COUNTS = re.compile(r'<script type="application/json" id="counts">(.*?)</script>', re.DOTALL)
_WORD = re.compile(r"[^\s<>\"'`&;,(){}\[\]=]*[^\W\d_][^\s<>\"'`&;,(){}\[\]=]*")
_FEWEST = 3
"""Signs of a value that says anything: shorter ones are in every text."""

_NAMES: dict[Table, tuple[str, ...]] = {
    DIM_COUNTRY: ("country_code", "country_name"),
    DIM_TIMEZONE: ("timezone_offset", "description"),
    FCT_USER_SNAPSHOT: ("nationality", "gender"),
}
"""What people share, and the page names."""


def identifiers_in(connection: duckdb.DuckDBPyConnection, page: str) -> int:
    """Count the values on a page that are keys of people, secret, or identify by themselves."""
    private = {table: tuple(_private(table)) for table in (DIM_USER, DIM_LOCATION)}
    see(connection, {**private, **_NAMES})
    values = " UNION ALL ".join(
        f'SELECT CAST("{name}" AS VARCHAR) AS value FROM {view_of(table)}'  # noqa: S608  our own names
        for table, names in private.items()
        for name in names
    )
    words = sorted(_texts(page) - _words(own_text()) - _known(connection))
    found = connection.execute(
        f"SELECT count(DISTINCT value) FROM ({values}) WHERE length(value) >= {_FEWEST} "  # noqa: S608  our own names
        "AND value IN (SELECT unnest(?::VARCHAR[]))",
        [words],
    ).fetchall()
    return int(found[0][0])


def _private(table: Table) -> Iterator[str]:
    for column in table.columns:
        if not column.privacy.public or column.name in {"user_id", "user_key"}:
            yield column.name


def _known(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Give what the page may say, though somebody may be called like it: Paris, or Jordan."""
    known = [called(name) for name in DIM_USER.column_names]
    for table, names in _NAMES.items():
        rows = connection.execute(
            f"SELECT DISTINCT {', '.join(names)} FROM {view_of(table)}"  # noqa: S608  our own names
        ).fetchall()
        known += [str(value) for row in rows for value in row]
    return {*known, *_words(" ".join(known))}


def _texts(page: str) -> set[str]:
    """Give all words of a page, and all texts among its counts as they are."""
    texts = _words(page)
    for counts in _COUNTS.findall(page):
        texts.update(_strings(json.loads(counts)))
    return texts


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)
