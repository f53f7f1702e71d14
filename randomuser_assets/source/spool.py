"""The spool: fetched pages, protected, as lines of JSON, until the warehouse has them.

One folder a day, owner only. A page is written aside and renamed, so that what is there is whole,
and a retry, or another run, goes on where the last one was cut. Beside a page's records lies what
was asked and what was odd about their shape. A day's folder is held by one process at a time; the
system lets go of it when that process ends, however it ends.
"""

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from randomuser_assets.folders import held_folder
from randomuser_assets.model import Model, Table
from randomuser_assets.model.quality import REQUESTS, SHAPE_DRIFT
from randomuser_assets.source.api import RandomUserApi
from randomuser_assets.source.page import Page, PageRequest, page_requests

_write_lines = msgspec.json.Encoder().encode_lines


@dataclass(frozen=True)
class DayOrder:
    """What a day asks of the source."""

    day: date
    seed: str
    users: int
    page_size: int

    @property
    def requests(self) -> list[PageRequest]:
        """The pages that make the day."""
        return page_requests(self.seed, self.users, self.page_size)


class Spool:
    """The spool of some days, held from the first request until `release`."""

    def __init__(
        self, folder: Path, source: str, orders: list[DayOrder], model: Model, log: logging.Logger
    ) -> None:
        self._folder = folder
        self._source = source
        self._orders = sorted(orders, key=lambda order: order.day)
        self._raw = model.raw
        self._log = log
        self._held = ExitStack()

    def fetch(self, api: RandomUserApi) -> None:
        """Fetch the pages that are not here yet; hold the days, and let go of them on a fault."""
        try:
            for order in self._orders:
                self._held.enter_context(self._held_day(order))
            # Only now: who is forgotten from here on waits until the days are let go of.
            api.door.renew()
            api.fetch(self._errands(api))
        except BaseException:
            self.release()
            raise
        self._pages = [
            self._path(api, order, request) for order in self._orders for request in order.requests
        ]

    def _held_day(self, order: DayOrder) -> AbstractContextManager[None]:
        def told() -> None:
            self._log.info("%s: another run is fetching this day; waiting for it", order.day)

        return held_folder(self._folder / f"{order.day}", told)

    @property
    def pages(self) -> list[Path]:
        """The files of all pages, in the order of days and pages."""
        return self._pages

    def beside(self, table: Table) -> list[Path]:
        """Give the files that lie beside the pages and hold rows of this table."""
        return [_beside(page, table) for page in self._pages]

    def discard(self) -> None:
        """Remove the days: the warehouse has them."""
        for order in self._orders:
            shutil.rmtree(self._folder / f"{order.day}", ignore_errors=True)

    def release(self) -> None:
        """Let others have the days."""
        self._held.close()

    def _errands(self, api: RandomUserApi) -> Iterator[tuple[PageRequest, "_PageFile"]]:
        for order in self._orders:
            asked = order.requests
            files = {request: self._path(api, order, request) for request in asked}
            missing = [request for request in asked if not _is_whole(files[request])]
            if len(missing) < len(asked):
                self._log.info(
                    "%s: %d of %d pages are here from an earlier try",
                    order.day,
                    len(asked) - len(missing),
                    len(asked),
                )
            for request in missing:
                yield (
                    request,
                    _PageFile(files[request], order, len(asked), self._raw, self._log),
                )

    def _path(self, api: RandomUserApi, order: DayOrder, request: PageRequest) -> Path:
        """Name a page's file by all that makes it what it is, the key of its hashes included."""
        asked = [self._source, order.seed, order.users, order.page_size, api.door.fingerprint]
        digest = hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]
        return self._folder / f"{order.day}" / f"{digest}-{request.page:05}.ndjson"


@dataclass(frozen=True)
class _PageFile:
    """Takes one page: writes its records as rows of raw_users, whole or not at all."""

    path: Path
    order: DayOrder
    pages: int
    raw: Table
    log: logging.Logger

    def __call__(self, page: Page) -> None:
        """Write the page; its records come last, and with them the page is there."""
        request, drift = page.request, page.drift.found
        asked = (
            self.order.day,
            request.seed,
            request.page,
            request.results,
            page.forgotten or None,
        )
        differences = (
            (self.order.day, d.kind, d.path, d.found, records, d.example)
            for d, records in drift.items()
        )
        _write(_beside(self.path, REQUESTS), REQUESTS, [asked])
        _write(_beside(self.path, SHAPE_DRIFT), SHAPE_DRIFT, differences)
        _write(self.path, self.raw, self._rows(page))
        self.log.info(
            "%s: page %d of %d came with %d people",
            self.order.day,
            request.page,
            self.pages,
            len(page.payloads) - page.forgotten,
        )

    def _rows(self, page: Page) -> Iterator[tuple[object, ...]]:
        fetched_at = page.fetched_at.replace(tzinfo=None)
        for position, payload in enumerate(page.payloads, 1):
            place = (self.order.day, page.request.seed, page.request.page, position)
            if payload is not None:
                yield (*place, fetched_at, payload.decode())


def _is_whole(page: Path) -> bool:
    """Say whether a page is there with all that belongs to it."""
    return page.exists() and all(_beside(page, t).exists() for t in (REQUESTS, SHAPE_DRIFT))


def _beside(page: Path, table: Table) -> Path:
    return page.with_suffix(f".{table.name}.ndjson")


def _write(path: Path, table: Table, rows: Iterable[tuple[object, ...]]) -> None:
    aside = path.with_suffix(".part")
    lines = (dict(zip(table.column_names, row, strict=True)) for row in rows)
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_write_lines(lines))
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
    except OSError:
        aside.unlink(missing_ok=True)  # a full disk is not made fuller
        raise
