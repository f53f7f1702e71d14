"""What the pipeline is asked to make: the names of the assets, which follow from the declarations.

What others do, too: no Parquet files, no report, no backup.
"""

from randomuser_assets.model import MODEL

TABLES = [table.name for table in MODEL]
FILES = [f"csv/{table.name}" for table in MODEL.core]


def asset_keys() -> list[str]:
    """Give the keys of the assets."""
    return [*TABLES, *FILES]


def selected() -> str:
    """Give the selection as one types it behind --select."""
    return " or ".join(f'key:"{key}"' for key in asset_keys())
