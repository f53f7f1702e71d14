"""Whatever is set, it is taken or refused in a sentence; and what is taken stays in its folder."""

import os
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from randomuser_assets import settings as settings_module
from randomuser_assets.export.csv import csv_path, write_csv
from randomuser_assets.export.parquet import parquet_path, write_parquet
from randomuser_assets.folders import private_folder
from randomuser_assets.model import MODEL
from randomuser_assets.settings import PREFIX, Settings, SettingsError, load_settings
from randomuser_assets_tests.export.rfc4180 import parse
from randomuser_assets_tests.export.things import DAY, THINGS, opened_store
from randomuser_assets_tests.fuzz.hostile import MEGABYTE, NUMBERS, TEXTS

BOUNDED = settings(
    max_examples=80,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NAMES = [PREFIX + name.upper() for name in Settings.model_fields]
READ_ONLY = {"files_path", "pii_key_path"}
"""Where something is read, which may be anywhere; all other paths are written to."""

_PLACES = [name for name in dir(Settings) if name.endswith("_path") or name == "dagster_home"]
PATHS = [name for name in _PLACES if name not in READ_ONLY]

# What the system lets stand in the environment: any text without NUL, bytes that are no text too.
_without_nul = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20)
_broken = st.binary(max_size=8).map(lambda b: os.fsdecode(b.replace(b"\0", b"")))
_near = st.sampled_from(
    [
        *("sample", "http://h/", "http://[::1", "http://h:x/", "http://h:99999/", "https://a@b@c/"),
        *(
            "2026-01-01",
            "0001-01-01",
            "9999-12-31",
            "2026-02-30",
            "2026-1-1",
            "{date}",
            "{date}/..",
        ),
        *("1", "0", "-1", "5001", "1e3", "inf", "nan", "1_0", "0.5", "warn", "freeze", "batches"),
        *("slack://a/b/c", "mailto://", "json://h", "~", "~root/x", "~nobody-there/x", "/", "//"),
        *("/proc/1", "/dev/null", "/dev/null/x", "x/../../../..", "a" * 300, "x\ny", "C:\\x"),
    ]
)
_values = (
    _near | _broken | _without_nul | st.sampled_from([text.replace("\0", "") for text in TEXTS])
) | st.sampled_from(NUMBERS)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the project another folder, with no `.env` in it."""
    monkeypatch.setattr(settings_module, "project_root", lambda: tmp_path)
    return tmp_path


@BOUNDED
@given(value=_values)
@example(value="x" * MEGABYTE)
@example(value="x" * 100_000)
@example(value="slack://" * 2000)
@example(value="~nobody-there/x")
@example(value="http://a b/")
@example(value="http://h\n/")
@example(value=os.fsdecode(b"\xff"))
@example(value=os.fsdecode(b"http://\xff/"))
def test_any_setting_is_taken_or_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        with monkeypatch.context() as patch:
            # A megabyte is more than a process can be started with, but no more than `.env` holds.
            patch.setitem(os.environ, name, value)
            told = _refusal()
            assert told is None or (told.startswith(name) and len(told) < 2000)


@BOUNDED
@given(lines=st.lists(st.tuples(st.sampled_from(NAMES), st.binary(max_size=9)), max_size=3))
@example(lines=[("RANDOMUSER_DATA_DIR", b"a\0b")])
@example(lines=[("RANDOMUSER_SEED", b"\xff")])
@example(lines=[("RANDOMUSER_SEED", b"${RANDOMUSER_SEED:-${X")])
def test_any_env_file_is_taken_or_refused(lines: list[tuple[str, bytes]], home: Path) -> None:
    content = b"\n".join(b"%b=%b" % (name.encode(), value) for name, value in lines)
    (home / ".env").write_bytes(content)
    _refusal()


def _refusal() -> str | None:
    """Give the sentence of the refusal; without one, see that all that is set can be used."""
    try:
        taken = load_settings()
    except SettingsError as error:
        return str(error)
    _see_that_it_can_be_used(taken)
    return None


def _see_that_it_can_be_used(taken: Settings) -> None:
    root = taken.data_path
    for name in PATHS:
        path = getattr(taken, name)
        assert path == root or root in path.parents, f"{name} is outside: {path}"
    for day in (date.min, date(2026, 11, 20), date.max):
        assert taken.seed_on(day).encode()
    try:
        assert taken.key_bytes()
    except SettingsError:
        assert taken.pii_key is None


_folder_names = st.text(st.characters(exclude_characters="\0?\\", codec="utf-8"), max_size=12)
_folders = _folder_names | st.sampled_from(
    [
        *("'; DROP TABLE x; --", "a'b", 'a"b', "{x}", "[a]", "*", "$HOME", "%s", "a b ", " ", "\n"),
        *("snapshot_date=2020-01-01", "é\u202e", "-rf", "#", "&", ";", "x.duckdb", "\x1b[31m"),
    ]
)


@settings(BOUNDED, max_examples=25)
@given(name=_folders, seed=st.sampled_from([*TEXTS, "x" * 1000]) | st.text(max_size=20))
def test_any_folder_holds_the_files_that_are_written_below_it(
    name: str, seed: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(os.environ, "RANDOMUSER_DATA_DIR", f"in/{name}")
        try:
            taken = load_settings()
        except SettingsError:
            return
    if len(os.fsencode(name)) > 200 or home not in taken.data_path.parents:
        return  # `..` leads where the owner says
    private_folder(taken.data_path)
    taken.warehouse_path.unlink(missing_ok=True)
    with opened_store(taken.warehouse_path, taken.csv_path) as store:
        store.put({"note": name}, {"note": seed})
        write_csv(store.connection, THINGS, DAY, taken.csv_path)
        write_parquet(store.connection, THINGS, DAY, seed, taken.parquet_path)
    written = {path for path in home.rglob("*") if path.is_file()}
    csv = csv_path(taken.csv_path, THINGS, DAY)
    parquet = parquet_path(taken.parquet_path, THINGS, DAY)
    assert written == {taken.warehouse_path, csv, parquet}
    assert len(parse(csv.read_bytes())) == 3
    (held,) = duckdb.execute(
        "SELECT count(*) FROM read_parquet($1)", [[str(parquet).replace("[", "[[]")]]
    ).fetchall()
    assert held == (2,)
    for path in written:
        path.unlink()


def test_the_names_of_tables_are_no_paths() -> None:
    assert all(table.name.isidentifier() and table.schema.isidentifier() for table in MODEL)
