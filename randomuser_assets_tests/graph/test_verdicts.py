"""What Dagster is told of a verdict, and what of it is kept, of one day, of many, of everything."""

import pytest

from randomuser_assets_tests.graph.asking import Desk, day, days

REPEATED = ("countries", "key_is_unique")
APPEARED = ("raw_users", "no_key_appeared")
CLEAN = ("countries", "column_names_are_clean")


def countries(desk: Desk, number: int, *codes: str) -> None:
    desk.put("raw_users", snapshot_date=day(number))
    for code in codes:
        desk.put("countries", snapshot_date=day(number), country_code=code)


def appeared(desk: Desk, number: int, path: str, found: str = "text") -> None:
    what = {"kind": "appeared", "path": path, "found": found, "records": 1, "example": ""}
    desk.put("shape_drift", what, snapshot_date=day(number))


def twice_on_the_second(desk: Desk) -> None:
    for number, codes in ((1, "ab"), (2, "aab"), (3, "ab")):
        countries(desk, number, *codes)


def test_a_verdict_on_one_day_is_kept_in_one_row(desk: Desk) -> None:
    twice_on_the_second(desk)
    for number, passed in ((1, True), (2, False)):
        twice = int(not passed)
        figures = {"repeated_values": twice, "rows_affected": 2 * twice}
        rows = desk.ask(*REPEATED, days=days(number)).rows()
        assert rows == [(day(number), "ERROR", passed, figures)]


def test_a_verdict_on_many_days_is_kept_in_a_row_of_each(desk: Desk) -> None:
    twice_on_the_second(desk)
    rows = desk.ask(*REPEATED, days=days(1, 3)).rows()
    assert [(kept, passed) for kept, _, passed, _ in rows] == [
        (day(1), True),
        (day(2), False),
        (day(3), True),
    ]


def test_a_verdict_on_everything_is_kept_in_a_row_without_a_day_and_one_of_each_bad_day(
    desk: Desk,
) -> None:
    twice_on_the_second(desk)
    figures = {"repeated_values": 1, "rows_affected": 2}
    assert desk.ask(*REPEATED).rows() == [
        (None, "ERROR", False, figures),
        (day(2), "ERROR", False, figures),
    ]


def test_what_is_not_of_a_day_is_kept_for_each_day_that_was_asked_about(desk: Desk) -> None:
    countries(desk, 1, "a")
    countries(desk, 2, "a")
    desk.change('ALTER TABLE core.countries ADD COLUMN "bad name" VARCHAR')
    told = {"names": "bad name"}
    rows = desk.ask(*CLEAN, days=days(1, 2)).rows()
    assert rows == [(day(number), "ERROR", False, told) for number in (1, 2)]
    assert desk.ask(*CLEAN).rows() == [(None, "ERROR", False, told)]


@pytest.mark.parametrize("name", ["key_is_unique", "column_names_are_clean", "nothing_is_lost"])
def test_a_verdict_on_days_of_which_nothing_is_stored_is_kept_too(desk: Desk, name: str) -> None:
    for asked in (days(1), days(1, 3), None):
        assert desk.ask("countries", name, days=asked).rows()


def test_a_good_verdict_says_that_nothing_was_found(desk: Desk) -> None:
    countries(desk, 1, "a")
    result = desk.ask(*REPEATED, days=days(1)).result()
    assert result.passed
    assert result.description == "Nothing wrong was found."
    assert {name: value.value for name, value in result.metadata.items()} == {
        "days": day(1),
        "failing_days": "",
        "repeated_values": 0,
        "rows_affected": 0,
    }


def test_a_bad_verdict_tells_the_sum_of_its_bad_days_and_what_to_do(desk: Desk) -> None:
    countries(desk, 1, *"aab")
    countries(desk, 2, *"ab")
    countries(desk, 3, *"aaabb")
    verdict = desk.ask(*REPEATED, days=days(1, 3))
    result = verdict.result()
    found = "repeated_values 3, rows_affected 7"
    assert result.description == f"{found}. {verdict.check.advice}"
    assert result.metadata["failing_days"].value == f"{day(1)}, {day(3)}"
    assert result.metadata["days"].value == f"{day(1)} to {day(3)}"


def test_different_texts_of_several_days_are_told_beside_each_other(desk: Desk) -> None:
    for number, found in enumerate(("text", "number", "text"), 1):
        appeared(desk, number, "score", found)
    told = str(desk.ask(*APPEARED).result().metadata["score"].value)
    assert sorted(told.split("; ")) == ["number in 1 record", "text in 1 record"]


def test_of_very_many_different_texts_some_are_told(desk: Desk) -> None:
    for number in range(1, 12):
        appeared(desk, number, "score", f"type {number:02}")
    told = str(desk.ask(*APPEARED).result().metadata["score"].value)
    assert told.endswith("; …")
    assert told.count("type") == 5


def test_a_text_that_says_nothing_is_told_as_none(desk: Desk) -> None:
    result = desk.ask(*CLEAN).result()
    assert result.passed
    assert result.metadata["names"].value == "none"


@pytest.mark.parametrize("name", ["days", "failing_days"])
def test_a_new_key_that_is_called_like_what_is_told_hides_nothing(desk: Desk, name: str) -> None:
    appeared(desk, 1, name)
    metadata = desk.ask(*APPEARED, days=days(1)).result().metadata
    assert metadata["days"].value == metadata["failing_days"].value == day(1)
    assert "text in 1 record" in {value.value for value in metadata.values()}
