"""The Parquet files of a run, and the catalog that a run keeps: when they are written, and of what.

Here belongs what the graph does. The files and the views themselves are in the tests of export.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import pytest
from dagster import AssetKey, ExecuteInProcessResult
from dagster._core.definitions.metadata.metadata_set import TableMetadataSet

from randomuser_assets.export.catalog import exported_tables
from randomuser_assets.export.parquet import parquet_path
from randomuser_assets.graph import exports
from randomuser_assets.model import MODEL, Privacy, Table
from randomuser_assets.warehouse.connect import opened
from randomuser_assets_tests.graph.contract_api import contract_api
from randomuser_assets_tests.graph.site import Site, copy_of, opened_site
from randomuser_assets_tests.graph.spoiling import FIRST, LAST, on, place

pytestmark = pytest.mark.long

TABLES = exported_tables(MODEL)


def days(site: Site) -> list[str]:
    """Give the days that are stored."""
    found = site.rows("SELECT DISTINCT snapshot_date::VARCHAR FROM raw.raw_users ORDER BY ALL")
    return [day for (day,) in found]


def write_all(site: Site) -> ExecuteInProcessResult:
    """Write the Parquet files of all days in one run."""
    return site.materialize_range("group:parquet", FIRST, LAST)


def in_catalog(site: Site, query: str) -> list[Any]:
    with duckdb.connect(str(site.settings.catalog_path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def told_of(result: ExecuteInProcessResult) -> str:
    (failure,) = result.filter_events(lambda event: event.is_step_failure)
    told = failure.step_failure_data.user_failure_data
    assert told
    return str(told.description)


@pytest.fixture(scope="module")
def rewritten(
    stored: Site, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Site, ExecuteInProcessResult]:
    """The files of all days, written again when the first day's seed is known to be another."""
    site = copy_of(stored, tmp_path_factory.mktemp("rewritten") / "data")
    site.change(f"UPDATE raw.raw_users SET seed = 'of that time' WHERE {on(FIRST)}")
    return site, write_all(site)


# What a run of many days leaves


def test_a_range_leaves_one_file_a_table_and_day(stored: Site) -> None:
    folder = stored.settings.parquet_path
    files = {path for path in folder.rglob("*") if path.is_file()}
    assert files == {parquet_path(folder, table, day) for table in TABLES for day in days(stored)}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_catalog_shows_what_the_warehouse_holds(stored: Site, table: Table) -> None:
    query = f"SELECT * FROM {place(table)} ORDER BY {', '.join(table.key)}"
    assert in_catalog(stored, query) == stored.rows(query)
    assert in_catalog(stored, query)


def test_each_file_has_the_seed_that_its_day_was_asked_with(
    rewritten: tuple[Site, ExecuteInProcessResult],
) -> None:
    """Not the one of the settings of today."""
    site, result = rewritten
    assert result.success
    for day in days(site):
        path = parquet_path(site.settings.parquet_path, MODEL["users"], day)
        with duckdb.connect() as connection:
            found = connection.execute(
                "SELECT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = 'seed'",
                [str(path)],
            ).fetchall()
        assert found == [("of that time" if day == FIRST else "same",)]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_day_is_told_with_its_rows_and_without_private_values(
    rewritten: tuple[Site, ExecuteInProcessResult], table: Table
) -> None:
    site, result = rewritten
    told = {
        event.partition: event.step_materialization_data.materialization.metadata
        for event in result.get_asset_materialization_events()
        if event.asset_key == AssetKey(["parquet", table.name])
    }
    assert sorted(day for day in told if day) == days(site)
    for day, metadata in told.items():
        assert day
        ((stored,),) = site.rows(f"SELECT count(*) FROM {place(table)} WHERE {on(day)}")
        assert TableMetadataSet.extract(metadata).partition_row_count == stored
        path = parquet_path(site.settings.parquet_path, table, day)
        assert metadata["file"].value == str(path)
        assert metadata["bytes"].value == path.stat().st_size
        header = re.sub(r"\\(.)", r"\1", str(metadata["preview"].value)).splitlines()[0]
        shown = [name.strip() for name in header.strip("|").split("|")]
        assert shown == [c.name for c in table.columns if c.privacy is Privacy.PLAIN]


# What is not written


def test_flattened_users_that_lost_a_day_makes_no_file_of_it(site: Site) -> None:
    """Some of the day are rejected, so that it does not look as if it were never made."""
    site.change(f"DELETE FROM staging.flattened_users WHERE {on(FIRST)}")
    path = parquet_path(site.settings.parquet_path, MODEL.flattened, FIRST)
    before = path.read_bytes()
    result = site.materialize("parquet/flattened_users", FIRST)
    assert told_of(result).startswith(f"flattened_users was not made for {FIRST}")
    assert path.read_bytes() == before


def test_a_day_of_which_all_are_rejected_is_an_empty_file(site: Site) -> None:
    columns = ", ".join(MODEL.flattened.key)
    site.change(
        f"INSERT INTO staging.rejected_users SELECT snapshot_date, seed, page, position, ['no'], "
        f"payload FROM raw.raw_users WHERE {on(FIRST)} AND ({columns}) NOT IN "
        f"(SELECT ({columns}) FROM staging.rejected_users)",
        f"DELETE FROM staging.flattened_users WHERE {on(FIRST)}",
    )
    assert site.materialize("parquet/flattened_users", FIRST).success
    assert in_catalog(site, f"FROM staging.flattened_users WHERE {on(FIRST)}") == []
    assert in_catalog(site, f"FROM staging.flattened_users WHERE {on(LAST)}")


