"""Running dbt: as a process of its own, told where the warehouse is, and read by what it leaves.

It gets no secret, and nothing of what it says is passed on that could quote data. Whoever calls
sees to it that nobody else has the warehouse open.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from randomuser_assets.folders import private_folder
from randomuser_assets.marts.project import FOLDER, UNIT_TESTS, tests_with_files
from randomuser_assets.settings import PREFIX, Settings

_IN_ITS_FOLDER = "in_its_folder"
"""The target of profiles.yml that takes the warehouse from the folder dbt is run in."""

_FOUND = ("manifest.json", "run_results.json")
_PARSED = "partial_parse.msgpack"
_FINE, _SKIPPED = ("success", "pass", "no-op"), "skipped"
_ABOUT_NAMES_OR_FILES = (
    "Binder Error", "Catalog Error", "IO Error", "Out of Memory Error", "Parser Error",
    "Compilation Error", "This model has an enforced contract",
)  # fmt: skip


class DbtError(RuntimeError):
    """Dbt could not do what it was asked to; what it says quotes no data."""


@dataclass(frozen=True)
class Made:
    """A model that dbt was to make: whether it did, in how many seconds, or why not."""

    model: str
    made: bool
    seconds: float
    fault: str | None = None


@dataclass(frozen=True)
class Tested:
    """A test that dbt asked: of which model, and how many rows fail it."""

    model: str
    test: str
    """Its kind, or its own name if it has a file."""
    name: str
    failures: int
    fault: str | None = None

    @property
    def passed(self) -> bool:
        """Say whether nothing fails it."""
        return not self.failures and self.fault is None


def command(*arguments: str) -> list[str]:
    """Give the command that runs dbt on the project, in the data directory."""
    return [
        sys.executable, "-m", "dbt.cli.main", "--log-level-file", "none", "--no-use-colors",
        *arguments, "--project-dir", str(FOLDER), "--profiles-dir", str(FOLDER),
        "--target", _IN_ITS_FOLDER,
    ]  # fmt: skip


def environment(settings: Settings) -> dict[str, str]:
    """Give what dbt needs of the environment: none of our settings but one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    # Else what another dbt project of the user's is told would be told to this one.
    kept = {name: value for name, value in kept.items() if not name.startswith("DBT_")}
    return {
        **kept,
        f"{PREFIX}DAYS_ARE": settings.days_are,
        "DBT_TARGET_PATH": str(target_path(settings)),
        "DBT_LOG_PATH": str(target_path(settings)),
    }


def target_path(settings: Settings) -> Path:
    """Say where dbt puts what it compiles and finds."""
    return settings.data_path / "dbt"


def run_by_hand(settings: Settings, arguments: Sequence[str]) -> int:
    """Run dbt for somebody who reads what it prints, and give its exit code."""
    make_ready(settings)
    return subprocess.call(  # noqa: S603  dbt itself, as somebody typed it
        command(*arguments), cwd=settings.data_path, env=environment(settings)
    )


def make_ready(settings: Settings) -> None:
    """Let dbt begin with what it read of the project at set-up, unless it has read it here."""
    parsed, here = FOLDER / "parsed" / _PARSED, private_folder(target_path(settings)) / _PARSED
    if parsed.exists() and not here.exists():
        shutil.copyfile(parsed, here)


def run(
    settings: Settings, arguments: Sequence[str], tell: Callable[[str], None]
) -> tuple[list[Made], list[Tested]]:
    """Run dbt, tell of each model that is finished, and give what came of it."""
    target = target_path(settings)
    make_ready(settings)
    for name in _FOUND:
        (target / name).unlink(missing_ok=True)
    faults = []
    with subprocess.Popen(  # noqa: S603  dbt itself, with our arguments
        command("--log-format", "json", *arguments),
        cwd=settings.data_path,
        env=environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout  # noqa: S101  for the type checker: it is a pipe
        try:
            for line in process.stdout:
                name, level, message = _event(line)
                if name == "LogModelResult":
                    tell(message)
                elif level == "error":
                    faults.append(message)
        except BaseException:
            process.terminate()
            raise
    if not all((target / name).exists() for name in _FOUND):
        raise DbtError(_without_data("\n".join(faults)))
    manifest, results = (json.loads((target / name).read_bytes()) for name in _FOUND)
    told = list(_told(manifest, results["results"]))
    return (
        [each for each in told if isinstance(each, Made)],
        [each for each in told if isinstance(each, Tested)],
    )


def _event(line: str) -> tuple[str, str, str]:
    """Give the name, level and message of an event; a line that is none is an error's part."""
    try:
        info = json.loads(line)["info"]
        return str(info["name"]), str(info["level"]), str(info["msg"])
    except (ValueError, KeyError, TypeError):
        return "", "error", line.rstrip()


def _told(manifest: dict[str, Any], results: list[dict[str, Any]]) -> Iterator[Made | Tested]:
    nodes, unit_tests = manifest["nodes"], manifest["unit_tests"]
    for result in results:
        unique_id, status = result["unique_id"], result["status"]
        fine = status in _FINE
        failed = status == "fail"
        fault = None if fine or failed or status == _SKIPPED else _without_data(result["message"])
        if unique_id in unit_tests:
            node = unit_tests[unique_id]
            yield Tested(node["model"], UNIT_TESTS, node["name"], int(failed), fault)
            continue
        node = nodes.get(unique_id, {})
        if node.get("resource_type") == "model":
            yield Made(node["name"], fine, result["execution_time"], fault)
        elif node.get("resource_type") == "test" and status != _SKIPPED:
            name = node["name"]
            if attached := node.get("attached_node"):
                model, kind = nodes[attached]["name"], node["test_metadata"]["name"]
            else:
                model, kind = tests_with_files()[name], name
            yield Tested(model, kind, name, int(result["failures"] or 0), fault)


def _without_data(message: str | None) -> str:
    """Give the part of a message that speaks of names and files; any other may quote data."""
    lines = [line.strip() for line in (message or "").splitlines() if line.strip()]
    if not any(known in line for line in lines for known in _ABOUT_NAMES_OR_FILES):
        return (
            "dbt failed with a message that may quote data and is not shown. Nothing of the model "
            "was stored or replaced: run `randomuser-assets dbt build` in a shell to see it."
        )
    return f"{' '.join(lines[:3])[:500]} Nothing of the model was stored or replaced."
