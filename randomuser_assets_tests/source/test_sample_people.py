"""The stand-in's people have the API's shapes, and are as awkward as real ones.

Here belongs what is in a person, and how it moves with the time of the call. Not here: requests
and connections (`test_sample`).
"""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from randomuser_assets.source.sample.people import people
from randomuser_assets.source.sample.request import answer, understood
from randomuser_assets.source.sample.words import NATIONALITIES, TIMEZONES

Record = dict[str, Any]

START = datetime(2026, 3, 1, tzinfo=UTC)

LEAVES = [
    "gender",
    "name.title",
    "name.first",
    "name.last",
    "location.street.number",
    "location.street.name",
    "location.city",
    "location.state",
    "location.country",
    "location.postcode",
    "location.coordinates.latitude",
    "location.coordinates.longitude",
    "location.timezone.offset",
    "location.timezone.description",
    "email",
    "login.uuid",
    "login.username",
    "login.password",
    "login.salt",
    "login.md5",
    "login.sha1",
    "login.sha256",
    "dob.date",
    "dob.age",
    "registered.date",
    "registered.age",
    "phone",
    "cell",
    "id.name",
    "id.value",
    "picture.large",
    "picture.medium",
    "picture.thumbnail",
    "nat",
]


@pytest.fixture(scope="module")
def crowd() -> list[Record]:
    """One full page: enough people for every trap to be among them."""
    return page_at(START)


