"""What a first start finds ready: a `.env` with a key of its own, and a home for Dagster."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from pydantic.fields import FieldInfo

from randomuser_assets.folders import private_folder
from randomuser_assets.owner_only import owner_only
from randomuser_assets.settings import PREFIX, SAMPLE, Settings

DAGSTER_YAML = """\
# Nothing of what is run here is told to anybody.
telemetry:
  enabled: false
# No invitation to a newsletter before the first look at the graph.
nux:
  enabled: false
# A run whose process was killed is told to have failed, instead of running for ever.
run_monitoring:
  enabled: true
# Any number of runs may write at once: they take turns at the warehouse. How many are started at
# the same time is a question of this machine's cores and memory alone.
concurrency:
  runs:
    max_concurrent_runs: 10
# The same files as without these lines, but they stay open: a small day takes half of the time.
event_log_storage:
  module: randomuser_assets.graph.records
  class: KeptOpen
  config:
    base_dir:
      env: DAGSTER_HOME
"""


def write_env(path: Path) -> bool:
    """Write a `.env` that only its owner can read; say whether there was none."""
    source, key = f"{PREFIX}SOURCE", f"{PREFIX}PII_KEY"
    real = Settings.model_fields["source"].default
    lines = [
        "# Read by the project and by Dagster; all settings are in .env.example. Dagster lets this",
        "# file win over the environment: NAME=${NAME:-value} lets the environment win.",
        "",
        f"# {source}={SAMPLE} is the built-in stand-in, offline. The other line is the real API:",
        assignment(source, SAMPLE),
        f"# {assignment(source, real)}",
        "",
        "# Secret of the keyed hashes. Keep it: another key gives other hashes.",
        assignment(key, secrets.token_hex(32)),
        "",
    ]
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    return True


def assignment(name: str, value: str) -> str:
    """Give a line of `.env` that lets the environment win."""
    return f"{name}=${{{name}:-{value}}}"


def dagster_home(settings: Settings) -> Path:
    """Give the DAGSTER_HOME below the data directory, made if it is not there."""
    home = private_folder(settings.dagster_home)
    configuration = home / "dagster.yaml"
    if not configuration.exists():
        with owner_only:
            configuration.write_text(DAGSTER_YAML, encoding="utf-8")
    return home


def env_example() -> str:
    """Give the text of .env.example: every setting with its meaning and default."""
    lines = [
        "# Copy to .env, or set in the environment, which wins. Lines with # are the defaults."
    ]
    for name, meaning, default in settings_rows():
        # A default with a brace in it would end the form too early.
        line = f"{name}={default}" if "}" in default else assignment(name, default)
        lines += ["", f"# {meaning}.", f"# {line}"]
    return "\n".join([*lines, ""])


def settings_rows() -> Iterator[tuple[str, str, str]]:
    """Give name, meaning and default of each setting."""
    for name, field in Settings.model_fields.items():
        yield PREFIX + name.upper(), str(field.description), _default(field)


def _default(field: FieldInfo) -> str:
    return "" if field.default is None else f"{field.default}"
