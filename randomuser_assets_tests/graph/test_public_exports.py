"""Exports with public columns only: what is in the files, beside older ones, and what is told."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from dagster import AssetKey, ExecuteInProcessResult
from dagster._core.definitions.metadata.metadata_set import TableMetadataSet

import randomuser_assets
from randomuser_assets.export.catalog import exported_tables
from randomuser_assets.export.csv import csv_columns, csv_path
from randomuser_assets.export.parquet import parquet_columns, parquet_path
from randomuser_assets.model import MODEL, Table
from randomuser_assets_tests.graph.site import Site, copy_of, opened_site

pytestmark = pytest.mark.long

FIRST, LAST = "2026-01-05", "2026-01-06"
EXPORTED = exported_tables(MODEL)
SHORTEST = 5
"""Characters of a value that is looked for: shorter ones, as house numbers, are there by chance."""


def exporting(site: Site, which: str) -> Site:
    return replace(site, settings=site.settings.model_copy(update={"export_columns": which}))


def export(site: Site, day: str) -> ExecuteInProcessResult:
    result = site.materialize('key:"csv/*" or group:parquet', day)
    assert result.success
    return result


def warnings_of(site: Site, result: ExecuteInProcessResult) -> list[str]:
    entries = site.instance.all_logs(result.run_id)
    return [entry.user_message for entry in entries if "not public" in entry.user_message]


def all_columns_of(site: Site, day: str) -> set[str]:
    """Give the names of all columns of all files of a day."""
    settings = site.settings
    return {
        *(c for t in MODEL.core for c in csv_columns(csv_path(settings.csv_path, t, day))),
        *(
            c
            for t in EXPORTED
            for c in parquet_columns(parquet_path(settings.parquet_path, t, day))
        ),
    }


PRIVATE = {c.name for t in EXPORTED for c in t.columns if not c.privacy.public}


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two days whose files have public columns only."""
    folder = tmp_path_factory.mktemp("public") / "data"
    with opened_site("sample", folder, users_per_day=40, export_columns="public") as site:
        assert site.store_range(FIRST, LAST).success
        yield site


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same days with all columns."""
    folder = tmp_path_factory.mktemp("whole") / "data"
    with opened_site("sample", folder, users_per_day=40) as site:
        assert site.store_range(FIRST, LAST).success
        yield site


@pytest.fixture
def mixed(whole: Site, tmp_path: Path) -> tuple[Site, ExecuteInProcessResult]:
    """Days of which the last was exported again with public columns."""
    site = exporting(copy_of(whole, tmp_path / "data"), "public")
    return site, export(site, LAST)


# What is in the files


@pytest.mark.parametrize("table", EXPORTED, ids=lambda table: table.name)
def test_the_files_have_the_public_columns_in_their_order(public: Site, table: Table) -> None:
    names = list(table.public.column_names)
    settings = public.settings
    assert parquet_columns(parquet_path(settings.parquet_path, table, FIRST)) == names
    if table in MODEL.core:
        assert csv_columns(csv_path(settings.csv_path, table, FIRST)) == names


def private_values(site: Site) -> set[str]:
    """Give all values of private columns that are long enough not to be there by chance."""
    found: set[str] = set()
    for table in EXPORTED:
        for column in table.columns:
            if not column.privacy.public:
                place = f"{table.schema}.{table.name}"
                rows = site.rows(f"SELECT DISTINCT {column.name}::VARCHAR FROM {place}")
                found |= {value for (value,) in rows if value and len(value) >= SHORTEST}
    return found


def texts_of(site: Site) -> bytes:
    """Give every byte of every file, and of Parquet files all values, too: they are compressed."""
    parts = [p.read_bytes() for p in site.settings.csv_path.rglob("*") if p.is_file()]
    for path in (p for p in site.settings.parquet_path.rglob("*") if p.is_file()):
        parts.append(path.read_bytes())
        with duckdb.connect() as connection:
            source = connection.read_parquet(str(path), hive_partitioning=False)
            rows = source.fetchall()
            parts.append("\n".join(str(value) for row in rows for value in row).encode())
            unpacked = path.with_suffix(".plain")
            source.write_parquet(str(unpacked), compression="uncompressed")
        parts.append(unpacked.read_bytes())
        unpacked.unlink()
    return b"\n".join(parts)


def in_public(site: Site) -> str:
    """Give all values of public columns: a name like that of a street is no leak in a city's."""
    found = set()
    for table in EXPORTED:
        place = f"{table.schema}.{table.name}"
        columns = ", ".join(f"{name}::VARCHAR" for name in table.public.column_names)
        found |= {value for row in site.rows(f"SELECT {columns} FROM {place}") for value in row}
    return "\n".join(value for value in found if value)


