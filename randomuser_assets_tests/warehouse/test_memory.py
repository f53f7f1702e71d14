"""What is held is bounded, and what cannot be done so is done all the same."""

import logging

import duckdb
import pytest

from randomuser_assets.warehouse.connect import with_enough_memory

LOG = logging.getLogger(__name__)
LARGE = "SELECT length(string_agg(repeat('x', 1000), '' ORDER BY n)) FROM range({rows}) AS r(n)"


@pytest.mark.parametrize(("rows", "tells"), [(10, 0), (100_000, 1)])
def test_what_needs_more_memory_than_is_usual_gets_it(
    rows: int, tells: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '32MB'")
        done = with_enough_memory(
            connection, lambda: connection.execute(LARGE.format(rows=rows)).fetchall(), LOG
        )
    assert done == [(rows * 1000,)]
    assert len([line for line in caplog.messages if "more memory" in line]) == tells


def test_another_fault_is_raised_and_not_tried_again() -> None:
    tried = []

    def fail() -> None:
        tried.append(1)
        raise duckdb.IOException("no space left")

    with duckdb.connect() as connection, pytest.raises(duckdb.IOException):
        with_enough_memory(connection, fail, LOG)
    assert tried == [1]
