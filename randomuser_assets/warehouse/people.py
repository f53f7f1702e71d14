"""Taking people out of an open warehouse, as if they had never been let in.

What only they had on a day, such as a portrait, goes with them. Where others are on their pages
stays as it is, and the requests say how many were left out, so that the counts still meet.

The marts are made by somebody else, and until they are made again they would hold the people: so
they lose them here, too, by what is declared of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
from sqlglot import exp

from randomuser_assets.forgotten import plain_id
from randomuser_assets.model import PARTITION, Column, Copied, Leaf, Model, Table, Taken
from randomuser_assets.model.marts import MARTS
from randomuser_assets.model.quality import REQUESTS, WRITES
from randomuser_assets.query.dialects import WarehouseDuckDB
from randomuser_assets.query.names import quoted, text
from randomuser_assets.query.normalise import normalised
from randomuser_assets.warehouse.faults import WarehouseError
from randomuser_assets.warehouse.table import Slice, is_stored, stored_shape

_LEAVING, _STAYING, _KEYS = "people_leaving", "people_staying", "people_keys_of_"
_OF_BUILDS = "__dbt_"
"""What dbt adds to a name for the table that it makes, and for the one that was there."""

_AT_ONCE = 10_000


@dataclass(frozen=True)
class TakenOut:
    """What was taken out: the rows of each table, and the days that had any."""

    rows: dict[str, int]
    days: list[str]


def take_out(
    connection: duckdb.DuckDBPyConnection, model: Model, people: Sequence[str]
) -> TakenOut:
    """Take people out of all tables, inside the caller's transaction."""
    stored = _to_search(connection, model)
    marts = _marts_to_search(connection, model)
    ids = ", ".join(text(plain_id(person)) for person in people)
    left_by_key = [t for t in stored if not _tells_of_people(t, model)]
    if model.flattened in stored:
        # What is made of flattened_users is found before that has lost the people.
        _divide(connection, model, ids)
        for table in left_by_key:
            _find_keys(connection, table, model)
    rows = dict[str, int]()
    days = set[str]()

    def delete(table: Table, condition: str) -> None:
        doomed = f"FROM {_name(table)} WHERE {condition}"
        day = _day() if table.partitioned else "NULL"
        found = connection.execute(f"SELECT {day}, count(*) {doomed} GROUP BY ALL").fetchall()
        connection.execute(f"DELETE {doomed}")
        rows[table.name] = sum(number for _, number in found)
        here = [day for day, _ in found if day]
        days.update(here)
        _count_again(connection, table, here)

    if model.raw in stored:
        _count_as_forgotten(connection, model, ids)
    for table in stored:
        # Each by what it says itself: after another fetch a place may be somebody else's.
        if _tells_of_people(table, model):
            delete(table, f"{_person(table, model)} IN ({ids})")
        elif model.flattened in stored:
            delete(table, _in(table, _KEYS + table.name))
    for mart, condition in _of_marts(marts, model, ids):
        delete(mart, condition)
    _drop_what_builds_left(connection)
    return TakenOut(rows, sorted(days))


def all_people(connection: duckdb.DuckDBPyConnection, model: Model) -> Iterator[str]:
    """Give the ids of all that are in the warehouse, each once."""
    queries = [
        f"SELECT {_person(table, model)} AS person FROM {_name(table)}"  # noqa: S608  quoted
        for table in (*_to_search(connection, model), *_marts_to_search(connection, model))
        if _tells_of_people(table, model)
    ]
    if queries:
        everybody = " UNION ALL ".join(queries)
        found = connection.execute(
            f"SELECT DISTINCT person FROM ({everybody}) WHERE person IS NOT NULL"  # noqa: S608  quoted
        )
        while some := found.fetchmany(_AT_ONCE):
            yield from (person for (person,) in some)


def _to_search(connection: duckdb.DuckDBPyConnection, model: Model) -> list[Table]:
    """Give the stored tables, or say which one cannot be searched."""
    stored = [table for table in model if is_stored(connection, table)]
    for table in stored:
        found = stored_shape(connection, Slice(table.schema, table.name, None))
        if missing := [name for name in table.column_names if name not in found]:
            raise WarehouseError(
                f"{table.schema}.{table.name} cannot be searched for people: it lacks "
                f"{', '.join(missing)}, which are declared. Nothing was changed: run "
                "`randomuser-assets migrate` first, or use the version that made it."
            )
    return stored


def _marts_to_search(connection: duckdb.DuckDBPyConnection, model: Model) -> list[Table]:
    """Give the stored marts; of their columns only those by which people are found are needed."""
    stored = [table for table in MARTS if is_stored(connection, table)]
    for table in stored:
        found = stored_shape(connection, Slice(table.schema, table.name, None))
        needed = (*person_columns(table, model), *table.key, *(c.name for c in table.references))
        if missing := [name for name in dict.fromkeys(needed) if name not in found]:
            raise WarehouseError(
                f"{table.schema}.{table.name} cannot be searched for people: it lacks "
                f"{', '.join(missing)}, which are declared. Nothing was changed: drop it, since "
                "the marts can be made again, or use the version that made it."
            )
    return stored


