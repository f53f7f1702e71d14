"""What must become of a record, computed in plain Python: no SQL, nothing of the project.

Names and orders of tables and columns are written out here a second time on purpose.
"""

import hmac
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from randomuser_assets_tests.graph.trapped_people import Record

Row = tuple[Any, ...]

DROPPED = {"salt", "md5", "sha1", "sha256"}
HASHED = {("login", "password"), ("id", "value")}
INTEGERS = {"location_street_number", "dob_age", "registered_age"}
DEGREES = {"location_coordinates_latitude", "location_coordinates_longitude"}
INSTANTS = {"dob_date", "registered_date"}

CORE = {
    "users": (
        "user_id gender title first_name last_name email phone cell born_at registered_at "
        "nationality picture_id"
    ),
    "logins": "user_id username password_hmac",
    "locations": (
        "user_id street_number street_name city state postcode latitude longitude timezone_offset"
    ),
    "identity_documents": "user_id document_name value_hmac",
    "pictures": "picture_id large_url medium_url thumbnail_url",
    "timezones": "timezone_offset description",
    "countries": "country_code country_name",
}
"""The core tables and their columns after snapshot_date, the key first."""

NOT_TEXT_OR_KEY = {
    *("snapshot_date", "user_id", "nationality", "picture_id", "timezone_offset", "country_code"),
    *("born_at", "registered_at", "street_number", "latitude", "longitude"),
}


@dataclass(frozen=True)
class Place:
    """Where a record stands: the first columns of the tables that hold records."""

    day: date
    seed: str
    page: int
    position: int

    @property
    def values(self) -> Row:
        """The values of these columns."""
        return (self.day, self.seed, self.page, self.position)


def keyed_hash(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def protected(record: Record, key: bytes) -> Record:
    """Give what is stored of a record, its members in the order in which they came."""
    stored: Record = {}
    for name, value in record.items():
        stored[name] = value
        if name in {"login", "id"}:
            stored[name] = {}
            for inner, text in value.items():
                if (name, inner) in HASHED:
                    stored[name][f"{inner}_hmac"] = None if text is None else keyed_hash(key, text)
                elif inner not in DROPPED:
                    stored[name][inner] = text
    return stored


def flattened(place: Place, record: Record, key: bytes) -> dict[str, Any]:
    """Give the row of flattened_users, by column."""
    row = dict(zip(("snapshot_date", "seed", "page", "position"), place.values, strict=True))
    for path, value in _leaves(protected(record, key)):
        row["_".join(path)] = _typed("_".join(path), value)
    return row


def core(flat: Iterable[dict[str, Any]]) -> dict[str, list[Row]]:
    """Give the rows of every core table, ordered by key."""
    rows: dict[str, set[Row]] = {table: set() for table in CORE}
    for person in flat:
        for table, row in _core_rows(person):
            rows[table].add((person["snapshot_date"], *row))
    return {table: sorted(found, key=lambda row: (row[0], str(row[1]))) for table, found in
            rows.items()}  # fmt: skip


def csv_fields(table: str, row: Row) -> list[str | None]:
    """Give a core row as the fields of its line, quotes apart."""
    names = ("snapshot_date", *CORE[table].split())
    return [
        _harmless(text) if text is not None and name not in NOT_TEXT_OR_KEY else text
        for name, text in zip(names, map(_written, row), strict=True)
    ]


def restored(field: str | None) -> str | None:
    """Undo what a CSV file does to texts that look like formulas."""
    return field[1:] if field and field[0] == "'" else field


def _leaves(record: Record, path: tuple[str, ...] = ()) -> Iterable[tuple[tuple[str, ...], Any]]:
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, name))
        else:
            yield (*path, name), value


def _typed(column: str, value: Any) -> Any:
    if column in INTEGERS or value is None:
        return value
    if column in DEGREES:
        return Decimal(value)
    if column in INSTANTS:
        return datetime.fromisoformat(value).replace(tzinfo=None)
    return uuid.UUID(value) if column == "login_uuid" else str(value)


def _core_rows(person: dict[str, Any]) -> Iterable[tuple[str, Row]]:
    def take(columns: str) -> Row:
        return tuple(person[column] for column in columns.split())

    user = person["login_uuid"]
    picture = person["picture_large"].removesuffix(".jpg").split("portraits/")[1]
    offset = person["location_timezone_offset"]
    yield (
        "users",
        (
            user,
            *take("gender name_title name_first name_last email phone cell"),
            *take("dob_date registered_date nat"),
            picture,
        ),
    )
    yield "logins", (user, *take("login_username login_password_hmac"))
    yield (
        "locations",
        (
            user,
            *take("location_street_number location_street_name location_city location_state"),
            *take("location_postcode location_coordinates_latitude"),
            *take("location_coordinates_longitude"),
            offset,
        ),
    )
    if person["id_value_hmac"] is not None:
        yield "identity_documents", (user, *take("id_name id_value_hmac"))
    yield "pictures", (picture, *take("picture_large picture_medium picture_thumbnail"))
    yield "timezones", (offset, *take("location_timezone_description"))
    yield "countries", take("nat location_country")


def _written(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03}Z"
    return None if value is None else str(value)


def _harmless(text: str) -> str:
    signed_number = re.fullmatch("[+-][0-9 .:()/-]*", text)
    risky = text[:1] in {"=", "@", "\t", "\r", "'"} or (
        text[:1] in {"+", "-"} and not signed_number
    )
    return "'" + text if text and risky else text
