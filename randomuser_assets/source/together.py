"""Fetching several pages at a time, until each has come or the first one cannot come."""

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import TypeVar

from randomuser_assets.source.page import Page
from randomuser_assets.source.progress import Progress

Wanted = TypeVar("Wanted")


def fetch_together(
    fetch: Callable[[Wanted, threading.Event], Page],
    wanted: Iterable[tuple[Wanted, Callable[[Page], None]]],
    at_once: int,
    log: logging.Logger,
) -> None:
    """Fetch all of these and hand each page to its taker; the first fault ends it and is raised.

    What is being fetched then is told by the event that nobody waits for it any more.
    """
    errands = list(wanted)
    stop, progress = threading.Event(), Progress(len(errands), log)

    def fetch_one(one: Wanted, take: Callable[[Page], None]) -> None:
        if not stop.is_set():
            page = fetch(one, stop)
            with progress.of(page.request.results):
                take(page)

    pool = ThreadPoolExecutor(at_once, thread_name_prefix="fetch")
    try:
        pending = [pool.submit(fetch_one, *errand) for errand in errands]
        done, _ = wait(pending, return_when=FIRST_EXCEPTION)
        for future in done:
            future.result()
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
        progress.close()
