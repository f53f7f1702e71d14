"""How far a fetch of many pages is: lines in the log, and in a terminal a bar."""

import logging
import sys
import time
from contextlib import nullcontext
from typing import NoReturn

from tqdm import tqdm

_TOLD_EVERY = 10.0  # seconds
_FEW = 20
"""Pages of which each is told of: a line in Dagster's log takes as long as reading 200 people."""


class Progress:
    """Counts pages and people as they come, with their rate and the time that is left."""

    def __init__(self, pages: int, log: logging.Logger) -> None:
        self._pages = pages
        self._log = log
        self._pages_came = self._people_came = 0
        self._started = self._told = time.monotonic()
        self._bar = _bar(pages) if pages > 1 and sys.stderr.isatty() else None

    def add(self, people: int, told: str | None = None) -> None:
        """Count a page; what is told of it spoils no bar."""
        with self._bar.external_write_mode() if self._bar else nullcontext():
            if told and self._pages <= _FEW:
                self._log.info("%s", told)
        self._pages_came += 1
        self._people_came += people
        if self._bar:
            self._bar.set_postfix_str(f"{self._people_came:,} people", refresh=False)
            self._bar.update()
        if time.monotonic() - self._told > _TOLD_EVERY:
            self._tell()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar:
            self._bar.close()

    def _tell(self) -> None:
        self._told = time.monotonic()
        taken = self._told - self._started
        self._log.info(
            "%d of %d pages, %d people, %.0f people a second, about %.0f s left",
            self._pages_came,
            self._pages,
            self._people_came,
            self._people_came / taken,
            taken / self._pages_came * (self._pages - self._pages_came),
        )


def _bar(pages: int) -> "tqdm[NoReturn]":
    return tqdm(total=pages, desc="fetching", unit=" pages", leave=False)
