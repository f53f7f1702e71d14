"""A backfill as one run beside the same days as one run a day: seconds a day, and peak memory.

Usage: python .ci/bench_backfill.py [days] [people a day]

Each is a process of its own, started as from a shell. One run a day is measured on ten days spread
over the others, with the warehouse as the backfill has left it.
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from randomuser_assets.settings import PREFIX

DAGSTER = Path(sys.executable).with_name("dagster")
MATERIALIZE = [
    str(DAGSTER), "asset", "materialize", "-m", "randomuser_assets.definitions",
    "--select", '* and not key:"backup" and not group:"marts"',
]  # fmt: skip
SINGLE_RUNS = 10


def run(folder: Path, people: int, start: str, *what: str) -> tuple[float, int]:
    """Run a command, and give its seconds and its peak memory in MB."""
    environment = {
        **os.environ,
        "DAGSTER_HOME": str(folder / "home"),
        f"{PREFIX}SOURCE": "sample",
        f"{PREFIX}DATA_DIR": str(folder / "data"),
        f"{PREFIX}USERS_PER_DAY": str(people),
        f"{PREFIX}START_DATE": start,
    }
    started = time.monotonic()
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([*MATERIALIZE, *what], env=environment, stdout=log, stderr=log)  # noqa: S603  our own command
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit((folder / "log").read_text()[-4000:])
    return time.monotonic() - started, usage.ru_maxrss // 1024


def main(days: int = 365, people: int = 500) -> None:
    """Measure, and print a table."""
    last = datetime.now(UTC).date() - timedelta(days=1)
    first = last - timedelta(days=days - 1)
    print("| | seconds | seconds a day | peak memory |\n|---|---|---|---|")
    for number in sorted({min(30, days), days}):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "home").mkdir()
            begin = last - timedelta(days=number - 1)
            span = f"{begin}...{last}"
            seconds, peak = run(folder, people, f"{begin}", "--partition-range", span)
            print(
                f"| {number} days in one run | {seconds:.0f} | {seconds / number:.2f} | {peak} MB |"
            )
            if number < days:
                continue
            taken = []
            for at in range(0, days, max(days // SINGLE_RUNS, 1)):
                day = first + timedelta(days=at)
                taken.append(run(folder, people, f"{begin}", "--partition", f"{day}"))
            a_day = sum(each for each, _ in taken) / len(taken)
            peak = max(each for _, each in taken)
            print(f"| {days} days, one run a day | {a_day * days:.0f} | {a_day:.2f} | {peak} MB |")
            print(f"\nOne run is {a_day * days / seconds:.1f} times as fast.")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
