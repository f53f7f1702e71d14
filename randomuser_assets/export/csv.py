r"""CSV files: RFC 4180 in UTF-8, null told apart from empty text, formulas made harmless.

Null is nothing, empty text is `""`. A text that a spreadsheet would take for a formula gets one
leading `'`, and so does a text that begins with `'`: taking one leading `'` off restores every
value. Numbers and keys are never touched. The engine writes each line as one text, since its own
CSV writer ends lines with LF.
"""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import duckdb
from sqlglot import exp
from sqlglot.expressions import Condition, Expr

from randomuser_assets.model import Column, Table, types
from randomuser_assets.model.types import TEXT
from randomuser_assets.query.days import day_in_order
from randomuser_assets.query.dialects import WarehouseDuckDB
from randomuser_assets.query.names import quoted, text
from randomuser_assets.whole import Written, WrittenWhole, written_whole

_FORMULA = r"^[=@\t\r'+-]"
_SIGNED_NUMBER = r"^[+-][0-9 .:()/-]*\z"
_NEEDS_QUOTES = r'[",\r\n]'
_KEY, _OTHER = "\x1e", "\x1f"
"""Before each text of a row that is looked at; where a value has one itself, the row gets care."""

_NEEDS_CARE = rf"{_NEEDS_QUOTES}|[{_KEY}{_OTHER}](?:[{_KEY}{_OTHER}]|\z)|{_OTHER}[=@\t\r'+-]"


def csv_path(folder: Path, table: Table, day: str) -> Path:
    """Say where the file of a day is."""
    return folder / day / f"{day}_{table.name}.csv"


def csv_columns(path: Path) -> list[str]:
    """Say which columns a file has: no name needs quotes."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return file.readline().rstrip("\r\n").split(",")


def write_csv(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    day: str,
    folder: Path,
    *,
    whole: WrittenWhole = written_whole,
) -> Written:
    """Replace the file of a day as a whole, ordered by key."""
    path = csv_path(folder, table, day)
    with whole(path, folder) as aside:
        copy = (
            f"COPY ({_lines(table, day)}) TO {text(str(aside))} "
            "(FORMAT csv, HEADER true, QUOTE '', ESCAPE '', DELIMITER '\x1f')"
        )
        written = connection.execute(copy).fetchall()[0][0]
    return Written(path, int(written))


def _lines(table: Table, day: str) -> str:
    """Give the query whose one column holds the lines, and whose name is the header."""
    header = quoted(",".join(table.column_names) + "\r")
    return day_in_order(table, day, f"{_line(table)} AS {header}")


@cache
def _line(table: Table) -> str:
    """Give the expression of a row's line: the same for every day, and dear to write down.

    Nearly all rows have nothing that needs care, which one look at all of their texts tells.
    """
    texts = [column for column in table.columns if column.type == TEXT]
    plain = _joined(table, lambda column: [exp.column(column.name, quoted=True)])
    if not texts:
        return plain.sql(dialect=WarehouseDuckDB)
    careful = _joined(table, lambda column: _written(column, harmless=not _is_key(column, table)))
    looked_at = _concat(
        part
        for column in texts
        for part in (
            exp.Literal.string(_KEY if _is_key(column, table) else _OTHER),
            exp.column(column.name, quoted=True),
        )
    )
    line = exp.case().when(_matches(looked_at, _NEEDS_CARE), careful).else_(plain)
    return line.sql(dialect=WarehouseDuckDB)


def _joined(table: Table, written: Callable[[Column], list[Expr]]) -> Expr:
    """Join the fields of a row; one call for the whole line, in which null is nothing."""
    parts: list[Expr] = []
    for column in table.columns:
        value = exp.column(column.name, quoted=True)
        match column.type:
            case types.INSTANT:
                parts.append(_instant(value))
            case types.TEXT:
                parts += written(column)
            case _:
                parts.append(value)
        parts.append(exp.Literal.string(","))
    return _concat([*parts[:-1], exp.func("CHR", exp.Literal.number(13))])


def _concat(parts: Iterable[Expr]) -> Expr:
    return exp.Anonymous(this="CONCAT", expressions=list(parts))


def _is_key(column: Column, table: Table) -> bool:
    return column.name in table.key or bool(column.references)


def _instant(value: Expr) -> Expr:
    """Write milliseconds as the API does, and microseconds only where there are any."""

    def formatted(seconds: str) -> Expr:
        return exp.func(
            "STRFTIME", value.copy(), exp.Literal.string(f"%Y-%m-%dT%H:%M:%S.{seconds}Z")
        )

    micros = exp.Mod(this=exp.func("EPOCH_US", value.copy()), expression=exp.Literal.number(1000))
    return exp.case().when(micros.eq(0), formatted("%g")).else_(formatted("%f"))


def _written(column: Column, *, harmless: bool) -> list[Expr]:
    value = exp.column(column.name, quoted=True)
    needed = exp.or_(value.copy().eq(exp.Literal.string("")), _matches(value, _NEEDS_QUOTES))
    risky = exp.and_(_matches(value, _FORMULA), exp.not_(_matches(value, _SIGNED_NUMBER)))
    doubled = exp.func("REPLACE", value.copy(), exp.Literal.string('"'), exp.Literal.string('""'))
    quote = _where(needed, '"')
    return [quote, *([_where(risky, "'")] if harmless else []), doubled, quote.copy()]


def _where(condition: Condition, written: str) -> Expr:
    return exp.case().when(condition, exp.Literal.string(written)).else_(exp.Literal.string(""))


def _matches(value: Expr, pattern: str) -> exp.RegexpLike:
    return exp.RegexpLike(this=value.copy(), expression=exp.Literal.string(pattern))
