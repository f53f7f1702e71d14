"""Taking people out of an open warehouse, as if they had never been let in.

What only they had on a day, such as a portrait, goes with them. Where others are on their pages
stays as it is, and the requests say how many were left out, so that the counts still meet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb
from sqlglot import exp

from randomuser_assets.model import PARTITION, Copied, Leaf, Model, Table
from randomuser_assets.model.quality import REQUESTS, WRITES
from randomuser_assets.query.dialects import WarehouseDuckDB
from randomuser_assets.query.names import quoted, text
from randomuser_assets.query.normalise import normalised
from randomuser_assets.warehouse.table import Slice, stored_columns

_GONE, _LEAVING, _STAYING, _KEYS = "people_gone", "people_leaving", "people_staying", "people_keys"


@dataclass(frozen=True)
class TakenOut:
    """What was taken out: the rows of each table, and the days that had any."""

    rows: dict[str, int]
    days: list[str]


def take_out(
    connection: duckdb.DuckDBPyConnection, model: Model, people: Sequence[str]
) -> TakenOut:
    """Take people out of all tables, inside the caller's transaction."""
    stored = [table for table in model if _is_stored(connection, table)]
    _find(connection, model, stored, people)
    # What is made of flattened_users is found before that has lost the people.
    left_by_key = [t for t in stored if t in model.core and not person_columns(t, model)]
    if model.flattened in stored:
        for table in left_by_key:
            _find_keys(connection, table)
    rows = dict[str, int]()
    days = set[str]()

    def delete(table: Table, condition: str) -> None:
        doomed = f"FROM {_name(table)} WHERE {condition}"
        found = connection.execute(f"SELECT {_day()}, count(*) {doomed} GROUP BY ALL").fetchall()
        connection.execute(f"DELETE {doomed}")
        rows[table.name] = sum(number for _, number in found)
        here = [day for day, _ in found]
        days.update(here)
        _count_again(connection, table, here)

    if model.raw in stored:
        _count_as_forgotten(connection, model)
    for table in stored:
        if table in left_by_key:
            if model.flattened in stored:
                delete(table, _in(table, _KEYS + table.name))
        elif table in model.core:
            delete(table, _names(person_columns(table, model), people))
        else:
            delete(table, _in(table, _GONE))
    _drop(connection, [_KEYS + table.name for table in left_by_key])
    return TakenOut(rows, sorted(days))


def all_people(connection: duckdb.DuckDBPyConnection, model: Model) -> list[str]:
    """Give the ids of all that are in the warehouse, each once."""
    queries = [
        f"SELECT {_person(table, model)} AS person FROM {_name(table)}"  # noqa: S608  quoted
        for table in model
        if _is_stored(connection, table) and _tells_of_people(table, model)
    ]
    if not queries:
        return []
    found = connection.execute(
        f"SELECT DISTINCT person FROM ({' UNION ALL '.join(queries)}) WHERE person IS NOT NULL"  # noqa: S608
    )
    return [person for (person,) in found.fetchall()]


def _find(
    connection: duckdb.DuckDBPyConnection,
    model: Model,
    stored: Iterable[Table],
    people: Sequence[str],
) -> None:
    """Keep the places of these people's records, and the readable ones of both sides."""
    place = ", ".join(quoted(name) for name in model.raw.key)
    wanted = ", ".join(map(text, map(_plain, people)))
    queries = [
        f"SELECT {place} FROM {_name(table)} WHERE {_person(table, model)} IN ({wanted})"  # noqa: S608
        for table in stored
        if table in (model.raw, model.flattened, model.rejected)
    ]
    _drop(connection, [_GONE])
    nowhere = f"SELECT {place} FROM ({_nothing(model.raw)}) WHERE FALSE"  # noqa: S608  quoted
    connection.execute(f"CREATE TEMP TABLE {_GONE} AS {' UNION '.join([nowhere, *queries])}")
    if model.flattened in stored:
        flattened = _name(model.flattened)
        for name, kind in ((_LEAVING, "SEMI"), (_STAYING, "ANTI")):
            connection.execute(
                f"CREATE OR REPLACE TEMP VIEW {name} AS FROM {flattened} "
                f"{kind} JOIN {_GONE} USING ({place})"
            )


