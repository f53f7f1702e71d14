"""Forgetting a person: as if they had never been let in, in tables, files, and what is to come."""

import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import duckdb
import pytest

from randomuser_assets import cli
from randomuser_assets.folders import held_folder
from randomuser_assets.forgotten import FILE, read_forgotten
from randomuser_assets.graph import file_days
from randomuser_assets.graph.exports import Kind, file_kinds
from randomuser_assets.warehouse import restore
from randomuser_assets.warehouse.content import Contents, contents
from randomuser_assets.whole import Written
from randomuser_assets_tests.graph.forgetful import again, backed_up, holding
from randomuser_assets_tests.graph.site import KEY, Site, copy_of, opened_site

pytestmark = pytest.mark.long

DAYS = ("2026-01-01", "2026-01-02")
ELSE = "2026-01-03"
OF_RUNS = ("quality.check_results", "quality.writes", "raw.raw_users")
"""Tables that tell of moments: raw_users says when a page came."""


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two days of the same people, and one of others."""
    folder = tmp_path_factory.mktemp("full") / "data"
    with opened_site("sample", folder, seed="the same", users_per_day=40, page_size=15) as site:
        assert site.store_range(*DAYS).success
        other = site.settings.model_copy(update={"seed": "others"})
        assert Site(other, site.instance).store(ELSE).success
        yield site


@pytest.fixture
def site(full: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    copied = copy_of(full, tmp_path / "data")
    again(monkeypatch, copied)
    return copied


@pytest.fixture
def person(site: Site) -> str:
    """Somebody who alone has their portrait."""
    ((person,),) = site.rows(
        "SELECT CAST(min(user_id) AS VARCHAR) FROM core.users AS u "
        f"WHERE snapshot_date = '{DAYS[0]}' AND (SELECT count(*) FROM core.users AS o WHERE "
        "o.snapshot_date = u.snapshot_date AND o.picture_id = u.picture_id) = 1"
    )
    return str(person)


def stored(site: Site) -> Contents:
    with duckdb.connect(str(site.settings.warehouse_path), read_only=True) as connection:
        found = contents(connection)
    return {name: content for name, content in found.items() if name not in OF_RUNS}


def parquet_contents(site: Site) -> dict[str, bytes]:
    folder = site.settings.parquet_path
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}


def test_a_person_is_found_before_they_are_forgotten(site: Site, person: str) -> None:
    found = holding(site.settings.data_path, person)
    assert "warehouse.duckdb" in found
    assert f"csv/{DAYS[1]}/{DAYS[1]}_users.csv" in found


def test_what_is_left_is_what_would_be_there_without_the_person(
    site: Site, person: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["forget", person.upper()]) == 0
    told = capsys.readouterr().out
    assert "users 2, " in told
    assert "pictures 2" in told
    assert f"days written again: {DAYS[0]}, {DAYS[1]}." in told
    assert person not in told.lower()
    forgotten = stored(site), site.csv_contents(), parquet_contents(site)
    assert site.store_range(*DAYS).success
    assert (stored(site), site.csv_contents(), parquet_contents(site)) == forgotten
    assert site.rows(f"SELECT count(*) FROM core.users WHERE user_id = '{person}'") == [(0,)]
    assert site.rows("SELECT snapshot_date, count(*) FROM raw.raw_users GROUP BY 1 ORDER BY 1") == [
        (date.fromisoformat(DAYS[0]), 39),
        (date.fromisoformat(DAYS[1]), 39),
        (date.fromisoformat(ELSE), 40),
    ]


def test_no_byte_is_left_of_the_id(site: Site, person: str) -> None:
    (site.settings.spool_path / DAYS[0]).mkdir(parents=True)
    (site.settings.spool_path / DAYS[0] / "page.parquet").write_text(person)
    assert cli.main(["forget", person]) == 0
    assert holding(site.settings.data_path, person) == []
    for path in (site.settings.warehouse_path, site.settings.data_path / FILE):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_checks_allow_for_who_was_left_out(site: Site, person: str) -> None:
    assert cli.main(["forget", person]) == 0
    result = site.check()
    failed = [e.check_name for e in result.get_asset_check_evaluations() if not e.passed]
    assert failed == []
    assert site.rows(
        "SELECT snapshot_date, sum(forgotten) FROM quality.requests "
        "GROUP BY 1 HAVING sum(forgotten) > 0 ORDER BY 1"
    ) == [(date.fromisoformat(day), 1) for day in DAYS]
    counted = site.rows(
        "SELECT records FROM quality.writes WHERE table_name = 'users' ORDER BY partition"
    )
    assert counted == [(39,), (39,), (40,)]


def test_a_restore_leaves_the_person_out(
    site: Site, person: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = site.settings
    backup = backed_up(site, settings.backups_path)
    assert cli.main(["forget", person]) == 0
    assert "1 was made before and holds the person" in capsys.readouterr().out
    without = stored(site)
    elsewhere = tmp_path / "elsewhere"
    assert cli.main(["restore", str(backup.path), "--to", str(elsewhere)]) == 0
    assert "Left out   1 forgotten person" in capsys.readouterr().out
    assert holding(elsewhere, person) == []
    assert read_forgotten(elsewhere, KEY.encode()).holds(person)
    settings.warehouse_path.unlink()
    assert cli.main(["restore", str(backup.path)]) == 0
    assert stored(site) == without


def test_a_backup_brings_its_list_to_where_all_is_lost(
    site: Site, person: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main(["forget", person]) == 0
    backup = backed_up(site, tmp_path / "kept")
    monkeypatch.setenv("RANDOMUSER_DATA_DIR", str(tmp_path / "new"))
    assert cli.main(["restore", str(backup.path)]) == 0
    assert read_forgotten(tmp_path / "new", KEY.encode()).holds(person)


def test_somebody_who_never_came_is_left_out_from_then_on(site: Site) -> None:
    before = stored(site), site.csv_contents()
    assert cli.main(["forget", "0b9c9a5e-52c6-4c0a-9b4e-0d6a1f3c7e11"]) == 0
    assert (stored(site), site.csv_contents()) == before


def test_twice_is_as_once(site: Site, person: str) -> None:
    assert cli.main(["forget", person]) == 0
    once = stored(site), site.csv_contents()
    assert cli.main(["forget", person]) == 0
    assert (stored(site), site.csv_contents()) == once


def test_what_is_no_id_is_refused_and_not_quoted(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    before = stored(site)
    assert cli.main(["forget", "somebody@example.com"]) == 1
    told = capsys.readouterr().err
    assert "Expected a user_id like" in told
    assert "somebody" not in told
    assert stored(site) == before
    assert not (site.settings.data_path / FILE).exists()


def test_a_run_that_is_fetching_is_waited_for(site: Site, person: str) -> None:
    day = site.settings.spool_path / DAYS[0]
    forgetting = Thread(target=cli.main, args=(["forget", person],), daemon=True)
    with held_folder(day):
        forgetting.start()
        forgetting.join(2)
        assert forgetting.is_alive()
        assert site.rows(f"SELECT count(*) FROM core.users WHERE user_id = '{person}'") == [(2,)]
    forgetting.join(60)
    assert not forgetting.is_alive()
    assert holding(site.settings.data_path, person) == []


def test_a_file_of_a_day_that_the_warehouse_has_not_is_told(
    site: Site, person: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site.change(
        *(
            f"DELETE FROM {table} WHERE snapshot_date = '{DAYS[1]}'"
            for table in ("raw.raw_users", "quality.requests", "core.users", "core.logins")
        )
    )
    before = site.csv(DAYS[1], "users").read_bytes()
    assert cli.main(["forget", person]) == 1
    assert f"{DAYS[1]}_users.csv" in capsys.readouterr().out
    assert site.csv(DAYS[1], "users").read_bytes() == before


def test_without_the_secret_nobody_is_fetched(site: Site, person: str) -> None:
    assert cli.main(["forget", person]) == 0
    another = site.settings.model_copy(update={"pii_key": None, "source": "sample"})
    result = Site(another, site.instance).materialize("key:raw_users", DAYS[0])
    assert not result.success
    (event,) = (e for e in result.get_step_failure_events() if e.step_key == "raw_users")
    assert "closed with another secret" in str(event.step_failure_data.error)
    assert site.rows(f"SELECT count(*) FROM raw.raw_users WHERE snapshot_date = '{DAYS[0]}'") == [
        (39,)
    ]


# What could come between


def test_where_only_raw_users_was_made_the_person_goes_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened_site("sample", tmp_path / "data") as site:
        assert site.materialize("key:raw_users", DAYS[0]).success
        ((person,),) = site.rows("SELECT min(payload->>'$.login.uuid') FROM raw.raw_users")
        monkeypatch.setenv("RANDOMUSER_SOURCE", "sample")
        monkeypatch.setenv("RANDOMUSER_PII_KEY", KEY)
        monkeypatch.setenv("RANDOMUSER_DATA_DIR", str(site.settings.data_path))
        assert cli.main(["forget", person]) == 0
        assert site.rows("SELECT count(*) FROM raw.raw_users") == [(11,)]


def test_a_place_that_is_somebody_elses_by_now_is_left_alone(site: Site, person: str) -> None:
    """As when raw_users was fetched again in another order, and nothing else was made of it."""
    site.change("UPDATE raw.raw_users SET position = 16 - position WHERE page < 3")
    assert cli.main(["forget", person]) == 0
    for table in ("raw.raw_users", "staging.flattened_users"):
        assert site.rows(f"SELECT count(*) FROM {table}") == [(118,)]


def test_a_record_that_writes_the_id_otherwise_goes_too(site: Site, person: str) -> None:
    others = (person.upper(), f"{{{person}}}", f"{person}\t", person.replace("-", ""))
    last = {"raw.raw_users": "now()", "staging.rejected_users": "[]"}
    for table, value in last.items():
        site.change(
            *(
                f"INSERT INTO {table} SELECT DATE '{ELSE}', 's', 9, {position}, {value}, "
                f"json_object('login', json_object('uuid', '{other}'))"
                for position, other in enumerate(others, start=1)
            )
        )
    assert cli.main(["forget", person]) == 0
    for table in last:
        assert site.rows(f"SELECT position FROM {table} WHERE page = 9") == []


def test_ended_amid_the_files_it_is_run_again(
    site: Site, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    files_before_the_kill = iter(range(3))

    def ending(kind: Kind) -> Kind:
        def write(*what: Any) -> Written:
            if next(files_before_the_kill, None) is None:
                raise KeyboardInterrupt
            return kind.write(*what)

        return replace(kind, write=write)

    monkeypatch.setattr(file_days, "file_kinds", lambda *which: map(ending, file_kinds(*which)))
    assert cli.main(["forget", person]) == 1
    monkeypatch.undo()
    again(monkeypatch, site)
    assert cli.main(["forget", person]) == 0
    files = site.csv_contents(), parquet_contents(site)
    assert site.store_range(*DAYS).success
    assert (site.csv_contents(), parquet_contents(site)) == files


def test_what_ended_exports_and_backups_have_left_goes_too(site: Site, person: str) -> None:
    for folder in (site.settings.csv_path, site.settings.backups_path):
        (folder / ".parts" / "left").mkdir(parents=True)
        (folder / ".parts" / "left" / "file").write_text(person)
    assert cli.main(["forget", person]) == 0
    assert holding(site.settings.data_path, person) == []


def test_a_warehouse_behind_a_link_is_made_anew_where_it_is(
    site: Site, person: str, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "another disk"
    elsewhere.mkdir()
    warehouse = site.settings.warehouse_path
    warehouse.rename(elsewhere / "warehouse.duckdb")
    warehouse.symlink_to(elsewhere / "warehouse.duckdb")
    assert cli.main(["forget", person]) == 0
    assert warehouse.is_symlink()
    assert holding(elsewhere, person) == []


def test_a_backup_of_before_a_new_secret_can_be_restored(
    site: Site, person: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main(["forget", person]) == 0
    backup = backed_up(site, tmp_path / "kept")
    (tmp_path / "new").write_text("another key")
    assert cli.main(["rotate-key", "--new-key-file", str(tmp_path / "new")]) == 0
    monkeypatch.setenv("RANDOMUSER_PII_KEY", "another key")
    assert cli.main(["restore", str(backup.path), "--to", str(tmp_path / "elsewhere")]) == 0
    assert read_forgotten(tmp_path / "elsewhere", b"another key").holds(person)


def test_who_is_forgotten_while_a_backup_is_restored_does_not_come_back(
    site: Site, person: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = backed_up(site, tmp_path / "kept")

    def meanwhile(*_: object) -> dict[str, object]:
        assert cli.main(["forget", person]) == 0
        return {}

    monkeypatch.setattr(restore, "mixed_days", meanwhile)
    assert cli.main(["restore", str(backup.path), "--over", "--yes"]) == 1
    assert site.rows(f"SELECT count(*) FROM core.users WHERE user_id = '{person}'") == [(0,)]
