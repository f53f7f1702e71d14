"""References are met on their own day, both ways, and no key is lost on the way to its table."""

from typing import Any
from uuid import UUID

import pytest

from randomuser_assets.model import MODEL
from randomuser_assets.query.days import Days
from randomuser_assets_tests.graph.asking import Desk, bad_days, day, days

ZONE_OF_PLACE = ("locations", "timezone_offset_is_in_timezones")
PLACE_OF_ZONE = ("timezones", "timezone_offset_is_in_locations")
EVERY_WAY: list[Days] = [None, days(1), days(1, 2)]
"""One day, days, and everything: the same must be found."""


def person(number: int) -> str:
    return str(UUID(int=number))


def zones(desk: Desk, *offsets: str | None, on: int = 1) -> None:
    desk.put("timezones", *({"timezone_offset": o} for o in offsets), snapshot_date=day(on))


def places(desk: Desk, *offsets: str | None, on: int = 1) -> None:
    desk.put("locations", *({"timezone_offset": o} for o in offsets), snapshot_date=day(on))


def people(desk: Desk, table: str, *numbers: int, on: int = 1, **more: Any) -> None:
    key = "login_uuid" if table == "flattened_users" else "user_id"
    desk.put(table, *({key: person(n)} for n in numbers), snapshot_date=day(on), **more)


# References


@pytest.mark.parametrize("asked", EVERY_WAY)
def test_references_that_meet_both_ways_are_right(desk: Desk, asked: Days) -> None:
    zones(desk, "0:00", "+1:00")
    places(desk, "0:00", "+1:00", "+1:00")
    for check in (ZONE_OF_PLACE, PLACE_OF_ZONE):
        assert desk.ask(*check, days=asked).passed


@pytest.mark.parametrize("asked", EVERY_WAY)
def test_what_refers_to_nothing_is_counted_with_its_rows(desk: Desk, asked: Days) -> None:
    zones(desk, "0:00")
    places(desk, "0:00", "+1:00", "+1:00", "+2:00")
    verdict = desk.ask(*ZONE_OF_PLACE, days=asked)
    assert bad_days(verdict) == {day(1): "ERROR"}
    assert verdict.by_day[day(1)] == {"unmet_values": 2, "rows_affected": 3}
    assert desk.ask(*PLACE_OF_ZONE, days=asked).passed


@pytest.mark.parametrize("asked", EVERY_WAY)
def test_what_nothing_refers_to_is_counted_at_the_other_end(desk: Desk, asked: Days) -> None:
    zones(desk, "0:00", "+1:00", "+2:00", "+2:00")
    places(desk, "0:00")
    verdict = desk.ask(*PLACE_OF_ZONE, days=asked)
    assert bad_days(verdict) == {day(1): "ERROR"}
    assert verdict.by_day[day(1)] == {"unmet_values": 2, "rows_affected": 3}
    assert desk.ask(*ZONE_OF_PLACE, days=asked).passed


def test_as_many_that_are_not_the_same_do_not_meet(desk: Desk) -> None:
    zones(desk, "0:00", "+1:00")
    places(desk, "0:00", "+2:00")
    for check in (ZONE_OF_PLACE, PLACE_OF_ZONE):
        assert desk.ask(*check, days=days(1)).by_day[day(1)]["unmet_values"] == 1


def test_a_reference_is_not_met_on_another_day(desk: Desk) -> None:
    zones(desk, "0:00", on=1)
    zones(desk, "+1:00", on=2)
    places(desk, "+1:00", on=1)
    places(desk, "0:00", on=2)
    for check in (ZONE_OF_PLACE, PLACE_OF_ZONE):
        for asked in (None, days(1, 2)):
            assert set(bad_days(desk.ask(*check, days=asked))) == {day(1), day(2)}


def test_only_the_days_that_are_asked_about_are_told(desk: Desk) -> None:
    for number in (1, 2, 3):
        zones(desk, "0:00", on=number)
        places(desk, "+1:00" if number == 2 else "0:00", on=number)
        desk.put("raw_users", snapshot_date=day(number))
    assert set(bad_days(desk.ask(*ZONE_OF_PLACE, days=days(1, 3)))) == {day(2)}
    assert desk.ask(*ZONE_OF_PLACE, days=days(3)).passed
    assert list(desk.ask(*ZONE_OF_PLACE, days=days(1, 3)).by_day) == [day(1), day(2), day(3)]


def test_nothing_refers_to_nothing(desk: Desk) -> None:
    """A null is for the check of required values to tell."""
    zones(desk, "0:00", None)
    places(desk, "0:00", None, None)
    for check in (ZONE_OF_PLACE, PLACE_OF_ZONE):
        assert desk.ask(*check, days=days(1)).passed


