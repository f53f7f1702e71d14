"""Marts are kept like all tables: backed up, restored, and left alone by a migration."""

import logging
from pathlib import Path

import duckdb
import pytest

from randomuser_assets import cli
from randomuser_assets.model.marts import MARTS
from randomuser_assets.warehouse.backup import Backup, make_backup
from randomuser_assets.warehouse.content import Contents, contents, differences
from randomuser_assets.warehouse.restore import proven
from randomuser_assets_tests.graph.site import Site
from randomuser_assets_tests.warehouse.migrating import migrate

pytestmark = pytest.mark.long

LOG = logging.getLogger(__name__)
NAMES = {f"marts.{table.name}" for table in MARTS}
WITHOUT = "DROP SCHEMA IF EXISTS marts CASCADE"


def with_marts(site: Site) -> Site:
    """Add the marts as declared; of one person a list is empty, of another it holds nothing."""
    columns = {t.name: ", ".join(f"{c.name} {c.type.sql}" for c in t.columns) for t in MARTS}
    site.change(
        WITHOUT,
        "CREATE SCHEMA marts",
        *(f"CREATE TABLE marts.{name} ({declared})" for name, declared in columns.items()),
        "INSERT INTO marts.dim_user BY NAME SELECT user_id, first_name, [] AS changed_columns, "
        "CAST(sum(CAST(hash(u) AS HUGEINT)) AS VARCHAR) AS observations "
        "FROM core.users AS u GROUP BY ALL",
        "UPDATE marts.dim_user SET changed_columns = [NULL] "
        "WHERE user_id = (SELECT min(user_id) FROM marts.dim_user)",
    )
    return site


def back_up(site: Site, folder: Path) -> Backup:
    return make_backup(
        site.settings.warehouse_path, folder, keep=3, version="v", doing="testing", log=LOG
    )


def held(warehouse: Path) -> Contents:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return contents(connection)


def test_a_backup_proves_and_restores_them(site: Site, tmp_path: Path) -> None:
    before = held(with_marts(site).settings.warehouse_path)
    made = back_up(site, tmp_path / "kept")
    assert proven(made.path, tmp_path).tables.keys() >= NAMES
    assert cli.main(["restore", str(made.path), "--to", str(tmp_path / "new")]) == 0
    assert held(tmp_path / "new" / "warehouse.duckdb") == before


def test_another_list_in_one_of_them_is_another_content(site: Site) -> None:
    before = held(with_marts(site).settings.warehouse_path)
    site.change("UPDATE marts.dim_user SET changed_columns = [] WHERE changed_columns = [NULL]")
    (told,) = differences(before, held(site.settings.warehouse_path))
    assert told.startswith("marts.dim_user has other values in its ")


def test_a_migration_leaves_them_alone_and_says_when_they_follow(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    with_marts(site).change("ALTER TABLE core.users DROP title")
    before = held(site.settings.warehouse_path)
    assert migrate() == 0
    assert "The marts are as they were: the next run makes them" in capsys.readouterr().out
    after = held(site.settings.warehouse_path)
    assert {name: after[name] for name in NAMES} == {name: before[name] for name in NAMES}


def test_without_marts_a_migration_does_not_speak_of_them(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.change(WITHOUT, "ALTER TABLE core.users DROP title")
    assert migrate() == 0
    assert "The marts are" not in capsys.readouterr().out
