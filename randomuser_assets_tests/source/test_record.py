"""Recording a day: whole, private, and read again as it came.

Here belongs what lies there after recording. Not here: the form of a page (`test_sealed`).
"""

import gzip
import json
import logging
import stat
import subprocess
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from randomuser_assets.model import MODEL
from randomuser_assets.settings import Settings, SettingsError
from randomuser_assets.source import SourceError
from randomuser_assets.source.files import read_saved
from randomuser_assets.source.record import Recording, record_day
from randomuser_assets.whole import put_folder_in_place
from randomuser_assets_tests.graph.command_line import BIN, Shell
from randomuser_assets_tests.source.delivering import DAY, nobody_special, put, response
from randomuser_assets_tests.source.scripted_server import (
    KEY,
    Asked,
    ScriptedServer,
    reply,
    silence,
)
from randomuser_assets_tests.source.test_spool import open_handed
from randomuser_assets_tests.source.wire import DOCUMENT, PASSWORD, record

__all__ = ["open_handed"]

LOG = logging.getLogger("record")


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


def settings(source: str, **changes: Any) -> Settings:
    usual = {"source": source, "pii_key": KEY.decode(), "users_per_day": 8, "page_size": 3}
    return Settings(**{**usual, "request_budget": 20.0, **changes})


def recorded(source: str, into: Path, day: date = DAY, **changes: Any) -> Recording:
    return record_day(settings(source, **changes), day, into, MODEL, LOG)


def names(folder: Path) -> list[str]:
    return sorted(f"{path.relative_to(folder)}" for path in folder.rglob("*") if path.is_file())


def test_a_day_is_recorded_page_by_page_with_a_marker(
    tmp_path: Path, server: ScriptedServer
) -> None:
    made = recorded(server.base_url, tmp_path)
    assert names(tmp_path) == [
        f"{DAY}/_SUCCESS",
        *(f"{DAY}/people-0000{n}.json.gz" for n in (1, 2, 3)),
    ]
    assert (made.folder, made.people, made.pages) == (tmp_path / f"{DAY}", 8, {1: 3, 2: 3, 3: 2})
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{DAY}"]


@pytest.mark.usefixtures("open_handed")
def test_only_the_owner_can_read_it(tmp_path: Path, server: ScriptedServer) -> None:
    into = tmp_path / "new" / "recorded"
    recorded(server.base_url, into)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (into / f"{DAY}").iterdir()}
    assert modes == {0o600}
    for folder in (into.parent, into, into / f"{DAY}"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_nothing_private_is_on_the_disk_in_clear_at_any_time(tmp_path: Path) -> None:
    seen: dict[str, bytes] = {}

    def body(asked: Asked) -> bytes:
        seen.update({name: (tmp_path / name).read_bytes() for name in names(tmp_path)})
        return response(asked.page, record(), record(), record(), seed=str(DAY))

    with ScriptedServer(otherwise=reply(body)) as server:
        recorded(server.base_url, tmp_path, users_per_day=9, connections=1)
    assert len(seen) == 2  # as the last page was asked for
    for content in [*seen.values(), *(path.read_bytes() for path in tmp_path.rglob("*.gz"))]:
        text = gzip.decompress(content).decode()
        assert PASSWORD not in text
        assert DOCUMENT not in text
        assert "password_hmac" in text


def test_what_was_recorded_is_read_with_its_moment(tmp_path: Path, server: ScriptedServer) -> None:
    client = server.client()
    made = recorded(server.base_url, tmp_path)
    body = gzip.decompress((made.folder / "people-00001.json.gz").read_bytes())
    page = read_saved(body, client.door)
    assert page.request.seed == str(DAY)
    assert f"{page.fetched_at:%Y-%m-%dT%H:%M:%S.%f}".rstrip("0") in body.decode()


def test_a_smaller_recording_leaves_nothing_of_a_larger_one(
    tmp_path: Path, server: ScriptedServer
) -> None:
    recorded(server.base_url, tmp_path, users_per_day=30)
    recorded(server.base_url, tmp_path, day=date(2026, 11, 21))
    made = recorded(server.base_url, tmp_path, users_per_day=3)
    assert names(made.folder) == ["_SUCCESS", "people-00001.json.gz"]
    assert len(names(tmp_path / "2026-11-21")) == 4


def test_a_day_that_cannot_be_had_leaves_the_earlier_recording(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        recorded(server.base_url, tmp_path)
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    gone = {2: [reply(b"Not Found", "404 Not Found")]}
    with ScriptedServer(gone) as server, pytest.raises(SourceError, match="404"):
        recorded(server.base_url, tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before
    assert [path.name for path in tmp_path.iterdir()] == [f"{DAY}"]


def test_what_passes_is_tried_again(tmp_path: Path, quick_waits: None) -> None:  # noqa: ARG001
    busy = {2: [reply(b"{}", "503 Service Unavailable")]}
    with ScriptedServer(busy) as server:
        assert recorded(server.base_url, tmp_path).people == 8
        assert server.pages_asked == [1, 2, 2, 3]


@pytest.mark.parametrize("name", ["a.json", "people-00001.json", "notes.txt", "people-1.json.gz/x"])
def test_a_folder_of_somebody_else_is_not_replaced(
    tmp_path: Path, server: ScriptedServer, name: str
) -> None:
    path = tmp_path / f"{DAY}" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"theirs")
    with pytest.raises(SettingsError, match="holds what was not recorded by this command"):
        recorded(server.base_url, tmp_path)
    assert path.read_bytes() == b"theirs"
    assert server.asked == []


def test_a_link_is_not_replaced(tmp_path: Path, server: ScriptedServer) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / f"{DAY}").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SettingsError, match="not recorded by this command"):
        recorded(server.base_url, tmp_path)