@pytest.mark.parametrize("table", ["logins", "locations"])
def test_a_user_needs_a_row_of_what_every_person_has(desk: Desk, table: str) -> None:
    people(desk, "users", 1, 2, 3)
    people(desk, table, 1, 2)
    verdict = desk.ask("users", f"user_id_is_in_{table}", days=days(1))
    assert verdict.by_day[day(1)] == {"unmet_values": 1, "rows_affected": 1}
    assert desk.ask(table, "user_id_is_in_users", days=days(1)).passed


def test_a_user_needs_no_document(desk: Desk) -> None:
    people(desk, "users", 1, 2, 3)
    people(desk, "identity_documents", 1)
    assert desk.ask("identity_documents", "user_id_is_in_users", days=days(1)).passed
    people(desk, "identity_documents", 4)
    assert not desk.ask("identity_documents", "user_id_is_in_users", days=days(1)).passed


# Nothing is lost


def of_persons(desk: Desk, asked: Days = None) -> dict[str, dict[str | None, str]]:
    return {
        table.name: bad_days(desk.ask(table.name, "nothing_is_lost", days=asked))
        for table in MODEL.core
        if table["snapshot_date"] and table.own_key == ("user_id",)
    }


DOCUMENT: dict[str, Any] = {"id_value_hmac": "5f"}
NOBODY: dict[str | None, str] = {}
LOST: dict[str | None, str] = {day(1): "ERROR"}


def in_each(desk: Desk, bad: dict[str | None, str]) -> dict[str, dict[str | None, str]]:
    return dict.fromkeys(of_persons(desk), bad)


def test_a_table_with_a_row_for_each_key_lost_nothing(desk: Desk) -> None:
    people(desk, "flattened_users", 1, 2, **DOCUMENT)
    people(desk, "flattened_users", 3)
    for table in ("users", "logins", "locations"):
        people(desk, table, 1, 2, 3)
    people(desk, "identity_documents", 1, 2)
    assert of_persons(desk) == of_persons(desk, days(1)) == in_each(desk, NOBODY)


def test_honest_repeats_are_not_lost(desk: Desk) -> None:
    """Equal rows become one: twice in flattened_users, once in what is made of it."""
    people(desk, "flattened_users", 1, 1, 2, **DOCUMENT)
    for table in of_persons(desk):
        people(desk, table, 1, 2)
    assert of_persons(desk, days(1)) == in_each(desk, NOBODY)


def test_two_people_with_one_uuid_lost_nothing(desk: Desk) -> None:
    """That a key repeats has a check of its own; one table must not say other than another."""
    people(desk, "flattened_users", 1, 1, 2, **DOCUMENT)
    for table in of_persons(desk):
        people(desk, table, 1, 1, 2)
    assert of_persons(desk, days(1)) == in_each(desk, NOBODY)


@pytest.mark.parametrize("asked", EVERY_WAY)
def test_a_key_without_its_row_is_lost(desk: Desk, asked: Days) -> None:
    people(desk, "flattened_users", 1, 2, 3, **DOCUMENT)
    for table in of_persons(desk):
        people(desk, table, 1, 3)
    assert of_persons(desk, asked) == in_each(desk, LOST)
    figures = desk.ask("logins", "nothing_is_lost", days=asked).by_day[day(1)]
    assert figures == {"lost": 1, "from_nowhere": 0}


def test_a_key_that_was_replaced_by_another_is_lost(desk: Desk) -> None:
    people(desk, "flattened_users", 1, 2, 3, **DOCUMENT)
    for table in of_persons(desk):
        people(desk, table, 1, 2, 4)
    assert of_persons(desk, days(1)) == in_each(desk, LOST)


def test_a_whole_table_that_is_empty_lost_everything(desk: Desk) -> None:
    people(desk, "flattened_users", 1, 2, **DOCUMENT)
    assert of_persons(desk, days(1)) == in_each(desk, LOST)


def test_a_portrait_is_expected_for_each_address_of_one(desk: Desk) -> None:
    address = "https://randomuser.me/api/portraits/{}.jpg"
    for portrait in ("men/1", "men/1", "women/2"):
        desk.put("flattened_users", picture_large=address.format(portrait), snapshot_date=day(1))
    desk.put("pictures", {"picture_id": "men/1"}, snapshot_date=day(1))
    verdict = desk.ask("pictures", "nothing_is_lost", days=days(1))
    assert verdict.by_day == {day(1): {"lost": 1, "from_nowhere": 0}}
    assert bad_days(verdict) == {day(1): "ERROR"}
    desk.put("pictures", {"picture_id": "women/2"}, snapshot_date=day(1))
    assert desk.ask("pictures", "nothing_is_lost", days=days(1)).passed
