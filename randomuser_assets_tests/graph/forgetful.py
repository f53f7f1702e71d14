"""What tests about forgetting share: commands on a site, its backups, a search of its files."""

import logging
import uuid
from pathlib import Path

import pytest

from randomuser_assets.warehouse.backup import Backup, make_backup
from randomuser_assets_tests.graph.site import KEY, Site

LOG = logging.getLogger(__name__)


def again(monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    """Have commands work on the site."""
    for name, value in {
        "SOURCE": "sample",
        "PII_KEY": KEY,
        "SEED": "the same",
        "USERS_PER_DAY": 40,
        "PAGE_SIZE": 15,
        "DATA_DIR": site.settings.data_path,
    }.items():
        monkeypatch.setenv(f"RANDOMUSER_{name}", f"{value}")


def backed_up(site: Site, folder: Path) -> Backup:
    warehouse = site.settings.warehouse_path
    return make_backup(warehouse, folder, keep=3, version="v", doing="testing", log=LOG)


def holding(folder: Path, person: str) -> list[str]:
    """Give the files with the id in them: as text, or as the engine or Parquet keep a UUID."""
    number = uuid.UUID(person)
    as_hugeint = (number.int ^ (1 << 127)).to_bytes(16, "little")
    looks = (person.encode(), person.upper().encode(), number.bytes, number.bytes_le, as_hugeint)
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(look in path.read_bytes() for look in looks)
    ]
