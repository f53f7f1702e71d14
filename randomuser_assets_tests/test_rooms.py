"""The rooms keep to themselves: some know nothing of Dagster, and the linter sees to it."""

import json
import pkgutil
import shutil
import subprocess
import sys
import textwrap
from importlib import import_module
from pathlib import Path

import pytest

from randomuser_assets_tests.graph.command_line import BIN, ROOT
from randomuser_assets_tests.source.delivering import DAY, deliver

ROOMS = ("model", "source", "query", "alert", "report")
ENGINES = {
    "model": ("duckdb", "sqlglot", "pandas", "pyarrow"),
    "source": ("duckdb", "sqlglot"),
    "alert": ("duckdb", "sqlglot", "apprise"),
}
PACKAGE = "randomuser_assets"

IMPORT_EACH = """
    import json, sys
    from importlib import import_module

    found = {}
    for name in json.loads(sys.argv[1]):
        import_module(name)
        found[name] = sorted(sys.modules)
    print(json.dumps(found))
"""

FETCH_FILES = """
    import logging, sys
    from datetime import date
    from randomuser_assets.model import MODEL
    from randomuser_assets.settings import Settings
    from randomuser_assets.source.open import fetched

    folder, data, day = sys.argv[1:]
    settings = Settings(source=f"files:{folder}", data_dir=data, pii_key="a key")
    fetched(settings, [date.fromisoformat(day)], MODEL, logging.getLogger()).release()
    print(*sys.modules)
"""


def modules(room: str) -> list[str]:
    package = import_module(f"{PACKAGE}.{room}")
    inside = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return [package.__name__, *(module.name for module in inside)]


@pytest.mark.parametrize("room", ROOMS)
def test_importing_a_room_does_not_import_dagster(room: str) -> None:
    """Not even by way of something else that it imports."""
    names = modules(room)
    assert len(names) > 3
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(IMPORT_EACH), json.dumps(names)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    unwanted = ("dagster", *ENGINES.get(room, ()))
    for name, loaded in json.loads(ended.stdout).items():
        found = {module for module in loaded if module.partition(".")[0].startswith(unwanted)}
        assert not found, name


def test_whoever_reads_files_loads_neither_the_client_nor_the_stand_in(tmp_path: Path) -> None:
    saved, day = tmp_path / "saved", f"{DAY}"
    deliver(saved, "page.json")
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FETCH_FILES), saved, tmp_path, day],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert list((tmp_path / "spool" / day).glob("*.parquet"))
    loaded = ended.stdout.split()
    assert f"{PACKAGE}.source.files" in loaded
    assert {"requests", f"{PACKAGE}.source.api", f"{PACKAGE}.source.sample"}.isdisjoint(loaded)


def ruff(folder: Path, *paths: str) -> list[dict[str, str]]:
    ended = subprocess.run(
        [str(BIN / "ruff"), "check", "--no-cache", "--output-format", "json", *paths],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    found: list[dict[str, str]] = json.loads(ended.stdout)
    return [{"file": Path(each["filename"]).name, **each} for each in found]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the linter's rules of this one."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def write_module(project: Path, room: str, statement: str) -> str:
    path = project / PACKAGE / room / "stray.py"
    path.parent.mkdir(parents=True)
    path.write_text(f'"""A module."""\n\n{statement}\n', encoding="utf-8")
    return str(path.relative_to(project))


@pytest.mark.parametrize(
    "statement",
    [
        "import dagster",
        "import dagster as dg",
        "from dagster import asset",
        "from dagster._core.definitions import asset_spec",
        "import dagster_duckdb.io_manager",
        "from dagster_duckdb_pandas import DuckDBPandasIOManager",
        "def late() -> None:\n    from dagster import asset",
    ],
)
@pytest.mark.parametrize("room", [*ROOMS, "source/sample"])
def test_the_linter_refuses_dagster_where_it_does_not_belong(
    project: Path, room: str, statement: str
) -> None:
    path = write_module(project, room, statement)
    (fault,) = [each for each in ruff(project, path) if each["code"] == "TID251"]
    assert "do not know Dagster" in fault["message"]


@pytest.mark.parametrize("room", ["graph", "warehouse"])
def test_the_linter_lets_dagster_be_where_it_belongs(project: Path, room: str) -> None:
    path = write_module(project, room, "from dagster import asset")
    assert [each for each in ruff(project, path) if each["code"] == "TID251"] == []


def test_the_rooms_as_they_are_obey_the_linter() -> None:
    paths = [f"{PACKAGE}/{room}" for room in ROOMS]
    assert [each for each in ruff(ROOT, *paths) if each["code"] == "TID251"] == []
