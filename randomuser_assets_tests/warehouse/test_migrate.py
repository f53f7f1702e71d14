"""Stored tables that are not as declared: shown, tried, and made to follow in one transaction.

Here belong the command and what it leaves. What keeps it from going on is in
`test_migrate_refused`, what a run does about a change in `test_declared_tables`.
"""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from randomuser_assets import cli, recovery
from randomuser_assets.model import MODEL, Copied, Model, Table
from randomuser_assets.model.types import INTEGER, TEXT
from randomuser_assets.warehouse.backup import backups_in
from randomuser_assets_tests.chaos.contents import tables_of
from randomuser_assets_tests.graph.site import Site, opened_site
from randomuser_assets_tests.warehouse.migrating import FIRST, LAST, everything, migrate, shape

pytestmark = pytest.mark.long

DERIVED = [
    "ALTER TABLE core.users RENAME title TO form_of_address",
    "ALTER TABLE core.users DROP title",
    "ALTER TABLE core.users ADD COLUMN nobody_knows VARCHAR",
    "ALTER TABLE core.locations ALTER postcode TYPE BIGINT USING 1",
    "ALTER TABLE core.locations ALTER street_number TYPE VARCHAR",
    "ALTER TABLE core.logins ALTER username DROP NOT NULL",
    "ALTER TABLE staging.flattened_users ALTER id_value_hmac SET NOT NULL",
    "ALTER TABLE staging.flattened_users DROP gender",
    "ALTER TABLE staging.rejected_users RENAME reasons TO why",
]


