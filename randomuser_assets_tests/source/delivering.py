"""Deliveries for tests: folders with saved responses, as somebody else would put them there.

Here belongs how files get into a folder. Not here: what should be made of them.
"""

import gzip
import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from randomuser_assets.model import MODEL
from randomuser_assets.source.delivery import delivered
from randomuser_assets.source.door import Door
from randomuser_assets.source.files import SavedResponses
from randomuser_assets.source.spool import Spool
from randomuser_assets_tests.source.wire import KEY, record

DAY = date(2026, 11, 20)
LOG = logging.getLogger("deliveries")


def response(number: int = 1, *records: bytes, seed: str = "theirs", **info: Any) -> bytes:
    """Write a response of these records, or of two, with another `info` where it is given."""
    records = records or (record(f"a{number}"), record(f"b{number}"))
    told = {"seed": seed, "results": len(records), "page": number, "version": "1.4"}
    written = json.dumps({**told, **info})
    return b'{"results":[%b],"info":%b}' % (b",".join(records), written.encode())


def put(folder: Path, name: str, content: bytes, day: date = DAY) -> Path:
    """Put a file into the folder of a day, packed if it is named so."""
    path = folder / f"{day}" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def deliver(folder: Path, *names: str, day: date = DAY) -> list[Path]:
    """Put responses into the folder of a day, one page each."""
    return [put(folder, name, response(number), day) for number, name in enumerate(names, 1)]


def read(
    folder: Path,
    spool: Path,
    *days: date,
    door: Door | None = None,
    before: Callable[[], None] = lambda: None,
    at_once: int = 4,
    processes: int = 1,
) -> Spool:
    """Fetch days from a folder into a spool; `before` is done between the first look and it."""
    deliveries = [delivered(folder, day) for day in days or (DAY,)]
    before()
    filled = Spool(spool, "files:somewhere", deliveries, MODEL, LOG)
    door = door or Door(MODEL, KEY)
    filled.fetch(SavedResponses(deliveries, door, at_once, LOG, processes=processes))
    return filled


@contextmanager
def nobody_special() -> Iterator[Path]:
    """Give a folder for who is not allowed to do everything, and be that one meanwhile."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        if os.geteuid():
            yield Path(name)
            return
        os.seteuid(65534)
        try:
            yield Path(name)
        finally:
            os.seteuid(0)
