"""The marts of a site, made by dbt as whoever runs it by hand makes them."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from randomuser_assets.model.marts import MARTS
from randomuser_assets.settings import Settings
from randomuser_assets.warehouse.content import Contents, contents

_PROJECT = Path(__file__).parents[2] / "randomuser_assets" / "marts"


def make_marts(settings: Settings) -> None:
    """Make the marts of what is in the warehouse; nothing is written beside it."""
    with TemporaryDirectory() as aside:
        made = subprocess.run(
            [
                str(Path(sys.executable).with_name("dbt")),
                *("run", "--project-dir", str(_PROJECT), "--profiles-dir", str(_PROJECT)),
                *("--target-path", f"{aside}/target", "--log-path", f"{aside}/logs"),
            ],
            env={
                **os.environ,
                "RANDOMUSER_DATA_DIR": str(settings.data_path),
                "RANDOMUSER_DAYS_ARE": settings.days_are,
            },
            capture_output=True,
            text=True,
            check=False,
        )
    assert made.returncode == 0, made.stdout


def marts_in(settings: Settings) -> Contents:
    """Give what is in the schema of the marts, whatever it is."""
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        found = contents(connection)
    return {name: content for name, content in found.items() if name.startswith(MARTS[0].schema)}
