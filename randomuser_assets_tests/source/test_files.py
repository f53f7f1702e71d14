"""Saved responses as a source: checked like the wire, whole or not at all.

Here belongs what is read of files. Not here: which files are a day's (`test_delivery`), and those
that were recorded (`test_sealed`).
"""

import gzip
import json
import logging
import os
import shutil
import threading
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from randomuser_assets.forgotten import forget, read_forgotten
from randomuser_assets.model import MODEL, Table
from randomuser_assets.model.quality import REQUESTS, SHAPE_DRIFT
from randomuser_assets.query.dialects import WarehouseDuckDB
from randomuser_assets.query.land import drifted, landed
from randomuser_assets.source import SourceError, files
from randomuser_assets.source.door import Door
from randomuser_assets.source.spool import Spool
from randomuser_assets_tests.source.delivering import (
    DAY,
    deliver,
    nobody_special,
    put,
    read,
    response,
)
from randomuser_assets_tests.source.wire import KEY, record, stored

Rows = list[tuple[Any, ...]]


def rows(spool: Spool, table: Table = MODEL.raw) -> Rows:
    """Read what the warehouse would hold."""
    paths = spool.pages if table is MODEL.raw else spool.beside(table)
    query = drifted(paths, table) if table is SHAPE_DRIFT else landed(paths, table)
    return sorted(duckdb.execute(query.sql(WarehouseDuckDB)).fetchall())


def refused(
    folder: Path, *, lasting: bool = True, before: Callable[[], None] = lambda: None
) -> str:
    """Read a day that cannot be had, and give the sentence."""
    with pytest.raises(SourceError) as caught:
        read(folder, folder / "spool", before=before)
    assert caught.value.lasting is lasting
    said = str(caught.value)
    assert "Nothing of that day was stored or replaced. " in said
    assert "Planted" not in said
    return said


# What is read


def test_a_day_is_what_its_folder_holds(tmp_path: Path) -> None:
    put(tmp_path, "b.json", response(1, record("first"), record("second"), seed="one"))
    put(tmp_path, "a.json.gz", response(7, record("third"), seed="other"))
    before = datetime.now(UTC).replace(tzinfo=None)
    spool = read(tmp_path, tmp_path / "spool")
    found = rows(spool)
    assert [row[:4] for row in found] == [
        (DAY, "one", 1, 1),
        (DAY, "one", 1, 2),
        (DAY, "other", 7, 1),
    ]
    assert [row[5].encode() for row in found] == [
        stored("first"),
        stored("second"),
        stored("third"),
    ]
    assert all(timedelta() <= row[4] - before < timedelta(minutes=1) for row in found)
    assert rows(spool, REQUESTS) == [(DAY, "one", 1, 2, None), (DAY, "other", 7, 1, None)]
    spool.release()


def test_a_bad_record_costs_its_file_nothing_and_drift_is_told(tmp_path: Path) -> None:
    put(tmp_path, "a.json", response(1, record(extra=',"new":NaN'), record(extra=',"new":1'), b"7"))
    spool = read(tmp_path, tmp_path / "spool")
    payloads = [row[5] for row in rows(spool)]
    assert [("_unreadable" in payload) for payload in payloads] == [True, False, True]
    told = [(kind, path, n) for _, kind, path, _, n, _ in rows(spool, SHAPE_DRIFT)]
    assert ("appeared", "new", 1) in told
    spool.release()


def test_what_else_lies_there_is_left_out_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    deliver(tmp_path, "a.json")
    for name in (".b.json", "c.json.part", "d.csv", "e.JSON"):
        put(tmp_path, name, b"no response")
    put(tmp_path, "_SUCCESS", b"")
    (tmp_path / f"{DAY}" / "f.json").mkdir()
    spool = read(tmp_path, tmp_path / "spool")
    assert len(rows(spool)) == 2
    assert f"{DAY}: left out what is no response by its name: 5" in caplog.messages
    spool.release()


def test_days_are_read_apart(tmp_path: Path) -> None:
    other = date(2026, 11, 21)
    deliver(tmp_path, "a.json")
    deliver(tmp_path, "a.json", "b.json", day=other)
    spool = read(tmp_path, tmp_path / "spool", DAY, other)
    assert [(row[0], row[2]) for row in rows(spool, REQUESTS)] == [(DAY, 1), (other, 1), (other, 2)]
    spool.release()


