"""The commands: what they print, and that every fault is one sentence and another exit code."""

import re
import shutil
import signal
import socket
import stat
import subprocess
from pathlib import Path

import duckdb
import pytest
import requests

import randomuser_assets
from randomuser_assets.cli import main
from randomuser_assets.model import MODEL
from randomuser_assets_tests.graph.command_line import BIN, ROOT, Shell

COMMAND = "randomuser-assets"
Ended = subprocess.CompletedProcess[str]


def one_sentence(said: str) -> str:
    """See that something said is a sentence and no traceback."""
    said = said.strip()
    assert "Traceback" not in said
    assert "\n" not in said
    assert said.endswith((".", "?"))
    return said


def refused(ended: Ended) -> str:
    """Give the sentence with which a command refused."""
    assert ended.returncode == 1
    assert "Traceback" not in ended.stdout
    return one_sentence(ended.stderr)


# The demo


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return Shell(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def first(shell: Shell) -> Ended:
    return shell.run(COMMAND, "demo")


@pytest.fixture(scope="module")
def second(shell: Shell, first: Ended) -> Ended:
    assert first.returncode == 0
    return shell.run(COMMAND, "demo")


def rows(shell: Shell, table: str) -> int:
    with duckdb.connect(str(shell.data / "warehouse.duckdb"), read_only=True) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def lines_of_tables(ended: Ended) -> list[list[str]]:
    """Give the words of the lines that tell what was made."""
    lines = ended.stdout.splitlines()
    return [line.split() for line in lines if re.match(r"(raw|staging|core)\.", line)]


@pytest.mark.long
def test_the_demo_succeeds_and_complains_of_nothing(first: Ended) -> None:
    assert (first.returncode, first.stderr) == (0, "")


@pytest.mark.long
def test_the_demo_shows_its_progress(first: Ended) -> None:
    for table in MODEL:
        assert f"✓ {table.name}\n" in first.stdout
        op = "core" if table in MODEL.core else table.name
        assert f"✓ check_{op}\n" in first.stdout
    assert "page 1 of 1 came with 5 people" in first.stdout


@pytest.mark.long
def test_the_demo_tells_what_it_made_and_where(first: Ended, shell: Shell) -> None:
    told = lines_of_tables(first)
    assert [words[0] for words in told] == [f"{table.schema}.{table.name}" for table in MODEL]
    for name, count, *file in told:
        assert int(count) == rows(shell, name)
        assert len(file) == name.startswith("core.")
        assert all((shell.data / "csv" / path[:10] / path).is_file() for path in file)
    assert rows(shell, "raw.raw_users") == 15
    assert str(shell.data / "warehouse.duckdb") in first.stdout
    assert str(shell.data / "csv") in first.stdout


@pytest.mark.long
def test_the_demo_tells_of_the_checks_and_the_next_command(first: Ended) -> None:
    assert re.search(r"Checks: \d+ passed, 0 failed", first.stdout)
    assert "make dev" in first.stdout
    assert "http://127.0.0.1:3000" in first.stdout


@pytest.mark.long  # fetched again in one process: test_whole_way
@pytest.mark.long
def test_a_second_demo_finds_the_same_people(first: Ended, second: Ended, shell: Shell) -> None:
    assert (second.returncode, second.stderr) == (0, "")
    assert lines_of_tables(second) == lines_of_tables(first)
    assert rows(shell, "raw.raw_users") == 15


# Bad input


def test_an_unknown_command_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    ended = Shell(tmp_path).run(COMMAND, "demmo")
    assert ended.returncode == 2
    assert "sample-api" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_bad_setting_ends_the_process_with_a_sentence(tmp_path: Path) -> None:
    shell = Shell(tmp_path, {"USERS_PER_DAY": "many"})
    assert "RANDOMUSER_USERS_PER_DAY='many'" in refused(shell.run(COMMAND, "demo"))
    assert not shell.data.exists()


def refusal(
    settings: dict[str, str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> str:
    """Run the demo in this process, which is quicker, and give the sentence that it ends with."""
    shell = Shell(folder, settings)
    for name, value in shell.environment.items():
        monkeypatch.setenv(name, value)
    assert main(["demo"]) == 1
    assert not shell.data.exists()
    return one_sentence(capsys.readouterr().err)


def test_the_demo_is_refused_on_another_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = {"SOURCE": "http://127.0.0.1:9/api/1.4/"}
    said = refusal(elsewhere, tmp_path, monkeypatch, capsys)
    assert "RANDOMUSER_SOURCE" in said
    assert "make dev" in said


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("USERS_PER_DAY", "0", "RANDOMUSER_USERS_PER_DAY='0'"),
        ("PAGE_SIZE", "5001", "RANDOMUSER_PAGE_SIZE='5001'"),
        ("SEED", "exactly-18-letters", "has exactly 18 characters"),
        ("SEED", "abcdefgh{date}", "has exactly 18 characters"),
        ("START_DATE", "2026-02-30", "RANDOMUSER_START_DATE='2026-02-30'"),
        ("START_DATE", "2999-01-01", "RANDOMUSER_START_DATE='2999-01-01'"),
        ("SOURCE", "smaple", "RANDOMUSER_SOURCE='smaple'"),
        ("SOURCE", "http://127.0.0.1/?results=5", "leave out what begins with ? or #"),
        ("TIMEOUT", "-1", "RANDOMUSER_TIMEOUT='-1'"),
        ("ENGINE", "sqlite", "RANDOMUSER_ENGINE='sqlite'"),
        ("USER_PER_DAY", "5", "did you mean RANDOMUSER_USERS_PER_DAY?"),
    ],
)
def test_a_bad_setting_is_named_in_a_sentence(
    name: str,
    value: str,
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert expected in refusal({name: value}, tmp_path, monkeypatch, capsys)


def test_all_bad_settings_are_named_at_once_and_the_key_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = {"TIMEOUT": "soon", "PAGE_SIZE": "0", "NOBODY_KNOWS": "1", "PII_KEY": "planted-key"}
    said = refusal(bad, tmp_path, monkeypatch, capsys)
    for name in ("TIMEOUT", "PAGE_SIZE", "NOBODY_KNOWS"):
        assert f"RANDOMUSER_{name}" in said
    assert "planted-key" not in said


def test_a_data_directory_that_cannot_be_is_told_in_a_sentence(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell.data.write_text("a file where a folder should be", encoding="utf-8")
    said = refused(shell.run(COMMAND, "demo"))
    assert str(shell.data) in said
    assert "RANDOMUSER_DATA_DIR" in said
    assert shell.data.read_text("utf-8") == "a file where a folder should be"


# The built-in API by hand


def test_the_built_in_api_answers_until_it_is_stopped(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [str(BIN / COMMAND), "sample-api", "--port", "0"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, process.communicate(timeout=30)
        people = requests.get(found.group(), timeout=30).json()["results"]
        assert len(people) == 10
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=30)
        assert (process.returncode, complaints) == (0, "")
    finally:
        process.kill()
        process.wait()


def test_a_port_that_is_taken_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused(Shell(tmp_path).run(COMMAND, "sample-api", "--port", port))
    assert "--port" in said
    assert "folder" not in said


# Recording


def test_days_are_recorded_and_can_be_the_source(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    ended = shell.run(COMMAND, "record", "2026-03-10", "--to", "2026-03-11")
    assert (ended.returncode, ended.stderr) == (0, "")
    folder = shell.data / "recorded"
    assert ended.stdout.splitlines() == [
        f"2026-03-{day}: 5 people in {folder / f'2026-03-{day}'}" for day in (10, 11)
    ]
    again = Shell(tmp_path, {"SOURCE": f"files:{folder}"})
    ended = again.run(COMMAND, "record", "2026-03-10", "--into", "copy")
    assert ended.returncode == 0
    assert (tmp_path / "copy" / "2026-03-10" / "_SUCCESS").is_file()


@pytest.mark.parametrize(
    ("source", "days", "told"),
    [
        ("sample", ["2025-12-31"], "Expected days from 2026-01-01"),
        ("sample", ["2999-01-01"], "today"),
        ("sample", ["2026-03-10", "--to", "2026-03-09"], "the earlier one first"),
        ("files:nowhere", ["2026-03-10"], "There is no folder"),
    ],
)
def test_what_cannot_be_recorded_is_told_in_a_sentence(
    tmp_path: Path, source: str, days: list[str], told: str
) -> None:
    shell = Shell(tmp_path, {"SOURCE": source})
    assert told in refused(shell.run(COMMAND, "record", *days))


# The catalog


def test_the_catalog_is_written_anew_where_its_folder_was_moved(tmp_path: Path) -> None:
    before, after = Shell(tmp_path / "before"), Shell(tmp_path / "after")
    for shell in (before, after):
        shell.folder.mkdir()
    assert before.run(COMMAND, "catalog").returncode == 0
    file = before.data / "parquet/timezones/snapshot_date=2026-03-10/timezones.parquet"
    file.parent.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT DATE '2026-03-10' AS snapshot_date, '+1:00' AS timezone_offset) "
            f"TO '{file}' (FORMAT parquet)"
        )
    assert before.run(COMMAND, "catalog").returncode == 0
    before.data.rename(after.data)
    ended = after.run(COMMAND, "catalog")
    assert (ended.returncode, ended.stdout) == (0, f"Wrote {after.data / 'catalog.duckdb'}.\n")
    with duckdb.connect(str(after.data / "catalog.duckdb"), read_only=True) as connection:
        rows = connection.execute("SELECT timezone_offset FROM core.timezones").fetchall()
    assert rows == [("+1:00",)]


def test_a_catalog_that_cannot_be_is_told_in_a_sentence(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    file = shell.data / "parquet/users/snapshot_date=2026-03-10/users.parquet"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no Parquet")
    assert str(file.parent.parent) in refused(shell.run(COMMAND, "catalog"))
    assert not (shell.data / "catalog.duckdb").exists()


# Files that are derived


@pytest.fixture
def project(tmp_path: Path) -> Shell:
    return copy_of_the_project(tmp_path)


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A copy of the project with its derived files."""
    project = copy_of_the_project(tmp_path_factory.mktemp("documented"))
    assert in_copy(project, "document").returncode == 0
    return project


def copy_of_the_project(folder: Path) -> Shell:
    """Give a copy of the project in which the commands run."""
    package = Path(str(randomuser_assets.__file__)).parent
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, folder / package.name, ignore=ignored)
    shutil.copy(ROOT / "workspace.yaml", folder)
    (folder / "README.md").write_text("# A readme\n", encoding="utf-8")
    (folder / "docs").mkdir()
    for name in ("quality.md", "privacy.md", "questions.md"):
        (folder / "docs" / name).write_text("# A page\n", encoding="utf-8")
    shutil.copy(ROOT / "docs" / "analysis.ipynb", folder / "docs")
    return Shell(folder)


def in_copy(project: Shell, *arguments: str) -> Ended:
    return project.run("python", "-m", "randomuser_assets.cli", *arguments)


@pytest.mark.long
def test_derived_files_are_written_and_then_current(documented: Shell) -> None:
    assert (documented.folder / "erd.pdf").read_bytes().startswith(b"%PDF")
    checked = in_copy(documented, "document", "--check")
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


@pytest.mark.long
def test_a_derived_file_that_was_changed_is_named(documented: Shell, tmp_path: Path) -> None:
    project = Shell(shutil.copytree(documented.folder, tmp_path / "changed"))
    example = project.folder / ".env.example"
    example.write_text(example.read_text("utf-8") + "#\n", encoding="utf-8")
    said = refused(in_copy(project, "document", "--check"))
    assert said == ".env.example is out of date: run `make erd`."


def test_the_first_start_writes_a_private_env_with_a_key_and_no_start_replaces_it(
    project: Shell,
) -> None:
    path = project.folder / ".env"
    assert in_copy(project, "init").returncode == 0
    written = path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "RANDOMUSER_SOURCE=" in written
    assert re.search(r"[0-9a-f]{64}", written)
    assert in_copy(project, "init").returncode == 0
    assert path.read_text("utf-8") == written
