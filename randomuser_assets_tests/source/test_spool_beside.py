"""Beside a page lies what was asked and what was odd about it, and a day's pages add up.

Here belongs what lies beside the pages, as the warehouse reads it. Not here: the pages themselves
(`test_spool`), and what is odd about a record (`test_shape`).
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from randomuser_assets.model.quality import REQUESTS, SHAPE_DRIFT
from randomuser_assets.query.dialects import WarehouseDuckDB
from randomuser_assets.query.land import drifted, landed
from randomuser_assets.source import SourceError
from randomuser_assets.source.rows import ENDING, read_column
from randomuser_assets.source.spool import Spool
from randomuser_assets_tests.source.fetching_process import (
    DAY,
    another_process,
    files_of,
    order,
    pages_in,
    says,
    spool_of,
)
from randomuser_assets_tests.source.scripted_server import (
    Asked,
    ScriptedServer,
    people,
    reply,
)

GONE = reply(b"Not Found", "404 Not Found")
OTHER_DAY = date(2026, 11, 21)
Rows = list[tuple[object, ...]]


def changed_people(asked: Asked) -> bytes:
    """Give people of whom each has a new key, and the first of a page no `nat`."""
    page = json.loads(people(asked))
    for person in page["results"]:
        person["new"] = "x" * asked.page
    del page["results"][0]["nat"]
    return json.dumps(page).encode()


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A source whose records have another shape."""
    with ScriptedServer(otherwise=reply(changed_people)) as running:
        yield running


def asked_for(spool: Spool) -> Rows:
    """Read what `quality.requests` would hold."""
    query = landed(spool.beside(REQUESTS), REQUESTS).sql(WarehouseDuckDB)
    return sorted(duckdb.execute(query).fetchall())


def found_in(spool: Spool) -> Rows:
    """Read what `quality.shape_drift` would hold, without examples."""
    query = drifted(spool.beside(SHAPE_DRIFT), SHAPE_DRIFT).sql(WarehouseDuckDB)
    return sorted(row[:-1] for row in duckdb.execute(query).fetchall())


def of_three_pages(day: date = DAY) -> Rows:
    """Give the drift of nine people on three pages, of whom one a page was renamed a key."""
    return [
        (day, "appeared", "new", "text", 6),
        (day, "renamed", "nat", "new", 3),
    ]


# What is kept


def test_what_was_asked_lies_beside_each_page(tmp_path: Path, server: ScriptedServer) -> None:
    spool = spool_of(tmp_path, order(users=8), order(day=OTHER_DAY, seed="it's", users=2))
    spool.fetch(server.client())
    assert asked_for(spool) == [
        (DAY, "day", 1, 3, None),
        (DAY, "day", 2, 3, None),
        (DAY, "day", 3, 2, None),
        (OTHER_DAY, "it's", 1, 2, None),
    ]
    spool.release()


def test_drift_of_a_days_pages_adds_up_and_days_are_apart(
    tmp_path: Path, server: ScriptedServer
) -> None:
    spool = spool_of(tmp_path, order(), order(day=OTHER_DAY, seed="other"))
    spool.fetch(server.client())
    assert found_in(spool) == of_three_pages() + of_three_pages(OTHER_DAY)
    spool.release()


def test_an_example_is_of_one_of_the_pages(tmp_path: Path, server: ScriptedServer) -> None:
    spool = spool_of(tmp_path)
    spool.fetch(server.client())
    query = drifted(spool.beside(SHAPE_DRIFT), SHAPE_DRIFT).sql(WarehouseDuckDB)
    examples = {row[1]: row[-1] for row in duckdb.execute(query).fetchall()}
    assert examples["appeared"] in {f"of {page} characters" for page in (1, 2, 3)}
    spool.release()


def test_without_drift_there_are_files_and_no_rows(tmp_path: Path) -> None:
    spool = spool_of(tmp_path)
    with ScriptedServer() as server:
        spool.fetch(server.client())
    assert all(path.is_file() for path in spool.beside(SHAPE_DRIFT))
    assert found_in(spool) == []
    assert len(asked_for(spool)) == 3
    spool.release()


def test_each_page_has_its_own_files_beside_it(tmp_path: Path, server: ScriptedServer) -> None:
    spool = spool_of(tmp_path)
    spool.fetch(server.client())
    assert len(set(files_of(spool))) == 12
    assert files_of(spool) == sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert pages_in(tmp_path) == spool.pages
    spool.release()


