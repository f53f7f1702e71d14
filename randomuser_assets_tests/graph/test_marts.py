"""The marts in the graph: what dbt makes and tests is what Dagster shows, and nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dagster import AssetCheckSeverity, AssetKey, ExecuteInProcessResult

from randomuser_assets.marts import project
from randomuser_assets.marts.dbt import environment, target_path
from randomuser_assets.model.marts import MARTS
from randomuser_assets_tests.graph.site import KEY, Site, copy_of

pytestmark = pytest.mark.long

Checks = dict[tuple[str, str], bool]

ALL_TESTS = {(table.name, test) for table in MARTS for test in project.tests_of(table)}


def verdicts(result: ExecuteInProcessResult) -> Checks:
    """Say of each check that was asked whether it passed."""
    return {
        (each.asset_key.to_user_string(), each.check_name): each.passed
        for each in result.get_asset_check_evaluations()
        if len(each.asset_key.path) == 1  # that of the report has its own tests
    }


@pytest.fixture(scope="module")
def made(stored: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The days, and the marts made of them."""
    site = copy_of(stored, tmp_path_factory.mktemp("made") / "data")
    result = site.transform()
    assert result.success
    found = verdicts(result)
    assert set(found) == ALL_TESTS
    assert all(found.values())
    return site


@pytest.fixture(scope="module")
def manifest(made: Site) -> dict[str, Any]:
    """What dbt has made of the project."""
    read: dict[str, Any] = json.loads((target_path(made.settings) / "manifest.json").read_bytes())
    return read


def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }


def test_the_models_are_the_declared_tables(manifest: dict[str, Any]) -> None:
    assert set(models(manifest)) == {table.name for table in MARTS}


@pytest.mark.parametrize("table", MARTS, ids=lambda table: str(table.name))
def test_the_graph_shows_what_dbt_reads(table: Any, manifest: dict[str, Any]) -> None:
    read = models(manifest)[table.name]["depends_on"]["nodes"]
    assert {name.rsplit(".", 1)[1] for name in read} == set(project.tables_read_by(table))


@pytest.mark.parametrize("table", MARTS, ids=lambda table: str(table.name))
def test_every_column_is_described_and_stored_as_declared(
    table: Any, manifest: dict[str, Any], made: Site
) -> None:
    described = models(manifest)[table.name]["columns"]
    assert {n: c["description"] for n, c in described.items()} == {
        column.name: column.description for column in table.columns
    }
    stored = made.rows(
        "SELECT column_name, data_type, comment FROM duckdb_columns() "
        f"WHERE schema_name = 'marts' AND table_name = '{table.name}' ORDER BY column_index"
    )
    assert stored == [(c.name, c.type.sql, c.description) for c in table.columns]


def test_every_table_has_a_test_of_its_key() -> None:
    for table in MARTS:
        assert {"unique", "unique_key"} & set(project.tests_of(table)), table.name
        assert "not_null" in set(project.tests_of(table)), table.name


def test_what_was_made_is_told(made: Site) -> None:
    event = made.instance.get_latest_materialization_event(AssetKey("dim_user"))
    assert event
    assert event.asset_materialization
    metadata = event.asset_materialization.metadata
    assert (
        metadata["dagster/row_count"].value
        == made.rows("SELECT count(*) FROM marts.dim_user")[0][0]
    )
    preview = str(metadata["preview"].value)
    assert "Private, not shown: " in preview
    ((email,),) = made.rows("SELECT min(email) FROM marts.dim_user")
    assert email not in preview


def test_what_is_tested_is_kept(made: Site) -> None:
    kept = made.rows("SELECT DISTINCT asset, check_name, passed FROM quality.check_results")
    assert {(table, test, True) for table, test in ALL_TESTS} <= set(kept)


