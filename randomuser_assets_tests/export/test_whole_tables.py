"""Parquet files of tables without days: one each, and of several all or none."""

import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from randomuser_assets.export import parquet
from randomuser_assets.export.parquet import whole_path, write_whole_tables
from randomuser_assets.query.names import text
from randomuser_assets.whole import put_in_place
from randomuser_assets_tests.export.things import THINGS, Store

WHOLE = replace(THINGS, partitioned=False)
OTHER = replace(WHOLE, name="others")


@pytest.fixture
def both(store: Store) -> Store:
    store.connection.execute("CREATE OR REPLACE TABLE core.others AS FROM core.things")
    return store


def write(store: Store, *tables: Any, **how: str) -> list[Path]:
    written = write_whole_tables(store.connection, tables or (WHOLE,), store.folder, **how)
    return [each.path for each in written]


def read(path: Path, query: str = "FROM read_parquet({})") -> list[Any]:
    with duckdb.connect() as connection:
        return connection.execute(query.format(text(str(path)))).fetchall()


def test_all_rows_are_in_one_file_in_the_order_of_the_whole_key(store: Store) -> None:
    store.put({"code": "b"}, {"code": "a"}, day="2026-03-11")
    store.put({"code": "z"}, day="2026-03-10")
    (path,) = write(store)
    assert path == store.folder / "things" / "things.parquet" == whole_path(store.folder, WHOLE)
    assert [row[1] for row in read(path)] == ["z", "a", "b"]
    described = read(path, "DESCRIBE FROM read_parquet({})")
    assert [row[:2] for row in described] == [(c.name, c.type.sql) for c in WHOLE.columns]


def test_it_is_compressed_the_owners_only_and_says_which_columns_it_has(store: Store) -> None:
    store.put({"note": "a"})
    (path,) = write(store, which="public")
    assert read(path, "SELECT DISTINCT compression FROM parquet_metadata({})") == [("ZSTD",)]
    told = read(path, "SELECT decode(key), decode(value) FROM parquet_kv_metadata({})")
    assert told == [("columns", "public")]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not (store.folder / ".parts").exists()


def test_the_same_rows_give_the_same_bytes(store: Store) -> None:
    store.put({"note": "a"}, {"note": "b"})
    (path,) = write(store)
    before = path.read_bytes()
    write(store)
    assert path.read_bytes() == before


def test_if_one_cannot_be_written_none_is_replaced(both: Store) -> None:
    paths = write(both, WHOLE, OTHER)
    before = [path.read_bytes() for path in paths]
    both.put({"note": "new"})
    both.connection.execute("DROP TABLE core.others")
    with pytest.raises(duckdb.Error):
        write(both, WHOLE, OTHER)
    assert [path.read_bytes() for path in paths] == before
    assert not (both.folder / ".parts").exists()


def test_the_first_one_gets_its_name_last(both: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ended in between, it is the one by which is found that the rest is not done."""
    named: list[str] = []

    def put(aside: Path, path: Path) -> None:
        named.append(path.name)
        put_in_place(aside, path)

    monkeypatch.setattr("randomuser_assets.whole.put_in_place", put)
    write(both, WHOLE, OTHER)
    assert named == ["others.parquet", "things.parquet"]
    assert parquet.parquet_columns(whole_path(both.folder, OTHER)) == list(OTHER.column_names)
