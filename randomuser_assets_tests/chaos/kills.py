"""Kills runs at random moments of their writes and exports, and looks at what is left.

    python -m randomuser_assets_tests.chaos.kills 100

Two versions of the same days are written over each other. After each kill every day of every table
and file must be that of one version as a whole, the warehouse's own log must name the run that
wrote it, and the next run, which is not killed, must succeed and leave nothing behind.
"""

import logging
import multiprocessing
import os
import random
import sys
import tempfile
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
from dagster import DagsterInstance

from randomuser_assets.build import build_definitions
from randomuser_assets.model import MODEL
from randomuser_assets.settings import Settings
from randomuser_assets.warehouse.turns import holder_of
from randomuser_assets_tests.chaos.contents import (
    Contents,
    files_of,
    last_writers,
    leftovers,
    tables_of,
)
from randomuser_assets_tests.graph.site import range_tags

VERSIONS = ("a", "b")
FIRST, LAST = "2026-01-05", "2026-01-06"
LONGEST_DELAY = 0.08  # seconds from the moment that is waited for until the kill
LONGEST_RUN = 300.0

WRITES = [f"writing {table.schema}.{table.name}" for table in MODEL]
WRITES.append("writing quality.check_results")
EXPORTS = ("csv", "parquet", "reports")
BETWEEN, TOO_LATE = "between writes", "after its end"

_forkserver = multiprocessing.get_context("forkserver")
_forkserver.set_forkserver_preload([__name__])


def run_days(settings: Settings, run_id: str) -> None:
    """Run the daily job for the days; the process ends with 1 where it fails."""
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    logging.disable(logging.CRITICAL)
    with DagsterInstance.ephemeral() as instance:
        job = build_definitions(settings).resolve_job_def("extract_load")
        result = job.execute_in_process(
            instance=instance,
            run_id=run_id,
            tags=range_tags(FIRST, LAST),
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=False,
        )
    sys.exit(0 if result.success else 1)


@dataclass
class Place:
    """Where the runs write, what each version is, and which run is of which."""

    folder: Path
    people: int
    runs: dict[str, str] = field(default_factory=dict)
    tables: dict[str, Contents] = field(default_factory=dict)
    files: dict[str, Contents] = field(default_factory=dict)

    def settings(self, version: str) -> Settings:
        """Give the settings under which the days are those of a version."""
        return Settings(
            source="sample",
            data_dir=self.folder,
            seed=f"{version}-{{date}}",
            users_per_day=self.people,
            start_date=date(2026, 1, 1),
            run_retries=0,
        )

    def start(self, version: str) -> "multiprocessing.context.ForkServerProcess":
        """Start a run that writes a version."""
        run_id = str(uuid.uuid4())
        self.runs[run_id] = version
        process = _forkserver.Process(target=run_days, args=(self.settings(version), run_id))
        process.start()
        return process

    def run(self, version: str) -> None:
        """Let a run come to its end, which must leave that version and nothing else."""
        process = self.start(version)
        process.join(LONGEST_RUN)
        assert process.exitcode == 0, f"the run after a kill ended with {process.exitcode}"
        settings = self.settings(version)
        assert leftovers(settings) == []
        if version in self.tables:
            assert tables_of(settings) == self.tables[version]
            assert files_of(settings) == self.files[version]
        self.tables[version] = tables_of(settings)
        self.files[version] = files_of(settings)

    def look(self) -> None:
        """See that every day of every table and file is that of one version."""
        settings = self.settings(VERSIONS[0])
        stored = tables_of(settings)
        for found, versions in ((stored, self.tables), (files_of(settings), self.files)):
            assert found.keys() == versions[VERSIONS[0]].keys()
            for what, content in found.items():
                known = [version for version in VERSIONS if versions[version][what] == content]
                assert known, f"{what} is neither the old one nor the new one"
        for what, run_id in last_writers(settings).items():
            # A day of which a table has no rows has no fingerprint.
            assert stored.get(what) == self.tables[self.runs[run_id]].get(what), (
                f"{what} is said to be of another run than it is"
            )
        if settings.catalog_path.exists():
            with duckdb.connect(str(settings.catalog_path), read_only=True) as connection:
                connection.execute("FROM duckdb_views()").fetchall()

    def kill_during(self, version: str, moment: str, chance: random.Random) -> str:
        """Kill a run some time after a moment has come, and say where it was then."""
        process = self.start(version)
        end = time.monotonic() + LONGEST_RUN
        while process.is_alive() and not self._has_come(moment) and time.monotonic() < end:
            time.sleep(0.0005)
        time.sleep(chance.uniform(0, LONGEST_DELAY))
        died_of_it = process.is_alive()
        process.kill()
        process.join()
        return self._where(process.pid or 0) if died_of_it else TOO_LATE

    def _has_come(self, moment: str) -> bool:
        if moment in EXPORTS:
            return any((self.folder / moment / ".parts").glob("*"))
        told, _, _ = self._holder().partition(", since")
        return told.endswith(moment)

    def _holder(self) -> str:
        return holder_of(self.folder / "warehouse.duckdb")

    def _where(self, pid: int) -> str:
        left = [kind for kind in EXPORTS if any((self.folder / kind / ".parts").glob("*"))]
        if left:
            return f"in an export ({left[0]})"
        told, _, _ = self._holder().partition(", since")
        is_write = told.startswith(f"process {pid},") and any(map(told.endswith, WRITES))
        return "in a write" if is_write else BETWEEN


def kill_runs(folder: Path, wanted: int, people: int, seed: int) -> Counter[str]:
    """Kill runs until so many have died in a write or export, and say where all have died."""
    chance = random.Random(seed)  # noqa: S311  a test that can be repeated
    place = Place(folder, people)
    for version in VERSIONS:
        place.run(version)
    died = Counter[str]()
    stored = VERSIONS[-1]
    while died.total() - died[BETWEEN] - died[TOO_LATE] < wanted:
        other = VERSIONS[1 - VERSIONS.index(stored)]
        moment = chance.choice([*WRITES, *EXPORTS * 3])
        where = place.kill_during(other, moment, chance)
        died[where] += 1
        print(f"kill {died.total()}: {where}, after {moment}", flush=True)
        try:
            place.look()
            stored = chance.choice(VERSIONS)
            place.run(stored)
        except AssertionError as error:
            error.add_note(f"kill {died.total()} of seed {seed}: {where}, after {moment}")
            raise
    return died


def main(wanted: int = 100, seed: int = 1, people: int = 1000) -> None:
    """Kill runs, and tell what came of it."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        died = kill_runs(Path(folder), wanted, people, seed)
    for where, times in died.most_common():
        print(f"{times:4} killed {where}")
    print(
        f"{died.total()} kills, seed {seed}, {time.monotonic() - started:.0f} s: each day of each "
        "table and file was the old one or the new one, and each next run succeeded."
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
