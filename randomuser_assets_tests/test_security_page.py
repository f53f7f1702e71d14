"""SECURITY.md promises only what a test holds."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "SECURITY.md").read_text(encoding="utf-8")


def test_the_tests_that_it_names_are_there() -> None:
    named = re.findall(r"`([a-z_/]*test_[a-z_]+\.py)`", PAGE)
    assert len(named) >= 15
    assert [name for name in named if "def test_" not in (TESTS / name).read_text()] == []


def test_each_of_those_whom_it_holds_off_has_a_test() -> None:
    _, _, table = PAGE.partition("## Against whom")
    rows = [line for line in table.partition("\n## ")[0].splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 8
    assert [row for row in rows if "test_" not in row.rpartition(" | ")[2]] == []
