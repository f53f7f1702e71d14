"""What each engine writes its own way: reading JSON, and the files of the spool.

Everything else in a query is kept to what SQLGlot translates faithfully.
"""

import glob
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.generators.duckdb import DuckDBGenerator


class JsonLeaves(exp.Expression, exp.Func):
    """Reads JSON text once into a struct of texts; `shape` names the keys, in JSON."""

    arg_types = {"this": True, "shape": True}  # noqa: RUF012  SQLGlot's way to declare arguments


class SpoolRows(exp.Expression, exp.Func):
    """The rows that stand in files of the spool."""

    arg_types = {"expressions": False}  # noqa: RUF012  as above


def json_leaves(text: exp.Expr, paths: Iterable[tuple[str, ...]]) -> JsonLeaves:
    """Read the leaves at these paths of a JSON text, each as text."""
    shape: dict[str, Any] = {}
    for path in paths:
        level = shape
        for name in path[:-1]:
            level = level.setdefault(name, {})
        level[path[-1]] = "VARCHAR"
    return JsonLeaves(this=text, shape=exp.Literal.string(json.dumps(shape)))


def spool_rows(files: Iterable[Path]) -> SpoolRows:
    """Read the rows that stand in these files."""
    return SpoolRows(expressions=[exp.Literal.string(glob.escape(str(file))) for file in files])


def _duckdb_leaves(generator: DuckDBGenerator, node: JsonLeaves) -> str:
    return generator.func("FROM_JSON", node.this, node.args["shape"])


def _duckdb_rows(generator: DuckDBGenerator, node: SpoolRows) -> str:
    files = ", ".join(generator.sql(file) for file in node.expressions)
    # A folder's name with a = in it would else be taken for a column.
    return f"READ_PARQUET([{files}], hive_partitioning=false)"


class WarehouseDuckDB(DuckDB):
    """DuckDB's dialect with our two readers."""

    class Generator(DuckDBGenerator):
        """Writes our two readers beside all that DuckDB's generator writes."""

        TRANSFORMS = {  # noqa: RUF012  SQLGlot's way to declare what a generator writes
            **DuckDBGenerator.TRANSFORMS,
            JsonLeaves: _duckdb_leaves,
            SpoolRows: _duckdb_rows,
        }
