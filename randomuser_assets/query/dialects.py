"""What each engine writes its own way: reading JSON, and the lines of the spool.

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

from randomuser_assets.model import Table


class JsonLeaves(exp.Expression, exp.Func):
    """Reads JSON text once into a struct of texts; `shape` names the keys, in JSON."""

    arg_types = {"this": True, "shape": True}  # noqa: RUF012  SQLGlot's way to declare arguments


class SpoolLines(exp.Expression, exp.Func):
    """The rows that stand in files of the spool; `this` gives names and types, in JSON."""

    arg_types = {"this": True, "expressions": False, "longest": True}  # noqa: RUF012  as above


def json_leaves(text: exp.Expr, paths: Iterable[tuple[str, ...]]) -> JsonLeaves:
    """Read the leaves at these paths of a JSON text, each as text."""
    shape: dict[str, Any] = {}
    for path in paths:
        level = shape
        for name in path[:-1]:
            level = level.setdefault(name, {})
        level[path[-1]] = "VARCHAR"
    return JsonLeaves(this=text, shape=exp.Literal.string(json.dumps(shape)))


def spool_lines(files: Iterable[Path], table: Table) -> SpoolLines:
    """Read the rows of a table that stand in these files."""
    columns = {column.name: column.type.sql for column in table.columns}
    paths = list(files)
    return SpoolLines(
        this=exp.Literal.string(json.dumps(columns)),
        expressions=[exp.Literal.string(glob.escape(str(file))) for file in paths],
        longest=exp.Literal.number(max((file.stat().st_size for file in paths), default=0)),
    )


_USUAL_LINE = 16 * 1024 * 1024  # bytes; what the engine takes if nothing is said


def _duckdb_leaves(generator: DuckDBGenerator, node: JsonLeaves) -> str:
    return generator.func("FROM_JSON", node.this, node.args["shape"])


def _duckdb_lines(generator: DuckDBGenerator, node: SpoolLines) -> str:
    columns = json.loads(node.this.this)
    declared = ", ".join(f"'{name}': '{type_}'" for name, type_ in columns.items())
    files = ", ".join(generator.sql(file) for file in node.expressions)
    # No line is longer than the longest file. The engine sets twice as much aside for each thread.
    longest = max(_USUAL_LINE, int(node.args["longest"].this))
    return (
        f"READ_JSON([{files}], format='newline_delimited', compression='uncompressed', "
        f"maximum_object_size={longest}, columns={{{declared}}})"
    )


class WarehouseDuckDB(DuckDB):
    """DuckDB's dialect with our two readers."""

    class Generator(DuckDBGenerator):
        """Writes our two readers beside all that DuckDB's generator writes."""

        TRANSFORMS = {  # noqa: RUF012  SQLGlot's way to declare what a generator writes
            **DuckDBGenerator.TRANSFORMS,
            JsonLeaves: _duckdb_leaves,
            SpoolLines: _duckdb_lines,
        }
