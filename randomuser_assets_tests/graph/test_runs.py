"""What runs do and tell: one day or many, told by day, tried again or not."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from dagster import AssetKey, AssetMaterialization, DagsterEventType, ExecuteInProcessResult
from dagster._core.definitions.metadata.metadata_set import TableMetadataSet

from randomuser_assets.model import MODEL, Privacy, Table
from randomuser_assets_tests.graph.contract_api import (
    Asked,
    ContractApi,
    away_for_long,
    contract_api,
    not_found,
)
from randomuser_assets_tests.graph.site import Site, opened_site
from randomuser_assets_tests.graph.spoiling import place
from randomuser_assets_tests.graph.trapped_people import TrappedPeople, written

pytestmark = pytest.mark.long

FIRST, SECOND = "2026-01-05", "2026-01-06"
USERS = {FIRST: 12, SECOND: 12}
UNREADABLE = {FIRST: 1, SECOND: 2}
TOLERANT: dict[str, Any] = {"rejected_error": 0.9}


class People(TrappedPeople):
    """People, of whom a few cannot be read, on the second day more than on the first."""

    def __call__(self, asked: Asked) -> list[str]:
        """Give a page's records."""
        records = [self.record(asked.seed, asked.page, at + 1) for at in range(asked.results)]
        for record in records[: UNREADABLE.get(asked.seed, 0)]:
            record["email"] = None
        return [written(record, at) for at, record in enumerate(records)]


@pytest.fixture(scope="module")
def api() -> Iterator[ContractApi]:
    with contract_api(People(today=date(2026, 1, 6))) as running:
        yield running


@pytest.fixture(scope="module")
def both(
    api: ContractApi, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, ExecuteInProcessResult]]:
    """Two days in one run, in a folder with a name that no engine must take for a pattern."""
    folder = tmp_path_factory.mktemp("range") / "it's a *[data] {folder}"
    with opened_site(api.base_url, folder, **TOLERANT) as site:
        yield site, site.run_range(FIRST, SECOND)


