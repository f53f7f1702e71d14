"""The days that docs/questions.md speaks of, as real marts: the built-in people, made by dbt.

What the graph does with them is tested elsewhere. Here its own queries fill the core tables, which
takes a tenth of the time.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from randomuser_assets.document.files import ANALYSES
from randomuser_assets.document.questions import Question, answer_table, read_questions
from randomuser_assets.marts import dbt
from randomuser_assets.model import MODEL
from randomuser_assets.query.normalise import normalised
from randomuser_assets.settings import SAMPLE, Settings
from randomuser_assets.source.sample.people import people
from randomuser_assets_tests.query.division import FLATTENED, Bench
from randomuser_assets_tests.query.records import DOOR

DAYS = ("2026-11-18", "2026-11-19", "2026-11-20")
PEOPLE_A_DAY = 500
ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = read_questions(ROOT / ANALYSES)

# One process for both steps: to start is most of each.
_DBT = """
import json, sys
from dbt.cli.main import dbtRunner

for arguments in json.loads(sys.argv[1]):
    if not dbtRunner().invoke(arguments).success:
        sys.exit(f"dbt failed at {arguments}")
"""
_STEPS = (("run",), ("compile", "--select", "resource_type:analysis"))


@dataclass(frozen=True)
class Marts:
    """A folder with a database that has the marts, and what dbt made of the analyses."""

    folder: Path

    @property
    def database(self) -> Path:
        """The database."""
        return self.folder / "warehouse.duckdb"

    @property
    def compiled(self) -> Path:
        """The analyses as dbt compiles them."""
        return self.folder / "dbt" / "compiled" / "randomuser_assets" / "analyses"

    def rows(self, question: Question) -> list[dict[str, Any]]:
        """Ask, and give what is answered."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            found = connection.execute(question.sql)
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def answer(self, question: Question) -> str:
        """Ask, and give the answer as it stands in the page."""
        return answer_table(self.rows(question))


def records(day: str) -> list[str]:
    """Give a day's people as they come. The moment makes but the two ages, which no mart has."""
    return people(day, 1, PEOPLE_A_DAY, datetime(2026, 11, 20, tzinfo=UTC))


def marts_of_demo_days(folder: Path) -> Marts:
    """Make the marts of the days."""
    marts = Marts(folder)
    bench = Bench()
    for day in DAYS:
        bench.put((DOOR.admit(person.encode()) for person in records(day)), day)
    bench.divide()
    for table in MODEL.core:
        bench.fill(table, normalised(FLATTENED, table, MODEL))
    bench.connection.execute(f"ATTACH '{marts.database}' AS made")
    bench.connection.execute("COPY FROM DATABASE memory TO made")
    bench.connection.close()
    _run_dbt(Settings(source=SAMPLE, data_dir=folder))
    return marts


def _run_dbt(settings: Settings) -> None:
    dbt.make_ready(settings)
    steps = [dbt.command(*step)[3:] for step in _STEPS]
    ended = subprocess.run(
        [sys.executable, "-c", _DBT, json.dumps(steps)],
        cwd=settings.data_path,
        env=dbt.environment(settings),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
