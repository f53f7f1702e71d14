"""Running commands as a user does: processes of their own, with nothing of this machine's settings.

They find no `.env` either where they run; the one in the project's root, which the settings read,
loses against the environment given here.
"""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from randomuser_assets.environment import DAGSTER_YAML
from randomuser_assets.settings import PREFIX
from randomuser_assets_tests.graph.site import KEY

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Shell:
    """A place to run commands in, with settings."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    @property
    def environment(self) -> dict[str, str]:
        """What a process sees."""
        inherited = {name: text for name, text in os.environ.items() if not name.startswith(PREFIX)}
        given = {
            "DATA_DIR": str(self.data),
            "SOURCE": "sample",
            "PII_KEY": KEY,
            "USERS_PER_DAY": "5",
            "PAGE_SIZE": "5000",
            "SEED": "{date}",
            "START_DATE": "2026-01-01",
            "RUN_RETRIES": "0",
            "RUN_RETRY_DELAY": "0",
            **self.settings,
        }
        return {
            **inherited,
            **{PREFIX + name: text for name, text in given.items()},
            "DAGSTER_HOME": str(self.dagster_home),
            "COLUMNS": "200",
        }

    @property
    def dagster_home(self) -> Path:
        """Where Dagster keeps what these commands did."""
        home = self.folder / "dagster_home"
        if not home.exists():
            home.mkdir(parents=True)
            (home / "dagster.yaml").write_text(DAGSTER_YAML, encoding="utf-8")
        return home

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a program of this environment to its end."""
        return subprocess.run(
            [str(BIN / program), *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
