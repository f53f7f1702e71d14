"""As many came as were asked for, as many as usual, and what was odd about their shape."""

from typing import Any

import pytest

from randomuser_assets_tests.graph.asking import Desk, bad_days, day, days

ASKED = ("raw_users", "as_many_came_as_were_asked_for")
USUAL = ("raw_users", "volume_is_usual")
APPEARED = ("raw_users", "no_key_appeared")


def fetch(desk: Desk, number: int, *pages: int) -> None:
    """Let pages come as they were asked for."""
    for page, results in enumerate(pages, 1):
        place = {"snapshot_date": day(number), "page": page}
        desk.put("requests", place, results=results)
        desk.put("raw_users", *({"position": at + 1} for at in range(results)), **place)


def volumes(desk: Desk, counts: dict[int, int]) -> None:
    """Give each of these days as many records."""
    for number, records in counts.items():
        days_of_records = f"SELECT '{day(number)}' FROM range({records})"
        desk.change(f"INSERT INTO raw.raw_users (snapshot_date) {days_of_records}")


# As many as were asked for


def test_pages_with_what_was_asked_for_are_right(desk: Desk) -> None:
    fetch(desk, 1, 3, 3, 1)
    fetch(desk, 2, 3)
    verdict = desk.ask(*ASKED, days=days(1, 2))
    assert verdict.passed
    assert verdict.by_day == {
        day(1): {"asked": 7, "came": 7, "pages_that_differ": 0},
        day(2): {"asked": 3, "came": 3, "pages_that_differ": 0},
    }


@pytest.mark.parametrize(
    ("spoilt", "figures"),
    [
        pytest.param(
            "DELETE FROM raw.raw_users WHERE page = 2 AND position = 1", (7, 6, 1), id="-1"
        ),
        pytest.param("DELETE FROM raw.raw_users WHERE page = 2", (7, 4, 1), id="a page less"),
        pytest.param(
            f"INSERT INTO raw.raw_users (snapshot_date, page, position) VALUES ('{day(1)}', 3, 2)",
            (7, 8, 1),
            id="+1",
        ),
        pytest.param(
            f"INSERT INTO raw.raw_users (snapshot_date, page, position) VALUES ('{day(1)}', 4, 1)",
            (7, 8, 1),
            id="a page more",
        ),
        pytest.param(
            "UPDATE raw.raw_users SET page = 1 WHERE page = 2 AND position = 1",
            (7, 7, 2),
            id="a record on another page",
        ),
        pytest.param(
            "UPDATE raw.raw_users SET page = 9 WHERE page = 2", (7, 7, 2), id="moved page"
        ),
        pytest.param("DELETE FROM raw.raw_users", (7, 0, 3), id="nothing"),
        pytest.param("DELETE FROM quality.requests", (0, 7, 3), id="nobody asked"),
    ],
)
def test_pages_that_differ_from_what_was_asked_are_counted(
    desk: Desk, spoilt: str, figures: tuple[int, int, int]
) -> None:
    fetch(desk, 1, 3, 3, 1)
    desk.change(spoilt)
    verdict = desk.ask(*ASKED, days=days(1))
    assert bad_days(verdict) == {day(1): "ERROR"}
    assert tuple(verdict.by_day[day(1)].values()) == figures


def test_a_day_of_which_nothing_is_known_did_not_come(desk: Desk) -> None:
    fetch(desk, 1, 3)
    assert bad_days(desk.ask(*ASKED, days=days(2))) == {day(2): "ERROR"}
    assert desk.ask(*ASKED, days=days(1)).passed


def test_only_the_day_that_differs_is_told(desk: Desk) -> None:
    for number in (1, 2, 3):
        fetch(desk, number, 2, 2)
    desk.change(f"DELETE FROM raw.raw_users WHERE snapshot_date = '{day(2)}' AND page = 1")
    for asked in (days(1, 3), None):
        assert bad_days(desk.ask(*ASKED, days=asked)) == {day(2): "ERROR"}


# As many as usual


@pytest.mark.parametrize("records", [0, 1, 1000])
def test_of_the_first_three_days_nothing_is_unusual(desk: Desk, records: int) -> None:
    volumes(desk, {1: 10, 2: 10, 3: records})
    assert desk.ask(*USUAL, days=days(1, 3)).passed
    assert desk.ask(*USUAL).passed


@pytest.mark.parametrize(
    ("records", "unusual"), [(49, True), (50, False), (100, False), (150, False), (151, True)]
)
def test_a_day_is_compared_with_the_median_of_those_before(
    desk: Desk, records: int, unusual: bool
) -> None:
    volumes(desk, {1: 5, 2: 100, 3: 4000, 4: records, 5: 100, 6: 100})
    verdict = desk.ask(*USUAL, days=days(4))
    assert bad_days(verdict) == ({day(4): "WARN"} if unusual else {})
    assert verdict.by_day == {day(4): {"records": records, "usual": 100}}


