"""A contest: each contestant in turn, round by round, on the same responses.

Between two of them the disk is waited for, so that nobody waits for what another one wrote. What
each has made is compared with what ours has made, and is then removed.
"""

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.compare import Contents, check_same, contents
from bench.contestants import Contestant, home_in
from bench.measure import Measured, measured
from bench.responses import PAGE, responses, size
from bench.stages import stages

Results = dict[str, Any]


def contest(
    contestants: Sequence[Contestant],
    people: int,
    rounds: int,
    folder: Path,
    tell: Callable[[str], None],
    page: int = PAGE,
) -> Results:
    """Give what each contestant took in each round; the first is whom the others must equal."""
    deliveries = responses(folder, people, page)
    taken: dict[str, list[dict[str, float]]] = {each.name: [] for each in contestants}
    where: dict[str, list[dict[str, float]]] = {e.name: [] for e in contestants if e.is_ours}
    found: Results = {"people": people, "bytes": size(deliveries), "taken": taken, "stages": where}
    for number in range(1, rounds + 1):
        reference: Contents | None = None
        for contestant in contestants:
            out = folder / "out" / contestant.name
            shutil.rmtree(out, ignore_errors=True)
            took = run(contestant, deliveries, out)
            made = contents(contestant, out)
            check_same(reference or made, made)
            reference = reference or made
            taken[contestant.name].append({**asdict(took), "left": left(out)})
            if contestant.is_ours:
                where[contestant.name].append(stages(home_in(out / "data"), took))
            shutil.rmtree(out)
            tell(
                f"{people:,} people, round {number}: {contestant.shown} {took.seconds:.1f} s, "
                f"{people / took.seconds:,.0f} people a second, {took.peak / 2**20:,.0f} MB"
            )
    return found


def run(contestant: Contestant, deliveries: Path, out: Path) -> Measured:
    """Let one contestant make its tables."""
    command, environment = contestant.prepared(deliveries, out)
    os.sync()
    return measured(command, environment, out.with_suffix(".log"))


def left(out: Path) -> int:
    """Give the bytes of tables and files that are there at the end, without records of the run."""
    return sum(
        file.stat().st_size
        for file in out.rglob("*")
        if file.suffix in {".duckdb", ".parquet", ".csv"} and out / "pipeline" not in file.parents
    )
