"""Reading the figures of the quality page: SQL that counts inside the warehouse.

Whatever the warehouse holds, only small, bounded results leave it.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import duckdb

from randomuser_assets.model import PARTITION, Model, Table
from randomuser_assets.model.quality import CHECK_RESULTS, SHAPE_DRIFT
from randomuser_assets.report.history import checks_by_table, days_of_checks, failures, follow
from randomuser_assets.report.quality import (
    Checks,
    DayOfRecords,
    Drift,
    Quality,
    Reason,
    State,
    TableState,
)
from randomuser_assets.report.seen import see, view_of

DAYS = 30
MOST_REASONS, MOST_DRIFT, MOST_OTHER_TABLES = 20, 50, 20

_LONGEST = 200  # characters of a name or text


def read_quality(
    connection: duckdb.DuckDBPyConnection, model: Model, now: datetime | None = None
) -> Quality:
    """Read all that the page tells."""
    now = now or datetime.now(UTC)
    tables = [table for table in model if table.partitioned]
    lacking = see(
        connection,
        {
            **dict.fromkeys(tables, (PARTITION,)),
            model.rejected: (PARTITION, "reasons"),
            CHECK_RESULTS: CHECK_RESULTS.column_names,
            SHAPE_DRIFT: SHAPE_DRIFT.column_names,
        },
    )
    follow(connection)
    newest = {table.name: _newest_day(connection, table) for table in tables}
    days = _window(now.date(), [day for day in newest.values() if day])
    rows = {table.name: _rows(connection, table, days, newest[table.name]) for table in tables}
    records = _days_of_records(model, rows, days)
    # Of the rejected records a day without any is a day like others.
    rows[model.rejected.name] = {day.day: day.rejected for day in records}
    newest[model.rejected.name] = max(rows[model.rejected.name], default=None)
    checks = checks_by_table(connection, days[0])
    reasons = connection.execute(_reasons_of(model.rejected), [days[0], days[-1]]).fetchall()
    drift = connection.execute(_DRIFT, [days[0], days[-1]]).fetchall()
    return Quality(
        made_at=now,
        days=days,
        tables=(
            *(
                TableState(
                    asset=table.name,
                    name=f"{table.schema}.{table.name}",
                    checks=checks.get(table.name, Checks()),
                    rows=rows[table.name],
                    newest=newest[table.name],
                    lacking=lacking.get(table.name, ""),
                )
                for table in tables
            ),
            *_others(checks, {table.name for table in tables}),
        ),
        days_of_checks=days_of_checks(connection, days),
        days_of_records=records,
        reasons=tuple(Reason(*found[:-1]) for found in reasons),
        kinds_of_reasons=reasons[0][-1] if reasons else 0,
        failures=failures(connection),
        drift=tuple(Drift(*found[:-1]) for found in drift),
        places_of_drift=drift[0][-1] if drift else 0,
        lacks_results=lacking.get(CHECK_RESULTS.name, ""),
        lacks_rejected=lacking.get(model.rejected.name, ""),
        lacks_drift=lacking.get(SHAPE_DRIFT.name, ""),
    )


def _window(today: date, newest_days: list[date]) -> tuple[date, ...]:
    """Give the days that are shown: up to today, unless all that is stored is older than that."""
    last = max(newest_days, default=today)
    if today - timedelta(days=DAYS) < last <= today:
        last = today
    return tuple(last - timedelta(days=ago) for ago in reversed(range(DAYS)))


def _newest_day(connection: duckdb.DuckDBPyConnection, table: Table) -> date | None:
    query = f"SELECT max({PARTITION}) FROM {view_of(table)}"  # noqa: S608  quoted
    found: date | None = connection.execute(query).fetchall()[0][0]
    return found


def _rows(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    days: tuple[date, ...],
    newest: date | None,
) -> dict[date, int]:
    """Count the rows of each day that is shown, and of the newest one."""
    found = connection.execute(
        f"SELECT {PARTITION}, count(*) FROM {view_of(table)} "  # noqa: S608  quoted
        f"WHERE {PARTITION} BETWEEN ? AND ? OR {PARTITION} = ? GROUP BY ALL",
        [days[0], days[-1], newest],
    )
    return dict(found.fetchall())


def _others(checks: Mapping[str, Checks], known: set[str]) -> list[TableState]:
    """Give what has checks and is no table of the model, the worst first."""
    order = list(State)
    others = sorted(
        set(checks) - known, key=lambda asset: (-order.index(checks[asset].state), asset)
    )
    return [
        TableState(
            asset=asset,
            name=asset[:_LONGEST],
            checks=checks[asset],
            rows={},
            newest=None,
            lacking="",
        )
        for asset in others[:MOST_OTHER_TABLES]
    ]


def _days_of_records(
    model: Model,
    rows: Mapping[str, Mapping[date, int]],
    days: tuple[date, ...],
) -> tuple[DayOfRecords, ...]:
    """Give the days of which it is known how many were rejected.

    That none was is known only where all of a day's records could be read.
    """
    raw, readable, rejected = (
        rows[table.name] for table in (model.raw, model.flattened, model.rejected)
    )
    return tuple(
        DayOfRecords(day, rejected.get(day, 0), raw.get(day))
        for day in days
        if day in rejected or (day in raw and raw[day] == readable.get(day))
    )


def _reasons_of(rejected: Table) -> str:
    """Group the reasons without their values: what a faulty value was is nobody's business here.

    A value stands between single quotes and may hold some itself; what made a record unreadable
    comes from a reader, or from the record.
    """
    return rf"""
        SELECT left(regexp_replace(regexp_replace(regexp_replace(reason,
                   '(?s)^(the record could not be read as JSON: ).*', '\1…'),
                   '(?s)''.*''', '…'), '(?s)''.*', '…'), {_LONGEST}) AS words,
               count(*), max({PARTITION}), count(*) OVER ()
        FROM (SELECT {PARTITION}, unnest(reasons) AS reason FROM {view_of(rejected)}
              WHERE {PARTITION} BETWEEN ? AND ?)
        WHERE reason IS NOT NULL
        GROUP BY words ORDER BY count(*) DESC, words LIMIT {MOST_REASONS}
    """  # noqa: S608  quoted


_DRIFT = f"""
    SELECT {PARTITION}, left(coalesce(kind, ''), {_LONGEST}), left(coalesce(path, ''), {_LONGEST}),
           left(coalesce(found, ''), {_LONGEST}), records, left(coalesce(example, ''), {_LONGEST}),
           count(*) OVER ()
    FROM seen_shape_drift WHERE {PARTITION} BETWEEN ? AND ?
    ORDER BY {PARTITION} DESC, records DESC, kind, path, found LIMIT {MOST_DRIFT}
"""  # noqa: S608  our own names
