"""What never changes is compared with the last day before that had it, and told once."""

from typing import Any

import pytest

from randomuser_assets_tests.graph.asking import Desk, bad_days, day, days

ADA, BEN = "7a0eed16-9430-4d68-901f-c0d4c1c3bf00", "0a8b7c6d-1234-4abc-8def-001122334455"
BORN, LATER = "1970-01-01 00:00:00", "1970-01-01 00:00:00.001"


def countries(desk: Desk, names: dict[int, str | None], code: str = "GB") -> None:
    """Give a country a name on each of these days."""
    for number, name in names.items():
        desk.put("countries", country_code=code, country_name=name, snapshot_date=day(number))


def lasting(desk: Desk, table: str = "countries", **how: Any) -> dict[str | None, str]:
    return bad_days(desk.ask(table, "lasting_values_stay", **how))


def test_a_country_that_keeps_its_name_is_right(desk: Desk) -> None:
    countries(desk, dict.fromkeys(range(1, 4), "United Kingdom"))
    countries(desk, dict.fromkeys(range(1, 4), "Norway"), code="NO")
    assert lasting(desk) == lasting(desk, days=days(1, 3)) == lasting(desk, days=days(3)) == {}


def test_a_renamed_country_is_told_on_the_day_it_changed_and_not_again(desk: Desk) -> None:
    countries(desk, {1: "Swaziland", 2: "Swaziland", 3: "Eswatini", 4: "Eswatini"})
    assert lasting(desk, days=days(3)) == {day(3): "WARN"}
    for quiet in (1, 2, 4):
        assert lasting(desk, days=days(quiet)) == {}
    assert lasting(desk, days=days(1, 4)) == lasting(desk) == {day(3): "WARN"}


def test_a_name_that_changes_back_is_told_both_times(desk: Desk) -> None:
    countries(desk, {1: "Swaziland", 2: "Eswatini", 3: "Swaziland"})
    assert set(lasting(desk)) == {day(2), day(3)}
    assert set(lasting(desk, days=days(3))) == {day(3)}


def test_each_key_that_changed_is_counted_by_the_value_that_did(desk: Desk) -> None:
    for number, title in ((1, "a"), (2, "b")):
        for code in ("GB", "NO", "FR"):
            name = f"{code} {title if code != 'FR' else ''}"
            countries(desk, {number: name}, code=code)
    verdict = desk.ask("countries", "lasting_values_stay", days=days(2))
    assert verdict.by_day == {day(2): {"country_name": 2}}


def test_a_key_is_compared_with_the_last_day_that_had_it(desk: Desk) -> None:
    """Batches hold other people each day: a code may be away for some."""
    countries(desk, {1: "Swaziland", 5: "Eswatini"})
    countries(desk, dict.fromkeys(range(1, 6), "Norway"), code="NO")
    assert lasting(desk, days=days(5)) == {day(5): "WARN"}
    assert lasting(desk) == {day(5): "WARN"}


def test_a_key_that_is_new_has_nothing_to_be_compared_with(desk: Desk) -> None:
    countries(desk, dict.fromkeys(range(1, 4), "Norway"), code="NO")
    countries(desk, {3: "Eswatini"}, code="SZ")
    assert lasting(desk, days=days(3)) == lasting(desk) == {}


def test_only_days_of_the_last_two_weeks_are_compared_with(desk: Desk) -> None:
    countries(desk, {1: "Swaziland", 15: "Eswatini"})
    assert lasting(desk, days=days(15)) == {day(15): "WARN"}
    countries(desk, {1: "Burma", 16: "Myanmar"}, code="MM")
    assert lasting(desk, days=days(16)) == {}
    # At once everything is compared with what was before, however long.
    assert set(lasting(desk)) == {day(15), day(16)}


def test_days_that_come_later_change_nothing(desk: Desk) -> None:
    countries(desk, {1: "Swaziland", 2: "Swaziland", 3: "Eswatini"})
    assert lasting(desk, days=days(1, 2)) == {}


def test_of_the_first_day_nothing_can_be_told(desk: Desk) -> None:
    countries(desk, {1: "Eswatini"})
    assert lasting(desk, days=days(1)) == lasting(desk) == {}


def test_nothing_and_something_are_different_values(desk: Desk) -> None:
    countries(desk, {1: None, 2: "Eswatini", 3: None, 4: None})
    assert set(lasting(desk)) == {day(2), day(3)}


def test_a_key_that_comes_twice_on_its_day_is_not_compared_with_itself(desk: Desk) -> None:
    """A key that repeats has a check of its own."""
    countries(desk, {1: "Swaziland"})
    countries(desk, {1: "Eswatini"})
    assert lasting(desk, days=days(1)) == lasting(desk) == {}


@pytest.mark.parametrize("names", [("Swaziland", "Eswatini"), ("Eswatini", "Swaziland")])
def test_the_order_in_which_rows_stand_makes_no_difference(
    desk: Desk, names: tuple[str, str]
) -> None:
    """Of a key with two values on a day, the day after has one of them: nothing changed."""
    countries(desk, {1: "Swaziland", 3: "Swaziland"})
    for name in names:
        countries(desk, {2: name})
    assert day(3) not in lasting(desk)
    assert lasting(desk, days=days(3)) == {}


def test_an_offset_with_another_description_is_told(desk: Desk) -> None:
    for number, places in ((1, "Kathmandu"), (2, "Kathmandu, Pokhara")):
        zone = {"timezone_offset": "+5:45", "description": places}
        desk.put("timezones", zone, snapshot_date=day(number))
    assert lasting(desk, "timezones", days=days(2)) == {day(2): "WARN"}


@pytest.mark.parametrize("changed", ["large_url", "medium_url", "thumbnail_url"])
def test_a_portrait_at_another_address_is_told(desk: Desk, changed: str) -> None:
    picture = {"picture_id": "men/1", "large_url": "a", "medium_url": "b", "thumbnail_url": "c"}
    desk.put("pictures", picture, snapshot_date=day(1))
    desk.put("pictures", picture | {changed: "d"}, snapshot_date=day(2))
    verdict = desk.ask("pictures", "lasting_values_stay", days=days(2))
    assert bad_days(verdict) == {day(2): "WARN"}
    assert {name for name, number in verdict.by_day[day(2)].items() if number} == {changed}


def test_people_that_change_identity_between_days_are_told(desk: Desk) -> None:
    for number, born, since in (
        (1, BORN, BORN),
        (2, BORN, BORN),
        (3, LATER, BORN),
        (4, BORN, LATER),
    ):
        desk.put(
            "users",
            {"user_id": ADA, "born_at": born, "registered_at": since},
            {"user_id": BEN, "born_at": BORN, "registered_at": BORN},
            snapshot_date=day(number),
        )
    verdict = desk.ask("users", "lasting_values_stay", days=days(1, 4))
    assert bad_days(verdict) == {day(3): "WARN", day(4): "WARN"}
    assert verdict.by_day[day(3)] == {"born_at": 1, "registered_at": 0}
    assert verdict.by_day[day(4)] == {"born_at": 1, "registered_at": 1}


def test_what_may_change_of_a_person_is_not_compared(desk: Desk) -> None:
    for number, surname in ((1, "Lovelace"), (2, "King")):
        who = {"user_id": ADA, "born_at": BORN, "registered_at": BORN, "picture_id": surname}
        desk.put("users", who, last_name=surname, email=surname, snapshot_date=day(number))
    assert lasting(desk, "users", days=days(1, 2)) == {}