# In several processes


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is small be worth processes, too."""
    monkeypatch.setattr(files, "_WORTH_A_PROCESS", 1)


@pytest.mark.usefixtures("apart")
def test_several_processes_read_what_one_would(tmp_path: Path) -> None:
    for number in range(1, 8):
        odd = record(f"person {number}", extra=f',"new":{"NaN" if number == 3 else number}')
        put(tmp_path, f"{number}.json", response(number, record(), odd))
    spools = [read(tmp_path, tmp_path / f"{n}", processes=n) for n in (1, 3)]
    one, several = ([row[:4] + row[5:] for row in rows(spool)] for spool in spools)
    assert one == several
    assert len(one) == 14
    for table in (REQUESTS, SHAPE_DRIFT):
        assert rows(spools[0], table) == rows(spools[1], table)
        assert rows(spools[0], table)
    for spool in spools:
        spool.release()


@pytest.mark.usefixtures("apart")
def test_a_faulty_file_is_told_from_another_process_and_the_day_refused(tmp_path: Path) -> None:
    deliver(tmp_path, "a.json", "b.json")
    put(tmp_path, "c.json", b'{"results":[]}')
    with pytest.raises(SourceError, match=r"c\.json holds an object with") as caught:
        read(tmp_path, tmp_path / "spool", processes=2)
    assert caught.value.lasting


@pytest.mark.usefixtures("apart")
def test_other_processes_leave_out_who_was_forgotten(tmp_path: Path) -> None:
    person = json.loads(record())["login"]["uuid"]
    forget(tmp_path, person, lambda: KEY)
    other = record().replace(person[:8].encode(), b"00000000")
    for number in (1, 2):
        put(tmp_path, f"{number}.json", response(number, record(), other))
    door = Door(MODEL, KEY, forgotten=lambda: read_forgotten(tmp_path, KEY))
    spool = read(tmp_path, tmp_path / "spool", door=door, processes=2)
    assert [(page, position) for _, _, page, position, *_ in rows(spool)] == [(1, 2), (2, 2)]
    spool.release()


# What is refused


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (response(results=3), "holds 2 people in results instead of 3"),
        (response(1, record(), results=2), "holds 1 person in results instead of 2"),
        (response(version="1.3"), "info.version '1.3' instead of '1.4'"),
        (response(version=None), "info.version None instead of '1.4'"),
        (response(seed=None), "info.seed None instead of a text"),  # type: ignore[arg-type]
        (response(seed="s" * 201), "instead of a text of up to 200"),
        (response(seed="a\nb"), "printable"),
        (response(0), "info.page 0 instead of a whole number from 1 to 10000"),
        (response(10_001), "info.page 10001 instead of"),
        (response(page="1"), "info.page '1' instead of"),
        (response(page=True), "info.page True instead of"),
        (response(page=1.0), "info.page 1.0 instead of"),
        (response(results=True), "info.results True instead of"),
        (response(results=-1), "info.results -1 instead of a whole number from 1"),
        (
            b'{"results":[],"info":{"seed":"s","results":0,"page":1,"version":"1.4"}}',
            "info.results 0 instead of a whole number from 1",
        ),
        (b'{"results":{},"info":{"seed":"s","results":1,"page":1,"version":"1.4"}}', "no list"),
        (b'{"results":[],"info":7}', "the info"),
        (b'{"results":[],"info":{"seed":"\\ud800"}}', "the info"),
        (b'{"results":[]}', "an object with ['results'] instead of results and info"),
        (b'{"error":"Uh oh, something has gone wrong."}', "holds the error 'Uh oh"),
        (b"", "0 bytes that are no JSON object"),
        (b"<html>", "no JSON object"),
        (response()[:-9], "no JSON object"),
        (b"[]", "no JSON object"),
        (b"\xff" + response(), "not UTF-8 (at byte 0)"),
    ],
)
@pytest.mark.parametrize("name", ["b.json", "b.json.gz"])
def test_a_file_that_is_no_whole_response_is_named(
    tmp_path: Path, content: bytes, told: str, name: str
) -> None:
    deliver(tmp_path, "a.json")
    bad = put(tmp_path, name, content)
    said = refused(tmp_path)
    assert said.startswith(f"{bad} holds ")
    assert told in said


@pytest.mark.parametrize(
    "spoil",
    [
        lambda packed: packed[: len(packed) // 2],
        lambda packed: packed[:-1],
        lambda packed: packed[:40] + bytes([packed[40] ^ 255]) + packed[41:],
        lambda packed: packed + b"more",
        lambda _: b"",
        lambda _: response(),
    ],
    ids=["half", "all but a byte", "a wrong byte", "with something behind", "nothing", "unpacked"],
)
def test_a_broken_gzip_is_named(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = put(tmp_path, "a.json.gz", b"")
    path.write_bytes(spoil(gzip.compress(response())))
    said = refused(tmp_path)
    assert said.startswith(f"{path} holds ")
    assert "gzip" in said or "0 bytes that are no JSON object" in said


def test_a_file_that_unpacks_to_too_much_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 8 * 1024 * 1024
    monkeypatch.setattr(files, "MAX_BODY", most)
    bomb = put(tmp_path, "a.json.gz", b"[" * (30 * most))
    tracemalloc.start()
    try:
        assert f"{bomb} holds a body of more than {most} bytes" in refused(tmp_path)
        assert tracemalloc.get_traced_memory()[1] < 4 * most
    finally:
        tracemalloc.stop()


def test_a_plain_file_that_is_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BODY", 100)
    put(tmp_path, "a.json", response())
    assert "a body of more than 100 bytes" in refused(tmp_path)


def test_two_files_of_one_page_are_both_named(tmp_path: Path) -> None:
    first = put(tmp_path, "a.json", response(3))
    put(tmp_path, "b.json", response(2))
    second = put(tmp_path, "c.json", response(3, seed="other"))
    said = refused(tmp_path)
    assert f"{first} and {second} both say that they are page 3 of {DAY}" in said


def test_two_files_of_one_page_are_told_though_one_came_with_an_earlier_try(tmp_path: Path) -> None:
    put(tmp_path, "a.json", response(3))
    read(tmp_path, tmp_path / "spool").release()
    put(tmp_path, "b.json", response(3))
    assert "page 3" in refused(tmp_path)


def test_a_file_that_may_not_be_read_is_named() -> None:
    with nobody_special() as folder:
        (path,) = deliver(folder, "a.json")
        path.chmod(0)
        assert f"{path} cannot be read: Permission denied" in refused(folder)


def test_a_folder_that_may_not_be_read_is_named() -> None:
    with nobody_special() as folder:
        (path,) = deliver(folder, "a.json")
        path.parent.chmod(0)
        assert f"{path.parent} cannot be read: Permission denied" in refused(folder)
        path.parent.chmod(0o700)


def test_a_response_may_say_nothing_of_a_secret_in_its_fault(tmp_path: Path) -> None:
    put(tmp_path, "a.json", b'{"error":{"login":"PlantedPassword"}}')
    put(tmp_path, "b.json", record())
    refused(tmp_path)


# What changes meanwhile


def grow(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def replace(path: Path) -> None:
    """Put another file there with the same size and the same moment."""
    status = path.stat()
    other = path.with_suffix(".other")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)


def add(path: Path) -> None:
    put(path.parents[1], "z.json", response(9))


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    "change", [grow, replace, add, pipe, Path.unlink, lambda path: shutil.rmtree(path.parent)]
)
def test_a_delivery_that_changes_before_it_is_read_may_be_right_the_next_time(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    path = deliver(tmp_path, "a.json", "b.json")[1]
    said = refused(tmp_path, lasting=False, before=lambda: change(path))
    assert "changed while it was read" in said


@pytest.mark.parametrize("change", [grow, replace, add, Path.unlink])
def test_a_delivery_that_changes_behind_the_reader_may_be_right_the_next_time(
    tmp_path: Path, change: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first file is changed once all were read."""
    first, *_ = deliver(tmp_path, "a.json", "b.json")
    lock, left = threading.Lock(), [2]
    body = files._body

    def read_and_change(file: Any) -> bytes:
        content = body(file)
        with lock:
            left[0] -= 1
            if not left[0]:
                change(first)
        return content

    monkeypatch.setattr(files, "_body", read_and_change)
    assert "changed while it was read" in refused(tmp_path, lasting=False)


