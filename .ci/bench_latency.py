"""How long a day takes in a process that has run one before, step by step, and what loading costs.

Usage: python .ci/bench_latency.py [people] [days]

The first day is cold: it makes the tables, and imports what is only imported when a step runs.
Where Dagster keeps its records makes much of a day's seconds, so they are kept in memory first, and
then in files, as `make dev` does. Imports are measured in processes of their own, Dagster alone
beside the code location, and the best of several counts.
"""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dagster import DagsterInstance

from randomuser_assets.bounds import MAX_PAGE_SIZE
from randomuser_assets.build import build_definitions
from randomuser_assets.environment import dagster_home
from randomuser_assets.for_good import loaded_for_good
from randomuser_assets.settings import SAMPLE, Settings

ROUNDS = 5
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
TODAY = datetime.now(UTC).date()


def seconds_to_import(*modules: str) -> dict[str, float]:
    """Import each module in fresh processes, in turn, and give the best time of each."""
    best = dict.fromkeys(modules, float("inf"))
    for _ in range(ROUNDS):
        for module in modules:
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", f"import {module}"], check=True)  # noqa: S603  our own command
            best[module] = min(best[module], time.perf_counter() - started)
    return best


def run_days(
    instance: DagsterInstance, folder: Path, people: int, days: int
) -> list[dict[str, float]]:
    """Run the days' work, without marts, in this process: the seconds of each step, and in all."""
    first = TODAY - timedelta(days=days - 1)
    settings = Settings(
        source=SAMPLE,
        data_dir=folder,
        users_per_day=people,
        page_size=MAX_PAGE_SIZE,
        start_date=first,
    )
    with loaded_for_good():  # as Dagster loads it
        job = build_definitions(settings).resolve_job_def("extract_load")
    taken = []
    for number in range(days):
        day = first + timedelta(days=number)
        started, worked = time.perf_counter(), time.process_time()
        ended = job.execute_in_process(
            instance=instance, partition_key=day.isoformat(), run_config=QUIET
        )
        in_all = {
            "in all": time.perf_counter() - started,
            "of them on a core": time.process_time() - worked,
        }
        stats = instance.get_run_step_stats(ended.run_id)
        steps = {each.step_key: (each.end_time or 0) - (each.start_time or 0) for each in stats}
        taken.append({**steps, **in_all})
    return taken


def main(people: int = 500, days: int = 5) -> None:
    """Measure, and print a table of imports, and one of days for each kind of records."""
    print("| import | seconds |\n|---|---|")
    for module, seconds in seconds_to_import("dagster", "randomuser_assets.definitions").items():
        print(f"| {module} | {seconds:.2f} |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["DAGSTER_HOME"] = str(dagster_home(Settings(source=SAMPLE, data_dir=folder)))
        kinds: dict[str, AbstractContextManager[DagsterInstance]] = {
            "in memory": DagsterInstance.ephemeral(),
            "in files": DagsterInstance.get(),
        }
        for kind, opened in kinds.items():
            with opened as instance:
                cold, *warm = run_days(instance, folder / kind, people, days)
            print(f"\n| {people:,} people, records {kind} | first | {'then | ' * len(warm)}")
            print("|---" * (2 + len(warm)) + "|")
            for step in cold:
                print(f"| {step} | {' | '.join(f'{day[step]:.2f}' for day in (cold, *warm))} |")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
