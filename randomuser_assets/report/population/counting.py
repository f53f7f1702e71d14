"""Counting the people of the marts: SQL that groups inside the warehouse.

Whatever the warehouse holds, only counts leave it: a line for each day, nationality and gender.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from randomuser_assets.model import Table
from randomuser_assets.model.marts import (
    DIM_AGE_GROUP,
    DIM_COUNTRY,
    DIM_LOCATION,
    DIM_TIMEZONE,
    DIM_USER,
    FCT_USER_SNAPSHOT,
)
from randomuser_assets.report.population.figures import (
    AgeGroup,
    Cell,
    Changes,
    Day,
    Population,
    Zone,
)
from randomuser_assets.report.seen import see

MOST_DAYS = 30

READS: dict[Table, tuple[str, ...]] = {
    FCT_USER_SNAPSHOT: (
        "snapshot_date",
        "user_key",
        "timezone_key",
        "gender",
        "nationality",
        "age",
    ),
    DIM_USER: (
        "user_key",
        "user_id",
        "valid_from",
        "valid_to",
        "is_current",
        "gender",
        "nationality",
        "born_at",
        "registered_at",
        "location_key",
        "changed_columns",
    ),
    DIM_LOCATION: ("location_key", "timezone_key"),
    DIM_TIMEZONE: ("timezone_key", "timezone_offset", "utc_offset_minutes", "description"),
    DIM_COUNTRY: ("country_code", "country_name"),
    DIM_AGE_GROUP: ("age_group", "age_from"),
}
"""The marts that the report is made of, and which columns of each."""

_LONGEST = 60  # characters of a name
_OLDEST = 150  # years that somebody is shown as at most


def count_people(connection: duckdb.DuckDBPyConnection, now: datetime | None = None) -> Population:
    """Count all that the page tells."""
    lacking = see(connection, READS)
    days = [day for (day,) in connection.execute(_DAYS).fetchall()]
    shown = days[:MOST_DAYS]
    # Who is on no day is nobody; then any day will do.
    newest, first = (shown[0], shown[-1]) if shown else (date.max, date.max)
    bounds = {"first": first, "newest": newest}
    changes = {tuple(key): told for *key, told in _changes(connection, first)}
    cells: dict[date | None, list[Cell]] = {day: [] for day in (None, *shown)}
    for day, nationality, gender, *counted in connection.execute(_CELLS, bounds).fetchall():
        changed = changes.pop((day, nationality, gender), Changes())
        cells[day].append(_cell(nationality, gender, changed, *counted))
    for (day, nationality, gender), changed in changes.items():  # of whom nobody is left
        cells[day].append(Cell(nationality=nationality, gender=gender, changes=changed))
    return Population(
        made_at=now or datetime.now(UTC),
        lacking=" ".join(lacking.values()),
        age_groups=tuple(AgeGroup(*row) for row in connection.execute(_AGE_GROUPS).fetchall()),
        countries=dict(connection.execute(_COUNTRIES).fetchall()),
        zones=tuple(Zone(*row) for row in connection.execute(_ZONES).fetchall()),
        everybody=tuple(cells.pop(None)),
        days=tuple(Day(day, tuple(found)) for day, found in cells.items() if day),
        all_days=len(days),
    )


def _cell(
    nationality: str,
    gender: str,
    changes: Changes,
    people: int,
    ages: dict[int, int] | None,
    years: dict[int, int] | None,
    tenures: dict[int, int] | None,
    zones: dict[int, int] | None,
) -> Cell:
    return Cell(
        nationality=nationality,
        gender=gender,
        people=people,
        ages=ages or {},
        years=years or {},
        tenures=tenures or {},
        zones=zones or {},
        changes=changes,
    )


def _changes(
    connection: duckdb.DuckDBPyConnection, first: date
) -> Iterator[tuple[Any, str, str, Changes]]:
    found = connection.execute(_CHANGES, {"first": first}).fetchall()
    for day, nationality, gender, new, changed, returned, same, gone, columns in found:
        # Only names that are declared: what else stands there may be anything.
        named = {name: n for name, n in (columns or {}).items() if name in DIM_USER.column_names}
        told = Changes(new, changed, returned, same, gone, named)
        yield day, nationality, gender, told


_DAYS = """
    SELECT DISTINCT snapshot_date FROM seen_fct_user_snapshot
    WHERE snapshot_date IS NOT NULL ORDER BY ALL DESC
