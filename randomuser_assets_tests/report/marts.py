"""Marts to make reports of: the declared tables, filled by the engine with people of any number."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from randomuser_assets.model.marts import MARTS
from randomuser_assets.report.population.counting import count_people
from randomuser_assets.report.population.figures import Population
from randomuser_assets.report.population.page import population_page
from randomuser_assets_tests.report.warehouse import create

NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
LAST = "DATE '2026-11-20'"

_COUNTRIES = (
    "AU Australia, BR Brazil, CA Canada, CH Switzerland, DE Germany, DK Denmark, ES Spain, "
    "FI Finland, FR France, GB United Kingdom, IE Ireland, IN India, IR Iran, MX Mexico, "
    "NL Netherlands, NO Norway, NZ New Zealand, RS Serbia, TR Turkey, UA Ukraine, US United States"
)
_ZONES = (
    "-12:00 -11:00 -10:00 -9:00 -8:00 -7:00 -6:00 -5:00 -4:00 -3:30 -3:00 -2:00 -1:00 0:00 +1:00 "
    "+2:00 +3:00 +3:30 +4:00 +4:30 +5:00 +5:30 +5:45 +6:00 +7:00 +8:00 +9:00 +9:30 +10:00 +11:00 "
    "+12:00"
)


@dataclass
class Marts:
    """The open warehouse with its marts."""

    connection: duckdb.DuckDBPyConnection

    def fill(self, people: int, days: int, *, share: int = 100) -> None:
        """Make people who are there on so many of a hundred days, and change now and then."""
        codes = [country[:2] for country in _COUNTRIES.split(", ")]
        for statement in _FILLED.split(";"):
            if statement.strip():
                self.connection.execute(
                    statement.format(people=people, days=days, share=share, last=LAST, codes=codes)
                )

    def population(self) -> Population:
        """Count what the page tells."""
        return count_people(self.connection, NOW)

    def page(self, days_are: str = "batches") -> str:
        """Make the page."""
        return population_page(self.population(), days_are=days_are)


@contextmanager
def opened_marts(path: Path, *, tables: bool = True) -> Iterator[Marts]:
    """Give a warehouse in a file, with all marts or with none; countries, zones, groups filled."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        if tables:
            for table in MARTS:
                create(connection, table)
            _name_the_world(connection)
        yield Marts(connection)


def _name_the_world(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill in countries, zones with a place in each, and age groups."""
    countries = ", ".join(
        f"('c{number}', '{country[:2]}', '{country[3:]}')"
        for number, country in enumerate(_COUNTRIES.split(", "))
    )
    zones = ", ".join(
        f"('z{number}', '{offset}', {_minutes(offset)}, 'A place at {offset}')"
        for number, offset in enumerate(_ZONES.split())
    )
    groups = ", ".join(
        f"('g{low}', '{low}-{low + 9}', {low}, {low + 9})" for low in range(0, 100, 10)
    )
    connection.execute(
        f"""
        INSERT INTO marts.dim_country VALUES {countries};
        INSERT INTO marts.dim_timezone VALUES {zones};
        INSERT INTO marts.dim_location
        SELECT timezone_key, 1, 'Some Street', 'Some City', 'Some State', '1', 1, 1, '-',
               timezone_key FROM marts.dim_timezone;
        INSERT INTO marts.dim_age_group VALUES {groups}, ('g100', '100+', 100, NULL)
        """
    )


def _minutes(offset: str) -> int:
    hours, minutes = (int(part) for part in offset.lstrip("+-").split(":"))
    return (-1 if offset.startswith("-") else 1) * (60 * hours + minutes)


# Numbers that look like chance come of hashes, so that every run has the same people.
_FILLED = """
    CREATE MACRO chance(person, what, many) AS
        CAST(hash(person || ':' || what) % CAST(many AS UBIGINT) AS INTEGER);
    CREATE TEMP TABLE persons AS
    SELECT id, md5('person' || id)::UUID AS user_id,
           {codes}[1 + least(chance(id, 'n', 21), chance(id, 'm', 30))] AS nationality,
           if(chance(id, 'g', 100) < 52, 'female', 'male') AS gender,
           CAST({last} - 365 * (20 + (chance(id, 'a', 31) + chance(id, 'b', 31)
               + chance(id, 'c', 12))) - chance(id, 'd', 365) AS TIMESTAMP) AS born_at,
           CAST(DATE '2003-01-01' + 40 * chance(id, 'r', 15)
               + 15 * chance(id, 's', 500) AS TIMESTAMP) AS registered_at,
           'z' || least(chance(id, 'z', 31), chance(id, 'y', 45)) AS zone
    FROM range({people}) AS numbers(id);
    CREATE TEMP TABLE seen AS
    SELECT persons.*, CAST({last} - CAST(ago AS INTEGER) AS DATE) AS day, ago,
           sum(CAST(chance(id, 'v' || ago, 40) = 0 AS INTEGER))
               OVER (PARTITION BY id ORDER BY ago DESC) AS version
    FROM persons, range({days}) AS numbers(ago)
    WHERE chance(id, 'day' || ago, 100) < {share};
    CREATE TEMP TABLE versions AS
    SELECT *, lead(valid_from) OVER person AS valid_to, row_number() OVER person AS number
    FROM (SELECT user_id, version, min(day) AS valid_from, any_value(id) AS id,
                 any_value(nationality) AS nationality, any_value(gender) AS gender,
                 any_value(born_at) AS born_at, any_value(registered_at) AS registered_at,
                 any_value(zone) AS zone
          FROM seen GROUP BY ALL)
    WINDOW person AS (PARTITION BY user_id ORDER BY valid_from);
    INSERT INTO marts.dim_user BY NAME
    SELECT md5(user_id || valid_from) AS user_key, user_id, valid_from, valid_to,
           valid_to IS NULL AS is_current, gender, 'Mx' AS title, 'Firstname' || id AS first_name,
           'Lastname' || id AS last_name, 'somebody' || id || '@example.com' AS email,
           '0155-' || id AS phone, '0177-' || id AS cell, born_at, registered_at, nationality,
           id AS picture_id, 'login' || id AS username, 'Passport' AS document_name,
           md5('secret' || id) AS document_value_hmac, zone AS location_key,
           CASE WHEN number = 1 THEN []
                WHEN chance(id, valid_from, 3) = 0 THEN ['email', 'phone']
                WHEN chance(id, valid_from, 3) = 1 THEN ['location_key']
                ELSE ['email'] END AS changed_columns, '-' AS observations
    FROM versions;
    INSERT INTO marts.fct_user_snapshot BY NAME
    SELECT day AS snapshot_date, user_id, md5(user_id || valid_from) AS user_key,
           zone AS location_key, zone AS timezone_key, nationality AS country_key,
           'g' || least(date_sub('year', born_at, day), 100) // 10 * 10 AS age_group_key,
           gender, nationality, CAST(date_sub('year', born_at, day) AS INTEGER) AS age,
           '-' AS observations
    FROM seen JOIN (SELECT user_id, version, valid_from FROM versions) USING (user_id, version);
    DROP TABLE persons; DROP TABLE seen; DROP TABLE versions; DROP MACRO chance
"""