@pytest.mark.parametrize(
    ("tolerated", "unusual"), [(0.2, True), (0.25, False), (1.5, False), (0.0001, True)]
)
def test_the_settings_say_what_is_tolerated(desk: Desk, tolerated: float, unusual: bool) -> None:
    volumes(desk, {1: 100, 2: 100, 3: 100, 4: 125})
    verdict = desk.ask(*USUAL, days=days(4), volume_change=tolerated)
    assert verdict.passed is not unusual


def test_days_that_are_long_past_are_not_compared_with(desk: Desk) -> None:
    volumes(desk, {1: 9, 2: 9, 3: 9, 17: 100})
    assert desk.ask(*USUAL, days=days(17)).by_day[day(17)]["usual"] == 0
    assert not desk.ask(*USUAL, days=days(17)).bad
    volumes(desk, {15: 9, 16: 9})
    assert bad_days(desk.ask(*USUAL, days=days(17))) == {day(17): "WARN"}


def test_days_of_a_range_are_compared_with_each_other(desk: Desk) -> None:
    volumes(desk, {1: 10, 2: 10, 3: 10, 4: 30, 5: 10, 6: 10})
    for asked in (days(1, 6), days(4, 6), None):
        assert bad_days(desk.ask(*USUAL, days=asked)) == {day(4): "WARN"}
    assert desk.ask(*USUAL, days=days(5, 6)).passed


# How records are shaped


def drift(desk: Desk, number: int, path: str, records: int, **what: Any) -> None:
    row = {"kind": "appeared", "found": "text", "example": "", **what}
    desk.put("shape_drift", row, snapshot_date=day(number), path=path, records=records)


def test_each_kind_of_drift_is_told_by_its_own_check(desk: Desk) -> None:
    checks = {
        "appeared": "no_key_appeared",
        "vanished": "no_key_vanished",
        "renamed": "no_key_was_renamed",
        "retyped": "no_json_type_changed",
    }
    for number, kind in enumerate(checks, 1):
        drift(desk, number, f"a.{kind}", 1, kind=kind)
    for number, (kind, name) in enumerate(checks.items(), 1):
        for asked in (None, days(1, 4), days(number)):
            verdict = desk.ask("raw_users", name, days=asked)
            assert bad_days(verdict) == {day(number): "WARN"}
            assert list(verdict.by_day[day(number)]) == [f"a.{kind}"]


def test_drift_is_told_path_by_path_with_records_and_an_example(desk: Desk) -> None:
    drift(desk, 1, "location.planet", 7, example="a text of 5 characters")
    drift(desk, 1, "score", 3, found="number", example="a number")
    figures = desk.ask(*APPEARED, days=days(1)).by_day[day(1)]
    assert figures == {
        "location.planet": "text in 7 records (a text of 5 characters)",
        "score": "number in 3 records (a number)",
    }


def test_one_path_with_several_findings_is_told_with_all_of_them(desk: Desk) -> None:
    drift(desk, 1, "score", 5, found="text")
    drift(desk, 1, "score", 3, found="number")
    told = str(desk.ask(*APPEARED, days=days(1)).by_day[day(1)]["score"])
    assert "text in 5 records" in told
    assert "number in 3 records" in told


def test_of_very_many_paths_those_with_the_most_records_are_told(desk: Desk) -> None:
    for number in range(50):
        drift(desk, 1, f"key{number}", 1 + number)
    figures = dict(desk.ask(*APPEARED, days=days(1)).by_day[day(1)])
    more = figures.pop("(more)")
    assert set(figures) == {f"key{number}" for number in range(50 - len(figures), 50)}
    assert len(figures) + int(more) == 50
    assert len(figures) < 50


@pytest.mark.parametrize(
    ("new_keys", "said"),
    [("warn", "WARN"), ("freeze", "ERROR"), ("evolve", None), ("discard", None)],
)
def test_the_settings_say_what_a_new_key_does(desk: Desk, new_keys: str, said: str | None) -> None:
    drift(desk, 1, "score", 3)
    verdict = desk.ask(*APPEARED, days=days(1), new_keys=new_keys)
    assert bad_days(verdict) == ({day(1): said} if said else {})
    assert verdict.check.spec.blocking is (new_keys == "freeze")
    assert verdict.by_day == {day(1): {"score": "text in 3 records"}}
    assert f"={new_keys}" in verdict.check.holds


@pytest.mark.parametrize("name", ["no_key_vanished", "no_key_was_renamed", "no_json_type_changed"])
@pytest.mark.parametrize("new_keys", ["warn", "freeze", "evolve", "discard"])
def test_what_new_keys_do_other_drift_does_not(desk: Desk, new_keys: str, name: str) -> None:
    verdict = desk.ask("raw_users", name, new_keys=new_keys)
    assert not verdict.check.spec.blocking