# From a delivery


def test_a_delivery_can_be_recorded_and_so_protected(tmp_path: Path) -> None:
    put(tmp_path / "in", "a.json", response(4, record(), record("other")))
    made = recorded(f"files:{tmp_path / 'in'}", tmp_path / "out")
    assert names(made.folder) == ["_SUCCESS", "people-00004.json.gz"]
    again = recorded(f"files:{tmp_path / 'out'}", tmp_path / "copy")
    for name in names(made.folder):
        assert (made.folder / name).read_bytes() == (again.folder / name).read_bytes()


def test_a_delivery_is_not_recorded_over_itself(tmp_path: Path) -> None:
    put(tmp_path, "people-00001.json.gz", response())
    with pytest.raises(SettingsError, match="cannot be put where it is read from"):
        recorded(f"files:{tmp_path}", tmp_path / "x" / "..")


def test_two_pages_of_one_number_are_not_recorded_as_one(tmp_path: Path) -> None:
    put(tmp_path / "in", "a.json", response(4))
    put(tmp_path / "in", "b.json", response(4))
    with pytest.raises(SourceError, match="Two pages of 2026-11-20 say that they are page 4"):
        recorded(f"files:{tmp_path / 'in'}", tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


# Killed


def test_what_a_killed_recording_left_goes_with_the_next_one(tmp_path: Path) -> None:
    into = tmp_path / "recorded"
    shell = Shell(tmp_path, {"USERS_PER_DAY": "9", "PAGE_SIZE": "3", "CONNECTIONS": "1"})
    with ScriptedServer({3: [silence]}) as server:
        shell.settings["SOURCE"] = server.base_url
        command = [str(BIN / "randomuser-assets"), "record", f"{DAY}", "--into", str(into)]
        with subprocess.Popen(command, env=shell.environment) as process:
            while server.pages_asked != [1, 2, 3]:
                assert process.poll() is None
                time.sleep(0.02)
            process.kill()
        assert len(names(into)) == 2
        assert [path.name for path in into.iterdir()] == [".parts"]
        recorded(server.base_url, into)
    assert [path.name for path in into.iterdir()] == [f"{DAY}"]


def test_a_folder_that_cannot_take_its_place_leaves_the_old_one() -> None:
    with nobody_special() as root:
        old, aside = root / "day", root / "work" / "day"
        for folder, name in ((old, "old"), (aside, "new")):
            folder.mkdir(parents=True)
            (folder / name).touch()
        aside.chmod(0o500)  # the system moves no folder elsewhere that may not be written to
        with pytest.raises(PermissionError):
            put_folder_in_place(aside, old)
        assert names(root) == ["day/old", "work/day/new"]
        aside.chmod(0o700)
        put_folder_in_place(aside, old)
        assert names(old) == ["new"]


def test_the_moment_of_a_page_is_the_only_thing_that_two_recordings_differ_in(
    tmp_path: Path, server: ScriptedServer
) -> None:
    def content(into: Path) -> dict[str, Any]:
        made = recorded(server.base_url, into, users_per_day=3)
        body: dict[str, Any] = json.loads(
            gzip.decompress((made.folder / "people-00001.json.gz").read_bytes())
        )
        body["info"].pop("protected")
        body["recorded"].pop("fetched_at")
        return body

    assert content(tmp_path / "a") == content(tmp_path / "b")
