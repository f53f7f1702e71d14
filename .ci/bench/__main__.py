"""The comparison: runs it, prints a table, and keeps what was measured where docs are made of it.

    python -m bench [--people 50000 500000] [--alone 5000000] [--rounds 3] [--only ours polars]
                    [--with-slow] [--write]

Responses and results lie in BENCH_DIR, and responses stay there for the next time; without it, in
a folder that is removed. A day of 5,000,000 takes 15 GB of it, one of 2,000,000 takes 8.
"""

import argparse
import sys
from functools import partial

from bench.compare import DiffersError
from bench.contest import contest
from bench.contestants import ALL, OURS, Contestant, chosen
from bench.machine import machine, today
from bench.measure import FailedError
from bench.page import table, write_page
from bench.results import keep, kept
from bench.where import bench_folder

PEOPLE = (50_000, 500_000, 2_000_000)
ROUNDS = 3


def main() -> None:
    """Run the comparison as it is asked for."""
    given = _arguments()
    tell = partial(print, flush=True)
    if given.render:
        write_page(kept())
        return
    everybody = list(chosen(given.only))
    sizes = [(people, everybody, given.rounds) for people in given.people]
    sizes += [(people, [OURS], 1) for people in given.alone]
    with bench_folder() as folder:
        for people, contestants, rounds in sizes:
            who = [each for each in contestants if given.with_slow or _takes_part(each, people)]
            try:
                found = contest(who, people, rounds, folder, tell)
            except (DiffersError, FailedError) as error:
                sys.exit(f"{error}")
            tell("", table(found), sep="\n")
            if given.write:
                part = {"date": today(), "machine": machine(folder), **found}
                write_page(keep("comparison", f"{people}", part))


def _takes_part(contestant: Contestant, people: int) -> bool:
    return contestant.most is None or people <= contestant.most


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--people", type=int, nargs="*", default=PEOPLE, help="sizes at which all take part"
    )
    parser.add_argument(
        "--alone",
        type=int,
        nargs="*",
        default=(),
        help="sizes at which ours is alone, once: for its memory",
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", nargs="+", default=[each.name for each in ALL])
    parser.add_argument("--with-slow", action="store_true", help="dlt at any size, for hours")
    parser.add_argument("--write", action="store_true", help="keep it, and write the page of it")
    parser.add_argument("--render", action="store_true", help="write the page of what is kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
