"""Two days that the whole graph made: migrating them, and looking at all that is stored."""

import duckdb

from randomuser_assets import cli
from randomuser_assets.warehouse.content import contents
from randomuser_assets_tests.graph.site import Site

FIRST, LAST = "2026-01-05", "2026-01-06"


def migrate(*arguments: str) -> int:
    """Run the command."""
    return cli.main(["migrate", *arguments])


def shape(site: Site) -> list[tuple[object, ...]]:
    """Give the columns of all tables."""
    return site.rows(
        "SELECT schema_name, table_name, column_name, data_type, is_nullable, comment "
        "FROM duckdb_columns() WHERE NOT internal ORDER BY schema_name, table_name, column_index"
    )


def everything(site: Site) -> object:
    """Give all that is stored, whatever it looks like."""
    with duckdb.connect(str(site.settings.warehouse_path), read_only=True) as connection:
        return contents(connection), shape(site)
