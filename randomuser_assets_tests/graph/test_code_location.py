"""The code location as Dagster's own commands load and run it, each in a process of its own."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess

import duckdb
import pytest

from randomuser_assets.model import MODEL
from randomuser_assets_tests.graph.command_line import ROOT, Shell
from randomuser_assets_tests.graph.contract_api import ContractApi, contract_api, not_found
from randomuser_assets_tests.graph.trapped_people import TrappedPeople

IMPORTED = "import sys; from randomuser_assets.definitions import defs"
DAY, LATER, LAST = "2026-01-05", "2026-01-06", "2026-01-07"


@pytest.fixture(scope="module")
def api() -> Iterator[ContractApi]:
    with contract_api(TrappedPeople(today=date(2026, 1, 6))) as running:
        yield running


@pytest.fixture(scope="module")
def shell(api: ContractApi, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return Shell(tmp_path_factory.mktemp("shell"), {"SOURCE": api.base_url})


def materialize(shell: Shell, select: str, *how: str) -> CompletedProcess[str]:
    module = ("-m", "randomuser_assets.definitions")
    return shell.run("dagster", "asset", "materialize", *module, "--select", select, *how)


@pytest.fixture(scope="module")
def whole_day(shell: Shell) -> CompletedProcess[str]:
    return materialize(shell, "*", "--partition", DAY)


@pytest.fixture(scope="module")
def loaded(shell: Shell) -> CompletedProcess[str]:
    """Load it once, and print whether garbage is looked for and what was imported."""
    return shell.run("python", "-c", f"{IMPORTED}; import gc; print(gc.isenabled(), *sys.modules)")


def files(shell: Shell) -> set[str]:
    return {path.name for path in (shell.data / "csv").rglob("*.csv")}


def test_the_workspace_loads_as_the_server_loads_it(shell: Shell) -> None:
    ended = shell.run("dagster", "definitions", "validate", "-w", str(ROOT / "workspace.yaml"))
    said = ended.stdout + ended.stderr
    assert ended.returncode == 0, said
    assert "Validation successful for code location randomuser_assets" in said


def test_our_own_code_says_nothing_while_it_loads(loaded: CompletedProcess[str]) -> None:
    assert (loaded.returncode, loaded.stderr) == (0, "")
    assert loaded.stdout.startswith("True ")
    assert loaded.stdout.count("\n") == 1


@pytest.mark.parametrize(
    "of_runs",
    [
        # Dagster's storage, the API, its stand-in, the page, the messages, the ERD, the commands.
        ("alembic", "sqlalchemy", "structlog", "dagster_webserver", "dagster_graphql"),
        ("requests", "urllib3", "randomuser_assets.source.api", "randomuser_assets.source.sample"),
        ("jinja2", "apprise", "reportlab", "rich", "tqdm"),
    ],
)
def test_what_only_a_run_needs_is_not_imported_with_the_code_location(
    loaded: CompletedProcess[str], of_runs: tuple[str, ...]
) -> None:
    assert loaded.returncode == 0, loaded.stderr
    imported = set(loaded.stdout.split())
    assert "randomuser_assets.definitions" in imported
    assert imported.isdisjoint(of_runs)


def test_garbage_is_looked_for_again_once_the_code_location_is_loaded(
    loaded: CompletedProcess[str],
) -> None:
    assert loaded.stdout.startswith("True "), loaded.stderr


def test_garbage_is_looked_for_even_if_the_code_location_cannot_be_loaded(tmp_path: Path) -> None:
    shell = Shell(tmp_path, {"USERS_PER_DAY": "none"})
    attempt = f"try:\n    {IMPORTED}\nexcept ValueError:\n    import gc; print(gc.isenabled())"
    ended = shell.run("python", "-c", attempt)
    assert ended.stdout == "True\n", ended.stderr


PANDAS_FIRST = "import pandas"  # then something refers to the engine's constants to the end


@pytest.mark.parametrize("first", ["import duckdb", PANDAS_FIRST])
def test_nobody_looks_for_garbage_in_what_stays_and_the_engine_does_not_complain(
    shell: Shell, first: str
) -> None:
    use = "import gc, duckdb; duckdb.connect().execute('SELECT 1'); print(gc.get_freeze_count())"
    gone = "sys.modules['duckdb.gone'] = None"
    ended = shell.run("python", "-c", f"{first}; {IMPORTED}; {use}; {gone}")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert int(ended.stdout) > 100_000


def test_the_engine_would_complain_of_its_constants_when_the_process_ends(shell: Shell) -> None:
    unguarded = "from randomuser_assets import for_good; import atexit; "
    unguarded += "atexit.unregister(for_good._let_go_of_the_engines_types)"
    ended = shell.run("python", "-c", f"{PANDAS_FIRST}; {IMPORTED}; {unguarded}")
    assert "leaked" in ended.stderr


def test_the_project_file_names_the_same_code_location() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["dg"]["project"]
    workspace = (ROOT / "workspace.yaml").read_text("utf-8")
    assert f"module_name: {project['code_location_target_module']}\n" in workspace
    assert f"location_name: {project['code_location_name']}\n" in workspace


@pytest.mark.long
def test_a_day_is_materialized_from_the_command_line(
    shell: Shell, whole_day: CompletedProcess[str]
) -> None:
    assert whole_day.returncode == 0, whole_day.stderr
    assert files(shell) == {f"{DAY}_{table.name}.csv" for table in MODEL.core}


@pytest.mark.long
def test_one_file_is_materialized_alone(shell: Shell, whole_day: CompletedProcess[str]) -> None:
    assert whole_day.returncode == 0
    folder = shell.data / "csv" / DAY
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for path in folder.iterdir():
        path.unlink()
    ended = materialize(shell, "csv/users", "--partition", DAY)
    assert ended.returncode == 0, ended.stderr
    name = f"{DAY}_users.csv"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {name: before[name]}


@pytest.mark.long
def test_a_range_of_days_is_materialized_from_the_command_line(
    shell: Shell, whole_day: CompletedProcess[str]
) -> None:
    assert whole_day.returncode == 0
    ended = materialize(shell, "raw_users+", "--partition-range", f"{LATER}...{LAST}")
    assert ended.returncode == 0, ended.stderr
    with duckdb.connect(str(shell.data / "warehouse.duckdb"), read_only=True) as connection:
        query = "SELECT snapshot_date::VARCHAR, count(*) FROM staging.flattened_users GROUP BY ALL"
        assert dict(connection.execute(query).fetchall()) == dict.fromkeys((DAY, LATER, LAST), 5)


@pytest.mark.long
def test_a_source_that_refuses_ends_in_a_sentence_and_another_exit_code(
    api: ContractApi, tmp_path: Path
) -> None:
    shell = Shell(tmp_path, {"SOURCE": api.base_url})
    api.fault = not_found
    try:
        ended = materialize(shell, "raw_users", "--partition", DAY)
    finally:
        api.fault = lambda _: None
    assert ended.returncode != 0
    assert f"Asked {api.base_url}" in ended.stderr, ended.stderr
    assert "Nothing of that day was stored or replaced." in ended.stderr
    assert not (shell.data / "warehouse.duckdb").exists()
