"""A day of 400 records, of which 40 are broken in ten ways: told, kept apart, and not sent on.

It is fetched whole, fetched again broken, and made again with other thresholds.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from randomuser_assets_tests.export.rfc4180 import parse
from randomuser_assets_tests.graph import expectation
from randomuser_assets_tests.graph.contract_api import Asked, ContractApi, contract_api
from randomuser_assets_tests.graph.expectation import CORE, Place
from randomuser_assets_tests.graph.site import KEY, opened_site
from randomuser_assets_tests.graph.stage import Stage, stage_after
from randomuser_assets_tests.graph.trapped_people import Record, TrappedPeople, written
from randomuser_assets_tests.graph.verdicts import evaluated, failed

pytestmark = pytest.mark.long

DAY = "2026-01-05"
RECORDS, BROKEN = 400, 40
FEW = ("rejected_users", "few_records_are_rejected")
NO_DAY = "2001-02-30T00:00:00.000Z"


@dataclass(frozen=True)
class Way:
    """A way to break a record, and the reasons for which it is rejected."""

    breaking: Callable[[Record], Any]
    reasons: list[str]


def putting(value: object, *path: str) -> Callable[[Record], None]:
    """Put a value into a record."""

    def put(record: Record) -> None:
        for name in path[:-1]:
            record = record[name]
        record[path[-1]] = value

    return put


NOT_DERIVED = (
    "picture_id: cannot be derived from picture_large, 'women/7' does not end like …/women/88.jpg"
)
WAYS = {
    "an object is missing": Way(
        lambda record: record["location"].pop("street"),
        [
            "location_street_number: is missing or null",
            "location_street_name: is missing or null",
        ],
    ),
    "a whole object is null": Way(
        putting(None, "dob"),
        ["dob_date: is missing or null", "dob_age: is missing or null"],
    ),
    "a text for a number": Way(
        putting("many", "registered", "age"), ["registered_age: 'many' is not a whole number"]
    ),
    "an object for a text": Way(
        putting({"area": 1}, "phone"), ["phone: a private value is not a text"]
    ),
    "a day that does not exist": Way(
        putting(NO_DAY, "dob", "date"),
        [f"dob_date: '{NO_DAY}' is not a UTC date and time like 2007-07-09T05:51:59.390Z"],
    ),
    "registered before born": Way(putting("1943-01-01T00:00:00.000Z", "registered", "date"), []),
    "no key": Way(putting(None, "login", "uuid"), ["login_uuid: is missing or null"]),
    "too far north": Way(
        putting("90.0001", "location", "coordinates", "latitude"),
        ["location_coordinates_latitude: '90.0001' is not between -90 and 90"],
    ),
    "too far east": Way(
        putting("180.5000", "location", "coordinates", "longitude"),
        ["location_coordinates_longitude: '180.5000' is not between -180 and 180"],
    ),
    "in several ways at once": Way(
        lambda record: (
            putting("none", "gender")(record),
            putting("atlantis", "location", "timezone", "offset")(record),
            putting("women/7", "picture", "large")(record),
        ),
        [
            "gender: 'none' is not male or female",
            "location_timezone_offset: 'atlantis' is not an offset like +5:45",
            "picture_large: 'women/7' is not an address that begins with http",
            NOT_DERIVED,
        ],
    ),
}


def way_of(position: int) -> str | None:
    """Say in which way the record at a position is broken: each tenth, in turn."""
    return list(WAYS)[position // 10 % len(WAYS)] if position % 10 == 3 else None


@dataclass
class People(TrappedPeople):
    """People, some of whom may be broken."""

    broken: bool = False
    good: dict[int, Record] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> list[str]:
        """Give a page's records."""
        texts = []
        for position in range(1, asked.results + 1):
            record = self.good[position] = self.record(asked.seed, asked.page, position)
            way = way_of(position)
            if self.broken and way:
                record = copy.deepcopy(record)
                WAYS[way].breaking(record)
            texts.append(written(record, position))
        return texts


