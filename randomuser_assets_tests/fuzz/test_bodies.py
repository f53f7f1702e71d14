"""Whatever a server sends, no run dies of it, no record is lost, and no secret is let out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from randomuser_assets_tests.fuzz.batches import drawn, send_all
from randomuser_assets_tests.fuzz.bodies import Body
from randomuser_assets_tests.fuzz.long import FOUND
from randomuser_assets_tests.fuzz.way import Way, opened_way


@pytest.fixture(scope="module")
def way() -> Iterator[Way]:
    with opened_way() as made:
        yield made


@pytest.mark.parametrize("discards", [False, True])
def test_any_answer_is_stored_or_refused_for_a_reason(way: Way, discards: bool) -> None:
    send_all(way, drawn(number=2 if discards else 1, count=120), discards=discards)


@pytest.mark.parametrize("discards", [False, True])
@pytest.mark.parametrize("file", sorted(FOUND.glob("*.body")), ids=lambda file: file.stem)
def test_what_was_found_once_is_found_no_more(way: Way, file: Path, discards: bool) -> None:
    way.send([Body.from_file(file.read_bytes())], discards=discards)