def leaves(record: Record, prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in record.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


# A record


def test_every_record_has_all_leaves_in_order(crowd: list[Record]) -> None:
    for record in crowd:
        assert [path for path, _ in leaves(record)] == LEAVES


def test_types_are_those_on_the_wire(crowd: list[Record]) -> None:
    numbers = {"location.street.number", "dob.age", "registered.age"}
    with_text_postcodes = {"CA", "GB", "NO"}
    for record in crowd:
        for path, value in leaves(record):
            if path == "location.postcode":
                expected: type = str if record["nat"] in with_text_postcodes else int
            elif path == "id.value" and record["id"]["name"] == "":
                expected = type(None)
            else:
                expected = int if path in numbers else str
            assert type(value) is expected, (path, value)
        assert 1 <= record["location"]["street"]["number"] <= 9999


def test_texts_have_the_shapes_of_the_api(crowd: list[Record]) -> None:
    instant = r"[12]\d{3}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z"
    degrees = r"-?(0|[1-9]\d{0,2})\.\d{4}"
    portrait = r"https://randomuser\.me/api/portraits/(med/|thumb/)?(men/\d\d?|women/\d\d?)\.jpg"
    shapes = {
        "email": r"[a-z0-9]+\.[a-z0-9]+@example\.com",
        "dob.date": instant,
        "registered.date": instant,
        "location.coordinates.latitude": degrees,
        "location.coordinates.longitude": degrees,
        "login.username": r"[a-z]+\d{3}",
        "login.salt": "[A-Za-z0-9]{8}",
        "picture.large": portrait,
        "picture.medium": portrait,
        "picture.thumbnail": portrait,
    }
    for record in crowd:
        found = dict(leaves(record))
        for path, shape in shapes.items():
            assert re.fullmatch(shape, str(found[path])), (path, found[path])
        assert abs(float(record["location"]["coordinates"]["latitude"])) <= 90
        assert abs(float(record["location"]["coordinates"]["longitude"])) <= 180


def test_uuids_are_version_four_and_unique(crowd: list[Record]) -> None:
    uuids = [record["login"]["uuid"] for record in crowd]
    assert len(set(uuids)) == len(crowd)
    for uuid in uuids:
        assert (UUID(uuid).version, str(UUID(uuid))) == (4, uuid)


def test_hashes_are_of_password_and_salt(crowd: list[Record]) -> None:
    for login in (record["login"] for record in crowd):
        secret = (login["password"] + login["salt"]).encode()
        for name in ("md5", "sha1", "sha256"):
            assert login[name] == hashlib.new(name, secret, usedforsecurity=False).hexdigest()


def test_lookups_are_complete_and_consistent(crowd: list[Record]) -> None:
    zones = {tuple(record["location"]["timezone"].values()) for record in crowd}
    assert zones == set(TIMEZONES)
    assert len(zones) == 30
    assert len({record["picture"]["large"] for record in crowd}) == 197
    countries = {(record["nat"], record["location"]["country"]) for record in crowd}
    assert len(countries) == 21
    assert sorted(nat for nat, _ in countries) == sorted(NATIONALITIES)
    for record in crowd:
        folder = "women" if record["gender"] == "female" else "men"
        assert f"/portraits/{folder}/" in record["picture"]["large"]


def test_titles_go_with_gender_and_nation(crowd: list[Record]) -> None:
    titles = {(r["gender"], r["nat"] == "CH", r["name"]["title"]) for r in crowd}
    assert titles == {
        ("male", False, "Mr"),
        *(("female", False, title) for title in ("Miss", "Mrs", "Ms")),
        ("male", True, "Monsieur"),
        *(("female", True, title) for title in ("Madame", "Mademoiselle")),
    }


def test_dates_lie_where_the_api_has_them(crowd: list[Record]) -> None:
    born = [record["dob"]["date"] for record in crowd]
    assert {text[:4] for text in born} == {str(year) for year in range(1944, 2002)}
    assert any(text[5:10] == "02-29" for text in born)
    for record in crowd:
        instants = [datetime.fromisoformat(record[key]["date"]) for key in ("dob", "registered")]
        assert instants[0] < instants[1]


# What breaks careless code


def test_some_things_repeat_that_look_like_keys(crowd: list[Record]) -> None:
    def repeated(values: list[object]) -> int:
        return len(values) - len(set(values))

    assert 200 <= repeated([record["email"] for record in crowd]) <= 350
    assert 10 <= repeated([record["login"]["username"] for record in crowd]) <= 60
    documents = [record["id"]["value"] for record in crowd if record["nat"] == "FI"]
    assert repeated(documents) > 0


def test_documents_are_as_broken_as_the_real_ones(crowd: list[Record]) -> None:
    by_nation: dict[str, list[Record]] = {nat: [] for nat in NATIONALITIES}
    for record in crowd:
        by_nation[record["nat"]].append(record)
    for nat in ("IR", "NZ", "TR", "UA"):
        assert all(r["id"] == {"name": "", "value": None} for r in by_nation[nat])
    shapes = {
        "AU": r"\d{9}",
        "BR": r"\d{3}\.\d{3}\.\d{3}-\d\d",
        "DE": r"\d\d \d{6} \w \d{3}",
        "DK": r"\d{6,7}-\d{4}",
        "FI": r"NaNNA\d{3}undefined",
        "FR": r"[12]\d{12} \d\d",
        "GB": r"[A-Z]{2} \d\d \d\d \d\d [A-Z]",
        "IN": r"\d{12}",
        "NL": r"\d{8}",
        "NO": r"\d{11}",
        "US": r"\d{3}-\d\d-\d{4}",
    }
    for nat, shape in shapes.items():
        assert all(re.fullmatch(shape, record["id"]["value"]) for record in by_nation[nat])
    for record in by_nation["NO"]:
        year, month, day = record["dob"]["date"][2:10].split("-")
        assert record["id"]["value"].startswith(day + month + year)


TRAPS = {
    "a blank behind a street": ("location.street.name", "BR|RS", r".* "),
    "a blank before a city": ("location.city", "NL", r" .*"),
    "two blanks in a row": ("location.city", "MX", r".*\S  \S.*"),
    "doubled quotation marks": ("location.city", "MX", r'.*"".+"".*'),
    "a comma": ("location.city", "GB", r".*,.*"),
    "an apostrophe": ("name.last", "IE", r"O'.*"),
    "right-to-left letters": ("name.first", "IR", r"[\u0600-\u06ff\u200c]+"),
    "a zero-width non-joiner": ("name.last", "IR", r".+\u200c.+"),
    "a name for no number": ("name.first", "US|GB|DK", r"Nan"),
    "a surname for no value": ("name.last", "US", r"Null"),
    "a leading zero in a postcode": ("location.postcode", "NO", r"0\d{3}"),
    "a leading zero in a document": ("id.value", "AU", r"0\d{8}"),
    "a leading zero in a phone": ("phone", "AU", r"0\d-.*"),
    "letters in a Canadian phone": ("phone", "CA", r"[A-Z]\d\d [A-Z]\d\d-\d{4}"),
    "letters in an Ukrainian phone": ("cell", "UA", r"\(0\d\d\) [A-Z]\d\d-\d{4}"),
    "an empty password": ("login.password", ".*", r""),
    "a password for nothing": ("login.password", ".*", r"none"),
    "a password for a truth value": ("login.password", ".*", r"true"),
    "a password for a number": ("login.password", ".*", r"infinity"),
    "an entity in a password": ("login.password", ".*", r".*&amp;.*"),
    "a salt like a number": ("login.salt", ".*", r"8063e604"),
    "an offset like a formula": ("location.timezone.offset", ".*", r"\+5:45"),
    "a coordinate like a formula": ("location.coordinates.latitude", ".*", r"-.*"),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_page_holds(trap: str, crowd: list[Record]) -> None:
    path, nations, shape = TRAPS[trap]
    assert any(
        re.fullmatch(shape, str(dict(leaves(record))[path]))
        for record in crowd
        if re.fullmatch(nations, record["nat"])
    )


# Time


def test_only_the_ages_depend_on_the_time() -> None:
    earlier, later = page_at(START), page_at(START.replace(year=START.year + 3))
    for before, after in zip(earlier, later, strict=True):
        for moment in ("dob", "registered"):
            assert after[moment].pop("age") == before[moment].pop("age") + 3
        assert before == after


def test_an_age_changes_at_the_birthday_to_the_millisecond(crowd: list[Record]) -> None:
    position, born = born_on(r"(?!02-29)\d\d-\d\d", crowd)
    birthday = born.replace(year=2026)
    assert age_at(birthday, position) == 2026 - born.year
    assert age_at(birthday - timedelta(milliseconds=1), position) == 2025 - born.year


def test_who_was_born_on_the_29_of_february_waits_for_it_or_for_march(crowd: list[Record]) -> None:
    position, born = born_on("02-29", crowd)
    assert age_at(datetime(2027, 2, 28, 23, 59, 59, 999_000, UTC), position) == 2026 - born.year
    assert age_at(datetime(2027, 3, 1, tzinfo=UTC), position) == 2027 - born.year
    assert age_at(datetime(2028, 2, 29, tzinfo=UTC), position) == 2027 - born.year
    assert age_at(datetime(2028, 3, 1, tzinfo=UTC), position) == 2028 - born.year


@pytest.mark.parametrize(("day", "passed"), [("02-28", True), ("03-01", False)])
def test_on_a_29_of_february_the_days_around_it_are_told_apart(
    day: str, passed: bool, crowd: list[Record]
) -> None:
    position, born = born_on(day, crowd)
    leap_day = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert age_at(leap_day, position) == 2028 - born.year - (not passed)


def born_on(days: str, crowd: list[Record]) -> tuple[int, datetime]:
    """Position and birth of the first of the crowd whose birthday, `month-day`, matches."""
    births = [record["dob"]["date"] for record in crowd]
    position = next(at for at, text in enumerate(births) if re.fullmatch(days, text[5:10]))
    return position, datetime.fromisoformat(births[position])


def age_at(now: datetime, position: int) -> int:
    """The age that this one of the crowd is told to have at another time."""
    age: int = json.loads(people("crowd", 1, position + 1, now)[position])["dob"]["age"]
    return age


def page_at(now: datetime) -> list[Record]:
    """The people of the crowd, as told at that time."""
    body = answer(understood("seed=crowd&results=5000"), now)
    records: list[Record] = json.loads(body)["results"]
    return records
