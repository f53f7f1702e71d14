"""A number is written with what it counts, one apart from all others."""

import pytest

from randomuser_assets.numbered import numbered


@pytest.mark.parametrize(
    ("number", "told"),
    [(0, "0 people"), (1, "1 person"), (2, "2 people"), (12_000, "12,000 people")],
)
def test_only_one_is_one(number: int, told: str) -> None:
    assert numbered(number, "person", "people") == told
