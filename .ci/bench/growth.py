"""What a day costs in a warehouse of few days and of many, in turn: python -m bench.growth.

    python -m bench.growth [--days 10 1000] [--people 500] [--rounds 5] [--write]

The small warehouse is made by one backfill of the pipeline itself, from the built-in source:
tables, checks, CSV and Parquet files, the quality page; the large ones are that one with earlier
days before it. Then days are added, one in each warehouse in turn, by the command line. Beside
seconds stand counts that are the same on any machine: the bytes of all reads and writes of the
process, which a scan of history could not hide from.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from bench.contestants import home_in
from bench.history import lengthen
from bench.machine import machine, today
from bench.measure import FailedError, Measured, measured
from bench.page import growth_table, write_page
from bench.results import Results, Rounds, keep
from bench.stages import steps
from bench.where import bench_folder
from randomuser_assets.settings import PREFIX

_DAGSTER = Path(sys.executable).with_name("dagster")
_DAILY = '* and not key:"backup" and not group:"marts"'


@dataclass(frozen=True)
class Warehouse:
    """A warehouse that has so many days, and will have more."""

    days: int
    people: int
    folder: Path
    last: date

    @property
    def data(self) -> Path:
        """Its data directory."""
        return self.folder / "data"

    @property
    def first(self) -> date:
        """Its first day."""
        return self.last - timedelta(days=self.days - 1)

    def build(self) -> Measured:
        """Make it by the pipeline."""
        return self._materialize("--partition-range", f"{self.first}...{self.last}")

    def lengthened(self, days: int) -> "Warehouse":
        """Give one with more days, of which these are the last."""
        longer = replace(self, days=days, folder=self.folder.with_name(f"{days}"))
        shutil.copytree(self.folder, longer.folder)
        own = [self.first + timedelta(days=n) for n in range(self.days)]
        lengthen(longer.data, own, days)
        return longer

    def add(self, number: int) -> Measured:
        """Add a day behind its last one."""
        return self._materialize("--partition", f"{self.last + timedelta(days=number)}")

    def _materialize(self, *what: str) -> Measured:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(PREFIX)
        }
        environment |= {
            "DAGSTER_HOME": str(home_in(self.data)),
            f"{PREFIX}SOURCE": "sample",
            f"{PREFIX}DATA_DIR": str(self.data),
            f"{PREFIX}USERS_PER_DAY": str(self.people),
            f"{PREFIX}START_DATE": f"{self.first}",
        }
        command = [str(_DAGSTER), "asset", "materialize", "-m", "randomuser_assets.definitions"]
        os.sync()
        return measured([*command, "--select", _DAILY, *what], environment, self.folder / "log")


def main() -> None:
    """Build the warehouses, add days to each in turn, and print a table."""
    given = _arguments()
    tell = partial(print, flush=True)
    with bench_folder() as folder:
        last = datetime.now(UTC).date() - timedelta(days=given.rounds + 1)
        small, *large = sorted(given.days)
        shutil.rmtree(folder / "growth", ignore_errors=True)
        first = Warehouse(small, given.people, folder / "growth" / f"{small}", last)
        try:
            first.build()
            warehouses = [first, *(first.lengthened(days) for days in large)]
            found = {"people": given.people, **_taken(warehouses, given.rounds, tell)}
        except FailedError as error:
            sys.exit(f"{error}")
        tell("", growth_table(found), sep="\n")
        if given.write:
            part = {"date": today(), "machine": machine(folder), **found}
            write_page(keep("growth", "days", part))
        shutil.rmtree(folder / "growth")


def _taken(warehouses: list[Warehouse], rounds: int, tell: "partial[None]") -> Results:
    taken: dict[str, Rounds] = {f"{each.days}": [] for each in warehouses}
    by_step: dict[str, Rounds] = {name: [] for name in taken}
    for number in range(1, rounds + 1):
        for warehouse in _in_turn(warehouses, number):
            took = warehouse.add(number)
            taken[f"{warehouse.days}"].append(asdict(took))
            by_step[f"{warehouse.days}"].append(steps(home_in(warehouse.data)))
            tell(
                f"a day more than {warehouse.days:,}, round {number}: {took.seconds:.2f} s, "
                f"{took.moved / 2**20:,.1f} MB read and written"
            )
    return {"taken": taken, "steps": by_step}


def _in_turn(warehouses: list[Warehouse], number: int) -> Iterable[Warehouse]:
    """Let each be first as often as the others."""
    return warehouses if number % 2 else reversed(warehouses)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.growth", description=__doc__.partition("\n")[0])
    parser.add_argument("--days", type=int, nargs="+", default=(10, 1_000))
    parser.add_argument("--people", type=int, default=500, help="people a day")
    parser.add_argument("--rounds", type=int, default=5, help="days that are added to each")
    parser.add_argument("--write", action="store_true", help="keep it, and write the page of it")
    return parser.parse_args()


if __name__ == "__main__":
    main()