@dataclass(frozen=True)
class Days:
    """What was there after each of the three runs, and what had been asked for by then."""

    whole: Stage
    bad: Stage
    tolerated: Stage
    people: People
    asked: list[int]


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    people = People(today=date(2026, 1, 6))
    folder = tmp_path_factory.mktemp("bad") / "data"
    asked: list[int] = []

    def after(result: Any, api: ContractApi) -> Stage:
        asked.append(len(api.asked))
        return stage_after(result, site)

    with (
        contract_api(people) as api,
        opened_site(api.base_url, folder, users_per_day=RECORDS) as site,
    ):
        whole = after(site.run(DAY), api)
        people.broken = True
        bad = after(site.run(DAY), api)
        raised = site.settings.model_copy(update={"rejected_warn": 0.1, "rejected_error": 0.2})
        again = replace(site, settings=raised).materialize("flattened_users*", DAY)
        yield Days(whole, bad, after(again, api), people, asked)


def good(days: Days) -> list[dict[str, Any]]:
    """Give the expected rows of flattened_users."""
    return [
        expectation.flattened(Place(date.fromisoformat(DAY), DAY, 1, at), record, KEY.encode())
        for at, record in days.people.good.items()
        if not way_of(at)
    ]


def test_a_whole_day_arrives_whole(days: Days) -> None:
    assert days.whole.result.success
    assert len(days.whole.rows("core.users", DAY)) == RECORDS
    assert days.whole.rows("staging.rejected_users", DAY) == []


def test_exactly_the_broken_records_are_rejected(days: Days) -> None:
    rows = days.bad.rows("staging.rejected_users", DAY)
    assert [row["position"] for row in rows] == [at for at in range(1, RECORDS + 1) if way_of(at)]
    assert len(rows) == BROKEN


@pytest.mark.parametrize("way", WAYS)
def test_each_way_is_told_in_its_own_words(days: Days, way: str) -> None:
    rows = days.bad.rows("staging.rejected_users", DAY)
    found = [row for row in rows if way_of(row["position"]) == way]
    assert len(found) == BROKEN / len(WAYS)
    for row in found:
        born = days.people.good[row["position"]]["dob"]["date"]
        before = f"registered_date: '1943-01-01T00:00:00.000Z' is before dob_date '{born}'"
        assert row["reasons"] == (WAYS[way].reasons or [before])


def test_all_others_are_everywhere_else(days: Days) -> None:
    readable = good(days)
    assert len(readable) == RECORDS - BROKEN
    assert days.bad.rows("staging.flattened_users", DAY) == readable
    for table, rows in expectation.core(readable).items():
        assert [tuple(row.values()) for row in days.bad.rows(f"core.{table}", DAY)] == rows


def test_too_many_rejected_records_stop_the_files_and_leave_those_that_were_there(
    days: Days,
) -> None:
    assert not days.bad.result.success
    assert days.bad.files == days.whole.files
    assert set(days.bad.files) == {f"{DAY}/{DAY}_{table}.csv" for table in CORE}


def test_the_check_says_why_the_files_stopped(days: Days) -> None:
    evaluation = evaluated(days.bad.result)[FEW]
    told = {name: value.value for name, value in evaluation.metadata.items()}
    assert evaluation.severity.value == "ERROR"
    assert told == {
        "days": DAY,
        "failing_days": DAY,
        "records": RECORDS,
        "rejected_users": BROKEN,
    }
    assert f"rejected_users {BROKEN}" in str(evaluation.description)
    assert "materialise the day again from flattened_users on" in str(evaluation.description)


def test_what_is_rejected_fails_no_other_check_than_what_is_odd_about_its_shape(
    days: Days,
) -> None:
    drift = {("raw_users", "no_key_vanished"), ("raw_users", "no_json_type_changed")}
    assert failed(days.bad.result) == {FEW} | drift


def test_with_other_thresholds_the_files_have_all_others(days: Days) -> None:
    assert days.tolerated.result.success
    assert failed(days.tolerated.result) == set()
    assert days.tolerated.tables == days.bad.tables
    for table, rows in expectation.core(good(days)).items():
        header, *records = parse(days.tolerated.files[f"{DAY}/{DAY}_{table}.csv"])
        assert header == ["snapshot_date", *CORE[table].split()]
        assert records == [expectation.csv_fields(table, row) for row in rows]


def test_making_a_day_again_from_its_records_asks_for_nothing(days: Days) -> None:
    assert days.asked == [1, 2, 2]
