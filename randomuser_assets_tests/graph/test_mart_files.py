"""The files of the marts: what a run leaves, what stops it, and what forgetting does to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dagster import (
    AssetCheckResult,
    AssetKey,
    AssetsDefinition,
    AssetSelection,
    Definitions,
    ExecuteInProcessResult,
    asset,
    asset_check,
    define_asset_job,
    in_process_executor,
)
from dagster._core.definitions.metadata.metadata_set import TableMetadataSet

import randomuser_assets
from randomuser_assets import cli
from randomuser_assets.export.parquet import parquet_columns, whole_path
from randomuser_assets.graph.days import WHOLE_RANGE, daily_partitions
from randomuser_assets.graph.mart_files import mart_file_assets
from randomuser_assets.model import MODEL
from randomuser_assets.model.marts import DIM_LOCATION, DIM_USER, MARTS
from randomuser_assets.settings import Settings
from randomuser_assets_tests.graph.forgetful import again, holding
from randomuser_assets_tests.graph.made_marts import make_marts
from randomuser_assets_tests.graph.site import Site, copy_of, opened_site

DAY = "2026-01-01"
FILES = AssetSelection.assets(*(AssetKey(["parquet", table.name]) for table in MARTS))

pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("ignore::dagster.BetaWarning")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A day and its marts, of which no file is written yet."""
    folder = tmp_path_factory.mktemp("made") / "data"
    with opened_site("sample", folder, seed="the same", users_per_day=20) as site:
        assert site.materialize("group:raw or group:staging or group:core", DAY).success
        make_marts(site.settings)
        yield site


