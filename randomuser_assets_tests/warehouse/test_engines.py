"""The engine that is kept for the next who opens the same file, and what of it is not kept."""

import logging
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import run
from typing import Any

import duckdb
import pytest

from randomuser_assets.warehouse import connect, engines
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
    engines._keep(None)
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


def test_memory_within_the_limit_is_used_again_or_what_a_configuration_says(filled: Path) -> None:
    for frugal in (True, False, True):
        with writing(filled, frugal=frugal) as connection:
            limit = set_to(connection, "memory_limit")
            assert (set_to(connection, "block_allocator_memory") == limit) is frugal
    for said, shown in (("512MiB", "512.0 MiB"), ("64MiB", "64.0 MiB"), ("64MiB", "64.0 MiB")):
        with writing(filled, frugal=True, config={"block_allocator_memory": said}) as connection:
            assert set_to(connection, "block_allocator_memory") == shown
            assert set_to(connection, "memory_limit") == limit


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


INTERRUPT_WHERE = ("attach", "reset", "name", "may_be_kept")


@pytest.mark.parametrize("where", INTERRUPT_WHERE)
@pytest.mark.parametrize("kept", [False, True])
def test_who_is_interrupted_leaves_the_file_to_others(
    filled: Path, monkeypatch: pytest.MonkeyPatch, where: str, *, kept: bool
) -> None:
    """At any place of opening or closing, with an engine that is there or with a new one."""
    if not kept:
        engines._keep(None)
    stock = getattr(engines._Engine, where)

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    def first_done(engine: object, **how: Any) -> None:
        stock(engine, **how)
        raise KeyboardInterrupt

    broken: Any = {"attach": first_done, "reset": first_done}.get(where, property(interrupted))
    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        patch.setattr(engines._Engine, where, broken)
        with reading(filled):
            pass
    assert engines._attached == {}
    with writing(filled) as connection:
        assert connection.execute("FROM numbers").fetchall() == [(1,)]
    assert engines._attached == {}


def test_interrupts_at_any_time_leave_the_file_to_others(filled: Path) -> None:
    script = (
        "import logging, random, signal, sys\n"
        "from randomuser_assets.warehouse.connect import opened\n"
        "def use(read_only):\n"
        "    log = logging.getLogger()\n"
        "    with opened(sys.argv[1], read_only=read_only, doing='', log=log) as connection:\n"
        "        assert connection.execute('FROM numbers').fetchall() == [(1,)]\n"
        "random.seed(1)\n"
        "signal.signal(signal.SIGALRM, signal.default_int_handler)\n"
        "interrupted = 0\n"
        "for number in range(300):\n"
        "    signal.setitimer(signal.ITIMER_REAL, random.uniform(0.0005, 0.012))\n"
        "    try:\n"
        "        use(number % 2)\n"
        "        signal.setitimer(signal.ITIMER_REAL, 0)\n"
        "    except (KeyboardInterrupt, RuntimeError):\n"
        "        interrupted += 1\n"
        "    use(number % 2)\n"
        "print(interrupted)\n"
    )
    ended = run(
        [sys.executable, "-c", script, f"{filled}"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert int(ended.stdout) > 0


def kept_out(path: Path) -> bool:
    """Say whether another process cannot write."""
    script = f"import duckdb; duckdb.connect({f'{path}'!r})"
    ended = run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    return "Could not set lock" in ended.stderr


def test_a_reader_keeps_others_out_whoever_of_its_process_reads_meanwhile(
    filled: Path, tmp_path: Path
) -> None:
    other, link = tmp_path / "other.duckdb", tmp_path / "link.duckdb"
    with writing(other) as connection:
        connection.execute("CREATE TABLE t (n INTEGER)")
    link.symlink_to(filled)
    with reading(other), reading(filled):
        for name in (filled, link, filled.parent / "x" / ".." / filled.name):
            (filled.parent / "x").mkdir(exist_ok=True)
            with reading(name) as connection:
                assert connection.execute("FROM numbers").fetchall() == [(1,)]
            assert kept_out(filled)
    assert not kept_out(filled)


def test_who_wants_the_file_in_another_way_waits(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "_OWN_PROCESS_LIMIT", 0.1)
    with reading(filled):
        with (
            pytest.raises(WarehouseError, match="very process"),
            reading(filled, config={"threads": 1}),
        ):
            pass
        assert kept_out(filled)


def test_the_file_is_the_one_of_the_folder_in_which_we_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, folder in enumerate(("a", "b")):
        with writing(tmp_path / folder / "w.duckdb") as connection:
            connection.execute(f"CREATE TABLE numbers AS SELECT {number} AS n")
    monkeypatch.chdir(tmp_path / "a")
    with reading(Path("w.duckdb")) as first:
        monkeypatch.chdir(tmp_path / "b")
        with reading(Path("w.duckdb")) as second:
            found = [each.execute("FROM numbers").fetchall() for each in (first, second)]
    assert found == [[(0,)], [(1,)]]


@pytest.mark.parametrize(
    "config", [{"enable_external_access": False}, {"ACCESS_MODE": "READ_ONLY"}]
)
def test_what_only_an_engine_with_a_file_can_have_it_has(
    filled: Path, config: dict[str, Any]
) -> None:
    for _ in range(2):
        with reading(filled, config=config) as connection:
            assert connection.execute("FROM numbers").fetchall() == [(1,)]
    with writing(filled):
        pass


def test_an_order_that_the_configuration_says_stays_said(filled: Path) -> None:
    config = {"preserve_insertion_order": True}
    with writing(filled, config=config) as connection:
        connection.execute("SET preserve_insertion_order = false")
    with writing(filled, config=config) as connection:
        assert set_to(connection, "preserve_insertion_order") is True


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
