"""Differences of many records are counted, each in how many records, and found at little cost.

Here belongs what adds up over a page. Not here: which differences a record has (`test_shape`), and
how pages add up to a day (`test_spool_beside`).
"""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from randomuser_assets.model import MODEL
from randomuser_assets.source.door import Door
from randomuser_assets.source.page import PageRequest, read_page
from randomuser_assets.source.shape import OTHERS, Difference, Drift, Shape
from randomuser_assets_tests.query.records import MISSING, Token, written
from randomuser_assets_tests.source.scripted_server import (
    ScriptedServer,
    cut_by_length,
    page_with,
    reply,
)
from randomuser_assets_tests.source.wire import DOOR, page, record

MOST = 200
"""Different findings of a page that are kept apart."""


def drift_of(records: Iterable[bytes], door: Door = DOOR) -> dict[tuple[str, str, str], int]:
    """Read a page with these records; say what was found, and in how many."""
    drift, written_ = Drift(), list(records)
    read_page(page(written_, len(written_)), PageRequest("day", 1, len(written_)), door, drift)
    return counts(drift)


def counts(drift: Drift) -> dict[tuple[str, str, str], int]:
    return {(d.kind, d.path, d.found): n for d, n in drift.found.items()}


# Counting


def test_records_as_declared_make_no_drift() -> None:
    assert drift_of([written(), record(), written({"id.value": None})]) == {}


def test_each_difference_is_counted_by_record() -> None:
    found = drift_of(
        [
            written({"new": "x"}),
            written(),
            written({"new": "other"}),
            written({"new": 5, "gender": None}),
            written({"nat": MISSING, "nationality": "GB", "new": "x"}),
            written({"nat": MISSING, "nationality": "GB"}),
            b"5",
            written({"new": Token("tru")}),
        ]
    )
    assert found == {
        ("appeared", "new", "text"): 3,
        ("appeared", "new", "number"): 1,
        ("retyped", "gender", "null"): 1,
        ("vanished", "nat", "nothing"): 1,
        ("appeared", "nationality", "text"): 1,
        ("renamed", "nat", "nationality"): 1,
        ("retyped", "(record)", "number"): 1,
    }


def test_a_record_counts_once_however_often_it_differs_in_one_way() -> None:
    twice = written({"a b": 1, "c d": 1, "e f": 2})
    assert drift_of([twice, twice]) == {("appeared", "(no name)", "number"): 2}


def test_the_first_example_is_kept_and_makes_no_difference_of_its_own() -> None:
    drift = Drift()
    for value in ("abc", "abcdef"):
        DOOR.admit(written({"new": value}), drift)
    ((found, number),) = drift.found.items()
    assert (found.example, number) == ("of 3 characters", 2)


def test_who_does_not_ask_for_drift_gets_the_same_record() -> None:
    for text in (written(), written({"new": 1}), b"5", b"{"):
        assert DOOR.admit(text) == DOOR.admit(text, Drift())


# Beyond all measure


def test_what_is_beyond_all_measure_is_counted_together() -> None:
    found = drift_of(written({f"new{number}": 1}) for number in range(MOST + 50))
    assert len(found) == MOST + 1
    assert found[("appeared", OTHERS, "")] == 50
    assert sum(found.values()) == MOST + 50


def test_what_is_known_is_counted_however_much_else_there_is() -> None:
    first, many = written({"known": 1}), [written({f"n{n}": 1}) for n in range(MOST + 9)]
    found = drift_of([first, *many, first, first, written({"gender": 5}), written({"nat": None})])
    assert found[("appeared", "known", "number")] == 3
    assert found[("appeared", OTHERS, "")] == 10
    assert found[("retyped", OTHERS, "")] == 2
    assert len(found) == MOST + 2


def test_a_record_that_is_beyond_all_measure_in_many_ways_counts_once() -> None:
    full = written({f"new{number}": 1 for number in range(MOST)})
    others = written({"a": 1, "b": "x", "c": None, "name.d": 1, "gender": 5, "dob.age": "30"})
    found = drift_of([full, others, others])
    assert {key: number for key, number in found.items() if key[1] == OTHERS} == {
        ("appeared", OTHERS, ""): 2,
        ("retyped", OTHERS, ""): 2,
    }


def test_a_page_of_any_keys_has_a_bounded_drift() -> None:
    many = {f"new{number}": number for number in range(3000)}
    found = drift_of([written(many), written({"dob.new": 1, "nat": MISSING})])
    assert len(found) <= MOST + 4
    assert found[("vanished", OTHERS, "")] == 1


# By page


def test_a_page_brings_the_drift_of_its_records() -> None:
    people = [json.loads(written({"new": n})) for n in range(2)] + [json.loads(written())]
    with ScriptedServer(otherwise=reply(page_with(results_are=people))) as server:
        client = server.client()
        first = client.page(PageRequest("day", 1, 3))
        second = client.page(PageRequest("day", 2, 3))
    for came in (first, second):
        assert counts(came.drift) == {("appeared", "new", "number"): 2}


@pytest.mark.usefixtures("quick_waits")
def test_a_try_that_came_to_nothing_adds_no_drift() -> None:
    people = [json.loads(written({"new": n})) for n in range(3)]
    answer = reply(page_with(results_are=people))
    busy = reply(b'{"error": "Whoa, ease up there cowboy."}', "429 Too Many Requests")
    with ScriptedServer({1: [cut_by_length, busy, answer]}) as server:
        came = server.client().page(PageRequest("day", 1, 3))
        assert server.pages_asked == [1, 1, 1]
    assert counts(came.drift) == {("appeared", "new", "number"): 3}


# At what cost


class CountingShape(Shape):
    """A shape that counts how often it looks exactly."""

    looks = 0
    questions = 0

    def exactly(self, record: Any) -> tuple[Difference, ...]:
        """Count the question, and answer it."""
        self.questions += 1
        return super().exactly(record)

    def _look(self, value: object) -> Any:
        self.looks += 1
        return super()._look(value)


@pytest.mark.parametrize("discards", [False, True])
def test_only_records_that_differ_are_looked_at_member_by_member(discards: bool) -> None:
    door = Door(MODEL, b"k", discards=discards)
    shape = door._shape = CountingShape(MODEL)
    same = [written({"email": f"{n}@example.com"}) for n in range(500)]
    different = [written({"new": 1}), written({"nat": MISSING}), written({"gender": 5}), b"5"]
    drift_of([*same, *different], door)
    assert (shape.questions, shape.looks) == (4, 4)


@pytest.mark.parametrize(
    "text",
    [
        written(),
        written({"location.postcode": 12345, "id.value": None}),
        json.dumps(json.loads(written()), indent=1).encode(),
        written({"gender": "nonsense", "dob.date": "yesterday", "nat": ""}),
    ],
    ids=["usual", "variant", "spread", "broken rules"],
)
def test_a_value_that_is_only_wrong_costs_no_exact_look(text: bytes) -> None:
    shape = CountingShape(MODEL)
    assert shape.differences(text) is None
    assert shape.looks == 0


def test_a_record_that_no_reader_takes_is_not_looked_at() -> None:
    shape = CountingShape(MODEL)
    assert shape.differences(b"{") == ()
    assert shape.looks == 0