@pytest.fixture(scope="module")
def one_by_one(api: ContractApi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same two days in two runs, the later one first, to be compared by what is stored."""
    with opened_site(api.base_url, tmp_path_factory.mktemp("days"), **TOLERANT) as site:
        for day in (SECOND, FIRST):
            assert site.store(day).success
        yield site


@pytest.fixture
def site(api: ContractApi, tmp_path: Path) -> Iterator[Site]:
    """A site whose fetching step tries three times more."""
    with opened_site(api.base_url, tmp_path, run_retries=3, run_retry_delay=0.01) as opened:
        yield opened
    api.fault = lambda _: None


def materializations(result: ExecuteInProcessResult, key: AssetKey) -> list[AssetMaterialization]:
    events = result.get_asset_materialization_events()
    found = [event.step_materialization_data.materialization for event in events]
    return [each for each in found if each.asset_key == key]


def count(site: Site, table: Table, day: str) -> int:
    query = f"SELECT count(*) FROM {place(table)} WHERE snapshot_date = '{day}'"
    return int(site.rows(query)[0][0])


# Many days at once


def test_many_days_in_one_run_are_stored_as_if_each_had_its_own(
    both: tuple[Site, ExecuteInProcessResult], one_by_one: Site
) -> None:
    site, result = both
    assert result.success
    for table in MODEL:
        left_out = " EXCLUDE (fetched_at)" if table == MODEL.raw else ""
        query = f"SELECT *{left_out} FROM {place(table)} ORDER BY {', '.join(table.key)}"
        assert site.rows(query) == one_by_one.rows(query), table.name
        assert site.rows(query)


def test_many_days_in_one_run_give_the_same_files(
    both: tuple[Site, ExecuteInProcessResult], one_by_one: Site
) -> None:
    site, _ = both
    assert site.csv_contents() == one_by_one.csv_contents()
    assert set(site.csv_contents()) == {
        f"{day}/{day}_{table.name}.csv" for day in (FIRST, SECOND) for table in MODEL.core
    }


# What is told


@pytest.mark.parametrize("table", list(MODEL), ids=lambda table: table.name)
def test_a_run_of_many_days_tells_the_rows_of_each(
    both: tuple[Site, ExecuteInProcessResult], table: Table
) -> None:
    site, result = both
    told = materializations(result, AssetKey(table.name))
    assert [each.partition for each in told] == [FIRST, SECOND]
    counts = {day: count(site, table, day) for day in (FIRST, SECOND)}
    for each in told:
        assert each.partition
        rows = TableMetadataSet.extract(each.metadata).partition_row_count
        assert rows == counts[each.partition]
        assert each.metadata["rows_written"].value == sum(counts.values())


def test_rows_are_told_of_days_that_differ(both: tuple[Site, ExecuteInProcessResult]) -> None:
    _, result = both
    told = materializations(result, AssetKey(MODEL.rejected.name))
    rows = {each.partition: TableMetadataSet.extract(each.metadata) for each in told}
    assert {day: found.partition_row_count for day, found in rows.items()} == UNREADABLE


@pytest.mark.parametrize("table", MODEL.core, ids=lambda table: table.name)
def test_a_run_of_many_days_tells_the_file_of_each(
    both: tuple[Site, ExecuteInProcessResult], table: Table
) -> None:
    site, result = both
    told = materializations(result, AssetKey(["csv", table.name]))
    assert [each.partition for each in told] == [FIRST, SECOND]
    for each in told:
        assert each.partition
        rows = TableMetadataSet.extract(each.metadata).partition_row_count
        assert rows == count(site, table, each.partition)
        assert each.metadata["file"].value == str(site.csv(each.partition, table.name))


@pytest.mark.parametrize("table", list(MODEL), ids=lambda table: table.name)
def test_a_table_is_told_with_the_columns_that_are_stored(
    both: tuple[Site, ExecuteInProcessResult], table: Table
) -> None:
    _, result = both
    for each in materializations(result, AssetKey(table.name)):
        schema = TableMetadataSet.extract(each.metadata).column_schema
        assert schema
        assert [(column.name, column.type) for column in schema.columns] == [
            (column.name, column.type.sql) for column in table.columns
        ]


@pytest.mark.parametrize("table", list(MODEL), ids=lambda table: table.name)
def test_a_table_is_shown_in_part_without_its_private_columns(
    both: tuple[Site, ExecuteInProcessResult], table: Table
) -> None:
    _, result = both
    for each in materializations(result, AssetKey(table.name)):
        preview = re.sub(r"\\(.)", r"\1", str(each.metadata["preview"].value))
        header, _, *rest = preview.splitlines()
        shown = [name.strip() for name in header.strip("|").split("|")]
        plain = [c.name for c in table.columns if c.privacy is Privacy.PLAIN]
        assert shown == plain
        assert sum(line.startswith("|") for line in rest) in range(1, 11)
        private = [c.name for c in table.columns if c.privacy is not Privacy.PLAIN]
        assert all(name in rest[-1] for name in private)


# Trying again


def test_a_fault_that_lasts_is_not_tried_again(site: Site, api: ContractApi) -> None:
    api.fault = not_found
    api.asked.clear()
    result = site.run(FIRST)
    assert not result.success
    assert len(api.asked) == 1
    assert restarts(result) == 0
    assert not site.settings.warehouse_path.exists()


def test_a_fault_that_passes_is_tried_again_until_it_has_passed(
    site: Site, api: ContractApi
) -> None:
    api.asked.clear()
    api.fault = lambda asked: away_for_long(asked) if len(api.asked) < 3 else None
    result = site.materialize("raw_users", FIRST)
    assert result.success
    assert restarts(result) == 2
    assert count(site, MODEL.raw, FIRST) == USERS[FIRST]


def test_a_fault_that_does_not_pass_is_given_up_after_the_last_try(
    site: Site, api: ContractApi
) -> None:
    api.fault = away_for_long
    api.asked.clear()
    result = site.run(FIRST)
    assert not result.success
    assert len(api.asked) == 4
    assert restarts(result) == 3


def restarts(result: ExecuteInProcessResult) -> int:
    return sum(
        event.event_type is DagsterEventType.STEP_RESTARTED
        for event in result.events_for_node("raw_users")
    )
