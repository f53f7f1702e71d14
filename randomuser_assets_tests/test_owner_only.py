"""What is written below the data directory is its owner's, from the moment it is there."""

import stat
from collections.abc import Iterator
from logging import getLogger
from pathlib import Path
from threading import Event, Thread

import duckdb
import pytest

from randomuser_assets import cli
from randomuser_assets.owner_only import owner_only
from randomuser_assets.warehouse.backup import backups_in
from randomuser_assets.warehouse.connect import opened
from randomuser_assets.whole import written_whole
from randomuser_assets_tests.graph.site import KEY, opened_site
from randomuser_assets_tests.watched import open_handed, open_to_others, watched

pytestmark = pytest.mark.long

DAYS = "2026-01-05", "2026-01-06"
LOG = getLogger(__name__)


@pytest.fixture(autouse=True)
def _open_handed() -> Iterator[None]:
    with open_handed():
        yield


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def made(path: Path) -> int:
    path.touch()
    return mode(path)


# A block


def test_within_a_block_new_files_are_private_and_after_it_as_before(tmp_path: Path) -> None:
    with owner_only:
        assert made(tmp_path / "within") == 0o600
    assert made(tmp_path / "after") == 0o666


def test_a_block_ends_with_an_error_too(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), owner_only:
        _ = 1 / 0
    assert made(tmp_path / "after") == 0o666


def test_a_block_within_a_block_does_not_end_the_outer_one(tmp_path: Path) -> None:
    with owner_only:
        with owner_only:
            pass
        assert made(tmp_path / "outer") == 0o600
    assert made(tmp_path / "after") == 0o666


def test_a_block_that_ends_first_does_not_end_that_of_another_thread(tmp_path: Path) -> None:
    """Whichever of the two began first."""
    entered, left, looked = Event(), Event(), Event()
    seen = []

    def other() -> None:
        with owner_only:
            entered.set()
            assert left.wait(10)
            seen.append(made(tmp_path / "other"))
        looked.set()

    thread = Thread(target=other)
    with owner_only:
        thread.start()
        assert entered.wait(10)
    left.set()
    assert looked.wait(10)
    thread.join()
    assert seen == [0o600]
    assert made(tmp_path / "after") == 0o666


# The engine's own files


def test_the_engine_alone_would_let_everybody_read(tmp_path: Path) -> None:
    """What the tests below could not see if they looked in vain."""
    with watched(tmp_path) as seen, duckdb.connect(str(tmp_path / "open.duckdb")) as connection:
        connection.execute("CREATE TABLE secrets AS SELECT 1")
        connection.execute(f"COPY secrets TO '{tmp_path / 'open.csv'}'")
    assert {"open.duckdb", "open.csv"} <= seen.keys()


@pytest.mark.parametrize("read_only", [False, True], ids=["writing", "reading"])
def test_what_does_not_fit_into_memory_is_spilt_in_private(
    tmp_path: Path, *, read_only: bool
) -> None:
    path = tmp_path / "data" / "warehouse.duckdb"
    with opened(str(path), read_only=False, doing="making it", log=LOG):
        pass
    with (
        watched(tmp_path) as seen,
        opened(str(path), read_only=read_only, doing="spilling", log=LOG) as connection,
    ):
        connection.execute("SET memory_limit = '16MB'")
        connection.execute("SET threads = 1")
        connection.execute(
            "CREATE TEMP TABLE many AS SELECT md5(range::VARCHAR) AS one FROM range(1_000_000)"
        )
        assert mode(path.with_name("warehouse.duckdb.tmp")) == 0o700
        spilt = path.with_name("warehouse.duckdb.tmp").iterdir()
        assert {mode(file) for file in spilt} == {0o600}
    assert seen == {}


