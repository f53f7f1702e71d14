"""Another process that fetches a day into a spool, holds it, and does as it is told.

Here belongs what a test says to that process and hears of it. It says "held" once the day is
there, and then takes a word: `discard` or `release`.
"""

import logging
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from randomuser_assets.model import MODEL
from randomuser_assets.model.quality import REQUESTS, SHAPE_DRIFT
from randomuser_assets.source import RandomUserApi
from randomuser_assets.source.rows import ENDING
from randomuser_assets.source.spool import DayOrder, Spool
from randomuser_assets_tests.source.scripted_server import KEY

DAY = date(2026, 11, 20)
SOURCE = "http://people.example/api/"
LOG = logging.getLogger("spool")


def order(*, day: date = DAY, seed: str = "day", users: int = 9, page_size: int = 3) -> DayOrder:
    """Ask for a day of three pages, unless told otherwise."""
    return DayOrder(day, seed, users, page_size)


def spool_of(folder: Path, *orders: DayOrder, source: str = SOURCE) -> Spool:
    """Make the spool of some days, or of the usual one."""
    return Spool(folder, source, list(orders) or [order()], MODEL, LOG)


def files_of(spool: Spool) -> list[Path]:
    """Give all files that belong to the days of a spool: the pages, and what lies beside them."""
    sums = [page.with_suffix(".sums") for page in spool.pages]
    return sorted([*spool.pages, *spool.beside(REQUESTS), *spool.beside(SHAPE_DRIFT), *sums])


def pages_in(folder: Path) -> list[Path]:
    """Give the pages that are there, whoever brought them."""
    return sorted(folder.rglob(f"*-{'[0-9]' * 5}{ENDING}"))


def whole_pages_in(folder: Path) -> list[Path]:
    """Give those whose sums are there, too, which are written last."""
    sums = ((page, page.with_suffix(".sums")) for page in pages_in(folder))
    return [page for page, kept in sums if kept.exists() and kept.stat().st_size]


@contextmanager
def another_process(
    base_url: str, folder: Path, largest_file: int = resource.RLIM_INFINITY
) -> Iterator["subprocess.Popen[str]"]:
    """Let another process fetch the usual day, and end it if it has not ended by itself."""
    # No bytecode: Python does not see that a limit on files cuts what it compiles.
    command = [sys.executable, "-B", "-m", __name__, base_url, str(folder), str(largest_file)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        # Whoever waits for a word of it should not wait for ever.
        patience = threading.Timer(30, process.kill)
        patience.start()
        try:
            yield process
        finally:
            patience.cancel()
            process.kill()


def says(process: "subprocess.Popen[str]") -> str:
    """Give the next line that the process says."""
    assert process.stdout
    return process.stdout.readline().strip()


def tell(process: "subprocess.Popen[str]", word: str) -> None:
    """Say a word to the process."""
    assert process.stdin
    process.stdin.write(f"{word}\n")


def _main(base_url: str, folder: str, largest_file: str) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(largest_file), resource.RLIM_INFINITY))
    spool = spool_of(Path(folder))
    try:
        spool.fetch(RandomUserApi(base_url, key=KEY, page_size=3, request_budget=60))
    except OSError as error:
        print(f"failed: {error.strerror}", flush=True)
        return
    print("held", flush=True)
    if sys.stdin.readline().strip() == "discard":
        spool.discard()
    spool.release()
    print("released", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    _main(*sys.argv[1:])