SPOILT = {
    ("dim_user", "unique"): "INSERT INTO marts.dim_user FROM marts.dim_user LIMIT 1",
    ("dim_user", "not_null"): "UPDATE marts.dim_user SET email = NULL WHERE is_current",
    ("dim_user", "accepted_values"): "UPDATE marts.dim_user SET gender = 'x'",
    ("dim_user", "relationships"): "UPDATE marts.dim_user SET location_key = repeat('0', 32)",
    ("dim_user", "matches"): "UPDATE marts.dim_user SET user_key = 'K' || user_key",
    ("dim_user", "dim_user_covers_each_day"): "UPDATE marts.dim_user SET valid_to = valid_from",
    ("dim_location", "unique"): "INSERT INTO marts.dim_location FROM marts.dim_location LIMIT 1",
    ("dim_location", "between"): "UPDATE marts.dim_location SET latitude = 91",
    ("dim_country", "unique"): "INSERT INTO marts.dim_country FROM marts.dim_country LIMIT 1",
    ("dim_country", "not_null"): "UPDATE marts.dim_country SET country_name = NULL",
    ("dim_timezone", "unique"): "INSERT INTO marts.dim_timezone FROM marts.dim_timezone LIMIT 1",
    ("dim_timezone", "matches"): "UPDATE marts.dim_timezone SET timezone_offset = 'Z'",
    ("dim_date", "unique"): "INSERT INTO marts.dim_date FROM marts.dim_date LIMIT 1",
    ("dim_date", "accepted_values"): "UPDATE marts.dim_date SET day_name = 'Freitag'",
    ("dim_age_group", "unique"): "INSERT INTO marts.dim_age_group FROM marts.dim_age_group LIMIT 1",
    ("dim_age_group", "between"): "UPDATE marts.dim_age_group SET age_from = -1",
    ("fct_user_snapshot", "unique_key"): "INSERT INTO marts.fct_user_snapshot "
    "FROM marts.fct_user_snapshot LIMIT 1",
    ("fct_user_snapshot", "between"): "UPDATE marts.fct_user_snapshot SET age = 151",
    ("fct_user_snapshot", "relationships"): "UPDATE marts.fct_user_snapshot "
    "SET country_key = repeat('0', 32)",
    ("fct_user_snapshot", "fct_user_snapshot_is_complete"): "DELETE FROM marts.fct_user_snapshot "
    "WHERE user_id = (SELECT max(user_id) FROM marts.fct_user_snapshot)",
    ("fct_registrations", "unique"): "INSERT INTO marts.fct_registrations "
    "FROM marts.fct_registrations LIMIT 1",
    ("fct_registrations", "not_null"): "UPDATE marts.fct_registrations SET age_group_key = NULL",
}
"""What makes each check fail; a table's first statement is that of its key."""


def test_each_spoilt_table_makes_its_checks_fail(made: Site, tmp_path: Path) -> None:
    site = copy_of(made, tmp_path / "data")
    # In this order a later statement spoils what an earlier one did as well.
    site.change(*SPOILT.values())
    result = site.check_marts()
    assert not result.success, "what is made of the marts has to wait"
    found = verdicts(result)
    assert set(found) == ALL_TESTS
    failing = {name for name, passed in found.items() if not passed}
    assert set(SPOILT) <= failing
    assert {table for table, _ in failing} == {table.name for table in MARTS}
    for each in result.get_asset_check_evaluations():
        assert each.severity is AssetCheckSeverity.ERROR
        assert each.blocking
    unique = next(
        each for each in result.get_asset_check_evaluations() if each.check_name == "unique_key"
    )
    assert unique.metadata["failing_rows"].value == 1
    assert "1 row" in {each.value for each in unique.metadata.values()}


def test_one_check_is_asked_alone(made: Site, tmp_path: Path) -> None:
    site = copy_of(made, tmp_path / "data")
    site.change("UPDATE marts.dim_timezone SET timezone_offset = 'Z'")
    found = verdicts(site.check_one("dim_timezone", "matches"))
    assert found == {("dim_timezone", "matches"): False}


def test_a_check_of_what_is_not_made_yet_says_so(made: Site, tmp_path: Path) -> None:
    site = copy_of(made, tmp_path / "data")
    site.change("DROP TABLE marts.dim_timezone")
    (found,) = site.check_one("dim_timezone", "matches").get_asset_check_evaluations()
    assert not found.passed
    assert found.metadata["dim_timezone"].value == "was not made yet: materialise it"