def _divide(connection: duckdb.DuckDBPyConnection, model: Model, ids: str) -> None:
    """Tell the readable records of these people from all others."""
    flattened, person = _name(model.flattened), _person(model.flattened, model)
    for name, condition in ((_LEAVING, "IN"), (_STAYING, "NOT IN")):
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {name} AS FROM {flattened} "
            f"WHERE {person} {condition} ({ids})"
        )


def _find_keys(connection: duckdb.DuckDBPyConnection, table: Table, model: Model) -> None:
    """Keep the keys that these people's records alone have on their days."""
    key = ", ".join(quoted(name) for name in table.key)

    def keys(view: str) -> str:
        made = normalised(exp.select("*").from_(view), table, model).sql(dialect=WarehouseDuckDB)
        return f"SELECT {key} FROM ({made})"  # noqa: S608  quoted

    on_their_days = f"{quoted(PARTITION)} IN (SELECT {quoted(PARTITION)} FROM {_LEAVING})"  # noqa: S608  quoted
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_KEYS + table.name} AS {keys(_LEAVING)} "
        f"EXCEPT {keys(_STAYING)} WHERE {on_their_days}"
    )


def _count_as_forgotten(connection: duckdb.DuckDBPyConnection, model: Model, ids: str) -> None:
    """Say with each request how many of its people were left out since."""
    if not is_stored(connection, REQUESTS):
        return
    left_out = REQUESTS.columns[-1]
    name, column = _name(REQUESTS), quoted(left_out.name)
    connection.execute(f"ALTER TABLE {name} ADD COLUMN IF NOT EXISTS {column} {left_out.type.sql}")
    page = ", ".join(quoted(key) for key in REQUESTS.key)
    same = " AND ".join(f"asked.{quoted(key)} = gone.{quoted(key)}" for key in REQUESTS.key)
    connection.execute(
        f"UPDATE {name} AS asked SET {column} = coalesce(asked.{column}, 0) + gone.records "  # noqa: S608  quoted
        f"FROM (SELECT {page}, count(*) AS records FROM {_name(model.raw)} "
        f"WHERE {_person(model.raw, model)} IN ({ids}) GROUP BY ALL) AS gone WHERE {same}"
    )


def _count_again(connection: duckdb.DuckDBPyConnection, table: Table, days: Sequence[str]) -> None:
    """Keep current how many rows these days have, where that is kept."""
    if not days or not is_stored(connection, WRITES):
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
    """Give the id of whom a row is about, as `plain_id` does."""
    columns = person_columns(table, model)
    if columns:
        value = f"CAST({quoted(columns[0])} AS VARCHAR)"
    else:
        origin = model.person.origin
        path = origin.stored_path if isinstance(origin, Leaf) else ()
        pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)
        # Of what somebody else has put there nothing can be told, and nothing is quoted.
        value = f"TRY(json_extract_string({quoted(model.payload.name)}, {text(pointer)}))"
    return f"nullif(regexp_replace(lower({value}), '[^0-9a-f]', '', 'g'), '')"


def person_columns(table: Table, model: Model) -> list[str]:
    """Give the columns that say whom a row is about."""
    return [column.name for column in table.columns if _is_person(column, model)]


def _is_person(column: Column, model: Model) -> bool:
    if isinstance(column.origin, Taken):
        column = model[column.origin.table][column.origin.column]
    return column == model.person or column.origin == Copied(model.person.name)


def tells_of_people_by_reference(table: Table, model: Model) -> bool:
    """Say whether only what refers to a table says whose its private values are."""
    return table.public.columns != table.columns and not person_columns(table, model)


def _of_marts(marts: Sequence[Table], model: Model, ids: str) -> Iterator[tuple[Table, str]]:
    """Give which rows of which marts go: first those of people, then what only they referred to."""
    for mart in marts:
        if person_columns(mart, model):
            yield mart, f"{_person(mart, model)} IN ({ids})"
    for mart in marts:
        if tells_of_people_by_reference(mart, model):
            yield mart, _referred_to_by_nobody(mart, marts)


def _referred_to_by_nobody(mart: Table, marts: Sequence[Table]) -> str:
    (key,) = mart.key
    return " AND ".join(
        (
            "TRUE",
            *(
                f"NOT EXISTS (FROM {_name(other)} AS other "
                f"WHERE other.{quoted(column.name)} = {_name(mart)}.{quoted(key)})"
                for other in marts
                for column in other.references
                if column.references == mart.name
            ),
        )
    )


def _drop_what_builds_left(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop what a build that was killed has left of a mart, as the next build would."""
    for mart in MARTS:
        left = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() "
            "AND schema_name = ? AND starts_with(table_name, ?)",
            [mart.schema, f"{mart.name}{_OF_BUILDS}"],
        ).fetchall()
        for (name,) in left:
            connection.execute(f"DROP TABLE {Slice(mart.schema, name, None).name}")


def _in(table: Table, keys: str) -> str:
    key = ", ".join(quoted(name) for name in table.key)
    return f"({key}) IN (SELECT ({key}) FROM {keys})"  # noqa: S608  quoted


def _day() -> str:
    return f"CAST({quoted(PARTITION)} AS VARCHAR)"


def _name(table: Table) -> str:
    return Slice(table.schema, table.name, None).name
