"""The engine that is kept for the next who opens the same file, and what of it is not kept."""

import logging
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from subprocess import run
from typing import Any

import duckdb
import pytest

from randomuser_assets.warehouse import engines
from randomuser_assets.warehouse.connect import opened
from randomuser_assets.warehouse.faults import WarehouseError

LOG = logging.getLogger(__name__)


@contextmanager
def writing(path: Path, **how: Any) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened(f"{path}", read_only=False, doing="writing", log=LOG, **how) as connection:
        yield connection


@contextmanager
def reading(path: Path, **how: Any) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened(f"{path}", read_only=True, doing="reading", log=LOG, **how) as connection:
        yield connection


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Tell of each engine that is made from here on."""
    engines._close_kept()
    found: list[dict[str, Any]] = []
    connect = duckdb.connect

    def counted(*args: Any, **how: Any) -> duckdb.DuckDBPyConnection:
        found.append(how)
        return connect(*args, **how)

    monkeypatch.setattr("randomuser_assets.warehouse.engines.duckdb.connect", counted)
    return found


@pytest.fixture
def filled(path: Path) -> Path:
    with writing(path) as connection:
        connection.execute("CREATE TABLE numbers AS SELECT 1 AS n")
    return path


def set_to(connection: duckdb.DuckDBPyConnection, name: str) -> object:
    return connection.execute(f"SELECT current_setting('{name}')").fetchall()[0][0]


def test_one_engine_does_for_all_who_open_a_file_one_after_another(
    filled: Path, made: list[dict[str, Any]]
) -> None:
    for number in (2, 3):
        with writing(filled) as connection:
            connection.execute(f"INSERT INTO numbers VALUES ({number})")
        with reading(filled) as connection:
            assert connection.execute("SELECT max(n) FROM numbers").fetchall() == [(number,)]
    assert len(made) == 1


def test_another_file_has_another_engine(
    filled: Path, tmp_path: Path, made: list[dict[str, Any]]
) -> None:
    other = tmp_path / "other" / "warehouse.duckdb"
    with writing(other) as connection, reading(filled) as beside:
        connection.execute("CREATE TABLE numbers AS SELECT 7 AS n")
        assert beside.execute("FROM numbers").fetchall() == [(1,)]
    with reading(other) as connection:
        assert connection.execute("FROM numbers").fetchall() == [(7,)]
    assert [each["config"]["temp_directory"] for each in made] == [f"{other}.tmp", f"{filled}.tmp"]


def test_a_file_is_let_go_of_between(filled: Path) -> None:
    """As by whoever opens it without us, removes it, or puts another in its place."""
    with duckdb.connect(f"{filled}") as outsider:
        outsider.execute("INSERT INTO numbers VALUES (2)")
    with reading(filled) as connection:
        assert connection.execute("SELECT count(*) FROM numbers").fetchall() == [(2,)]
    filled.unlink()
    with writing(filled) as connection:
        assert connection.execute("FROM duckdb_tables()").fetchall() == []


def test_nothing_is_left_for_the_next(filled: Path) -> None:
    with writing(filled, frugal=True) as connection:
        before = {name: set_to(connection, name) for name in engines._CHANGED}
        connection.execute("SET memory_limit = '77MB'")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET TimeZone = 'Asia/Tehran'")
        connection.execute("CREATE TEMP TABLE people AS SELECT 'Ada' AS name")
        connection.execute("CREATE TEMP VIEW view_of_people AS FROM people")
        connection.register("registered", connection.execute("SELECT 1").df())
        connection.begin()
        connection.execute("INSERT INTO numbers VALUES (2)")  # and nobody commits
    with writing(filled, frugal=True) as connection:
        assert {name: set_to(connection, name) for name in before} == before
        assert set_to(connection, "TimeZone") == "UTC"
        for name in ("people", "view_of_people", "registered"):
            with pytest.raises(duckdb.CatalogException):
                connection.execute(f"FROM {name}")
        assert connection.execute("FROM numbers").fetchall() == [(1,)]
    with writing(filled) as connection:
        assert set_to(connection, "memory_limit") != before["memory_limit"]


@pytest.mark.parametrize("name", ["memory_limit", "max_memory", "MAX_MEMORY"])
def test_what_a_configuration_says_stays_so(filled: Path, name: str) -> None:
    for _ in range(2):
        with writing(filled, frugal=True, config={name: "123MB"}) as connection:
            assert set_to(connection, "memory_limit") == "117.3 MiB"


def test_who_fails_leaves_nothing_to_the_next(filled: Path) -> None:
    def fail() -> None:
        with writing(filled) as connection:
            connection.begin()
            connection.execute("INSERT INTO numbers VALUES (2)")
            connection.execute("SELECT 'x'::INTEGER")

    with pytest.raises(duckdb.ConversionException):
        fail()
    with writing(filled) as connection:
        assert connection.execute("FROM numbers").fetchall() == [(1,)]


def test_an_engine_that_has_put_something_on_the_disk_is_not_kept(
    filled: Path, made: list[dict[str, Any]]
) -> None:
    """The next who writes removes what is there, which may be in another process."""
    spilt = filled.with_name("warehouse.duckdb.tmp")
    with writing(filled) as connection:
        connection.execute("SET memory_limit = '20MB'")
        connection.execute("CREATE TEMP TABLE t AS SELECT random() AS n FROM range(5_000_000)")
        assert spilt.exists()
    assert not spilt.exists()
    with writing(filled):
        pass
    assert len(made) == 2


def test_readers_of_one_file_share_an_engine(filled: Path, made: list[dict[str, Any]]) -> None:
    with reading(filled) as first, reading(filled) as second, reading(filled) as third:
        for connection in (first, second, third):
            assert connection.execute("FROM numbers").fetchall() == [(1,)]
    assert len(made) == 1


def test_many_threads_read_while_others_write(filled: Path) -> None:
    def work(number: int) -> None:
        for _ in range(10):
            if number % 2:
                with reading(filled) as connection:
                    counted = connection.execute("SELECT count(*), max(n) FROM numbers")
                    ((rows, most),) = counted.fetchall()
                    assert rows == most
            else:
                with writing(filled) as connection:
                    connection.execute("INSERT INTO numbers SELECT max(n) + 1 FROM numbers")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    with reading(filled) as connection:
        assert connection.execute("SELECT count(*) FROM numbers").fetchall() == [(31,)]


def test_what_is_no_database_is_told_and_the_next_file_opens(filled: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"no database" * 1000)
    with pytest.raises(WarehouseError, match="cannot be opened"), reading(broken):
        pass
    with reading(filled) as connection:
        assert connection.execute("FROM numbers").fetchall() == [(1,)]


def test_the_engine_ends_with_the_process_and_says_nothing(filled: Path) -> None:
    script = (
        "import gc, logging, pandas, randomuser_assets.definitions\n"
        "from randomuser_assets.warehouse.connect import opened\n"
        f"with opened({f'{filled}'!r}, read_only=True, doing='', log=logging.getLogger()) as c:\n"
        "    print(c.execute('FROM numbers').fetchall())\n"
    )
    ended = run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (ended.stdout, ended.stderr) == ("[(1,)]\n", "")
