"""Recording: a day's responses are saved, protected, in the form in which they can be a source.

A day is recorded as a whole or not at all: it is made aside, and its folder is renamed.
"""

import gzip
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from randomuser_assets.folders import private_folder
from randomuser_assets.model import Model
from randomuser_assets.settings import Settings, SettingsError
from randomuser_assets.source.delivery import MARKER
from randomuser_assets.source.door import Door
from randomuser_assets.source.faults import SourceError
from randomuser_assets.source.open import opened_source
from randomuser_assets.source.page import Page
from randomuser_assets.source.sealed import sealed
from randomuser_assets.whole import (
    put_folder_in_place,
    remove_leftovers,
    work_folder,
    write_to_disk,
)

_NAMES = "people-*.json.gz"
_LEVEL = 6  # of gzip; more takes thrice the time for a hundredth of the bytes


@dataclass
class Recording:
    """What was recorded of a day; takes the pages as they come."""

    day: date
    folder: Path
    door: Door
    aside: Path
    pages: dict[int, int] = field(default_factory=dict)

    def __call__(self, page: Page) -> None:
        """Save a page."""
        number = page.request.page
        content = gzip.compress(sealed(page, self.door), _LEVEL, mtime=0)
        try:
            write_to_disk(self.aside / _NAMES.replace("*", f"{number:05}"), content)
        except FileExistsError:
            raise SourceError(
                f"Two pages of {self.day} say that they are page {number}. Nothing of that day was "
                "recorded. Correct info.page of one of them.",
                lasting=True,
            ) from None
        self.pages[number] = len(page.payloads)

    @property
    def people(self) -> int:
        """How many people there are."""
        return sum(self.pages.values())


def record_day(
    settings: Settings, day: date, into: Path, model: Model, log: logging.Logger
) -> Recording:
    """Fetch a day as a run would, and save it below a folder in place of what was there of it."""
    folder = into.resolve() / f"{day}"
    if into.resolve() == settings.files_path:
        raise SettingsError(
            f"What is recorded cannot be put where it is read from, {into}: name another folder "
            "with --into."
        )
    _check_ours(folder)
    remove_leftovers(private_folder(folder.parent))
    with work_folder(folder.parent) as work:
        with opened_source(settings, [day], model, log) as (source, (order,)):
            recording = Recording(day, folder, source.door, private_folder(work / f"{day}"))
            source.fetch((request, recording) for request in order.requests)
        write_to_disk(recording.aside / MARKER, b"")
        put_folder_in_place(recording.aside, folder)
    return recording


def _check_ours(folder: Path) -> None:
    """See that nothing is lost with a folder but an earlier recording."""
    if foreign := sorted(_foreign(folder)):
        raise SettingsError(
            f"{folder} holds what was not recorded by this command, such as {foreign[0]}, and "
            "would be replaced as a whole. Take it away, or name another folder with --into."
        )


def _foreign(folder: Path) -> Iterable[str]:
    if folder.is_symlink() or folder.is_file():
        return [folder.name]
    if not folder.exists():
        return []
    return (
        path.name
        for path in folder.iterdir()
        if not (path.match(_NAMES) or path.name == MARKER) or not path.is_file()
    )