def _find_keys(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Keep the keys that these people's records alone have on their days."""
    key = ", ".join(quoted(name) for name in table.key)

    def keys(view: str) -> str:
        made = normalised(exp.select("*").from_(view), table).sql(dialect=WarehouseDuckDB)
        return f"SELECT {key} FROM ({made})"  # noqa: S608  quoted

    _drop(connection, [_KEYS + table.name])
    on_their_days = f"{quoted(PARTITION)} IN (SELECT {quoted(PARTITION)} FROM {_GONE})"  # noqa: S608
    connection.execute(
        f"CREATE TEMP TABLE {_KEYS + table.name} AS {keys(_LEAVING)} "
        f"EXCEPT {keys(_STAYING)} WHERE {on_their_days}"
    )


def _count_as_forgotten(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Say with each request how many of its people were left out since."""
    if not _is_stored(connection, REQUESTS):
        return
    left_out = REQUESTS.columns[-1]
    name, column = _name(REQUESTS), quoted(left_out.name)
    connection.execute(f"ALTER TABLE {name} ADD COLUMN IF NOT EXISTS {column} {left_out.type.sql}")
    page = ", ".join(quoted(key) for key in REQUESTS.key)
    same = " AND ".join(f"asked.{quoted(key)} = gone.{quoted(key)}" for key in REQUESTS.key)
    connection.execute(
        f"UPDATE {name} AS asked SET {column} = coalesce(asked.{column}, 0) + gone.records "  # noqa: S608
        f"FROM (SELECT {page}, count(*) AS records FROM {_name(model.raw)} "
        f"WHERE {_in(model.raw, _GONE)} GROUP BY ALL) AS gone WHERE {same}"
    )


def _count_again(connection: duckdb.DuckDBPyConnection, table: Table, days: Sequence[str]) -> None:
    """Keep current how many rows these days have, where that is kept."""
    if not days or not _is_stored(connection, WRITES):
        return
    connection.execute(
        f"UPDATE {_name(WRITES)} AS w SET records = "  # noqa: S608  quoted
        f"(SELECT count(*) FROM {_name(table)} WHERE {_day()} = w.partition) "
        f"WHERE table_schema = {text(table.schema)} AND table_name = {text(table.name)} "
        f"AND partition IN ({', '.join(map(text, days))})"
    )


def _tells_of_people(table: Table, model: Model) -> bool:
    return table in (model.raw, model.flattened, model.rejected) or bool(
        person_columns(table, model)
    )


def _person(table: Table, model: Model) -> str:
    """Give the id of whom a row is about, as plain text."""
    columns = person_columns(table, model)
    if columns:
        return f"lower(CAST({quoted(columns[0])} AS VARCHAR))"
    origin = model.person.origin
    path = origin.stored_path if isinstance(origin, Leaf) else ()
    pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)
    return f"lower(trim(json_extract_string({quoted(model.payload.name)}, {text(pointer)})))"


def person_columns(table: Table, model: Model) -> list[str]:
    """Give the columns that say whom a row is about."""
    person = model.person
    return [c.name for c in table.columns if c == person or c.origin == Copied(person.name)]


def _names(columns: Sequence[str], people: Sequence[str]) -> str:
    wanted = ", ".join(map(text, map(_plain, people)))
    return " OR ".join(f"lower(CAST({quoted(name)} AS VARCHAR)) IN ({wanted})" for name in columns)


def _in(table: Table, keys: str) -> str:
    key = ", ".join(quoted(name) for name in table.key)
    return f"({key}) IN (SELECT ({key}) FROM {keys})"  # noqa: S608  quoted


def _nothing(table: Table) -> str:
    return "SELECT " + ", ".join(
        f"CAST(NULL AS {c.type.sql}) AS {quoted(c.name)}" for c in table.columns
    )


def _plain(person: str) -> str:
    return person.strip().lower()


def _day() -> str:
    return f"CAST({quoted(PARTITION)} AS VARCHAR)"


def _name(table: Table) -> str:
    return Slice(table.schema, table.name, None).name


def _is_stored(connection: duckdb.DuckDBPyConnection, table: Table) -> bool:
    return bool(stored_columns(connection, table.schema, table.name))


def _drop(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    for name in tables:
        connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
