"""What the marts have to be, walked day by day: slow, and nothing in it is taken from the SQL."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import product
from typing import Any

from randomuser_assets_tests.marts.core import Day, Row

PLACE = (
    "street_number",
    "street_name",
    "city",
    "state",
    "postcode",
    "latitude",
    "longitude",
    "timezone_offset",
)
PERSON = (
    "gender",
    "title",
    "first_name",
    "last_name",
    "email",
    "phone",
    "cell",
    "born_at",
    "registered_at",
    "nationality",
    "picture_id",
)
ATTRIBUTES = ("location_key", *PERSON, "username", "document_name", "document_value_hmac")

Telling = dict[str, Any]
"""What a day says of a person: a value for each attribute."""


@dataclass(frozen=True)
class Version:
    """A row of dim_user."""

    user_id: str
    valid_from: date
    valid_to: date | None
    telling: Telling
    changed: frozenset[str]

    @property
    def user_key(self) -> str:
        """The key of the version."""
        return key_of(self.user_id, self.valid_from)


def key_of(*values: object) -> str:
    """Give the stable key of what it is made of."""
    texts = [None if value is None else str(value) for value in values]
    told = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.md5(told.encode(), usedforsecurity=False).hexdigest()


def history(days: Mapping[date, Day], *, snapshots: bool) -> list[Version]:
    """Give the versions of everybody."""
    told = {day: _tellings(people) for day, people in days.items()}
    if not snapshots:  # a day without people says nothing, then
        told = {day: people for day, people in told.items() if people}
    everybody = {person for people in told.values() for person in people}
    return [
        version
        for person in sorted(everybody)
        for version in _walked(person, told, snapshots=snapshots)
    ]


def _walked(
    person: str, told: Mapping[date, dict[str, Telling]], *, snapshots: bool
) -> list[Version]:
    versions: list[Version] = []
    for day in sorted(told):
        last = versions[-1] if versions else None
        is_there = last is not None and last.valid_to is None
        telling = told[day].get(person)
        if telling is None:
            if last is not None and is_there and snapshots:
                versions[-1] = replace(last, valid_to=day)
            continue
        if last is not None and is_there:
            if last.telling == telling:
                continue
            versions[-1] = replace(last, valid_to=day)
        changed = {name for name in ATTRIBUTES if last and last.telling[name] != telling[name]}
        versions.append(Version(person, day, None, telling, frozenset(changed)))
    return versions


def _tellings(people: Day) -> dict[str, Telling]:
    """Give what counts of each person: the first in order, should a day tell of one twice."""
    return {
        person: min(_combined(people, person), key=_order)
        for person in {row["user_id"] for row in people["users"]}
    }


def _combined(people: Day, person: str) -> Iterator[Telling]:
    def rows(table: str) -> list[Row | None]:
        found: list[Row | None] = [row for row in people[table] if row["user_id"] == person]
        return found or [None]

    tables = (rows("users"), rows("logins"), rows("identity_documents"), rows("locations"))
    for user, login, document, place in product(*tables):
        assert user is not None
        yield {
            "location_key": key_of(*(place[name] for name in PLACE)) if place else None,
            **{name: user[name] for name in PERSON},
            "username": login["username"] if login else None,
            "document_name": document["document_name"] if document else None,
            "document_value_hmac": document["value_hmac"] if document else None,
        }


def _order(telling: Telling) -> list[tuple[bool, str]]:
    return [(telling[name] is None, str(telling[name])) for name in ATTRIBUTES]


def age_on(born: datetime, day: date) -> int:
    """Count birthdays: who is born on 29 February has one on 1 March when there is no such day."""
    birthdays = 0
    for year in range(born.year + 1, day.year + 1):
        try:
            birthday = date(year, born.month, born.day)
        except ValueError:
            birthday = date(year, 3, 1)
        birthdays += birthday <= day
    return birthdays


def age_group_from(age: int) -> int:
    """Give the lowest age of the group."""
    return 100 if age >= 100 else age - age % 10


def seen(days: Mapping[date, Day]) -> set[tuple[date, str]]:
    """Give who was there when."""
    return {(day, row["user_id"]) for day, people in days.items() for row in people["users"]}


def covering(versions: list[Version], person: str, day: date) -> Version:
    """Give the one version that covers a person's day."""
    (version,) = (
        version
        for version in versions
        if version.user_id == person
        and version.valid_from <= day
        and (version.valid_to is None or day < version.valid_to)
    )
    return version
