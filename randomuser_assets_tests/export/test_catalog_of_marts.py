"""The marts in the catalog and by `read`: typed before they are made, and public where asked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from randomuser_assets import read
from randomuser_assets.export.catalog import CatalogError, keep_catalog, write_catalog
from randomuser_assets.export.parquet import whole_path, write_whole_tables
from randomuser_assets.model import MODEL, Table
from randomuser_assets.model.marts import DIM_COUNTRY, DIM_USER, MARTS
from randomuser_assets.settings import Settings

PUBLIC = [table.public_view for table in MARTS]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(source="sample", data_dir=tmp_path / "it's [a] *folder*")


@pytest.fixture
def marts() -> Iterator[duckdb.DuckDBPyConnection]:
    """One country, and one version of somebody of whom only what is required is known."""
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA marts")
        for table in MARTS:
            columns = ", ".join(f"{c.name} {c.type.sql}" for c in table.columns)
            connection.execute(f"CREATE TABLE marts.{table.name} ({columns})")
        connection.execute("INSERT INTO marts.dim_country VALUES ('k', 'IE', 'Ireland')")
        connection.execute(
            "INSERT INTO marts.dim_user (user_key, first_name, email, gender, changed_columns) "
            "VALUES ('v', 'Aoife', 'aoife@example.com', 'female', ['email', 'gender'])"
        )
        yield connection


def catalog(settings: Settings, query: str) -> list[Any]:
    with duckdb.connect(str(settings.catalog_path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def built(settings: Settings) -> Settings:
    write_catalog(settings.catalog_path, MODEL, settings.parquet_path)
    return settings


@pytest.mark.parametrize("table", [*MARTS, *PUBLIC], ids=lambda table: table.schema + table.name)
def test_before_they_are_made_the_views_are_there_typed_and_empty(
    settings: Settings, table: Table
) -> None:
    built(settings)
    name = f"{table.schema}.{table.name}"
    assert catalog(settings, f"FROM {name}") == []
    described = [row[:2] for row in catalog(settings, f"DESCRIBE {name}")]
    assert described == [(column.name, column.type.sql) for column in table.columns]


def test_the_public_views_leave_out_what_is_private(
    settings: Settings, marts: duckdb.DuckDBPyConnection
) -> None:
    write_whole_tables(marts, MARTS, settings.parquet_path)
    built(settings)
    (row,) = catalog(settings, "SELECT email, gender, changed_columns FROM marts.dim_user")
    assert row == ("aoife@example.com", "female", ["email", "gender"])
    shown = [row[0] for row in catalog(settings, "DESCRIBE marts_public.dim_user")]
    assert "gender" in shown
    assert not {"first_name", "email", "document_value_hmac"} & {*shown}
    assert catalog(settings, "SELECT gender FROM marts_public.dim_user") == [("female",)]


def test_files_of_public_columns_only_read_as_null_in_the_others(
    settings: Settings, marts: duckdb.DuckDBPyConnection
) -> None:
    write_whole_tables(marts, [DIM_USER.public], settings.parquet_path, which="public")
    built(settings)
    assert catalog(settings, "SELECT email, gender FROM marts.dim_user") == [(None, "female")]


def test_it_is_written_again_with_the_first_file_and_stays_then(
    settings: Settings, marts: duckdb.DuckDBPyConnection
) -> None:
    built(settings)
    for expected in (True, False):
        write_whole_tables(marts, [DIM_COUNTRY], settings.parquet_path)
        before = settings.catalog_path.stat().st_ino
        keep_catalog(settings.catalog_path, MODEL, settings.parquet_path)
        assert (settings.catalog_path.stat().st_ino != before) is expected
    assert catalog(settings, "SELECT country_name FROM marts.dim_country") == [("Ireland",)]


def test_a_folder_above_that_looks_like_a_partition_replaces_no_column(
    tmp_path: Path, marts: duckdb.DuckDBPyConnection
) -> None:
    odd = Settings(source="sample", data_dir=tmp_path / "country_name=Elsewhere")
    write_whole_tables(marts, [DIM_COUNTRY], odd.parquet_path)
    built(odd)
    assert catalog(odd, "SELECT country_name FROM marts.dim_country") == [("Ireland",)]


def test_a_file_that_cannot_be_read_is_told_without_a_day(
    settings: Settings, marts: duckdb.DuckDBPyConnection
) -> None:
    write_whole_tables(marts, [DIM_COUNTRY], settings.parquet_path)
    whole_path(settings.parquet_path, DIM_COUNTRY).write_bytes(b"no Parquet")
    with pytest.raises(CatalogError, match=r"Write parquet/dim_country again, or remove"):
        built(settings)


def test_read_gives_a_mart_before_and_after_it_is_made(
    settings: Settings, marts: duckdb.DuckDBPyConnection
) -> None:
    relation = read("dim_user", settings)
    assert relation.columns == list(DIM_USER.column_names)
    assert relation.fetchall() == []
    write_whole_tables(marts, [DIM_USER], settings.parquet_path)
    (row,) = read("dim_user", settings).project("first_name, changed_columns").fetchall()
    assert row == ("Aoife", ["email", "gender"])
