"""The saved responses of a day, as `files:DIR` reads them: made by the project's own stand-in.

The same number of people is the same bytes at any time, ages included, on any machine. Pages are
made once and kept; days of several sizes share them, since the first pages of more people are those
of fewer. A million take a minute, and a gigabyte.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, time
from pathlib import Path

from randomuser_assets.source.sample.request import Request, answer

DAY = "2026-11-20"
PAGE = 5_000
"""People a page: as many as the API gives."""

NOW = datetime.combine(datetime.fromisoformat(DAY), time(6), UTC)


def responses(folder: Path, people: int, page: int = PAGE) -> Path:
    """Give the folder of deliveries that holds a day of so many people, made if it is not there."""
    pages = folder / f"pages-of-{page}"
    pages.mkdir(parents=True, exist_ok=True)
    sizes = [min(page, people - begin) for begin in range(0, people, page)]
    wanted = [
        (pages / (f"{number:05}.json" if size == page else f"{number:05}-of-{size}.json"), size)
        for number, size in enumerate(sizes, 1)
    ]
    missing = [
        (file, number, size) for number, (file, size) in enumerate(wanted, 1) if not file.exists()
    ]
    if missing:
        with ProcessPoolExecutor(os.cpu_count()) as processes:
            list(processes.map(_save, *zip(*missing, strict=True)))
    return _delivery(folder / f"{people}-by-{page}", [file for file, _ in wanted])


def size(deliveries: Path) -> int:
    """Give the bytes of a day's responses, having read them: nobody is the first to."""
    return sum(len(file.read_bytes()) for file in (deliveries / DAY).glob("*.json"))


def _delivery(deliveries: Path, files: list[Path]) -> Path:
    """Put these files together as a day, by hard links."""
    day = deliveries / DAY
    if day.exists() and len(list(day.iterdir())) == len(files):
        return deliveries
    day.mkdir(parents=True, exist_ok=True)
    for number, file in enumerate(files, 1):
        link = day / f"people-{number:05}.json"
        link.unlink(missing_ok=True)
        link.hardlink_to(file)
    return deliveries


def _save(file: Path, number: int, people: int) -> None:
    aside = file.with_suffix(".part")  # what is there under its name is whole
    aside.write_bytes(answer(Request(DAY, number, people), NOW))
    aside.rename(file)
