"""Lives nobody made up: who is there on which day, and as whom, drawn from a seed.

A person has few values to choose from, so that a value often comes back, and days are few, so that
neighbours are often loaded, corrected and removed around one another.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from randomuser_assets_tests.marts.core import Day, Row

FIRST = date(2024, 2, 25)  # 29 February is among the days
BIRTHS = (
    datetime(2000, 2, 29, 23, 59, 59),  # noqa: DTZ001  the warehouse keeps UTC without saying so
    datetime(1990, 2, 28),  # noqa: DTZ001  as above
    datetime(1990, 3, 1, 0, 0, 1),  # noqa: DTZ001  as above
    datetime(1923, 2, 27, 12),  # noqa: DTZ001  as above
    datetime(2024, 2, 20),  # noqa: DTZ001  as above
)
TEXTS = ("", "a", "A", "null", "é\t😀\n", '"a"')
OFFSETS = ("-3:30", "0:00", "+5:45")
OTHERS: tuple[tuple[float, str, str, tuple[object, ...]], ...] = (
    (0.1, "users", "first_name", TEXTS),
    (0.1, "users", "title", TEXTS),
    (0.03, "users", "born_at", BIRTHS),
    (0.05, "users", "nationality", ("NO",)),
    (0.1, "logins", "username", TEXTS),
    (0.1, "identity_documents", "document_name", TEXTS),
    (0.05, "identity_documents", "value_hmac", ("w",)),
    (0.1, "locations", "timezone_offset", OFFSETS),
    (0.05, "locations", "latitude", (Decimal("0.0000"), Decimal("-0.0001"))),
)
"""How likely which column of a person says something else on a day."""
TABLES = ("users", "logins", "locations", "identity_documents")


def day_number(number: int) -> date:
    return FIRST + timedelta(days=number)


def somebody(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128)))


def no_people() -> Day:
    return {
        "users": [],
        "logins": [],
        "locations": [],
        "identity_documents": [],
        "pictures": [],
        "timezones": [],
        "countries": [],
    }


def drawn_day(random: Random, people: list[str], *, twice: float = 0.03) -> Day:
    """Draw a day: some of the people, most as they always are."""
    day = no_people()
    chance = random.choice((0.4, 0.8, 0.95))
    for person in people:
        if random.random() < chance:
            tell(random, day, person)
            while random.random() < twice:
                tell(random, day, person, only=random.choice(TABLES))
    lookups(day)
    return day


def tell(random: Random, day: Day, person: str, *, only: str | None = None) -> None:
    """Draw what a day says of a person."""
    rows: dict[str, Row] = {
        "users": user(person, born_at=BIRTHS[UUID(person).int % len(BIRTHS)]),
        "logins": login(person),
        "locations": place(person),
        "identity_documents": document(person),
    }
    for chance, table, column, values in OTHERS:
        if random.random() < chance:
            rows[table][column] = random.choice(values)
    for table in ("logins", "locations", "identity_documents"):
        if random.random() < 0.05:
            del rows[table]
    for table, row in rows.items():
        if only in (None, table):
            day[table].append(row)


def lookups(day: Day) -> None:
    """Add what the rows of people refer to."""
    day["timezones"] = [
        {"timezone_offset": offset, "description": f"at {offset}"}
        for offset in sorted({row["timezone_offset"] for row in day["locations"]})
    ]
    day["countries"] = [
        {"country_code": code, "country_name": f"Land of {code}"}
        for code in sorted({row["nationality"] for row in day["users"]})
    ]


def user(person: str, **other: object) -> Row:
    return {
        "user_id": person,
        "gender": "female",
        "title": "Ms",
        "first_name": "Ida",
        "last_name": "Lie",
        "email": "ida@example.com",
        "phone": "1",
        "cell": "2",
        "born_at": BIRTHS[0],
        "registered_at": datetime(2024, 2, 28, 23, 59, 59),  # noqa: DTZ001  as above
        "nationality": "DK",
        "picture_id": "women/1",
        **other,
    }


def login(person: str, **other: object) -> Row:
    return {"user_id": person, "username": "ida", "password_hmac": "p", **other}


def document(person: str, **other: object) -> Row:
    return {"user_id": person, "document_name": "CPR", "value_hmac": "v", **other}


def place(person: str, **other: object) -> Row:
    return {
        "user_id": person,
        "street_number": 1,
        "street_name": "Vej",
        "city": "Ry",
        "state": "Midt",
        "postcode": "0800",
        "latitude": Decimal("1.5000"),
        "longitude": Decimal("-1.5000"),
        "timezone_offset": "+5:45",
        **other,
    }