def test_after_a_change_only_what_is_new_is_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    deliver(tmp_path, "a.json", "b.json")
    refused(tmp_path, lasting=False, before=lambda: add(tmp_path / f"{DAY}" / "x"))
    spool = read(tmp_path, tmp_path / "spool")
    assert f"{DAY}: 2 of 3 pages are here from an earlier try" in caplog.messages
    assert [row[2] for row in rows(spool, REQUESTS)] == [1, 2, 9]
    spool.release()


def test_a_file_with_another_content_is_read_though_it_looks_the_same(tmp_path: Path) -> None:
    path = put(tmp_path, "a.json", response(1, record("first")))
    read(tmp_path, tmp_path / "spool").release()
    status = path.stat()
    path.write_bytes(response(1, record("other")))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    spool = read(tmp_path, tmp_path / "spool")
    assert [row[5].encode() for row in rows(spool)] == [stored("other")]
    spool.release()


# Memory


def test_more_files_need_no_more_memory(tmp_path: Path) -> None:
    def peak(pages: int) -> int:
        folder = tmp_path / f"{pages}"
        people = [json.dumps({"nat": "BR", "n": "x" * 500}).encode()] * 200
        for number in range(1, pages + 1):
            put(folder, f"{number}.json", response(number, *people))
        tracemalloc.start()
        try:
            # One at a time: how many of several are in memory together is a matter of chance.
            read(folder, folder / "spool", at_once=1).release()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2)  # what is imported and kept on the first way is no part of it
    few, many = peak(10), peak(80)
    assert many < 1.5 * few