# Turns


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """Give back the warehouse after each day, and do what is added here before each turn."""
    before: list[Callable[[], None]] = []

    @contextmanager
    def opened_later(*where: Any, **how: Any) -> Iterator[duckdb.DuckDBPyConnection]:
        if before:
            before.pop(0)()
        with opened(*where, **how) as connection:
            yield connection

    monkeypatch.setattr(exports, "_LONGEST_TURN", -1.0)
    monkeypatch.setattr(exports, "opened", opened_later)
    return before


def nothing() -> None:
    """Let a turn pass."""


def test_who_waits_to_write_has_a_turn_between_two_days(
    site: Site, turns: list[Callable[[], None]]
) -> None:
    turns += [
        nothing,
        lambda: site.change(f"UPDATE core.countries SET country_name = 'x' WHERE {on(LAST)}"),
    ]
    assert write_all(site).success
    assert turns == []
    query = "SELECT DISTINCT country_name = 'x' FROM core.countries WHERE "
    assert in_catalog(site, query + on(FIRST)) == [(False,)]
    assert in_catalog(site, query + on(LAST)) == [(True,)]


def test_a_day_that_was_removed_meanwhile_makes_no_files(
    site: Site, turns: list[Callable[[], None]]
) -> None:
    last = days(site)[-1]
    path = parquet_path(site.settings.parquet_path, MODEL["users"], last)
    before = path.read_bytes()
    gone = [f"DELETE FROM {place(table)} WHERE {on(last)}" for table in MODEL]
    turns += [nothing, lambda: site.change(*gone)]
    assert told_of(write_all(site)).startswith(f"raw_users was not made for {last}")
    assert path.read_bytes() == before


def test_the_catalog_shows_the_first_days_while_others_are_still_to_come(
    site: Site, turns: list[Callable[[], None]]
) -> None:
    """And so it does when those never come."""
    folder = site.settings.parquet_path
    for path in folder.glob("*/*/*"):
        path.unlink()
    site.settings.catalog_path.unlink()
    shown: list[Any] = []
    query = "SELECT DISTINCT snapshot_date::VARCHAR FROM core.users"
    turns += [
        lambda: shown.append(in_catalog(site, query)),
        lambda: shown.append(in_catalog(site, query)),
    ]
    assert write_all(site).success
    assert shown == [[], [(FIRST,)]]


def test_a_backfill_tells_how_far_it_is(site: Site, turns: list[Callable[[], None]]) -> None:
    result = write_all(site)
    assert (result.success, turns) == (True, [])
    told = [entry.user_message for entry in site.instance.all_logs(result.run_id)]
    count = len(days(site))
    for written in range(1, count + 1):
        assert f"parquet files of {written} of {count} days written" in told


# From the first step on


def test_there_is_a_catalog_even_if_the_first_fetch_fails(tmp_path_factory: Any) -> None:
    with contract_api(lambda _: []) as gone:
        pass
    folder = tmp_path_factory.mktemp("fresh")
    patience: dict[str, Any] = {"timeout": 0.5, "request_budget": 0.5}
    with opened_site(gone.base_url, folder, **patience) as site:
        assert not site.run(FIRST).success
        assert in_catalog(site, "FROM core.users") == []


def test_a_parquet_folder_that_cannot_be_is_told(site: Site) -> None:
    folder = site.settings.parquet_path
    folder.rename(folder.with_name("moved"))
    folder.write_text("a file where a folder should be", encoding="utf-8")
    told = told_of(site.materialize("parquet/users", FIRST))
    assert str(folder) in told
    assert told.endswith(".")
    assert "\n" not in told


def test_a_broken_file_is_mended_by_writing_its_day_again(site: Site) -> None:
    """Even where there is no catalog, which cannot be written while the file is broken."""
    site.settings.catalog_path.unlink()
    parquet_path(site.settings.parquet_path, MODEL["users"], LAST).write_bytes(b"no Parquet")
    told = told_of(site.materialize("parquet/logins", LAST))
    assert str(site.settings.parquet_path / "users") in told
    assert "Write that day's parquet/users again" in told
    assert site.materialize("parquet/users", LAST).success
    assert in_catalog(site, f"FROM core.users WHERE {on(LAST)}")


def test_a_broken_file_of_another_day_stops_no_day_while_the_catalog_stays(site: Site) -> None:
    """Its own table's included: what can be read of it is for the reader, and `catalog`, to say."""
    assert site.materialize("parquet/users", FIRST).success  # the folder is another one
    before = site.settings.catalog_path.stat()
    parquet_path(site.settings.parquet_path, MODEL["users"], LAST).write_bytes(b"no Parquet")
    assert site.materialize("group:parquet", FIRST).success
    assert site.settings.catalog_path.stat() == before
    assert in_catalog(site, f"FROM core.logins WHERE {on(LAST)}")
