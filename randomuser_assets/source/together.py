"""Fetching several pages at a time, until each has come or the first one cannot come."""

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TypeVar

from randomuser_assets.source.page import Page
from randomuser_assets.source.progress import Progress

Wanted = TypeVar("Wanted")

Taker = Callable[[Page], str | None]
"""Takes a page that came, and gives what is to be told of it."""


@dataclass(frozen=True)
class Came:
    """A page came and was taken."""

    people: int
    told: str | None

    @classmethod
    def of(cls, page: Page, take: Taker) -> "Came":
        """Have a page taken."""
        return cls(page.request.results, take(page))


def fetch_together(
    fetch: Callable[[Wanted, Taker, threading.Event], Came],
    wanted: Iterable[tuple[Wanted, Taker]],
    at_once: int,
    log: logging.Logger,
) -> None:
    """Fetch all of these and have each page taken; the first fault ends it and is raised.

    What is being fetched then is told by the event that nobody waits for it any more.
    """
    errands = list(wanted)
    stop, progress = threading.Event(), Progress(len(errands), log)
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="fetch")
    try:
        pending = [pool.submit(fetch, *errand, stop) for errand in errands]
        for future in as_completed(pending):
            came = future.result()
            progress.add(came.people, came.told)
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
        progress.close()
