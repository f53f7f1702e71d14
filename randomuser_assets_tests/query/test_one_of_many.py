"""Of many texts, each is known and nothing else is, whatever is in them; and no join is made."""

import duckdb
import pytest
from sqlglot import exp

from randomuser_assets.model import MODEL
from randomuser_assets.model.values import OneOf
from randomuser_assets.query.dialects import WarehouseDuckDB
from randomuser_assets.query.flatten import flattened
from randomuser_assets.query.values import obeys
from randomuser_assets_tests.query.division import RAW, Bench

ODD = ("", "a b", "c.d", "e|f", "g'h", "(i", "j\\k", "[l]", "^m$", "n\no", "ü", "p{2}", "q*", "\\z")
OTHERS = (*(f"{x}!" for x in ODD), *(f" {x}" for x in ODD), "cxd", "A b", "e", "pp", "q", "n", "\n")


def known(values: tuple[str, ...], value: str | None) -> object:
    condition = obeys(OneOf(values), exp.column("value")).sql(dialect=WarehouseDuckDB)
    asked = duckdb.execute(f"SELECT {condition} FROM (SELECT $1::VARCHAR AS value)", [value])
    ((answer,),) = asked.fetchall()
    return answer


@pytest.mark.parametrize("values", [ODD, ODD[:2]])
def test_each_is_known_and_nothing_else(values: tuple[str, ...]) -> None:
    assert [value for value in (*ODD, *OTHERS) if known(values, value)] == list(values)
    assert known(values, None) is None


def test_the_rules_of_a_record_need_no_join(bench: Bench) -> None:
    bench.put([])
    sql = flattened(RAW, MODEL).sql(dialect=WarehouseDuckDB)
    plan = "".join(str(row) for row in bench.rows(f"EXPLAIN {sql}"))
    assert "Filter" in plan or "FILTER" in plan
    assert "JOIN" not in plan.upper()
