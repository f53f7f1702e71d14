"""A file is always whole, the old one or the new one, and its owner's only."""

import errno
import os
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from randomuser_assets.export.csv import csv_path, write_csv
from randomuser_assets.whole import Together, remove_leftovers, written_whole
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


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Say what is brought to the disk and what is renamed, as it ends."""
    done: list[str] = []
    to_disk, rename = os.fsync, Path.replace

    def recorded_fsync(descriptor: int) -> None:
        to_disk(descriptor)
        done.append(f"to disk: {Path(f'/proc/self/fd/{descriptor}').readlink().name}")

    def recorded_replace(self: Path, target: Path) -> Path:
        renamed = rename(self, target)
        done.append(f"renamed: {target.name}")
        return renamed

    monkeypatch.setattr(os, "fsync", recorded_fsync)
    monkeypatch.setattr(Path, "replace", recorded_replace)
    return done


def test_a_file_is_on_the_disk_before_its_name_is_and_the_name_before_it_counts(
    tmp_path: Path, done: list[str]
) -> None:
    """Else a power failure could leave the new name with nothing behind it."""
    with written_whole(tmp_path / "day" / "file", tmp_path) as aside:
        aside.write_text("whole")
    assert done == [
        "to disk: file",
        f"to disk: {tmp_path.name}",  # which now holds the folder of the day
        "renamed: file",
        "to disk: day",
    ]


DAY_OF_FILES = ("users", "logins", "pictures")


def write_together(
    root: Path, content: str, write: Callable[[Path, str], object] = Path.write_text
) -> None:
    """Write a day's files, as the exports do."""
    with Together() as files:
        paths = [root / "day" / name for name in DAY_OF_FILES]
        for path in paths:
            with files.written(path, root) as aside:
                write(aside, content)
        for step in (files.wait_for, files.put_in_place):
            for path in paths:
                step(path)


def contents(root: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (root / "day").iterdir()}


def test_files_that_belong_together_are_put_in_place_and_nothing_else_is_left(
    tmp_path: Path,
) -> None:
    write_together(tmp_path, "old")
    write_together(tmp_path, "new")
    assert contents(tmp_path) == dict.fromkeys(DAY_OF_FILES, "new")
    assert names_in(tmp_path) == ["day"]
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "day").iterdir()} == {0o600}


@pytest.mark.parametrize("full_at", DAY_OF_FILES)
def test_if_one_cannot_be_brought_to_the_disk_none_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full_at: str
) -> None:
    write_together(tmp_path, "old")
    to_disk = os.fsync

    def full(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().name == full_at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        to_disk(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        write_together(tmp_path, "new")
    assert contents(tmp_path) == dict.fromkeys(DAY_OF_FILES, "old")
    assert names_in(tmp_path) == ["day"]


def test_if_one_is_not_written_to_its_end_none_takes_its_place(tmp_path: Path) -> None:
    write_together(tmp_path, "old")

    def interrupted(aside: Path, content: str) -> None:
        aside.write_text(content)
        if aside.name == DAY_OF_FILES[-1]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_together(tmp_path, "new", interrupted)
    assert contents(tmp_path) == dict.fromkeys(DAY_OF_FILES, "old")
    assert names_in(tmp_path) == ["day"]


def test_files_that_belong_together_are_on_the_disk_before_any_has_its_name(
    tmp_path: Path, done: list[str]
) -> None:
    write_together(tmp_path, "whole")
    assert set(done[: len(DAY_OF_FILES)]) == {f"to disk: {name}" for name in DAY_OF_FILES}
    assert [each for each in done if each.startswith("renamed")] == [
        f"renamed: {name}" for name in DAY_OF_FILES
    ]
