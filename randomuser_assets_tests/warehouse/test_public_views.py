"""The public views: what analysts may see of the core tables, whatever becomes of the tables."""

from dataclasses import replace
from logging import getLogger
from pathlib import Path

import duckdb
import pytest

from randomuser_assets import recovery
from randomuser_assets.model import MODEL, Model, Privacy, Table
from randomuser_assets.warehouse.backup import make_backup
from randomuser_assets.warehouse.connect import opened
from randomuser_assets.warehouse.restore import restore
from randomuser_assets_tests.chaos.contents import tables_of
from randomuser_assets_tests.graph.site import Site
from randomuser_assets_tests.warehouse.migrating import LAST, migrate, shape

pytestmark = pytest.mark.long

LOG = getLogger(__name__)
PRIVATE = {
    "users": {"first_name", "last_name", "email", "phone", "cell"},
    "logins": {"username", "password_hmac"},
    "locations": {"street_number", "street_name"},
    "identity_documents": {"value_hmac"},
    "pictures": set(),
    "timezones": set(),
    "countries": set(),
}
USERS = MODEL["users"]


def columns(site: Site, table: str = "users") -> list[str]:
    """Give the columns that a view gives, which it must do without an error."""
    return [row[0] for row in site.rows(f"DESCRIBE FROM core_public.{table}")]


def with_users(**columns: object) -> Model:
    """Give the model with the columns of users declared otherwise."""
    declared = tuple(replace(c, **columns.get(c.name, {})) for c in USERS.columns)  # type: ignore[arg-type]
    return with_table(replace(USERS, columns=declared))


def with_table(table: Table) -> Model:
    return replace(MODEL, core=tuple(table if t.name == table.name else t for t in MODEL.core))


def test_each_core_table_has_a_view_without_secrets_and_direct_identifiers(stored: Site) -> None:
    assert {table.name for table in MODEL.core} == PRIVATE.keys()
    for name, private in PRIVATE.items():
        shown = [n for n in MODEL[name].column_names if n not in private]
        assert columns(stored, name) == shown
        rows = f"SELECT {', '.join(shown)} FROM {{}}.{name} ORDER BY ALL"
        found = stored.rows(rows.format("core_public"))
        assert found == stored.rows(rows.format("core"))
        assert found


def test_no_other_view_and_no_table_is_in_that_schema(stored: Site) -> None:
    assert stored.rows(
        "SELECT view_name FROM duckdb_views() WHERE schema_name LIKE '%public' ORDER BY ALL"
    ) == [(name,) for name in sorted(PRIVATE)]
    assert stored.rows("FROM duckdb_tables() WHERE schema_name LIKE '%public'") == []


def test_the_views_are_joined_by_their_keys(stored: Site) -> None:
    joined = (
        "SELECT count(*) FROM {0}.users JOIN {0}.locations USING (snapshot_date, user_id) "
        "JOIN {0}.countries ON country_code = nationality "
        "AND countries.snapshot_date = users.snapshot_date"
    )
    assert stored.rows(joined.format("core_public")) == stored.rows(joined.format("core"))
    everybody = stored.rows("SELECT count(*) FROM core.users")
    assert stored.rows(joined.format("core_public")) == everybody


def test_they_say_what_tables_and_columns_mean(stored: Site) -> None:
    said = "FROM duckdb_views() WHERE schema_name = 'core_public' AND view_name = 'users'"
    assert stored.rows(f"SELECT comment {said}") == [(USERS.description,)]
    said = "FROM duckdb_columns() WHERE schema_name = 'core_public' AND table_name = 'users'"
    assert stored.rows(f"SELECT comment {said} ORDER BY column_index") == [
        (column.description,) for column in USERS.public.columns
    ]


def test_a_write_that_fails_leaves_the_old_view(site: Site) -> None:
    """It is made in the transaction of the write, whose last part fails here."""
    site.change("DROP TABLE quality.writes", "CREATE VIEW quality.writes AS SELECT 1 AS one")
    before = columns(site)
    model = with_users(born_at={"privacy": Privacy.DIRECT})
    assert not replace(site, model=model).materialize("users", LAST).success
    assert columns(site) == before


def test_a_new_column_is_in_the_view_with_the_next_write(site: Site) -> None:
    kinds = {Privacy.QUASI: "kind", Privacy.DIRECT: "nickname"}
    new = [
        replace(USERS["gender"], name=name, privacy=privacy, required=False)
        for privacy, name in kinds.items()
    ]
    model = with_table(replace(USERS, columns=(*USERS.columns, *new)))
    assert replace(site, model=model).materialize("key:users", LAST).success
    assert columns(site) == [*USERS.public.column_names, "kind"]
    assert site.rows("SELECT DISTINCT kind IS NULL FROM core_public.users ORDER BY ALL") == [
        (False,),
        (True,),
    ]


