"""What a declared table is to whatever keeps it: its columns, as Dagster writes them down.

The I/O manager makes tables of this, and so does a migration, which has no asset to ask.
"""

from dagster import TableColumn, TableColumnConstraints, TableConstraints, TableSchema

from randomuser_assets.model import Column, Privacy, Table
from randomuser_assets.warehouse.preview import SHOWN_TAG
from randomuser_assets.warehouse.table import COMPRESSION


def column_schema(table: Table) -> TableSchema:
    """Give the declared columns."""
    return TableSchema(
        columns=[
            TableColumn(
                name=column.name,
                type=column.type.sql,
                description=column.description,
                constraints=TableColumnConstraints(
                    nullable=not column.required, other=_other_constraints(column, table)
                ),
                tags=_column_tags(column),
            )
            for column in table.columns
        ],
        constraints=TableConstraints(other=[f"key ({', '.join(table.key)})"] if table.key else []),
    )


def _other_constraints(column: Column, table: Table) -> list[str]:
    constraints = []
    if column.name in table.key:
        constraints.append("part of the key")
    if column.references:
        constraints.append(f"refers to {column.references}")
    if column.unique:
        constraints.append("expected not to repeat within a day")
    return constraints


def _column_tags(column: Column) -> dict[str, str]:
    tags = {"privacy": column.privacy.value.replace(" ", "-")}
    if column.type.compression:
        tags[COMPRESSION] = column.type.compression
    return {**tags, **SHOWN_TAG} if column.privacy is Privacy.PLAIN else tags
