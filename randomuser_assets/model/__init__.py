"""What the tables are: typed, frozen declarations from which everything else is derived.

Here belong the declaration types, their validation and the declared tables. What does not:
Dagster, any engine, any SQL statement, anything that reads or writes.
"""

from randomuser_assets.model.declaration import (
    PARTITION,
    PUBLIC,
    UNREADABLE,
    Column,
    Copied,
    DeclarationError,
    Extracted,
    Leaf,
    Model,
    Privacy,
    Recorded,
    Table,
    Taken,
)
from randomuser_assets.model.tables import MODEL
from randomuser_assets.model.types import ColumnType

__all__ = [
    "MODEL",
    "PARTITION",
    "PUBLIC",
    "UNREADABLE",
    "Column",
    "ColumnType",
    "Copied",
    "DeclarationError",
    "Extracted",
    "Leaf",
    "Model",
    "Privacy",
    "Recorded",
    "Table",
    "Taken",
]