def test_what_lies_beside_pages_goes_with_them(tmp_path: Path, server: ScriptedServer) -> None:
    spool = spool_of(tmp_path)
    spool.fetch(server.client())
    spool.discard()
    spool.release()
    assert list(tmp_path.rglob("*")) == []


# What is used again


def test_a_retry_uses_what_lies_beside_the_pages_that_are_there(
    tmp_path: Path, server: ScriptedServer
) -> None:
    odd = reply(changed_people)
    with (
        ScriptedServer({1: [odd], 2: [odd], 3: [GONE]}) as failing,
        pytest.raises(SourceError, match="404"),
    ):
        spool_of(tmp_path).fetch(failing.client(connections=1))
    before = {path: path.read_bytes() for path in tmp_path.rglob(f"*{ENDING}")}
    assert len(before) == 6
    spool = spool_of(tmp_path)
    spool.fetch(server.client())
    assert server.pages_asked == [3]
    assert {path: path.read_bytes() for path in before} == before
    assert found_in(spool) == of_three_pages()
    assert len(asked_for(spool)) == 3
    spool.release()


@pytest.mark.parametrize("first", [False, True], ids=["kept first", "discarded first"])
def test_pages_of_a_door_that_discards_are_not_those_of_one_that_does_not(
    tmp_path: Path, server: ScriptedServer, first: bool
) -> None:
    for discards in (first, not first):
        spool = spool_of(tmp_path)
        spool.fetch(server.client(discard_new_keys=discards))
        stored = [text for path in spool.pages for text in read_column(path, "payload")]
        assert any('"new"' in text for text in stored) is not discards
        assert found_in(spool) == of_three_pages()
        spool.release()
    assert server.pages_asked == [1, 1, 2, 2, 3, 3]


def test_what_lies_there_without_its_page_is_written_anew(
    tmp_path: Path, server: ScriptedServer
) -> None:
    """As a fetch leaves it that ended between two files."""
    spool = spool_of(tmp_path)
    spool.fetch(server.client())
    spool.release()
    spool.pages[1].unlink()
    beside = (spool.beside(REQUESTS)[1], spool.beside(SHAPE_DRIFT)[1])
    for path in beside:
        path.write_bytes(b'{"cut": ')
    again = spool_of(tmp_path)
    again.fetch(server.client())
    assert server.pages_asked == [1, 2, 2, 3]
    assert found_in(again) == of_three_pages()
    assert len(asked_for(again)) == 3
    again.release()


@pytest.mark.parametrize("missing", [f".requests{ENDING}", f".shape_drift{ENDING}", ".sums"])
def test_a_page_without_what_lies_beside_it_is_fetched_again(
    tmp_path: Path, server: ScriptedServer, missing: str
) -> None:
    """As a page lies there that was kept before anything lay beside pages."""
    spool = spool_of(tmp_path)
    spool.fetch(server.client())
    spool.release()
    spool.pages[1].with_suffix(missing).unlink()
    again = spool_of(tmp_path)
    again.fetch(server.client())
    assert server.pages_asked == [1, 2, 2, 3]
    assert all(path.is_file() for path in files_of(again))
    assert found_in(again) == of_three_pages()
    assert len(asked_for(again)) == 3
    again.release()


def test_a_page_comes_last_so_that_what_lies_beside_it_is_there(
    tmp_path: Path, server: ScriptedServer
) -> None:
    """The limit on files lets the small ones through and not the page."""
    with another_process(server.base_url, tmp_path, largest_file=1000) as other:
        assert says(other) == "failed: File too large"
    left = {path.name.split(".", 1)[1] for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {f"{table.name}{ENDING}" for table in (REQUESTS, SHAPE_DRIFT)}
    spool = spool_of(tmp_path)
    spool.fetch(server.client())
    assert found_in(spool) == of_three_pages()
    assert files_of(spool) == sorted(path for path in tmp_path.rglob("*") if path.is_file())
    spool.release()


def test_without_room_for_anything_nothing_is_left(tmp_path: Path, server: ScriptedServer) -> None:
    with another_process(server.base_url, tmp_path, largest_file=10) as other:
        assert says(other) == "failed: File too large"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
