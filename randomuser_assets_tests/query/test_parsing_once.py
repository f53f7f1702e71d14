"""Each record is parsed once, and for the reasons only those without a place in flattened_users.

The JSON reader is replaced by one that also counts what it reads. To the engine both are the same
kind of function, which it may run once or as often as a column of it is used.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlglot.expressions import Anonymous, Select
from sqlglot.generators.duckdb import DuckDBGenerator

from randomuser_assets.model import MODEL
from randomuser_assets.query.dialects import JsonLeaves, WarehouseDuckDB
from randomuser_assets.query.flatten import flattened, rejected
from randomuser_assets.query.rules import rules
from randomuser_assets_tests.query.division import FLATTENED, RAW, Bench, text
from randomuser_assets_tests.query.records import admitted

GOOD = [text(admitted({"email": f"{number}@example.com"})) for number in range(300)]
BAD = [text(admitted({"email": f"{number}@example.com", "nat": None})) for number in range(7)]


def _counted(generator: DuckDBGenerator, node: JsonLeaves) -> str:
    read = Anonymous(this="counted", expressions=[node.this])
    return generator.func("FROM_JSON", read, node.args["shape"])


class CountingDuckDB(WarehouseDuckDB):
    """The warehouse's dialect, whose JSON reader counts."""

    class Generator(WarehouseDuckDB.Generator):
        """Writes the counting reader."""

        TRANSFORMS = {  # noqa: RUF012  SQLGlot's way to declare what a generator writes
            **WarehouseDuckDB.Generator.TRANSFORMS,
            JsonLeaves: _counted,
        }


def run(bench: Bench, query: Select) -> int:
    """Run a query, and give the number of its rows."""
    return len(bench.rows(query.sql(dialect=CountingDuckDB)))


@pytest.fixture
def parsed(bench: Bench) -> Iterator[Counter[str]]:
    """Say how often each payload was parsed."""
    bench.put([*GOOD, *BAD])
    bench.divide()
    found: Counter[str] = Counter()

    def counted(payload: str) -> str:
        found[payload] += 1
        return payload

    bench.connection.create_function("counted", counted, ["VARCHAR"], "VARCHAR")
    yield found
    bench.connection.remove_function("counted")


def test_flattening_parses_each_record_once(bench: Bench, parsed: Counter[str]) -> None:
    assert run(bench, flattened(RAW, MODEL)) == len(GOOD)
    assert parsed == Counter([*GOOD, *BAD])


def test_only_rejected_records_are_parsed_for_their_reasons(
    bench: Bench, parsed: Counter[str]
) -> None:
    assert run(bench, rejected(RAW, FLATTENED, MODEL)) == len(BAD)
    assert parsed == Counter(BAD)


def test_the_counter_would_notice_a_pushed_down_filter(bench: Bench, parsed: Counter[str]) -> None:
    one_by_one = flattened(RAW, MODEL).where(*(rule.met for rule in rules(MODEL)))
    run(bench, one_by_one)
    assert min(parsed.values()) > 10
