"""A backup put in a warehouse's place: asked twice, whole or not at all, and told what it is."""

import io
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from randomuser_assets import cli
from randomuser_assets.model import MODEL
from randomuser_assets.settings import Settings
from randomuser_assets.warehouse import WarehouseError
from randomuser_assets.warehouse.backup import make_backup
from randomuser_assets.warehouse.mixed import NEVER, UNKNOWN, MixedDays, Writer, mixed_days, spans
from randomuser_assets.warehouse.restore import restore
from randomuser_assets.warehouse.turns import turn
from randomuser_assets.whole import put_in_place

pytestmark = pytest.mark.long

LOG = logging.getLogger(__name__)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("RANDOMUSER_SOURCE", "sample")
    monkeypatch.setenv("RANDOMUSER_DATA_DIR", str(tmp_path / "data"))
    return Settings(source="sample", data_dir=tmp_path / "data")


def put(settings: Settings, word: str) -> None:
    settings.data_path.mkdir(exist_ok=True)
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute(
            f"CREATE OR REPLACE TABLE t AS SELECT '{word}' AS word FROM range(50000)"
        )


def stored(path: Path) -> set[str]:
    with duckdb.connect(str(path)) as connection:
        return {word for (word,) in connection.execute("SELECT DISTINCT word FROM t").fetchall()}


@pytest.fixture
def backup(settings: Settings) -> Path:
    """A backup of old words, and a warehouse with new ones."""
    put(settings, "old")
    made = make_backup(
        settings.warehouse_path,
        settings.backups_path,
        keep=3,
        version="v",
        doing="testing",
        log=LOG,
    )
    put(settings, "new")
    return made.path


def run(*arguments: object) -> int:
    return cli.main([str(argument) for argument in arguments])


class Terminal(io.StringIO):
    """Somebody who answers."""

    def isatty(self) -> bool:
        """Say that this is a terminal."""
        return True