@pytest.mark.parametrize("by", ["writing", "migrating"])
def test_a_column_that_is_no_longer_public_goes(
    site: Site, by: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Though the table itself looks the same as before."""
    model = with_users(born_at={"privacy": Privacy.DIRECT})
    if by == "writing":
        assert replace(site, model=model).materialize("users", LAST).success
    else:
        monkeypatch.setattr(recovery, "MODEL", model)
        assert migrate("--dry-run") == 0
        assert "born_at" in columns(site)
        assert migrate() == 0
        assert "core_public.users: shows snapshot_date, user_id, " in capsys.readouterr().out
        assert migrate() == 0
        assert "nothing to do" in capsys.readouterr().out
    assert columns(site) == [name for name in USERS.public.column_names if name != "born_at"]
    assert site.rows("SELECT count(born_at) FROM core.users")[0][0] > 0


@pytest.mark.parametrize(
    "change",
    [
        "RENAME title TO form_of_address",
        "DROP nationality",
        "ALTER born_at TYPE VARCHAR",
        "ADD COLUMN nobody_knows VARCHAR",
        "ALTER gender DROP NOT NULL",
    ],
)
def test_a_migration_is_not_stopped_by_a_view_and_leaves_it_whole(
    site: Site, stored: Site, change: str
) -> None:
    site.change(f"ALTER TABLE core.users {change}")
    assert migrate() == 0
    assert shape(site) == shape(stored)
    everything = "FROM core_public.users ORDER BY ALL"
    assert site.rows(everything) == stored.rows(everything)


def test_a_column_that_is_renamed_in_its_declaration_is_renamed_in_the_view(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = with_users(title={"name": "form_of_address"})
    monkeypatch.setattr(recovery, "MODEL", model)
    assert migrate("--rename", "core.users.title=form_of_address") == 0
    assert columns(site) == list(model["users"].public.column_names)
    assert site.rows("SELECT form_of_address FROM core_public.users ORDER BY ALL") == site.rows(
        "SELECT form_of_address FROM core.users ORDER BY ALL"
    )


def test_a_warehouse_of_before_the_views_gets_them_by_migrating(
    site: Site, stored: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.change("DROP SCHEMA core_public CASCADE")
    assert migrate() == 0
    assert "core_public.countries: shows " in capsys.readouterr().out
    assert shape(site) == shape(stored)
    assert tables_of(site.settings) == tables_of(stored.settings)


def test_or_by_the_next_day(site: Site) -> None:
    site.change("DROP SCHEMA core_public CASCADE")
    assert site.store(LAST).success
    for name in PRIVATE:
        assert site.rows(f"SELECT count(*) FROM core_public.{name}")[0][0] > 0


def test_a_table_of_somebody_in_the_place_of_a_view_is_told(site: Site) -> None:
    site.change("DROP VIEW core_public.users", "CREATE TABLE core_public.users (mine INTEGER)")
    before = tables_of(site.settings)
    result = site.materialize("users", LAST)
    (failed,) = result.filter_events(lambda event: event.is_step_failure)
    failure = failed.step_failure_data.user_failure_data
    assert failure
    assert str(failure.description).startswith("The name core_public.users is needed for ")
    assert tables_of(site.settings) == before
    assert site.rows("FROM core_public.users") == []


def test_they_are_in_what_is_restored(site: Site, stored: Site, tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    database = site.settings.warehouse_path
    made = make_backup(database, backups, keep=1, version="v", doing="testing", log=LOG)
    assert not any("public" in name for name in made.manifest.tables)
    restored = restore(made.path, tmp_path / "again" / "warehouse.duckdb", over=False, log=LOG)
    everything = "FROM core_public.users ORDER BY ALL"
    with opened(str(restored.path), read_only=True, doing="looking", log=LOG) as connection:
        assert connection.execute(everything).fetchall() == stored.rows(everything)


def test_the_catalog_has_them_too(stored: Site) -> None:
    with duckdb.connect(str(stored.settings.catalog_path), read_only=True) as connection:
        for name in PRIVATE:
            everything = f"FROM core_public.{name} ORDER BY ALL"
            assert connection.execute(everything).fetchall() == stored.rows(everything)
            described = connection.execute(f"DESCRIBE core_public.{name}").fetchall()
            assert [row[0] for row in described] == columns(stored, name)
