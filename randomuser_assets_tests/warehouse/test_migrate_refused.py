"""What a migration does not do: make days, take what is not its own, go on without being sure."""

from collections.abc import Callable

import pytest

from randomuser_assets import recovery
from randomuser_assets.model import MODEL
from randomuser_assets.warehouse.backup import Backup, backups_in
from randomuser_assets_tests.graph.site import Site
from randomuser_assets_tests.warehouse.migrating import FIRST, LAST, everything, migrate, shape

pytestmark = pytest.mark.long

DERIVED = (MODEL.flattened, MODEL.rejected, *MODEL.core)
DAYS = "SELECT DISTINCT CAST(snapshot_date AS VARCHAR) FROM {}.{} ORDER BY ALL"


def never_made(schemas: tuple[str, ...]) -> list[str]:
    """Make it so that a run of the last day ended before these tables, as at a failed check."""
    tables = [table for table in DERIVED if table.schema in schemas]
    return [
        *(f"DELETE FROM {t.schema}.{t.name} WHERE snapshot_date = '{LAST}'" for t in tables),
        f"DELETE FROM quality.writes WHERE partition = '{LAST}' AND table_schema IN {schemas}",
    ]


@pytest.mark.parametrize(
    ("schemas", "change"),
    [
        (("core", "core"), "ALTER TABLE core.users DROP title"),
        (("core", "core"), "ALTER TABLE staging.flattened_users DROP gender"),
        (("staging", "core"), "ALTER TABLE staging.flattened_users DROP gender"),
    ],
)
def test_a_day_that_no_run_made_is_not_made(
    site: Site, schemas: tuple[str, ...], change: str
) -> None:
    site.change(*never_made(schemas), change)
    assert migrate() == 0
    for table in MODEL.core:
        assert site.rows(DAYS.format(table.schema, table.name)) == [(FIRST,)], table.name


def test_a_day_that_was_made_with_no_row_is_made_again(site: Site) -> None:
    site.change("DELETE FROM core.users", "ALTER TABLE core.users DROP title")
    assert migrate() == 0
    assert site.rows(DAYS.format("core", "users")) == [(FIRST,), (LAST,)]


@pytest.mark.parametrize("table", ["raw.raw_users", "staging.flattened_users", "core.users"])
def test_a_table_whose_day_has_another_name_needs_to_be_told(
    site: Site, stored: Site, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site.change(f"ALTER TABLE {table} RENAME snapshot_date TO day")
    before = everything(site)
    assert migrate() == 1
    assert f"--rename {table}.day=snapshot_date" in capsys.readouterr().err
    assert everything(site) == before
    assert migrate("--rename", f"{table}.day=snapshot_date") == 0
    assert everything(site) == everything(stored)


@pytest.mark.parametrize("type_", ["VARCHAR", "TIMESTAMP"])
def test_a_day_may_have_been_stored_as_something_else(site: Site, stored: Site, type_: str) -> None:
    site.change(f"ALTER TABLE core.users ALTER snapshot_date TYPE {type_}")
    assert migrate() == 0
    assert everything(site) == everything(stored)


def test_capitals_alone_are_a_renaming(site: Site, stored: Site) -> None:
    site.change('ALTER TABLE raw.raw_users RENAME seed TO "Seed"')
    assert migrate("--rename", "raw.raw_users.Seed=seed") == 0
    assert shape(site) == shape(stored)


def test_an_index_that_is_in_the_way_is_told(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.change(
        "ALTER TABLE raw.raw_users RENAME seed TO sede",
        "CREATE INDEX theirs ON raw.raw_users (sede)",
    )
    before = everything(site)
    assert migrate("--rename", "raw.raw_users.sede=seed") == 1
    assert "Somebody made an index on raw.raw_users" in capsys.readouterr().err
    assert everything(site) == before


def test_rows_without_a_value_that_becomes_required_are_counted(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.change(
        "ALTER TABLE raw.raw_users ALTER seed DROP NOT NULL",
        "UPDATE raw.raw_users SET seed = NULL WHERE position = 1",
    )
    assert migrate() == 1
    told = capsys.readouterr().err
    assert "raw.raw_users: seed becomes required, and 2 rows have no value for it" in told


def test_a_table_without_rows_needs_no_values(site: Site, stored: Site) -> None:
    site.change("DELETE FROM quality.shape_drift", "ALTER TABLE quality.shape_drift DROP example")
    assert migrate() == 0
    assert shape(site) == shape(stored)


def test_the_writes_of_other_tables_keep_their_versions(site: Site) -> None:
    site.change(
        "INSERT INTO quality.writes SELECT 'mine', 'notes', partition, 1, run_id, written_at, 'v7' "
        "FROM quality.writes LIMIT 1",
        "UPDATE quality.writes SET schema_version = 'old' WHERE table_schema <> 'mine'",
        "ALTER TABLE core.users DROP title",
    )
    assert migrate() == 0
    versions = "SELECT DISTINCT table_schema = 'mine', schema_version FROM quality.writes"
    assert set(site.rows(versions)) == {(False, MODEL.version), (True, "v7")}


def test_what_cannot_be_done_pushes_no_backup_out(site: Site) -> None:
    site.change(
        "ALTER TABLE quality.requests ALTER page TYPE VARCHAR",
        "UPDATE quality.requests SET page = 'one'",
    )
    assert migrate() == 1
    assert backups_in(site.settings.backups_path) == []


@pytest.mark.parametrize(
    "meanwhile",
    [
        "DELETE FROM core.users WHERE user_id = (SELECT min(user_id) FROM core.users)",
        "ALTER TABLE core.logins ADD COLUMN more VARCHAR",
        "UPDATE raw.raw_users SET extra = 'x' WHERE position = 1",
    ],
)
def test_what_is_not_in_the_backup_is_not_replaced(
    site: Site,
    meanwhile: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    then: Callable[..., Backup] = recovery.back_up

    def backed_up(*arguments: object) -> Backup:
        made = then(*arguments)
        site.change(meanwhile)
        return made

    monkeypatch.setattr(recovery, "back_up", backed_up)
    site.change(
        "ALTER TABLE raw.raw_users ADD COLUMN extra VARCHAR", "ALTER TABLE core.users DROP title"
    )
    before = shape(site)
    assert migrate() == 1
    assert "wrote to the warehouse meanwhile" in capsys.readouterr().err
    assert [row for row in shape(site) if row[2] != "more"] == before
