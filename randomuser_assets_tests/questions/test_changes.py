"""What changed since yesterday, when something did: the demo's people are others each day."""

from uuid import UUID

import duckdb
import pytest

from randomuser_assets.model.marts import DIM_USER, FCT_USER_SNAPSHOT
from randomuser_assets_tests.questions.demo_days import QUESTIONS

BEFORE, YESTERDAY, TODAY = "2026-11-18", "2026-11-19", "2026-11-20"
Version = tuple[str, str | None, list[str]]

HISTORIES: dict[str, list[Version]] = {
    "is the same": [(BEFORE, None, [])],
    "is the same since yesterday": [(BEFORE, YESTERDAY, []), (YESTERDAY, None, ["email"])],
    "is another": [(BEFORE, TODAY, []), (TODAY, None, ["email", "location_key"])],
    "is another, too": [(BEFORE, TODAY, []), (TODAY, None, ["email"])],
    "is new": [(TODAY, None, [])],
    "went": [(BEFORE, TODAY, [])],
    "went before": [(BEFORE, YESTERDAY, [])],
    "came back": [(BEFORE, YESTERDAY, []), (TODAY, None, [])],
    "came back with a phone": [(BEFORE, YESTERDAY, []), (TODAY, None, ["phone"])],
}


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA marts")
    for table in (DIM_USER, FCT_USER_SNAPSHOT):
        columns = ", ".join(f"{column.name} {column.type.sql}" for column in table.columns)
        connection.execute(f"CREATE TABLE marts.{table.name} ({columns})")
    for number, versions in enumerate(HISTORIES.values()):
        for valid_from, valid_to, changed in versions:
            person, key = UUID(int=number), f"{number} from {valid_from}"
            connection.execute(
                "INSERT INTO marts.dim_user "
                "(user_key, user_id, valid_from, valid_to, is_current, changed_columns) "
                "VALUES ($1, $2, $3, $4, $4 IS NULL, $5)",
                [key, person, valid_from, valid_to, changed],
            )
            if valid_to is None:
                connection.execute(
                    "INSERT INTO marts.fct_user_snapshot (snapshot_date, user_id, user_key) "
                    "VALUES ($1, $2, $3)",
                    [TODAY, person, key],
                )
    return connection


def test_each_change_is_counted(connection: duckdb.DuckDBPyConnection) -> None:
    changes = connection.execute(QUESTIONS["changes_since_yesterday"].sql).fetchall()
    assert changes == [
        ("another email", 2),
        ("as before", 2),
        ("back after a time", 2),
        ("another location_key", 1),
        ("another phone", 1),
        ("new", 1),
        ("no longer there", 1),
    ]
