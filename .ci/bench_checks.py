"""What the checks of a day cost beside the work they check, in one process, in turn.

Usage: python .ci/bench_checks.py [people] [rounds]
"""

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from dagster import AssetSelection, DagsterInstance, Definitions, define_asset_job

from randomuser_assets.bounds import MAX_PAGE_SIZE
from randomuser_assets.build import build_definitions
from randomuser_assets.model import MODEL
from randomuser_assets.settings import SAMPLE, Settings

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
TODAY = datetime.now(UTC).date()

FETCH = AssetSelection.assets(MODEL.raw.name).without_checks()
TABLES = [table.name for table in MODEL if table != MODEL.raw]
WORK = AssetSelection.assets(*TABLES).without_checks()
CHECKS = AssetSelection.all_asset_checks()


def main(people: int, rounds: int) -> None:
    """Fetch a day once, then make its tables and check them, several times."""
    with tempfile.TemporaryDirectory() as folder, DagsterInstance.ephemeral() as instance:
        settings = Settings(
            source=SAMPLE,
            data_dir=Path(folder),
            users_per_day=people,
            page_size=MAX_PAGE_SIZE,
            start_date=TODAY,
        )
        definitions = build_definitions(settings)

        def seconds(name: str, selection: AssetSelection) -> float:
            job = define_asset_job(name, selection=selection)
            whole = Definitions.merge(definitions, Definitions(jobs=[job]))
            resolved = whole.resolve_job_def(name)
            started = time.perf_counter()
            resolved.execute_in_process(
                instance=instance,
                tags={"dagster/partition": TODAY.isoformat()},
                run_config=QUIET,
            )
            return time.perf_counter() - started

        print(f"{people:,} people, fetched in {seconds('fetch', FETCH):.1f} s")
        works, checks = [], []
        for number in range(1, rounds + 1):
            works.append(seconds("work", WORK))
            checks.append(seconds("checks", CHECKS))
            print(
                f"round {number}: flatten, reject and normalise {works[-1]:.2f} s, "
                f"all checks {checks[-1]:.2f} s: {checks[-1] / works[-1]:.0%}"
            )
        print(
            f"median: {median(works):.2f} s and {median(checks):.2f} s: "
            f"{median(checks) / median(works):.0%}"
        )


if __name__ == "__main__":
    main(*(int(each) for each in (*sys.argv[1:], *("500", "3")[len(sys.argv) - 1 :])))
