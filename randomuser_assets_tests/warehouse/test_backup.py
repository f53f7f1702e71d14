"""A backup holds the warehouse as it was, says so itself, and is told when it does not.

Here belong making and proving. How one is put in a warehouse's place is in `test_restore`.
"""

import logging
import os
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from randomuser_assets.warehouse import WarehouseError
from randomuser_assets.warehouse.backup import (
    Backup,
    backups_in,
    copy_database,
    make_backup,
    unpack,
)
from randomuser_assets.warehouse.connect import opened
from randomuser_assets.warehouse.restore import proven, restore

pytestmark = pytest.mark.long

LOG = logging.getLogger(__name__)
ODD_VALUES = """
    CREATE SCHEMA core;
    CREATE TABLE core.people (
        id UUID NOT NULL, name VARCHAR, tags VARCHAR[], born TIMESTAMP, degrees DECIMAL(7,4)
    );
    INSERT INTO core.people VALUES
        (uuid(), 'Ada', ['a', NULL], '1815-12-10', 1.5), (uuid(), NULL, NULL, NULL, NULL),
        (uuid(), '', [], '1969-12-31 23:59:59.999999', -90.0001);
    INSERT INTO core.people SELECT uuid(), md5(i::VARCHAR), [], NULL, NULL FROM range(20000) t(i);
    COMMENT ON TABLE core.people IS 'People.'; COMMENT ON COLUMN core.people.name IS 'Name.';
    CREATE TABLE nobody_declared (a INTEGER);
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(ODD_VALUES)
    return path


def back_up(database: Path, keep: int = 7) -> Backup:
    folder = database.parent / "backups"
    return make_backup(database, folder, keep=keep, version="v1", doing="testing", log=LOG)


def all_of(database: Path) -> list[object]:
    with duckdb.connect(str(database), read_only=True) as connection:
        columns = "SELECT table_name, column_name, data_type, is_nullable, comment "
        return [
            connection.execute("FROM core.people ORDER BY ALL").fetchall(),
            connection.execute(f"{columns} FROM duckdb_columns() WHERE NOT internal").fetchall(),
            connection.execute(
                "SELECT schema_name, table_name, comment FROM duckdb_tables()"
            ).fetchall(),
        ]


def test_what_is_restored_is_what_was_backed_up(database: Path, tmp_path: Path) -> None:
    before = all_of(database)
    made = back_up(database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("DELETE FROM core.people")
    restored = restore(made.path, tmp_path / "new" / "place.duckdb", over=False, log=LOG)
    assert all_of(restored.path) == before
    assert stat.S_IMODE(restored.path.stat().st_mode) == 0o600


def test_a_backup_says_what_it_holds(database: Path) -> None:
    made = back_up(database)
    assert {name: table.rows for name, table in made.manifest.tables.items()} == {
        "core.people": 20003,
        "main.nobody_declared": 0,
    }
    assert made.manifest.schema_version == "v1"
    assert proven(made.path, made.path.parent) == made.manifest


def test_a_backup_is_small_dated_and_the_owners_only(database: Path) -> None:
    made = back_up(database)
    assert made.path.name == f"{made.manifest.taken_at:%Y-%m-%dT%H%M%SZ}_warehouse.duckdb.zst"
    assert made.bytes < database.stat().st_size
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700
    assert [path.name for path in made.path.parent.iterdir()] == [made.path.name]


def test_what_a_killed_writer_left_in_the_log_is_in_the_backup(
    database: Path, tmp_path: Path
) -> None:
    code = (
        "import duckdb, os, sys; connection = duckdb.connect(sys.argv[1]); "
        "connection.execute('INSERT INTO nobody_declared VALUES (42)'); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(database)], check=False, timeout=60)
    assert database.with_name("warehouse.duckdb.wal").exists()
    restored = restore(back_up(database).path, tmp_path / "new.duckdb", over=False, log=LOG)
    with duckdb.connect(str(restored.path)) as connection:
        assert connection.execute("FROM nobody_declared").fetchall() == [(42,)]


def test_the_newest_are_kept_and_nothing_else_is_removed(database: Path) -> None:
    folder = database.parent / "backups"
    folder.mkdir()
    old = [folder / f"2026-01-0{n}T020000Z_warehouse.duckdb.zst" for n in range(1, 6)]
    foreign = folder / "2026-01-01 a note.txt"
    for path in [*old, foreign]:
        path.touch()
    made = back_up(database, keep=3)
    assert backups_in(folder) == [*old[-2:], made.path]
    assert foreign.exists()


def test_the_one_just_made_stays_though_the_clock_was_set_back(database: Path) -> None:
    folder = database.parent / "backups"
    folder.mkdir()
    later = [folder / f"2099-01-0{n}T020000Z_warehouse.duckdb.zst" for n in range(1, 4)]
    for path in later:
        path.touch()
    made = back_up(database, keep=2)
    assert backups_in(folder) == [made.path, later[-1]]
    again = back_up(database, keep=1)
    assert backups_in(folder) == [again.path]


def test_a_failed_backup_removes_none(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = back_up(database, keep=1)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        back_up(database, keep=1)
    assert list(made.path.parent.iterdir()) == [made.path]


def test_what_a_killed_backup_left_is_removed_by_the_next(database: Path) -> None:
    left = database.parent / "backups" / ".parts" / "0123456789abcdef"
    left.mkdir(parents=True)
    (left / "warehouse.duckdb").write_bytes(b"half")
    made = back_up(database)
    assert list(made.path.parent.iterdir()) == [made.path]


def repacked(made: Backup, *statements: str) -> Path:
    """Change what is in a backup, as nobody should."""
    from randomuser_assets.warehouse.backup import _pack  # noqa: PLC0415

    database = made.path.parent / "changed.duckdb"
    unpack(made.path, database)
    with duckdb.connect(str(database)) as connection:
        for statement in statements:
            connection.execute(statement)
    _pack(database, made.path)
    return made.path


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE core.people SET name = 'Eve' WHERE name = 'Ada'",
            "has other values in its 20,003",
        ),
        ("UPDATE core.people SET name = NULL WHERE name = ''", "has other values"),
        ("UPDATE core.people SET tags = NULL WHERE name = ''", "has other values"),
        ("DELETE FROM core.people WHERE name = 'Ada'", "has 20,002 rows and had 20,003"),
        ("DROP TABLE nobody_declared", "main.nobody_declared is not there"),
        ("CREATE TABLE more (a INTEGER)", "main.more is there and was not"),
        ("DROP TABLE backup.about", "did not make it"),
    ],
)
def test_a_backup_that_is_not_what_it_was_is_told(
    database: Path, statement: str, told: str
) -> None:
    path = repacked(back_up(database), statement)
    with pytest.raises(WarehouseError, match=told):
        proven(path, path.parent)


def test_a_damaged_or_cut_file_is_told(database: Path) -> None:
    made = back_up(database)
    whole = made.path.read_bytes()
    for at in range(10, len(whole), len(whole) // 15):
        for broken in (whole[:at], whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :]):
            made.path.write_bytes(broken)
            try:
                # A byte that nothing reads, such as in a free block, changes nothing.
                assert proven(made.path, made.path.parent) == made.manifest
                assert len(broken) == len(whole)
            except WarehouseError as error:
                assert str(made.path) in str(error.description)  # noqa: PT017


def test_what_is_no_backup_is_told(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    with pytest.raises(WarehouseError, match=r"There is no backup .*letter.txt"):
        proven(path, tmp_path)
    path.write_text("Dear diary, " * 1000)
    with pytest.raises(WarehouseError, match=r"letter.txt is no backup that can be read"):
        proven(path, tmp_path)


def test_an_outsider_that_writes_meanwhile_is_waited_for(database: Path) -> None:
    """Else a file that is being written to would be copied."""
    code = (
        "import duckdb, sys, time; connection = duckdb.connect(sys.argv[1]); "
        "print('open', flush=True); time.sleep(1.5); "
        "connection.execute('INSERT INTO nobody_declared VALUES (42)'); connection.close()"
    )
    command = [sys.executable, "-c", code, str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as outsider:
        assert outsider.stdout
        assert outsider.stdout.readline() == "open\n"
        made = back_up(database)
    assert made.manifest.tables["main.nobody_declared"].rows == 1


def test_no_outsider_comes_in_between_the_copies_of_the_file_and_of_its_log(
    database: Path, tmp_path: Path
) -> None:
    """As one would, were the file opened and closed in the process that has it locked."""
    code = (
        "import duckdb, sys\ntry: duckdb.connect(sys.argv[1])\n"
        "except duckdb.IOException: print('kept out')"
    )
    with opened(str(database), read_only=True, doing="testing", log=LOG):
        copy_database(database, tmp_path / "copy.duckdb")
        outsider = subprocess.run(
            [sys.executable, "-c", code, str(database)],
            capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
    assert outsider.stdout == "kept out\n"


def test_a_folder_that_is_full_is_told_and_nothing_is_left(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = "import sys; sys.exit('28')"
    monkeypatch.setattr("randomuser_assets.warehouse.backup._COPY", full)
    with pytest.raises(OSError, match="No space left on device"):
        back_up(database)
    assert list((database.parent / "backups").iterdir()) == []
