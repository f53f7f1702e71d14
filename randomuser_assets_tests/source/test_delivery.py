"""What a day's folder holds: which files are responses, and which links are not followed.

Here belongs the look at a folder. Not here: what is in the files (`test_files`).
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from randomuser_assets.source import SourceError
from randomuser_assets.source.delivery import Delivery, delivered, seen
from randomuser_assets_tests.source.delivering import DAY, deliver, put, response


def names(delivery: Delivery) -> list[str]:
    return [file.path.name for file in delivery.requests]


def refused(root: Path) -> str:
    with pytest.raises(SourceError) as caught:
        delivered(root, DAY)
    assert caught.value.lasting
    assert "Nothing of that day was stored or replaced" in str(caught.value)
    return str(caught.value)


def test_responses_are_in_the_order_of_their_names(tmp_path: Path) -> None:
    deliver(tmp_path, "b.json", "a.json.gz", "10.json", "9.json")
    assert names(delivered(tmp_path, DAY)) == ["10.json", "9.json", "a.json.gz", "b.json"]


def test_names_that_are_no_text_can_be_read_and_shown(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff.json")
    deliver(tmp_path, name)
    (file,) = delivered(tmp_path, DAY).requests
    assert str(file).encode().endswith("\ufffd.json".encode())


def test_without_a_folder_it_is_told_what_was_expected_and_where(tmp_path: Path) -> None:
    said = refused(tmp_path / "nowhere")
    assert f"There is no folder {tmp_path / 'nowhere' / str(DAY)}" in said
    assert f"Expected the saved responses of {DAY} there, as *.json or *.json.gz" in said


def test_a_file_in_its_place_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / f"{DAY}").write_text("{}")
    assert "is no folder" in refused(tmp_path)


def test_a_folder_without_a_response_is_told(tmp_path: Path) -> None:
    put(tmp_path, "_SUCCESS", b"")
    put(tmp_path, "readme.txt", b"")
    put(tmp_path, ".hidden.json", response())
    os.mkfifo(tmp_path / f"{DAY}" / "pipe.json")
    assert "There is no response in" in refused(tmp_path)


def test_a_link_within_the_folder_of_all_days_is_followed(tmp_path: Path) -> None:
    path = put(tmp_path / "DIR" / "shared", "a.json", response())
    deliver(tmp_path / "DIR", "b.json")
    (tmp_path / "DIR" / f"{DAY}" / "c.json").symlink_to(path)
    assert names(delivered(tmp_path / "DIR", DAY)) == ["b.json", "c.json"]


@pytest.mark.parametrize("target", ["/etc/passwd", "../../elsewhere.json", "/dev/zero"])
def test_a_link_that_leads_out_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "elsewhere.json").write_bytes(response())
    deliver(tmp_path / "DIR", "a.json")
    link = tmp_path / "DIR" / f"{DAY}" / "b.json"
    link.symlink_to(target)
    assert f"{link} is a link that leads out of {tmp_path / 'DIR'}" in refused(tmp_path / "DIR")


def test_a_day_that_is_a_link_out_is_refused(tmp_path: Path) -> None:
    deliver(tmp_path / "elsewhere", "a.json")
    (tmp_path / "DIR").mkdir()
    (tmp_path / "DIR" / f"{DAY}").symlink_to(tmp_path / "elsewhere" / f"{DAY}")
    assert "is a link that leads out of" in refused(tmp_path / "DIR")


@pytest.mark.parametrize("target", ["nothing.json", "b.json"])
def test_a_link_to_nothing_is_refused(tmp_path: Path, target: str) -> None:
    deliver(tmp_path, "a.json")
    (tmp_path / f"{DAY}" / "b.json").symlink_to(target)
    assert "is a link that leads to nothing" in refused(tmp_path)


def test_the_folder_of_all_days_may_be_a_link_itself(tmp_path: Path) -> None:
    deliver(tmp_path / "real", "a.json")
    (tmp_path / "DIR").symlink_to(tmp_path / "real")
    assert names(delivered(tmp_path / "DIR", DAY)) == ["a.json"]


def test_the_marker_is_no_response(tmp_path: Path) -> None:
    deliver(tmp_path, "a.json")
    assert seen(tmp_path, DAY).marker is None
    put(tmp_path, "_SUCCESS", b"")
    delivery = seen(tmp_path, DAY)
    assert delivery.marker
    assert (names(delivery), delivery.others) == (["a.json"], 0)


def more(folder: Path) -> None:
    (folder / "b.json").write_bytes(response(2))


def with_an_old_moment(folder: Path) -> None:
    """As a copy does that keeps the moments of what it copies."""
    more(folder)
    os.utime(folder / "b.json", (0, 0))


def hidden_grows(folder: Path) -> None:
    """As a file does that is renamed when it is whole."""
    with (folder / ".c.json.part").open("ab") as file:
        file.write(b"more")


def written_to(folder: Path) -> None:
    (folder / "a.json").write_bytes(response(3))


def one_goes(folder: Path) -> None:
    (folder / "notes.txt").unlink()


@pytest.mark.parametrize("change", [more, with_an_old_moment, hidden_grows, written_to, one_goes])
def test_any_change_in_the_folder_is_seen_by_its_moment(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    for name in ("a.json", "notes.txt", ".c.json.part"):
        put(tmp_path, name, response())
    before = seen(tmp_path, DAY).touched
    time.sleep(0.05)
    assert seen(tmp_path, DAY).touched == before
    change(tmp_path / f"{DAY}")
    assert before + 40_000_000 < seen(tmp_path, DAY).touched <= time.time_ns()