def test_no_private_value_is_in_any_byte_of_them(public: Site, whole: Site) -> None:
    allowed = in_public(public)
    values = {value for value in private_values(public) if value not in allowed}
    assert len(values) > 400
    text = texts_of(public)
    assert [value for value in values if value.encode() in text] == []
    seen = texts_of(whole)  # where all of them are, or nothing would be proven
    assert [value for value in values if value.encode() not in seen] == []


def test_the_seed_and_which_columns_they_are_is_in_the_metadata(public: Site, whole: Site) -> None:
    for site, which in ((public, "public"), (whole, "all")):
        path = parquet_path(site.settings.parquet_path, MODEL["users"], FIRST)
        with duckdb.connect() as connection:
            found = connection.execute(
                "SELECT decode(key), decode(value) FROM parquet_kv_metadata(?) ORDER BY ALL",
                [str(path)],
            ).fetchall()
        assert found == [("columns", which), ("seed", FIRST)]


# What is told of them


def test_the_assets_tell_their_columns_and_have_another_version(public: Site, whole: Site) -> None:
    for name in ("csv/users", "parquet/users"):
        nodes = [
            site.definitions.resolve_asset_graph().get(AssetKey(name.split("/")))
            for site in (public, whole)
        ]
        assert nodes[0].code_version != nodes[1].code_version
        assert [node.metadata["columns"] for node in nodes] == ["public", "all"]
        schemas = [TableMetadataSet.extract(node.metadata).column_schema for node in nodes]
        users = MODEL["users"]
        assert [[c.name for c in schema.columns] for schema in schemas if schema] == [
            list(users.public.column_names),
            list(users.column_names),
        ]


def test_a_materialisation_tells_them_too(mixed: tuple[Site, ExecuteInProcessResult]) -> None:
    site, _ = mixed
    found = site.instance.fetch_materializations(AssetKey(["parquet", "users"]), limit=50).records
    told = [
        record.asset_materialization.metadata["columns"].value
        for record in found
        if record.asset_materialization and "columns" in record.asset_materialization.metadata
    ]
    assert told[0] == "public"


# Beside files of another setting


def test_days_that_are_there_keep_what_they_hold_and_the_log_says_so(
    mixed: tuple[Site, ExecuteInProcessResult],
) -> None:
    site, result = mixed
    assert all_columns_of(site, FIRST) >= PRIVATE
    assert not all_columns_of(site, LAST) & PRIVATE
    told = warnings_of(site, result)
    assert sorted(line.split()[0] for line in told) == ["csv", "parquet"]
    assert all(f"files of 1 day, from {FIRST} to {FIRST}, still have" in line for line in told)
    result = export(site, FIRST)
    assert warnings_of(site, result) == []
    assert not all_columns_of(site, FIRST) & PRIVATE


def test_with_all_columns_nothing_of_that_is_told(whole: Site, tmp_path: Path) -> None:
    site = copy_of(whole, tmp_path / "data")
    assert warnings_of(site, export(site, LAST)) == []


def emails(site: Site) -> list[tuple[object, ...]]:
    with duckdb.connect(str(site.settings.catalog_path), read_only=True) as connection:
        return connection.execute(
            "SELECT snapshot_date::VARCHAR, count(*), count(email), count(born_at) "
            "FROM core.users GROUP BY ALL ORDER BY ALL"
        ).fetchall()


def test_the_catalog_and_read_unite_days_with_and_without_private_columns(
    mixed: tuple[Site, ExecuteInProcessResult],
) -> None:
    site, _ = mixed
    assert emails(site) == [(FIRST, 40, 40, 40), (LAST, 40, 0, 40)]
    frame = randomuser_assets.read("users", site.settings).df()
    assert list(frame.columns) == list(MODEL["users"].column_names)
    assert frame.email.notna().sum() == 40
    public = "SELECT * FROM core_public.users ORDER BY ALL"
    with duckdb.connect(str(site.settings.catalog_path), read_only=True) as connection:
        assert connection.execute(public).fetchall() == site.rows(public)


def test_they_work_with_public_columns_only(public: Site) -> None:
    assert emails(public) == [(FIRST, 40, 0, 40), (LAST, 40, 0, 40)]
    with duckdb.connect(str(public.settings.catalog_path), read_only=True) as connection:
        for table in EXPORTED:
            described = connection.execute(f"DESCRIBE {table.schema}.{table.name}").fetchall()
            assert [row[:2] for row in described] == [(c.name, c.type.sql) for c in table.columns]
            assert connection.execute(f"FROM {table.schema}.{table.name}").fetchall()
            relation = randomuser_assets.read(table.name, public.settings)
            assert relation.columns == list(table.column_names)
            assert relation.fetchall()