def test_the_log_of_a_write_is_private(tmp_path: Path) -> None:
    path = tmp_path / "data" / "warehouse.duckdb"
    with opened(str(path), read_only=False, doing="writing", log=LOG) as connection:
        connection.execute("CREATE TABLE numbers AS SELECT 1")
        assert mode(path) == mode(path.with_name("warehouse.duckdb.wal")) == 0o600
        connection.execute("CHECKPOINT")
        connection.execute("INSERT INTO numbers VALUES (2)")  # into a new log
        assert mode(path.with_name("warehouse.duckdb.wal")) == 0o600


def test_a_file_is_private_while_it_is_written_whatever_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file"
    with written_whole(path, tmp_path) as aside:
        aside.write_text("half of it", encoding="utf-8")
        assert mode(aside) == 0o600
        assert mode(aside.parent) == mode(aside.parent.parent) == 0o700
    assert open_to_others(tmp_path) == {}


def test_a_warehouse_that_others_could_read_is_tightened_by_the_next_write(tmp_path: Path) -> None:
    path, log = tmp_path / "warehouse.duckdb", tmp_path / "warehouse.duckdb.wal"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE numbers AS SELECT 1")
    path.chmod(0o644)
    log.touch(0o644)  # as a process leaves it that was killed before its first commit
    with opened(str(path), read_only=True, doing="reading", log=LOG):
        assert mode(path) == 0o644  # who only reads may not be its owner
    with opened(str(path), read_only=False, doing="writing", log=LOG) as connection:
        connection.execute("INSERT INTO numbers VALUES (2)")
        assert mode(path) == mode(log) == 0o600


# The whole way


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the user's that was there before, as most folders are."""
    folder = tmp_path_factory.mktemp("home") / "data"
    folder.mkdir()
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def seen(folder: Path) -> dict[str, str]:
    """What a watch saw of two days that passed the whole graph, and of a backup that was proven."""
    with (
        open_handed(),
        watched(folder) as found,
        opened_site("sample", folder, users_per_day=300) as site,
    ):
        assert site.run_range(*DAYS).success
        backup = site.definitions.resolve_job_def("backup_job")
        assert backup.execute_in_process(instance=site.instance).success
    return found


def test_nothing_that_the_graph_and_a_backup_write_is_open_to_others(
    folder: Path, seen: dict[str, str]
) -> None:
    names = {path.name for path in folder.iterdir()}
    assert names >= {
        "warehouse.duckdb",
        "warehouse.duckdb.lock",
        "warehouse.duckdb.queue",
        "catalog.duckdb",
        "catalog.duckdb.made",
        "csv",
        "parquet",
        "reports",
        "backups",
        "spool",
    }
    assert seen == {}


def test_the_folder_that_was_there_keeps_its_mode(folder: Path, seen: dict[str, str]) -> None:
    assert mode(folder) == 0o755, seen


@pytest.mark.usefixtures("seen")
def test_nor_is_what_the_commands_write(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANDOMUSER_SOURCE", "sample")
    monkeypatch.setenv("RANDOMUSER_PII_KEY", KEY)
    monkeypatch.setenv("RANDOMUSER_DATA_DIR", str(folder))
    (backup,) = backups_in(folder / "backups")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute("ALTER TABLE core.users DROP title")
    with watched(folder) as found:
        assert cli.main(["migrate"]) == 0
        assert cli.main(["catalog"]) == 0
        assert cli.main(["backup"]) == 0
        assert cli.main(["restore", str(backup), "--to", str(folder / "elsewhere")]) == 0
        assert cli.main(["restore", str(backup), "--over", "--yes"]) == 0
    assert (folder / "elsewhere" / "warehouse.duckdb").exists()
    assert found == {}


@pytest.mark.long
def test_nor_is_what_the_demo_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dagster's own records among it."""
    monkeypatch.setenv("RANDOMUSER_SOURCE", "sample")
    monkeypatch.setenv("RANDOMUSER_USERS_PER_DAY", "5")
    monkeypatch.setenv("RANDOMUSER_DATA_DIR", str(tmp_path / "data"))
    with watched(tmp_path / "data") as found:
        assert cli.main(["demo"]) == 0
    assert (tmp_path / "data" / "dagster" / "dagster.yaml").exists()
    assert found == {}
