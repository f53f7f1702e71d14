"""Whether all have made the same: rows and values of every table and file, whatever their order.

Each value is brought to the declared type and written as text, so that it is the values that are
compared, and not how somebody stores them. Of a column there is one number: the sum of the hashes
of all its values, each beside its row's key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench.contestants import Contestant
from bench.responses import DAY
from randomuser_assets.export.csv import csv_path
from randomuser_assets.model import MODEL, Column, Copied, Extracted, Leaf, Table
from randomuser_assets.model.types import TEXT

Sums = Mapping[str, int]
"""Of each column the sum of its hashes, and of the whole its rows."""

_ROWS = "rows"


class DiffersError(Exception):
    """Somebody has made something else."""


@dataclass(frozen=True)
class Contents:
    """What somebody has made: the sums of each table and file."""

    whose: str
    of: Mapping[str, Sums]


def contents(contestant: Contestant, out: Path) -> Contents:
    """Look at what a contestant has made."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        places = _Places(contestant, out, connection)
        found: dict[str, Sums] = {MODEL.flattened.name: {_ROWS: places.rows(MODEL.flattened)}}
        for table in MODEL.core:
            kept = [c for c in table.columns if contestant.hashes or not _is_hashed(c)]
            relations = {table.name: places.table(table)}
            if contestant.has_files:
                file = _read(places.file(table), table, guarded=contestant.is_ours)
                relations[f"{table.name}.csv"] = file
            for name, relation in relations.items():
                try:
                    found[name] = _sums(connection, relation, table, kept)
                except duckdb.Error as error:
                    why = f"{error}".partition("\n")[0]
                    raise DiffersError(
                        f"{contestant.shown}: {name} cannot be read as it is declared: {why}"
                    ) from None
        if contestant.is_ours:
            _check_division(places)
    return Contents(contestant.shown, found)


def check_same(reference: Contents, other: Contents) -> None:
    """See that the other has made the same, of what both have made."""
    for name, theirs in other.of.items():
        ours = reference.of[name]
        if theirs[_ROWS] != ours[_ROWS]:
            raise DiffersError(
                f"{other.whose}: {name} has {theirs[_ROWS]:,} rows, and {ours[_ROWS]:,} of "
                f"{reference.whose}."
            )
        differing = [column for column in theirs if theirs[column] != ours.get(column)]
        if differing:
            raise DiffersError(
                f"{other.whose}: {name} has other values in {', '.join(differing)} than that of "
                f"{reference.whose}."
            )


@dataclass(frozen=True)
class _Places:
    """Where a contestant's tables are, as SQL."""

    contestant: Contestant
    out: Path
    connection: duckdb.DuckDBPyConnection

    def __post_init__(self) -> None:
        file = {
            "warehouse": self.out / "data" / "warehouse.duckdb",
            "duckdb": self.out / "people.duckdb",
            "people": self.out / "people.duckdb",
        }.get(self.contestant.stored)
        if file:
            self.connection.execute(f"ATTACH '{file}' AS made (READ_ONLY)")

    def table(self, table: Table) -> str:
        match self.contestant.stored:
            case "warehouse":
                return f"made.{table.schema}.{table.name}"
            case "parquet":
                return f"read_parquet('{self.out / table.name}.parquet')"
            case "people" if table == MODEL.flattened:
                return "made.day.people"
            case "people":
                return f"({_of_one_table(table)})"
            case _:
                return f"made.{table.name}"

    def rows(self, table: Table) -> int:
        return _number(self.connection, f"SELECT count(*) FROM {self.table(table)}")

    def file(self, table: Table) -> Path:
        if self.contestant.is_ours:
            return csv_path(self.out / "data" / "csv", table, DAY)
        return self.out / f"{table.name}.csv"


def _check_division(places: _Places) -> None:
    raw, flattened, rejected = (
        places.rows(table) for table in (MODEL.raw, MODEL.flattened, MODEL.rejected)
    )
    if raw != flattened + rejected or not raw:
        raise DiffersError(
            f"{places.contestant.shown}: {raw:,} raw records are {flattened:,} flattened and "
            f"{rejected:,} rejected ones."
        )


def _of_one_table(table: Table) -> str:
    """Give a core table as a query on the one table that there is."""
    columns = ", ".join(f"{_value(column)} AS {column.name}" for column in table.columns)
    needed = f"WHERE {table.rows_with} IS NOT NULL" if table.rows_with else ""
    return f"SELECT * FROM (SELECT DISTINCT {columns} FROM made.day.people) {needed}"


def _value(column: Column) -> str:
    match column.origin:
        case Copied(source):
            return _leaf(source)
        case Extracted(source, pattern):
            return f"regexp_extract({_leaf(source)}, '{pattern}', 1)"
        case _:
            return column.name


def _leaf(source: str) -> str:
    origin = MODEL.flattened[source].origin
    return "__".join(origin.stored_path) if isinstance(origin, Leaf) else source


def _is_hashed(column: Column) -> bool:
    match column.origin:
        case Copied(source):
            origin = MODEL.flattened[source].origin
            return isinstance(origin, Leaf) and origin.hashed
        case _:
            return False


def _read(path: Path, table: Table, *, guarded: bool) -> str:
    """Give a CSV file as a relation of texts, guards against formulas taken off."""
    names = _header(path)
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    texts = [
        name
        for name in names
        if table[name].type == TEXT and name not in table.key and not table[name].references
    ]
    unguarded = "".join(f", regexp_replace({name}, '^''', '') AS {name}" for name in texts)
    star = f"* EXCLUDE ({', '.join(texts)}){unguarded}" if guarded and texts else "*"
    return (
        f"(SELECT {star} FROM read_csv('{path}', header = true, auto_detect = false, delim = ',', "
        f"quote = '\"', escape = '\"', columns = {{{columns}}}))"
    )


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return file.readline().rstrip("\r\n").split(",")


def _sums(
    connection: duckdb.DuckDBPyConnection, relation: str, table: Table, columns: Sequence[Column]
) -> Sums:
    texts = {column.name: _text(column) for column in columns}
    key = ", ".join(texts[name] for name in table.own_key)
    sums = ", ".join(f"sum(hash({key}, {text})::HUGEINT)" for text in texts.values())
    row = connection.execute(f"SELECT count(*), {sums} FROM {relation}").fetchall()[0]
    return dict(zip((_ROWS, *texts), (int(number or 0) for number in row), strict=True))


def _text(column: Column) -> str:
    """Give a value as text: as its declared type writes it, null like empty text, as in a file."""
    value = f'"{column.name}"'
    if column.type != TEXT:
        value = f"CAST(CAST({value} AS {column.type.sql}) AS VARCHAR)"
    return f"coalesce({value}, '')"


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])
