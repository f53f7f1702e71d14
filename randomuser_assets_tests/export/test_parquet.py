"""Parquet files: typed as declared, one a day, whole, with the seed of the day."""

import os
import stat
import subprocess
import sys
import textwrap
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pytest

from randomuser_assets.export.parquet import parquet_path, write_parquet
from randomuser_assets.query.names import text
from randomuser_assets_tests.export.things import DAY, THINGS, Store, opened_store

SEED = 'it\'s a "seed" with 雪'


def write(store: Store, day: str = DAY) -> Path:
    return write_parquet(store.connection, THINGS, day, SEED, store.folder).path


def read(path: Path, query: str = "FROM read_parquet({}, hive_partitioning = false)") -> list[Any]:
    with duckdb.connect() as connection:
        return connection.execute(query.format(text(str(path)))).fetchall()


def test_the_columns_are_typed_as_declared(store: Store) -> None:
    described = read(write(store), "DESCRIBE FROM read_parquet({}, hive_partitioning = false)")
    assert [row[:2] for row in described] == [(c.name, c.type.sql) for c in THINGS.columns]


def test_values_survive(store: Store) -> None:
    moment = datetime(1969, 12, 31, 23, 59, 59, 999999)  # noqa: DTZ001  as DuckDB gives a TIMESTAMP
    values = {
        "note": "=1+1, \"'\r\n\u200c",
        "kind": "",
        "number": -(2**31),
        "degrees": Decimal("-90.0001"),
        "moment": moment,
        "id": UUID("6b1f2a9e-3c4d-4e5f-8a9b-0c1d2e3f4a5b"),
    }
    store.put(values, {})
    first, second = read(write(store))
    assert dict(zip(THINGS.column_names[2:], first[2:], strict=True)) == values
    assert second[2:] == (None,) * len(values)


def test_rows_are_in_the_order_of_their_keys(store: Store) -> None:
    store.put({"code": "b"}, {"code": "a"}, {"code": "c"})
    assert [row[1] for row in read(write(store))] == ["a", "b", "c"]


def test_the_file_is_compressed_with_zstd(store: Store) -> None:
    store.put({"note": "a"})
    query = "SELECT DISTINCT compression FROM parquet_metadata({})"
    assert read(write(store), query) == [("ZSTD",)]


def test_the_seed_is_in_the_metadata(store: Store) -> None:
    query = "SELECT decode(key), decode(value) FROM parquet_kv_metadata({})"
    assert ("seed", SEED) in read(write(store), query)


def test_a_day_without_rows_is_an_empty_file(store: Store) -> None:
    store.put({"note": "of another day"}, day="2026-03-11")
    path = write(store)
    assert path.exists()
    assert read(path) == []


def test_a_day_is_one_file_that_is_the_owners_only(store: Store) -> None:
    store.put({"note": "old"})
    write(store)
    store.put({"code": "z", "note": "new"})
    path = write(store)
    assert path == store.folder / "things" / f"snapshot_date={DAY}" / "things.parquet"
    assert [p for p in (store.folder / "things").rglob("*") if p.is_file()] == [path]
    assert len(read(path)) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not (store.folder / ".parts").exists()


def test_who_reads_the_old_file_reads_it_to_its_end(store: Store) -> None:
    store.put({"note": "old"})
    path = write(store)
    before = path.read_bytes()
    with path.open("rb") as reader:
        store.put({"code": "z", "note": "new"})
        write(store)
        assert reader.read() == before


def test_a_write_that_fails_leaves_the_old_file(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put({"note": "old"})
    path = write(store)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    store.put({"code": "z", "note": "new"})
    with pytest.raises(OSError, match="No space"):
        write(store)
    assert [row[2] for row in read(path)] == ["old"]
    assert not (store.folder / ".parts").exists()


CUT_SHORT = """
    import resource, sys
    from pathlib import Path
    import duckdb
    from randomuser_assets.export.parquet import write_parquet
    from randomuser_assets_tests.export.things import DAY, THINGS

    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            write_parquet(connection, THINGS, DAY, "seed", Path(sys.argv[2]))
        except (OSError, duckdb.IOException) as error:
            print(f"cut short: {error}")
"""


def test_a_write_that_is_cut_midway_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk."""
    database, folder = tmp_path / "warehouse.duckdb", tmp_path / "parquet"
    with opened_store(database, folder) as store:
        store.put({"note": "old"})
        path = write(store)
        before = path.read_bytes()
        more = f"SELECT '{DAY}', i, gen_random_uuid() FROM range(50000) t(i)"
        store.connection.execute(f"INSERT INTO core.things (snapshot_date, code, id) {more}")
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CUT_SHORT), str(database), str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.stdout.startswith("cut short"), ended.stderr
    assert [p for p in folder.rglob("*") if p.is_file()] == [path]
    assert not (folder / ".parts").exists()
    assert path.read_bytes() == before


def test_a_folder_may_have_any_name(store: Store) -> None:
    store.put({"note": "a"})
    odd = store.folder / "it's a *[folder] {with} %s ?"
    written = write_parquet(store.connection, THINGS, DAY, SEED, odd)
    assert written.path == parquet_path(odd, THINGS, DAY)
    assert (written.rows, written.path.exists()) == (1, True)