@pytest.fixture
def site(made: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    copied = copy_of(made, tmp_path / "data")
    again(monkeypatch, copied)
    return copied


@dataclass
class Dbt:
    """What stands for dbt here: it makes nothing, and its checks say what is told."""

    passes: bool = True

    def assets(self) -> list[AssetsDefinition]:
        """Give an asset for each mart."""
        return [asset(name=table.name)(lambda: None) for table in MARTS]

    def checks(self) -> list[Any]:
        """Give a check for each, of which one may fail."""
        return [
            asset_check(asset=table.name, blocking=True)(self._verdict_on(table.name))
            for table in MARTS
        ]

    def _verdict_on(self, name: str) -> Any:
        def said() -> AssetCheckResult:
            return AssetCheckResult(passed=self.passes or name != "fct_registrations")

        said.__name__ = f"holds_{name}"
        return said


def run(
    site: Site,
    selection: AssetSelection = FILES,
    *,
    dbt: Dbt | None = None,
    more: Sequence[AssetsDefinition] = (),
    **how: Any,
) -> ExecuteInProcessResult:
    """Run a graph of the marts' files and of what stands for dbt."""
    dbt = dbt or Dbt()
    definitions = Definitions(
        assets=[*dbt.assets(), *mart_file_assets(site.settings, MODEL), *more],
        asset_checks=dbt.checks(),
        jobs=[define_asset_job("marts", selection=selection)],
        executor=in_process_executor,
    )
    job = definitions.resolve_job_def("marts")
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    return job.execute_in_process(
        instance=site.instance, run_config=quiet, raise_on_error=False, **how
    )


def files(settings: Settings) -> dict[str, bytes]:
    paths = {table.name: whole_path(settings.parquet_path, table) for table in MARTS}
    return {name: path.read_bytes() for name, path in paths.items() if path.exists()}


def told_of(result: ExecuteInProcessResult) -> str:
    (failure,) = result.filter_events(lambda event: event.is_step_failure)
    told = failure.step_failure_data.user_failure_data
    assert told
    return str(told.description)


def somebody(site: Site) -> str:
    ((person,),) = site.rows("SELECT CAST(max(user_id) AS VARCHAR) FROM marts.dim_user")
    return str(person)


# What a run leaves


def test_each_mart_has_a_file_that_the_catalog_and_read_show(site: Site) -> None:
    result = run(site)
    assert result.success
    assert files(site.settings).keys() == {table.name for table in MARTS}
    with duckdb.connect(str(site.settings.catalog_path), read_only=True) as catalog:
        for table in MARTS:
            rows = site.rows(f"SELECT * FROM marts.{table.name} ORDER BY {', '.join(table.key)}")
            assert rows
            assert catalog.execute(f"FROM marts.{table.name}").fetchall() == rows
            assert randomuser_assets.read(table.name, site.settings).fetchall() == rows
            shown = catalog.execute(f"FROM marts_public.{table.name}").fetchall()
            assert len(shown) == len(rows)


def test_each_is_told_with_its_rows_and_without_private_values(site: Site) -> None:
    result = run(site)
    told = {
        event.asset_key: event.step_materialization_data.materialization.metadata
        for event in result.get_asset_materialization_events()
    }
    for table in MARTS:
        metadata = told[AssetKey(["parquet", table.name])]
        ((rows,),) = site.rows(f"SELECT count(*) FROM marts.{table.name}")
        assert TableMetadataSet.extract(metadata).row_count == rows
        assert metadata["bytes"].value == len(files(site.settings)[table.name])
    ((email,),) = site.rows("SELECT min(email) FROM marts.dim_user")
    assert email not in str(told[AssetKey(["parquet", "dim_user"])]["preview"].value)


def test_a_run_of_a_day_writes_them_once(site: Site) -> None:
    @asset(partitions_def=daily_partitions(site.settings), backfill_policy=WHOLE_RANGE)
    def of_days() -> None:
        """Stand for the tables with days, beside which the marts are made."""

    result = run(
        site,
        FILES | AssetSelection.assets(of_days),
        more=[of_days],
        partition_key=DAY,
    )
    assert result.success
    assert files(site.settings).keys() == {table.name for table in MARTS}


def test_one_can_be_written_alone(site: Site) -> None:
    assert run(site, AssetSelection.assets(["parquet", "dim_country"])).success
    assert files(site.settings).keys() == {"dim_country"}


def test_with_public_columns_no_other_is_in_any(site: Site) -> None:
    settings = site.settings.model_copy(update={"export_columns": "public"})
    assert run(replace(site, settings=settings)).success
    for table in MARTS:
        path = whole_path(settings.parquet_path, table)
        assert parquet_columns(path) == list(table.public.column_names)
    ((email,),) = site.rows("SELECT min(email) FROM marts.dim_user")
    with duckdb.connect(str(settings.catalog_path), read_only=True) as catalog:
        shown = catalog.execute("SELECT DISTINCT email FROM marts.dim_user").fetchall()
    assert email
    assert shown == [(None,)]


# What stops it


def test_a_failed_check_that_blocks_stops_all_of_them(site: Site) -> None:
    assert run(site, AssetSelection.all()).success
    before = files(site.settings)
    site.change("DELETE FROM marts.dim_user", "DELETE FROM marts.dim_country")
    result = run(site, AssetSelection.all(), dbt=Dbt(passes=False))
    assert not result.success
    assert files(site.settings) == before
    assert run(site, AssetSelection.all()).success
    assert files(site.settings) != before


def test_a_mart_that_was_not_made_leaves_all_files_as_they_were(site: Site) -> None:
    assert run(site).success
    before = files(site.settings)
    site.change("DELETE FROM marts.dim_user", "DROP TABLE marts.fct_registrations")
    told = told_of(run(site))
    assert told.startswith("fct_registrations was not made: no file of a mart was written")
    assert files(site.settings) == before


def test_a_mart_of_another_declaration_is_no_file(site: Site) -> None:
    site.change("ALTER TABLE marts.dim_date ALTER year TYPE BIGINT")
    told = told_of(run(site))
    assert told.startswith("dim_date is stored without year as declared")
    assert files(site.settings) == {}


# Forgetting


def test_who_is_forgotten_is_in_no_file_of_a_mart(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(site).success
    person = somebody(site)
    ((place,),) = site.rows(
        f"SELECT location_key FROM marts.dim_user WHERE user_id = '{person}' LIMIT 1"
    )
    assert cli.main(["forget", person]) == 0
    told = capsys.readouterr().out
    assert "marts written again: dim_user, dim_location, " in told
    assert holding(site.settings.data_path, person) == []
    people = randomuser_assets.read("dim_user", site.settings)
    assert people.filter(f"user_id = '{person}'").fetchall() == []
    assert len(people.fetchall()) == 19
    places = randomuser_assets.read("dim_location", site.settings)
    assert places.filter(f"location_key = '{place}'").fetchall() == []
    left = files(site.settings)
    assert run(site).success
    assert files(site.settings) == left


def test_ended_before_the_files_it_is_run_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(site).success
    person = somebody(site)

    def ended(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("randomuser_assets.graph.file_days.write_marts", ended)
    assert cli.main(["forget", person]) == 1
    assert site.rows(f"SELECT count(*) FROM marts.dim_user WHERE user_id = '{person}'") == [(0,)]
    monkeypatch.undo()
    again(monkeypatch, site)
    assert cli.main(["forget", person]) == 0
    assert holding(site.settings.data_path, person) == []


def test_a_file_of_places_alone_is_written_again_by_whoever_is_forgotten(site: Site) -> None:
    """It tells of nobody in it, so that only writing it again is certain."""
    assert run(site, AssetSelection.assets(["parquet", "dim_location"])).success
    path = whole_path(site.settings.parquet_path, DIM_LOCATION)
    before = path.stat().st_ino
    assert cli.main(["forget", "0b9c9a5e-52c6-4c0a-9b4e-0d6a1f3c7e11"]) == 0
    assert path.stat().st_ino != before


def test_somebody_who_never_came_changes_no_file(site: Site) -> None:
    assert run(site).success
    before = whole_path(site.settings.parquet_path, DIM_USER).stat().st_ino
    assert cli.main(["forget", "0b9c9a5e-52c6-4c0a-9b4e-0d6a1f3c7e11"]) == 0
    assert whole_path(site.settings.parquet_path, DIM_USER).stat().st_ino == before


def test_files_of_marts_that_the_warehouse_has_not_are_told(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(site).success
    person = somebody(site)
    site.change("DROP SCHEMA marts CASCADE")
    assert cli.main(["forget", person]) == 1
    told = capsys.readouterr().out
    assert "no such day or mart" in told
    for name in ("dim_user", "dim_location", "fct_user_snapshot", "fct_registrations"):
        assert f"{name}.parquet" in told
    assert "dim_country.parquet" not in told
