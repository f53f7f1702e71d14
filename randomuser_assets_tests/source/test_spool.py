"""The spool keeps whole pages, owner only, and what one try brought the next need not fetch.

Here belong the pages of one process and its retries. Not here: what lies beside a page
(`test_spool_beside`), several processes, and processes that are killed (`test_spool_shared`).
"""

import json
import logging
import os
import stat
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from randomuser_assets.model import MODEL
from randomuser_assets.query.dialects import WarehouseDuckDB
from randomuser_assets.query.land import landed
from randomuser_assets.source import SourceError
from randomuser_assets.source.rows import ENDING
from randomuser_assets.source.sample.request import answer, understood
from randomuser_assets.source.spool import DayOrder, Spool
from randomuser_assets_tests.source.fetching_process import DAY, SOURCE, files_of, order, spool_of
from randomuser_assets_tests.source.scripted_server import (
    Asked,
    Line,
    ScriptedServer,
    people,
    reply,
)

GONE = reply(b"Not Found", "404 Not Found")


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def open_handed() -> Iterator[None]:
    """Let everybody read new files and folders, unless who makes them says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def rows(spool: Spool) -> list[dict[str, object]]:
    """Read what raw_users would hold."""
    found = duckdb.execute(landed(spool.pages, MODEL.raw).sql(WarehouseDuckDB))
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def fetch_without_the_last_page(folder: Path) -> None:
    """Leave two pages of three in the spool, of a fetch that failed."""
    spool = spool_of(folder)
    with ScriptedServer({3: [GONE]}) as server, pytest.raises(SourceError, match="404"):
        spool.fetch(server.client(connections=1))


# What is kept


def test_the_lines_of_a_day_are_rows_of_raw_users(tmp_path: Path, server: ScriptedServer) -> None:
    spool = spool_of(tmp_path, order(users=8))
    spool.fetch(server.client())
    found = rows(spool)
    assert [list(row) for row in found] == [list(MODEL.raw.column_names)] * 8
    places = [
        (n, position) for n, size in ((1, 3), (2, 3), (3, 2)) for position in range(1, size + 1)
    ]
    assert [(row["page"], row["position"]) for row in found] == places
    assert {row["snapshot_date"] for row in found} == {DAY}
    assert {row["seed"] for row in found} == {"day"}
    assert all(isinstance(row["fetched_at"], datetime) for row in found)
    spool.release()


def test_a_payload_is_the_protected_record_byte_for_byte(
    tmp_path: Path, server: ScriptedServer
) -> None:
    spool, client = spool_of(tmp_path, order(users=3)), server.client()
    spool.fetch(client)
    body = answer(understood("results=3&page=1&seed=day"), datetime(2026, 11, 20))  # noqa: DTZ001
    admitted = [client.door.admit(json.dumps(r).encode()) for r in json.loads(body)["results"]]
    stored = [json.loads(str(row["payload"])) for row in rows(spool)]
    for kept, expected in zip(stored, map(json.loads, admitted), strict=True):
        for moment in ("dob", "registered"):
            del kept[moment]["age"], expected[moment]["age"]
        assert kept == expected
    spool.release()


def test_odd_records_come_through_as_they_were_admitted(tmp_path: Path) -> None:
    odd = [
        b'{"a":"\\u0000 \\" \\\\ \\u2028 \xc3\xa9 \xe2\x80\xa8"}',
        b'{"a":"line\\nbreak","b":1.10,"c":%b}' % (b"9" * 5000),
        b'{"a":NaN}',
    ]

    def body(asked: Asked) -> bytes:
        info = json.dumps(json.loads(people(asked))["info"])
        return b'{"results":[%b],"info":%b}' % (b",".join(odd), info.encode())

    spool = spool_of(tmp_path, order(users=3))
    with ScriptedServer(otherwise=reply(body)) as server:
        client = server.client()
        spool.fetch(client)
        admitted = [client.door.admit(record).decode() for record in odd]
    assert [row["payload"] for row in rows(spool)] == admitted
    spool.release()


def test_several_days_are_kept_apart_and_in_order(tmp_path: Path, server: ScriptedServer) -> None:
    days = [order(day=date(2026, 11, n), seed=f"s{n}", users=4) for n in (21, 3, 20)]
    spool = spool_of(tmp_path, *days)
    spool.fetch(server.client())
    found = [(row["snapshot_date"], row["seed"], row["page"]) for row in rows(spool)]
    assert found == sorted(found, key=lambda row: str(row[0]))
    assert len(found) == 12
    assert {seed: day for day, seed, _ in found} == {o.seed: o.day for o in days}
    spool.release()


@pytest.mark.usefixtures("open_handed")
def test_only_the_owner_can_read_what_is_kept(tmp_path: Path, server: ScriptedServer) -> None:
    spool = spool_of(tmp_path / "data" / "spool")
    spool.fetch(server.client())
    assert {stat.S_IMODE(path.stat().st_mode) for path in files_of(spool)} == {0o600}
    assert {stat.S_IMODE(path.parent.stat().st_mode) for path in files_of(spool)} == {0o700}
    spool.release()


@pytest.mark.usefixtures("open_handed")
def test_only_the_owner_can_see_which_days_are_kept(tmp_path: Path, server: ScriptedServer) -> None:
    spool = spool_of(tmp_path / "data" / "spool")
    spool.fetch(server.client())
    assert stat.S_IMODE((tmp_path / "data" / "spool").stat().st_mode) == 0o700
    spool.release()


def test_no_page_is_seen_before_it_is_whole(tmp_path: Path) -> None:
    seen = []

    def look(line: Line) -> None:
        seen.append([path for path in files(tmp_path) if path.endswith(".part")])
        reply()(line)

    spool = spool_of(tmp_path, order(users=30))
    with ScriptedServer(otherwise=look) as server:
        spool.fetch(server.client(connections=1))
    # One at a time: when a page is asked for, the one before is there under its own name.
    assert seen == [[]] * 10
    assert files(tmp_path) == [path.name for path in files_of(spool)]
    spool.release()


def test_a_page_is_told_of_when_it_has_come(
    tmp_path: Path, server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    spool = spool_of(tmp_path, order(users=4))
    spool.fetch(server.client(connections=1))
    spool.release()
    assert [message for message in caplog.messages if "came" in message] == [
        "2026-11-20: page 1 of 2 came with 3 people",
        "2026-11-20: page 2 of 2 came with 1 person",
    ]


# What is used again


def test_a_retry_fetches_only_what_is_missing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    fetch_without_the_last_page(tmp_path)
    spool = spool_of(tmp_path)
    with ScriptedServer() as server:
        spool.fetch(server.client())
    assert server.pages_asked == [3]
    assert len(rows(spool)) == 9
    assert "2026-11-20: 2 of 3 pages are here from an earlier try" in caplog.messages
    spool.release()


def zeros_in_the_middle(written: bytes) -> bytes:
    third = len(written) // 3
    return written[:third] + bytes(third) + written[2 * third :]


def a_flipped_bit(written: bytes) -> bytes:
    middle = len(written) // 2
    return written[:middle] + bytes([written[middle] ^ 1]) + written[middle + 1 :]


@pytest.mark.parametrize(
    "left",
    [
        lambda _: b"",
        lambda written: written[: len(written) // 2],
        lambda written: bytes(len(written)),
        zeros_in_the_middle,
        a_flipped_bit,
        lambda written: written[:-9] + bytes([written[-9] ^ 1]) + written[-8:],
    ],
)
@pytest.mark.parametrize("part", [ENDING, f".requests{ENDING}", f".shape_drift{ENDING}", ".sums"])
def test_a_page_of_which_a_power_failure_left_a_part_is_fetched_again(
    tmp_path: Path, part: str, left: Callable[[bytes], bytes]
) -> None:
    fetch_without_the_last_page(tmp_path)
    (file,) = tmp_path.rglob(f"*-00002{part}")
    file.write_bytes(left(file.read_bytes()))
    spool = spool_of(tmp_path)
    with ScriptedServer() as server:
        spool.fetch(server.client())
    assert sorted(server.pages_asked) == [2, 3]
    assert len(rows(spool)) == 9
    spool.release()


def test_a_page_with_what_belongs_to_another_try_is_fetched_again(tmp_path: Path) -> None:
    """As two tries leave it of which the second one was cut amid a page."""
    fetch_without_the_last_page(tmp_path)
    one, other = (next(tmp_path.rglob(f"*-0000{n}.requests{ENDING}")) for n in (1, 2))
    other.write_bytes(one.read_bytes())
    spool = spool_of(tmp_path)
    with ScriptedServer() as server:
        spool.fetch(server.client())
    assert sorted(server.pages_asked) == [2, 3]
    spool.release()


def test_a_day_that_is_there_is_not_fetched_again(tmp_path: Path, server: ScriptedServer) -> None:
    for _ in range(2):
        spool = spool_of(tmp_path)
        spool.fetch(server.client())
        spool.release()
    assert server.pages_asked == [1, 2, 3]


@pytest.mark.parametrize(
    "changed",
    [order(seed="night"), order(page_size=4), order(users=8), order(users=10)],
    ids=["seed", "page size", "fewer people", "more people"],
)
def test_pages_of_another_order_are_not_used(tmp_path: Path, changed: DayOrder) -> None:
    fetch_without_the_last_page(tmp_path)
    spool = spool_of(tmp_path, changed)
    with ScriptedServer() as server:
        spool.fetch(server.client())
    assert server.pages_asked == [request.page for request in changed.requests]
    assert len(rows(spool)) == changed.users
    spool.release()


def test_pages_of_another_source_are_not_used(tmp_path: Path, server: ScriptedServer) -> None:
    fetch_without_the_last_page(tmp_path)
    spool = spool_of(tmp_path, source=SOURCE + "other/")
    spool.fetch(server.client())
    assert server.pages_asked == [1, 2, 3]
    spool.release()


def test_pages_that_were_protected_with_another_key_are_not_used(
    tmp_path: Path, server: ScriptedServer
) -> None:
    fetch_without_the_last_page(tmp_path)
    spool = spool_of(tmp_path)
    spool.fetch(server.client(key=b"another"))
    assert server.pages_asked == [1, 2, 3]
    spool.release()


def test_a_page_that_was_cut_while_written_is_fetched_again(
    tmp_path: Path, server: ScriptedServer
) -> None:
    spool = spool_of(tmp_path)
    spool.fetch(server.client())
    cut = spool.pages[1]
    cut.with_suffix(".part").write_bytes(cut.read_bytes()[:100])
    cut.unlink()
    spool.release()
    again = spool_of(tmp_path)
    again.fetch(server.client())
    assert server.pages_asked == [1, 2, 2, 3]
    assert len(rows(again)) == 9
    assert files(tmp_path) == [path.name for path in files_of(again)]
    again.release()


# What goes


def test_discarding_removes_the_days_and_no_other(tmp_path: Path, server: ScriptedServer) -> None:
    other = spool_of(tmp_path, order(day=date(2026, 11, 21)))
    spool = spool_of(tmp_path)
    for each in (other, spool):
        each.fetch(server.client())
    spool.discard()
    spool.release()
    assert [path.name for path in tmp_path.iterdir()] == ["2026-11-21"]
    assert len(rows(other)) == 9
    other.release()


@pytest.mark.parametrize("place", ["", "2026-11-20"])
def test_a_folder_that_cannot_be_made_is_an_error_of_the_system(
    tmp_path: Path, server: ScriptedServer, place: str
) -> None:
    in_the_way = tmp_path / "spool" / place
    in_the_way.parent.mkdir(exist_ok=True)
    in_the_way.write_text("a file where a folder should be")
    with pytest.raises(OSError, match=r"File exists|Not a directory"):
        spool_of(tmp_path / "spool").fetch(server.client())
    assert server.asked == []
