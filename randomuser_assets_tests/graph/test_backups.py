"""The backup as an asset: made by its own job, proven by its check, and no part of a day's run."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from dagster import (
    AssetKey,
    AssetSelection,
    DefaultScheduleStatus,
    ExecuteInProcessResult,
    build_schedule_context,
)

from randomuser_assets.graph.backups import BACKUP, CHECK
from randomuser_assets.warehouse.backup import backups_in, unpack
from randomuser_assets_tests.graph.site import Site, opened_site
from randomuser_assets_tests.graph.spoiling import LAST
from randomuser_assets_tests.graph.verdicts import evaluated, failed

pytestmark = pytest.mark.long

PROVEN = ("backup", CHECK)


@pytest.fixture
def nowhere(tmp_path: Path) -> Iterator[Site]:
    """A place where nothing has been stored yet."""
    with opened_site("sample", tmp_path / "data") as site:
        yield site


def back_up(site: Site) -> ExecuteInProcessResult:
    job = site.definitions.resolve_job_def("backup_job")
    return job.execute_in_process(instance=site.instance, raise_on_error=False)


def kept(site: Site, result: ExecuteInProcessResult) -> tuple[object, ...]:
    (row,) = site.rows(
        "SELECT severity, passed, figures FROM quality.check_results "
        f"WHERE asset = 'backup' AND run_id = '{result.run_id}'"
    )
    return row


def test_the_job_makes_a_backup_and_proves_it(site: Site) -> None:
    result = back_up(site)
    assert result.success
    (path,) = backups_in(site.settings.backups_path)
    told = evaluated(result)[PROVEN]
    assert told.passed
    assert told.metadata["file"].value == path.name
    record = site.instance.get_latest_materialization_event(BACKUP)
    assert record
    assert record.asset_materialization
    metadata = record.asset_materialization.metadata
    assert metadata["file"].value == str(path)
    assert metadata["rows"].value == told.metadata["rows"].value
    severity, passed, figures = kept(site, result)
    assert (severity, passed) == ("ERROR", True)
    assert path.name in str(figures)


def test_a_backup_that_cannot_be_restored_fails_its_check(site: Site) -> None:
    assert back_up(site).success
    (path,) = backups_in(site.settings.backups_path)
    path.write_bytes(path.read_bytes()[:-500])
    result = site.check(checks=AssetSelection.checks_for_assets(BACKUP))
    assert failed(result) == {PROVEN}
    assert "damaged" in str(evaluated(result)[PROVEN].description)
    assert kept(site, result)[:2] == ("ERROR", False)


def test_a_backup_whose_rows_were_changed_fails_its_check(site: Site, tmp_path: Path) -> None:
    assert back_up(site).success
    (path,) = backups_in(site.settings.backups_path)
    database = tmp_path / "changed.duckdb"
    unpack(path, database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("UPDATE core.users SET first_name = first_name || '!'")
    path.write_bytes(pa.compress(database.read_bytes(), codec="zstd", asbytes=True))
    result = site.check(checks=AssetSelection.checks_for_assets(BACKUP))
    assert failed(result) == {PROVEN}
    assert "core.users has other values" in str(evaluated(result)[PROVEN].description)


def test_what_is_proven_is_what_the_run_made_though_the_clock_was_set_back(site: Site) -> None:
    later = site.settings.backups_path / "2099-01-01T020000Z_warehouse.duckdb.zst"
    later.parent.mkdir()
    later.touch()
    result = back_up(site)
    made, _ = backups_in(site.settings.backups_path)
    assert evaluated(result)[PROVEN].metadata["file"].value == made.name
    assert evaluated(result)[PROVEN].passed


def test_before_the_first_day_there_is_nothing_to_back_up_and_nobody_is_told(nowhere: Site) -> None:
    result = back_up(nowhere)
    assert result.success
    assert evaluated(result) == {}
    assert nowhere.instance.get_latest_materialization_event(BACKUP) is None
    assert not nowhere.settings.warehouse_path.exists()
    assert not nowhere.settings.backups_path.exists()


def test_without_a_backup_its_check_claims_nothing(nowhere: Site) -> None:
    told = evaluated(nowhere.check(checks=AssetSelection.checks_for_assets(BACKUP)))[PROVEN]
    assert "nothing is proven" in str(told.description)
    assert not nowhere.settings.warehouse_path.exists()


@pytest.mark.parametrize("job", ["daily", "quality"])
def test_a_backup_is_no_part_of_other_jobs(site: Site, job: str) -> None:
    layer = site.definitions.resolve_job_def(job).asset_layer
    assert BACKUP not in layer.selected_asset_keys
    assert BACKUP not in {key.asset_key for key in layer.asset_graph.asset_check_keys}


def test_it_is_made_each_night(site: Site) -> None:
    schedule = site.definitions.resolve_schedule_def("backup_schedule")
    assert schedule.cron_schedule == "0 2 * * *"
    assert schedule.default_status is DefaultScheduleStatus.RUNNING
    context = build_schedule_context(scheduled_execution_time=datetime(2026, 1, 7, 2))  # noqa: DTZ001
    assert schedule.evaluate_tick(context).run_requests


def test_it_is_told_when_a_backup_cannot_be_written(site: Site) -> None:
    site.settings.backups_path.touch()
    result = back_up(site)
    assert not result.success
    failure = result.failure_data_for_node("backup")
    assert failure
    assert failure.user_failure_data
    assert f"cannot be written to {site.settings.backups_path}" in str(
        failure.user_failure_data.description
    )


def test_the_asset_is_among_the_operations(site: Site) -> None:
    node = site.definitions.resolve_asset_graph().get(AssetKey("backup"))
    assert (node.group_name, node.partitions_def) == ("operations", None)


def test_a_run_about_days_makes_none(site: Site) -> None:
    """Else days loaded one by one would push out the backups of a week."""
    result = site.materialize('key:"backup" or key:"timezones"', LAST)
    assert result.success
    assert backups_in(site.settings.backups_path) == []
    made = {event.asset_key for event in result.get_asset_materialization_events()}
    assert made == {AssetKey("timezones")}
