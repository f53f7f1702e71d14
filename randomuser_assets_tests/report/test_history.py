"""What the checks said last is what holds: what is open, what is over, what counts for a table."""

from datetime import timedelta

import pytest

from randomuser_assets.report.quality import Failure, State
from randomuser_assets_tests.report.warehouse import NOW, Warehouse, days_ago

YESTERDAY, TODAY = days_ago(1), days_ago(0)
CHECK = ("users", "key_is_unique")


def state(warehouse: Warehouse, table: str = "users") -> State:
    (found,) = [each for each in warehouse.quality().tables if each.asset == table]
    return found.checks.state


def only_failure(warehouse: Warehouse) -> Failure:
    (failure,) = warehouse.quality().failures.newest
    return failure


def test_a_failed_day_is_open_until_the_day_passes(warehouse: Warehouse) -> None:
    warehouse.said(*CHECK, TODAY)
    assert only_failure(warehouse).recovered_at is None
    assert state(warehouse) is State.ERROR
    recovered = warehouse.said(*CHECK, TODAY, passed=True)
    warehouse.said(*CHECK, TODAY, passed=True)
    assert only_failure(warehouse).recovered_at == recovered
    assert state(warehouse) is State.OK


def test_another_day_that_passes_recovers_nothing(warehouse: Warehouse) -> None:
    warehouse.said(*CHECK, YESTERDAY)
    warehouse.said(*CHECK, TODAY, passed=True)
    warehouse.said("users", "another_check", YESTERDAY, passed=True)
    warehouse.said("logins", CHECK[1], YESTERDAY, passed=True)
    assert only_failure(warehouse).recovered_at is None


def test_everything_at_once_that_passes_recovers_each_day(warehouse: Warehouse) -> None:
    warehouse.said(*CHECK, YESTERDAY)
    recovered = warehouse.said(*CHECK, passed=True)
    assert only_failure(warehouse).recovered_at == recovered


def test_everything_at_once_that_passed_before_recovers_nothing(warehouse: Warehouse) -> None:
    warehouse.said(*CHECK, passed=True)
    warehouse.said(*CHECK, YESTERDAY)
    assert only_failure(warehouse).recovered_at is None


def test_everything_at_once_that_fails_for_a_day_recovers_the_others(warehouse: Warehouse) -> None:
    warehouse.said(*CHECK, YESTERDAY)
    recovered = warehouse.said(*CHECK, failing=[TODAY])
    found = {each.partition: each.recovered_at for each in warehouse.quality().failures.newest}
    assert found == {TODAY: None, YESTERDAY: recovered}


def test_everything_at_once_that_fails_for_no_day_recovers_none(warehouse: Warehouse) -> None:
    warehouse.said(*CHECK, YESTERDAY)
    warehouse.said(*CHECK)
    found = {each.partition: each.recovered_at for each in warehouse.quality().failures.newest}
    assert found == {None: None, YESTERDAY: None}


@pytest.mark.parametrize("day", [None, TODAY])
def test_a_failure_of_no_day_is_over_when_a_later_one_says_otherwise(
    warehouse: Warehouse, day: str | None
) -> None:
    warehouse.said(*CHECK)
    assert state(warehouse) is State.ERROR
    recovered = warehouse.said(*CHECK, day, passed=True)
    assert only_failure(warehouse).recovered_at == recovered
    assert state(warehouse) is State.OK


def test_a_day_that_fails_again_is_one_failure_the_last(warehouse: Warehouse) -> None:
    warehouse.said(*CHECK, TODAY, run_id="first")
    warehouse.said(*CHECK, TODAY, passed=True)
    again = warehouse.said(*CHECK, TODAY, run_id="second")
    failure = only_failure(warehouse)
    assert (failure.evaluated_at, failure.run_id, failure.recovered_at) == (again, "second", None)


def test_what_was_asked_last_counts_in_whatever_order_it_was_stored(warehouse: Warehouse) -> None:
    earlier = warehouse.clock - timedelta(hours=1)
    warehouse.said(*CHECK, TODAY, passed=True)
    warehouse.said(*CHECK, TODAY, at=earlier)
    assert state(warehouse) is State.OK


def test_the_newest_failure_comes_first(warehouse: Warehouse) -> None:
    for check in ("b", "a", "c"):
        warehouse.said("users", check, TODAY)
    assert [each.check for each in warehouse.quality().failures.newest] == ["c", "a", "b"]


