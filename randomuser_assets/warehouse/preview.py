"""Some rows of a table for the UI: only columns that are declared as shown."""

import re

import duckdb
from dagster import MetadataValue, TableSchema

from randomuser_assets.query.names import quoted
from randomuser_assets.warehouse.table import Slice

SHOWN_TAG = {"preview": "shown"}
"""Tag of a declared column whose values may be seen in the UI; all others are private."""

_PREVIEW_ROWS = 5
_LONGEST_SHOWN = 60
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#!|~&])")  # what Markdown would draw instead of show


def preview(
    connection: duckdb.DuckDBPyConnection, target: Slice, declared: TableSchema | None
) -> MetadataValue[str]:
    """Show some rows, but only the columns that are declared as shown."""
    columns = declared.columns if declared else []
    shown = [c.name for c in columns if SHOWN_TAG.items() <= (c.tags or {}).items()]
    private = [c.name for c in columns if c.name not in shown]
    told = f"Private, not shown: {', '.join(private)}." if private else ""
    if not shown:
        return MetadataValue.md(told or "Not shown: the asset declares no columns.")
    values = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" for name in shown)
    rows = connection.execute(
        f"SELECT {values} FROM {target.name} WHERE {target.condition} "  # noqa: S608  quoted
        f"LIMIT {_PREVIEW_ROWS}"
    ).fetchall()
    lines = [shown, ["---"] * len(shown), *rows]
    table = "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)
    return MetadataValue.md(f"{table}\n\n{told}".strip())


def _cell(value: str | None) -> str:
    """Write a value so that it stays within its cell of a Markdown table."""
    shown = "null" if value is None else value[:_LONGEST_SHOWN]
    return _MARKUP.sub(r"\\\1", " ".join(shown.split()))
