"""Listing rejected records: where each came from and every reason, or all of it as JSON lines."""

import logging
from collections.abc import Iterator
from typing import Any

from randomuser_assets.model import MODEL
from randomuser_assets.query.days import rows
from randomuser_assets.settings import Settings
from randomuser_assets.warehouse.connect import opened


def list_rejected(settings: Settings, day: str | None, *, as_json: bool) -> None:
    """Print the rejected records of a day or of all days, in the order in which they came."""
    table = MODEL.rejected
    kept = rows(table, (day, day) if day else None).order_by(*table.key).sql("duckdb")
    if as_json:
        for (line,) in _rows(settings, f"SELECT to_json(kept) FROM ({kept}) AS kept"):  # noqa: S608  our own query
            print(line)
        return
    number = 0
    for when, _, page, position, reasons, _ in _rows(settings, kept):
        print(f"{when} page {page} position {position}: {'; '.join(reasons)}")
        number += 1
    print(f"{number} rejected{f' on {day}' if day else ''}.")


def _rows(settings: Settings, query: str) -> Iterator[tuple[Any, ...]]:
    log = logging.getLogger(__name__)
    with opened(
        str(settings.warehouse_path), read_only=True, doing="listing rejected records", log=log
    ) as connection:
        cursor = connection.execute(query)
        while batch := cursor.fetchmany(1000):
            yield from batch
