"""Statements that spoil stored data in one way and leave everything else as it should be.

They are about the days from `FIRST` to `LAST`, on which the same people are stored: one of them is
rejected, two share a portrait.
"""

from randomuser_assets.model import Table

FIRST, SECOND, LAST = "2026-01-05", "2026-01-06", "2026-01-08"
LONG_BEFORE = "2026-01-01"
FAR = 100
"""What is added to the positions of records, to make others of them."""


def place(table: Table) -> str:
    """Name a table in the warehouse."""
    return f"{table.schema}.{table.name}"


def on(day: str) -> str:
    return f"snapshot_date = '{day}'"


def asked_for_more(number: int, day: str) -> str:
    return f"UPDATE quality.requests SET results = results + {number} WHERE {on(day)}"


def more_rejected(day: str, like: str) -> tuple[str, str]:
    """Add records to a day, like those of a day, as if none of them could be read."""
    as_rejected = "SELECT snapshot_date, seed, page, position, ['no'], payload FROM raw.raw_users"
    others = f"* REPLACE (DATE '{day}' AS snapshot_date, position + {FAR} AS position)"
    return (
        f"INSERT INTO raw.raw_users SELECT {others} FROM raw.raw_users WHERE {on(like)}",
        f"INSERT INTO staging.rejected_users {as_rejected} WHERE {on(day)} AND position > {FAR}",
    )


def fetched_twice(position: int, day: str, as_somebody_else: str = "") -> tuple[str, ...]:
    """Let a record come again, at another position."""
    of_it = f"WHERE {on(day)} AND position = {position}"
    again, flat = f"position + {FAR} AS position", "staging.flattened_users"
    return (
        f"INSERT INTO raw.raw_users SELECT * REPLACE ({again}) FROM raw.raw_users {of_it}",
        f"INSERT INTO {flat} SELECT * REPLACE ({again}{as_somebody_else}) FROM {flat} {of_it}",
        asked_for_more(1, day),
    )


def made_nothing_of(position: int, day: str) -> tuple[str, ...]:
    """Let somebody come of whom no core table has anything."""
    return fetched_twice(position, day, ", gen_random_uuid() AS login_uuid")


def drift(kind: str) -> str:
    return f"INSERT INTO quality.shape_drift VALUES ('{LAST}', '{kind}', 'a.b', 'text', 1, '')"


def one_instead_of_another(table: str, column: str) -> str:
    """Put a value that several rows have in the place of one that only one row has."""
    several, one = (_value_of_rows(table, column, number) for number in ("> 1", "= 1"))
    return f"UPDATE {table} SET {column} = {several} WHERE {on(LAST)} AND {column} = {one}"


def pointing_to(nowhere: str, table: str, column: str) -> str:
    """Put a value that stands nowhere else in the place of one that several rows have."""
    known = f"{on(LAST)} AND {column} = {_value_of_rows(table, column, '> 1')}"
    first = f"SELECT min(user_id) FROM {table} WHERE {known}"
    return f"UPDATE {table} SET {column} = '{nowhere}' WHERE {on(LAST)} AND user_id = ({first})"


def of_one(what: str, table: str) -> str:
    """Do something with the row of one person on the last day."""
    first = f"SELECT min(user_id) FROM {table} WHERE {on(LAST)}"
    return f"{what} WHERE {on(LAST)} AND user_id = ({first})"


def stranger_instead(table: str) -> str:
    return of_one(f"UPDATE {table} SET user_id = gen_random_uuid()", table)


def stranger_more(table: str) -> str:
    unknown = "SELECT * REPLACE (gen_random_uuid() AS user_id)"
    return f"INSERT INTO {table} {unknown} FROM {table} WHERE {on(LAST)} LIMIT 1"


def gone(table: str) -> str:
    return of_one(f"DELETE FROM {table}", table)


def repeated(table: str, replaced: str = "") -> str:
    return f"INSERT INTO {table} SELECT * {replaced} FROM {table} WHERE {on(FIRST)} LIMIT 1"


def _value_of_rows(table: str, column: str, number: str) -> str:
    """Give a value that this number of rows has on the last day."""
    found = (
        f"SELECT {column} AS v FROM {table} WHERE {on(LAST)} GROUP BY v HAVING count(*) {number}"
    )
    return f"(SELECT min(v) FROM ({found}))"
