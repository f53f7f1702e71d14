"""A file is always whole, the old one or the new one, and its owner's only."""

import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from randomuser_assets.export.csv import csv_path, write_csv
from randomuser_assets.whole import ToDisk, remove_leftovers, written_whole
from randomuser_assets_tests.export.rfc4180 import parse
from randomuser_assets_tests.export.things import DAY, THINGS, Store, opened_store


def test_the_file_and_its_folder_are_the_owners_only(store: Store) -> None:
    store.content()
    path = csv_path(store.folder, THINGS, DAY)
    assert path == store.folder / DAY / f"{DAY}_things.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_folder_may_have_any_name(store: Store) -> None:
    store.put({"note": "a"})
    odd = store.folder / "it's a *[folder] {with} %s ?"
    written = write_csv(store.connection, THINGS, DAY, odd)
    assert written.path.parent.parent == odd
    assert len(parse(written.path.read_bytes())) == 2


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_who_reads_the_old_file_reads_it_to_its_end(store: Store) -> None:
    store.put({"note": "old"})
    before = store.content()
    with csv_path(store.folder, THINGS, DAY).open("rb") as reader:
        store.put({"code": "z", "note": "new"})
        after = store.content()
        assert reader.read() == before
    assert after != before
    assert names_in(store.folder / DAY) == [f"{DAY}_things.csv"]


CUT_SHORT = """
    import resource, sys
    from pathlib import Path
    import duckdb
    from randomuser_assets.export.csv import write_csv
    from randomuser_assets_tests.export.things import DAY, THINGS

    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            write_csv(connection, THINGS, DAY, Path(sys.argv[2]))
        except (OSError, duckdb.IOException) as error:
            print(f"cut short: {error}")
"""


def test_a_write_that_fails_midway_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk."""
    database, folder = tmp_path / "warehouse.duckdb", tmp_path / "csv"
    with opened_store(database, folder) as store:
        store.put({"note": "old"})
        before = store.content()
        more = f"SELECT '{DAY}', i FROM range(200000) t(i)"
        store.connection.execute(f"INSERT INTO core.things (snapshot_date, code) {more}")
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CUT_SHORT), str(database), str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.stdout.startswith("cut short"), ended.stderr
    assert names_in(folder / DAY) == [f"{DAY}_things.csv"]
    assert csv_path(folder, THINGS, DAY).read_bytes() == before


def test_what_a_killed_process_left_is_removed_and_what_is_being_written_stays(
    tmp_path: Path,
) -> None:
    """A process that is killed within a write leaves its part, and holds it no longer."""
    code = """
        import os, signal, sys
        from pathlib import Path
        from randomuser_assets.whole import written_whole

        root = Path(sys.argv[1])
        with written_whole(root / "a" / "file", root) as aside:
            aside.write_text("half")
            os.kill(os.getpid(), signal.SIGKILL)
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)]
    assert subprocess.run(command, check=False, timeout=60).returncode == -9
    (left,) = (tmp_path / ".parts").iterdir()
    with written_whole(tmp_path / "b" / "file", tmp_path) as aside:
        aside.write_text("whole")
        remove_leftovers(tmp_path)
        assert not left.exists()
        assert aside.read_text() == "whole"
    assert (tmp_path / "b" / "file").read_text() == "whole"
    assert not (tmp_path / ".parts").exists()
    assert not (tmp_path / "a").exists()


def test_a_file_is_on_the_disk_before_its_name_is_and_the_name_before_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a power failure could leave the new name with nothing behind it."""
    done: list[str] = []
    to_disk, rename = os.fsync, Path.replace

    def recorded_fsync(descriptor: int) -> None:
        done.append(f"to disk: {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
        to_disk(descriptor)

    def recorded_replace(self: Path, target: Path) -> Path:
        done.append(f"renamed: {target.name}")
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", recorded_fsync)
    monkeypatch.setattr(Path, "replace", recorded_replace)
    with written_whole(tmp_path / "day" / "file", tmp_path) as aside:
        aside.write_text("whole")
    assert done == [
        "to disk: file",
        f"to disk: {tmp_path.name}",  # which now holds the folder of the day
        "renamed: file",
        "to disk: day",
    ]


def test_a_file_left_to_another_thread_is_in_place_once_it_was_waited_for(tmp_path: Path) -> None:
    paths = [tmp_path / "day" / f"{number}" for number in range(3)]
    with ToDisk() as disk:
        for path in paths:
            with disk.written_whole(path, tmp_path) as aside:
                aside.write_text(path.name)
        for path in paths:
            disk.wait_for(path)
            assert path.read_text() == path.name
    assert names_in(tmp_path) == ["day"]


def test_a_file_left_to_another_thread_that_cannot_be_put_in_place_is_told(tmp_path: Path) -> None:
    path, other = tmp_path / "day" / "file", tmp_path / "day" / "other"
    path.mkdir(parents=True)  # a folder of that name is in the way
    (path / "something").touch()
    with ToDisk() as disk:
        for each in (path, other):
            with disk.written_whole(each, tmp_path) as aside:
                aside.write_text("new")
        with pytest.raises(OSError, match="file"):
            disk.wait_for(path)
        disk.wait_for(other)
    assert other.read_text() == "new"
    assert names_in(tmp_path) == ["day"]


def test_what_is_not_written_to_its_end_is_not_left_to_another_thread(tmp_path: Path) -> None:
    def fails_midway(aside: Path) -> None:
        aside.write_text("half")
        raise ValueError("midway")

    with (
        ToDisk() as disk,
        pytest.raises(ValueError, match="midway"),
        disk.written_whole(tmp_path / "day" / "file", tmp_path) as aside,
    ):
        fails_midway(aside)
    assert names_in(tmp_path) == []
