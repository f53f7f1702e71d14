"""The catalog and `read`: all days of the Parquet files, for whoever wants to look.

Here belong the views. When a run writes them is in the tests of the graph.
"""

import gc
import shutil
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pytest

from randomuser_assets import read
from randomuser_assets.export.catalog import (
    CatalogError,
    all_days,
    exported_tables,
    keep_catalog,
    make_catalog,
    write_catalog,
)
from randomuser_assets.export.parquet import parquet_path, write_parquet
from randomuser_assets.model import MODEL, Model, Table
from randomuser_assets.settings import Settings

DAYS = ("2026-03-10", "2026-03-11", "2026-03-12")
TIMEZONES = MODEL["timezones"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(source="sample", data_dir=tmp_path / "it's [a] *folder*")


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for table in exported_tables(MODEL):
            columns = ", ".join(f"{c.name} {c.type.sql}" for c in table.columns)
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
            connection.execute(f"CREATE TABLE {table.schema}.{table.name} ({columns})")
        for number, day in enumerate(DAYS):
            connection.execute(
                f"INSERT INTO core.timezones VALUES ('{day}', '+{number}:00', 'Here')"
            )
        yield connection


def export(
    warehouse: duckdb.DuckDBPyConnection, settings: Settings, table: Table = TIMEZONES
) -> None:
    for day in DAYS:
        write_parquet(warehouse, table, day, "seed", settings.parquet_path)


def catalog(settings: Settings, query: str) -> list[Any]:
    with duckdb.connect(str(settings.catalog_path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def built(settings: Settings) -> Settings:
    write_catalog(settings.catalog_path, MODEL, settings.parquet_path)
    return settings


def mark(settings: Settings) -> Path:
    return settings.catalog_path.with_name("catalog.duckdb.made")


def is_written(settings: Settings, model: Model = MODEL) -> bool:
    """Do what a run does, and say whether it wrote the catalog."""
    before = mark(settings).stat().st_ino if mark(settings).exists() else None
    keep_catalog(settings.catalog_path, model, settings.parquet_path)
    return mark(settings).stat().st_ino != before


def test_before_the_first_export_every_view_is_there_typed_and_empty(settings: Settings) -> None:
    built(settings)
    for table in exported_tables(MODEL):
        name = f"{table.schema}.{table.name}"
        assert catalog(settings, f"FROM {name}") == []
        described = [row[:2] for row in catalog(settings, f"DESCRIBE {name}")]
        assert described == [(column.name, column.type.sql) for column in table.columns]


def test_after_an_export_all_days_are_there(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    built(settings)
    export(warehouse, settings)
    built(settings)
    rows = catalog(settings, "SELECT snapshot_date::VARCHAR, timezone_offset FROM core.timezones")
    assert sorted(rows) == [(day, f"+{number}:00") for number, day in enumerate(DAYS)]
    described = [row[:2] for row in catalog(settings, "DESCRIBE core.timezones")]
    assert described == [(column.name, column.type.sql) for column in TIMEZONES.columns]


def test_the_views_say_what_tables_and_columns_mean(settings: Settings) -> None:
    built(settings)
    of_core = "schema_name = 'core'"
    told = catalog(
        settings,
        f"SELECT comment FROM duckdb_views() WHERE view_name = 'timezones' AND {of_core}",
    )
    assert told == [(TIMEZONES.description,)]
    columns = catalog(
        settings,
        f"SELECT comment FROM duckdb_columns() WHERE table_name = 'timezones' AND {of_core}",
    )
    assert columns == [(column.description,) for column in TIMEZONES.columns]


def test_files_of_an_older_declaration_read_as_null_and_without_what_is_gone(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    export(warehouse, settings)
    old = parquet_path(settings.parquet_path, TIMEZONES, DAYS[0])
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT DATE '2026-03-10' AS snapshot_date, '+0:00' AS timezone_offset, "
            f"'x' AS gone) TO '{str(old).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)"
        )
    built(settings)
    rows = catalog(settings, "FROM core.timezones ORDER BY snapshot_date")
    assert [row[1:] for row in rows] == [("+0:00", None), ("+1:00", "Here"), ("+2:00", "Here")]


def test_a_filter_on_the_day_opens_no_other_file(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    export(warehouse, settings)
    built(settings)
    plan = catalog(
        settings, f"EXPLAIN ANALYZE FROM core.timezones WHERE snapshot_date = '{DAYS[1]}'"
    )
    assert "Scanning Files: 1/3" in plan[0][1]


def test_it_is_the_owners_only_and_leaves_nothing_beside_it(settings: Settings) -> None:
    built(settings)
    assert stat.S_IMODE(settings.catalog_path.stat().st_mode) == 0o600
    settings.catalog_path.with_name("catalog.duckdb.wal").write_bytes(b"of somebody else")
    built(settings)
    names = {path.name for path in settings.data_path.iterdir()}
    assert names == {"catalog.duckdb", "catalog.duckdb.made", "parquet"}
    assert stat.S_IMODE(mark(settings).stat().st_mode) == 0o600
    assert list(settings.parquet_path.iterdir()) == []
    assert catalog(settings, "FROM core.users") == []


def test_tools_with_an_older_engine_can_open_it(settings: Settings) -> None:
    """DBeaver and Metabase bring their own; a file in the newest format would be refused."""
    built(settings)
    query = "SELECT tags['storage_version'] FROM duckdb_databases() WHERE NOT internal"
    assert catalog(settings, query) == [("v1.0.0+",)]


def test_a_folder_above_that_looks_like_a_partition_replaces_no_column(
    tmp_path: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    odd = Settings(source="sample", data_dir=tmp_path / "description=elsewhere" / "env=test")
    export(warehouse, odd)
    built(odd)
    assert catalog(odd, "SELECT DISTINCT description FROM core.timezones") == [("Here",)]
    query = f"SELECT timezone_offset FROM core.timezones WHERE snapshot_date = '{DAYS[1]}'"
    assert catalog(odd, query) == [("+1:00",)]


def test_who_kept_the_old_one_open_to_write_hinders_nobody(settings: Settings) -> None:
    built(settings)
    with duckdb.connect(str(settings.catalog_path)) as kept:
        kept.execute("CREATE VIEW mine AS SELECT 1")
        assert settings.catalog_path.with_name("catalog.duckdb.wal").exists()
        built(settings)
        code = "import sys, duckdb; duckdb.connect(sys.argv[1], read_only=True)"
        command = [sys.executable, "-c", code, str(settings.catalog_path)]
        assert subprocess.run(command, check=False, timeout=60).returncode == 0


def test_a_folder_that_the_engine_cannot_write_in_blames_no_parquet_file(
    settings: Settings, tmp_path: Path
) -> None:
    """DuckDB takes a question mark for the end of a name, a backslash for the end of a folder.

    The setting refuses both; the folder of the project may have them all the same.
    """
    for name in ("what?", "back\\slash"):
        odd = settings.model_copy(update={"data_dir": tmp_path / name})
        with pytest.raises(CatalogError, match=r"was not written.*neither \? nor \\ in its path"):
            built(odd)
        assert not odd.catalog_path.exists()


def test_it_is_made_only_where_there_is_none(settings: Settings) -> None:
    make_catalog(settings.catalog_path, MODEL, settings.parquet_path)
    first = settings.catalog_path.stat().st_ino
    make_catalog(settings.catalog_path, MODEL, settings.parquet_path)
    assert settings.catalog_path.stat().st_ino == first


# When a run writes it again


def test_it_stays_without_a_look_at_any_file_while_its_views_are_the_same(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(warehouse, settings)
    built(settings)
    before = settings.catalog_path.stat()
    export(warehouse, settings)  # the same days again
    write_parquet(warehouse, TIMEZONES, "2026-03-13", "seed", settings.parquet_path)  # another one
    for day in DAYS[:2]:
        parquet_path(settings.parquet_path, TIMEZONES, day).write_bytes(b"no Parquet")
    with monkeypatch.context() as patched:
        patched.delattr(duckdb, "connect")
        assert not is_written(settings)
    assert settings.catalog_path.stat() == before
    query = f"SELECT timezone_offset FROM core.timezones WHERE snapshot_date = '{DAYS[2]}'"
    with pytest.raises(CatalogError, match=r"timezones can be read"):
        built(settings)
    export(warehouse, settings)
    assert catalog(settings, query) == [("+2:00",)]


def test_it_is_written_by_who_comes_first_and_stays_then(settings: Settings) -> None:
    assert is_written(settings)
    assert not is_written(settings)
    assert catalog(settings, "FROM core.users") == []
    assert not is_written(settings)  # whoever read it
    with duckdb.connect(str(settings.catalog_path), read_only=True):
        assert not is_written(settings)  # whoever reads it


def copied(settings: Settings) -> None:
    """Put a copy in its place that has even its times."""
    path = settings.catalog_path
    shutil.copy2(path, path.with_name("copy"))
    path.with_name("copy").replace(path)


def written_into(settings: Settings) -> None:
    with duckdb.connect(str(settings.catalog_path)) as connection:
        connection.execute("CREATE VIEW core.mine AS SELECT 1")


SPOILT: list[Callable[[Settings], object]] = [
    lambda settings: settings.catalog_path.unlink(),
    lambda settings: settings.catalog_path.touch(),
    lambda settings: settings.catalog_path.write_bytes(b"no database"),
    lambda settings: settings.catalog_path.chmod(0o644),
    lambda settings: settings.catalog_path.with_name("catalog.duckdb.wal").write_bytes(b"theirs"),
    lambda settings: mark(settings).unlink(),
    lambda settings: mark(settings).write_bytes(b"\xff"),
    copied,
    written_into,
]


@pytest.mark.parametrize("spoil", SPOILT)
def test_it_is_written_again_if_it_is_no_longer_the_one_that_was_written(
    settings: Settings, spoil: Callable[[Settings], object]
) -> None:
    built(settings)
    spoil(settings)
    assert is_written(settings)
    assert stat.S_IMODE(settings.catalog_path.stat().st_mode) == 0o600
    assert not settings.catalog_path.with_name("catalog.duckdb.wal").exists()
    assert catalog(settings, "FROM core.users") == []
    assert catalog(settings, "FROM duckdb_views() WHERE view_name = 'mine'") == []
    assert not is_written(settings)


TIMEZONES_ARE: list[Table] = [
    replace(TIMEZONES, description="Told in other words."),
    replace(TIMEZONES, columns=TIMEZONES.columns[:2]),
    replace(TIMEZONES, name="zones"),
]


@pytest.mark.parametrize("table", TIMEZONES_ARE)
def test_it_is_written_again_if_tables_are_declared_otherwise(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection, table: Table
) -> None:
    export(warehouse, settings)
    built(settings)
    core = tuple(table if each == TIMEZONES else each for each in MODEL.core)
    references = tuple(
        replace(each, columns=tuple(replace(c, references=None) for c in each.columns))
        for each in core
    )
    other = replace(MODEL, core=references)
    assert is_written(settings, other)
    described = [row[0] for row in catalog(settings, f"DESCRIBE core.{table.name}")]
    assert described == list(table.column_names)
    assert not is_written(settings, other)
    assert is_written(settings)


def test_it_is_written_again_with_a_tables_first_file_and_once_the_last_is_gone(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    built(settings)
    folder = settings.parquet_path / TIMEZONES.name
    for name in ("snapshot_date=2026-03-10", "of_somebody_else"):
        (folder / name).mkdir(parents=True)
    (folder / "of_somebody_else" / "timezones.parquet").touch()
    assert not is_written(settings)
    export(warehouse, settings)
    assert is_written(settings)
    assert len(catalog(settings, "FROM core.timezones")) == len(DAYS)
    assert not is_written(settings)
    shutil.rmtree(folder)
    assert is_written(settings)
    assert catalog(settings, "FROM core.timezones") == []


def test_it_is_written_again_where_the_folder_was_moved(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    export(warehouse, settings)
    built(settings)
    moved = settings.model_copy(update={"data_dir": settings.data_path.with_name("moved")})
    settings.data_path.rename(moved.data_path)
    assert is_written(moved)
    assert len(catalog(moved, "FROM core.timezones")) == len(DAYS)


def test_a_table_has_files_once_one_is_found_and_the_others_are_not_asked_for(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(warehouse, settings)
    asked: list[Path] = []

    def exists(path: Path) -> bool:
        asked.append(path)
        return path.is_file()

    with monkeypatch.context() as patched:
        patched.setattr(Path, "exists", exists)
        all_days(TIMEZONES, settings.parquet_path)
    assert len(asked) == 1


def test_a_catalog_that_could_not_be_written_is_tried_again_until_it_can(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    built(settings)
    export(warehouse, settings)
    broken = parquet_path(settings.parquet_path, TIMEZONES, DAYS[1])
    broken.write_bytes(b"no Parquet")
    for _ in range(2):
        with pytest.raises(CatalogError, match=r"the one that was there stays.*timezones"):
            is_written(settings)
        assert catalog(settings, "FROM core.timezones") == []
    broken.unlink()
    assert is_written(settings)
    assert len(catalog(settings, "FROM core.timezones")) == len(DAYS) - 1


HOLD = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="only Linux tells of locks")
def test_who_has_it_open_to_write_keeps_others_out_until_the_next_run_only(
    settings: Settings,
) -> None:
    built(settings)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(settings.catalog_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(duckdb.IOException, match="lock"):
            catalog(settings, "FROM core.users")
        assert is_written(settings)
        assert catalog(settings, "FROM core.users") == []
        assert not is_written(settings)
        holder.communicate("enough\n", timeout=60)
    assert not is_written(settings)


OPEN_ON_AND_ON = """
    import sys, duckdb
    opened = 0
    print("begun", flush=True)
    while not select_stdin():
        with duckdb.connect(sys.argv[1], read_only=True) as connection:
            connection.execute("SELECT count(*) FROM core.timezones").fetchall()
        opened += 1
    print(opened)
"""
SELECT = """
    import select, sys
    def select_stdin():
        return select.select([sys.stdin], [], [], 0)[0]
"""


@pytest.mark.long
def test_it_opens_at_every_moment_while_files_and_views_are_replaced(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    export(warehouse, settings)
    built(settings)
    code = textwrap.dedent(SELECT) + textwrap.dedent(OPEN_ON_AND_ON)
    with subprocess.Popen(
        [sys.executable, "-c", code, str(settings.catalog_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout
        assert reader.stdout.readline() == "begun\n"
        for _ in range(15):
            export(warehouse, settings)
            built(settings)
        told, fault = reader.communicate("enough", timeout=60)
    assert reader.returncode == 0, fault
    assert int(told) > 5


def test_who_keeps_it_open_keeps_nobody_waiting(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    export(warehouse, settings)
    built(settings)
    with duckdb.connect(str(settings.catalog_path)) as kept:  # even to write
        kept.execute("FROM core.timezones")
        export(warehouse, settings)
        built(settings)
        assert len(kept.execute("FROM core.timezones").fetchall()) == 3
    assert len(catalog(settings, "FROM core.timezones")) == 3


def test_read_gives_all_days_in_the_form_that_is_wanted(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    export(warehouse, settings)
    relation = read("timezones", settings)
    gc.collect()  # its connection lives as long as it does
    assert relation.columns == list(TIMEZONES.column_names)
    assert sorted(relation.df().timezone_offset) == ["+0:00", "+1:00", "+2:00"]
    frame = read("timezones", settings).pl()
    assert isinstance(frame, pl.DataFrame)
    assert frame.height == 3
    table = read("timezones", settings).arrow()
    rows = table.read_all() if isinstance(table, pa.RecordBatchReader) else table
    assert rows.num_rows == 3
    only = read("timezones", settings).filter(f"snapshot_date = '{DAYS[2]}'")
    assert [row[1] for row in only.fetchall()] == ["+2:00"]


def test_read_before_the_first_export_is_empty_and_typed(settings: Settings) -> None:
    relation = read("flattened_users", settings)
    assert relation.fetchall() == []
    assert [str(type_) for type_ in relation.types] == [c.type.sql for c in MODEL.flattened.columns]


def test_read_says_which_tables_there_are(settings: Settings) -> None:
    with pytest.raises(ValueError, match=r"No table 'people' has .*flattened_users, users, logins"):
        read("people", settings)


def test_a_table_with_a_newer_column_reads_old_files(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    export(warehouse, settings)
    newer = replace(TIMEZONES["description"], name="note", required=False)
    table = replace(TIMEZONES, columns=(*TIMEZONES.columns, newer))
    rows = duckdb.execute(all_days(table, settings.parquet_path)).fetchall()
    assert {row[-1] for row in rows} == {None}
