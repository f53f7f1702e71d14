"""The star around the history: its facts' ages, its dates, and the words that were said last."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from randomuser_assets_tests.marts import lives, reference
from randomuser_assets_tests.marts.core import Day, Row
from randomuser_assets_tests.marts.warehouse import Warehouse

ONE, TWO, THREE = (f"00000000-0000-0000-0000-00000000000{number}" for number in (1, 2, 3))
TEXT = 'Ærø "3"\n😀'


def day(*users: Row, places: tuple[Row, ...] = (), word: str = "") -> Day:
    """Make a day, on which lookups say this word."""
    made = lives.no_people()
    made["users"], made["locations"] = list(users), list(places)
    lives.lookups(made)
    for row in made["timezones"]:
        row["description"] = f"{word} {row['timezone_offset']}"
    for row in made["countries"]:
        row["country_name"] = f"{word} {row['country_code']}"
    return made


@pytest.fixture
def star(warehouse: Warehouse) -> Warehouse:
    """Three people, loaded from the last day to the first; of one the place is moved."""
    leap = {"born_at": datetime(2000, 2, 29, 23, 59)}  # noqa: DTZ001  the warehouse keeps UTC
    old = {"born_at": datetime(1924, 3, 1)}  # noqa: DTZ001  as above
    young = {"born_at": datetime(2023, 2, 28, 1), "nationality": "NO"}  # noqa: DTZ001  as above
    where = lives.place(ONE, street_name=TEXT, latitude=Decimal("-0.5000"))
    moved = {**where, "timezone_offset": "-3:30"}
    users = lives.user(ONE, **leap), lives.user(TWO, **old)
    born = lives.user(THREE, registered_at=datetime(2023, 2, 28, 2), **young)  # noqa: DTZ001  as above
    warehouse.load(
        {
            date(2024, 3, 1): day(*users, born, places=(moved,), word="last"),
            date(2024, 2, 29): day(*users, places=(where,), word="middle"),
            date(2024, 2, 28): day(*users, born, places=(where,), word="first"),
            date(2023, 3, 1): day(users[0], places=(where,)),
            date(2023, 2, 28): day(users[0], born, places=(where,)),
        }
    )
    # With the tests of what is declared, and of rows given and expected.
    warehouse.build("build")
    return warehouse


def test_the_star_is_that_of_the_days(star: Warehouse) -> None:
    star.check_history(snapshots=False)
    star.check_star(snapshots=False)
    _ages(star)
    _places(star)
    _words(star)
    _dates(star)


def _ages(star: Warehouse) -> None:
    assert star.rows(
        "SELECT snapshot_date::VARCHAR, right(user_id::VARCHAR, 1), age, age_group "
        "FROM marts.fct_user_snapshot JOIN marts.dim_age_group USING (age_group_key) "
        "ORDER BY 2, 1"
    ) == [
        ("2023-02-28", "1", 22, "20-29"),
        ("2023-03-01", "1", 23, "20-29"),
        ("2024-02-28", "1", 23, "20-29"),
        ("2024-02-29", "1", 24, "20-29"),
        ("2024-03-01", "1", 24, "20-29"),
        ("2024-02-28", "2", 99, "90-99"),
        ("2024-02-29", "2", 99, "90-99"),
        ("2024-03-01", "2", 100, "100+"),
        ("2023-02-28", "3", 0, "0-9"),
        ("2024-02-28", "3", 1, "0-9"),
        ("2024-03-01", "3", 1, "0-9"),
    ]


def _places(star: Warehouse) -> None:
    """Keys are literals here: whoever has another release or machine has the same."""
    place = ("1", TEXT, "Ry", "Midt", "0800", "-0.5000", "-1.5000")
    assert reference.key_of(ONE, "2024-03-01") == "214d638d6d27fe02c05b7d27699e19ac"
    assert star.rows(
        "SELECT location_key, timezone_offset, utc_offset_minutes, street_name "
        "FROM marts.dim_location JOIN marts.dim_timezone USING (timezone_key, timezone_offset) "
        "ORDER BY utc_offset_minutes"
    ) == [
        (reference.key_of(*place, "-3:30"), "-3:30", -210, TEXT),
        (reference.key_of(*place, "+5:45"), "+5:45", 345, TEXT),
    ]
    assert star.rows(
        "SELECT user_key, valid_from::VARCHAR, changed_columns FROM marts.dim_user "
        f"WHERE user_id = '{ONE}' ORDER BY valid_from"
    ) == [
        (reference.key_of(ONE, "2023-02-28"), "2023-02-28", []),
        (reference.key_of(ONE, "2024-03-01"), "2024-03-01", ["location_key"]),
    ]


def _words(star: Warehouse) -> None:
    assert star.rows(
        "SELECT country_code, country_name FROM marts.dim_country ORDER BY country_code"
    ) == [("DK", "last DK"), ("NO", "last NO")]
    assert star.rows(
        "SELECT timezone_offset, description FROM marts.dim_timezone ORDER BY utc_offset_minutes"
    ) == [("-3:30", "last -3:30"), ("+5:45", "middle +5:45")]


def _dates(star: Warehouse) -> None:
    dates = star.rows(
        "SELECT date_day, iso_year, iso_week, day_of_week, day_name, is_weekend, quarter "
        "FROM marts.dim_date ORDER BY date_day"
    )
    assert (dates[0][0], dates[-1][0]) == (date(2023, 1, 1), date(2024, 12, 31))
    assert len(dates) == 365 + 366
    for each, *found in dates:
        week_day = each.isoweekday()
        named = [*each.isocalendar(), f"{each:%A}", week_day > 5, (each.month + 2) // 3]
        assert found == named, each
