"""The limit: DuckDB alone on the same bytes, and nothing that it need not do.

No raw table, no rejected records, no rules, no checks, no history, no order in the files; with
`--hashed` the keyed hashes, too, written in SQL, without it the clear text is stored as it came.

What was tried of DuckDB 2.0 and was slower: cutting the pages into records as text, and those by
`from_json` (1.5 times as long); letting `read_json` find out that a page is a record (10 times).
Without DISTINCT, which a person's tables would not need here, it took as long.
"""

import hashlib
import os
import sys
from pathlib import Path
from typing import Any

import duckdb

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

_BLOCK = 64  # bytes of a block of SHA-256, which HMAC fills the key up to


def _type(column: str) -> str:
    if column in INTEGERS:
        return "INTEGER"
    if column in DEGREES:
        return "DECIMAL(7, 4)"
    if column in INSTANTS:
        return "TIMESTAMP"
    return "UUID" if column == "login_uuid" else "VARCHAR"


def _record() -> str:
    """Give the type of a record: what is not named in it is not read."""
    tree: dict[str, Any] = {}
    for column, path in FLAT.items():
        *parents, leaf = path.split(".")
        node = tree
        for name in parents:
            node = node.setdefault(name, {})
        node[leaf] = _type(column)
    return _struct(tree)


def _struct(tree: dict[str, Any]) -> str:
    parts = (
        f'"{name}" {_struct(part) if isinstance(part, dict) else part}'
        for name, part in tree.items()
    )
    return f"STRUCT({', '.join(parts)})"


def _hmac(value: str) -> str:
    key = os.environ["RANDOMUSER_PII_KEY"].encode()
    key = hashlib.sha256(key).digest() if len(key) > _BLOCK else key
    inner, outer = (
        "unhex('" + bytes(byte ^ mask for byte in key.ljust(_BLOCK, b"\0")).hex() + "')"
        for mask in (0x36, 0x5C)
    )
    return f"sha256({outer} || unhex(sha256({inner} || encode({value}))))"


def _value(column: str, path: str, *, hashed: bool) -> str:
    value = "r." + ".".join(f'"{name}"' for name in path.split("."))
    if column not in HASHED:
        return f"{value} AS {column}"
    return f"{_hmac(value) if hashed else value} AS {HASHED[column]}"


def main(folder: Path, out: Path, *, hashed: bool) -> None:
    """Make the tables of the day whose responses are in the folder."""
    out.mkdir(parents=True, exist_ok=True)
    values = ", ".join(_value(column, path, hashed=hashed) for column, path in FLAT.items())
    with duckdb.connect(str(out / "people.duckdb")) as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"""
            CREATE TABLE flattened_users AS
            SELECT DATE '{folder.name}' AS snapshot_date, {values}
            FROM (
                SELECT unnest(results) AS r FROM read_json(
                    '{folder}/*.json', columns = {{results: '{_record()}[]'}},
                    records = true, format = 'newline_delimited',
                    maximum_object_size = 33554432
                )
            )
        """)
        for name, columns in TABLES.items():
            picture = f"regexp_extract(picture_large, '{PICTURE_ID}', 1)"
            chosen = ", ".join(
                f"{picture if source == 'picture_id' else source} AS {column}"
                for column, source in columns.items()
            )
            rows = f"WHERE {REQUIRED[name]} IS NOT NULL" if name in REQUIRED else ""
            connection.execute(
                f"CREATE TABLE {name} AS SELECT DISTINCT {chosen} FROM flattened_users {rows}"
            )
            connection.execute(f"COPY {name} TO '{out}/{name}.csv' (HEADER)")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), hashed="--hashed" in sys.argv[3:])