def test_without_being_told_a_warehouse_is_not_replaced(
    settings: Settings, backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("restore", backup) == 1
    told = capsys.readouterr().err
    assert f"There is a warehouse at {settings.warehouse_path}. Nothing was changed" in told
    assert "--over" in told
    assert stored(settings.warehouse_path) == {"new"}


@pytest.mark.parametrize(("answer", "words"), [("restore", "old"), ("yes", "new"), ("", "new")])
def test_over_a_warehouse_it_is_asked_a_second_time(
    settings: Settings, backup: Path, monkeypatch: pytest.MonkeyPatch, answer: str, words: str
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(f"{answer}\n"))
    assert run("restore", backup, "--over") == (0 if words == "old" else 1)
    assert stored(settings.warehouse_path) == {words}


def test_where_nobody_can_be_asked_it_must_be_said(
    settings: Settings, backup: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(sys, "stdin", io.StringIO("restore\n"))
    assert run("restore", backup, "--over") == 1
    assert "add --yes" in capsys.readouterr().err
    assert stored(settings.warehouse_path) == {"new"}
    assert run("restore", backup, "--over", "--yes") == 0
    assert stored(settings.warehouse_path) == {"old"}
    assert "csv/" in capsys.readouterr().out


def test_to_a_new_place_the_warehouse_stays(
    settings: Settings, backup: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "elsewhere"
    assert run("restore", backup, "--to", place) == 0
    assert stored(place / "warehouse.duckdb") == {"old"}
    assert stored(settings.warehouse_path) == {"new"}
    assert run("restore", backup, "--to", place) == 1
    assert "name a place where there is none" in capsys.readouterr().err


def test_where_no_warehouse_is_nothing_is_asked(settings: Settings, backup: Path) -> None:
    settings.warehouse_path.unlink()
    assert run("restore", backup) == 0
    assert stored(settings.warehouse_path) == {"old"}


def test_a_backup_that_cannot_be_read_changes_nothing(
    settings: Settings, backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup.write_bytes(backup.read_bytes()[:-1000])
    assert run("restore", backup, "--over", "--yes") == 1
    assert f"{backup} is no backup that can be read" in capsys.readouterr().err
    assert stored(settings.warehouse_path) == {"new"}
    assert not (settings.data_path / ".parts").exists()


def test_a_warehouse_that_is_broken_can_be_replaced(settings: Settings, backup: Path) -> None:
    settings.warehouse_path.write_bytes(b"Dear diary, " * 1000)
    log = settings.warehouse_path.with_name("warehouse.duckdb.wal")
    log.write_bytes(b"not of the new one")
    restore(backup, settings.warehouse_path, over=True, log=LOG)
    assert stored(settings.warehouse_path) == {"old"}
    assert not log.exists()


def test_what_is_in_the_log_of_the_old_warehouse_does_not_reach_the_new_one(
    settings: Settings, backup: Path
) -> None:
    code = (
        "import duckdb, os, sys; connection = duckdb.connect(sys.argv[1]); "
        "connection.execute(\"INSERT INTO t VALUES ('late')\"); os._exit(9)"
    )
    command = [sys.executable, "-c", code, str(settings.warehouse_path)]
    subprocess.run(command, check=False, timeout=60)
    restore(backup, settings.warehouse_path, over=True, log=LOG)
    assert stored(settings.warehouse_path) == {"old"}


KILLED_WRITER = (
    "import duckdb, os, sys; connection = duckdb.connect(sys.argv[1]); "
    "connection.execute(\"INSERT INTO t VALUES ('late')\"); os._exit(9)"
)


def test_a_log_without_its_warehouse_does_not_spoil_the_new_one(
    settings: Settings, backup: Path
) -> None:
    command = [sys.executable, "-c", KILLED_WRITER, str(settings.warehouse_path)]
    subprocess.run(command, check=False, timeout=60)
    settings.warehouse_path.unlink()
    assert settings.warehouse_path.with_name("warehouse.duckdb.wal").exists()
    restore(backup, settings.warehouse_path, over=False, log=LOG)
    assert stored(settings.warehouse_path) == {"old"}


def test_a_warehouse_that_a_run_made_meanwhile_is_not_replaced(
    settings: Settings, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.warehouse_path.unlink()

    def made_meanwhile(*about: Any) -> MixedDays:
        put(settings, "new")
        return mixed_days(*about)

    monkeypatch.setattr("randomuser_assets.warehouse.restore.mixed_days", made_meanwhile)
    with pytest.raises(WarehouseError, match="already"):
        restore(backup, settings.warehouse_path, over=False, log=LOG)
    assert stored(settings.warehouse_path) == {"new"}


def test_over_one_that_was_not_there_when_it_was_asked_nothing_is_restored(
    settings: Settings, backup: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    settings.warehouse_path.unlink()

    def made_meanwhile(*about: Any) -> MixedDays:
        put(settings, "new")
        return mixed_days(*about)

    monkeypatch.setattr("randomuser_assets.warehouse.restore.mixed_days", made_meanwhile)
    assert run("restore", backup, "--over") == 1
    assert "already. Nothing was changed" in capsys.readouterr().err
    assert stored(settings.warehouse_path) == {"new"}


def test_no_outsider_gets_at_the_old_warehouse_while_it_is_replaced(
    settings: Settings, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its log would lie beside the new one."""
    told = list[str]()

    def tried(aside: Path, path: Path) -> None:
        command = [sys.executable, "-c", KILLED_WRITER, str(path)]
        ended = subprocess.run(command, check=False, timeout=60, capture_output=True, text=True)
        told.append(ended.stderr)
        put_in_place(aside, path)

    monkeypatch.setattr("randomuser_assets.warehouse.restore.put_in_place", tried)
    restore(backup, settings.warehouse_path, over=True, log=LOG)
    assert "Could not set lock on file" in told[0]
    assert stored(settings.warehouse_path) == {"old"}


def test_it_waits_for_its_turn(settings: Settings, backup: Path) -> None:
    command = [
        sys.executable, "-m", "randomuser_assets.cli", "restore", str(backup), "--over", "--yes"
    ]  # fmt: skip
    with turn(settings.warehouse_path, alone=False, doing="reading", log=LOG):
        process = subprocess.Popen(command)
        try:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(6)
            assert stored(settings.warehouse_path) == {"new"}
        except BaseException:
            process.kill()
            raise
    assert process.wait(60) == 0
    assert stored(settings.warehouse_path) == {"old"}


def test_a_restore_that_is_killed_leaves_the_old_or_the_new(
    settings: Settings, backup: Path
) -> None:
    command = [
        sys.executable, "-m", "randomuser_assets.cli", "restore", str(backup), "--over", "--yes"
    ]  # fmt: skip
    seen = set[str]()
    for number in range(6):
        put(settings, "new")
        process = subprocess.Popen(command)
        # From the moment at which something is written, at various distances.
        while process.poll() is None and not any(settings.data_path.glob(".parts/*/*")):
            time.sleep(0.001)
        time.sleep(number * 0.03)
        process.send_signal(signal.SIGKILL)
        process.wait()
        words = stored(settings.warehouse_path)
        assert words in ({"old"}, {"new"})
        seen |= words
    restore(backup, settings.warehouse_path, over=True, log=LOG)
    assert stored(settings.warehouse_path) == {"old"}
    assert not (settings.data_path / ".parts").exists()


Write = tuple[str, str, str]
"""A table's name, a day, and the run that wrote it, which is named after its hour."""


def keep_writes(settings: Settings, *writes: Write) -> None:
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute(
            """
            CREATE SCHEMA quality;
            CREATE TABLE quality.writes (table_schema VARCHAR, table_name VARCHAR,
                partition VARCHAR, records INTEGER, run_id VARCHAR, written_at TIMESTAMP,
                schema_version VARCHAR)
            """
        )
        for table, day, run_id in writes:
            at = f"2026-01-20 0{run_id[0]}:00:00"
            connection.execute(
                "INSERT INTO quality.writes VALUES (?, ?, ?, 1, ?, ?, 'v')",
                [MODEL[table].schema, table, day, run_id, at],
            )


def of_all(day: str, run_id: str, **others: str) -> list[Write]:
    """Write all tables of a day in a run, but those that others wrote, or nobody."""
    runs = {table.name: others.get(table.name, run_id) for table in MODEL}
    return [(name, day, run) for name, run in runs.items() if run]


ONE, TWO = "1-early-run", "2-later-run"
D1, D2, D3, D4, D5 = (f"2026-01-0{n}" for n in range(1, 6))
AMID = {"raw_users": TWO, "flattened_users": TWO}


def test_days_with_tables_of_different_runs_are_named(settings: Settings) -> None:
    put(settings, "old")
    keep_writes(
        settings,
        *of_all(D1, ONE),
        *of_all(D2, ONE, **AMID),
        *of_all(D3, ONE, **AMID),
        *of_all(D4, ONE, users=""),
        *of_all(D5, ONE, logins=""),
    )
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("CREATE SCHEMA core")
        connection.execute(f"CREATE TABLE core.logins AS SELECT DATE '{D5}' AS snapshot_date")
        mixed = mixed_days(connection, MODEL)
    assert list(mixed) == [D2, D3, D4, D5]
    early, late = mixed[D2]
    assert late == Writer(TWO, "2026-01-20 02:00 UTC", ("flattened_users", "raw_users"))
    assert (early.run_id, len(early.tables)) == (ONE, len(list(MODEL)) - 2)
    assert mixed[D4][1] == Writer(NEVER, "", ("users",))
    assert mixed[D5][1] == Writer(UNKNOWN, "", ("logins",))
    assert [(first, last) for first, last, _ in spans(mixed)] == [(D2, D3), (D4, D4), (D5, D5)]


def test_a_warehouse_that_did_not_keep_who_wrote_has_no_such_days(settings: Settings) -> None:
    put(settings, "old")
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        assert mixed_days(connection, MODEL) == {}


def test_who_restores_is_told_of_these_days_and_what_to_do(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    put(settings, "old")
    keep_writes(
        settings,
        *of_all(D1, ONE),
        *of_all(D2, ONE, **AMID),
        *of_all(D3, ONE, **AMID),
        *of_all(D5, ONE, users=""),
    )
    assert run("backup") == 0
    (made,) = settings.backups_path.glob("*.zst")
    assert run("restore", made, "--over", "--yes") == 0
    told = capsys.readouterr().out
    assert f"  {D2} to {D3}: " in told
    assert "; flattened_users, raw_users of run 2-later- (2026-01-20 02:00 UTC)\n" in told
    assert f"  {D5}: " in told
    assert "; users never made\n" in told
    assert f"{D1}" not in told
    assert f"--select 'raw_users*' --partition-range {D2}...{D3}\n" in told
    assert f"--select 'raw_users*' --partition {D5}\n" in told


def test_a_place_that_is_taken_is_refused(backup: Path, tmp_path: Path) -> None:
    place = tmp_path / "taken.duckdb"
    place.touch()
    with pytest.raises(WarehouseError, match="already"):
        restore(backup, place, over=False, log=LOG)
    assert os.stat(place).st_size == 0  # noqa: PTH116
