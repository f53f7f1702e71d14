"""Which deliveries have come: complete, and with a content that the day did not have before.

Here belongs the look at the folder of all days. Not here: what is done about an arrival, and
whether the responses can be read.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from randomuser_assets.source.delivery import Delivery, SavedFile, opened_file, seen
from randomuser_assets.source.faults import SourceError
from randomuser_assets.source.page import MAX_BODY

_CHUNK = 1024 * 1024
_LENGTH = 32  # characters of a hash that are kept: 128 bits


@dataclass(frozen=True)
class Known:
    """A delivery that has come: how it looked, what was in it, how many came that day so far."""

    looks: str
    content: str
    count: int


@dataclass
class Look:
    """What was seen: all that is known from now on, what has just come, and what is to be told."""

    known: dict[str, Known] = field(default_factory=dict)
    come: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)


class Arrivals:
    """Looks at a folder of deliveries, time and again.

    What is read of a delivery in one look need not be read in the next: a large one may take many.
    """

    def __init__(self, root: Path, quiet: float) -> None:
        self._root = root
        self._quiet = quiet
        self._read: dict[SavedFile, bytes] = {}

    def look(
        self,
        known: Mapping[str, Known],
        is_day: Callable[[str], bool],
        recalled: Callable[[str], Known | None],
        seconds: float,
    ) -> Look:
        """Look once; these seconds after the first new file was read, leave the others unread.

        What is not known of a day may be `recalled` from elsewhere.
        """
        clock = _Clock(seconds)
        try:
            with os.scandir(self._root) as entries:
                names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
        except OSError as error:
            return Look(dict(known), told=[f"{self._root} cannot be read: {error.strerror}."])
        look = Look()
        for name in names:
            if not is_day(name):
                look.strange.append(name)
                continue
            before, is_new = known.get(name), False
            now = before
            try:
                now, is_new = self._now(name, before or recalled(name), clock)
            except (SourceError, _NotYetError) as reason:
                look.told.append(f"{reason}")
            except OSError as error:
                look.told.append(f"{name} cannot be read: {error.strerror}.")
            if now:
                look.known[name] = now
            if is_new:
                look.come.append(name)
        return look

    def _now(self, name: str, before: Known | None, clock: "_Clock") -> tuple[Known, bool]:
        """Give what is known of a day's delivery now, and whether that is news."""
        delivery = seen(self._root, date.fromisoformat(name))
        if not delivery.requests:
            raise _NotYetError(f"{name} has no response yet.")
        looks = _digest(repr(file.marks).encode() for file in delivery.requests)
        if before and before.looks == looks:
            return before, False
        if not self._is_complete(delivery):
            raise _NotYetError(f"{name} is not complete yet.")
        content = self._content(delivery, clock)
        if not delivery.is_unchanged:
            raise _NotYetError(f"{name} changed while it was read.")
        if before and before.content == content:
            return replace(before, looks=looks), False
        return Known(looks, content, before.count + 1 if before else 1), True

    def _is_complete(self, delivery: Delivery) -> bool:
        newest = max(file.modified for file in delivery.requests)
        if delivery.marker and delivery.marker.modified >= newest:
            return True
        return time.time_ns() - delivery.touched >= self._quiet * 1e9

    def _content(self, delivery: Delivery, clock: "_Clock") -> str:
        for file in delivery.requests:
            if file not in self._read:
                if clock.is_over:
                    raise _NotYetError(f"{delivery.day} is not read to its end yet.")
                self._read[file] = _hashed(file)
        return _digest(
            part
            for file in delivery.requests
            for part in (os.fsencode(file.path.name), self._read.pop(file))
        )


class _Clock:
    """Runs from the first time that it is looked at, so that each look reads one file at least."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: float | None = None

    @property
    def is_over(self) -> bool:
        if self._until is None:
            self._until = time.monotonic() + self._seconds
            return False
        return time.monotonic() >= self._until


class _NotYetError(Exception):
    """A delivery that must be looked at again, and why."""


def _hashed(file: SavedFile) -> bytes:
    # A file of any size would keep this busy for ever; one of this size is no response anyway.
    if file.size > MAX_BODY:
        return repr(file.marks).encode()
    digest = hashlib.sha256()
    with opened_file(file) as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.digest()


def _digest(parts: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d " % len(part))
        digest.update(part)
    return digest.hexdigest()[:_LENGTH]
