"""What a day costs, counted where it does not depend on the machine: statements, rows and bytes.

The figures are those of a fixed input: whoever changes one says in the commit what it bought. Here
belongs what grows with people or with days. Not here: seconds (`.ci/bench`), and how often a record
is parsed (`test_parsing_once`).
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest

from randomuser_assets.model import MODEL
from randomuser_assets.warehouse import connect, engines
from randomuser_assets.warehouse.engines import Opened
from randomuser_assets_tests.graph.site import Site, opened_site

DAYS = [f"2026-01-{day:02}" for day in range(1, 31)]
_INSERTED = re.compile(r'INSERT INTO "(\w+)"\."(\w+)"')


@dataclass
class Cost:
    """What was asked of the engine: how often, and how many stored rows it looked at for that."""

    statements: int = 0
    rows: int = 0
    engines: int = 0
    """Engines that were made: each takes as long as a small table."""
    rows_for: Counter[str] = field(default_factory=Counter)
    """Rows that were looked at to write each table."""


class Counted:
    """A connection whose statements are counted, with the rows that the engine says it scanned."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, profile: Path, cost: Cost) -> None:
        self._connection, self._profile, self._cost = connection, profile, cost
        connection.execute("SET enable_profiling = 'json'")
        connection.execute(f"SET profiling_output = '{profile}'")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, statement: str, *values: Any) -> duckdb.DuckDBPyConnection:
        """Execute it, and count."""
        self._profile.unlink(missing_ok=True)
        done = self._connection.execute(statement, *values)
        self._cost.statements += 1
        if self._profile.exists():  # some statements, such as BEGIN, have no plan
            rows = json.loads(self._profile.read_text())["query"].get("total_rows_scanned", 0)
            self._cost.rows += rows
            if written := _INSERTED.match(statement):
                self._cost.rows_for[written.group(2)] += rows
        return done


@pytest.fixture
def costs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], Cost]:
    """Begin to count anew, with each call."""
    now = [Cost()]

    class CountedFile(Opened):
        def __init__(self, *where: Any, **how: Any) -> None:
            super().__init__(*where, **how)
            counted = Counted(self.connection, tmp_path / "profile.json", now[0])
            self.connection = cast("duckdb.DuckDBPyConnection", counted)

    class CountedEngine(engines._Engine):
        def __init__(self, *what: Any, **how: Any) -> None:
            now[0].engines += 1
            super().__init__(*what, **how)

    monkeypatch.setattr(connect, "Opened", CountedFile)
    monkeypatch.setattr(engines, "_Engine", CountedEngine)
    engines._keep(None)

    def begin() -> Cost:
        now[0] = Cost()
        return now[0]

    return begin


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with opened_site("sample", tmp_path / "data", users_per_day=1000) as opened:
        yield opened


def run(site: Site, day: str, cost: Cost) -> Cost:
    assert site.run(day).success
    return cost


def test_a_table_is_made_of_as_few_looks_at_the_rows_as_it_takes(
    site: Site, costs: Callable[[], Cost]
) -> None:
    cost = run(site, DAYS[0], costs())
    # Of rejected_users: the places of two tables, and then the rows without one. Of a table with a
    # row a person: its rows, which keys come again, and the rows of those.
    looks = {"raw_users": 1, "flattened_users": 1, "rejected_users": 3}
    looks |= {table.name: 3 if "user_id" in table.key else 1 for table in MODEL.core}
    assert {name: cost.rows_for[name] for name in looks} == {
        name: times * 1000 for name, times in looks.items()
    }
    assert cost.rows <= 49 * 1000
    assert cost.statements <= 610
    assert cost.engines == 1


@pytest.mark.long
def test_the_next_day_makes_no_engine(site: Site, costs: Callable[[], Cost]) -> None:
    run(site, DAYS[0], costs())
    assert run(site, DAYS[1], costs()).engines == 0


@pytest.mark.long
def test_statements_do_not_grow_with_people(
    site: Site, tmp_path: Path, costs: Callable[[], Cost]
) -> None:
    many = run(site, DAYS[0], costs())
    with opened_site("sample", tmp_path / "few", users_per_day=100) as smaller:
        few = run(smaller, DAYS[0], costs())
    assert many.statements == few.statements


@pytest.mark.long
def test_a_day_costs_the_same_however_many_there_are(site: Site, costs: Callable[[], Cost]) -> None:
    """The engine looks at whole groups of rows, which days share: so at up to twice a day's."""
    run(site, DAYS[0], costs())
    second = run(site, DAYS[1], costs())
    costs()
    assert site.run_range(DAYS[2], DAYS[-2]).success
    last = run(site, DAYS[-1], costs())
    assert last.statements == second.statements
    assert last.rows <= (14 + 1) * second.rows  # checks compare with fourteen days before
    assert last.rows_for.total() <= second.rows_for.total()


@pytest.mark.long
def test_what_is_written_is_about_as_large_as_what_came(site: Site) -> None:
    assert site.run(DAYS[0]).success
    came = sum(len(payload) for (payload,) in site.rows("SELECT payload FROM raw.raw_users"))
    csv = sum(map(len, site.csv_contents().values()))
    assert csv <= came
    assert site.settings.warehouse_path.stat().st_size <= 6 * came
