"""Each record is in exactly one half, and how many may be in the half that could not be read."""

from typing import Any

import pytest

from randomuser_assets_tests.graph.asking import Desk, bad_days, day, days

BALANCED = ("rejected_users", "raw_is_flattened_plus_rejected")
FEW = ("rejected_users", "few_records_are_rejected")
REASONS = ("rejected_users", "each_has_a_reason")
BY_NAME = "(snapshot_date, page, position)"


def divide(desk: Desk, number: int, records: int, rejected: int) -> None:
    """Give a day records, the last ones of which are rejected."""
    for at in range(1, records + 1):
        row = {"snapshot_date": day(number), "page": 1, "position": at}
        desk.put("raw_users", row)
        desk.put("rejected_users" if at > records - rejected else "flattened_users", row)


def of_places(*positions: int, page: int = 1, number: int = 1) -> list[dict[str, object]]:
    return [{"snapshot_date": day(number), "page": page, "position": at} for at in positions]


# How many are rejected


@pytest.mark.parametrize(
    ("rejected", "said"),
    [
        pytest.param(0, {}, id="none"),
        pytest.param(1, {day(1): "WARN"}, id="any"),
        pytest.param(2, {day(1): "ERROR"}, id="one in a hundred"),
        pytest.param(200, {day(1): "ERROR"}, id="all"),
    ],
)
def test_any_rejected_record_warns_and_one_in_a_hundred_is_an_error(
    desk: Desk, rejected: int, said: dict[str, str]
) -> None:
    divide(desk, 1, 200, rejected)
    verdict = desk.ask(*FEW, days=days(1))
    assert bad_days(verdict) == said
    assert verdict.by_day == {day(1): {"records": 200, "rejected_users": rejected}}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        pytest.param({"rejected_error": 0.3}, "WARN", id="an error from more on"),
        pytest.param({"rejected_error": 0.25}, "ERROR", id="exactly where errors begin"),
        pytest.param({"rejected_error": 1, "rejected_warn": 0.25}, None, id="exactly tolerated"),
        pytest.param({"rejected_error": 1, "rejected_warn": 0.2499}, "WARN", id="just too many"),
        pytest.param({"rejected_error": 0.1, "rejected_warn": 0.9}, "ERROR", id="only errors"),
    ],
)
def test_the_settings_say_how_many_are_a_warning_and_an_error(
    desk: Desk, settings: dict[str, Any], said: str | None
) -> None:
    divide(desk, 1, 8, 2)
    verdict = desk.ask(*FEW, days=days(1), **settings)
    assert verdict.passed is (said is None)
    assert said is None or verdict.severity.value == said


def test_without_a_tolerance_no_rejected_record_is_no_error(desk: Desk) -> None:
    divide(desk, 1, 8, 0)
    assert desk.ask(*FEW, days=days(1), rejected_error=0).passed


def test_one_bad_day_of_a_range_is_not_hidden_by_the_good_ones(desk: Desk) -> None:
    divide(desk, 1, 300, 0)
    divide(desk, 2, 10, 3)
    divide(desk, 3, 300, 1)
    verdict = desk.ask(*FEW, days=days(1, 3))
    assert bad_days(verdict) == {day(2): "ERROR", day(3): "WARN"}
    assert verdict.severity.value == "ERROR"
    assert bad_days(desk.ask(*FEW)) == bad_days(verdict)


def test_the_check_says_which_thresholds_it_has(desk: Desk) -> None:
    holds = desk.ask(*FEW, rejected_warn=0.02, rejected_error=0.125).check.holds
    assert "2 %" in holds
    assert "12.5 %" in holds


# Each in exactly one half


def test_records_in_exactly_one_half_are_balanced(desk: Desk) -> None:
    divide(desk, 1, 10, 4)
    divide(desk, 2, 5, 0)
    divide(desk, 3, 3, 3)
    assert desk.ask(*BALANCED, days=days(1, 3)).passed
    assert desk.ask(*BALANCED).passed


@pytest.mark.parametrize(
    ("spoilt", "figures"),
    [
        pytest.param(
            ["DELETE FROM staging.flattened_users WHERE position = 2"], (1, 0, 0), id="lost"
        ),
        pytest.param(
            ["DELETE FROM staging.rejected_users"], (2, 0, 0), id="all rejected ones lost"
        ),
        pytest.param(
            ["DELETE FROM raw.raw_users WHERE position = 2"], (0, 0, 1), id="from nowhere"
        ),
        pytest.param(
            [f"INSERT INTO staging.rejected_users {BY_NAME} VALUES ('{day(1)}', 1, 2)"],
            (0, 1, 0),
            id="in both",
        ),
        pytest.param(
            ["UPDATE staging.flattened_users SET position = 3 WHERE position = 2"],
            (1, 1, 0),
            id="one lost and another doubled",
        ),
        pytest.param(
            ["UPDATE staging.flattened_users SET page = 2 WHERE position = 2"],
            (1, 0, 1),
            id="one lost and another from nowhere",
        ),
        pytest.param(
            [f"UPDATE staging.flattened_users SET snapshot_date = '{day(2)}' WHERE position = 2"],
            (1, 0, 0),
            id="moved to another day",
        ),
    ],
)
def test_records_that_are_not_in_exactly_one_half_are_counted(
    desk: Desk, spoilt: list[str], figures: tuple[int, int, int]
) -> None:
    divide(desk, 1, 6, 2)
    for statement in spoilt:
        desk.change(statement)
    verdict = desk.ask(*BALANCED, days=days(1))
    assert bad_days(verdict) == {day(1): "ERROR"}
    assert tuple(verdict.by_day[day(1)].values()) == figures
    assert list(verdict.by_day[day(1)]) == ["lost", "in_both", "from_nowhere"]


def test_what_one_day_lost_another_does_not_make_up_for(desk: Desk) -> None:
    divide(desk, 1, 6, 2)
    divide(desk, 2, 6, 2)
    desk.change(f"UPDATE staging.flattened_users SET snapshot_date = '{day(2)}' WHERE position = 2")
    desk.change(f"DELETE FROM staging.rejected_users WHERE snapshot_date = '{day(2)}'")
    assert set(bad_days(desk.ask(*BALANCED, days=days(1, 2)))) == {day(1), day(2)}


def test_records_of_a_day_that_was_never_fetched_are_told_in_a_range_too(desk: Desk) -> None:
    divide(desk, 1, 3, 1)
    desk.put("rejected_users", *of_places(1, number=2))
    for asked in (None, days(2), days(1, 2)):
        assert set(bad_days(desk.ask(*BALANCED, days=asked))) == {day(2)}, asked


# Why


def test_a_rejected_record_without_a_reason_is_counted(desk: Desk) -> None:
    desk.put(
        "rejected_users",
        {"snapshot_date": day(1), "reasons": ["it is broken"]},
        {"snapshot_date": day(1), "reasons": []},
        {"snapshot_date": day(2), "reasons": None},
        {"snapshot_date": day(3), "reasons": ["it is broken", "in two ways"]},
    )
    verdict = desk.ask(*REASONS)
    assert bad_days(verdict) == {day(1): "ERROR", day(2): "ERROR"}
    assert verdict.by_day == {day(1): {"rows_affected": 1}, day(2): {"rows_affected": 1}}
