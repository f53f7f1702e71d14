"""The words of the page say no more and no less than the figures."""

import json
from typing import Any

import pytest

from randomuser_assets.report.words import share, summary, told_figures, verdict
from randomuser_assets_tests.report.warehouse import Warehouse, days_ago

TODAY = days_ago(0)


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ({"repeated_values": 2, "rows_affected": 1500}, "repeated values 2, rows affected 1,500"),
        ({"records": 0, "median": 500.25}, "records 0, median 500.2"),
        ({"a": 0, "b": 3, "c": 0, "d": 0, "e": 0}, "b 3"),
        ({"missing": "core.users", "names": ""}, "missing core.users, names none"),
        ({"share": 0.0125, "stops": True}, "share 0.0125, stops yes"),
        ({"days": ["2026-01-05"]}, 'days ["2026-01-05"]'),
        ({}, "none"),
    ],
)
def test_figures_are_told_in_words(figures: dict[str, Any], told: str) -> None:
    assert told_figures(json.dumps(figures)) == told


@pytest.mark.parametrize("text", ["", "[1]", "{", "null", '{"a": ' + "[" * 9000])
def test_figures_that_cannot_be_read_are_no_fault(text: str) -> None:
    assert told_figures(text).startswith("cannot be read")


def test_figures_that_are_missing_are_no_fault() -> None:
    assert told_figures(None) == "not told, or too much to show"


def test_many_and_long_figures_are_cut() -> None:
    told = told_figures(json.dumps({f"name_{at}": "x" * 500 for at in range(30)}))
    assert len(told) <= 400
    assert told_figures(json.dumps({f"n{at}": 1 for at in range(10)})).endswith("and 2 more")


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        (0, 10, "0%"),
        (10, 10, "100%"),
        (1, 3, "33.3%"),
        (1, 5000, "<0.1%"),
        (4999, 5000, ">99.9%"),
        (999, 1000, "99.9%"),
        (1, 1000, "0.1%"),
    ],
)
def test_only_nothing_is_none_and_only_everything_is_all(part: int, whole: int, told: str) -> None:
    assert share(part, whole) == told


@pytest.mark.parametrize(
    ("passes", "warns", "fails", "told"),
    [
        (0, 0, 0, "Nothing has been checked yet."),
        (1, 0, 0, "The one check passes."),
        (3, 0, 0, "All 3 checks pass."),
        (2, 1, 0, "1 of 3 checks warns."),
        (2, 0, 2, "2 of 4 checks fail."),
        (2, 3, 1, "1 of 6 checks fails, 3 warn."),
        (0, 0, 1, "1 of 1 check fails."),
    ],
)
def test_the_verdict_counts(
    warehouse: Warehouse, passes: int, warns: int, fails: int, told: str
) -> None:
    for number in range(passes + warns + fails):
        severity = "WARN" if number >= passes + fails else "ERROR"
        warehouse.said("users", f"c{number}", TODAY, passed=number < passes, severity=severity)
    said = verdict(warehouse.quality())
    assert said.removesuffix(" 9 tables have not been checked.") == told


def test_the_verdict_names_what_was_not_checked(warehouse: Warehouse) -> None:
    warehouse.said("users", "a_check", TODAY, passed=True)
    assert verdict(warehouse.quality()).endswith("9 tables have not been checked.")
    for table in warehouse.quality().tables[1:]:
        warehouse.said(table.asset, "a_check", TODAY, passed=True)
    warehouse.said("raw_users", "a_check", TODAY, passed=True)
    assert verdict(warehouse.quality()) == "All 10 checks pass."


def test_the_summary_names_what_is_open(warehouse: Warehouse) -> None:
    warehouse.said("users", "is_over", TODAY)
    warehouse.said("users", "is_over", TODAY, passed=True)
    warehouse.said("users", "is_open", TODAY)
    warehouse.said("raw_users", "warns", severity="WARN")
    first, _, *lines = summary(warehouse.quality()).splitlines()
    assert first.startswith("**1 of 3 checks fails, 1 warns.")
    assert lines == [
        "- warning: `raw_users: warns` (`all days`)",
        f"- error: `users: is_open` (`{TODAY}`)",
    ]


def test_the_summary_stays_short(warehouse: Warehouse) -> None:
    for number in range(25):
        warehouse.said("users", f"fails_{number}", TODAY)
    assert summary(warehouse.quality()).splitlines()[-1] == "- and 15 more"