"""

_AGE_GROUPS = f"""
    SELECT left(age_group, {_LONGEST}), age_from FROM seen_dim_age_group
    WHERE age_group IS NOT NULL AND age_from IS NOT NULL ORDER BY age_from
"""  # noqa: S608  our own names

_COUNTRIES = f"""
    SELECT left(country_code, {_LONGEST}), left(max(country_name), {_LONGEST})
    FROM seen_dim_country WHERE country_code IS NOT NULL AND country_name IS NOT NULL
    GROUP BY ALL ORDER BY ALL
"""  # noqa: S608  our own names

_ZONES = f"""
    SELECT utc_offset_minutes, left(max(timezone_offset), {_LONGEST}),
           left(coalesce(max(description), ''), {_LONGEST})
    FROM seen_dim_timezone WHERE utc_offset_minutes IS NOT NULL GROUP BY ALL ORDER BY ALL
"""  # noqa: S608  our own names


def _full_years(since: str, day: str) -> str:
    """As the marts count them: whoever is born on 29 February is a year older on 1 March."""
    return (
        f"year({day}) - year({since}) - "
        f"if((month({day}), day({day})) < (month({since}), day({since})), 1, 0)"
    )


def _between(low: int, value: str, high: int) -> str:
    """Keep a value in bounds, and null where it is null, which `least` would not."""
    return f"if({value} IS NULL, NULL, greatest({low}, least({value}, {high})))"


_UNKNOWN = "unknown"

# A line without a day is about everybody.
_CELLS = f"""
    WITH people AS (
        SELECT snapshot_date AS day, fact.nationality, fact.gender, age, registered_at,
               snapshot_date AS as_of, fact.timezone_key
        FROM seen_fct_user_snapshot AS fact LEFT JOIN seen_dim_user AS person USING (user_key)
        WHERE snapshot_date >= $first
        UNION ALL
        SELECT NULL, nationality, gender, {_full_years("born_at", "$newest::DATE")}, registered_at,
               $newest::DATE, timezone_key
        FROM seen_dim_user LEFT JOIN seen_dim_location USING (location_key)
        WHERE is_current
    )
    SELECT day, left(coalesce(nationality, '{_UNKNOWN}'), {_LONGEST}) AS nationality,
           left(coalesce(gender, '{_UNKNOWN}'), {_LONGEST}) AS gender, count(*),
           histogram({_between(0, "age", _OLDEST)}),
           histogram({_between(1900, "year(registered_at)", 2200)}),
           histogram({_between(0, _full_years("registered_at", "as_of"), _OLDEST)}),
           histogram(utc_offset_minutes)
    FROM people LEFT JOIN seen_dim_timezone USING (timezone_key)
    GROUP BY ALL ORDER BY day, nationality, gender
"""  # noqa: S608  our own names

# Who has a version that begins that day was not there before, or is another than before, or only
# comes back; whose version ends without another that begins then is gone.
_CHANGES = f"""
    WITH versions AS (
        SELECT *, row_number() OVER person = 1 AS is_first, lead(valid_from) OVER person AS next
        FROM seen_dim_user WINDOW person AS (PARTITION BY user_id ORDER BY valid_from)
    ), told AS (
        SELECT snapshot_date AS day, version.nationality, version.gender, changed_columns,
               CASE WHEN valid_from < snapshot_date THEN 'same'
                    WHEN is_first THEN 'new'
                    WHEN len(changed_columns) > 0 THEN 'changed'
                    ELSE 'returned' END AS what
        FROM seen_fct_user_snapshot JOIN versions AS version USING (user_key)
        WHERE snapshot_date >= $first
        UNION ALL
        SELECT valid_to, nationality, gender, [], 'gone' FROM versions
        WHERE valid_to IN (SELECT DISTINCT snapshot_date FROM seen_fct_user_snapshot)
              AND valid_to >= $first AND next IS DISTINCT FROM valid_to
    )
    SELECT day, left(coalesce(nationality, '{_UNKNOWN}'), {_LONGEST}) AS nationality,
           left(coalesce(gender, '{_UNKNOWN}'), {_LONGEST}) AS gender,
           count(*) FILTER (what = 'new'), count(*) FILTER (what = 'changed'),
           count(*) FILTER (what = 'returned'), count(*) FILTER (what = 'same'),
           count(*) FILTER (what = 'gone'),
           list_aggregate(flatten(list(changed_columns) FILTER (what = 'changed')), 'histogram')
    FROM told GROUP BY ALL ORDER BY ALL
"""  # noqa: S608  our own names
