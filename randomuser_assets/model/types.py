r"""The column types: how each is named in SQL and what text may become one.

A value arrives as text. It is cast only when it matches its type's pattern in full: a cast alone
rounds, trims, takes `1e3`, `infinity` or `today`, and differs between engines. Patterns end in
`\z`, which unlike `$` does not accept a line break after the value; every engine used reads it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ColumnType:
    """A type that a column can have.

    `sql` is the name in DuckDB's dialect, from which other dialects are translated; `pattern` is
    what text must match in full to be cast; `meaning` completes the sentence "… is not …".
    `compression` is how it is stored, where looking for the best way takes longer than it is worth.
    """

    sql: str
    meaning: str
    pattern: str | None = None
    compression: str | None = None


TEXT = ColumnType("VARCHAR", "a text")
LONG_TEXT = ColumnType("VARCHAR", "a text", compression="zstd")
TEXTS = ColumnType("VARCHAR[]", "a list of texts")
BOOLEAN = ColumnType("BOOLEAN", "true or false")
DATE = ColumnType("DATE", "a date")
INTEGER = ColumnType("INTEGER", "a whole number", r"^-?(0|[1-9][0-9]{0,9})\z")
DEGREES = ColumnType("DECIMAL(7,4)", "a number", r"^-?[0-9]{1,3}(\.[0-9]{1,4})?\z")
INSTANT = ColumnType(
    "TIMESTAMP",
    "a UTC date and time like 2007-07-09T05:51:59.390Z",
    r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z\z",
)
UUID = ColumnType("UUID", "a UUID in lower case", r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\z")