def test_a_model_that_fails_stays_as_it_was_and_quotes_nothing(made: Site, tmp_path: Path) -> None:
    site = copy_of(made, tmp_path / "data")
    before = site.rows("FROM marts.dim_timezone ORDER BY ALL")
    site.change("UPDATE core.timezones SET timezone_offset = '+secret:00'")
    result = site.transform()
    assert not result.success
    (failure,) = (event.step_failure_data for event in result.get_step_failure_events())
    assert failure.user_failure_data
    said = str(failure.user_failure_data.description)
    assert said.startswith("dim_timezone: dbt failed with a message that may quote data")
    told = [str(entry.user_message) for entry in site.instance.all_logs(result.run_id)]
    assert not [line for line in told if "+secret" in line]
    assert site.rows("FROM marts.dim_timezone ORDER BY ALL") == before
    made_again = {key.to_user_string() for key in materialized(result)}
    assert "dim_timezone" not in made_again
    assert "dim_user" in made_again


def materialized(result: ExecuteInProcessResult) -> set[AssetKey]:
    return {
        event.materialization.asset_key
        for event in result.get_asset_materialization_events()
        if event.step_materialization_data
    }


def test_a_table_with_other_columns_is_made_anew(made: Site, tmp_path: Path) -> None:
    site = copy_of(made, tmp_path / "data")
    before = site.rows("FROM marts.dim_user ORDER BY ALL")
    site.change(
        "ALTER TABLE marts.dim_user DROP COLUMN picture_id",
        "UPDATE marts.dim_user SET email = NULL",
    )
    assert site.transform().success
    assert site.rows("FROM marts.dim_user ORDER BY ALL") == before


def test_dbt_is_told_no_secret(made: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANDOMUSER_PII_KEY", KEY)
    monkeypatch.setenv("DBT_TARGET", "elsewhere")
    given = environment(made.settings)
    assert KEY not in given.values()
    assert "DBT_TARGET" not in given
    assert given["RANDOMUSER_DAYS_ARE"] == "batches"
    assert given["PATH"] == os.environ["PATH"]


def test_what_dbt_leaves_is_private(made: Site) -> None:
    files = [path for path in target_path(made.settings).rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if path.stat().st_mode & 0o077]


def test_who_has_the_warehouse_open_is_waited_for(made: Site, tmp_path: Path) -> None:
    """Dbt itself would end at once with an error."""
    site = copy_of(made, tmp_path / "data")
    program = (
        "import sys, time, duckdb; c = duckdb.connect(sys.argv[1]); "
        "print('open', flush=True); time.sleep(3)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(site.settings.warehouse_path)],
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "open\n"
        assert verdicts(site.check_one("dim_age_group", "unique"))
        assert holder.wait() == 0


def test_a_missing_warehouse_is_told(tmp_path: Path, stored: Site) -> None:
    site = copy_of(stored, tmp_path / "data")
    site.settings.warehouse_path.unlink()
    result = site.transform()
    (failure,) = (event.step_failure_data for event in result.get_step_failure_events())
    assert "There is no warehouse at" in str(failure.user_failure_data)
    assert not site.settings.warehouse_path.exists()


def test_what_the_marts_are_made_of_and_is_missing_is_told(stored: Site, tmp_path: Path) -> None:
    """Else a unit test fails first, which needs the table's columns, and nothing else is said."""
    site = copy_of(stored, tmp_path / "data")
    site.change("DROP TABLE core.timezones")
    result = site.transform()
    (failure,) = (event.step_failure_data for event in result.get_step_failure_events())
    assert failure.user_failure_data
    assert str(failure.user_failure_data.description).startswith(
        "The marts are made of timezones, which is not there yet: "
    )


def test_the_whole_day_has_its_marts(stored: Site, tmp_path: Path) -> None:
    """`daily` is all of it, in one run."""
    site = copy_of(stored, tmp_path / "data")
    result = site.run_daily("2026-01-03")
    assert result.success
    with duckdb.connect(str(site.settings.warehouse_path), read_only=True) as connection:
        ((facts,), (people,)) = (
            connection.execute(
                f"SELECT count(*) FROM {table} WHERE snapshot_date = '2026-01-03'"
            ).fetchone()
            or ()
            for table in ("marts.fct_user_snapshot", "core.users")
        )
    assert facts == people > 0
