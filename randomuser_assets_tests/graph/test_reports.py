"""The quality page as an asset: made at the end of every run, and of a run that fails above all."""

import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from dagster import (
    AssetKey,
    AssetMaterialization,
    DagsterEventType,
    ExecuteInProcessResult,
    MetadataValue,
)

from randomuser_assets.graph.backups import BACKUP
from randomuser_assets.model.marts import SCHEMA
from randomuser_assets.model.quality import CHECK_RESULTS
from randomuser_assets_tests.graph.command_line import Shell
from randomuser_assets_tests.graph.contract_api import (
    Asked,
    ContractApi,
    away_for_long,
    contract_api,
    not_found,
)
from randomuser_assets_tests.graph.site import Site, opened_site
from randomuser_assets_tests.graph.test_privacy import PLANTED, People
from randomuser_assets_tests.graph.trapped_people import TrappedPeople, written
from randomuser_assets_tests.report.warehouse import Warehouse, create

pytestmark = pytest.mark.long

DAY, NEXT_DAY, LAST_DAY = "2026-01-05", "2026-01-06", "2026-01-07"
STEP, KEY = "reports__quality", AssetKey(["reports", "quality"])


@pytest.fixture(scope="module")
def api() -> Iterator[ContractApi]:
    with contract_api(TrappedPeople(today=date(2026, 1, 6))) as running:
        yield running


@pytest.fixture
def site(api: ContractApi, tmp_path: Path) -> Iterator[Site]:
    with opened_site(api.base_url, tmp_path, run_retries=3, run_retry_delay=0.05) as opened:
        yield opened
    api.fault = lambda _: None
    api.people = TrappedPeople(today=date(2026, 1, 6))


def page(site: Site) -> str:
    return (site.settings.reports_path / "quality.html").read_text("utf-8")


def ends_of_steps(result: ExecuteInProcessResult) -> list[str | None]:
    """Give the steps in the order in which they ended, however they did."""
    ends = {
        DagsterEventType.STEP_SUCCESS,
        DagsterEventType.STEP_FAILURE,
        DagsterEventType.STEP_SKIPPED,
    }
    return [event.step_key for event in result.all_events if event.event_type in ends]


def made(result: ExecuteInProcessResult) -> AssetMaterialization:
    """Give what was told of the page, which a run makes once, for each of its days."""
    events = result.get_asset_materialization_events()
    found = [event.step_materialization_data.materialization for event in events]
    told = [each for each in found if each.asset_key == KEY]
    assert len({str(each.metadata) for each in told}) == 1
    return told[-1]


def test_the_page_is_made_at_the_end_of_a_day(site: Site) -> None:
    result = site.run(DAY)
    assert result.success
    assert ends_of_steps(result)[-1] == STEP
    assert "core.users" in page(site)


def test_the_page_is_made_once_at_the_end_of_many_days(site: Site) -> None:
    result = site.run_range(DAY, LAST_DAY)
    assert result.success
    assert ends_of_steps(result)[-1] == STEP
    for day in (DAY, NEXT_DAY, LAST_DAY):
        assert day in page(site)


def test_the_page_is_told_with_where_it_is_and_what_it_says(site: Site) -> None:
    told = made(site.run(DAY)).metadata
    path = site.settings.reports_path / "quality.html"
    assert told["page"] == MetadataValue.url("http://127.0.0.1:3001/quality.html")
    assert told["file"] == MetadataValue.path(str(path))
    assert told["bytes"] == MetadataValue.int(path.stat().st_size)
    summary = told["summary"].value
    assert isinstance(summary, str)
    assert summary.splitlines()[0].strip("*") in page(site)


