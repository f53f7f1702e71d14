"""The spool: fetched pages, protected, as rows of raw_users, until the warehouse has them.

One folder a day, owner only. A retry, or another run, goes on where the last one was cut. Beside a
page's records lies what was asked, what was odd about their shape, and, last, the sums of these
files: a page of an earlier try is used again if it has them still, whatever became of that try. A
day's folder is held by one process at a time; the system lets go of it when that process ends,
however it ends.
"""

import hashlib
import json
import logging
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from randomuser_assets.folders import held_folder
from randomuser_assets.model import Model, Table
from randomuser_assets.model.quality import REQUESTS, SHAPE_DRIFT
from randomuser_assets.numbered import numbered
from randomuser_assets.owner_only import owner_only
from randomuser_assets.source.door import Door
from randomuser_assets.source.faults import SourceError
from randomuser_assets.source.page import Page, PageRequest, page_requests
from randomuser_assets.source.rows import ENDING, Repeated, read_column, sum_of, write_columns
from randomuser_assets.source.together import Taker


class Source(Protocol):
    """What gives pages of protected records: the API of requests, a folder of files."""

    @property
    def door(self) -> Door:
        """What its records have passed."""

    def fetch(self, wanted: Iterable[tuple[Any, Taker]]) -> None:
        """Hand each page to its taker as it comes, in any order; the first fault ends it."""


class Order(Protocol):
    """What a day wants of its source."""

    @property
    def day(self) -> date:
        """The day."""

    @property
    def requests(self) -> Sequence[Any]:
        """What to ask for, to have the day's pages in their order."""

    def marks(self, request: Any) -> Sequence[object]:
        """Give all by which the page is told from one that came of another order."""


@dataclass(frozen=True)
class DayOrder:
    """What a day asks of the API."""

    day: date
    seed: str
    users: int
    page_size: int

    @property
    def requests(self) -> list[PageRequest]:
        """The pages that make the day."""
        return page_requests(self.seed, self.users, self.page_size)

    def marks(self, _: PageRequest) -> Sequence[object]:
        """Give what is asked; the page has its number."""
        return [self.seed, self.users, self.page_size]


class Spool:
    """The spool of some days, held from the first request until `release`."""

    def __init__(
        self,
        folder: Path,
        source: str,
        orders: Sequence[Order],
        model: Model,
        log: logging.Logger,
    ) -> None:
        self._folder = folder
        self._source = source
        self._orders = sorted(orders, key=lambda order: order.day)
        self._raw = model.raw
        self._log = log
        self._held = ExitStack()

    def fetch(self, source: Source) -> None:
        """Fetch the pages that are not here yet; hold the days, and let go of them on a fault."""
        try:
            for order in self._orders:
                self._held.enter_context(self._held_day(order))
            # Only now: who is forgotten from here on waits until the days are let go of.
            source.door.renew()
            source.fetch(self._errands(source))
            for order in self._orders:
                _check_numbers(order.day, self._files(source, order))
        except BaseException:
            self.release()
            raise
        self._pages = [
            path for order in self._orders for path in self._files(source, order).values()
        ]

    def _held_day(self, order: Order) -> AbstractContextManager[None]:
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

    def _errands(self, source: Source) -> Iterator[tuple[Any, "_PageFile"]]:
        for order in self._orders:
            files = self._files(source, order)
            missing = [request for request in files if not _is_there(files[request])]
            if len(missing) < len(files):
                self._log.info(
                    "%s: %d of %d pages are here from an earlier try",
                    order.day,
                    len(files) - len(missing),
                    len(files),
                )
            for request in missing:
                yield request, _PageFile(files[request], order.day, len(files), self._raw)

    def _files(self, source: Source, order: Order) -> dict[Any, Path]:
        """Name each page's file by all that makes it what it is, the key of its hashes included."""
        day, door = self._folder / f"{order.day}", source.door.fingerprint
        files = {}
        for number, request in enumerate(order.requests, 1):
            asked = json.dumps([self._source, *order.marks(request), door])
            digest = hashlib.sha256(asked.encode()).hexdigest()[:16]
            files[request] = day / f"{digest}-{number:05}{ENDING}"
        return files


@dataclass(frozen=True)
class _PageFile:
    """Takes one page: writes its records as rows of raw_users.

    It is sent to other processes: it holds nothing but what to write where.
    """

    path: Path
    day: date
    pages: int
    raw: Table

    def __call__(self, page: Page) -> str:
        """Write the page and what belongs to it."""
        request = page.request
        asked = (self.day, request.seed, request.page, request.results, page.forgotten or None)
        write_columns(_beside(self.path, REQUESTS), REQUESTS, [[each] for each in asked])
        write_columns(_beside(self.path, SHAPE_DRIFT), SHAPE_DRIFT, self._drift(page))
        write_columns(self.path, self.raw, self._rows(page))
        with owner_only:
            _kept_sums(self.path).write_bytes(_sums(self.path))
        people = numbered(len(page.payloads) - page.forgotten, "person", "people")
        return f"{self.day}: page {request.page} of {self.pages} came with {people}"

    def _drift(self, page: Page) -> Iterator[Sequence[object]]:
        found = page.drift.found
        differences = list(found)
        yield [self.day] * len(found)
        yield [difference.kind for difference in differences]
        yield [difference.path for difference in differences]
        yield [difference.found for difference in differences]
        yield list(found.values())
        yield [difference.example for difference in differences]

    def _rows(self, page: Page) -> Iterator[Sequence[object] | Repeated]:
        yield Repeated(self.day)
        yield Repeated(page.request.seed)
        yield Repeated(page.request.page)
        yield [n for n, payload in enumerate(page.payloads, 1) if payload is not None]
        yield Repeated(page.fetched_at.replace(tzinfo=None))
        yield [payload for payload in page.payloads if payload is not None]


def _check_numbers(day: date, files: Mapping[Any, Path]) -> None:
    """See that no two pages have one number, by which their records are told apart.

    Looked at here, since of what an earlier try brought only this is left.
    """
    seen: dict[int, object] = {}
    for request, path in files.items():
        (page,) = read_column(_beside(path, REQUESTS), "page")
        if page in seen:
            raise SourceError(
                f"{seen[page]} and {request} both say that they are page {page} of {day}. Nothing "
                "of that day was stored or replaced. Take one of them away, or give it its own "
                "number in info.page.",
                lasting=True,
            )
        seen[page] = request


def _is_there(page: Path) -> bool:
    """Say whether a page is there with all that belongs to it, as it was written.

    A power failure leaves names without what was written, or with a part of it.
    """
    try:
        return _kept_sums(page).read_bytes() == _sums(page)
    except OSError:
        return False


def _sums(page: Path) -> bytes:
    """Give the sums of the files of a page, as they are now."""
    parts = (_beside(page, REQUESTS), _beside(page, SHAPE_DRIFT), page)
    return "\n".join(map(sum_of, parts)).encode()


def _beside(page: Path, table: Table) -> Path:
    return page.with_suffix(f".{table.name}{ENDING}")


def _kept_sums(page: Path) -> Path:
    return page.with_suffix(".sums")
