"""A place to run the graph for a test: settings, definitions and a Dagster instance of its own."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
from dagster import (
    AssetCheckKey,
    AssetKey,
    AssetSelection,
    DagsterInstance,
    Definitions,
    ExecuteInProcessResult,
    JobDefinition,
    define_asset_job,
)

from randomuser_assets.build import build_definitions
from randomuser_assets.graph.backups import BACKUP
from randomuser_assets.model import MODEL, Model
from randomuser_assets.model.marts import MARTS, SCHEMA
from randomuser_assets.settings import Settings

KEY = "a key that only the tests have"

_MARTS = AssetSelection.groups(SCHEMA)
_ALL_CHECKS = AssetSelection.all_asset_checks() - _MARTS
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Site:
    """Runs of the graph on one data directory."""

    settings: Settings
    instance: DagsterInstance
    model: Model = MODEL

    @cached_property
    def definitions(self) -> Definitions:
        """The project's definitions."""
        return build_definitions(self.settings, self.model)

    def run(self, day: str) -> ExecuteInProcessResult:
        """Run a day's work without the marts, which tests of their own are about."""
        return _execute(self._without_marts, self.instance, partition_key=day)

    def run_range(self, first: str, last: str) -> ExecuteInProcessResult:
        """Run the same for many days at once, as a backfill does."""
        return _execute(self._without_marts, self.instance, tags=range_tags(first, last))

    def store(self, day: str) -> ExecuteInProcessResult:
        """Do the day's work without its checks: half the time, where only data are looked at."""
        return _execute(self._unchecked, self.instance, partition_key=day)

    def store_range(self, first: str, last: str) -> ExecuteInProcessResult:
        """Do many days' work in one run without its checks."""
        return _execute(self._unchecked, self.instance, tags=range_tags(first, last))

    def materialize(self, selection: str, day: str) -> ExecuteInProcessResult:
        """Materialise some assets of a day with their checks, as a selection in words says."""
        job = self._with_job("some", AssetSelection.from_string(selection))
        return _execute(job, self.instance, partition_key=day)

    def materialize_range(self, selection: str, first: str, last: str) -> ExecuteInProcessResult:
        """Materialise some assets of many days in one run."""
        job = self._with_job("some", AssetSelection.from_string(selection))
        return _execute(job, self.instance, tags=range_tags(first, last))

    def check(
        self, tags: Mapping[str, str] | None = None, checks: AssetSelection = _ALL_CHECKS
    ) -> ExecuteInProcessResult:
        """Run checks by themselves, on what is stored."""
        return _execute(self._with_job("checks", checks), self.instance, tags=dict(tags or {}))

    def run_daily(self, day: str) -> ExecuteInProcessResult:
        """Run a day's work with all that is made of all days."""
        return _execute(self.definitions.resolve_job_def("daily"), self.instance, partition_key=day)

    def transform(self) -> ExecuteInProcessResult:
        """Make what is made of all days."""
        return _execute(self.definitions.resolve_job_def("transform"), self.instance)

    def check_marts(self) -> ExecuteInProcessResult:
        """Ask the marts' checks by themselves."""
        return self.check(checks=AssetSelection.checks_for_assets(*(t.name for t in MARTS)))

    def check_one(self, table: str, name: str) -> ExecuteInProcessResult:
        """Ask one check by itself."""
        return self.check(checks=AssetSelection.checks(AssetCheckKey(AssetKey(table), name)))

    def _with_job(self, name: str, selection: AssetSelection) -> JobDefinition:
        jobs = Definitions(jobs=[define_asset_job(name, selection=selection)])
        return Definitions.merge(self.definitions, jobs).resolve_job_def(name)

    @property
    def _without_marts(self) -> JobDefinition:
        return self.definitions.resolve_job_def("extract_load")

    @property
    def _unchecked(self) -> JobDefinition:
        tables_and_files = AssetSelection.all() - AssetSelection.assets(BACKUP) - _MARTS
        return self._with_job("unchecked", tables_and_files.without_checks())

    def change(self, *statements: str) -> None:
        """Tamper with the stored data."""
        with duckdb.connect(str(self.settings.warehouse_path)) as connection:
            for statement in statements:
                connection.execute(statement)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the warehouse."""
        with duckdb.connect(str(self.settings.warehouse_path), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def csv(self, day: str, table: str) -> Path:
        """Say where a day's file of a table lies."""
        return self.settings.csv_path / day / f"{day}_{table}.csv"

    def csv_contents(self) -> dict[str, bytes]:
        """Read all CSV files."""
        folder = self.settings.csv_path
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }


def _execute(job: JobDefinition, instance: DagsterInstance, **how: Any) -> ExecuteInProcessResult:
    return job.execute_in_process(instance=instance, run_config=_QUIET, raise_on_error=False, **how)


def range_tags(first: str, last: str) -> dict[str, str]:
    """Give the tags of a run about many days."""
    return {
        "dagster/asset_partition_range_start": first,
        "dagster/asset_partition_range_end": last,
    }


def copy_of(site: Site, folder: Path) -> Site:
    """Copy what a site has stored, to be changed without changing the site."""
    shutil.copytree(site.settings.data_path, folder)
    return replace(site, settings=site.settings.model_copy(update={"data_dir": folder}))


@contextmanager
def opened_site(
    source: str, data_dir: Path, *, model: Model = MODEL, **settings: Any
) -> Iterator[Site]:
    """Give a site on a source; what is not said here is small, quick and without retries."""
    chosen: dict[str, Any] = {
        "source": source,
        "data_dir": data_dir,
        "users_per_day": 12,
        "page_size": 500,
        "seed": "{date}",
        "start_date": date(2026, 1, 1),
        "pii_key": KEY,
        "timeout": 5,
        "request_budget": 30,
        "connections": 2,
        "run_retries": 0,
        "run_retry_delay": 0,
        **settings,
    }
    with DagsterInstance.ephemeral() as instance:
        yield Site(Settings(**chosen), instance, model)
