"""However a write fails, no value of the data is in anything that Dagster stores of the run.

Each case plants a value that stands nowhere else, and looks for it in the whole event log:
messages, metadata, errors with their causes, stack traces.
"""

import pandas as pd
import pyarrow as pa
import pytest
import sqlglot

from randomuser_assets_tests.warehouse.house import House
from randomuser_assets_tests.warehouse.people import (
    FIRST,
    SECOND,
    column,
    people,
    people_asset,
    table_asset,
)

PLANTED = "Xanthippe"
NUMBER = 2046093517  # of a length that no other number in a log has
NOT_UTF8 = pa.array([PLANTED.encode() + b"\xff"]).cast(pa.string(), safe=False)


def _query(value: str) -> sqlglot.Expr:
    columns = "DATE '2026-01-01' AS snapshot_date, 'Ada' AS name, NULL AS seen_at"
    return sqlglot.parse_one(f"SELECT {columns}, {value} AS age", dialect="duckdb")


def _planted(age: object, **columns: object) -> pd.DataFrame:
    return people(FIRST, PLANTED, age=age, **columns)


@pytest.mark.parametrize(
    "given",
    [
        _planted(PLANTED),
        _planted(f"{NUMBER}.5"),
        _planted([[PLANTED]]),
        _planted([{"key": PLANTED}]),
        _planted([{PLANTED: 1}]),
        _planted(pd.Categorical([PLANTED])),
        _planted(PLANTED.encode()),
        _planted(NUMBER, seen_at=PLANTED),
        _planted(f"NOT NULL constraint failed: {PLANTED}"),
        _planted(f"{PLANTED}\udc80"),
        _planted(NUMBER, city=PLANTED),
        people(SECOND, PLANTED, age=NUMBER),
        people(FIRST, PLANTED, "Bob", name=[PLANTED, None], age=NUMBER),
        _query(f"CAST('{PLANTED}' AS INTEGER)"),
        _query(f"CAST('NOT NULL constraint failed: {PLANTED}' AS INTEGER)"),
        _query(f"CAST(concat('{PLANTED[:4]}', '{PLANTED[4:]}') AS INTEGER)"),
        _query(f"error(concat('{PLANTED[:4]}', '{PLANTED[4:]}'))"),
        _query(f"CAST({NUMBER} AS INTEGER) * CAST(1000 AS INTEGER)"),
        _query(f"from_json('{PLANTED}', '\"INTEGER\"')"),
        _query(f"strptime('{PLANTED}', '%Y')"),
        _query(f"CAST('{PLANTED}' AS ENUM('Ada'))"),
        _query(f"{{'kind': CAST('{PLANTED}' AS ENUM('{PLANTED}'))}}"),
        _query(f"[CAST('{PLANTED}' AS ENUM('{PLANTED}'))]"),
        pa.table(
            {"snapshot_date": NOT_UTF8, "name": NOT_UTF8, "age": NOT_UTF8, "seen_at": NOT_UTF8}
        ),
    ],
    ids=[
        "text for a number",
        "a fraction in a text",
        "list",
        "object",
        "key of an object",
        "categories",
        "bytes",
        "text for an instant",
        "text like an engine's message",
        "a lone surrogate",
        "undeclared column",
        "another day's row",
        "null where none may be",
        "cast in a query",
        "cast of text like an engine's message",
        "cast of a computed text",
        "an error of the query's own",
        "overflow",
        "broken JSON",
        "unparsed time",
        "not in an enumeration",
        "enumeration in an object",
        "enumeration in a list",
        "not UTF-8",
    ],
)
def test_no_value_is_told(house: House, given: object, capfd: pytest.CaptureFixture[str]) -> None:
    told = house.refusal(people_asset(given), day=FIRST)
    assert "core.people" in told
    log, printed = house.log(), "".join(capfd.readouterr())
    assert "STEP_FAILURE" in log
    assert "io_manager.py" in log  # a stack trace
    for secret in (PLANTED, str(NUMBER)):
        assert secret not in log
        assert secret not in printed


def test_no_category_of_an_undeclared_column_is_told(house: House) -> None:
    """The engine's name of such a column's type lists its values."""
    for value in (PLANTED, "Ada", PLANTED):
        frame = pd.DataFrame({"name": pd.Categorical([value])})
        house.attempt(table_asset(frame, columns=None))
        assert PLANTED not in house.log()


def test_no_value_is_told_when_all_is_well(house: House) -> None:
    secret = column("age", "INTEGER")
    frame = pd.DataFrame({"age": [NUMBER]})
    house.run(table_asset(frame, columns=(secret,)))
    house.run(table_asset(frame, columns=None, name="undeclared"))
    assert str(NUMBER) not in house.log()
