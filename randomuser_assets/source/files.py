"""Saved responses as a source: each file is one response, and is checked as if it had just come.

What was asked is read from the response itself; nobody else knows it.
"""

import gzip
import logging
import threading
import zlib
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from typing import BinaryIO

from randomuser_assets.source.apart import Apart
from randomuser_assets.source.delivery import Delivery, SavedFile, opened_file
from randomuser_assets.source.door import Door
from randomuser_assets.source.faults import LastingFault, PassingFault, SourceError
from randomuser_assets.source.page import MAX_BODY, Page, counted, opened, told
from randomuser_assets.source.sealed import SEAL, unsealed
from randomuser_assets.source.shape import Drift
from randomuser_assets.source.together import Came, Taker, fetch_together

_CHUNK = 4 * 1024 * 1024
_WORTH_A_PROCESS = 32 * 1024 * 1024  # bytes; one takes as long to start as reading half of this


class SavedResponses:
    """Reads the responses of some days, several files at a time.

    Many are read by as many processes as it may have; takers of pages go there with them.
    """

    def __init__(
        self,
        deliveries: Sequence[Delivery],
        door: Door,
        at_once: int,
        log: logging.Logger,
        *,
        processes: int = 1,
    ) -> None:
        self.door = door
        self._deliveries = deliveries
        self._at_once = at_once
        self._processes = processes
        self._log = log

    def fetch(self, wanted: Iterable[tuple[SavedFile, Taker]]) -> None:
        """Read all these files and hand each page to its taker as it is read, in any order.

        The first file that is no response ends it with a SourceError, and so does a delivery that
        is no longer what it was when it was first looked at.
        """
        for delivery in self._deliveries:
            if delivery.others:
                self._log.info(
                    "%s: left out what is no response by its name: %d",
                    delivery.day,
                    delivery.others,
                )
        errands = list(wanted)
        worth = sum(file.size for file, _ in errands) // _WORTH_A_PROCESS
        processes = min(self._processes, worth, len(errands))
        read = partial(_read_and_take, self.door)
        with Apart(read) if processes > 1 else nullcontext(read) as call:

            def one(file: SavedFile, take: Taker, _: threading.Event) -> Came:
                return call(file, take)

            at_once = processes if processes > 1 else self._at_once
            fetch_together(one, errands, at_once, self._log)
        for delivery in self._deliveries:
            delivery.check_unchanged()


def _read_and_take(door: Door, file: SavedFile, take: Taker) -> Came:
    try:
        page = read_saved(_body(file), door)
    except (LastingFault, PassingFault) as fault:
        raise _error(file, f"holds {fault}") from None
    except OSError as error:
        raise _error(file, f"cannot be read: {error.strerror}") from None
    return Came.of(page, take)


def read_saved(body: bytes, door: Door) -> Page:
    """Give the page that a saved response is, or raise what is wrong with it."""
    response = opened(body)
    request, info = told(response.info)
    records = counted(response, request)
    if SEAL in info:
        return unsealed(response, request, info[SEAL], door)
    drift = Drift()
    payloads = door.let_in(door.admit_all(records, drift))
    return Page(request, datetime.now(UTC), payloads, drift)


def _body(file: SavedFile) -> bytes:
    with opened_file(file) as raw:
        if not file.path.name.endswith(".gz"):
            return _read(raw)
        try:
            with gzip.open(raw) as unpacked:
                return _read(unpacked)
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise LastingFault("what is no whole gzip file, though it is named so") from None


def _read(stream: BinaryIO | gzip.GzipFile) -> bytes:
    """Read as much as may be a response: a small file can unpack to more than there is memory."""
    chunks, size = [], 0
    while chunk := stream.read(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_BODY:
            raise LastingFault(f"a body of more than {MAX_BODY} bytes")
    return b"".join(chunks)


def _error(file: SavedFile, what: str) -> SourceError:
    return SourceError(
        f"{file} {what}. Nothing of that day was stored or replaced. Read again it would be the "
        "same: correct the file, or take it out of the folder.",
        lasting=True,
    )
