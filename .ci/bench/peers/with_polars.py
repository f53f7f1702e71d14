"""Polars: flat table, seven tables, a CSV of each; stored as Parquet, which is faster for it.

With `--duckdb` in a DuckDB file instead, as others store theirs. With `--by-python` records are
read and hashed in Python before Polars has them, as in a script that nobody has tuned; there
`json_normalize` instead of a frame and its fields took a quarter longer.

What was tried of Polars 2.1 and was slower than the first of these: `scan_ndjson` of the pages,
which are one line each (1.8 times as long), also on the streaming engine; `str.json_decode` (2.4
times); each record as a line of its own (1.4 times); one thread or four instead of one a core;
zstd instead of lz4.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from bench.peers.hashing import keyed_hash
from bench.peers.tables import (
    DEGREES,
    FLAT,
    HASHED,
    INSTANTS,
    INTEGERS,
    PICTURE_ID,
    REQUIRED,
    TABLES,
)

_WIRE = "%Y-%m-%dT%H:%M:%S%.3fZ"
_hashed = keyed_hash()


def _record() -> pl.Struct:
    """Give the type of a record: what is not named in it is not kept."""
    tree: dict[str, Any] = {}
    for column, path in FLAT.items():
        *parents, leaf = path.split(".")
        node = tree
        for name in parents:
            node = node.setdefault(name, {})
        node[leaf] = pl.Int32 if column in INTEGERS else pl.String
    return _struct(tree)


def _struct(tree: dict[str, Any]) -> pl.Struct:
    return pl.Struct(
        {name: _struct(part) if isinstance(part, dict) else part for name, part in tree.items()}
    )


def _value(column: str, path: str) -> pl.Expr:
    first, *rest = path.split(".")
    value = pl.col(first)
    for name in rest:
        value = value.struct.field(name)
    if column in DEGREES:
        value = value.cast(pl.Decimal(7, 4))
    if column in INSTANTS:
        value = value.str.to_datetime(_WIRE, time_unit="ms")
    return value.alias(column)


def _hashes(values: pl.Series) -> pl.Series:
    """Hash each text once: passwords repeat."""
    texts = values.drop_nulls().unique()
    hashes = pl.Series([_hashed(text) for text in texts], dtype=pl.String)
    return values.replace_strict(texts, hashes, return_dtype=pl.String)


def _page(file: Path, day: str) -> pl.DataFrame:
    frame = (
        pl.read_json(file, schema={"results": pl.List(_record())})
        .explode("results")
        .unnest("results")
        .select(
            pl.lit(day).str.to_date().alias("snapshot_date"),
            *(_value(column, path) for column, path in FLAT.items()),
        )
    )
    hashes = (_hashes(frame[clear]).alias(name) for clear, name in HASHED.items())
    return frame.with_columns(*hashes).drop(*HASHED)


def _page_by_python(file: Path, day: str) -> pl.DataFrame:
    records = [_protected(record) for record in json.loads(file.read_bytes())["results"]]
    return pl.DataFrame(records, infer_schema_length=None).select(
        pl.lit(day).str.to_date().alias("snapshot_date"),
        *(_value(column, path).alias(HASHED.get(column, column)) for column, path in FLAT.items()),
    )


def _protected(record: dict[str, Any]) -> dict[str, Any]:
    login, document, location = record["login"], record["id"], record["location"]
    login["password"] = _hashed(login["password"])
    if document["value"] is not None:
        document["value"] = _hashed(document["value"])
    location["postcode"] = str(location["postcode"])
    return record


def _core(flat: pl.LazyFrame, table: str) -> pl.LazyFrame:
    query = flat.select(pl.col(source).alias(column) for column, source in TABLES[table].items())
    if needed := REQUIRED.get(table):
        query = query.filter(pl.col(needed).is_not_null())
    return query.unique()


def _as_parquet(tables: dict[str, pl.DataFrame], out: Path) -> None:
    for name, table in tables.items():
        table.write_parquet(out / f"{name}.parquet", compression="lz4")


def _in_duckdb(tables: dict[str, pl.DataFrame], out: Path) -> None:
    with duckdb.connect(str(out / "people.duckdb")) as connection:
        for name, rows in tables.items():
            connection.register("rows", rows)
            connection.execute(f"CREATE TABLE {name} AS FROM rows")


def main(folder: Path, out: Path, *, in_duckdb: bool, by_python: bool) -> None:
    """Make the tables of the day whose responses are in the folder."""
    out.mkdir(parents=True, exist_ok=True)
    files = sorted(folder.glob("*.json"))
    if by_python:
        flat = pl.concat(_page_by_python(file, folder.name) for file in files)
    else:
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            flat = pl.concat(threads.map(lambda file: _page(file, folder.name), files))
    source = flat.lazy().with_columns(
        pl.col("picture_large").str.extract(PICTURE_ID).alias("picture_id")
    )
    core = pl.collect_all([_core(source, table) for table in TABLES])
    tables = dict(zip(TABLES, core, strict=True))
    store = _in_duckdb if in_duckdb else _as_parquet
    store({"flattened_users": flat, **tables}, out)
    for name, table in tables.items():
        table.write_csv(out / f"{name}.csv", datetime_format=_WIRE)


if __name__ == "__main__":
    folder, out, *more = sys.argv[1:]
    main(Path(folder), Path(out), in_duckdb="--duckdb" in more, by_python="--by-python" in more)
