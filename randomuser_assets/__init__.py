"""People records from the randomuser.me API, kept as a keyed, checked, historised warehouse.

Nothing is imported here: each room (model, source, query, warehouse, export, graph) is
entered by its own name, so that using one does not load the others.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from randomuser_assets.settings import Settings


def read(table: str, settings: "Settings | None" = None) -> "duckdb.DuckDBPyRelation":
    """Give all days of an exported table, as a relation: `.df()`, `.pl()`, `.arrow()`, `.filter()`.

    It reads the Parquet files, so nobody waits for it: `read("users").df()`. A filter on
    `snapshot_date` leaves the files of other days unopened.
    """
    from randomuser_assets.export.catalog import read_all_days
    from randomuser_assets.settings import load_settings

    return read_all_days(table, (settings or load_settings()).parquet_path)