@pytest.mark.parametrize("change", DERIVED, ids=lambda change: change.removeprefix("ALTER TABLE "))
def test_a_derived_table_is_made_again_as_declared(
    site: Site, stored: Site, change: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if "SET NOT NULL" in change:
        site.change("UPDATE staging.flattened_users SET id_value_hmac = 'x'")
    site.change(change)
    assert migrate() == 0
    assert tables_of(site.settings) == tables_of(stored.settings)
    assert shape(site) == shape(stored)
    assert change.split()[2] in capsys.readouterr().out


def test_after_it_the_next_run_works(site: Site) -> None:
    site.change("ALTER TABLE core.users DROP title")
    assert not site.materialize("key:users", LAST).success
    assert migrate() == 0
    assert site.materialize("key:users", LAST).success


def test_a_base_table_keeps_its_values(
    site: Site, stored: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.change(
        "ALTER TABLE raw.raw_users ALTER page TYPE VARCHAR",
        "ALTER TABLE raw.raw_users ALTER seed DROP NOT NULL",
        "ALTER TABLE raw.raw_users ADD COLUMN extra VARCHAR",
        "UPDATE raw.raw_users SET extra = 'x' WHERE position <= 2",
    )
    assert migrate() == 0
    told = capsys.readouterr().out
    assert "raw.raw_users: page VARCHAR becomes INTEGER" in told
    assert "raw.raw_users: seed becomes required" in told
    assert "raw.raw_users: extra goes, with 4 values, which stay in the backup" in told
    everything = "FROM raw.raw_users ORDER BY snapshot_date, page, position"
    assert site.rows(everything) == stored.rows(everything)
    assert shape(site) == shape(stored)


def test_a_renamed_base_column_must_be_named(
    site: Site, stored: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.change("ALTER TABLE raw.raw_users RENAME seed TO sede")
    before = site.settings.warehouse_path.read_bytes()
    assert migrate() == 1
    assert "say --rename raw.raw_users.sede=seed" in capsys.readouterr().err
    assert site.settings.warehouse_path.read_bytes() == before
    assert migrate("--rename", "raw.raw_users.sede=seed") == 0
    everything = "FROM raw.raw_users ORDER BY snapshot_date, page, position"
    assert site.rows(everything) == stored.rows(everything)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--rename", "raw.raw_users.sede=seed"), "raw.raw_users.sede is to be renamed or dropped"),
        (("--drop", "raw.raw_users.sede"), "raw.raw_users.sede is to be renamed or dropped"),
        (("--rename", "raw.raw_users.extra=more"), "extra cannot become more, which is not decl"),
        (
            ("--rename", "raw.raw_users.extra=seed"),
            "extra cannot become seed, which is the name of another stored column",
        ),
        (("--drop", "raw.raw_users.seed"), "seed is declared, and cannot be dropped"),
    ],
)
def test_a_renaming_that_cannot_be_is_told(
    site: Site, arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site.change("ALTER TABLE raw.raw_users ADD COLUMN extra VARCHAR")
    assert migrate(*arguments) == 1
    assert sentence in capsys.readouterr().err


def test_a_renaming_is_not_taken_for_a_removal_where_nulls_would_do(
    site: Site, stored: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    everything = "FROM quality.writes ORDER BY ALL"
    site.change("ALTER TABLE quality.writes RENAME partition TO day")
    assert migrate() == 1
    told = capsys.readouterr().err
    assert (
        "say --rename quality.writes.day=partition, and if not, --drop quality.writes.day" in told
    )
    assert migrate("--rename", "quality.writes.day=partition") == 0
    assert site.rows(everything) == stored.rows(everything)
    site.change("ALTER TABLE quality.writes RENAME partition TO day")
    assert migrate("--drop", "quality.writes.day") == 0
    assert site.rows("SELECT DISTINCT partition FROM quality.writes") == [(None,)]


def test_a_new_required_column_of_a_base_table_has_no_values(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.change("ALTER TABLE raw.raw_users DROP page")
    assert migrate() == 1
    told = capsys.readouterr().err
    assert "raw.raw_users: page INTEGER is new and required" in told
    assert "required=False" in told


def test_a_run_adds_to_its_own_log_what_may_be_null_and_refuses_the_rest(site: Site) -> None:
    site.change("ALTER TABLE quality.writes DROP partition")
    assert site.materialize("key:users", LAST).success
    assert site.rows("SELECT table_name FROM quality.writes WHERE partition IS NOT NULL") == [
        ("users",)
    ]
    site.change("ALTER TABLE quality.writes RENAME run_id TO run")
    failed = site.materialize("key:users", LAST)
    (failure,) = [e.step_failure_data.error for e in failed.get_step_failure_events()]
    assert "run_id is declared as required" in str(failure)
    assert "`randomuser-assets migrate`" in str(failure)


def test_the_name_that_is_needed_for_a_moment_may_be_taken(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.change(
        "ALTER TABLE core.users DROP title", "CREATE TABLE core.users__new AS SELECT 42 AS a"
    )
    before = everything(site)
    assert migrate() == 1
    assert "somebody's table has it" in capsys.readouterr().err
    assert everything(site) == before


def test_a_value_that_would_change_stops_everything(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.change(
        "ALTER TABLE core.users DROP title",
        "ALTER TABLE quality.requests ALTER page TYPE VARCHAR",
        "UPDATE quality.requests SET page = 'one'",
    )
    before = everything(site)
    assert migrate() == 1
    told = capsys.readouterr().err
    assert "2 of page (VARCHAR, declared INTEGER)" in told
    assert "quality.requests " in told
    assert "__new" not in told
    assert everything(site) == before


def with_table(table: Table) -> Model:
    """Give the model with a table declared otherwise."""
    return replace(MODEL, core=tuple(table if t.name == table.name else t for t in MODEL.core))


def under(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "MODEL", model)


def test_a_new_required_core_column_gets_its_values_from_what_it_is_made_of(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = MODEL["users"]
    age = replace(MODEL.flattened["dob_age"], name="age", origin=Copied("dob_age"))
    model = with_table(replace(users, columns=(*users.columns, age)))
    under(model, monkeypatch)
    assert migrate() == 0
    assert site.rows(
        "SELECT count(*) FROM core.users JOIN staging.flattened_users AS f "
        "ON user_id = login_uuid AND age = dob_age AND core.users.snapshot_date = f.snapshot_date"
    ) == site.rows("SELECT count(*) FROM core.users")


def test_a_new_column_that_may_be_null_needs_no_migration(site: Site) -> None:
    users = MODEL["users"]
    new = replace(users["gender"], name="kind", required=False)
    changed = replace(site, model=with_table(replace(users, columns=(*users.columns, new))))
    assert changed.materialize("key:users", LAST).success
    rows = "SELECT DISTINCT snapshot_date::VARCHAR, kind IS NULL FROM core.users ORDER BY ALL"
    assert site.rows(rows) == [(FIRST, True), (LAST, False)]


def test_what_is_made_of_a_remade_table_is_remade(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.change("ALTER TABLE staging.flattened_users DROP gender")
    site.change("UPDATE core.users SET gender = 'made by older code'")
    assert migrate() == 0
    told = capsys.readouterr().out
    assert "core.users: is made again of what it is made of" in told
    assert site.rows("SELECT DISTINCT gender FROM core.users ORDER BY ALL") == [
        ("female",),
        ("male",),
    ]


def test_retyped_leaves_are_read_again_from_the_payload(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a number back to the text that came, which no cast of what is stored could give."""
    flattened = tuple(
        replace(c, type=TEXT, rules=()) if c.type == INTEGER and c.name == "dob_age" else c
        for c in MODEL.flattened.columns
    )
    model = replace(MODEL, flattened=replace(MODEL.flattened, columns=flattened))
    before = site.rows("SELECT dob_age::VARCHAR FROM staging.flattened_users ORDER BY ALL")
    under(model, monkeypatch)
    assert migrate() == 0
    stored = "SELECT typeof(dob_age), dob_age FROM staging.flattened_users ORDER BY dob_age"
    assert site.rows(stored) == [("VARCHAR", age) for (age,) in before]


def test_a_day_that_cannot_be_made_again_is_not_lost(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.change(
        f"DELETE FROM raw.raw_users WHERE snapshot_date = '{FIRST}'",
        "ALTER TABLE staging.flattened_users DROP gender",
    )
    assert migrate() == 1
    told = capsys.readouterr().err
    assert f"1 day that cannot be made again, since what that takes is gone: {FIRST}" in told
    assert len(site.rows("SELECT DISTINCT snapshot_date FROM core.users")) == 2


def test_fewer_rows_must_be_accepted(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.change(
        'UPDATE raw.raw_users SET payload = replace(payload, \'"gender":"\', \'"gender":"x\') '
        f"WHERE snapshot_date = '{FIRST}' AND position <= 3",
        "ALTER TABLE staging.flattened_users DROP gender",
    )
    assert migrate() == 1
    told = capsys.readouterr().err
    assert f"{FIRST} 12 → 9" in told
    assert "--accept-fewer-rows" in told
    assert migrate("--accept-fewer-rows") == 0
    assert site.rows("SELECT count(*) FROM staging.rejected_users") == [(3,)]


def test_how_many_rows_a_day_has_is_kept_current(site: Site) -> None:
    site.change(
        f"DELETE FROM core.users WHERE snapshot_date = '{FIRST}'",
        "ALTER TABLE core.users DROP title",
    )
    site.change("UPDATE quality.writes SET records = 0 WHERE table_name = 'users'")
    assert migrate() == 0
    records = "SELECT partition, records FROM quality.writes WHERE table_name = 'users' ORDER BY 1"
    assert site.rows(records)[0] == (FIRST, 12)


def test_a_rejected_record_that_raw_users_no_longer_has_is_not_lost(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.change(
        "INSERT INTO staging.rejected_users SELECT snapshot_date, seed, 9, position, ['odd'], "
        "payload FROM raw.raw_users LIMIT 1",
        "ALTER TABLE staging.rejected_users ALTER reasons DROP NOT NULL",
    )
    assert migrate() == 1
    assert "--accept-fewer-rows" in capsys.readouterr().err


def test_migrated_tables_are_those_of_a_fresh_run(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under declarations of which one is removed, one renamed, one retyped and one new."""
    users = MODEL["users"]
    age = replace(MODEL.flattened["dob_age"], name="age", origin=Copied("dob_age"), type=TEXT)
    columns = [
        replace(column, name="form_of_address") if column.name == "title" else column
        for column in users.columns
        if column.name != "cell"
    ]
    flattened = tuple(
        replace(c, type=TEXT, rules=()) if c.name == "dob_age" else c
        for c in MODEL.flattened.columns
    )
    model = replace(
        MODEL,
        flattened=replace(MODEL.flattened, columns=flattened),
        core=(replace(users, columns=(*columns, age)), *MODEL.core[1:]),
    )
    under(model, monkeypatch)
    assert migrate() == 0
    with opened_site("sample", tmp_path / "fresh", model=model) as fresh:
        assert fresh.store_range(FIRST, LAST).success
        assert {row for row in shape(site) if row[0] != "quality"} == {
            row for row in shape(fresh) if row[0] != "quality"
        }
        for table in (model.flattened, model.rejected, *model.core):
            rows = f"FROM {table.schema}.{table.name} ORDER BY ALL"
            assert site.rows(rows) == fresh.rows(rows), table.name


def test_tried_dry_nothing_changes(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.change("ALTER TABLE core.users DROP title", "ALTER TABLE raw.raw_users ADD COLUMN x INT")
    before = everything(site)
    assert migrate("--dry-run") == 0
    told = capsys.readouterr().out
    assert "core.users: title VARCHAR is new" in told
    assert "core.users: 24 rows" in told
    assert told.endswith("Nothing was changed.\n")
    assert everything(site) == before
    assert backups_in(site.settings.backups_path) == []


def test_there_is_a_backup_of_what_was_before(site: Site) -> None:
    site.change("ALTER TABLE core.users ADD COLUMN nobody_knows VARCHAR")
    before = shape(site)
    assert migrate() == 0
    (backup,) = backups_in(site.settings.backups_path)
    place = site.settings.data_path / "before"
    assert cli.main(["restore", str(backup), "--to", str(place)]) == 0
    then = replace(site, settings=site.settings.model_copy(update={"data_dir": place}))
    assert shape(then) == before


def test_tables_of_others_are_not_touched(site: Site) -> None:
    site.change(
        "CREATE TABLE core.notes (a INTEGER)", "INSERT INTO core.notes VALUES (42)",
        "ALTER TABLE core.users DROP title",
    )  # fmt: skip
    assert migrate() == 0
    assert site.rows("FROM core.notes") == [(42,)]


def test_a_warehouse_of_before_some_tables_is_migrated(site: Site) -> None:
    site.change(
        "DROP TABLE quality.writes",
        "DROP TABLE staging.rejected_users",
        "ALTER TABLE staging.flattened_users DROP gender",
    )
    assert migrate() == 0
    assert site.rows("SELECT count(gender) FROM staging.flattened_users") == [(24,)]


def test_where_all_is_as_declared_nothing_is_done(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert migrate() == 0
    told = capsys.readouterr().out
    assert told == f"The stored tables are as declared (version {MODEL.version}): nothing to do.\n"
    assert backups_in(site.settings.backups_path) == []


def test_the_version_of_the_declarations_is_in_the_warehouse(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = "SELECT DISTINCT schema_version FROM quality.writes"
    assert site.rows(version) == [(MODEL.version,)]
    users = MODEL["users"]
    model = with_table(replace(users, columns=users.columns[:-1]))
    assert model.version != MODEL.version
    under(model, monkeypatch)
    assert migrate() == 0
    assert site.rows(version) == [(model.version,)]


def test_without_a_warehouse_it_says_so(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.settings.warehouse_path.unlink()
    assert migrate() == 1
    assert "There is no warehouse" in capsys.readouterr().err


@pytest.mark.long
def test_a_migration_that_is_killed_leaves_the_old_tables_or_the_new(
    site: Site, stored: Site
) -> None:
    command = [sys.executable, "-m", "randomuser_assets.cli", "migrate"]
    for number in range(5):
        site.change("ALTER TABLE staging.flattened_users DROP IF EXISTS gender")
        old = shape(site)
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        while process.poll() is None and not backups_in(site.settings.backups_path):
            time.sleep(0.001)
        time.sleep(number * 0.1)
        process.kill()
        process.communicate()
        assert shape(site) in (old, shape(stored))
        for backup in backups_in(site.settings.backups_path):
            backup.unlink()
    assert migrate() == 0
    assert tables_of(site.settings) == tables_of(stored.settings)