def test_the_page_is_the_owners_only(site: Site) -> None:
    site.run(DAY)
    folder = site.settings.reports_path
    assert [path.name for path in folder.iterdir()] == ["quality.html"]
    assert stat.S_IMODE((folder / "quality.html").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def twins(asked: Asked) -> list[str]:
    """Give people of whom two have one uuid, so that keys repeat."""
    people = TrappedPeople(today=date(2026, 1, 6))
    records = [people.record(asked.seed, asked.page, at + 1) for at in range(asked.results)]
    records[1]["login"]["uuid"] = records[0]["login"]["uuid"]
    return [written(record, at) for at, record in enumerate(records)]


def test_a_check_that_blocks_does_not_stop_the_page(site: Site, api: ContractApi) -> None:
    api.people = twins
    result = site.run(DAY)
    ends = ends_of_steps(result)
    assert not result.success
    assert "check_core" in ends
    assert ends[-1] == STEP
    assert not site.settings.csv_path.exists()
    assert made(result)


def test_a_source_that_fails_does_not_stop_the_page(site: Site, api: ContractApi) -> None:
    api.fault = not_found
    result = site.run(DAY)
    assert not result.success
    assert made(result)
    assert "raw.raw_users is not there yet." in page(site)


@pytest.mark.parametrize("tries", [1, 3, 99])
def test_the_page_waits_for_a_step_that_is_tried_again(
    site: Site, api: ContractApi, tries: int
) -> None:
    api.asked.clear()
    api.fault = lambda asked: away_for_long(asked) if len(api.asked) <= tries else None
    result = site.run(DAY)
    assert result.success == (tries < 4)
    assert len(api.asked) == min(tries + 1, 4)
    assert ends_of_steps(result)[-1] == STEP
    assert made(result)


def test_a_backfill_of_everything_is_one_run_with_the_page_in_it(site: Site) -> None:
    """Dagster gives what has other partitions, or none, a run apart: the backup, and the marts."""
    graph = site.definitions.resolve_asset_graph()
    apart = {BACKUP, *(node.key for node in graph.asset_nodes if node.group_name == SCHEMA)}
    made_by_runs = [graph.get(key) for key in graph.executable_asset_keys - apart]
    assert len({node.partitions_def for node in made_by_runs}) == 1
    assert len({node.backfill_policy for node in made_by_runs}) == 1
    assert KEY in {node.key for node in made_by_runs}


def test_the_page_tells_what_the_checks_have_said(site: Site) -> None:
    site.run(DAY)
    with duckdb.connect(str(site.settings.warehouse_path)) as connection:
        connection.execute(f"DROP TABLE IF EXISTS {CHECK_RESULTS.schema}.{CHECK_RESULTS.name}")
        create(connection, CHECK_RESULTS)
        Warehouse(connection).said("users", "a_check_of_old", DAY, figures={"unmet_values": 3})
    told = made(site.run(NEXT_DAY)).metadata
    assert "a_check_of_old" in page(site)
    assert "unmet values 3" in page(site)
    assert "a_check_of_old" in str(told["summary"].value)


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(site: Site) -> None:
    site.settings.reports_path.write_text("a file where a folder should be", encoding="utf-8")
    result = site.run(DAY)
    (failure,) = result.filter_events(lambda event: event.is_step_failure)
    told = failure.step_failure_data.user_failure_data
    assert failure.step_key == STEP
    assert told
    assert str(told.description).startswith(f"{site.settings.reports_path}/quality.html cannot be")
    assert len(site.csv_contents()) == 7


def test_the_page_shows_nothing_private(tmp_path: Path) -> None:
    people = People(today=date(2026, 1, 6))
    with contract_api(people) as api, opened_site(api.base_url, tmp_path, users_per_day=16) as site:
        site.run_range(DAY, NEXT_DAY)
        text = page(site)
    assert "a private value" in text
    for planted in PLANTED.values():
        assert planted not in text


@pytest.mark.parametrize(
    "how",
    [
        ("--select", "*", "--partition", DAY),
        ("--select", "*", "--partition-range", f"{DAY}...{NEXT_DAY}"),
        ("--select", "reports/quality", "--partition", DAY),
    ],
    ids=["a day", "a range", "alone"],
)
def test_the_page_is_made_from_the_command_line(tmp_path: Path, how: tuple[str, ...]) -> None:
    shell = Shell(tmp_path)
    ended = shell.run(
        "dagster", "asset", "materialize", "-m", "randomuser_assets.definitions", *how
    )
    assert ended.returncode == 0, ended.stderr
    assert (shell.data / "reports" / "quality.html").is_file()
