"""The command that forgets a person: in which order, and what it tells.

First the list, so that nobody lets the person in again; then whoever is fetching ends; then the
warehouse, whose file is made anew; then the files. Ended anywhere, it is to be run again.
"""

import logging
import shutil
import uuid
from pathlib import Path

from randomuser_assets.folders import held_folder
from randomuser_assets.forgotten import forget
from randomuser_assets.graph.file_days import rewrite_files, rewrite_mart_files
from randomuser_assets.model import MODEL
from randomuser_assets.numbered import numbered
from randomuser_assets.settings import Settings, SettingsError, load_settings
from randomuser_assets.warehouse.backup import backups_in
from randomuser_assets.warehouse.faults import told_without_data
from randomuser_assets.warehouse.people import TakenOut, take_out
from randomuser_assets.warehouse.rewrite import rewritten
from randomuser_assets.whole import remove_leftovers

_log = logging.getLogger(__name__)


def forget_person(settings: Settings, person: str) -> int:
    """Take a person out of everything, for good, and tell of it."""
    person = _checked(person)
    doing = "forgetting a person"
    new = forget(settings.data_path, person, lambda: load_settings().key_bytes())
    print("On the list" if new else "Already on the list", "of the forgotten, by a keyed hash.")
    _end_fetches(settings.spool_path)
    for folder in (settings.csv_path, settings.parquet_path, settings.backups_path):
        remove_leftovers(folder)
    taken = TakenOut({}, [])
    if settings.warehouse_path.exists():
        with told_without_data("Forgetting a person"):
            taken = rewritten(
                settings.warehouse_path,
                lambda connection: take_out(connection, MODEL, [person]),
                doing=doing,
                log=_log,
            )
    told = ", ".join(f"{name} {number}" for name, number in taken.rows.items() if number)
    print(f"Warehouse   rows taken out: {told or 'none'}; its file was made anew.")
    with told_without_data("Writing files again"):
        days, left = rewrite_files(settings, MODEL, person, taken.days, _log)
        changed = [name for name, number in taken.rows.items() if number]
        marts, left_of_marts = rewrite_mart_files(settings, MODEL, person, changed, _log)
    print(f"Files       days written again: {', '.join(days) or 'none'}.")
    print(f"            marts written again: {', '.join(marts) or 'none'}.")
    _tell_of_the_rest(settings)
    if left := [*left, *left_of_marts]:
        print(
            "These files still hold the person, and the warehouse has no such day or mart to write "
            "them again from: remove them, or materialise it.",
            *left,
            sep="\n  ",
        )
    return 1 if left else 0


def _checked(person: str) -> str:
    try:
        return str(uuid.UUID(person.strip()))
    except ValueError:
        # Not quoted: whatever it is, somebody took it for a person.
        raise SettingsError(
            "Nothing was changed. Expected a user_id like 0b9c9a5e-52c6-4c0a-9b4e-0d6a1f3c7e11."
        ) from None


def _end_fetches(spool: Path) -> None:
    """Wait for whoever fetches by the list of before, and remove what an ended run has left."""
    for folder in sorted(path for path in spool.glob("*") if path.is_dir()):

        def told(day: str = folder.name) -> None:
            _log.info("%s: a run is fetching this day; waiting for it", day)

        with held_folder(folder, told):
            shutil.rmtree(folder, ignore_errors=True)


def _tell_of_the_rest(settings: Settings) -> None:
    if backups := backups_in(settings.backups_path):
        older = numbered(len(backups), "was made before and holds", "were made before and hold")
        print(
            f"Backups     {older} the person until newer ones have taken their place; a restore "
            "leaves the person out. To be rid of the person there now, make a backup and remove "
            f"what is older from {settings.backups_path}."
        )
    print(
        "Not touched: recordings and deliveries (the door leaves the person out of them), tables "
        "of your own in the warehouse, and what others have copied."
    )
