"""Backups taken while a run writes: each restores to whole days, and names those it was amid."""

import logging
from pathlib import Path

import pytest

from randomuser_assets.model import MODEL
from randomuser_assets.settings import Settings
from randomuser_assets.warehouse.backup import Backup, make_backup
from randomuser_assets.warehouse.restore import restore
from randomuser_assets_tests.chaos.contents import tables_of
from randomuser_assets_tests.chaos.kills import VERSIONS, Place

pytestmark = pytest.mark.long

LOG = logging.getLogger(__name__)


def test_a_backup_taken_during_a_run_restores_to_whole_days(tmp_path: Path) -> None:
    place = Place(tmp_path / "data", people=300)
    for version in VERSIONS:
        place.run(version)
    settings = place.settings(VERSIONS[0])
    process = place.start(VERSIONS[0])
    made = list[Backup]()
    while process.is_alive():
        made.append(
            make_backup(
                settings.warehouse_path, tmp_path / f"backups {len(made)}", keep=1,
                version=MODEL.version, doing="testing", log=LOG,
            )
        )  # fmt: skip
    assert process.exitcode == 0
    mixed = 0
    for number, backup in enumerate(made):
        new = Settings(source="sample", data_dir=tmp_path / f"restored {number}")
        restored = restore(backup.path, new.warehouse_path, over=False, log=LOG)
        found: dict[str, set[str]] = {}
        for (table, day), content in tables_of(new).items():
            versions = {v for v in VERSIONS if place.tables[v][table, day] == content}
            assert versions, f"{table} of {day} is neither the old one nor the new one"
            if len(versions) == 1:  # the time zones of a day may be the same in both
                found.setdefault(day, set()).update(versions)
        assert {day for day, versions in found.items() if len(versions) > 1} <= set(restored.mixed)
        for writers in restored.mixed.values():
            assert {place.runs[writer.run_id] for writer in writers} == set(VERSIONS)
        mixed += bool(restored.mixed)
    assert mixed, f"none of {len(made)} backups was taken between two writes"
