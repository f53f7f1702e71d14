"""A write that ends in the middle, as when power fails: the log of the engine is cut at any byte.

The engine appends a transaction to its log and brings the log to the disk before a write has
succeeded, so what can be torn is the log's end.
"""

import random
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.long

WRITE_AND_DIE = """
    import logging, os, sys
    from randomuser_assets.warehouse.connect import opened
    from randomuser_assets.warehouse.table import Slice
    from randomuser_assets.warehouse.write import replace_slice

    database, day, rows, word = sys.argv[1:]
    source = (f"SELECT DATE '{day}' AS snapshot_date, '{word}' || i AS name "
              f"FROM range({rows}) AS t(i)")
    target = Slice("core", "people", f"snapshot_date = '{day}'")
    with opened(database, read_only=False, doing="testing", log=logging.getLogger()) as connection:
        connection.begin()
        replace_slice(connection, target, source, None, None)
        connection.commit()
        if word == "new":
            os._exit(9)  # before the log is taken into the file
"""
OLD, NEW = ("old", 2000), ("new", 3000)


def write_and_die(database: Path, day: str, what: tuple[str, int]) -> None:
    word, rows = what
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(WRITE_AND_DIE), str(database), day, str(rows), word],
        check=word != "new",
        timeout=60,
    )


def stored(database: Path) -> set[tuple[str, str, int]]:
    query = "SELECT snapshot_date::VARCHAR, left(name, 3), count(*) FROM core.people GROUP BY ALL"
    with duckdb.connect(str(database)) as connection:
        return set(connection.execute(query).fetchall())


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse whose last write is in the log only."""
    database = tmp_path_factory.mktemp("killed") / "warehouse.duckdb"
    for day in ("2026-01-01", "2026-01-02"):
        write_and_die(database, day, OLD)
    write_and_die(database, "2026-01-01", NEW)
    assert log_of(database).stat().st_size > 1000
    return database


def log_of(database: Path) -> Path:
    return database.with_name(f"{database.name}.wal")


def cut(killed: Path, folder: Path, size: int) -> Path:
    for path in (killed, log_of(killed)):
        shutil.copy(path, folder)
    torn = folder / killed.name
    with log_of(torn).open("r+b") as log:
        log.truncate(size)
    return torn


def test_a_whole_log_has_the_new_day(killed: Path, tmp_path: Path) -> None:
    torn = cut(killed, tmp_path, log_of(killed).stat().st_size)
    assert stored(torn) == {("2026-01-01", *NEW), ("2026-01-02", *OLD)}


def test_a_log_torn_at_any_byte_leaves_the_old_day(killed: Path, tmp_path: Path) -> None:
    size = log_of(killed).stat().st_size
    chance = random.Random(20260101)  # noqa: S311  a test that can be repeated
    for at in [0, 1, 100, size - 100, size - 1, *(chance.randrange(size) for _ in range(30))]:
        folder = tmp_path / f"{at}"
        folder.mkdir(exist_ok=True)
        torn = cut(killed, folder, at)
        assert stored(torn) == {("2026-01-01", *OLD), ("2026-01-02", *OLD)}, at


def test_after_a_torn_log_the_next_write_works(killed: Path, tmp_path: Path) -> None:
    torn = cut(killed, tmp_path, log_of(killed).stat().st_size - 1)
    write_and_die(torn, "2026-01-01", ("old", 5))
    assert stored(torn) == {("2026-01-01", "old", 5), ("2026-01-02", *OLD)}