def test_a_warning_of_a_past_day_does_not_mark_the_table(warehouse: Warehouse) -> None:
    warehouse.said(*CHECK, YESTERDAY, severity="WARN")
    assert state(warehouse) is State.WARNING
    warehouse.said(*CHECK, TODAY, passed=True)
    assert state(warehouse) is State.OK
    assert only_failure(warehouse).recovered_at is None


def test_an_error_of_a_past_day_marks_the_table_while_the_day_is_shown(
    warehouse: Warehouse,
) -> None:
    warehouse.came(TODAY, 1)
    warehouse.said(*CHECK, TODAY, passed=True)
    warehouse.said("logins", CHECK[1], TODAY, passed=True)
    warehouse.said(*CHECK, days_ago(29))
    warehouse.said("logins", CHECK[1], days_ago(30))
    assert (state(warehouse), state(warehouse, "logins")) == (State.ERROR, State.OK)


def test_the_open_errors_are_those_of_days_that_are_shown(warehouse: Warehouse) -> None:
    warehouse.came(TODAY, 1)
    warehouse.said("users", "too_old", days_ago(30))
    warehouse.said("users", "old", days_ago(29))
    warehouse.said("users", "of_no_day")
    warehouse.said("users", "warns", TODAY, severity="WARN")
    warehouse.said("users", "is_over", TODAY)
    warehouse.said("users", "is_over", TODAY, passed=True)
    assert [each.check for each in warehouse.quality().open_errors] == ["of_no_day", "old"]


def test_an_error_of_the_newest_day_marks_the_table_however_old_the_day_is(
    warehouse: Warehouse,
) -> None:
    warehouse.came(TODAY, 1)
    warehouse.said(*CHECK, days_ago(300))
    assert state(warehouse) is State.ERROR


def test_the_checks_of_a_table_are_counted_by_their_state(warehouse: Warehouse) -> None:
    for number in range(3):
        warehouse.said("users", f"passes_{number}", TODAY, passed=True)
    for number in range(2):
        warehouse.said("users", f"warns_{number}", TODAY, severity="WARN")
    last = warehouse.said("users", "fails", TODAY)
    (users,) = [each for each in warehouse.quality().tables if each.asset == "users"]
    found = users.checks
    assert (found.passed, found.warned, found.failed, found.last_asked) == (3, 2, 1, last)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, State.UNCHECKED),
        ({"users": True}, State.UNCHECKED),
        ({"users": True, "warns": "WARN"}, State.WARNING),
        ({"users": True, "warns": "WARN", "fails": "ERROR"}, State.ERROR),
    ],
)
def test_the_verdict_is_the_worst_state_of_a_table(
    warehouse: Warehouse, said: dict[str, bool | str], expected: State
) -> None:
    for table, how in said.items():
        warehouse.said(table, "a_check", TODAY, passed=how is True, severity=str(how))
    assert warehouse.quality().state is expected


def test_the_verdict_is_ok_when_every_table_is(warehouse: Warehouse) -> None:
    for table in warehouse.quality().tables:
        warehouse.said(table.asset, "a_check", TODAY, passed=True)
    assert warehouse.quality().state is State.OK


def test_each_day_counts_its_checks_as_they_are_now(warehouse: Warehouse) -> None:
    warehouse.came(TODAY, 1)
    warehouse.said("users", "recovers", YESTERDAY)
    warehouse.said("users", "recovers", YESTERDAY, passed=True)
    warehouse.said("users", "warns", YESTERDAY, severity="WARN")
    warehouse.said("users", "fails", TODAY)
    warehouse.said("logins", "fails", TODAY, passed=True)
    warehouse.said("logins", "fails", passed=True)
    found = [
        (f"{day.day}", day.passed, day.warned, day.failed)
        for day in warehouse.quality().days_of_checks
    ]
    assert found == [(YESTERDAY, 1, 1, 0), (TODAY, 1, 0, 1)]


def test_what_has_checks_and_is_no_table_is_shown_too(warehouse: Warehouse) -> None:
    warehouse.said("csv/users", "a_check", TODAY)
    (other,) = [each for each in warehouse.quality().tables if each.asset == "csv/users"]
    assert other.checks.state is State.ERROR
    assert warehouse.quality().made_at == NOW
